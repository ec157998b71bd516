/*
 * build_id.h - which build a running program is of: what its crashes are told apart by.
 *
 * A build id is the note NT_GNU_BUILD_ID of "GNU". Linkers can make one, a hash of the debugging
 * information too, which names the folders where archives were made; so demine asks for none, and zips are
 * the same everywhere. A program that wants one brings room for it, a note of 16 zero bytes:
 * shared/crash.h does. It is filled in with XXH3-128 of the file as it ships, the note being zero.
 */
#ifndef PACKER_BUILD_ID_H
#define PACKER_BUILD_ID_H

#include "base/hash.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* The longest build id that is understood; those of linkers have 8 to 20 bytes. */
#define BUILD_ID_LIMIT_BYTES 64

struct build_id {
    unsigned char bytes[BUILD_ID_LIMIT_BYTES];
    size_t size_bytes; /* 0: none */
};

/*
 * Fills in the room that a program in memory has, and gives what it was filled with. A program without
 * room, or with a build id that its linker made, is left as it is, and so is what is no ELF file: *id is
 * then empty.
 */
void build_id_fill(struct shared_slice program, struct build_id *id);

/* Copies a program, as file_copy does, with the room that it has filled with an id; with id empty, as it
 * is. */
int build_id_copy(const char *from, const char *to, const struct build_id *id, struct shared_error *err);

/* The first build id of a program that is not all zero; an empty one where there is none. SHARED_EIO where
 * the file cannot be read, SHARED_EPROTO where it is no ELF file. */
int build_id_read(const char *path, struct build_id *id, struct shared_error *err);

#endif
