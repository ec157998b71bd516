#include "http/http_chunk.h"
#include "http/http_connection.h"

#include <errno.h>
#include <sys/socket.h>

#define FIRST_READ_BYTES 8192u

/* All of a response lies in one allocation, the arena's newest, which grows in place: head, then body. */
struct input {
    int fd;
    struct shared_arena *arena;
    char *data;
    size_t size_bytes, capacity_bytes;
    struct shared_error *err;
};

/*
 * Receives more, so that there are end_bytes at the most and a NUL behind them. end_bytes of 0: as many as
 * there is room for, twice as many where that is little. With MSG_WAITALL one call gets all of a long body.
 * Returns 1, or a code; 0 at the end of the stream.
 */
static int receive(struct input *input, size_t end_bytes)
{
    int flags = MSG_WAITALL;
    if (end_bytes == 0) {
        flags = 0;
        end_bytes = input->capacity_bytes;
        if (end_bytes - input->size_bytes <= end_bytes / 8)
            end_bytes = end_bytes * 2 + FIRST_READ_BYTES;
    }
    if (end_bytes > input->capacity_bytes) {
        char *grown = shared_arena_resize(input->arena, input->data, input->size_bytes, end_bytes + 1);
        if (!grown)
            return shared_fail(input->err, SHARED_ENOMEM, 0, "no memory for %zu bytes", end_bytes);
        input->data = grown;
        input->capacity_bytes = end_bytes;
    }
    ssize_t got = recv(input->fd, input->data + input->size_bytes, end_bytes - input->size_bytes, flags);
    if (got < 0 && errno != EINTR)
        return shared_fail(input->err, SHARED_EIO, errno, "receive");
    if (got > 0)
        input->size_bytes += (size_t)got;
    input->data[input->size_bytes] = '\0';
    return got != 0;
}

static int cut_short(const struct input *input)
{
    return shared_fail(input->err, SHARED_EIO, 0, "the connection was closed");
}

static int malformed(const struct input *input)
{
    return shared_fail(input->err, SHARED_EPROTO, 0, "the answer is not HTTP, or too large");
}

/* Reads a head, passing over interim responses (RFC 9110, section 15.2). *begin becomes where its body
 * begins. */
static int read_head(struct input *input, size_t *begin, struct shared_http_head *head)
{
    for (*begin = 0;;) {
        size_t unread = input->size_bytes - *begin;
        ptrdiff_t size = unread ? shared_http_head_read(input->data + *begin, unread, head) : 0;
        if (size < 0 || (size == 0 && input->size_bytes > SHARED_HTTP_HEAD_LIMIT_BYTES))
            return malformed(input);
        *begin += (size_t)size;
        if (size && head->status >= 200)
            return 0;
        int status = size ? 1 : receive(input, 0);
        if (status <= 0)
            return status ? status : cut_short(input);
    }
}

/*
 * Reads the body that begins there; returns where it ends, or a code. A response without a length ends with
 * its connection (RFC 9112, section 6.3), but only where it is a 200, as to /next: of others nothing but the
 * status counts, and a peer that forgot the length would hold the function up for ever.
 */
static ptrdiff_t read_body(struct input *input, size_t begin, const struct shared_http_head *head)
{
    struct shared_http_chunks chunks = {begin, begin};
    bool known = !head->chunked && head->length_bytes != SHARED_HTTP_LENGTH_UNKNOWN;
    size_t end = known ? begin + head->length_bytes : 0;
    for (;;) {
        int result = known ? input->size_bytes >= end : !head->chunked && head->status != 200;
        if (head->chunked)
            result = shared_http_chunks_decode(&chunks, input->data, input->size_bytes);
        if (result > 0)
            return (ptrdiff_t)(head->chunked ? chunks.decoded : known ? end : begin);
        if (result < 0 || input->size_bytes > begin + SHARED_HTTP_BODY_LIMIT_BYTES)
            return malformed(input);
        int status = receive(input, end);
        if (status == 0 && !known && !head->chunked)
            return (ptrdiff_t)input->size_bytes;
        if (status <= 0)
            return status ? status : cut_short(input);
    }
}

int shared_http_response_read(int fd, struct shared_arena *arena, struct shared_http_response *response,
                              bool *close, struct shared_error *err)
{
    struct input input = {.fd = fd, .arena = arena, .err = err};
    struct shared_http_head head;
    size_t begin;
    int status = read_head(&input, &begin, &head);
    if (status < 0)
        return status;
    const char *before = input.data;
    ptrdiff_t end = read_body(&input, begin, &head);
    if (end < 0)
        return (int)end;

    /* What lies behind the body, or is missing from it, ends the connection's use. */
    *close = head.close || (!head.chunked && input.size_bytes - begin != head.length_bytes);
    input.data[end] = '\0';
    response->status = head.status;
    response->lines.begin = input.data + (head.lines.begin - before);
    response->lines.end = input.data + (head.lines.end - before);
    response->body = shared_slice_of(input.data + begin, (size_t)end - begin);
    return 0;
}
