/*
 * log.h - one JSON line an event, on standard error.
 *
 *     struct shared_log log;
 *     shared_log_init(&log, context->request_id);
 *     shared_log_with(&log, SHARED_LOG_INFO, "title served",
 *                     SHARED_LOG_FIELDS(shared_log_text("id", id), shared_log_number("bytes", size)));
 *
 * prints
 *
 *     {"level":"INFO","timestamp":"2026-01-31T12:00:00.123Z","message":"title served",
 *      "requestId":"8476a536-…","functionName":"catalog","id":"tt0017136","bytes":412}
 *
 * on one line: the keys that Lambda's own level filter reads (level, an RFC 3339 timestamp; AWS Lambda
 * developer guide, "Log and monitor", 2025) followed by the caller's fields in their order. A line is one
 * write(2), so lines of several threads do not mix (on a pipe: those of up to PIPE_BUF, 4 KiB). Whatever
 * bytes a text holds, the line is valid JSON in valid UTF-8: what is not UTF-8 is replaced by U+FFFD. A line
 * that would be longer than SHARED_LOG_LINE_BYTES has its message cut or loses its last fields, and ends with
 * "truncated":true.
 */
#ifndef SHARED_LOG_H
#define SHARED_LOG_H

#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CloudWatch Logs takes events of up to 256 KiB (service quota, 2016 to 2025); 1 KiB is left for its
 * overhead. */
#define SHARED_LOG_LINE_BYTES (255 * 1024)

enum shared_log_level {
    SHARED_LOG_TRACE,
    SHARED_LOG_DEBUG,
    SHARED_LOG_INFO,
    SHARED_LOG_WARN,
    SHARED_LOG_ERROR,
    SHARED_LOG_FATAL
};

struct shared_arena;
struct shared_log_hold;

/* Caller-owned. The texts are borrowed and must outlive the log. All zero but for fd is a log too. */
struct shared_log {
    int fd;                       /* where lines go; 2 after shared_log_init */
    enum shared_log_level level;  /* lines below it are not made */
    const char *request_id;       /* NULL: no such key */
    const char *function_name;    /* NULL: no such key */
    struct shared_slice members;  /* private: of every line; see shared_log_child */
    struct shared_log_hold *hold; /* private: takes the lines in place of fd; see shared/log_middleware.h */
};

struct shared_buffer;

/* One field of a line; made by the functions below. Name and text are borrowed for the call. How a value is
 * written comes with it, so that a program has what writes the kinds that it logs, and no other. */
struct shared_log_field {
    const char *name;
    void (*write)(struct shared_buffer *line, const struct shared_log_field *field);
    union {
        struct shared_slice text;
        int64_t number;
        double real;
        bool truth;
    } value;
};

/*
 * Sets fd 2, the level from AWS_LAMBDA_LOG_LEVEL (TRACE, DEBUG, INFO, WARN, ERROR, FATAL; INFO where unset or
 * unknown) and the name from AWS_LAMBDA_FUNCTION_NAME. request_id is borrowed and may be NULL.
 */
void shared_log_init(struct shared_log *log, const char *request_id);

/*
 * Writes one line without fields of the caller's. Never fails: what cannot be written is lost. Does nothing
 * where log is NULL, so that code which logs to context->log runs in a function without. Any thread.
 */
void shared_log(const struct shared_log *log, enum shared_log_level level, const char *message);

/* Writes one line with fields: shared_log_with(&log, SHARED_LOG_INFO, "served", SHARED_LOG_FIELDS(…)). */
void shared_log_with(const struct shared_log *log, enum shared_log_level level, const char *message,
                     const struct shared_log_field *fields, size_t field_count);

/* The two last arguments of shared_log_with, made of one field or more. */
#define SHARED_LOG_FIELDS(...)                      \
    (const struct shared_log_field[]){__VA_ARGS__}, \
        sizeof((const struct shared_log_field[]){__VA_ARGS__}) / sizeof(struct shared_log_field)

/* Private: what writes the values of fields. */
void shared_log_write_text(struct shared_buffer *line, const struct shared_log_field *field);
void shared_log_write_number(struct shared_buffer *line, const struct shared_log_field *field);
void shared_log_write_real(struct shared_buffer *line, const struct shared_log_field *field);
void shared_log_write_bool(struct shared_buffer *line, const struct shared_log_field *field);
void shared_log_write_milliseconds(struct shared_buffer *line, const struct shared_log_field *field);

static inline struct shared_log_field shared_log_slice(const char *name, struct shared_slice text)
{
    struct shared_log_field field = {name, shared_log_write_text, {text}};
    return field;
}

/* NULL becomes null. */
static inline struct shared_log_field shared_log_text(const char *name, const char *text)
{
    return shared_log_slice(name, shared_slice_from_text(text));
}

static inline struct shared_log_field shared_log_number(const char *name, int64_t number)
{
    struct shared_log_field field = {name, shared_log_write_number, {{NULL, 0}}};
    field.value.number = number;
    return field;
}

/* What JSON has no number for (infinities, NaN) becomes null. */
static inline struct shared_log_field shared_log_real(const char *name, double real)
{
    struct shared_log_field field = {name, shared_log_write_real, {{NULL, 0}}};
    field.value.real = real;
    return field;
}

/* Microseconds, written as milliseconds: 1500 is 1.5. Smaller and quicker than shared_log_real. */
static inline struct shared_log_field shared_log_milliseconds(const char *name, int64_t microseconds)
{
    struct shared_log_field field = {name, shared_log_write_milliseconds, {{NULL, 0}}};
    field.value.number = microseconds;
    return field;
}

static inline struct shared_log_field shared_log_bool(const char *name, bool truth)
{
    struct shared_log_field field = {name, shared_log_write_bool, {{NULL, 0}}};
    field.value.truth = truth;
    return field;
}

/*
 * Makes a log like its parent whose every line has the fields too, behind those that the parent's lines have:
 *
 *     struct shared_log log;
 *     shared_log_child(&log, context->log, context->arena, SHARED_LOG_FIELDS(shared_log_text("order", id)));
 *
 * The fields are copied into the arena, which must outlive the child, as the parent must. parent may be NULL,
 * and its child then writes nothing; child and parent may be the same. A name that is there already is
 * written again: readers take the last. Returns whether all the fields are in it: not where memory is
 * exhausted or they alone are longer than a line. A line that they leave no room in goes without them, and
 * says so.
 */
bool shared_log_child(struct shared_log *child, const struct shared_log *parent, struct shared_arena *arena,
                      const struct shared_log_field *fields, size_t field_count);

/* Writes now what shared/log_middleware.h has held back of this invocation, oldest first. Nothing where
 * nothing is held, and where log is NULL. Any thread. */
void shared_log_release(const struct shared_log *log);

#ifdef __cplusplus
}
#endif

#endif
