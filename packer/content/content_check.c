#include "content/content_check.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define AT_ONCE_BYTES ((size_t)64 << 10)

struct content_checker {
    z_stream inflate;
    unsigned char bytes[AT_ONCE_BYTES];
};

struct content_checker *content_checker_make(void)
{
    struct content_checker *checker = calloc(1, sizeof(*checker));
    if (checker && inflateInit2(&checker->inflate, -MAX_WBITS) != Z_OK) {
        free(checker);
        return NULL;
    }
    return checker;
}

void content_checker_free(struct content_checker *checker)
{
    if (!checker)
        return;
    inflateEnd(&checker->inflate);
    free(checker);
}

/* data_type of zlib.h, at inflate(): 128 at the end of a block, 64 in the last one, and bits not used yet. */
static void note_block(const z_stream *inflate, uint64_t taken_bytes, struct content_bits *bits)
{
    uint64_t at = 8 * taken_bytes - (unsigned)(inflate->data_type & 63);
    if (!(inflate->data_type & 128))
        return;
    if (inflate->data_type & 64)
        bits->end = at;
    else
        bits->last_block = at;
}

bool content_check(struct content_checker *checker, struct shared_slice stream, struct shared_slice content,
                   struct content_bits *bits)
{
    z_stream *inflate_state = &checker->inflate;
    struct content_bits ignored;
    int status = inflateReset(inflate_state);
    size_t done = 0;
    if (!bits)
        bits = &ignored;
    *bits = (struct content_bits){0, 0};
    /* A stream is of one piece at most, or of a small file: both sizes are far below what avail_in holds. */
    inflate_state->next_in = (unsigned char *)(uintptr_t)stream.data;
    inflate_state->avail_in = (unsigned)stream.size_bytes;
    while (status == Z_OK) {
        inflate_state->next_out = checker->bytes;
        inflate_state->avail_out = AT_ONCE_BYTES;
        status = inflate(inflate_state, bits == &ignored ? Z_NO_FLUSH : Z_BLOCK);
        size_t size = AT_ONCE_BYTES - inflate_state->avail_out;
        if (size > content.size_bytes - done || memcmp(checker->bytes, content.data + done, size) != 0)
            return false;
        done += size;
        note_block(inflate_state, stream.size_bytes - inflate_state->avail_in, bits);
    }
    return status == Z_STREAM_END && done == content.size_bytes && inflate_state->avail_in == 0;
}
