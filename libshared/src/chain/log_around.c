#include <shared/log_middleware.h>

#include "base/random.h"
#include "chain/chain_outcome.h"
#include "log/log_levels.h"
#include "log/log_ring.h"
#include "runtime/runtime_serve.h"

#include <stdlib.h>
#include <string.h>

/* A decimal number such as "0.05"; strtod would depend on the locale. 0 where it is none. */
static double rate_of(const char *text)
{
    double value = 0, unit = 0;
    for (; text && *text; text++) {
        if (*text == '.' && unit == 0) {
            unit = 1;
        } else if (*text >= '0' && *text <= '9') {
            value = value * 10 + (*text - '0');
            unit *= 10;
        } else {
            return 0;
        }
    }
    return unit > 0 ? value / unit : value;
}

static bool is_sampled(const struct shared_log_middleware *options)
{
    double rate = options->debug_sample_rate;
    if (rate == 0)
        rate = rate_of(getenv("POWERTOOLS_LOGGER_SAMPLE_RATE"));
    return rate > 0 && (double)(shared_random() >> 11) * 0x1p-53 < rate;
}

/* What the header of a trace says of its root; it is written as any text is. */
static struct shared_slice root_of(const char *header)
{
    const char *root = header ? strstr(header, "Root=") : NULL;
    return root ? shared_slice_of(root + 5, strcspn(root + 5, ";")) : shared_slice_of(NULL, 0);
}

static void add_members(struct shared_log *log, const struct shared_log_middleware *options,
                        const struct shared_context *context, struct shared_slice event, bool sampled)
{
    const char *service = options->service ? options->service : getenv("POWERTOOLS_SERVICE_NAME");
    char id[SHARED_LOG_CORRELATION_LIMIT_BYTES];
    size_t id_bytes = options->correlate ? options->correlate(options->correlate_path, event, id) : 0;
    struct shared_slice root = root_of(context->trace_id);
    struct shared_log_field fields[4];
    size_t count = 0;
    if (service)
        fields[count++] = shared_log_text("service", service);
    if (id_bytes)
        fields[count++] = shared_log_slice("correlationId", shared_slice_of(id, id_bytes));
    if (root.size_bytes)
        fields[count++] = shared_log_slice("xrayTraceId", root);
    if (sampled)
        fields[count++] = shared_log_bool("sampled", true);
    if (count)
        shared_log_child(log, log, context->arena, fields, count);
}

static void say_failure(const struct shared_log *log, const struct shared_log_ring *ring,
                        const struct shared_answer *answer, const struct shared_error *err)
{
    const char *type = answer->failure.type;
    shared_log_release(log);
    const struct shared_log_field fields[] = {
        shared_log_text("errorType", type ? type : shared_error_name(err->code)),
        answer->failure.message.data ? shared_log_slice("error", answer->failure.message)
                                     : shared_log_text("error", err->text),
        shared_log_number("heldLinesLost", (int64_t)ring->lost),
    };
    shared_log_with(log, SHARED_LOG_ERROR, "invocation failed", fields, ring->lost ? 3 : 2);
}

int shared_log_around(struct shared_middleware *self, const struct shared_context *context,
                      struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    const struct shared_log_middleware *options = (const void *)self;
    struct shared_context own = *context;
    struct shared_log log;
    struct shared_log_ring ring;
    bool sampled = is_sampled(options);

    shared_log_init(&log, context->request_id);
    log.level = shared_log_level_read(getenv("POWERTOOLS_LOG_LEVEL"), log.level);
    if (sampled && log.level > SHARED_LOG_DEBUG)
        log.level = SHARED_LOG_DEBUG;
    ring.lost = 0;
    if (options->hold) {
        options->hold(&ring, &log, options->held_level,
                      shared_arena_alloc(context->arena, options->hold_bytes), options->hold_bytes);
        ring.released_by_error = options->released_by_error;
    }
    add_members(&log, options, context, event, sampled);
    own.log = &log;

    if (context->cold_start)
        shared_log_with(
            &log, SHARED_LOG_INFO, "cold start",
            SHARED_LOG_FIELDS(shared_log_milliseconds("init_ms", context->init_us),
                              shared_log_text("memory_mb", getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")),
                              shared_log_text("functionVersion", getenv("AWS_LAMBDA_FUNCTION_VERSION"))));
    if (options->log_event)
        shared_log_with(&log, SHARED_LOG_INFO, "event", SHARED_LOG_FIELDS(shared_log_slice("event", event)));

    int result = shared_runtime_with_code(shared_middleware_next(self, &own, event, answer, err), err);
    if (shared_chain_has_failed(result))
        say_failure(&log, &ring, answer, err);
    return result;
}
