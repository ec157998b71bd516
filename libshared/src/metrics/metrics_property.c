#include "metrics/metrics_member.h"

void shared_metrics_property(struct shared_metrics *metrics, const char *name, const char *value)
{
    if (!metrics)
        return;
    bool clashes = false;
    struct shared_metrics_member *member =
        name ? shared_metrics_find(metrics, name, SHARED_METRICS_PROPERTY, &clashes) : NULL;
    if (!name || clashes) {
        shared_metrics_refuse(metrics, SHARED_EINVAL, name, "no property, but another member");
        return;
    }
    if (!member)
        member = shared_metrics_make(metrics, name, SHARED_METRICS_PROPERTY);
    if (member && !value)
        member->text = NULL;
    else if (member)
        shared_metrics_set_text(metrics, member, value);
}
