#include "layer/layer_digest.h"

#include <stdlib.h>
#include <string.h>

/*
 * Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972), without recursion:
 * those that need each other have one digest in common, of all of them and of what they need beside, which is known by
 * then. A chain of 100,000 packages takes no longer than as many that need nothing.
 */
struct search {
    struct layer_found *found;
    struct layer_bytes *bytes;
    struct state {
        size_t number; /* in the order of discovery, from 1; 0: not seen */
        size_t low;
        size_t next; /* of its needs */
        bool open;   /* its component is not known yet */
    } * states;
    size_t *path, path_count; /* that leads to where the search is */
    size_t *open, open_count;
    size_t *outside; /* needs of a component that lie in others */
    size_t outside_capacity;
    size_t seen;
};

bool layer_bytes_add(struct layer_bytes *bytes, const void *data, size_t size)
{
    if (bytes->capacity - bytes->size < size) {
        size_t capacity = 2 * (bytes->size + size) + 4096;
        char *larger = shared_arena_resize(bytes->arena, bytes->data, bytes->capacity, capacity);
        if (!larger)
            return false;
        bytes->data = larger;
        bytes->capacity = capacity;
    }
    if (size > 0)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return true;
}

static int by_number(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static bool add_named(struct layer_bytes *bytes, const char *place, const struct hash *hash)
{
    return layer_bytes_add(bytes, place, strlen(place) + 1) && layer_bytes_add(bytes, hash, sizeof(*hash));
}

/* Lists the needs of a component that lie in others, each once. */
static bool list_outside(struct search *search, const size_t *members, size_t count, size_t *outside_count)
{
    size_t most = 0, listed = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        most += search->found[members[i]].need_count;
    if (most > search->outside_capacity) {
        search->outside =
            shared_arena_resize(search->bytes->arena, NULL, 0, 2 * most * sizeof(*search->outside));
        if (!search->outside)
            return false;
        search->outside_capacity = 2 * most;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < search->found[members[i]].need_count; k++)
            if (!search->states[search->found[members[i]].needs[k]].open)
                search->outside[listed++] = search->found[members[i]].needs[k];
    if (listed > 0)
        qsort(search->outside, listed, sizeof(*search->outside), by_number);
    for (size_t i = 0; i < listed; i++)
        if (kept == 0 || search->outside[kept - 1] != search->outside[i])
            search->outside[kept++] = search->outside[i];
    *outside_count = kept;
    return true;
}

/* Members are numbered by their places, so that the order is the same in every function that has them. */
static bool hash_component(struct search *search, size_t *members, size_t count)
{
    struct layer_bytes *bytes = search->bytes;
    size_t outside;
    if (!list_outside(search, members, count, &outside))
        return false;
    if (count == 1 && outside == 0)
        return true;
    qsort(members, count, sizeof(*members), by_number);
    bytes->size = 0;
    for (size_t i = 0; i < count; i++)
        if (!add_named(bytes, search->found[members[i]].item.place, &search->found[members[i]].own))
            return false;
    for (size_t i = 0; i < outside; i++) {
        const struct layer_item *needed = &search->found[search->outside[i]].item;
        if (!add_named(bytes, needed->place, &needed->digest))
            return false;
    }
    struct hash all = hash_bytes(shared_slice_of(bytes->data, bytes->size));
    for (size_t i = 0; i < count; i++) {
        struct layer_found *member = &search->found[members[i]];
        bytes->size = 0;
        if (!add_named(bytes, member->item.place, &all))
            return false;
        member->item.digest = hash_bytes(shared_slice_of(bytes->data, bytes->size));
    }
    return true;
}

static void discover(struct search *search, size_t at)
{
    search->states[at] = (struct state){.number = ++search->seen, .low = search->seen, .open = true};
    search->path[search->path_count++] = search->open[search->open_count++] = at;
}

static void lower(struct state *state, size_t number)
{
    if (number < state->low)
        state->low = number;
}

/* Ends with the newest of the path: where nothing that it reaches was there before it, a component is whole. */
static bool leave(struct search *search)
{
    size_t at = search->path[--search->path_count], first = search->open_count;
    const struct state *state = &search->states[at];
    if (search->path_count > 0)
        lower(&search->states[search->path[search->path_count - 1]], state->low);
    if (state->low != state->number)
        return true;
    while (search->open[--first] != at)
        ;
    if (!hash_component(search, search->open + first, search->open_count - first))
        return false;
    while (search->open_count > first)
        search->states[search->open[--search->open_count]].open = false;
    return true;
}

static bool visit(struct search *search, size_t root)
{
    discover(search, root);
    while (search->path_count > 0) {
        size_t at = search->path[search->path_count - 1];
        struct state *state = &search->states[at];
        if (state->next == search->found[at].need_count) {
            if (!leave(search))
                return false;
            continue;
        }
        size_t needed = search->found[at].needs[state->next++];
        if (search->states[needed].number == 0)
            discover(search, needed);
        else if (search->states[needed].open)
            lower(state, search->states[needed].number);
    }
    return true;
}

int layer_found_close(struct layer_found *found, size_t count, struct layer_bytes *bytes,
                      struct shared_error *err)
{
    struct search search = {.found = found, .bytes = bytes};
    search.states = shared_arena_alloc(bytes->arena, count * sizeof(*search.states));
    search.path = shared_arena_alloc(bytes->arena, count * sizeof(*search.path));
    search.open = shared_arena_alloc(bytes->arena, count * sizeof(*search.open));
    if (!search.states || !search.path || !search.open)
        return layer_unit_no_memory(err);
    if (count > 0)
        memset(search.states, 0, count * sizeof(*search.states));
    for (size_t i = 0; i < count; i++)
        if (search.states[i].number == 0 && !visit(&search, i))
            return layer_unit_no_memory(err);
    return 0;
}
