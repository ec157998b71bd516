/* metrics_member.h - what a document is made of, for the files of this folder. */
#ifndef SHARED_METRICS_MEMBER_H
#define SHARED_METRICS_MEMBER_H

#include <shared/metrics.h>

#include <stdbool.h>
#include <stdint.h>

#define SHARED_METRICS_NAME_BYTES 255
#define SHARED_METRICS_DIMENSION_NAME_BYTES 250
#define SHARED_METRICS_DIMENSION_VALUE_BYTES 1024

enum shared_metrics_kind { SHARED_METRICS_METRIC, SHARED_METRICS_DIMENSION, SHARED_METRICS_PROPERTY };

struct shared_metrics_member {
    const char *name;
    size_t name_bytes;
    uint8_t kind, unit;
    bool high;
    uint8_t count, capacity; /* of values; a metric that was flushed has none and waits for more */
    const char *text;
    double *values;
};

/* Remembers the first thing that could not be taken. */
void shared_metrics_refuse(struct shared_metrics *metrics, enum shared_error_code code, const char *name,
                           const char *reason);

/* Whether CloudWatch takes a text: of 1 to limit bytes, without control characters, in UTF-8 or in ASCII. */
bool shared_metrics_takes(const char *text, size_t limit_bytes, bool ascii);

/* The member of that name; NULL where there is none. Where it is of another kind, *clashes is set. */
struct shared_metrics_member *shared_metrics_find(const struct shared_metrics *metrics, const char *name,
                                                  enum shared_metrics_kind kind, bool *clashes);

/* Makes a member. NULL where memory is exhausted, which is remembered. Members move when one is made. */
struct shared_metrics_member *shared_metrics_make(struct shared_metrics *metrics, const char *name,
                                                  enum shared_metrics_kind kind);

/* Sets its text, a copy. Nothing is changed where memory is exhausted, which is remembered. */
void shared_metrics_set_text(struct shared_metrics *metrics, struct shared_metrics_member *member,
                             const char *text);

/* Writes the document, where it has metrics, and begins another. What goes wrong is remembered. */
void shared_metrics_write(struct shared_metrics *metrics);

#endif
