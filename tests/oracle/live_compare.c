#include "live_compare.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 12 /* differences of a kind that are said */

/* All sections of one name of one input; inputs are told by their base name and member. */
struct place {
    struct shared_slice name; /* "libc.a(malloc.o):.text" */
    size_t live, dead, removed, pieces;
    uint64_t live_bytes, run_bytes;
    bool merged; /* with equal ones of other inputs: whose they are nobody says */
};

struct comparing {
    const struct oracle_link *link;
    struct shared_arena *arena;
    struct text_table by_name;
    struct place *places;
    size_t count, capacity;
    FILE *out;
    struct live_differences *found;
    struct shared_error *err;
};

static struct shared_slice base_name(struct shared_slice path)
{
    const char *slash = path.size_bytes ? memrchr(path.data, '/', path.size_bytes) : NULL;
    size_t skip = slash ? (size_t)(slash + 1 - path.data) : 0;
    return shared_slice_of(path.data + skip, path.size_bytes - skip);
}

static uint32_t place_of(struct comparing *comparing, struct shared_slice file, struct shared_slice member,
                         struct shared_slice section)
{
    struct shared_slice base = base_name(file);
    const char *text = shared_arena_format(comparing->arena, "%.*s(%.*s):%.*s", (int)base.size_bytes,
                                           base.data, (int)member.size_bytes, member.data ? member.data : "",
                                           (int)section.size_bytes, section.data);
    uint32_t *known = text ? text_table_at(&comparing->by_name, shared_slice_from_text(text)) : NULL;
    if (!known)
        return ORACLE_NONE;
    if (*known == TEXT_TABLE_NONE) {
        struct place *places = oracle_grow(comparing->arena, comparing->places, comparing->count,
                                           &comparing->capacity, sizeof(*places));
        if (!places)
            return ORACLE_NONE;
        comparing->places = places;
        *known = (uint32_t)comparing->count;
        places[comparing->count++] = (struct place){.name = shared_slice_from_text(text)};
    }
    return *known;
}

static bool equals(struct shared_slice text, const char *other)
{
    return shared_slice_equal(text, shared_slice_from_text(other));
}

/* What all linkers take apart or put together anew. */
static bool is_remade(struct shared_slice name)
{
    return equals(name, ".eh_frame") || equals(name, ".note.gnu.property") || equals(name, ".note.GNU-stack");
}

/* Thread-local zeros are at no address: the graph has none. */
static bool is_compared(const struct oracle_section *section)
{
    bool thread_zeros = section->type == SHT_NOBITS && (section->flags & SHF_TLS) != 0;
    return !thread_zeros && (section->flags & SHF_ALLOC) != 0 && section->type != SHT_NULL &&
           section->size_bytes > 0 && !section->discarded && !is_remade(section->name);
}

/* Lists what the oracle says; numbers has the place of each section, object by object. */
static int list_sections(struct comparing *comparing, uint32_t **numbers)
{
    for (size_t i = 0; i < comparing->link->object_count; i++) {
        const struct oracle_object *object = &comparing->link->objects[i];
        numbers[i] = shared_arena_alloc(comparing->arena, object->section_count * sizeof(uint32_t));
        if (!numbers[i])
            return oracle_no_memory(comparing->err);
        for (size_t k = 0; k < object->section_count; k++) {
            const struct oracle_section *section = &object->sections[k];
            numbers[i][k] = ORACLE_NONE;
            if (object->shared || !is_compared(section))
                continue;
            numbers[i][k] =
                place_of(comparing, shared_slice_from_text(object->path), object->member, section->name);
            if (numbers[i][k] == ORACLE_NONE)
                return oracle_no_memory(comparing->err);
            struct place *place = &comparing->places[numbers[i][k]];
            place->live += section->live;
            place->dead += !section->live;
            place->live_bytes += section->live ? section->size_bytes : 0;
            place->merged |= (section->flags & SHF_MERGE) != 0;
            comparing->found->sections++;
        }
    }
    return 0;
}

/* "ld.bfd: removing unused section '.text' in file 'libc.a(x.o)'", "removing unused section libc.a(x.o):(.text)". */
static bool read_removed(struct shared_slice line, struct shared_slice *file, struct shared_slice *section)
{
    static const char start[] = "removing unused section ";
    const char *found = memmem(line.data, line.size_bytes, start, sizeof(start) - 1);
    if (!found)
        return false;
    struct shared_slice rest = shared_slice_of(found + sizeof(start) - 1, 0);
    rest.size_bytes = (size_t)(line.data + line.size_bytes - rest.data);
    if (rest.size_bytes > 0 && rest.data[0] == '\'') {
        const char *middle = memmem(rest.data, rest.size_bytes, "' in file '", 11);
        if (!middle || rest.data[rest.size_bytes - 1] != '\'')
            return false;
        *section = shared_slice_of(rest.data + 1, (size_t)(middle - rest.data) - 1);
        *file = shared_slice_of(middle + 11, (size_t)(rest.data + rest.size_bytes - middle) - 12);
        return true;
    }
    const char *middle = memmem(rest.data, rest.size_bytes, ":(", 2);
    if (!middle || rest.data[rest.size_bytes - 1] != ')')
        return false;
    *file = shared_slice_of(rest.data, (size_t)(middle - rest.data));
    *section = shared_slice_of(middle + 2, (size_t)(rest.data + rest.size_bytes - middle) - 3);
    return true;
}

