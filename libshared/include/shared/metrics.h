/*
 * metrics.h - CloudWatch metrics as lines of the log: the Embedded Metric Format.
 *
 *     shared_metrics_add(context->metrics, "TitlesServed", SHARED_METRICS_COUNT, 1);
 *     shared_metrics_property(context->metrics, "title", id);
 *
 * Source: CloudWatch user guide, "Specification: Embedded metric format", 2025: at most 100 metrics a
 * document, 100 values a metric, 30 dimensions a set (29 of the caller's, beside the service's), 1 MB a line.
 * Names and values: "Metric" and "Dimension" in the CloudWatch API reference (1 to 255 bytes here, 1 to
 * 1,024 for a dimension's value).
 *
 * A metric that is added again gathers a list of values. What goes over a limit of the format is flushed first
 * and goes on in another document. Every function takes NULL for metrics and then does nothing, so that code
 * with metrics runs in a function without.
 */
#ifndef SHARED_METRICS_H
#define SHARED_METRICS_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHARED_METRICS_LIMIT 100           /* of one document */
#define SHARED_METRICS_VALUES_LIMIT 100    /* of one metric in one document */
#define SHARED_METRICS_DIMENSIONS_LIMIT 29 /* of the caller's */

enum shared_metrics_unit {
    SHARED_METRICS_NONE,
    SHARED_METRICS_COUNT,
    SHARED_METRICS_SECONDS,
    SHARED_METRICS_MILLISECONDS,
    SHARED_METRICS_MICROSECONDS,
    SHARED_METRICS_BYTES,
    SHARED_METRICS_KILOBYTES,
    SHARED_METRICS_MEGABYTES,
    SHARED_METRICS_PERCENT,
    SHARED_METRICS_BYTES_PER_SECOND,
    SHARED_METRICS_COUNT_PER_SECOND
};

struct shared_metrics_entry;
struct shared_metrics_pair;

/* Caller-owned; private but for what shared_metrics_init sets. One thread: each invocation has its own. */
struct shared_metrics {
    struct shared_arena *arena; /* what is gathered lies here */
    const char *name_space;
    int fd;   /* where documents go; 1 after shared_metrics_init */
    int code; /* 0, or that of the first thing that could not be taken; shared_metrics_flush says it */
    struct shared_metrics_entry *entries;
    struct shared_metrics_pair *dimensions, *properties;
    size_t entry_count, dimension_count, property_count;
};

/* An empty document. name_space ("video-api", no leading "AWS/") is borrowed; NULL: that of
 * POWERTOOLS_METRICS_NAMESPACE, else the function's name. */
void shared_metrics_init(struct shared_metrics *metrics, const char *name_space, struct shared_arena *arena);

/* Adds a value. A name that is new with another unit than before, empty or too long, or a value that is no
 * finite number, is not taken (and remembered for shared_metrics_flush). */
void shared_metrics_add(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit,
                        double value);

/* The same with a resolution of one second (StorageResolution 1). */
void shared_metrics_add_high(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit,
                             double value);

/* Sets a dimension of all metrics of the document. What was added before under other dimensions is flushed. */
void shared_metrics_dimension(struct shared_metrics *metrics, const char *name, const char *value);

/* Sets a member that is no metric: searchable, and free. */
void shared_metrics_property(struct shared_metrics *metrics, const char *name, const char *value);

/*
 * Writes what there is as one line and begins an empty document; dimensions stay. Nothing is written without
 * metrics. Fails with SHARED_EINVAL where something could not be taken, naming the first; the rest is written
 * all the same.
 */
int shared_metrics_flush(struct shared_metrics *metrics, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
