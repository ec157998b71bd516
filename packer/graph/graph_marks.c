#include "graph/graph_inner.h"

#include <string.h>

/* How far before a place the table is looked for that it stands in. */
#define TABLE_BYTES (64u << 10)

/* Where bytes of data lie in the file: sections' bytes are there, so offsets are below its size. */
static bool offset_of(const struct graph_work *work, uint32_t run, uint64_t address, uint64_t *offset)
{
    const GElf_Shdr *section = graph_run_section(work, run);
    if (!section || section->sh_type == SHT_NOBITS || (section->sh_flags & SHF_EXECINSTR) != 0)
        return false;
    *offset = section->sh_offset + (address - section->sh_addr);
    return true;
}

int graph_make_marks(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (elf_section_is_loaded(&file->sections[i]) &&
            header->sh_offset + header->sh_size > work->mark_bytes)
            work->mark_bytes = header->sh_offset + header->sh_size;
    }
    size_t size = (work->mark_bytes / 64 + 1) * sizeof(*work->marks);
    work->marks = shared_arena_alloc(work->early, size);
    if (!work->marks)
        return graph_no_memory(work, err);
    memset(work->marks, 0, size);
    return 0;
}

void graph_set_mark(struct graph_work *work, uint64_t address)
{
    uint32_t run = graph_run_at(work, address);
    uint64_t offset;
    if (run != GRAPH_NONE && offset_of(work, run, address, &offset))
        work->marks[offset / 64] |= (uint64_t)1 << offset % 64;
}

uint64_t graph_mark_before(const struct graph_work *work, uint32_t run, uint64_t address)
{
    uint64_t start = work->layout->runs.items[run].start, offset;
    if (address - start > TABLE_BYTES)
        start = address - TABLE_BYTES;
    if (!offset_of(work, run, address, &offset))
        return start;
    uint64_t first = offset - (address - start), word = offset / 64;
    uint64_t bits = work->marks[word] << (63 - offset % 64) >> (63 - offset % 64);
    while (bits == 0 && word * 64 > first)
        bits = work->marks[--word];
    if (bits == 0)
        return start;
    uint64_t found = word * 64 + 63 - (unsigned)__builtin_clzll(bits);
    return found < first ? start : address - (offset - found);
}

uint64_t graph_mark_after(const struct graph_work *work, uint32_t run, uint64_t address, uint64_t end)
{
    uint64_t offset;
    if (end - address < 2 || !offset_of(work, run, address + 1, &offset))
        return end;
    uint64_t last = offset + (end - address - 2), word = offset / 64;
    uint64_t bits = work->marks[word] >> offset % 64 << offset % 64;
    while (bits == 0 && (word + 1) * 64 <= last)
        bits = work->marks[++word];
    if (bits == 0)
        return end;
    uint64_t found = word * 64 + (unsigned)__builtin_ctzll(bits);
    return found > last ? end : address + 1 + (found - offset);
}
