/* manifest_entry.h - the children of a JSON list of texts or of an object, in the order of their texts. */
#ifndef PACKER_MANIFEST_ENTRY_H
#define PACKER_MANIFEST_ENTRY_H

#include <shared/arena.h>

#include <cjson/cJSON.h>

/* A text of a list, or a member's name, with where it stood. */
struct manifest_entry {
    const char *text;
    const cJSON *item;
    size_t index;
};

/* All count children of parent, sorted by text, in the arena. Equal ones follow each other. NULL: no memory. */
struct manifest_entry *manifest_entries_sort(const cJSON *parent, size_t count, struct shared_arena *arena);

#endif
