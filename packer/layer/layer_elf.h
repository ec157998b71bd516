/*
 * layer_elf.h - what a shared object says of its neighbours, read without the rest of the file: a package may hold
 * hundreds of megabytes of them, and is looked through at every run.
 *
 * gABI 4 and 5: the ELF header, the program headers, the dynamic section, and single texts.
 */
#ifndef PACKER_LAYER_ELF_H
#define PACKER_LAYER_ELF_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>

struct layer_elf {
    bool shared_object;   /* ELF of 64 bits, little-endian, ET_DYN, with a dynamic section that can be read */
    const char *paths[2]; /* DT_RPATH and DT_RUNPATH; each may be NULL */
    struct manifest_texts needed; /* DT_NEEDED */
};

/* What cannot be read, or is damaged, is no shared object. SHARED_ENOMEM. */
int layer_elf_read(const char *path, struct shared_arena *arena, struct layer_elf *elf,
                   struct shared_error *err);

#endif