static void split_member(struct shared_slice *file, struct shared_slice *member)
{
    const char *open = file->size_bytes ? memrchr(file->data, '(', file->size_bytes) : NULL;
    *member = shared_slice_of(NULL, 0);
    if (!open || file->data[file->size_bytes - 1] != ')')
        return;
    *member = shared_slice_of(open + 1, (size_t)(file->data + file->size_bytes - open) - 2);
    file->size_bytes = (size_t)(open - file->data);
}

static int list_removed(struct comparing *comparing, struct shared_slice removed)
{
    while (removed.size_bytes > 0) {
        struct shared_slice file, member, section, line = shared_slice_split(&removed, '\n');
        if (!read_removed(line, &file, &section))
            continue;
        split_member(&file, &member);
        uint32_t place = place_of(comparing, file, member, section);
        if (place == ORACLE_NONE)
            return oracle_no_memory(comparing->err);
        comparing->places[place].removed++;
    }
    return 0;
}

static int list_pieces(struct comparing *comparing, const struct link_map *map)
{
    for (size_t i = 0; i < map->piece_count; i++) {
        const struct link_piece *piece = &map->pieces[i];
        if (piece->file.size_bytes == 0)
            continue;
        uint32_t place = place_of(comparing, piece->file, piece->member, piece->name);
        if (place == ORACLE_NONE)
            return oracle_no_memory(comparing->err);
        comparing->places[place].pieces++;
    }
    return 0;
}

static void say(const struct comparing *comparing, size_t *count, const char *what, const struct place *place)
{
    if (++*count <= SHOWN)
        fprintf(
            comparing->out,
            "  %s: %.*s (oracle: live %zu of %llu bytes, dead %zu; linker: dropped %zu, placed %zu; graph: "
            "%llu bytes)\n",
            what, (int)place->name.size_bytes, place->name.data, place->live,
            (unsigned long long)place->live_bytes, place->dead, place->removed, place->pieces,
            (unsigned long long)place->run_bytes);
}

/* mold prints nothing of what it merges, whose map has no pieces of it either, as lld's has none. */
static void compare_places(struct comparing *comparing)
{
    bool mold = comparing->link->linker == ORACLE_MOLD;
    for (size_t i = 0; i < comparing->count; i++) {
        const struct place *place = &comparing->places[i];
        bool known = place->live + place->dead > 0;
        if (known && !(place->merged && mold) && place->dead != place->removed)
            say(comparing, &comparing->found->dropped, "dropped", place);
        if (!known || place->merged)
            continue;
        if (place->live != place->pieces)
            say(comparing, &comparing->found->mapped, "placed", place);
        if (place->run_bytes != place->live_bytes)
            say(comparing, &comparing->found->runs, "bytes", place);
    }
}

/* The place of each atom, by the run that it is of, and the bytes of each place. */
static int list_atoms(struct comparing *comparing, const struct graph *graph,
                      const struct image_layout *layout, uint32_t *place_of_atom)
{
    uint32_t last_run = GRAPH_NONE, last_place = ORACLE_NONE;
    place_of_atom[0] = ORACLE_NONE;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        if (atom->run != last_run) {
            const struct link_piece *piece = &layout->map.pieces[layout->runs.items[atom->run].piece];
            last_run = atom->run;
            last_place = ORACLE_NONE;
            if (piece->file.size_bytes > 0) {
                last_place = place_of(comparing, piece->file, piece->member, piece->name);
                if (last_place == ORACLE_NONE)
                    return oracle_no_memory(comparing->err);
            }
        }
        place_of_atom[i] = last_place;
        if (last_place != ORACLE_NONE)
            comparing->places[last_place].run_bytes += atom->size_bytes;
    }
    return 0;
}

struct pair {
    uint32_t from, to;
};

struct pairs {
    struct pair *items;
    size_t count;
};

