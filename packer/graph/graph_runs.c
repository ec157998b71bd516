#include "graph/graph_inner.h"

#include <stdlib.h>
#include <string.h>

/* A section that has memory of its own: thread-local zeros have none. */
struct placed_section {
    uint64_t address, end;
    uint32_t index;
};

static int by_address(const void *a, const void *b)
{
    const struct placed_section *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static size_t list_sections(const struct elf_file *file, struct placed_section *sections)
{
    size_t count = 0;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        bool zeros = header->sh_type == SHT_NOBITS &&
                     (header->sh_flags & (SHF_ALLOC | SHF_TLS)) == SHF_ALLOC && header->sh_size > 0;
        if ((!zeros && !elf_section_is_loaded(&file->sections[i])) ||
            header->sh_size > UINT64_MAX - header->sh_addr)
            continue;
        sections[count++] =
            (struct placed_section){header->sh_addr, header->sh_addr + header->sh_size, (uint32_t)i};
    }
    qsort(sections, count, sizeof(*sections), by_address);
    return count;
}

int graph_place_runs(struct graph_work *work, struct shared_error *err)
{
    const struct image_runs *runs = &work->layout->runs;
    const struct elf_file *file = work->file;
    struct placed_section *sections =
        shared_arena_alloc(work->scratch, file->section_count * sizeof(*sections));
    work->section_of = shared_arena_alloc(work->scratch, runs->count * sizeof(*work->section_of));
    if (!sections || !work->section_of || runs->count >= GRAPH_NONE ||
        graph_index_make(&work->run_index, runs->items, runs->count, sizeof(*runs->items), work->scratch) < 0)
        return graph_no_memory(work, err);
    size_t count = list_sections(file, sections), at = 0;
    for (size_t i = 0; i < runs->count; i++) {
        const struct image_run *run = &runs->items[i];
        while (at < count && sections[at].end <= run->start)
            at++;
        bool inside = at < count && sections[at].address <= run->start && run->end <= sections[at].end;
        work->section_of[i] = inside ? sections[at].index : GRAPH_NONE;
    }
    return 0;
}

uint32_t graph_run_at(const struct graph_work *work, uint64_t address)
{
    uint32_t run = graph_index_find(&work->run_index, address);
    return run != GRAPH_INDEX_NONE && address < work->layout->runs.items[run].end ? run : GRAPH_NONE;
}

const GElf_Shdr *graph_run_section(const struct graph_work *work, uint32_t run)
{
    uint32_t section = work->section_of[run];
    return section == GRAPH_NONE ? NULL : &work->file->sections[section].header;
}

const struct link_piece *graph_run_piece(const struct graph_work *work, uint32_t run)
{
    return &work->layout->map.pieces[work->layout->runs.items[run].piece];
}

void graph_section_runs(const struct graph_work *work, const GElf_Shdr *section, uint32_t *first,
                        uint32_t *end)
{
    const struct image_runs *runs = &work->layout->runs;
    uint32_t before = graph_index_find(&work->run_index, section->sh_addr);
    uint32_t last = graph_index_find(&work->run_index, section->sh_addr + section->sh_size - 1);
    *first = before == GRAPH_INDEX_NONE ? 0 : before;
    if (before != GRAPH_INDEX_NONE && runs->items[before].start < section->sh_addr)
        ++*first;
    *end = last == GRAPH_INDEX_NONE || section->sh_size == 0 ? *first : last + 1;
}
