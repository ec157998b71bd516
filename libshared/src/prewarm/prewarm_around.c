#include <shared/prewarm.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "chain/lazy_report.h"
#include "json/json_scan.h"

#include <shared/log.h>

static const char answer_text[] = "{\"warm\":true}";

/* The plugin sends its payload, whatever it was set to, as custom client context as well. */
static bool is_plugin(const char *client_context)
{
    struct shared_slice source =
        shared_json_scan_path(shared_slice_from_text(client_context), "custom.source", false);
    return shared_json_string_is(source, shared_slice_from_text("serverless-plugin-warmup"), false);
}

static int make_quietly(struct shared_lazy *lazy, const struct shared_context *context, void **value,
                        struct shared_error *err)
{
    struct shared_lazy_making making;
    int status = shared_lazy_get(lazy, value, &making, err);
    shared_lazy_log(lazy, &making, status, err, context->log);
    return status;
}

static void add_name(struct shared_buffer *names, const char *name)
{
    if (names->size_bytes > 0)
        shared_buffer_append_text(names, ", ");
    shared_buffer_append_text(names, name);
}

/* Makes the values, and says so. What fails has its own line; nothing of it is the caller's. */
static void warm_up(const struct shared_prewarm *prewarm, const struct shared_context *context, int hold_ms)
{
    struct shared_buffer ready = {.arena = context->arena}, failed = {.arena = context->arena};
    for (size_t i = 0; i < prewarm->lazy_count; i++) {
        void *value;
        struct shared_error err = {0};
        int status = (prewarm->use ? prewarm->use : make_quietly)(prewarm->lazy[i], context, &value, &err);
        add_name(status < 0 ? &failed : &ready, prewarm->lazy[i]->name);
    }
    shared_log_with(
        context->log, SHARED_LOG_INFO, "warm-up",
        SHARED_LOG_FIELDS(shared_log_bool("coldStart", context->cold_start),
                          shared_log_slice("ready", shared_slice_of(ready.data, ready.size_bytes)),
                          shared_log_slice("failed", shared_slice_of(failed.data, failed.size_bytes)),
                          shared_log_number("hold_ms", hold_ms)));
}

static int bounded(int hold_ms, const struct shared_context *context)
{
    int64_t remaining_ms = shared_context_remaining_ms(context) - SHARED_PREWARM_HOLD_MARGIN_MS;
    int64_t most_ms =
        remaining_ms < SHARED_PREWARM_HOLD_LIMIT_MS ? remaining_ms : SHARED_PREWARM_HOLD_LIMIT_MS;
    int64_t least_ms = hold_ms < most_ms ? hold_ms : most_ms;
    return least_ms > 0 ? (int)least_ms : 0;
}

int shared_prewarm_around(struct shared_middleware *self, const struct shared_context *context,
                          struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_prewarm *prewarm = (const struct shared_prewarm *)self;
    int hold_ms = prewarm->hold_ms;
    if (!shared_prewarm_is_event(event, prewarm->rule, &hold_ms) && !is_plugin(context->client_context))
        return shared_middleware_next(self, context, event, answer, err);

    /* One call is one environment only while it lasts: the hold begins with the invocation, so that making
     * the values is part of it. */
    int64_t began_us = shared_clock_monotonic_us();
    hold_ms = bounded(hold_ms, context);
    struct shared_context own = *context;
    struct shared_log log;
    if (!own.log) {
        shared_log_init(&log, own.request_id);
        own.log = &log;
    }
    warm_up(prewarm, &own, hold_ms);
    if (hold_ms > 0)
        shared_clock_sleep_until_us(began_us + (int64_t)hold_ms * 1000);
    answer->body = shared_slice_of(answer_text, sizeof(answer_text) - 1);
    return 0;
}
