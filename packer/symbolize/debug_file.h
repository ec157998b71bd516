/* debug_file.h - functions and lines of a program, read off its symbols and DWARF debugging information. */
#ifndef PACKER_DEBUG_FILE_H
#define PACKER_DEBUG_FILE_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stddef.h>
#include <stdint.h>

struct debug_file;

/* A place in the sources. */
struct debug_place {
    const char *function; /* NULL: not known */
    const char *file;     /* NULL: not known, and line is 0 */
    int line;
    uint64_t into; /* bytes into the function where only that is known */
};

/*
 * Opens a program. SHARED_EPROTO where it is none, SHARED_EIO where it cannot be read, SHARED_ENOMEM.
 * Nothing is looked for elsewhere: no separate files, no server.
 */
int debug_file_open(const char *path, struct debug_file **file, struct shared_error *err);
void debug_file_close(struct debug_file *file);

/*
 * What stands at an address as it was linked: the function and those that it was inlined into, innermost
 * first. Gives at least one place, if of nothing but NULLs. All is in the arena, without control
 * characters.
 */
int debug_file_find(struct debug_file *file, uint64_t address, struct shared_arena *arena,
                    struct debug_place **places, size_t *count, struct shared_error *err);

#endif
