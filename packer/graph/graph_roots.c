#include "graph/graph_inner.h"

#include <string.h>

#ifndef SHF_GNU_RETAIN
#define SHF_GNU_RETAIN (1u << 21)
#endif

/* What runs without being referred to: the linkers' scripts keep these (KEEP in GNU ld's default script, and
 * "Garbage collection" in the gABI). */
static bool is_kept(struct shared_slice section)
{
    static const char *const names[] = {".init", ".fini", ".jcr"};
    static const char *const prefixes[] = {".preinit_array", ".init_array", ".fini_array",
                                           ".ctors",         ".dtors",      ".note"};
    if (section.size_bytes < 2 || !memchr("ifjpcdn", section.data[1], 7))
        return false; /* most are .text and .rodata */
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (shared_slice_equal(section, shared_slice_from_text(names[i])))
            return true;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t size = strlen(prefixes[i]);
        if (section.size_bytes >= size && memcmp(section.data, prefixes[i], size) == 0)
            return true;
    }
    return false;
}

/* Names of sections that a program finds by __start_NAME and __stop_NAME. */
bool graph_is_identifier(struct shared_slice section)
{
    for (size_t i = 0; i < section.size_bytes; i++) {
        char c = section.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return section.size_bytes > 0;
}

/* A section of the program's, with a name of its own, that an attribute keeps (retain): glibc's hooks. The flag of a
 * section that others were put into says nothing of each. mold loses the flag, and keeps them for their names. */
static bool is_retained(const struct graph_work *work, uint32_t run)
{
    uint32_t section = work->section_of[run];
    if (section == GRAPH_NONE || !graph_is_identifier(work->file->sections[section].name))
        return false;
    return work->layout->map.linker == LINK_MAP_MOLD ||
           (work->file->sections[section].header.sh_flags & SHF_GNU_RETAIN) != 0;
}

/* What shared libraries may ask a dynamic program for. */
static int add_exported(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (header->sh_type != SHT_DYNSYM || (header->sh_flags & SHF_ALLOC) == 0)
            continue;
        struct shared_slice table = elf_file_bytes(file, header->sh_offset, header->sh_size);
        for (size_t at = 0; table.size_bytes - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            memcpy(&symbol, table.data + at, sizeof(symbol));
            if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
                continue;
            int status = graph_add_edge(work, GRAPH_ROOT, graph_atom_at(work, symbol.st_value), err);
            if (status < 0)
                return status;
        }
    }
    return 0;
}

static bool is_root(const struct graph_work *work, uint32_t run)
{
    const struct link_piece *piece = graph_run_piece(work, run);
    return is_kept(piece->name) || is_kept(work->layout->map.sections[piece->section].name) ||
           is_retained(work, run);
}

int graph_add_roots(struct graph_work *work, struct shared_error *err)
{
    int status = graph_add_edge(work, GRAPH_ROOT, graph_atom_at(work, work->file->header.e_entry), err);
    for (uint32_t run = 0; run < work->layout->runs.count; run++) {
        if (work->first_atom[run] == work->first_atom[run + 1] || !is_root(work, run))
            continue;
        for (uint32_t atom = work->first_atom[run]; status == 0 && atom < work->first_atom[run + 1]; atom++)
            status = graph_add_edge(work, GRAPH_ROOT, atom, err);
    }
    return status < 0 ? status : add_exported(work, err);
}
