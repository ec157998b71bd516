/* http_chunk.h - the chunked transfer coding (RFC 9112, section 7.1), undone in place and piece by piece. */
#ifndef SHARED_HTTP_CHUNK_H
#define SHARED_HTTP_CHUNK_H

#include <stddef.h>

enum shared_http_chunk_state {
    SHARED_CHUNK_SIZE,
    SHARED_CHUNK_EXTENSION,
    SHARED_CHUNK_DATA,
    SHARED_CHUNK_DATA_END,
    SHARED_CHUNK_TRAILER,
    SHARED_CHUNK_TRAILER_LINE,
    SHARED_CHUNK_DONE,
    SHARED_CHUNK_MALFORMED
};

/* {0} before the first piece. */
struct shared_http_chunk {
    enum shared_http_chunk_state state;
    unsigned digits;
    size_t remaining_bytes; /* of the chunk */
};

/*
 * Decodes a piece: size_bytes of data are replaced by the content that they carry, whose size is returned.
 * Look at state afterwards: DONE, MALFORMED, or anything else for "more is to come". What follows the last
 * chunk in the piece is dropped.
 */
size_t shared_http_chunk_decode(struct shared_http_chunk *chunk, char *data, size_t size_bytes);

#endif
