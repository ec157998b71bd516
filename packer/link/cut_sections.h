/* cut_sections.h - a stripped program without the table of sections that nothing reads at run time. */
#ifndef PACKER_CUT_SECTIONS_H
#define PACKER_CUT_SECTIONS_H

#include "link/build_id.h"

#include <shared/arena.h>
#include <shared/error.h>

/*
 * Copies a program to a new file, executable, without its section headers and what lies behind its last
 * segment (ELF gABI, chapter 4: an executable needs none). Strip leaves them: about 2 KB, 450 bytes of a zip.
 * Room for a build id is filled in, and *id says with what (build_id.h).
 * What is not a 64-bit little-endian ELF file is copied as it is. A file that is there with that content
 * already is left alone.
 */
int cut_sections(const char *from, const char *to, struct shared_arena *arena, struct build_id *id,
                 struct shared_error *err);

#endif
