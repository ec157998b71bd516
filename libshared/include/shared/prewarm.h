/*
 * prewarm.h - warm-up events, answered without the handler.
 *
 *     static struct shared_prewarm prewarm = {SHARED_PREWARM, .rule = "video-api-warm", .hold_ms = 75,
 *                                             SHARED_PREWARM_LAZY(&titles, &redis)};
 *     … SHARED_CHAIN(&logging.middleware, &metrics.middleware, &prewarm.middleware)
 *
 * A warm-up event is one of
 *   - {"warm":true}, an object with that one member, or with "hold_ms" beside it, a whole number from 0 that
 *     overrides hold_ms below;
 *   - {"source":"serverless-plugin-warmup"}, the default payload of that plugin (its README and
 *     src/warmer.js, version 8.4.1), which sends it as client context too: an invocation whose client context
 *     has that source in "custom" is a warm-up whatever the plugin's payload was set to;
 *   - an EventBridge scheduled event ("source":"aws.events", or "aws.scheduler" of EventBridge Scheduler, and
 *     "detail-type":"Scheduled Event", with an empty detail) one of whose "resources" is the rule or the
 *     schedule named below (EventBridge user guide, "Creating a rule that runs on a schedule"; EventBridge
 *     Scheduler's events as functions got them, 2024).
 * An event with any other member, the same member twice, or more than SHARED_PREWARM_EVENT_LIMIT_BYTES is the
 * handler's, and so is one in which these stand anywhere but on top. JSON's escapes do not matter.
 *
 * The values that asked for it are made, the log says "warm-up" with what was made and whether the
 * environment was cold, and the answer is {"warm":true}. With hold_ms the environment stays busy so long, so
 * that N warm-ups sent at once warm N environments instead of one N times.
 */
#ifndef SHARED_PREWARM_H
#define SHARED_PREWARM_H

#include <shared/chain.h>
#include <shared/lazy.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest that an environment is held, 10 s, and never past the deadline less 100 ms. */
#define SHARED_PREWARM_HOLD_LIMIT_MS 10000
#define SHARED_PREWARM_HOLD_MARGIN_MS 100

/* A scheduled event has about 500 bytes; the names and identifiers in it are limited, and so is what of an
 * event has to be looked at. */
#define SHARED_PREWARM_EVENT_LIMIT_BYTES 4096

struct shared_prewarm {
    struct shared_middleware middleware;
    const char *rule; /* of an EventBridge rule, or a schedule ("NAME" or "GROUP/NAME"); NULL: none */
    int hold_ms;      /* from the begin of the invocation; below 0: 0 */
    struct shared_lazy *const *lazy; /* made by a warm-up; one that fails is logged, the others are made */
    size_t lazy_count;
    /* How they are made: shared_lazy_use; NULL: without metrics, which then need not be linked. */
    int (*use)(struct shared_lazy *lazy, const struct shared_context *context, void **value,
               struct shared_error *err);
};

/* The initialiser of the first member. */
#define SHARED_PREWARM .middleware = {.around = shared_prewarm_around}

/* The initialisers of the last three, at file scope; elsewhere an array of the values needs a name. */
#define SHARED_PREWARM_LAZY(...)                                                                     \
    .lazy = (struct shared_lazy *const[]){__VA_ARGS__},                                              \
    .lazy_count = sizeof((struct shared_lazy *const[]){__VA_ARGS__}) / sizeof(struct shared_lazy *), \
    .use = shared_lazy_use

/* Where the chain has no log further out, it writes to one of its own. */
shared_middleware_around shared_prewarm_around;

/*
 * Whether an event is a warm-up, by itself. rule may be NULL. *hold_ms is set where the event has one (at
 * most SHARED_PREWARM_HOLD_LIMIT_MS), else left alone; hold_ms may be NULL. No allocation; for almost every
 * other event it takes the time of its first member. Any thread.
 */
bool shared_prewarm_is_event(struct shared_slice event, const char *rule, int *hold_ms);

#ifdef __cplusplus
}
#endif

#endif
