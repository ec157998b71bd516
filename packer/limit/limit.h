/*
 * limit.h - may it go out? Every number of AWS's stands once, in limit_table.c, with its source and date.
 */
#ifndef PACKER_LIMIT_H
#define PACKER_LIMIT_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIMIT_NONE UINT64_MAX /* did not exist, or does not apply */

enum limit_scope { LIMIT_FUNCTION, LIMIT_REGION };

struct limit {
    const char *name;        /* "zip_bytes": the key of an override; its end gives the unit */
    const char *title;       /* "zip, direct upload" */
    enum limit_scope scope;
    bool minimum;            /* the value is a least one (memory_min_mb) */
    uint64_t in_2016, today; /* LIMIT_NONE where there was none */
    const char *source;      /* where the number stands, and its date */
};

/* All of them, limit_count, in the order in which they are shown. */
extern const struct limit limit_table[];
extern const size_t limit_count;

/* The limits of one project: profile, then overrides. values[i] belongs to limit_table[i]. */
struct limit_values {
    uint64_t *values;
    bool *overridden;
};

/* SHARED_EINVAL where an override names no limit (the message has the nearest name). */
int limit_values_read(const struct manifest *manifest, struct shared_arena *arena, struct limit_values *limits,
                      struct shared_error *err);

/* One part of what a function weighs, for messages: an asset or an origin in its program. */
struct limit_part {
    const char *name;
    uint64_t bytes;
};

/* What is known of a function so far. */
struct limit_usage {
    const char *function;
    bool zipped;              /* zip_bytes is known */
    uint64_t zip_bytes;
    uint64_t unzipped_bytes;
    uint64_t environment_bytes; /* compact JSON of the environment, as in the request */
    uint64_t memory_mb;
    uint64_t timeout_s;
    uint64_t layers;
    const struct limit_part *parts; /* in any order */
    size_t part_count;
};

/* The region's code storage: what is used already and what the account's own limit is. */
struct limit_region {
    uint64_t used_bytes;
    uint64_t limit_bytes;   /* LIMIT_NONE: that of the profile */
    uint64_t functions;
    const char *account;    /* path of the file it was read from; NULL: none, counted from 0 */
};

/* Reads the output of "aws lambda get-account-settings". */
int limit_region_read(const char *path, struct shared_arena *arena, struct limit_region *region,
                      struct shared_error *err);

struct limit_finding {
    const struct limit *limit;
    const char *function; /* NULL: the region */
    uint64_t value, allowed;
    bool exceeded;
    bool via_s3;         /* zip over the direct limit, but a bucket takes it */
    const char *message; /* where exceeded: number, limit, three largest contributors, what to do */
};

struct limit_findings {
    struct limit_finding *items; /* functions in order, then the region */
    size_t count;
    size_t exceeded;
};

/* Holds all functions and the region against the limits. What is not known yet (zipped false) is left out, so the
 * same call serves before and after compressing. */
int limit_check(const struct manifest *manifest, const struct limit_values *limits, const struct limit_usage *usages,
                size_t usage_count, const struct limit_region *region, struct shared_arena *arena,
                struct limit_findings *findings, struct shared_error *err);

/* Bytes of {"Variables":{…}} as compact JSON: what the 4 KB of environment are counted on. */
uint64_t limit_environment_bytes(const struct manifest_function *function);

/* "52,428,800 B (50 MB)": AWS's units are 1024-based. */
char *limit_bytes_text(struct shared_arena *arena, uint64_t bytes);

#endif
