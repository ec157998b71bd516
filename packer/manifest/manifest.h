/*
 * manifest.h - what is wanted: demine.json as plain structs.
 *
 * The format is in packer/demine.schema.json; manifest_keys holds the same keys, and a test compares the two. Comments
 * (// and slash-star) are allowed. Every path is relative to the manifest's folder unless absolute, and is given here
 * as it was written; manifest->folder leads there. Everything lives in the arena of manifest_read.
 */
#ifndef PACKER_MANIFEST_H
#define PACKER_MANIFEST_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum manifest_runtime { RUNTIME_AL2023, RUNTIME_AL2 };          /* provided.al2023, provided.al2 */
enum manifest_architecture { ARCHITECTURE_X86_64, ARCHITECTURE_ARM64 }; /* x86_64, arm64 */
enum manifest_linker { LINKER_BFD, LINKER_LLD, LINKER_MOLD };
enum manifest_linkage { LINKAGE_STATIC, LINKAGE_DYNAMIC };

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
    const char *compiler;             /* "compiler": a name in PATH or a path; default cc, or aarch64-linux-gnu-gcc */
    struct manifest_texts flags;      /* "flags": for compiling; default -Os */
    struct manifest_texts link_flags; /* "link_flags" */
    enum manifest_linker linker;      /* "linker": bfd, lld, mold; default bfd */
    const char *strip;                /* "strip": default derived from the compiler's name */
};

/* A library of the project's "libraries", an object keyed by its name. */
struct manifest_library {
    const char *name;
    struct manifest_texts archives; /* "archives": paths, or names without slash that the compiler finds (libz.a) */
    struct manifest_texts include;  /* "include": folders */
    struct manifest_texts needs;    /* "needs": names of libraries that this one uses; linked after it */
};

struct manifest_asset {
    const char *source; /* a file or a folder; a folder is taken whole */
    const char *place;  /* where it lies in the package; "." for a folder: its content at the top */
    const char *json_path; /* "functions.catalog.assets[0]", for messages */
};

struct manifest_function {
    const char *name; /* the key in "functions"; 1 to 64 letters, digits, "-", "_" */
    const char *json_path;
    struct manifest_texts sources;   /* "sources": C files */
    struct manifest_texts objects;   /* "objects": .o files made elsewhere */
    const char *binary;              /* "binary": linked elsewhere; then neither of the above */
    const char *map;                 /* "map": the link map of binary; NULL: none */
    struct manifest_texts libraries; /* "libraries": names, in link order; their needs are not in here */
    struct manifest_texts flags;     /* "flags": added to the toolchain's */
    enum manifest_linkage linkage;   /* "linkage": default static */
    struct manifest_asset *assets;   /* "assets": {"place/in/package": "source/path"} */
    size_t asset_count;
    struct manifest_pair *environment; /* "environment": {"NAME": "value"} */
    size_t environment_count;
    uint64_t memory_mb; /* "memory_mb"; default 128 */
    uint64_t timeout_s; /* "timeout_s"; default 3 */
};

enum manifest_profile { PROFILE_TODAY, PROFILE_2016 };

/* A number of the limit table that the project sets itself: "limits": {"overrides": {"zip_bytes": 1000}}. */
struct manifest_override {
    const char *name; /* checked against the limit table by the limit stage */
    uint64_t value;
    const char *json_path;
};

struct manifest {
    const char *path;   /* as given to manifest_read */
    const char *folder; /* where it lies; "." for the current one */
    const char *name;   /* "name" of the project; as a function's name */
    enum manifest_runtime runtime;
    enum manifest_architecture architecture;
    struct manifest_toolchain toolchain;
    struct manifest_library *libraries;
    size_t library_count;
    struct manifest_function *functions; /* sorted by name */
    size_t function_count;
    enum manifest_profile profile;
    struct manifest_override *overrides;
    size_t override_count;
    const char *s3_bucket; /* "limits": {"s3_bucket": …}: zips over the direct limit go there; NULL: none */
};

/*
 * Reads and checks a manifest: every key known, every value of its type and range, every named library there and
 * without a cycle, every name unique. Fails with SHARED_EINVAL and a message "demine.json:12: functions.hello.memory_mb: …"
 * that says what to do, SHARED_EIO where the file cannot be read, SHARED_ENOMEM. Files that it names are not touched.
 */
int manifest_read(const char *path, struct shared_arena *arena, struct manifest *manifest, struct shared_error *err);

/* The same for a text that is in memory already; path is for messages and for the folder. */
int manifest_parse(const char *path, const char *text, size_t size_bytes, struct shared_arena *arena,
                   struct manifest *manifest, struct shared_error *err);

/* The libraries of a function with all that they need, in link order: each before what it needs. */
int manifest_link_order(const struct manifest *manifest, const struct manifest_function *function,
                        struct shared_arena *arena, const struct manifest_library ***order, size_t *count,
                        struct shared_error *err);

const char *manifest_runtime_name(enum manifest_runtime runtime);
const char *manifest_architecture_name(enum manifest_architecture architecture);
const char *manifest_profile_name(enum manifest_profile profile);

/* Every key that the reader knows, as "functions.*.memory_mb" (sorted, ended by NULL): for the test of the schema. */
extern const char *const manifest_keys[];

#endif
