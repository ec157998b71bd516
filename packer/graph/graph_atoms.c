#include "graph/graph_inner.h"

#include <string.h>

/* Bytes behind a symbol's last that are taken for padding up to the next. */
#define PADDING_BYTES 15

/* What is cut, and where the cutting has come to. */
struct cutting {
    struct graph_work *work;
    const uint32_t *member_of;
    size_t place, mark; /* the first ones not before pos */
    size_t capacity;
};

static int add_atom(struct cutting *cutting, const struct graph_atom *atom, struct shared_error *err)
{
    struct graph *graph = cutting->work->graph;
    if (graph->atom_count == cutting->capacity) {
        size_t larger = 2 * cutting->capacity + 4096;
        struct graph_atom *atoms = shared_arena_resize(
            cutting->work->arena, graph->atoms, cutting->capacity * sizeof(*atoms), larger * sizeof(*atoms));
        if (!atoms || larger >= GRAPH_NONE)
            return graph_no_memory(cutting->work, err);
        graph->atoms = atoms;
        cutting->capacity = larger;
    }
    graph->atoms[graph->atom_count++] = *atom;
    return 0;
}

/* The end of the atom that begins at pos, and whether a symbol names it. */
static uint64_t end_of(struct cutting *cutting, uint64_t pos, uint64_t run_end,
                       const struct graph_symbol **symbol)
{
    const struct graph_work *work = cutting->work;
    while (cutting->place < work->place_count && work->places[cutting->place].address < pos)
        cutting->place++;
    size_t next = cutting->place;
    *symbol = NULL;
    if (next < work->place_count && work->places[next].address == pos)
        *symbol = &work->places[next++];
    uint64_t end = run_end;
    if (next < work->place_count && work->places[next].address < end)
        end = work->places[next].address;
    if (*symbol) {
        uint64_t size = (*symbol)->size_bytes;
        return size == 0 || size >= end - pos || end - pos - size <= PADDING_BYTES ? end : pos + size;
    }
    while (cutting->mark < work->mark_count && work->marks[cutting->mark] <= pos)
        cutting->mark++;
    if (cutting->mark < work->mark_count && work->marks[cutting->mark] < end)
        end = work->marks[cutting->mark];
    return end;
}

static int cut_run(struct cutting *cutting, size_t index, bool zero, bool code, struct shared_error *err)
{
    struct graph_work *work = cutting->work;
    const struct image_run *run = &work->layout->runs.items[index];
    uint32_t section;
    int status = graph_add_text(work, work->layout->map.pieces[run->piece].name, &section, err);
    for (uint64_t pos = run->start; status == 0 && pos < run->end;) {
        const struct graph_symbol *symbol;
        uint64_t end = end_of(cutting, pos, run->end, &symbol);
        struct graph_atom atom = {.name = section,
                                  .section = section,
                                  .address = pos,
                                  .size_bytes = end - pos,
                                  .member = cutting->member_of[index],
                                  .run = (uint32_t)index,
                                  .parent = GRAPH_NONE,
                                  .dominator = GRAPH_NONE,
                                  .named = symbol != NULL,
                                  .code = code,
                                  .zero = zero};
        if (symbol)
            status = graph_add_text(work, shared_slice_from_text(symbol->name), &atom.name, err);
        if (status == 0)
            status = add_atom(cutting, &atom, err);
        pos = end;
    }
    return status;
}

/* The section of the program that a run lies in; runs come section by section. */
static const GElf_Shdr *section_of(const struct elf_file *file, const struct image_run *run,
                                   const GElf_Shdr *last)
{
    if (last && run->start >= last->sh_addr && run->start - last->sh_addr < last->sh_size)
        return last;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if ((header->sh_flags & SHF_ALLOC) == 0 ||
            (header->sh_type == SHT_NOBITS && (header->sh_flags & SHF_TLS) != 0))
            continue;
        if (run->start >= header->sh_addr && run->start - header->sh_addr < header->sh_size)
            return header;
    }
    return NULL;
}

int graph_make_atoms(struct graph_work *work, const uint32_t *member_of, struct shared_error *err)
{
    struct cutting cutting = {.work = work, .member_of = member_of};
    struct graph_atom root = {
        .run = GRAPH_NONE, .parent = GRAPH_NONE, .dominator = GRAPH_NONE, .named = true};
    const GElf_Shdr *section = NULL;
    int status = graph_add_text(work, shared_slice_from_text("(start)"), &root.name, err);
    if (status == 0)
        status = add_atom(&cutting, &root, err);
    for (size_t i = 0; status == 0 && i < work->layout->runs.count; i++) {
        const struct image_run *run = &work->layout->runs.items[i];
        section = section_of(work->file, run, section);
        if (section && !graph_is_fill(&work->layout->map.pieces[run->piece]) && !graph_is_table(work, run))
            status = cut_run(&cutting, i, section->sh_type == SHT_NOBITS,
                             (section->sh_flags & SHF_EXECINSTR) != 0, err);
    }
    return status;
}

uint32_t graph_atom_at(const struct graph *graph, uint64_t address)
{
    size_t low = 1, high = graph->atom_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->atoms[middle].address + graph->atoms[middle].size_bytes <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < graph->atom_count && graph->atoms[low].address <= address ? (uint32_t)low : GRAPH_NONE;
}
