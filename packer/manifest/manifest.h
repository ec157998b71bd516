/*
 * manifest.h - what is wanted: demine.json as plain structs.
 *
 * The format is in packer/demine.schema.json; manifest_keys gives the same keys, and a test compares the two.
 * Comments (// and slash-star) are allowed. Every path is relative to the manifest's folder unless absolute, and
 * is given here as it was written; manifest->folder leads there. Everything lives in the arena of manifest_read.
 */
#ifndef PACKER_MANIFEST_H
#define PACKER_MANIFEST_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum manifest_runtime { RUNTIME_AL2023, RUNTIME_AL2 };                  /* provided.al2023, provided.al2 */
enum manifest_architecture { ARCHITECTURE_X86_64, ARCHITECTURE_ARM64 }; /* x86_64, arm64 */
enum manifest_linker { LINKER_BFD, LINKER_LLD, LINKER_MOLD };
/* auto: with the target's C library; of the others, the parts that are needed or, in a layer, the whole shared object:
 * what stores fewer bytes over all functions. */
enum manifest_linkage { LINKAGE_STATIC, LINKAGE_DYNAMIC, LINKAGE_AUTO };
enum manifest_layer_plan { LAYERS_AUTO, LAYERS_OFF };
enum manifest_level { LEVEL_DEFAULT, LEVEL_FAST, LEVEL_SMALLEST };

/* Texts in their order. */
struct manifest_texts {
    const char **items;
    size_t count;
};

struct manifest_pair {
    const char *name;
    const char *value;
};

struct manifest_toolchain {
    const char
        *compiler; /* "compiler": a name in PATH or a path; default gcc, for another target <triple>-gcc */
    struct manifest_texts flags;      /* "flags": for compiling; default -Os */
    struct manifest_texts link_flags; /* "link_flags" */
    enum manifest_linker linker;      /* "linker": bfd, lld, mold; default bfd */
    const char *strip;                /* "strip"; default that beside the compiler, else the target's */
};

/*
 * A library of the project's "libraries", an object keyed by its name: 1 to 64 letters, digits, "-", "_", ".", "+", and
 * none that stands for something else in the report (own, libc, linker, lto).
 */
struct manifest_library {
    const char *name;
    const char *json_path;
    struct manifest_texts archives; /* "archives": paths, or names that the compiler finds ("libz.a") */
    const char *
        shared; /* "shared": its shared object, for demine share; NULL: beside the archive, or the compiler's */
    struct manifest_texts include; /* "include": folders */
    struct manifest_texts needs;   /* "needs": names of libraries that this one uses; linked after it */
};

struct manifest_asset {
    const char *source;    /* a file or a folder; a folder is taken whole */
    const char *place;     /* where it lies in the package; "." for a folder: its content at the top */
    const char *json_path; /* functions.catalog.assets["share/titles.json"], for manifest_fail */
};

/* A layer made elsewhere that a function attaches: an element of its "layers". */
struct manifest_layer {
    const char *arn; /* of a version: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION */
    const char *json_path;
    uint64_t unzipped_bytes; /* it counts against the function's limit */
};

/*
 * A function of "runtime" is files alone, which its runtime reads: it has assets and a handler, and nothing that is
 * compiled or linked (manifest_is_program).
 */
/* A check of the target that is turned off: "checks": {"glibc-ceiling": {"off": "why"}}. */
struct manifest_check_off {
    const char *name;   /* checked against the list of checks by the check stage */
    const char *reason; /* "off"; not empty */
    const char *json_path;
};

struct manifest_function {
    const char *name; /* the key in "functions"; 1 to 64 letters, digits, "-", "_" */
    const char *json_path;
    const char *runtime; /* "runtime": "nodejs22.x", "python3.13", …; NULL: a program for the target's */
    const char *handler; /* "handler": "index.handler"; NULL for a program */
    struct manifest_texts sources;   /* "sources": C files */
    struct manifest_texts objects;   /* "objects": .o files made elsewhere */
    const char *binary;              /* "binary": linked elsewhere; then neither of the above */
    const char *map;                 /* "map": the link map of binary; NULL: none */
    struct manifest_texts libraries; /* "libraries": names, in link order; their needs are not in here */
    struct manifest_texts flags;     /* "flags": added to the toolchain's */
    enum manifest_linkage linkage;   /* "linkage": default static */
    struct manifest_asset *assets;   /* "assets": {"place/in/package": "source/path"}; sorted by place */
    size_t asset_count;
    struct manifest_texts fixed; /* "fixed": patterns of places that stay in the zip, with all below them */
    struct manifest_texts
        movable; /* "movable": patterns (fnmatch(3)) of places opened through shared/asset.h */
    struct manifest_layer *layers; /* "layers": {"arn:…": unzipped bytes}; sorted by ARN */
    size_t layer_count;
    struct manifest_check_off *checks_off; /* "checks": of this function alone; sorted by name */
    size_t check_off_count;
    struct manifest_pair *environment; /* "environment": {"NAME": "value"}; sorted by name */
    size_t environment_count;
    uint64_t memory_mb; /* "memory_mb"; 1 to 2^53 - 1, AWS's own range is the limit stage's; default 128 */
    uint64_t timeout_s; /* "timeout_s"; likewise; default 3 */
    uint64_t requests_per_s; /* "requests_per_s": expected at peak; 0: not said */
    uint64_t duration_ms;    /* "duration_ms": expected of one; 0: not said */
    const char *prewarm;     /* "prewarm": a schedule, "rate(5 minutes)" or "cron(…)"; NULL: none */
};

