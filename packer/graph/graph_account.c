#include "graph/graph_inner.h"

#include <string.h>

static bool begins(struct shared_slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size_bytes >= size && memcmp(text.data, prefix, size) == 0;
}

/* Padding that bfd's and gold's maps name. */
bool graph_is_fill(const struct link_piece *piece)
{
    return begins(piece->name, "*fill*") || begins(piece->name, "** fill");
}

/* A run without an input is the linker's own, but for merged strings and constants, which stand with other data. */
bool graph_is_table(const struct graph_work *work, const struct image_run *run)
{
    static const char *const data[] = {".rodata", ".data", ".sdata"};
    const struct link_piece *piece = &work->layout->map.pieces[run->piece];
    struct shared_slice section = work->layout->map.sections[piece->section].name;
    for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
        if (begins(section, data[i]))
            return false;
    return piece->file.size_bytes == 0;
}

static bool has_runs(const struct image_runs *runs, const GElf_Shdr *header)
{
    size_t low = 0, high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs->items[middle].start < header->sh_addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low < runs->count && runs->items[low].start - header->sh_addr < header->sh_size;
}

/* What is neither an atom, nor a header, nor a table is padding: so the sum is the file's size. */
int graph_account(struct graph_work *work, struct shared_error *err)
{
    struct graph *graph = work->graph;
    const struct image_layout *layout = work->layout;
    uint64_t atoms = 0, frames = 0;
    for (size_t i = 1; i < graph->atom_count; i++) {
        atoms += graph_atom_bytes(&graph->atoms[i]);
        frames += graph->atoms[i].frame_bytes;
    }
    for (size_t i = 0; i < work->file->section_count; i++) {
        const struct elf_section *section = &work->file->sections[i];
        if (!elf_section_is_loaded(section) || has_runs(&layout->runs, &section->header))
            continue;
        graph->table_bytes += section->header.sh_size;
    }
    for (size_t i = 0; i < layout->runs.count; i++) {
        const struct image_run *run = &layout->runs.items[i];
        const struct link_piece *piece = &layout->map.pieces[run->piece];
        if (!graph_is_fill(piece) && graph_is_table(work, run))
            graph->table_bytes += run->end - run->start;
    }
    graph->table_bytes -= frames <= graph->table_bytes ? frames : graph->table_bytes;
    graph->file_bytes = layout->shipped.content.size_bytes;
    graph->header_bytes = sizeof(Elf64_Ehdr) + (uint64_t)layout->shipped.segment_count * sizeof(Elf64_Phdr);
    uint64_t given = atoms + graph->table_bytes + graph->header_bytes;
    if (given > graph->file_bytes)
        return shared_fail(err, SHARED_EPROTO, 0,
                           "%s: its sections have more bytes than the program that ships", work->file->path);
    graph->padding_bytes = graph->file_bytes - given;
    return 0;
}
