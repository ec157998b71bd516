/* limit_view.h - all limits at once, as they would be in both profiles: for who wants to know how near they are. */
#ifndef PACKER_LIMIT_VIEW_H
#define PACKER_LIMIT_VIEW_H

#include "limit/limit.h"
#include "limit/limit_load.h"

#define LIMIT_PROFILES 2 /* of enum manifest_profile */

/* A value held against one limit in one profile. */
struct limit_standing {
    uint64_t allowed; /* LIMIT_NONE: there is, or was, no such limit */
    bool exceeded, via_s3;
    bool
        unplanned; /* a plan of that profile would have fewer layers, or none: those that are planned are no excess */
    const char *message; /* where exceeded */
};

struct limit_row {
    const char *name;  /* that of the limit; "duration_ms": what a function takes, against its own timeout */
    const char *title; /* "unzipped, with layers" */
    const char *function; /* NULL: the region, or a layer */
    const char *layer;    /* NULL: the region, or a function */
    bool minimum;
    uint64_t value;
    struct limit_standing profiles[LIMIT_PROFILES];
    size_t order; /* of limits: that in which they are shown elsewhere */
};

struct limit_view {
    struct limit_row *rows; /* the worst in the manifest's profile first */
    size_t count;
    size_t exceeded[LIMIT_PROFILES];
    struct limit_loads loads;
    uint64_t concurrency[LIMIT_PROFILES], gateway[LIMIT_PROFILES]; /* what the region allows */
};

/*
 * Holds usages and layers (all or some) and the region, which there is, against the limits of both profiles, with the manifest's
 * overrides in each. Traffic is that of all functions of the manifest; all of it is taken to come through API Gateway.
 * SHARED_EINVAL: an override names no limit; SHARED_ENOMEM.
 */
int limit_view_make(const struct manifest *manifest, const struct limit_held *held,
                    struct shared_arena *arena, struct limit_view *view, struct shared_error *err);

/* Whether a's part of its limit in a profile is larger than b's. A least value has no part. */
bool limit_row_is_worse(const struct limit_row *a, const struct limit_row *b, enum manifest_profile profile);

#endif
