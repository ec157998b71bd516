#include <shared/lazy.h>

#include "chain/lazy_report.h"

#include <shared/metrics.h>
#include <shared/runtime.h>

#include <stdio.h>

static void measure(const struct shared_lazy *lazy, const struct shared_lazy_making *making, int status,
                    struct shared_metrics *metrics)
{
    char name[128]; /* the format takes 255 bytes; one that is cut is still found */
    snprintf(name, sizeof(name), "lazy_%s", lazy->name);
    shared_metrics_add(metrics, status < 0 ? "LazyFailed" : "LazyMade", SHARED_METRICS_MILLISECONDS,
                       (double)making->took_us / 1000);
    shared_metrics_property(metrics, name, status < 0 ? "failed" : "made");
}

int shared_lazy_use(struct shared_lazy *lazy, const struct shared_context *context, void **value,
                    struct shared_error *err)
{
    struct shared_error own;
    struct shared_lazy_making making;
    if (!err)
        err = &own;
    int status = shared_lazy_get(lazy, value, &making, err);
    if (context && making.tried) {
        shared_lazy_log(lazy, &making, status, err, context->log);
        measure(lazy, &making, status, context->metrics);
    }
    return status;
}
