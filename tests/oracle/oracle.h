/*
 * oracle.h - which input sections of a link are live, found out from the inputs as linkers do: a second opinion on
 * what packer/graph reads from the linked program.
 *
 * It takes a compiler's link command, reads the objects, archives and shared libraries that it names, extracts the
 * members that are needed, and marks from the roots. Linkers differ in a few rules; oracle_linker tells which hold.
 *
 *   lld:  ELF/MarkLive.cpp          mold: elf/gc-sections.cc          bfd: bfd/elflink.c, bfd_elf_gc_sections
 *
 * Where something in the inputs is beyond it, such as bytecode for optimisation at link time, it says so and gives up.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "image/elf_file.h"
#include "image/text_table.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORACLE_NONE UINT32_MAX

enum oracle_linker { ORACLE_BFD, ORACLE_LLD, ORACLE_MOLD };

struct oracle_section {
    struct shared_slice name;
    uint64_t flags, size_bytes;
    uint32_t type;
    uint32_t relocations;   /* index of the SHT_RELA section for it; ORACLE_NONE */
    uint32_t next_in_group; /* a ring; ORACLE_NONE */
    uint32_t
        first_of_code; /* the first of the tables of cleanups that its functions need, in object->needs */
    bool discarded;    /* of a COMDAT group that another object gave */
    bool live;
};

struct oracle_symbol {
    struct shared_slice name;
    uint64_t value;
    uint32_t section; /* ORACLE_NONE: undefined, absolute or common */
    uint32_t global;  /* its place among the link's symbols; ORACLE_NONE: local */
    uint8_t bind, type, visibility;
    bool undefined, common;
};

/* What an FDE of a section's needs beside its code. */
struct oracle_need {
    uint32_t symbol;
    uint64_t addend;
    uint32_t next; /* of the same section */
};

struct oracle_object {
    const char *path;           /* "x.o", or the archive */
    struct shared_slice member; /* of the archive; empty: none */
    struct elf_file file;
    struct oracle_section *sections;
    size_t section_count;
    struct oracle_symbol *symbols;
    size_t symbol_count;
    struct oracle_need *needs;
    size_t need_count, need_capacity;
    uint32_t common_needs; /* of its CIEs: the readers of tables */
    uint32_t table_needs;  /* all its FDEs' tables of cleanups, whatever needs them */
    bool shared;
};

/* A name that objects share. */
struct oracle_global {
    struct shared_slice name;
    uint32_t object, symbol;  /* that defines it; ORACLE_NONE: none does */
    uint32_t archive, member; /* that would define it; ORACLE_NONE */
    bool wanted;              /* undefined somewhere, and not weak there */
    bool weak, common;        /* as it is defined */
    bool by_shared;           /* a shared library defines it */
    bool for_shared;          /* a shared library refers to it */
};

struct oracle_edge {
    uint32_t from_object, from_section, to_object, to_section;
};

struct oracle_link {
    enum oracle_linker linker;
    struct shared_arena *arena;
    struct oracle_object *objects;
    size_t object_count, object_capacity;
    struct oracle_global *globals;
    size_t global_count, global_capacity;
    struct text_table by_name, groups;
    struct oracle_edge *edges; /* between live sections, what refers to what */
    size_t edge_count, edge_capacity;
};

/* What a linker is called with, as far as it decides what is linked. */
struct oracle_input {
    const char *path;
    uint32_t group; /* of --start-group or a script's GROUP; 0: none */
};

struct oracle_command {
    enum oracle_linker linker;
    struct oracle_input *inputs;
    size_t input_count, input_capacity;
    uint32_t group_count;
    const char **folders;
    size_t folder_count;
};

/* Reads what "CC … -###" prints: the last command of it is the linker's. Libraries are looked for, and linker scripts
 * that only name others are read. */
int oracle_command_parse(struct shared_slice printed, enum oracle_linker linker, struct shared_arena *arena,
                         struct oracle_command *command, struct shared_error *err);

/* Reads an object, or a shared library, into the link. SHARED_EUNSUPPORTED: bytecode. */
int oracle_object_add(struct oracle_link *link, const char *path, struct shared_slice member,
                      struct shared_slice content, struct shared_error *err);

/* Finds what the FDEs of an object's .eh_frame sections need. */
int oracle_frames_read(struct oracle_link *link, struct oracle_object *object, struct shared_error *err);

/* Reads the inputs and extracts members, and then marks what is live. */
int oracle_link_run(const struct oracle_command *command, struct shared_arena *arena,
                    struct oracle_link *link, struct shared_error *err);
int oracle_mark(struct oracle_link *link, struct shared_error *err);

/* A name's place among the globals, which is new where it was not there; ORACLE_NONE: no memory. */
uint32_t oracle_global_of(struct oracle_link *link, struct shared_slice name);

/* Relocation i of a section's table, whose end is said by false. */
bool oracle_relocation(const struct oracle_object *object, uint32_t table, size_t i, Elf64_Rela *rela);

/* Room for one more item, or NULL. */
void *oracle_grow(struct shared_arena *arena, void *items, size_t count, size_t *capacity, size_t item_bytes);

int oracle_no_memory(struct shared_error *err);

#endif
