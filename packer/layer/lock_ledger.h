/* lock_ledger.h - what was published, in the order of time. */
#ifndef PACKER_LOCK_LEDGER_H
#define PACKER_LOCK_LEDGER_H

#include "layer/lock_file.h"

/* Sorts by date, kind and name; those alike in all three stay in their order. False where memory is exhausted. */
bool lock_ledger_sort(struct lock_publication *ledger, size_t count, struct shared_arena *arena);

#endif
