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
bool graph_is_table(const struct graph_work *work, uint32_t run)
{
    static const char *const data[] = {".rodata", ".data", ".sdata"};
    const struct link_piece *piece = graph_run_piece(work, run);
    struct shared_slice section = work->layout->map.sections[piece->section].name;
    for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
        if (begins(section, data[i]))
            return false;
    return piece->file.size_bytes == 0;
}

/* Sections without runs, and runs that are the linker's own. */
static uint64_t table_bytes(const struct graph_work *work)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < work->file->section_count; i++) {
        const struct elf_section *section = &work->file->sections[i];
        uint32_t first, end;
        if (!elf_section_is_loaded(section))
            continue;
        graph_section_runs(work, &section->header, &first, &end);
        if (first == end)
            sum += section->header.sh_size;
    }
    for (uint32_t run = 0; run < work->layout->runs.count; run++) {
        const struct image_run *item = &work->layout->runs.items[run];
        const GElf_Shdr *section = graph_run_section(work, run);
        if (section && section->sh_type != SHT_NOBITS && !graph_is_fill(graph_run_piece(work, run)) &&
            graph_is_table(work, run))
            sum += item->end - item->start;
    }
    return sum;
}

/* What is neither an atom, nor a header, nor a table is padding: so the sum is the file's size. */
int graph_account(struct graph_work *work, struct shared_error *err)
{
    struct graph *graph = work->graph;
    uint64_t atoms = 0, frames = 0;
    for (size_t i = 1; i < graph->atom_count; i++) {
        atoms += graph_atom_bytes(&graph->atoms[i]);
        frames += graph->atoms[i].frame_bytes;
    }
    graph->table_bytes = table_bytes(work);
    graph->table_bytes -= frames <= graph->table_bytes ? frames : graph->table_bytes;
    graph->file_bytes = work->file_bytes;
    graph->header_bytes = work->header_bytes;
    uint64_t given = atoms + graph->table_bytes + graph->header_bytes;
    if (given > graph->file_bytes)
        return shared_fail(err, SHARED_EPROTO, 0,
                           "%s: its sections have more bytes than the program that ships", work->file->path);
    graph->padding_bytes = graph->file_bytes - given;
    return 0;
}
