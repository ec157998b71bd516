#include "metrics/metrics_member.h"

#include <string.h>

void shared_metrics_dimension(struct shared_metrics *metrics, const char *name, const char *value)
{
    if (!metrics)
        return;
    bool clashes = false;
    if (!shared_metrics_takes(name, SHARED_METRICS_DIMENSION_NAME_BYTES, true) || *name == ':' ||
        !shared_metrics_takes(value, SHARED_METRICS_DIMENSION_VALUE_BYTES, true)) {
        shared_metrics_refuse(metrics, SHARED_EINVAL, name, "not the name or value of a dimension");
        return;
    }
    struct shared_metrics_member *member =
        shared_metrics_find(metrics, name, SHARED_METRICS_DIMENSION, &clashes);
    if (clashes) {
        shared_metrics_refuse(metrics, SHARED_EINVAL, name, "no dimension, but another member");
        return;
    }
    if (member && strcmp(member->text, value) == 0)
        return;
    if (!member && metrics->dimension_count == SHARED_METRICS_DIMENSIONS_LIMIT) {
        shared_metrics_refuse(metrics, SHARED_ETOOBIG, name, "one dimension too many");
        return;
    }
    shared_metrics_write(metrics);
    bool made = !member;
    if (made)
        member = shared_metrics_make(metrics, name, SHARED_METRICS_DIMENSION);
    if (!member)
        return;
    shared_metrics_set_text(metrics, member, value);
    if (made && !member->text)
        metrics->count--;
    else if (made)
        metrics->dimension_count++;
}
