#include "metrics/metrics_member.h"

int shared_metrics_flush(struct shared_metrics *metrics, struct shared_error *err)
{
    if (!metrics)
        return 0;
    shared_metrics_write(metrics);
    enum shared_error_code code = (enum shared_error_code)metrics->code;
    metrics->code = 0;
    return code ? shared_fail(err, code, 0, "metrics: %s", metrics->refused) : 0;
}
