#include "emulator_inner.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CHUNK_LIMIT_BYTES (1u << 30)

uint64_t emulator_digest(uint64_t digest, const char *bytes, size_t size_bytes)
{
    if (digest == 0)
        digest = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size_bytes; i++)
        digest = (digest ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return digest;
}

static bool is_chunked(const char *head, size_t head_bytes)
{
    static const char name[] = "\r\ntransfer-encoding:";
    for (size_t i = 0; i + sizeof(name) <= head_bytes; i++) {
        if (strncasecmp(head + i, name, sizeof(name) - 1) == 0)
            return memmem(head + i, head_bytes - i, "chunked\r\n", 9) != NULL;
    }
    return false;
}

/* Content that has come: moved up to what is kept, or counted alone. */
static void take_content(struct emulator_connection *connection, size_t size_bytes)
{
    struct emulator_chunks *chunks = &connection->chunks;
    const char *content = connection->data + chunks->raw_at;
    chunks->digest = emulator_digest(chunks->digest, content, size_bytes);
    if (chunks->all_bytes + size_bytes <= EMULATOR_KEPT_BYTES) {
        memmove(connection->data + chunks->content_end, content, size_bytes);
        chunks->content_end += size_bytes;
    }
    chunks->all_bytes += size_bytes;
    chunks->raw_at += size_bytes;
}

/* The trailers, if there are any, and the empty line behind the last chunk's. */
static int take_end(struct emulator_connection *connection, size_t at)
{
    struct emulator_chunks *chunks = &connection->chunks;
    const char *lines = connection->data + at;
    size_t size = connection->size_bytes - at;
    const char *end = size >= 2 && memcmp(lines, "\r\n", 2) == 0 ? lines : memmem(lines, size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t kept = end == lines ? 0 : (size_t)(end + 2 - lines);
    chunks->trailers = strndup(lines, kept);
    chunks->raw_at = at + kept + 2;
    chunks->ended = true;
    return chunks->trailers ? 1 : -1;
}

/* RFC 9112, section 7.1, and no empty chunk but the last: it would end the body. */
static int take_chunks(struct emulator_connection *connection)
{
    struct emulator_chunks *chunks = &connection->chunks;
    for (;;) {
        const char *raw = connection->data + chunks->raw_at;
        size_t size = connection->size_bytes - chunks->raw_at;
        if (chunks->left > 2) {
            size_t content = size < chunks->left - 2 ? size : chunks->left - 2;
            take_content(connection, content);
            chunks->left -= content;
            if (content == 0)
                return 0;
        } else if (chunks->left == 2) {
            if (size < 2)
                return 0;
            if (memcmp(raw, "\r\n", 2) != 0)
                return -1;
            chunks->raw_at += 2;
            chunks->left = 0;
        } else {
            const char *line_end = memmem(raw, size, "\r\n", 2);
            char *digits_end;
            if (!line_end)
                return size > 32 ? -1 : 0;
            unsigned long length = strtoul(raw, &digits_end, 16);
            if (digits_end != line_end || digits_end == raw || length > CHUNK_LIMIT_BYTES)
                return -1;
            size_t after = (size_t)(line_end + 2 - connection->data);
            if (length == 0)
                return take_end(connection, after);
            chunks->left = length + 2;
            chunks->raw_at = after;
        }
    }
}

int emulator_unchunk(struct emulator_connection *connection, size_t *size_bytes)
{
    struct emulator_chunks *chunks = &connection->chunks;
    if (!chunks->begun) {
        long head = emulator_request_size(connection->data, connection->size_bytes, true);
        bool chunked = head > 0 && is_chunked(connection->data, (size_t)head);
        if (!chunked) {
            long size = emulator_request_size(connection->data, connection->size_bytes, false);
            *size_bytes = size > 0 ? (size_t)size : 0;
            return size > 0 ? 1 : (int)size;
        }
        *chunks = (struct emulator_chunks){.begun = true,
                                           .content_end = (size_t)head,
                                           .raw_at = (size_t)head,
                                           .digest = emulator_digest(0, "", 0)};
    }
    int status = chunks->ended ? 1 : take_chunks(connection);
    size_t left = connection->size_bytes - chunks->raw_at;
    memmove(connection->data + chunks->content_end, connection->data + chunks->raw_at, left);
    connection->size_bytes = chunks->content_end + left;
    chunks->raw_at = chunks->content_end;
    *size_bytes = chunks->content_end;
    return status;
}
