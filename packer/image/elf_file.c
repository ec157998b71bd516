#include "image/elf_file.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <inttypes.h>
#include <string.h>

#define FILE_LIMIT_BYTES ((size_t)1 << 30)

static void end_elf(Elf **elf)
{
    elf_end(*elf);
}

static bool fits(const struct elf_file *file, uint64_t offset, uint64_t size_bytes)
{
    return offset <= file->content.size_bytes && size_bytes <= file->content.size_bytes - offset;
}

static int fail_cut_off(const struct elf_file *file, const char *what, size_t index, uint64_t offset,
                        uint64_t size_bytes, struct shared_error *err)
{
    return shared_fail(err, SHARED_EPROTO, 0,
                       "%s is cut off: %s %zu has %" PRIu64 " bytes from byte %" PRIu64
                       ", the file %zu: build it again",
                       file->path, what, index, size_bytes, offset, file->content.size_bytes);
}

static int check_identity(const struct elf_file *file, struct shared_error *err)
{
    const char *identity = file->content.data;
    if (file->content.size_bytes < EI_NIDENT || memcmp(identity, ELFMAG, SELFMAG) != 0)
        return shared_fail(err, SHARED_EPROTO, 0, "%s is not a program: it does not begin as ELF files do",
                           file->path);
    if (identity[EI_CLASS] != ELFCLASS64)
        return shared_fail(err, SHARED_EINVAL, 0, "%s is a 32-bit program; targets are 64-bit", file->path);
    if (identity[EI_DATA] != ELFDATA2LSB)
        return shared_fail(err, SHARED_EINVAL, 0, "%s is big-endian; targets are little-endian", file->path);
    if (file->content.size_bytes < sizeof(Elf64_Ehdr))
        return fail_cut_off(file, "ELF header", 0, 0, sizeof(Elf64_Ehdr), err);
    return 0;
}

static int fail_libelf(const struct elf_file *file, struct shared_error *err)
{
    return shared_fail(err, SHARED_EPROTO, 0, "%s is not a well-formed ELF file: %s", file->path,
                       elf_errmsg(-1));
}

static int read_segments(struct elf_file *file, Elf *elf, struct shared_arena *arena,
                         struct shared_error *err)
{
    size_t count;
    if (elf_getphdrnum(elf, &count) < 0)
        return fail_libelf(file, err);
    if (count > 0 && file->header.e_phentsize != sizeof(Elf64_Phdr))
        return shared_fail(err, SHARED_EPROTO, 0, "%s has program headers of %u bytes, not %zu", file->path,
                           file->header.e_phentsize, sizeof(Elf64_Phdr));
    /* Of a table that reaches beyond the file libelf may count only what is there. */
    if (file->header.e_phnum != PN_XNUM && file->header.e_phnum > count)
        count = file->header.e_phnum;
    if (count > file->content.size_bytes / sizeof(Elf64_Phdr) ||
        !fits(file, file->header.e_phoff, count * sizeof(Elf64_Phdr)))
        return fail_cut_off(file, "program header", count, file->header.e_phoff, count * sizeof(Elf64_Phdr),
                            err);
    file->segments = shared_arena_alloc(arena, count * sizeof(*file->segments));
    if (!file->segments)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the segments of %s", file->path);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr *segment = &file->segments[i];
        if (!gelf_getphdr(elf, (int)i, segment))
            return fail_libelf(file, err);
        bool is_read =
            segment->p_type == PT_LOAD || segment->p_type == PT_DYNAMIC || segment->p_type == PT_INTERP;
        if (is_read && !fits(file, segment->p_offset, segment->p_filesz))
            return fail_cut_off(file, "segment", i, segment->p_offset, segment->p_filesz, err);
    }
    file->segment_count = count;
    return 0;
}

static int read_section(struct elf_file *file, Elf *elf, size_t index, struct shared_error *err)
{
    GElf_Shdr *header = &file->sections[index].header;
    Elf_Scn *section = elf_getscn(elf, index);
    if (!section || !gelf_getshdr(section, header))
        return fail_libelf(file, err);
    if (header->sh_type != SHT_NOBITS && header->sh_type != SHT_NULL &&
        !fits(file, header->sh_offset, header->sh_size))
        return fail_cut_off(file, "section", index, header->sh_offset, header->sh_size, err);
    return 0;
}

static void name_sections(struct elf_file *file, size_t names_index)
{
    if (names_index >= file->section_count)
        return;
    const GElf_Shdr *names = &file->sections[names_index].header;
    if (names->sh_type != SHT_STRTAB)
        return;
    struct shared_slice table = elf_file_bytes(file, names->sh_offset, names->sh_size);
    for (size_t i = 0; i < file->section_count; i++)
        file->sections[i].name = elf_text(table, file->sections[i].header.sh_name);
}

