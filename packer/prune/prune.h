/*
 * prune.h - which published versions of functions and layers could go.
 *
 * Storage counts every version that was ever published (limit_ledger.h), and AWS removes none by itself. What is kept
 * for sure: $LATEST; what an alias points to, or routes a part of its traffic to; the newest published versions of each
 * function; each function of which no list of aliases is known; layer versions that a kept version of a function uses,
 * or that the lock's plan attaches; all layer versions where somebody may use them whose versions are not listed.
 *
 * What is not seen: who calls a version by its number (event sources, API Gateway, other accounts).
 */
#ifndef PACKER_PRUNE_H
#define PACKER_PRUNE_H

#include "layer/lock_file.h"
#include "prune/prune_arn.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRUNE_KEEP 3
#define PRUNE_LIMIT_BYTES (256u << 20)
#define PRUNE_MOST_BYTES (UINT64_C(1) << 40) /* of one version: sums cannot overflow */
#define PRUNE_UNKNOWN UINT64_MAX

enum prune_verdict {
    PRUNE_GOES,
    PRUNE_IS_LATEST,
    PRUNE_ALIASED,         /* or routed to */
    PRUNE_NEWEST,          /* among the newest that are kept */
    PRUNE_ALIASES_UNKNOWN, /* no whole list of the function's aliases was given */
    PRUNE_USED,            /* a layer's: a kept version has it */
    PRUNE_PLANNED,         /* a layer's: the lock's plan has it */
    PRUNE_USERS_UNKNOWN    /* a layer's: not all who could use it are known */
};

/* A version as it was listed. Texts live in the arena. */
struct prune_version {
    const char *function; /* its ARN without the version */
    const char *name;
    uint64_t version;     /* PRUNE_LATEST, or from 1 on */
    uint64_t bytes;       /* of the zip */
    const char *modified; /* as AWS wrote it; NULL: not said */
    const char **layers;  /* ARNs of versions */
    size_t layer_count;
    enum prune_verdict verdict;
    const char *alias; /* of PRUNE_ALIASED: the first by name */
    bool again;        /* listed before: it counts once */
};

struct prune_alias {
    const char *function;
    const char *name;
    uint64_t version;
};

struct prune_layer {
    const char *arn;   /* of the version */
    const char *whole; /* without it */
    const char *name;
    uint64_t version;
    uint64_t bytes;      /* PRUNE_UNKNOWN: not known */
    const char *created; /* NULL: not said */
    enum prune_verdict verdict;
    const char *user; /* of PRUNE_USED: NAME:VERSION of one that has it */
    bool again;
};

/* The size of a layer version, from whoever says it. */
struct prune_size {
    const char *arn;
    uint64_t bytes;
};

/* A page of a list, or a whole one: of whom it is and whether it is the last. */
struct prune_page {
    const char *function; /* ARN, or a name that the user gave */
    bool last;
    bool met; /* of aliases, once planned: a version of that function is listed */
};

struct prune_list {
    void *items;
    size_t count, capacity;
};

/* What was read, in the order of reading. {0} is nothing. */
struct prune_lists {
    struct prune_list versions;      /* struct prune_version */
    struct prune_list version_pages; /* struct prune_page */
    struct prune_list aliases;       /* struct prune_alias */
    struct prune_list alias_pages;   /* struct prune_page */
    struct prune_list layers;        /* struct prune_layer */
    struct prune_list sizes;         /* struct prune_size */
    const char *place;               /* of all ARNs: arn:PARTITION:lambda:REGION:ACCOUNT */
    const char *region;
};

/*
 * Read what aws lambda list-versions-by-function, list-aliases, list-layer-versions and get-layer-version print: one
 * JSON document or several, one after the other, with pages in any order. text is not kept. function: whose aliases
 * they are, where the user says it; NULL. SHARED_EINVAL: "FILE:12: Versions[3].CodeSize: …"; SHARED_ENOMEM.
 */
int prune_versions_read(const char *path, struct shared_slice text, struct shared_arena *arena,
                        struct prune_lists *lists, struct shared_error *err);
int prune_aliases_read(const char *path, struct shared_slice text, const char *function,
                       struct shared_arena *arena, struct prune_lists *lists, struct shared_error *err);
int prune_layers_read(const char *path, struct shared_slice text, struct shared_arena *arena,
                      struct prune_lists *lists, struct shared_error *err);

struct prune_options {
    uint64_t keep;                /* the newest published versions of each function */
    bool no_aliases;              /* there are no aliases but those listed */
    bool all_functions;           /* all functions that may use a layer are listed */
    const struct lock_file *lock; /* whose layers are in use, and whose ledger knows sizes; NULL: none */
};

/* A version that an alias points to, and that its function's list lacks: it was made before that version was. */
struct prune_missing {
    const char *function; /* its name */
    const char *alias;
    uint64_t version;
};

struct prune_plan {
    struct prune_version *versions; /* by function, the oldest first; $LATEST before all */
    size_t version_count;
    struct prune_layer *layers; /* by name, the oldest first */
    size_t layer_count;
    const char **unknown; /* names of functions that keep all, as their aliases are not known */
    size_t unknown_count;
    const char **partial; /* names of functions whose list of versions is not whole: no layer goes */
    size_t partial_count;
    struct prune_missing *missing; /* by function, version, alias; their functions are in partial too */
    size_t missing_count;
    /* Functions whose aliases were given, and of which no version is listed: ARNs or names. No layer goes. */
    const char **strangers;
    size_t stranger_count;
    size_t versions_gone, layers_gone;
    uint64_t version_bytes, layer_bytes; /* won; of layers without those of unknown size */
    size_t layers_unknown;               /* layers that go, and of whose size nothing is known */
    const char *place, *region;
};

/* SHARED_ENOMEM. */
int prune_plan_make(const struct prune_lists *lists, const struct prune_options *options,
                    struct shared_arena *arena, struct prune_plan *plan, struct shared_error *err);

#endif
