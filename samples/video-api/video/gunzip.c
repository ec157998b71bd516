#include "gunzip.h"

#include "text_out.h"

#include <limits.h>
#include <zlib.h>

#define GZIP_ONLY 16 /* added to windowBits, zlib.h */

bool gunzip_is_gzip(struct shared_slice bytes)
{
    return bytes.size_bytes >= 2 && (unsigned char)bytes.data[0] == 0x1f &&
           (unsigned char)bytes.data[1] == 0x8b;
}

/* zlib's memory comes from the arena too, so that no return has anything to give back. */
static void *take(void *arena, unsigned count, unsigned size)
{
    return shared_arena_alloc(arena, (size_t)count * size);
}

static void give_back(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static int inflate_all(z_stream *stream, struct text_out *out, size_t limit_bytes, struct shared_error *err)
{
    unsigned char chunk[16384];
    for (;;) {
        stream->next_out = chunk;
        stream->avail_out = sizeof(chunk);
        int code = inflate(stream, Z_NO_FLUSH);
        size_t made = sizeof(chunk) - stream->avail_out;
        if (made > limit_bytes - out->size_bytes)
            return shared_fail(err, SHARED_ETOOBIG, 0, "gzip: makes more than %zu bytes", limit_bytes);
        text_out_append(out, chunk, made);
        if (code == Z_MEM_ERROR || out->failed)
            return shared_fail(err, SHARED_ENOMEM, 0, "gzip: no memory to inflate");
        if (code == Z_STREAM_END && !stream->avail_in)
            return 0;
        /* Members may follow one another, RFC 1952 section 2.2. */
        if (code == Z_STREAM_END)
            code = inflateReset(stream);
        if (code != Z_OK)
            return shared_fail(err, SHARED_EPROTO, 0, "gzip: %s",
                               stream->msg ? stream->msg : "the data is cut off");
    }
}

int gunzip(struct shared_slice gzip, size_t limit_bytes, struct shared_arena *arena,
           struct shared_slice *plain, struct shared_error *err)
{
    struct text_out out = {.arena = arena};
    z_stream stream = {.zalloc = take, .zfree = give_back, .opaque = arena};
    if (gzip.size_bytes > UINT_MAX)
        return shared_fail(err, SHARED_ETOOBIG, 0, "gzip: more than %u bytes", UINT_MAX);
    if (inflateInit2(&stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
        return shared_fail(err, SHARED_ENOMEM, 0, "gzip: no memory to inflate");
    stream.next_in = (z_const Bytef *)gzip.data;
    stream.avail_in = (unsigned)gzip.size_bytes;
    int code = inflate_all(&stream, &out, limit_bytes, err);
    if (code == 0)
        *plain = text_out_slice(&out);
    return code;
}