static int read_sections(struct elf_file *file, Elf *elf, struct shared_arena *arena,
                         struct shared_error *err)
{
    size_t count, names_index;
    if (file->header.e_shoff == 0)
        return 0;
    /* Of a table beyond the file's end libelf says that it is empty. */
    if (!fits(file, file->header.e_shoff, sizeof(Elf64_Shdr)))
        return fail_cut_off(file, "section header", 0, file->header.e_shoff, sizeof(Elf64_Shdr), err);
    if (file->header.e_shentsize != sizeof(Elf64_Shdr))
        return shared_fail(err, SHARED_EPROTO, 0, "%s has section headers of %u bytes, not %zu", file->path,
                           file->header.e_shentsize, sizeof(Elf64_Shdr));
    if (elf_getshdrnum(elf, &count) < 0 || elf_getshdrstrndx(elf, &names_index) < 0)
        return fail_libelf(file, err);
    size_t declared = file->header.e_shnum ? file->header.e_shnum : count;
    if (!fits(file, file->header.e_shoff, declared * sizeof(Elf64_Shdr)))
        return fail_cut_off(file, "section header", declared, file->header.e_shoff,
                            declared * sizeof(Elf64_Shdr), err);
    file->sections = shared_arena_alloc(arena, count * sizeof(*file->sections));
    if (!file->sections)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the sections of %s", file->path);
    memset(file->sections, 0, count * sizeof(*file->sections));
    file->section_count = count;
    for (size_t i = 0; i < count; i++) {
        int status = read_section(file, elf, i, err);
        if (status < 0)
            return status;
    }
    name_sections(file, names_index);
    return 0;
}

int elf_file_parse(const char *path, struct shared_slice content, struct shared_arena *arena,
                   struct elf_file *file, struct shared_error *err)
{
    *file = (struct elf_file){.path = path, .content = content};
    int status = check_identity(file, err);
    if (status < 0)
        return status;
    if (elf_version(EV_CURRENT) == EV_NONE)
        return fail_libelf(file, err);
    /* libelf takes what is not const, but writes only where it is told to update. */
    CLEANUP(end_elf) Elf *elf = elf_memory((char *)(uintptr_t)content.data, content.size_bytes);
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &file->header))
        return fail_libelf(file, err);
    status = read_segments(file, elf, arena, err);
    return status < 0 ? status : read_sections(file, elf, arena, err);
}

int elf_file_read(const char *path, struct shared_arena *arena, struct elf_file *file,
                  struct shared_error *err)
{
    struct shared_slice content;
    int status = file_read(path, FILE_LIMIT_BYTES, arena, &content, err);
    return status < 0 ? status : elf_file_parse(path, content, arena, file, err);
}

bool elf_section_is_loaded(const struct elf_section *section)
{
    const GElf_Shdr *header = &section->header;
    return (header->sh_flags & SHF_ALLOC) != 0 && header->sh_type != SHT_NOBITS &&
           header->sh_type != SHT_NULL && header->sh_size > 0;
}

const GElf_Phdr *elf_file_segment(const struct elf_file *file, GElf_Word type)
{
    for (size_t i = 0; i < file->segment_count; i++)
        if (file->segments[i].p_type == type)
            return &file->segments[i];
    return NULL;
}

struct shared_slice elf_file_bytes(const struct elf_file *file, uint64_t offset, uint64_t size_bytes)
{
    return shared_slice_of(file->content.data + offset, size_bytes);
}

struct shared_slice elf_file_at(const struct elf_file *file, uint64_t address)
{
    for (size_t i = 0; i < file->segment_count; i++) {
        const GElf_Phdr *segment = &file->segments[i];
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
            address - segment->p_vaddr >= segment->p_filesz)
            continue;
        uint64_t skip = address - segment->p_vaddr;
        return elf_file_bytes(file, segment->p_offset + skip, segment->p_filesz - skip);
    }
    return shared_slice_of(NULL, 0);
}

struct shared_slice elf_text(struct shared_slice table, uint64_t offset)
{
    if (offset >= table.size_bytes)
        return shared_slice_of(NULL, 0);
    const char *start = table.data + offset;
    const char *end = memchr(start, '\0', table.size_bytes - offset);
    return end ? shared_slice_of(start, (size_t)(end - start)) : shared_slice_of(NULL, 0);
}

const char *elf_machine_name(GElf_Half machine, struct shared_arena *arena)
{
    switch (machine) {
    case EM_X86_64:
        return "x86_64";
    case EM_AARCH64:
        return "aarch64";
    case EM_RISCV:
        return "riscv64";
    case EM_PPC64:
        return "ppc64le";
    default:
        return shared_arena_format(arena, "machine %u", machine);
    }
}
