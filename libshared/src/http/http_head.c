#include "http/http_connection.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *shared_http_header(const struct shared_http_lines *lines, const char *name)
{
    size_t size = strlen(name);
    for (char *line = lines->begin, *next; line < lines->end; line = next) {
        next = (char *)memmem(line, (size_t)(lines->end - line), "\n", 1) + 1;
        if ((size_t)(next - line) <= size || line[size] != ':' || strncasecmp(line, name, size) != 0)
            continue;
        char *value = line + size + 1, *end = next - 1;
        while (*value == ' ' || *value == '\t')
            value++;
        while (end > value && (unsigned char)end[-1] <= ' ')
            end--;
        *end = '\0';
        return value;
    }
    return NULL;
}

bool shared_http_number(const char *text, unsigned long long *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

/* A transfer coding that is not understood leaves no way to tell where the body ends. HTTP/1.0 closes; its
 * "keep-alive" is not worth the code. The status is what follows the first space.
 * strncasecmp and memmem stand in for memcmp and memchr, which would be imported for this alone. */
ptrdiff_t shared_http_head_read(char *input, size_t size_bytes, struct shared_http_head *head)
{
    static const char begin[] = "HTTP/1.";
    const size_t version_at = sizeof(begin) - 1;
    if (strncasecmp(input, begin, size_bytes < version_at ? size_bytes : version_at) != 0)
        return -1;
    char *end = memmem(input, size_bytes, "\r\n\r\n", 4);
    if (!end)
        return 0;

    unsigned long long length = SHARED_HTTP_LENGTH_UNKNOWN;
    head->lines = (struct shared_http_lines){input, end + 2};
    head->status = (int)strtoull(input + version_at + 1, NULL, 10);
    const char *value = shared_http_header(&head->lines, "Content-Length");
    if (head->status < 100 ||
        (value && (!shared_http_number(value, &length) || length > SHARED_HTTP_BODY_LIMIT_BYTES)))
        return -1;
    head->length_bytes = (size_t)length;
    value = shared_http_header(&head->lines, "Transfer-Encoding");
    head->chunked = value != NULL;
    if (value && !SHARED_HTTP_IS(value, "chunked"))
        return -1;
    value = shared_http_header(&head->lines, "Connection");
    head->close = input[version_at] == '0' || (value && SHARED_HTTP_IS(value, "close"));
    return end - input + 4;
}
