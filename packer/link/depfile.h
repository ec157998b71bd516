/* depfile.h - what a compiler or linker read, as it says itself in a makefile rule. */
#ifndef PACKER_DEPFILE_H
#define PACKER_DEPFILE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* Paths in the order of the rule. */
struct depfile {
    const char **paths;
    size_t count;
};

/*
 * Reads the first rule of a text: "out: a.c b.h \", with "\ " for a space and "$$" for a dollar. Linkers
 * write one path a line, and bfd escapes nothing in it: line_each says so, and that mold's single line is to be
 * read by the targets that follow it. SHARED_EPROTO where there is no
 * rule.
 */
int depfile_parse(struct shared_slice text, bool line_each, struct shared_arena *arena, struct depfile *deps,
                  struct shared_error *err);

#endif
