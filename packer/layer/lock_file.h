/*
 * lock_file.h - demine.lock.json: what the last pack made, so that the next one changes as little as it can, and what
 * was published. Meant to be committed: sorted, one thing a line, no time but the ledger's dates. The same lock gives
 * the same text, and what is read back from it is the same lock.
 *
 * {"format":1,"project":…,"architecture":…,
 *  "functions":{"NAME":{"zip_bytes":…,"sha256":"base64","content":"32 hex","unzipped_bytes":…,"layers":["NAME",…]}},
 *  "layers":{"NAME":{"zip_bytes":…,"sha256":…,"content":…,"unzipped_bytes":…,
 *                    "items":[{"place":…,"digest":"32 hex","zip_bytes":…,"unzipped_bytes":…,"shadowed":true}]}},
 *  "changes":{"PLACE":{"count":…,"digest":"32 hex"}},
 *  "ledger":[{"date":"2026-11-23","kind":"function","name":…,"zip_bytes":…,"sha256":…,"layers":"32 hex"}]}
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
#define LOCK_SHA256_BYTES 45                /* 44 characters of base64, as Lambda's CodeSha256, and a NUL */
#define LOCK_FORMAT 1                       /* that is read and written */
#define LOCK_MOST_BYTES (UINT64_C(1) << 40) /* of a zip or of what is in it: sums of them cannot overflow */

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

/* How often what functions carry at a place has changed. */
struct lock_change {
    const char *place;
    uint64_t count;
    struct hash digest; /* of what they carried there at the last pack: lock_plan.h */
};

enum lock_kind { LOCK_FUNCTION, LOCK_LAYER };

/* Which layers a version of a function has. */
struct lock_attached {
    bool known;                   /* not of a layer, nor in ledgers that an older demine wrote */
    char digest[HASH_TEXT_BYTES]; /* of their names, in the order of attachment; "": it has none */
};

/* Something that was published: a version of a function or of a layer. */
struct lock_publication {
    char date[11]; /* 2026-11-23 */
    enum lock_kind kind;
    const char *name;
    uint64_t zip_bytes;
    char sha256[LOCK_SHA256_BYTES];
    struct lock_attached attached;
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
    struct lock_publication *ledger; /* by date, kind, name; of one name in a day, as they came */
    size_t ledger_count;
};

/*
 * Reads a lock; one that is not there is empty (project NULL) and no error. Everything is checked: names, dates,
 * numbers, hashes, order, that layers named are there. SHARED_EINVAL: "demine.lock.json:12:
 * layers.video-0123456789abcdef.items[3].digest: …" says what is wrong; SHARED_EUNSUPPORTED: a newer demine wrote it;
 * SHARED_EIO, SHARED_ENOMEM.
 */
int lock_file_read(const char *path, struct shared_arena *arena, struct lock_file *lock,
                   struct shared_error *err);

/* The same for a text that is in memory already. */
int lock_file_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                    struct lock_file *lock, struct shared_error *err);

/*
 * Whether a lock that was read is empty or of that project. SHARED_EPROTO, with what to do: it is another one's, whose
 * plan and ledger it has.
 */
int lock_file_is_of(const struct lock_file *lock, const char *path, const char *project,
                    struct shared_error *err);

/* The text of a lock, in the arena; data NULL where memory is exhausted. */
struct shared_slice lock_file_text(const struct lock_file *lock, struct shared_arena *arena);

/* Whether lock_file_read would take a text that is to be written to a path: no run may end with a lock that all refuse. */
int lock_file_check(const char *path, struct shared_slice text, struct shared_error *err);

/* Checks and writes it where its text differs from what is there (file_put): an unchanged lock keeps its time. */
int lock_file_write(const char *path, const struct lock_file *lock, struct shared_arena *arena,
                    struct shared_error *err);

/* The function or layer of a name; NULL where there is none. */
const struct lock_function *lock_find_function(const struct lock_file *lock, const char *name);
const struct lock_layer *lock_find_layer(const struct lock_file *lock, const char *name);

/* How often what is at a place has changed; NULL: never, as far as is known. */
const struct lock_change *lock_find_change(const struct lock_file *lock, const char *place);

#endif
