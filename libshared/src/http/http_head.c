#include "http/http_head.h"

#include <stdint.h>
#include <string.h>

bool shared_http_header_next(struct shared_slice *lines, struct shared_slice *name,
                             struct shared_slice *value)
{
    if (lines->size_bytes == 0)
        return false;
    *value = shared_slice_split(lines, '\n');
    *name = shared_slice_split(value, ':');
    if (!value->data)
        name->size_bytes = 0;
    *value = shared_slice_trim(*value);
    return true;
}

static bool is(struct shared_slice text, const char *wanted)
{
    return shared_slice_equal_ignore_case(text, shared_slice_from_text(wanted));
}

/* RFC 9112, section 6.3: lengths that differ cannot be trusted; a transfer coding overrides the length. */
static bool read_framing(struct shared_http_head *head)
{
    struct shared_slice lines = head->lines, name, value;
    while (shared_http_header_next(&lines, &name, &value)) {
        if (is(name, "Content-Length")) {
            unsigned long long length;
            if (!shared_slice_to_number(value, PTRDIFF_MAX, &length) ||
                (head->has_length && head->length_bytes != length))
                return false;
            head->has_length = true;
            head->length_bytes = (size_t)length;
        } else if (is(name, "Transfer-Encoding")) {
            if (!is(value, "chunked"))
                return false;
            head->chunked = true;
        } else if (is(name, "Connection")) {
            head->close = is(value, "close") || (head->close && !is(value, "keep-alive"));
        }
    }
    return true;
}

ptrdiff_t shared_http_head_read(struct shared_slice input, size_t seen_bytes, struct shared_http_head *head)
{
    static const char version[] = "HTTP/1.";
    size_t from = seen_bytes < 3 ? 0 : seen_bytes - 3;
    const char *end =
        input.size_bytes > from ? memmem(input.data + from, input.size_bytes - from, "\r\n\r\n", 4) : NULL;
    size_t known = input.size_bytes < sizeof(version) - 1 ? input.size_bytes : sizeof(version) - 1;
    if (memcmp(input.data, version, known) != 0)
        return -1;
    if (!end)
        return 0;

    *head = (struct shared_http_head){.lines = {input.data, (size_t)(end - input.data) + 2}};
    struct shared_slice line = shared_slice_split(&head->lines, '\n');
    struct shared_slice protocol = shared_slice_split(&line, ' ');
    head->close = protocol.size_bytes == sizeof(version) && protocol.data[sizeof(version) - 1] == '0';
    struct shared_slice status = shared_slice_trim(line);
    unsigned long long number;
    if (!shared_slice_to_number(shared_slice_split(&status, ' '), 999, &number) || !read_framing(head))
        return -1;
    head->status = (int)number;
    return end - input.data + 4;
}
