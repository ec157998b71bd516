/*
 * elf_file.h - a 64-bit little-endian ELF program: its headers, checked against the file's size.
 *
 * System V ABI, "Object Files" (gABI 4.1 and its draft for extended numbering). Segments and sections that
 * reach beyond the file are errors, so whatever is listed here can be read.
 */
#ifndef PACKER_ELF_FILE_H
#define PACKER_ELF_FILE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_section {
    struct shared_slice name; /* empty where it has none */
    GElf_Shdr header;
};

struct elf_file {
    const char *path;
    struct shared_slice content;
    GElf_Ehdr header;
    GElf_Phdr *segments;
    size_t segment_count;
    struct elf_section *sections; /* the null section included */
    size_t section_count;         /* 0: cut off */
};

/*
 * Reads a program into the arena. SHARED_EPROTO: not ELF, cut off, headers that contradict each other;
 * SHARED_EINVAL: well-formed, but 32-bit or big-endian; SHARED_EIO, SHARED_ENOMEM; SHARED_ETOOBIG: over 1
 * GiB.
 */
int elf_file_read(const char *path, struct shared_arena *arena, struct elf_file *file,
                  struct shared_error *err);

/* The same for bytes in memory, which must live as long as the file; path is for messages. */
int elf_file_parse(const char *path, struct shared_slice content, struct shared_arena *arena,
                   struct elf_file *file, struct shared_error *err);

/* Whether a section is loaded from bytes of the file. */
bool elf_section_is_loaded(const struct elf_section *section);

/* The first segment of a type; NULL where there is none. */
const GElf_Phdr *elf_file_segment(const struct elf_file *file, GElf_Word type);

/* A segment's or a section's bytes in the file. */
struct shared_slice elf_file_bytes(const struct elf_file *file, uint64_t offset, uint64_t size_bytes);

/* What is loaded at an address, up to the end of its segment's bytes; {NULL, 0} where nothing is. */
struct shared_slice elf_file_at(const struct elf_file *file, uint64_t address);

/* The text that starts at offset of a string table, without its NUL; {NULL, 0} where it does not end in it.
 */
struct shared_slice elf_text(struct shared_slice table, uint64_t offset);

/* "x86_64", "aarch64", or "machine 40". The text is static or in the arena; NULL: memory is exhausted. */
const char *elf_machine_name(GElf_Half machine, struct shared_arena *arena);

#endif
