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

/* A section of the program's, with a name of its own, that an attribute keeps (retain): glibc's hooks. The flag of a
 * section that others were put into says nothing of each. */
static bool is_retained(const struct elf_file *file, const struct link_section *section)
{
    if (section->name.size_bytes == 0 || section->name.data[0] == '.')
        return false;
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].header.sh_addr == section->address &&
            shared_slice_equal(file->sections[i].name, section->name))
            return (file->sections[i].header.sh_flags & SHF_GNU_RETAIN) != 0;
    return false;
}

/* What shared libraries may ask a dynamic program for. */
static int add_exported(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (header->sh_type != SHT_DYNSYM)
            continue;
        struct shared_slice table = elf_file_bytes(file, header->sh_offset, header->sh_size);
        for (size_t at = 0; table.size_bytes - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            memcpy(&symbol, table.data + at, sizeof(symbol));
            if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
                continue;
            int status = graph_add_edge(work, GRAPH_ROOT, graph_atom_at(work->graph, symbol.st_value), err);
            if (status < 0)
                return status;
        }
    }
    return 0;
}

int graph_add_roots(struct graph_work *work, struct shared_error *err)
{
    const struct graph *graph = work->graph;
    const struct image_layout *layout = work->layout;
    int status = graph_add_edge(work, GRAPH_ROOT, graph_atom_at(graph, work->file->header.e_entry), err);
    for (uint32_t i = 1; status == 0 && i < graph->atom_count; i++) {
        const struct link_piece *piece = &layout->map.pieces[layout->runs.items[graph->atoms[i].run].piece];
        const struct link_section *section = &layout->map.sections[piece->section];
        if (is_kept(piece->name) || is_kept(section->name) || is_retained(work->file, section))
            status = graph_add_edge(work, GRAPH_ROOT, i, err);
    }
    return status < 0 ? status : add_exported(work, err);
}
