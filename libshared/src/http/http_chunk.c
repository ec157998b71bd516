#include "http/http_chunk.h"

#include "http/http_connection.h"

#include <stdlib.h>
#include <string.h>

/* A size that strtoull would take but RFC 9112 would not ("-1", "0x10") either is over the limit or harmless.
 */
enum shared_http_chunk_result shared_http_chunks_decode(struct shared_http_chunks *chunks, char *data,
                                                        size_t size_bytes)
{
    for (;;) {
        char *line = data + chunks->raw, *after;
        char *end = memmem(line, size_bytes - chunks->raw, "\n", 1);
        if (!end)
            return SHARED_CHUNK_INCOMPLETE;
        unsigned long long length = strtoull(line, &after, 16);
        if (after == line || after > end || length > SHARED_HTTP_BODY_LIMIT_BYTES)
            return SHARED_CHUNK_MALFORMED;
        size_t left = size_bytes - (size_t)(end + 1 - data);
        if (length == 0) /* the last one: trailers and an empty line follow */
            return memmem(end - 1, left + 2, "\r\n\r\n", 4) ? SHARED_CHUNK_DONE : SHARED_CHUNK_INCOMPLETE;
        if (left < length + 2)
            return SHARED_CHUNK_INCOMPLETE;
        if (end[1 + length] != '\r')
            return SHARED_CHUNK_MALFORMED;
        memmove(data + chunks->decoded, end + 1, length);
        chunks->decoded += length;
        chunks->raw = (size_t)(end + 1 - data) + length + 2;
    }
}
