/* elf_tables.h - the inner steps of elf_dynamic_read: the tables that PT_DYNAMIC leads to. */
#ifndef PACKER_ELF_TABLES_H
#define PACKER_ELF_TABLES_H

#include "image/elf_dynamic.h"

/* Each from its start to the end of its segment; {NULL, 0} where there is none. */
struct elf_tables {
    struct shared_slice texts;
    struct shared_slice symbols;
    struct shared_slice symbol_versions;
    struct shared_slice versions_needed;
    uint64_t versions_needed_count;
    struct shared_slice hash;
    struct shared_slice gnu_hash;
    bool packed_relocations; /* DT_RELR */
};

/* Sets glibc and glibc_symbol. */
int elf_version_read(const struct elf_file *file, const struct elf_tables *tables, struct shared_arena *arena,
                     struct elf_dynamic *dynamic, struct shared_error *err);

#endif
