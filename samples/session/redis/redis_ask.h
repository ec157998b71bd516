/*
 * redis_ask.h - one question to Redis, asked until it is answered or time is up.
 *
 * Only what may be done twice may be asked here: where a connection breaks before the answer has come, nobody
 * knows whether Redis did it, and it is asked again.
 */
#ifndef SESSION_REDIS_ASK_H
#define SESSION_REDIS_ASK_H

#include "redis_verdict.h"

#include <shared/error.h>
#include <shared/runtime.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct redis_answer {
    enum redis_verdict verdict;
    const char *text;       /* of a bulk or status reply, in the invocation's arena; NULL: nil, or no text */
    int64_t retry_after_ms; /* where it was not answered: when to come again */
};

/*
 * Asks, and says in the log and the metrics (RedisTime, RedisAttempts, RedisAway) how it went. Returns 0
 * whatever the verdict; SHARED_ENOMEM where the text could not be copied.
 */
int redis_ask(const struct shared_context *context, const char *const *words, size_t count,
              struct redis_answer *answer, struct shared_error *err);

/* The two arguments in the middle. */
#define REDIS_WORDS(...) \
    (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

#endif
