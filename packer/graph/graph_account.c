#include "graph/graph_inner.h"

#include "base/slice_part.h"

#include <string.h>

/* Padding that bfd's and gold's maps name. */
bool graph_is_fill(const struct link_piece *piece)
{
    return slice_begins(piece->name, "*fill*") || slice_begins(piece->name, "** fill");
}

/* A run without an input is the linker's own, but for merged strings and constants, which stand with other data. */
bool graph_is_table(const struct graph_work *work, uint32_t run)
{
    static const char *const data[] = {".rodata", ".data", ".sdata"};
    const struct link_piece *piece = graph_run_piece(work, run);
    struct shared_slice section = work->layout->map.sections[piece->section].name;
    for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
        if (slice_begins(section, data[i]))
            return false;
    return piece->file.size_bytes == 0;
}

/* Whether bytes between runs of code do nothing: zeros, INT3 and NOPs (Intel SDM, "Recommended Multi-Byte Sequence";
 * arm64's is 1f 20 03 d5). */
static bool is_fill(const struct graph_work *work, uint64_t offset, uint64_t size)
{
    static const unsigned char fills[2][12] = {
        {0x00, 0x90, 0xcc, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x80, 0x40, 0x44, 0x00},
        {0x00, 0x1f, 0x20, 0x03, 0xd5}};
    const unsigned char *set = fills[work->file->header.e_machine == EM_AARCH64];
    for (uint64_t i = 0; i < size; i++)
        if (!memchr(set, work->file->content.data[offset + i], sizeof(fills[0])))
            return false;
    return true;
}

/* What linkers put between functions without telling of it in their maps: branches that reach farther (mold). */
static uint64_t branch_bytes(const struct graph_work *work, const GElf_Shdr *section, uint32_t first,
                             uint32_t end)
{
    const struct image_run *runs = work->layout->runs.items;
    uint64_t sum = 0, pos = section->sh_addr;
    if ((section->sh_flags & SHF_EXECINSTR) == 0)
        return 0;
    for (uint32_t i = first; i <= end; i++) {
        uint64_t next = i < end ? runs[i].start : section->sh_addr + section->sh_size;
        if (next > pos && !is_fill(work, section->sh_offset + (pos - section->sh_addr), next - pos))
            sum += next - pos;
        pos = i < end ? runs[i].end : next;
    }
    return sum;
}

/* Sections without runs, runs that are the linker's own, and what stands between runs without being padding. */
static uint64_t table_bytes(const struct graph_work *work)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < work->file->section_count; i++) {
        const struct elf_section *section = &work->file->sections[i];
        uint32_t first, end;
        if (!elf_section_is_loaded(section))
            continue;
        graph_section_runs(work, &section->header, &first, &end);
        sum += first == end ? section->header.sh_size : branch_bytes(work, &section->header, first, end);
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
