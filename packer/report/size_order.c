#include "report/size_order.h"

#include <stdlib.h>
#include <string.h>

/* What is sorted: a part with its values, so that qsort needs nothing else. */
struct item {
    uint64_t value, address;
    const char *name;
    uint32_t group, index;
};

static int by_group_and_value(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    int order = strcmp(x->name, y->name);
    if (order != 0)
        return order;
    return x->address != y->address ? (x->address < y->address ? -1 : 1)
                                    : (x->index > y->index) - (x->index < y->index);
}

static uint64_t choose(enum size_key key, uint64_t deflated, uint64_t bytes, uint64_t retained)
{
    return key == SIZE_DEFLATED ? deflated : key == SIZE_BYTES ? bytes : retained;
}

/* Sorts items, and writes their indices and where each group begins; start may be NULL. */
static void put(struct item *items, size_t count, uint32_t *indices, uint32_t *start, size_t groups)
{
    qsort(items, count, sizeof(*items), by_group_and_value);
    size_t at = 0;
    for (size_t group = 0; start && group <= groups; group++) {
        while (at < count && items[at].group < group)
            at++;
        start[group] = (uint32_t)at;
    }
    for (size_t i = 0; i < count; i++)
        indices[i] = items[i].index;
}

static void sort_atoms(const struct graph *graph, enum size_key key, struct item *items,
                       struct size_order *order)
{
    size_t count = 0;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        uint64_t bytes = graph_atom_bytes(atom);
        if (bytes == 0)
            continue;
        items[count++] = (struct item){choose(key, atom->deflated_bytes, bytes, atom->retained_bytes),
                                       atom->address, graph_text(graph, atom->name), atom->member, i};
    }
    put(items, count, order->atoms, order->atom_start, graph->member_count);
}

static void sort_members(const struct graph *graph, enum size_key key, struct item *items,
                         struct size_order *order)
{
    size_t count = 0;
    for (uint32_t i = 0; i < graph->member_count; i++) {
        const struct graph_member *member = &graph->members[i];
        if (member->bytes == 0)
            continue;
        items[count++] =
            (struct item){choose(key, member->deflated_bytes, member->bytes, member->retained_bytes), 0,
                          graph_text(graph, member->name), member->library, i};
    }
    put(items, count, order->members, order->member_start, graph->library_count);
}

static void sort_libraries(const struct graph *graph, enum size_key key, struct item *items,
                           struct size_order *order)
{
    for (uint32_t i = 0; i < graph->library_count; i++) {
        const struct graph_library *library = &graph->libraries[i];
        if (library->bytes == 0)
            continue;
        items[order->library_count++] =
            (struct item){choose(key, library->deflated_bytes, library->bytes, library->retained_bytes), 0,
                          graph_text(graph, library->name), 0, i};
    }
    put(items, order->library_count, order->libraries, NULL, 0);
}

int size_order_make(const struct graph *graph, enum size_key key, struct shared_arena *arena,
                    struct size_order *order, struct shared_error *err)
{
    size_t most = graph->atom_count + graph->member_count + graph->library_count;
    *order = (struct size_order){
        .libraries = shared_arena_alloc(arena, graph->library_count * sizeof(uint32_t)),
        .member_start = shared_arena_alloc(arena, (graph->library_count + 1) * sizeof(uint32_t)),
        .members = shared_arena_alloc(arena, graph->member_count * sizeof(uint32_t)),
        .atom_start = shared_arena_alloc(arena, (graph->member_count + 1) * sizeof(uint32_t)),
        .atoms = shared_arena_alloc(arena, graph->atom_count * sizeof(uint32_t)),
    };
    struct item *items = malloc(most * sizeof(*items));
    bool allocated = items && order->libraries && order->member_start && order->members &&
                     order->atom_start && order->atoms;
    if (allocated) {
        sort_atoms(graph, key, items, order);
        sort_members(graph, key, items, order);
        sort_libraries(graph, key, items, order);
    }
    free(items);
    return allocated ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "no memory to sort a program's parts");
}
