/*
 * lock_file.h - demine.lock.json: what the last pack made, so that the next one changes as little as it can, and what
 * was published. Meant to be committed: sorted, one thing a line, no time but the ledger's dates.
 *
 * {"format":1,"project":…,"architecture":…,
 *  "functions":{"NAME":{"zip_bytes":…,"sha256":"base64","content":"32 hex","unzipped_bytes":…,"layers":["NAME",…]}},
 *  "layers":{"NAME":{"zip_bytes":…,"sha256":…,"content":…,"unzipped_bytes":…,
 *                    "items":[{"place":…,"digest":"32 hex","zip_bytes":…,"unzipped_bytes":…,"shadowed":true}]}},
 *  "changes":{"PLACE":count},
 *  "ledger":[{"date":"2026-11-23","kind":"function","name":…,"zip_bytes":…,"sha256":…}]}
 */
#ifndef PACKER_LOCK_FILE_H
#define PACKER_LOCK_FILE_H

#include "base/hash.h"
#include "layer/layer_plan.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOCK_LIMIT_BYTES (256u << 20)
#define LOCK_SHA256_BYTES 45 /* 44 characters of base64, as Lambda's CodeSha256, and a NUL */

/* A zip as it was written. */
struct lock_zip {
    uint64_t zip_bytes, unzipped_bytes;
    char sha256[LOCK_SHA256_BYTES];
    struct hash content; /* of places, kinds and contents: package_digest */
};

struct lock_function {
    const char *name;
    struct lock_zip zip;
    const char **layers; /* attached, in the order of attachment */
    size_t layer_count;
};

struct lock_layer {
    const char *name;
    struct lock_zip zip;
    struct layer_item *items; /* by place; changes is that of lock_file.changes */
    size_t item_count;
};

struct lock_change {
    const char *place;
    uint64_t count;
};

enum lock_kind { LOCK_FUNCTION, LOCK_LAYER };

/* Something that was published: a version of a function or of a layer. */
struct lock_publication {
    char date[11]; /* 2026-11-23 */
    enum lock_kind kind;
    const char *name;
    uint64_t zip_bytes;
    char sha256[LOCK_SHA256_BYTES];
};

struct lock_file {
    const char *project;
    const char *architecture;
    struct lock_function *functions; /* by name */
    size_t function_count;
    struct lock_layer *layers; /* by name */
    size_t layer_count;
    struct lock_change *changes; /* by place */
    size_t change_count;
    struct lock_publication *ledger; /* by date, kind, name */
    size_t ledger_count;
};

/*
 * Reads a lock; one that is not there is empty (project NULL) and no error. Everything is checked: names, dates,
 * numbers, hashes, that layers named are there. SHARED_EINVAL names file, line and what is wrong, SHARED_EIO.
 */
int lock_file_read(const char *path, struct shared_arena *arena, struct lock_file *lock,
                   struct shared_error *err);
int lock_file_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                    struct lock_file *lock, struct shared_error *err);

/* Writes it where its text differs from what is there (file_write). What is read back is the same. */
int lock_file_write(const char *path, const struct lock_file *lock, struct shared_arena *arena,
                    struct shared_error *err);

#endif
