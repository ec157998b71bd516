/*
 * elf_needs.h - all that a program or a shared object asks of others, and all that it offers them.
 *
 * elf_dynamic.h has what is shown of each program; this is for those who look for what is missing.
 */
#ifndef PACKER_ELF_NEEDS_H
#define PACKER_ELF_NEEDS_H

#include "image/elf_file.h"
#include "manifest/manifest.h"

#define ELF_NO_VERSION UINT32_MAX

/* A version of a library's that is asked for. */
struct elf_need {
    const char *library; /* "libc.so.6" */
    const char *version; /* "GLIBC_2.34" */
    unsigned index;      /* in the file */
};

/* A symbol that another object is to define. */
struct elf_import {
    const char *symbol;
    uint32_t need; /* index into needs; ELF_NO_VERSION: of any version */
    bool weak;     /* it may be missing */
};

struct elf_needs {
    const char *soname;           /* DT_SONAME; NULL: none */
    const char *run_path;         /* DT_RUNPATH; NULL: none */
    const char *search_path;      /* DT_RPATH; NULL: none */
    struct manifest_texts needed; /* DT_NEEDED, in order */
    bool packed_relocations;      /* DT_RELR */
    uint64_t relocation_count;    /* that the dynamic loader looks at, packed ones left out */
    struct elf_need *needs;
    size_t need_count;
    struct elf_import *imports; /* in the order of the file */
    size_t import_count;
};

/*
 * Reads it into the arena; nothing in it points into the file. SHARED_EPROTO: a table leads out of the
 * file.
 */
int elf_needs_read(const struct elf_file *file, struct shared_arena *arena, struct elf_needs *needs,
                   struct shared_error *err);

/*
 * A symbol that a shared object defines, by the version that a link with it would ask for; version "":
 * none.
 */
struct elf_export {
    const char *symbol;
    const char *version;
};

/* Lists what a shared object offers to links, sorted by symbol (strcmp). Fails as above. */
int elf_exports_read(const struct elf_file *file, struct shared_arena *arena, struct elf_export **exports,
                     size_t *count, struct shared_error *err);

#endif
