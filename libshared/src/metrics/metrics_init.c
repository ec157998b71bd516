#include "metrics/metrics_member.h"

#include <stdlib.h>
#include <unistd.h>

void shared_metrics_init(struct shared_metrics *metrics, const char *name_space, struct shared_arena *arena)
{
    const char *const names[] = {name_space, getenv("POWERTOOLS_METRICS_NAMESPACE"),
                                 getenv("AWS_LAMBDA_FUNCTION_NAME"), "demine"};
    *metrics = (struct shared_metrics){.arena = arena, .fd = STDOUT_FILENO};
    for (size_t i = 0; !metrics->name_space; i++) {
        if (shared_metrics_takes(names[i], SHARED_METRICS_NAME_BYTES, true))
            metrics->name_space = names[i];
        else if (names[i] && names[i][0])
            shared_metrics_refuse(metrics, SHARED_EINVAL, names[i], "not the name of a namespace");
    }
}
