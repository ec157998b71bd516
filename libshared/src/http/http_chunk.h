/* http_chunk.h - the chunked transfer coding (RFC 9112, section 7.1), undone in place. */
#ifndef SHARED_HTTP_CHUNK_H
#define SHARED_HTTP_CHUNK_H

#include <stddef.h>

/* Offsets into the bytes received: [begin of body, decoded) is content, [raw, …) is still to be decoded. */
struct shared_http_chunks {
    size_t decoded, raw;
};

enum shared_http_chunk_result { SHARED_CHUNK_MALFORMED = -1, SHARED_CHUNK_INCOMPLETE, SHARED_CHUNK_DONE };

/* Decodes the chunks that have arrived as a whole. data is ended by a NUL that size_bytes does not count. */
enum shared_http_chunk_result shared_http_chunks_decode(struct shared_http_chunks *chunks, char *data,
                                                        size_t size_bytes);

#endif
