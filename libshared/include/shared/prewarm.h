/*
 * prewarm.h - warm-up events, answered without the handler.
 *
 *     static struct shared_lazy *const wanted[] = {&titles, &redis};
 *     static struct shared_prewarm prewarm = {SHARED_PREWARM, .rule = "video-api-warm", .hold_ms = 75,
 *                                             .lazy = wanted, .lazy_count = 2};
 *     … SHARED_CHAIN(&prewarm.middleware, …)
 *
 * A warm-up event is one of
 *   - {"warm":true}, an object with that one member, or with "hold_ms" beside it, a number that overrides
 *     hold_ms below;
 *   - {"source":"serverless-plugin-warmup"}, the default payload of that plugin (its README, version 8);
 *   - an EventBridge scheduled event ("source":"aws.events", "detail-type":"Scheduled Event") one of whose
 *     "resources" is the rule named below (EventBridge user guide, "Scheduled events", 2025).
 * An event of a user's that merely holds such a member, or the word, is the handler's.
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

struct shared_prewarm {
    struct shared_middleware middleware;
    const char *rule; /* name of an EventBridge rule; NULL: none */
    int hold_ms;
    struct shared_lazy *const *lazy; /* made by a warm-up; one that fails is logged, the others are made */
    size_t lazy_count;
};

/* The initialiser of the first member. */
#define SHARED_PREWARM .middleware = {.around = shared_prewarm_around}

shared_middleware_around shared_prewarm_around;

/* Whether an event is a warm-up. rule may be NULL; *hold_ms is set where the event has one, and may be NULL.
 * No allocation; the time is that of the first bytes for almost every other event. Any thread. */
bool shared_prewarm_is_event(struct shared_slice event, const char *rule, int *hold_ms);

#ifdef __cplusplus
}
#endif

#endif
