/*
 * json_read.h - fields of a JSON object by path and type, copied into an arena (with cJSON).
 *
 * A reader remembers its first failure: after it, every call gives nothing, and its maker looks once, at the
 * end.
 */
#ifndef SHARED_JSON_READ_H
#define SHARED_JSON_READ_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <cjson/cJSON.h>
#include <stdbool.h>

struct shared_json_reader {
    struct shared_arena *arena;
    struct shared_error *err;
    const cJSON *root;
    const char *what; /* for messages: "REST event" */
    bool lenient;     /* a value of another type counts as absent instead of being a failure */
    int code;         /* 0, or that of the first failure */
};

/*
 * Parses a text that must be one JSON object and nothing else. Fails with SHARED_EPROTO, also where it holds
 * a NUL, as \u0000 too: cJSON's texts end there. *object is then NULL, else the caller's, for cJSON_Delete.
 */
int shared_json_parse_object(struct shared_slice text, cJSON **object, struct shared_error *err);

/*
 * The value at a path such as "requestContext.http.method", of one of the types given (cJSON_String | …).
 * NULL where it or an object on the way to it is absent or null, or of another type, which is a failure of
 * the reader's.
 */
const cJSON *shared_json_find(struct shared_json_reader *reader, const char *path, int types);

/* A copy of the text at a path; "" where there is none. Never NULL. */
const char *shared_json_text(struct shared_json_reader *reader, const char *path);

/* Whether there is a true at a path. */
bool shared_json_is_true(struct shared_json_reader *reader, const char *path);

/* A copy of a cJSON text in the arena; NULL where the reader has failed or now does. */
char *shared_json_copy(struct shared_json_reader *reader, const char *text);

/* Memory of the arena; NULL where the reader has failed or now does. */
void *shared_json_alloc(struct shared_json_reader *reader, size_t size_bytes);

/* Whether item has one of the types; else the reader fails, naming path and, where not NULL, the entry in it.
 */
bool shared_json_expect(struct shared_json_reader *reader, const cJSON *item, int types,
                        struct shared_slice path, const char *entry);

#endif
