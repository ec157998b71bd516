/* lock_ledger.h - what was published, in the order of time. */
#ifndef PACKER_LOCK_LEDGER_H
#define PACKER_LOCK_LEDGER_H

#include "layer/lock_file.h"

/* Sorts by date, kind and name; those alike in all three stay in their order. False where memory is exhausted. */
bool lock_ledger_sort(struct lock_publication *ledger, size_t count, struct shared_arena *arena);

/* What was published, by kind and name. */
struct lock_published {
    const struct lock_publication **items;
    size_t count;
};

/* Borrows the lock's ledger. False where memory is exhausted. */
bool lock_published_make(const struct lock_file *lock, struct shared_arena *arena,
                         struct lock_published *published);

/* What a function with these layers has; names in the order of attachment. */
struct lock_attached lock_attached_make(const char *const *layers, size_t count);

/*
 * Whether a zip is published already: a function's the last time, and with the same layers as far as both sides know
 * them; a layer's ever. A function gets other layers by a new version alone, of which AWS stores the zip again.
 */
bool lock_is_published(const struct lock_published *published, enum lock_kind kind, const char *name,
                       const char *sha256, const struct lock_attached *attached);

/* What is said to have been published. */
struct lock_publish {
    const char *date;         /* 2026-11-23 */
    const char *const *names; /* of functions and layers of the lock; count 0: all */
    size_t name_count;
    bool again; /* what is in the ledger as it is, too: each version counts */
};

/*
 * Adds to the ledger functions whose zip, or whose layers, are others than the last in it, and layers that are not in
 * it with that zip. *added are those (arena), by kind and name. SHARED_EINVAL: the date is none or before the last one in the
 * ledger, or a name is none of the lock's. SHARED_ENOMEM.
 */
int lock_ledger_add(struct lock_file *lock, const struct lock_publish *publish, struct shared_arena *arena,
                    struct lock_publication **added, size_t *added_count, struct shared_error *err);

/* Bytes of all zips in it. */
uint64_t lock_ledger_bytes(const struct lock_publication *ledger, size_t count);

#endif
