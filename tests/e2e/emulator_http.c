#include "emulator_inner.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Takes a text up to, and over, a separator; NULL where it does not occur. */
static char *take(char **rest, const char *separator)
{
    char *text = *rest, *end = strstr(text, separator);
    if (!end)
        return NULL;
    *end = '\0';
    *rest = end + strlen(separator);
    return text;
}

long emulator_request_size(const char *data, size_t size_bytes, bool headers_only)
{
    const char *end = size_bytes ? memmem(data, size_bytes, "\r\n\r\n", 4) : NULL;
    if (!end)
        return size_bytes > 1 << 20 ? -1 : 0;
    size_t head_bytes = (size_t)(end - data) + 4;
    if (headers_only)
        return (long)head_bytes;
    for (const char *line = memmem(data, head_bytes, "\r\n", 2); line && line < end;) {
        const char *next = memmem(line + 2, head_bytes - (size_t)(line + 2 - data), "\r\n", 2);
        if (strncasecmp(line + 2, "content-length:", 15) == 0) {
            char *stop;
            unsigned long length = strtoul(line + 17, &stop, 10);
            if (stop == line + 17 || length > 1ul << 30)
                return -1;
            return size_bytes - head_bytes < length ? 0 : (long)(head_bytes + length);
        }
        line = next;
    }
    return (long)head_bytes;
}

/* Header or trailer lines. */
static int read_lines(char *lines, struct emulator_header *headers, size_t *count, size_t most)
{
    for (char *line; (line = take(&lines, "\r\n"));) {
        char *value = line;
        char *name = take(&value, ":");
        if (!name || !*name || *count == most)
            return -1;
        value += strspn(value, " \t");
        for (size_t size = strlen(value); size && strchr(" \t", value[size - 1]); size--)
            value[size - 1] = '\0';
        headers[(*count)++] = (struct emulator_header){strdup(name), strdup(value)};
    }
    return 0;
}

int emulator_trailers_read(char *lines, struct emulator_request *request)
{
    request->trailer_bytes = strlen(lines);
    return read_lines(lines, request->trailers, &request->trailer_count, EMULATOR_TRAILERS);
}

/* data is the request's and is written over. */
int emulator_request_read(char *data, size_t size_bytes, struct emulator_request *request)
{
    char *rest = data, *end = memmem(data, size_bytes, "\r\n\r\n", 4);
    *request = (struct emulator_request){0};
    if (!end || memchr(data, '\0', (size_t)(end - data)))
        return -1;
    end[2] = '\0'; /* the last header line keeps its CR LF */
    request->body_bytes = size_bytes - (size_t)(end + 4 - data);
    request->body = malloc(request->body_bytes + 1);
    if (!request->body)
        return -1;
    memcpy(request->body, end + 4, request->body_bytes);
    request->body[request->body_bytes] = '\0';

    char *line = take(&rest, "\r\n");
    char *method = take(&line, " "), *target = method ? take(&line, " ") : NULL;
    if (!target || !*method || *target != '/' || strcmp(line, "HTTP/1.1") != 0)
        return -1;
    request->method = strdup(method);
    request->target = strdup(target);
    request->version = strdup(line);
    return read_lines(rest, request->headers, &request->header_count, EMULATOR_REQUEST_HEADERS);
}

void emulator_request_clean_up(struct emulator_request *request)
{
    free(request->method);
    free(request->target);
    free(request->version);
    free(request->body);
    for (size_t i = 0; i < request->header_count; i++) {
        free(request->headers[i].name);
        free(request->headers[i].value);
    }
    for (size_t i = 0; i < request->trailer_count; i++) {
        free(request->trailers[i].name);
        free(request->trailers[i].value);
    }
    *request = (struct emulator_request){0};
}

static const char *find(const struct emulator_header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(headers[i].name, name) == 0)
            return headers[i].value;
    }
    return NULL;
}

const char *emulator_header(const struct emulator_request *request, const char *name)
{
    return request ? find(request->headers, request->header_count, name) : NULL;
}

const char *emulator_trailer(const struct emulator_request *request, const char *name)
{
    return request ? find(request->trailers, request->trailer_count, name) : NULL;
}
