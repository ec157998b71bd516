/* nearest.h - "did you mean": the known name that a mistyped one most likely stands for. */
#ifndef PACKER_NEAREST_H
#define PACKER_NEAREST_H

#include <stddef.h>

/*
 * The name that is fewest edits away: a letter added, left out, changed, or two neighbours swapped
 * (Damerau-Levenshtein, each letter edited once), the case of ASCII letters aside. Up to a third of the
 * longer name's bytes may differ; a name that begins with the other one ("env", "environment") is one edit
 * away. The first of equals. Returns NULL where nothing is near, or wanted is empty or over 64 bytes. Points
 * into names.
 */
const char *nearest_name(const char *wanted, const char *const *names, size_t count);

#endif
