/* argv.h - a command line that is put together. */
#ifndef PACKER_ARGV_H
#define PACKER_ARGV_H

#include "manifest/manifest.h"

#include <shared/arena.h>

#include <stdbool.h>
#include <stddef.h>

/* {.arena = …} is an empty one. Once memory is exhausted it is marked failed and ignores what follows. */
struct argv {
    struct shared_arena *arena;
    const char **items; /* ended by NULL once there is an item */
    size_t count, capacity;
    bool failed;
};

void argv_add(struct argv *argv, const char *item);
void argv_add_all(struct argv *argv, const struct manifest_texts *items);

/* "-ofile": a prefix and a text in one item. */
void argv_add_joined(struct argv *argv, const char *prefix, const char *text);

/* A path that is an argument of its own: one that would be an option or a file of arguments ("-x", "@x") gets
 * "./" in front. */
void argv_add_path(struct argv *argv, const char *path);

#endif
