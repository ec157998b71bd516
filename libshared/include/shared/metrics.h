/*
 * metrics.h - CloudWatch metrics as lines of the log: the Embedded Metric Format.
 *
 *     shared_metrics_add(context->metrics, "TitlesServed", SHARED_METRICS_COUNT, 1);
 *     shared_metrics_property(context->metrics, "title", id);
 *
 * A metric with dimensions of its own is a document of its own:
 *
 *     struct shared_metrics one;
 *     shared_metrics_init(&one, "video-api", context->arena);
 *     shared_metrics_dimension(&one, "codec", "h264");
 *     shared_metrics_add(&one, "Transcoded", SHARED_METRICS_COUNT, 1);
 *     shared_metrics_flush(&one, NULL);
 *
 * Source: CloudWatch user guide, "Specification: Embedded metric format", and CloudWatch API reference,
 * "MetricDatum" and "Dimension", 2025. What they allow:
 *
 *     metrics       100 a document, 100 values each; a name has 1 to 255 bytes of UTF-8 without control
 *                   characters; a value is a number between -2^360 and 2^360
 *     dimensions    30 a document, of which one is left; a name has 1 to 250 bytes of ASCII without control
 *                   characters and does not begin with ":", a value 1 to 1,024; neither is all spaces
 *
 * A metric that is added again gathers a list of values. What goes over a limit of a document is begun in
 * another one, after the first was flushed. Metrics, dimensions and properties are members of one object:
 * a name is one of them for good, and "_aws" is none. Every function takes NULL for metrics and then does
 * nothing, so that code with metrics runs in a function without.
 */
#ifndef SHARED_METRICS_H
#define SHARED_METRICS_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHARED_METRICS_LIMIT 100           /* of one document */
#define SHARED_METRICS_VALUES_LIMIT 100    /* of one metric in one document */
#define SHARED_METRICS_DIMENSIONS_LIMIT 29 /* of one document */

/* A document is one event of CloudWatch Logs, as long as a line of shared/log.h may be. */
#define SHARED_METRICS_LINE_BYTES (255 * 1024)

/* CloudWatch has Bits…, Gigabytes… and others; they are all sums of these. */
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

struct shared_metrics_member;

/* Caller-owned; private but for what shared_metrics_init sets. One thread: each invocation has its own. */
struct shared_metrics {
    struct shared_arena *arena; /* what is gathered lies here */
    const char *name_space;
    int64_t
        timestamp_ms; /* of the metrics, since 1970; 0, as after shared_metrics_init: when it is flushed */
    int fd;           /* where documents go; 1 after shared_metrics_init */
    int code;         /* 0, or that of the first thing that could not be taken */
    char refused[96]; /* what that was, and why */
    struct shared_metrics_member *members;
    size_t count, capacity;
    size_t metric_count, dimension_count; /* among the members; the metrics that have values */
    size_t size_bytes;                    /* what the metrics take of the line at most */
};

/*
 * An empty document. name_space ("video-api", no leading "AWS/") is borrowed; NULL: that of
 * POWERTOOLS_METRICS_NAMESPACE, else of AWS_LAMBDA_FUNCTION_NAME, else "demine".
 */
void shared_metrics_init(struct shared_metrics *metrics, const char *name_space, struct shared_arena *arena);

/* Adds a value. The name is copied. What the format does not take, and a unit other than the metric's, is
 * not taken, and remembered for shared_metrics_flush. */
void shared_metrics_add(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit,
                        double value);

/* The same with a resolution of one second (StorageResolution 1), from now on. */
void shared_metrics_add_high(struct shared_metrics *metrics, const char *name, enum shared_metrics_unit unit,
                             double value);

/* Sets a dimension of all metrics of the document. What was added before under other dimensions is flushed.
 * Both texts are copied. */
void shared_metrics_dimension(struct shared_metrics *metrics, const char *name, const char *value);

/* Sets a member that is no metric: searchable in the log, and free. Both texts are copied; any bytes are
 * taken, and what is not UTF-8 becomes U+FFFD; NULL becomes null. One that the line has no room for is left
 * out of it. */
void shared_metrics_property(struct shared_metrics *metrics, const char *name, const char *value);

/*
 * Writes what there is as one line, as shared/log.h does, and begins another document with the same
 * dimensions and properties. Nothing is written without metrics. Fails where something could not be taken
 * since the last call (SHARED_EINVAL, SHARED_ETOOBIG or SHARED_ENOMEM), naming the first; the rest is written
 * all the same. Also with SHARED_ENOMEM and SHARED_EIO, where the document is lost.
 */
int shared_metrics_flush(struct shared_metrics *metrics, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
