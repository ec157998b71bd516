/* capture_pipe.h - what is written to a descriptor, as text. */
#ifndef TESTS_CAPTURE_PIPE_H
#define TESTS_CAPTURE_PIPE_H

#include "check.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <unistd.h>

#define CAPTURE_BYTES (1 << 20) /* the most that a pipe holds */

/* Between capture_begin and capture_end what is written to end[1] must not exceed it. */
struct capture {
    int end[2];
    size_t size_bytes;
    char text[CAPTURE_BYTES + 1];
};

/* Returns the descriptor to write to. */
static inline int capture_begin(struct capture *capture)
{
    CHECK(pipe(capture->end) == 0);
    CHECK(fcntl(capture->end[1], F_SETPIPE_SZ, CAPTURE_BYTES) >= CAPTURE_BYTES);
    return capture->end[1];
}

static inline const char *capture_end(struct capture *capture)
{
    ssize_t got;
    capture->size_bytes = 0;
    close(capture->end[1]);
    while ((got = read(capture->end[0], capture->text + capture->size_bytes,
                       CAPTURE_BYTES - capture->size_bytes)) > 0)
        capture->size_bytes += (size_t)got;
    capture->text[capture->size_bytes] = '\0';
    close(capture->end[0]);
    return capture->text;
}

/* The n-th line, from 0, without its LF; of size 0 where there is none. */
static inline struct shared_slice capture_line(const struct capture *capture, int n)
{
    struct shared_slice rest = shared_slice_of(capture->text, capture->size_bytes), line = {NULL, 0};
    for (int i = 0; i <= n; i++)
        line = shared_slice_split(&rest, '\n');
    return line;
}

static inline int capture_lines(const struct capture *capture)
{
    int lines = 0;
    for (size_t i = 0; i < capture->size_bytes; i++)
        lines += capture->text[i] == '\n';
    return lines;
}

/* A line as JSON; NULL, and a failed check, where it is none. The caller deletes it. */
static inline cJSON *capture_line_json(struct shared_slice line)
{
    cJSON *json = line.size_bytes ? cJSON_ParseWithLength(line.data, line.size_bytes) : NULL;
    if (!CHECK(json != NULL))
        fprintf(stderr, "    the line is %.*s\n", (int)line.size_bytes, line.data ? line.data : "");
    return json;
}

/* The same of the n-th line. Of many lines capture_line_json is quicker: this one counts from the first. */
static inline cJSON *capture_json(const struct capture *capture, int n)
{
    return capture_line_json(capture_line(capture, n));
}

static inline const char *capture_text(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

#endif
