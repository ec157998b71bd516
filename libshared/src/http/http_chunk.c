#include "http/http_chunk.h"

#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Seven digits, 256 MiB, are more than any event has; with more the number could overflow. */
static enum shared_http_chunk_state read_size(struct shared_http_chunk *chunk, char c)
{
    int digit = hex_value(c);
    if (digit >= 0 && chunk->digits++ < 7) {
        chunk->remaining_bytes = chunk->remaining_bytes * 16 + (size_t)digit;
        return SHARED_CHUNK_SIZE;
    }
    if (digit >= 0 || chunk->digits == 0)
        return SHARED_CHUNK_MALFORMED;
    if (c == '\n')
        return chunk->remaining_bytes ? SHARED_CHUNK_DATA : SHARED_CHUNK_TRAILER;
    return c == ';' || c == '\r' || c == ' ' || c == '\t' ? SHARED_CHUNK_EXTENSION : SHARED_CHUNK_MALFORMED;
}

/* The state after one byte that is not content. */
static enum shared_http_chunk_state step(struct shared_http_chunk *chunk, char c)
{
    switch (chunk->state) {
    case SHARED_CHUNK_SIZE:
        return read_size(chunk, c);
    case SHARED_CHUNK_EXTENSION:
        return c == '\n' ? read_size(chunk, c) : SHARED_CHUNK_EXTENSION;
    case SHARED_CHUNK_DATA_END:
        chunk->digits = 0;
        return c == '\n' ? SHARED_CHUNK_SIZE : c == '\r' ? SHARED_CHUNK_DATA_END : SHARED_CHUNK_MALFORMED;
    case SHARED_CHUNK_TRAILER:
        return c == '\n' ? SHARED_CHUNK_DONE : c == '\r' ? SHARED_CHUNK_TRAILER : SHARED_CHUNK_TRAILER_LINE;
    case SHARED_CHUNK_TRAILER_LINE:
        return c == '\n' ? SHARED_CHUNK_TRAILER : SHARED_CHUNK_TRAILER_LINE;
    default:
        return SHARED_CHUNK_MALFORMED;
    }
}

size_t shared_http_chunk_decode(struct shared_http_chunk *chunk, char *data, size_t size_bytes)
{
    size_t decoded = 0, i = 0;
    while (i < size_bytes && chunk->state < SHARED_CHUNK_DONE) {
        if (chunk->state != SHARED_CHUNK_DATA) {
            chunk->state = step(chunk, data[i++]);
            continue;
        }
        size_t size = size_bytes - i < chunk->remaining_bytes ? size_bytes - i : chunk->remaining_bytes;
        memmove(data + decoded, data + i, size);
        decoded += size;
        i += size;
        chunk->remaining_bytes -= size;
        if (chunk->remaining_bytes == 0)
            chunk->state = SHARED_CHUNK_DATA_END;
    }
    return decoded;
}
