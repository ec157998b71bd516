#include "apigw/apigw_add_headers.h"
#include "apigw/apigw_encoding.h"

#include <shared/apigw_compress.h>

#include <limits.h>
#include <zlib.h>

/* zlib's choices but for the first: 16 more than the window makes it gzip. */
#define WINDOW_BITS (15 + 16)
#define MEMORY_LEVEL 8

static voidpf allocate(voidpf arena, uInt count, uInt size_bytes)
{
    return shared_arena_alloc(arena, (size_t)count * size_bytes);
}

static void leave_to_arena(voidpf arena, voidpf memory)
{
    (void)arena, (void)memory;
}

static bool is_named(const struct shared_apigw_pair *header, const char *name)
{
    return shared_slice_equal_ignore_case(shared_slice_from_text(header->name), shared_slice_from_text(name));
}

/* RFC 9110, section 7.7, says what a transformation would break. */
static bool forbids(const struct shared_apigw_pair *header)
{
    static const char names[][17] = {"Content-Encoding", "Content-Range", "Content-MD5",
                                     "Content-Digest",   "Repr-Digest",   "Digest"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_named(header, names[i]))
            return true;
    if (!is_named(header, "Cache-Control"))
        return false;
    struct shared_slice rest = shared_slice_from_text(header->value);
    while (rest.data)
        if (shared_slice_equal_ignore_case(shared_slice_trim(shared_slice_split(&rest, ',')),
                                           shared_slice_from_text("no-transform")))
            return true;
    return false;
}

static bool is_eligible(const struct shared_apigw_response *response, size_t least_bytes)
{
    const char *type = shared_apigw_response_header(response, "Content-Type");
    if (!type)
        type = response->content_type ? response->content_type : "application/json";
    size_t least = least_bytes ? least_bytes : SHARED_APIGW_COMPRESS_LEAST_BYTES;
    if (response->body.size_bytes < least || response->body.size_bytes > UINT_MAX ||
        response->status == 206 || !shared_apigw_is_text(type))
        return false;
    for (size_t i = 0; i < response->headers.count; i++)
        if (forbids(&response->headers.items[i]))
            return false;
    return true;
}

/* Deflates into room_bytes. Returns the size of what came out, 0 where that is too little room or memory is
 * exhausted, which *exhausted says. */
static size_t deflate_into(char *room, size_t room_bytes, struct shared_slice body,
                           struct shared_arena *arena, bool *exhausted)
{
    gz_header header = {.os = 255}; /* unknown, wherever it was made; no time */
    z_stream stream = {.zalloc = allocate, .zfree = leave_to_arena, .opaque = arena};
    *exhausted = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                              Z_DEFAULT_STRATEGY) != Z_OK;
    if (*exhausted)
        return 0;
    deflateSetHeader(&stream, &header);
    stream.next_in = (z_const Bytef *)body.data;
    stream.avail_in = (uInt)body.size_bytes;
    stream.next_out = (Bytef *)room;
    stream.avail_out = (uInt)room_bytes;
    int code = deflate(&stream, Z_FINISH);
    size_t size = code == Z_STREAM_END ? stream.total_out : 0;
    deflateEnd(&stream);
    return size;
}

/* RFC 9110, section 8.8.3.3: a strong entity tag tells codings apart. */
static bool weaken(struct shared_apigw_pair *header, struct shared_arena *arena)
{
    if (!is_named(header, "ETag") || !header->value || header->value[0] != '"')
        return true;
    header->value = shared_arena_format(arena, "W/%s", header->value);
    return header->value != NULL;
}

static bool mark_encoded(struct shared_apigw_response *response, struct shared_apigw_pair *headers,
                         struct shared_arena *arena)
{
    size_t count = response->headers.count;
    response->headers.count = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_named(&headers[i], "Content-Length"))
            continue;
        if (!weaken(&headers[i], arena))
            return false;
        headers[response->headers.count++] = headers[i];
    }
    headers[response->headers.count++] = (struct shared_apigw_pair){"Content-Encoding", "gzip"};
    return true;
}

static int compress_body(struct shared_apigw_response *response, struct shared_apigw_pair *headers,
                         struct shared_arena *arena, struct shared_error *err)
{
    bool exhausted = true;
    size_t room_bytes = (response->body.size_bytes - 1) / 4 * 3; /* base64 of it is smaller than the body */
    char *room = shared_arena_alloc(arena, room_bytes);
    size_t size = room ? deflate_into(room, room_bytes, response->body, arena, &exhausted) : 0;
    if (exhausted || (size > 0 && !mark_encoded(response, headers, arena)))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compress a body of %zu bytes",
                           response->body.size_bytes);
    if (size == 0)
        return 0;
    if (!response->content_type)
        response->content_type = "application/json"; /* as it would be with the body */
    response->body = shared_slice_of(room, size);
    return 0;
}

int shared_apigw_compress(const struct shared_apigw_request *request, struct shared_apigw_response *response,
                          size_t least_bytes, struct shared_error *err)
{
    if (request->source == SHARED_APIGW_MAPPED || !is_eligible(response, least_bytes))
        return 0;
    struct shared_apigw_pair *headers = shared_apigw_headers_grow(response, 2, request->arena);
    if (!headers || !shared_apigw_vary_add(response, headers, "Accept-Encoding", request->arena))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the headers of a response");
    return shared_apigw_accepts_gzip(request) ? compress_body(response, headers, request->arena, err) : 0;
}
