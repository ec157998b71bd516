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
    size_t needed_count;
    uint64_t relocation_bytes;              /* DT_RELASZ and DT_PLTRELSZ */
    uint64_t soname, run_path, search_path; /* DT_SONAME, DT_RUNPATH, DT_RPATH: offsets of texts; 0: none */
};

#define ELF_VERSION_MASK 0x7fff /* the rest of a symbol's version is the bit "hidden" */

/* Finds the tables that the dynamic section names. SHARED_EPROTO: one leads to nothing in the file. */
int elf_tables_read(const struct elf_file *file, struct elf_tables *tables, struct shared_error *err);

/* Symbols that have a version; a table's end is not said anywhere: it is at the latest where the next one begins. */
size_t elf_tables_symbol_count(const struct elf_tables *tables);

/* A symbol of these, and its version's index, without the bit "hidden". */
Elf64_Sym elf_tables_symbol(const struct elf_tables *tables, size_t index, unsigned *version);

/* DT_NEEDED, in order: texts of a copy of the table of texts. */
int elf_tables_needed(const struct elf_file *file, const struct elf_tables *tables, const char *texts,
                      struct shared_arena *arena, struct manifest_texts *needed, struct shared_error *err);

/* A copy of the table of texts, made printable; NULL where memory is exhausted. */
const char *elf_tables_texts(const struct elf_tables *tables, struct shared_arena *arena);

typedef void elf_version_visit(void *user, uint64_t file_text, uint64_t version_text, unsigned index);

/* Calls visit for each version that is asked for (.gnu.version_r): offsets of the library's and the version's name. */
int elf_versions_each(const struct elf_file *file, const struct elf_tables *tables, elf_version_visit *visit,
                      void *user, struct shared_error *err);

/* Sets glibc and glibc_symbol. */
int elf_version_read(const struct elf_file *file, const struct elf_tables *tables, struct shared_arena *arena,
                     struct elf_dynamic *dynamic, struct shared_error *err);

#endif