static int by_ends(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static void sort_pairs(struct pairs *pairs)
{
    size_t kept = 0;
    qsort(pairs->items, pairs->count, sizeof(*pairs->items), by_ends);
    for (size_t i = 0; i < pairs->count; i++)
        if (kept == 0 || by_ends(&pairs->items[kept - 1], &pairs->items[i]) != 0)
            pairs->items[kept++] = pairs->items[i];
    pairs->count = kept;
}

/* Edges are compared where both ends are sections that the inputs have, and not merged. */
static void add_pair(const struct comparing *comparing, struct pairs *pairs, uint32_t from, uint32_t to)
{
    if (from == ORACLE_NONE || to == ORACLE_NONE || from == to)
        return;
    const struct place *a = &comparing->places[from], *b = &comparing->places[to];
    if (a->merged || b->merged || a->live + a->dead == 0 || b->live + b->dead == 0)
        return;
    pairs->items[pairs->count++] = (struct pair){from, to};
}

static bool has_pair(const struct pairs *pairs, struct pair pair)
{
    return pairs->count > 0 && bsearch(&pair, pairs->items, pairs->count, sizeof(pair), by_ends) != NULL;
}

static void say_missing(const struct comparing *comparing, const struct pairs *in, const struct pairs *not_in,
                        const char *what, size_t *count)
{
    for (size_t i = 0; i < in->count; i++) {
        if (has_pair(not_in, in->items[i]) || ++*count > SHOWN)
            continue;
        const struct place *from = &comparing->places[in->items[i].from],
                           *to = &comparing->places[in->items[i].to];
        fprintf(comparing->out, "  %s: %.*s to %.*s\n", what, (int)from->name.size_bytes, from->name.data,
                (int)to->name.size_bytes, to->name.data);
    }
}

static void check_parents(const struct comparing *comparing, const struct graph *graph,
                          const uint32_t *places, const struct pairs *known)
{
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        struct pair pair = {places[atom->parent], places[i]}, room[1];
        struct pairs one = {room, 0};
        if (atom->kept != GRAPH_REACHED || atom->parent == GRAPH_ROOT)
            continue;
        add_pair(comparing, &one, pair.from, pair.to);
        if (one.count == 0 || has_pair(known, pair) || ++comparing->found->parents_wrong > SHOWN)
            continue;
        fprintf(comparing->out, "  parent: %s in %.*s is not referred to by %s in %.*s\n",
                graph_text(graph, atom->name), (int)comparing->places[pair.to].name.size_bytes,
                comparing->places[pair.to].name.data, graph_text(graph, graph->atoms[atom->parent].name),
                (int)comparing->places[pair.from].name.size_bytes, comparing->places[pair.from].name.data);
    }
}

static int compare_edges(struct comparing *comparing, const struct graph *graph, uint32_t *const *numbers,
                         const uint32_t *places)
{
    const struct oracle_link *link = comparing->link;
    size_t edges = graph->edge_start[graph->atom_count];
    struct pairs inputs = {shared_arena_alloc(comparing->arena, (link->edge_count + 1) * sizeof(struct pair)),
                           0};
    struct pairs program = {shared_arena_alloc(comparing->arena, (edges + 1) * sizeof(struct pair)), 0};
    if (!inputs.items || !program.items)
        return oracle_no_memory(comparing->err);
    for (size_t i = 0; i < link->edge_count; i++) {
        const struct oracle_edge *edge = &link->edges[i];
        add_pair(comparing, &inputs, numbers[edge->from_object][edge->from_section],
                 numbers[edge->to_object][edge->to_section]);
    }
    for (uint32_t i = 1; i < graph->atom_count; i++)
        for (uint32_t k = graph->edge_start[i]; k < graph->edge_start[i + 1]; k++)
            add_pair(comparing, &program, places[i], places[graph->edge_to[k]]);
    sort_pairs(&inputs);
    sort_pairs(&program);
    comparing->found->edges = inputs.count;
    say_missing(comparing, &inputs, &program, "edge missing", &comparing->found->edges_missing);
    say_missing(comparing, &program, &inputs, "edge made up", &comparing->found->edges_made_up);
    check_parents(comparing, graph, places, &inputs);
    return 0;
}

static void add_up(const struct graph *graph, struct live_differences *found)
{
    uint64_t sum = graph->header_bytes + graph->table_bytes + graph->padding_bytes;
    for (size_t i = 1; i < graph->atom_count; i++) {
        uint64_t bytes = graph_atom_bytes(&graph->atoms[i]);
        sum += bytes;
        found->atoms_unknown += graph->atoms[i].kept == GRAPH_UNKNOWN;
        found->bytes_unknown += graph->atoms[i].kept == GRAPH_UNKNOWN ? bytes : 0;
    }
    found->bytes_missing = sum > graph->file_bytes ? sum - graph->file_bytes : graph->file_bytes - sum;
}

int live_compare(const struct oracle_link *link, const struct image_layout *layout,
                 struct shared_slice removed, const struct graph *graph, FILE *out,
                 struct live_differences *found, struct shared_error *err)
{
    struct comparing comparing = {.link = link, .arena = link->arena, .out = out, .found = found, .err = err};
    *found = (struct live_differences){0};
    comparing.by_name.arena = link->arena;
    uint32_t **numbers = shared_arena_alloc(link->arena, (link->object_count + 1) * sizeof(*numbers));
    uint32_t *places = shared_arena_alloc(link->arena, graph->atom_count * sizeof(*places));
    if (!numbers || !places)
        return oracle_no_memory(err);
    int status = list_sections(&comparing, numbers);
    if (status == 0)
        status = list_removed(&comparing, removed);
    if (status == 0)
        status = list_pieces(&comparing, &layout->map);
    if (status == 0)
        status = list_atoms(&comparing, graph, layout, places);
    if (status < 0)
        return status;
    compare_places(&comparing);
    add_up(graph, found);
    return compare_edges(&comparing, graph, numbers, places);
}
