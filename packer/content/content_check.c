#include "content/content_check.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define AT_ONCE_BYTES ((size_t)64 << 10)

struct content_checker {
    z_stream inflate;
    struct libdeflate_decompressor *fast;
    unsigned char bytes[AT_ONCE_BYTES];
};

struct content_checker *content_checker_make(void)
{
    struct content_checker *checker = calloc(1, sizeof(*checker));
    if (checker)
        checker->fast = libdeflate_alloc_decompressor();
    if (checker && checker->fast && inflateInit2(&checker->inflate, -MAX_WBITS) == Z_OK)
        return checker;
    if (checker && checker->fast)
        libdeflate_free_decompressor(checker->fast);
    free(checker);
    return NULL;
}

void content_checker_free(struct content_checker *checker)
{
    if (!checker)
        return;
    inflateEnd(&checker->inflate);
    libdeflate_free_decompressor(checker->fast);
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

bool content_check_fast(struct content_checker *checker, struct shared_slice stream,
                        struct shared_slice content, char *room)
{
    size_t taken, made;
    return libdeflate_deflate_decompress_ex(checker->fast, stream.data, stream.size_bytes, room,
                                            content.size_bytes, &taken, &made) == LIBDEFLATE_SUCCESS &&
           taken == stream.size_bytes && made == content.size_bytes && memcmp(room, content.data, made) == 0;
}

/*
 * A stream that ends in its last block cannot be followed by another: the bit that says so is cleared, and an empty stored
 * block (RFC 1951, 3.2.4), which fills the last byte, brings what follows to the beginning of a byte.
 */
size_t content_open_end(char *stream, const struct content_bits *bits)
{
    static const char empty_block[] = {0, 0, (char)0xFF, (char)0xFF};
    stream[bits->last_block / 8] &= (char)~(1u << bits->last_block % 8);
    size_t size = (size_t)((bits->end + 3 + 7) / 8), used = (size_t)((bits->end + 7) / 8);
    if (bits->end % 8)
        stream[used - 1] &= (char)((1u << bits->end % 8) - 1);
    memset(stream + used, 0, size - used);
    memcpy(stream + size, empty_block, sizeof(empty_block));
    return size + sizeof(empty_block);
}
