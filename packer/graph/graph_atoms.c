#include "graph/graph_inner.h"

#include <string.h>

/* Bytes behind a symbol's last that are taken for padding up to the next. */
#define PADDING_BYTES 15

/* What is cut, and where the cutting has come to. */
struct cutting {
    struct graph_work *work;
    size_t place; /* the first one not before pos */
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
static uint64_t end_of(struct cutting *cutting, uint32_t run, uint64_t pos,
                       const struct graph_symbol **symbol)
{
    const struct graph_work *work = cutting->work;
    while (cutting->place < work->place_count && work->places[cutting->place].address < pos)
        cutting->place++;
    size_t next = cutting->place;
    *symbol = NULL;
    if (next < work->place_count && work->places[next].address == pos)
        *symbol = &work->places[next++];
    uint64_t end = work->layout->runs.items[run].end;
    if (next < work->place_count && work->places[next].address < end)
        end = work->places[next].address;
    if (*symbol) {
        uint64_t size = (*symbol)->size_bytes;
        return size == 0 || size >= end - pos || end - pos - size <= PADDING_BYTES ? end : pos + size;
    }
    return graph_mark_after(work, run, pos, end);
}

/* A symbol's name, which is mostly the end of its section's: ".text.main" has "main" in it. */
static int add_name(struct graph_work *work, const char *name, struct shared_slice section, uint32_t *text,
                    struct shared_error *err)
{
    struct shared_slice wanted = shared_slice_from_text(name);
    size_t skip = section.size_bytes - wanted.size_bytes;
    bool ends = section.size_bytes >= wanted.size_bytes && (signed char)*name > 0 &&
                memcmp(section.data + skip, name, wanted.size_bytes) == 0;
    if (!ends)
        return graph_add_text(work, wanted, text, err);
    *text += (uint32_t)skip;
    return 0;
}

static int cut_run(struct cutting *cutting, uint32_t index, const GElf_Shdr *header, struct shared_error *err)
{
    struct graph_work *work = cutting->work;
    const struct image_run *run = &work->layout->runs.items[index];
    struct shared_slice name = graph_run_piece(work, index)->name;
    uint32_t section;
    int status = graph_add_text(work, name, &section, err);
    for (uint64_t pos = run->start; status == 0 && pos < run->end;) {
        const struct graph_symbol *symbol;
        uint64_t end = end_of(cutting, index, pos, &symbol);
        struct graph_atom atom = {.name = section,
                                  .section = section,
                                  .address = pos,
                                  .size_bytes = end - pos,
                                  .member = work->member_of[index],
                                  .run = index,
                                  .parent = GRAPH_NONE,
                                  .dominator = GRAPH_NONE,
                                  .named = symbol != NULL,
                                  .code = (header->sh_flags & SHF_EXECINSTR) != 0,
                                  .zero = header->sh_type == SHT_NOBITS};
        if (symbol)
            status = add_name(work, symbol->name, name, &atom.name, err);
        if (status == 0)
            status = add_atom(cutting, &atom, err);
        pos = end;
    }
    return status;
}

int graph_make_atoms(struct graph_work *work, struct shared_error *err)
{
    struct cutting cutting = {.work = work};
    struct graph *graph = work->graph;
    uint32_t runs = (uint32_t)work->layout->runs.count;
    struct graph_atom root = {
        .run = GRAPH_NONE, .parent = GRAPH_NONE, .dominator = GRAPH_NONE, .named = true};
    work->first_atom = shared_arena_alloc(work->scratch, (runs + 1) * sizeof(*work->first_atom));
    int status = work->first_atom ? graph_add_text(work, shared_slice_from_text("(start)"), &root.name, err)
                                  : graph_no_memory(work, err);
    if (status == 0)
        status = add_atom(&cutting, &root, err);
    for (uint32_t run = 0; status == 0 && run < runs; run++) {
        const GElf_Shdr *section = graph_run_section(work, run);
        work->first_atom[run] = (uint32_t)graph->atom_count;
        if (section && !graph_is_fill(graph_run_piece(work, run)) && !graph_is_table(work, run))
            status = cut_run(&cutting, run, section, err);
    }
    if (status < 0)
        return status;
    work->first_atom[runs] = (uint32_t)graph->atom_count;
    return graph_index_make(&work->atom_index, graph->atoms + 1, graph->atom_count - 1, sizeof(*graph->atoms),
                            work->scratch) < 0
               ? graph_no_memory(work, err)
               : 0;
}

uint32_t graph_atom_at(const struct graph_work *work, uint64_t address)
{
    uint32_t index = graph_index_find(&work->atom_index, address);
    if (index == GRAPH_INDEX_NONE)
        return GRAPH_NONE;
    const struct graph_atom *atom = &work->graph->atoms[index + 1];
    return address - atom->address < atom->size_bytes ? index + 1 : GRAPH_NONE;
}
