#include "metrics/metrics_member.h"

/* What a line has beside metrics: the dimensions at their largest, 29 * (4 * 250 + 2 * 1024 + 16), and what
 * every document has. */
#define ROOM_BYTES (SHARED_METRICS_LINE_BYTES - 96 * 1024)

/* Each byte of a name may be escaped, by one more, and it stands twice in the document. */
#define DEFINITION_BYTES(name_bytes) (4 * (name_bytes) + 80)
#define VALUE_BYTES 25

/* Leaves out the metrics that have no values: their names gave room to others. */
static void forget_idle(struct shared_metrics *metrics)
{
    size_t kept = 0;
    for (size_t i = 0; i < metrics->count; i++) {
        const struct shared_metrics_member *member = &metrics->members[i];
        if (member->kind != SHARED_METRICS_METRIC || member->count > 0)
            metrics->members[kept++] = *member;
    }
    metrics->count = kept;
}

static struct shared_metrics_member *metric(struct shared_metrics *metrics, const char *name,
                                            enum shared_metrics_unit unit)
{
    bool clashes;
    struct shared_metrics_member *member =
        shared_metrics_find(metrics, name, SHARED_METRICS_METRIC, &clashes);
    if (clashes || (member && member->unit != unit)) {
        shared_metrics_refuse(metrics, SHARED_EINVAL, name,
                              clashes ? "no metric, but another member" : "has another unit");
        return NULL;
    }
    if (!member) {
        if (metrics->metric_count == SHARED_METRICS_LIMIT)
            shared_metrics_write(metrics);
        if (metrics->count >= SHARED_METRICS_LIMIT)
            forget_idle(metrics);
        member = shared_metrics_make(metrics, name, SHARED_METRICS_METRIC);
        if (member)
            member->unit = (uint8_t)unit;
    }
    return member;
}

/* Room for one value more; what has been gathered is written where the document is full. */
static bool has_room(struct shared_metrics *metrics, struct shared_metrics_member *member)
{
    if (member->count == SHARED_METRICS_VALUES_LIMIT ||
        (member->count == 0 && metrics->metric_count == SHARED_METRICS_LIMIT) ||
        metrics->size_bytes + DEFINITION_BYTES(member->name_bytes) + VALUE_BYTES > ROOM_BYTES)
        shared_metrics_write(metrics);
    if (member->count < member->capacity)
        return true;
    size_t capacity = member->capacity ? SHARED_METRICS_VALUES_LIMIT : 4;
    double *grown = shared_arena_resize(metrics->arena, member->values, member->count * sizeof(double),
                                        capacity * sizeof(double));
    if (!grown) {
        shared_metrics_refuse(metrics, SHARED_ENOMEM, member->name, "memory is exhausted");
        return false;
    }
    member->values = grown;
    member->capacity = (uint8_t)capacity;
    return true;
}

/* The comparison is false for what is no number, too. */
static void add(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit, double value,
                bool high)
{
    if (!metrics)
        return;
    if (!shared_metrics_takes(name, SHARED_METRICS_NAME_BYTES, false) ||
        (unsigned)unit > SHARED_METRICS_COUNT_PER_SECOND) {
        shared_metrics_refuse(metrics, SHARED_EINVAL, name, "not the name or unit of a metric");
        return;
    }
    if (!(value >= -0x1p360 && value <= 0x1p360)) {
        shared_metrics_refuse(metrics, SHARED_EINVAL, name, "a value that is no number CloudWatch takes");
        return;
    }
    struct shared_metrics_member *member = metric(metrics, name, unit);
    if (!member || !has_room(metrics, member))
        return;
    if (member->count == 0) {
        metrics->metric_count++;
        metrics->size_bytes += DEFINITION_BYTES(member->name_bytes);
    }
    member->high = member->high || high;
    member->values[member->count++] = value;
    metrics->size_bytes += VALUE_BYTES;
}

void shared_metrics_add(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit,
                        double value)
{
    add(metrics, name, unit, value, false);
}

void shared_metrics_add_high(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit,
                             double value)
{
    add(metrics, name, unit, value, true);
}
