#include "graph/graph_inner.h"

#include <string.h>

/*
 * Linkers put strings and constants that are the same together, and their maps name the first input that had them, or
 * none: those that no symbol names belong to what refers to them first on the way from the root.
 */

/* The size of a character where a section's name is one of strings, ".rodata.str1.8"; else 0. */
static size_t character_bytes(struct shared_slice name)
{
    const char *found = name.size_bytes ? memmem(name.data, name.size_bytes, ".str", 4) : NULL;
    size_t at = found ? (size_t)(found - name.data) + 4 : name.size_bytes;
    char digit = at < name.size_bytes ? name.data[at] : '0';
    return digit == '1' || digit == '2' || digit == '4' ? (size_t)(digit - '0') : 0;
}

static bool is_constants(struct shared_slice name)
{
    return name.size_bytes > 0 && memmem(name.data, name.size_bytes, ".cst", 4) != NULL;
}

int graph_find_merged(struct graph_work *work, struct shared_error *err)
{
    size_t runs = work->layout->runs.count;
    work->merged = shared_arena_alloc(work->scratch, runs * sizeof(*work->merged));
    if (!work->merged)
        return graph_no_memory(work, err);
    for (uint32_t run = 0; run < runs; run++) {
        const GElf_Shdr *section = graph_run_section(work, run);
        struct shared_slice name = graph_run_piece(work, run)->name;
        bool code =
            section && (section->sh_flags & SHF_EXECINSTR) != 0; /* whatever its functions are called */
        work->merged[run] =
            work->member_of[run] == 0 || (!code && (character_bytes(name) > 0 || is_constants(name)));
    }
    return 0;
}

/* Whether the last character of an atom is one that ends a string. */
static bool ends(const struct graph_work *work, const struct graph_atom *atom, const GElf_Shdr *section,
                 size_t character)
{
    uint64_t end = section->sh_offset + (atom->address - section->sh_addr) + atom->size_bytes;
    for (size_t i = 1; i <= character && i <= atom->size_bytes; i++)
        if (work->file->content.data[end - i] != 0)
            return false;
    return true;
}

int graph_join_strings(struct graph_work *work, struct shared_error *err)
{
    const struct graph *graph = work->graph;
    int status = 0;
    for (uint32_t run = 0; run < work->layout->runs.count; run++) {
        if (!work->merged[run])
            continue;
        const GElf_Shdr *section = graph_run_section(work, run);
        size_t character = character_bytes(graph_run_piece(work, run)->name);
        if (character == 0 || !section || section->sh_type == SHT_NOBITS)
            continue;
        for (uint32_t atom = work->first_atom[run]; status == 0 && atom + 1 < work->first_atom[run + 1];
             atom++)
            if (!ends(work, &graph->atoms[atom], section, character))
                status = graph_add_edge(work, atom, atom + 1, err);
    }
    return status;
}

static bool has_no_owner(const struct graph_work *work, const struct graph_atom *atom)
{
    if (atom->parent == GRAPH_NONE || atom->kept == GRAPH_UNKNOWN)
        return false;
    return atom->member == 0 || (!atom->named && atom->kept == GRAPH_REACHED && work->merged[atom->run]);
}

void graph_own_strings(struct graph_work *work)
{
    struct graph *graph = work->graph;
    for (size_t i = 1; i < graph->atom_count; i++) {
        struct graph_atom *atom = &graph->atoms[i];
        if (!has_no_owner(work, atom))
            continue;
        uint32_t owner = atom->parent;
        while (owner != GRAPH_ROOT && has_no_owner(work, &graph->atoms[owner]))
            owner = graph->atoms[owner].parent;
        if (owner != GRAPH_ROOT)
            atom->member = graph->atoms[owner].member;
    }
}
