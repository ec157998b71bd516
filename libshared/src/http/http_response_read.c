#include "http/http_chunk.h"
#include "http/http_connection.h"
#include "http/http_head.h"

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

/* One byte more than asked for, so that a body can be followed by a NUL. */
static int make_room(struct input *input, size_t wanted_bytes)
{
    if (wanted_bytes < input->capacity_bytes)
        return 0;
    char *grown = shared_arena_resize(input->arena, input->data, input->size_bytes, wanted_bytes + 1);
    if (!grown)
        return shared_fail(input->err, SHARED_ENOMEM, 0, "no memory for a message of %zu bytes",
                           wanted_bytes);
    input->data = grown;
    input->capacity_bytes = wanted_bytes + 1;
    return 0;
}

/* Receives something, so that there are at most end_bytes. Returns 1, 0 at the end of the stream, or a code.
 */
static int receive(struct input *input, size_t end_bytes, int flags)
{
    ssize_t got;
    do
        got = recv(input->fd, input->data + input->size_bytes, end_bytes - input->size_bytes, flags);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return shared_fail(input->err, SHARED_EIO, errno, "receive from Lambda");
    input->size_bytes += (size_t)got;
    return got > 0;
}

static int receive_or_end(struct input *input)
{
    int status = 0;
    if (input->size_bytes + 1 >= input->capacity_bytes)
        status = make_room(input, input->capacity_bytes ? input->capacity_bytes * 2 : FIRST_READ_BYTES);
    return status < 0 ? status : receive(input, input->capacity_bytes - 1, 0);
}

static int cut_short(struct input *input)
{
    return shared_fail(input->err, SHARED_EIO, 0, "Lambda closed the connection");
}

static int too_long(struct input *input)
{
    return shared_fail(input->err, SHARED_EPROTO, 0, "a message of more than %u bytes",
                       SHARED_HTTP_BODY_LIMIT_BYTES);
}

/* Reads a head, passing over interim responses (RFC 9110, section 15.2). *begin becomes where its body
 * begins. */
static int read_head(struct input *input, size_t *begin, struct shared_http_head *head)
{
    size_t seen = 0;
    for (*begin = 0;;) {
        struct shared_slice unread = {input->data + *begin, input->size_bytes - *begin};
        ptrdiff_t size = unread.size_bytes ? shared_http_head_read(unread, seen, head) : 0;
        if (size < 0 || (size == 0 && unread.size_bytes > SHARED_HTTP_HEAD_LIMIT_BYTES))
            return shared_fail(input->err, SHARED_EPROTO, 0, "what Lambda sent is no HTTP response");
        *begin += (size_t)size;
        seen = size ? 0 : unread.size_bytes;
        if (size && head->status >= 200)
            return 0;
        int status = size ? 1 : receive_or_end(input);
        if (status <= 0)
            return status ? status : cut_short(input);
    }
}

static int read_chunks(struct input *input, size_t begin)
{
    struct shared_http_chunk chunk = {0};
    size_t decoded = begin;
    for (;;) {
        decoded += shared_http_chunk_decode(&chunk, input->data + decoded, input->size_bytes - decoded);
        input->size_bytes = decoded;
        if (chunk.state == SHARED_CHUNK_DONE)
            return 0;
        if (chunk.state == SHARED_CHUNK_MALFORMED)
            return shared_fail(input->err, SHARED_EPROTO, 0, "a malformed chunk");
        if (decoded - begin > SHARED_HTTP_BODY_LIMIT_BYTES)
            return too_long(input);
        int status = receive_or_end(input);
        if (status <= 0)
            return status ? status : cut_short(input);
    }
}

/* With MSG_WAITALL one call gets all of a long body. */
static int read_length(struct input *input, size_t end_bytes)
{
    int status = make_room(input, end_bytes);
    while (status >= 0 && input->size_bytes < end_bytes) {
        status = receive(input, end_bytes, MSG_WAITALL);
        if (status == 0)
            return cut_short(input);
    }
    return status < 0 ? status : 0;
}

static int read_to_end(struct input *input, size_t begin)
{
    for (;;) {
        int status = receive_or_end(input);
        if (status <= 0)
            return status;
        if (input->size_bytes - begin > SHARED_HTTP_BODY_LIMIT_BYTES)
            return too_long(input);
    }
}

/* A response without a length ends with its connection (RFC 9112, section 6.3), but only that to /next is
 * awaited: of others nothing but the status counts, and a peer that forgot the length would hold the function
 * up for ever. */
static int read_body(struct input *input, size_t begin, const struct shared_http_head *head, bool *close)
{
    *close = head->close;
    if (head->chunked)
        return read_chunks(input, begin);
    if (head->has_length && head->length_bytes > SHARED_HTTP_BODY_LIMIT_BYTES)
        return too_long(input);
    if (head->has_length) {
        *close |= input->size_bytes > begin + head->length_bytes;
        return read_length(input, begin + head->length_bytes);
    }
    *close = true;
    return head->status == 200 ? read_to_end(input, begin) : 0;
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
    ptrdiff_t lines_at = head.lines.data - input.data;
    status = read_body(&input, begin, &head, close);
    if (status < 0)
        return status;

    size_t size = head.has_length && !head.chunked ? head.length_bytes : input.size_bytes - begin;
    response->status = head.status;
    response->lines = shared_slice_of(input.data + lines_at, head.lines.size_bytes);
    response->body = shared_slice_of(input.data + begin, size);
    input.data[begin + size] = '\0';
    return 0;
}
