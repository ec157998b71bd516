/* elf_dynamic.h - what a program asks of the dynamic loader, read through its segments alone. */
#ifndef PACKER_ELF_DYNAMIC_H
#define PACKER_ELF_DYNAMIC_H

#include "image/elf_file.h"
#include "manifest/manifest.h"

struct elf_dynamic {
    const char *interpreter;      /* PT_INTERP; NULL: none */
    struct manifest_texts needed; /* DT_NEEDED, in order */
    const char *glibc;            /* the newest GLIBC_x.y of .gnu.version_r, "2.34"; NULL: none */
    const char *glibc_symbol;     /* the first symbol with that version; NULL: not known */
};

/*
 * Reads it into the arena; nothing in it points into the file. Packed relative relocations count as glibc
 * 2.36, the first that has them, and their symbol is "GLIBC_ABI_DT_RELR". SHARED_EPROTO: a table that leads
 * out of the file.
 */
int elf_dynamic_read(const struct elf_file *file, struct shared_arena *arena, struct elf_dynamic *dynamic,
                     struct shared_error *err);

#endif
