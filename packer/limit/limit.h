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

#define LIMIT_NONE UINT64_MAX /* there was none, or it does not apply */

enum limit_scope { LIMIT_FUNCTION, LIMIT_LAYER, LIMIT_REGION };

/* Indexes of limit_table, in the order in which limits are shown. */
enum limit_id {
    LIMIT_ZIP_BYTES,
    LIMIT_LAYER_ZIP_BYTES,
    LIMIT_UNZIPPED_BYTES,
    LIMIT_LAYERS,
    LIMIT_ENVIRONMENT_BYTES,
    LIMIT_MEMORY_MIN_MB,
    LIMIT_MEMORY_MAX_MB,
    LIMIT_TIMEOUT_S,
    LIMIT_REQUEST_BYTES,
    LIMIT_CODE_STORAGE_BYTES,
    LIMIT_CONCURRENCY,
    LIMIT_GATEWAY_REQUESTS_PER_S
};

struct limit {
    const char *name;  /* "zip_bytes": the key of an override; its end gives the unit */
    const char *title; /* "zip, direct upload" */
    enum limit_scope scope;
    bool minimum;  /* the value is a least one (memory_min_mb) */
    bool measured; /* limit_check holds values against it; of the others only the number stands here */
    uint64_t in_2016,
        today;          /* LIMIT_NONE where there was none; 0 layers in 2016: there were none to attach */
    const char *source; /* where the number stands, and its date */
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
int limit_values_read(const struct manifest *manifest, struct shared_arena *arena,
                      struct limit_values *limits, struct shared_error *err);

/* One part of what a function weighs, for messages: an asset, an origin in its program, a layer. */
struct limit_part {
    const char *name;
    uint64_t bytes;
};

/* What is known of a function so far. */
struct limit_usage {
    const char *function;
    bool zipped; /* zip_bytes is known */
    uint64_t zip_bytes;
    uint64_t unzipped_bytes;    /* function plus layers */
    uint64_t environment_bytes; /* limit_environment_bytes */
    uint64_t memory_mb;
    uint64_t timeout_s;
    uint64_t layers;
    uint64_t layer_bytes;           /* unzipped; part of unzipped_bytes */
    const struct limit_part *parts; /* unzipped, in any order; the last of them are its layers */
    size_t part_count;
    const struct limit_part *zip_parts; /* what is in its zip, each as it lies there */
    size_t zip_part_count;
};

/* A layer of the plan. Unzipped it has no limit of its own: whole, it is part of what each of its users weighs. */
struct limit_layer {
    const char *name;
    uint64_t zip_bytes;
    const struct limit_part *zip_parts; /* what is in its zip, each as it lies there */
    size_t zip_part_count;
};

/* How fast the storage fills: limit_ledger.h has how it is found. */
struct limit_rate {
    uint64_t bytes; /* published after from, up to to */
    uint64_t days;  /* from one to the other; 0: not known */
    char from[11], to[11];
};

/* The region: its code storage, what is used already and what the account's own limits are. */
struct limit_region {
    uint64_t used_bytes;
    uint64_t limit_bytes; /* LIMIT_NONE: that of the profile */
    uint64_t concurrency; /* executions at a time that the account may have; 0: those of the profile */
    uint64_t functions;
    const char *account; /* path of the file it was read from; NULL: none */
    const char *
        ledger; /* path of the lock that has a ledger, from which it is counted without account; NULL: none */
    struct limit_rate rate;         /* of the ledger */
    const struct limit_part *added; /* what a publish of this pack adds: zips of functions and layers */
    size_t added_count;
};

/*
 * Reads the output of "aws lambda get-account-settings": AccountLimit.TotalCodeSize,
 * AccountUsage.TotalCodeSize and AccountUsage.FunctionCount, and AccountLimit.ConcurrentExecutions where that is there.
 * SHARED_EINVAL names the file, the JSON path, and what was expected there; SHARED_EIO where it cannot be read.
 */
int limit_region_read(const char *path, struct shared_arena *arena, struct limit_region *region,
                      struct shared_error *err);

/* The same for a text that is in memory; text[size_bytes] is a NUL. path is kept as region->account. */
int limit_region_parse(const char *path, const char *text, size_t size_bytes, struct limit_region *region,
                       struct shared_error *err);

/* What is held against limits. */
struct limit_held {
    const struct limit_usage *usages;
    size_t usage_count;
    const struct limit_layer *layers; /* none as long as their zips are not known */
    size_t layer_count;
    const struct limit_region *region; /* NULL: none */
};

struct limit_finding {
    const struct limit *limit; /* its scope says what this is of */
    const char *function;      /* NULL: the region, or a layer */
    uint64_t value, allowed;
    bool exceeded;
    bool via_s3;         /* zip over the direct limit, but a bucket takes it */
    const char *message; /* where exceeded: number, limit, three largest contributors, what to do */
    const char *layer;   /* NULL: the region, or a function */
};

struct limit_findings {
    struct limit_finding *items; /* functions in order, layers in order, then the region */
    size_t count;
    size_t exceeded;
};

/*
 * Holds functions, layers and the region against the limits. What is not known yet (zipped false) is left out, so
 * the same call serves before and after compressing; so are limits that are LIMIT_NONE. The region's value is
 * what is used plus what is added: AWS counts every version of a function, and the same zip again.
 *
 * A zip over zip_bytes, or a layer's over layer_zip_bytes, is fine (via_s3) where limits.s3_bucket is set and the number is that of the profile
 * of today; a number that the project sets itself is its budget, whichever way the zip goes, and in 2016
 * there was no other way. The account's own limit stands for the profile's; an override counts only where it
 * is lower than that.
 */
int limit_check(const struct manifest *manifest, const struct limit_values *limits,
                const struct limit_held *held, struct shared_arena *arena, struct limit_findings *findings,
                struct shared_error *err);

/*
 * Bytes of {"NAME":"value",…} as compact JSON; 0 where there is no variable. This is the text that Lambda
 * measures: its refusal says "exceeded the 4KB limit. String measured: {…}". As cJSON prints it: only quote,
 * backslash and control characters are escaped.
 */
uint64_t limit_environment_bytes(const struct manifest_function *function);

/* "52,428,800 B (50 MB)", "512 B": AWS's units are 1024-based. A decimal, "50.0 MB", says that it is rounded.
 */
char *limit_bytes_text(struct shared_arena *arena, uint64_t bytes);

/* "52,428,800". */
char *limit_number_text(struct shared_arena *arena, uint64_t number);

#endif