enum manifest_profile { PROFILE_TODAY, PROFILE_2016 };

/* A number of the limit table that the project sets itself: "limits": {"overrides": {"zip_bytes": 1000}}. */
struct manifest_override {
    const char *name; /* checked against the limit table by the limit stage */
    uint64_t value;   /* 0 to 2^53 - 1 */
    const char *json_path;
};

#define MANIFEST_NO_NUMBER UINT64_MAX /* a number that the manifest does not have */

/* What may not be exceeded; each may be MANIFEST_NO_NUMBER. */
struct manifest_allowance {
    uint64_t bytes;
    uint64_t growth_bytes, growth_percent; /* over the snapshot */
};

/*
 * What the program of each function, or what matches in it, may weigh: an element of "budgets". Patterns are those of
 * fnmatch(3); NULL: everything. It has a number at least.
 */
struct manifest_budget {
    const char *function;               /* "function"; matches one of the manifest's at least */
    const char *library;                /* "library", as demine size names it */
    const char *symbol;                 /* "symbol" */
    struct manifest_allowance zip;      /* "zip_bytes", "zip_growth_bytes", "zip_growth_percent" */
    struct manifest_allowance unzipped; /* "unzipped_bytes" and so on: in the program, as it is unzipped */
    const char *json_path;              /* budgets[0] */
};

struct manifest {
    const char *path;   /* as given to manifest_read */
    const char *folder; /* where it lies; "." for the current one */
    const char *name;   /* "name" of the project; as a function's name */
    enum manifest_runtime runtime;
    enum manifest_architecture architecture;
    const char
        *policy; /* "target": {"policy": …}: path of a policy file, see policy.h; NULL: the built-in one */
    struct manifest_toolchain toolchain;
    struct manifest_library *libraries; /* sorted by name */
    size_t library_count;
    struct manifest_function *functions; /* sorted by name */
    size_t function_count;
    enum manifest_profile profile;
    struct manifest_override *overrides; /* sorted by name */
    size_t override_count;
    struct manifest_check_off *checks_off; /* of all functions; sorted by name */
    size_t check_off_count;
    struct manifest_budget *budgets; /* in the manifest's order */
    size_t budget_count;
    const char *snapshot;                /* "snapshot": path; default demine.sizes.txt */
    const char *lock;                    /* "lock": path; default demine.lock.json */
    enum manifest_layer_plan layer_plan; /* "layers": {"plan": …} */
    uint64_t
        layer_extra_bytes; /* "layers": {"allow_extra_bytes": …}: of what a function did not ask for; default 0 */
    uint64_t
        replan_percent; /* "layers": {"replan_percent": …}: of the stored bytes, to be saved by a new plan
                                   before it takes the old one's place; default 10 */
    enum manifest_level level; /* "zip": {"level": …} */
    const char *s3_bucket; /* "limits": {"s3_bucket": …}: zips over the direct limit go there; NULL: none */
    struct shared_slice text; /* of the manifest, with comments blanked: where manifest_fail finds lines */
};

/* The largest manifest that is read. */
#define MANIFEST_LIMIT_BYTES (16u << 20)

/*
 * Reads and checks a manifest: every key known, every value of its type and range, every named library there
 * and without a cycle, every name unique. Fails with SHARED_EINVAL and a message "demine.json:12:
 * functions.hello.memory_mb: …" that says what to do, SHARED_EIO where the file cannot be read,
 * SHARED_ENOMEM. Files that it names are not touched.
 */
int manifest_read(const char *path, struct shared_arena *arena, struct manifest *manifest,
                  struct shared_error *err);

/* The same for a text that is in memory already; path is for messages and for the folder. */
int manifest_parse(const char *path, const char *text, size_t size_bytes, struct shared_arena *arena,
                   struct manifest *manifest, struct shared_error *err);

/*
 * Fails with SHARED_EINVAL in the words of the reader, for what later stages find wrong with a value:
 * manifest_fail(manifest, function->json_path, "memory_mb", err, "is %d, must be …") gives
 * "demine.json:12: functions.hello.memory_mb: is 64, must be …". member NULL: the value at json_path itself.
 * Where the manifest does not have the member, the line is that of what should hold it. A long path is shown
 * by its end.
 */
int manifest_fail(const struct manifest *manifest, const char *json_path, const char *member,
                  struct shared_error *err, const char *format, ...) __attribute__((format(printf, 5, 6)));

/*
 * The libraries of a function with all that they need, in link order: each before what it needs, else as
 * listed. The array lives in the arena. A manifest that was read cannot fail but for SHARED_ENOMEM.
 */
int manifest_link_order(const struct manifest *manifest, const struct manifest_function *function,
                        struct shared_arena *arena, const struct manifest_library ***order, size_t *count,
                        struct shared_error *err);

/* The library or function of a name; NULL where there is none. */
const struct manifest_library *manifest_find_library(const struct manifest *manifest, const char *name);
const struct manifest_function *manifest_find_function(const struct manifest *manifest, const char *name);

const char *manifest_runtime_name(enum manifest_runtime runtime);
const char *manifest_architecture_name(enum manifest_architecture architecture);
const char *manifest_profile_name(enum manifest_profile profile);

/* Whether a function is compiled and linked, or came linked; else it is files for a runtime. */
bool manifest_is_program(const struct manifest_function *function);

/* Every key that the reader knows, as "functions.*.memory_mb", sorted: for the test of the schema. */
int manifest_keys(struct shared_arena *arena, struct manifest_texts *keys);

#endif
