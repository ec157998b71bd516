#include "report/report_why.h"

#include <string.h>

/* "MEMBER:SYMBOL", or a symbol alone. */
static bool is_symbol(const struct graph *graph, uint32_t index, const char *name)
{
    const struct graph_atom *atom = &graph->atoms[index];
    if (!atom->named)
        return false;
    const char *symbol = graph_text(graph, atom->name);
    if (strcmp(symbol, name) == 0)
        return true;
    const char *member = graph_text(graph, graph->members[atom->member].name);
    size_t size = strlen(member);
    return strncmp(name, member, size) == 0 && name[size] == ':' && strcmp(name + size + 1, symbol) == 0;
}

/* "inflate.o", "libz.a(inflate.o)", or with the archive's whole path. */
static bool is_member(const struct graph *graph, const struct graph_member *member, const char *name)
{
    const char *own = graph_text(graph, member->name), *archive = graph_text(graph, member->archive);
    if (strcmp(own, name) == 0)
        return true;
    size_t size = strlen(name), own_size = strlen(own);
    if (!member->archive || size < own_size + 3 || name[size - 1] != ')' ||
        strncmp(name + size - 1 - own_size, own, own_size) != 0 || name[size - 2 - own_size] != '(')
        return false;
    size_t archive_size = size - own_size - 2, whole = strlen(archive);
    return archive_size <= whole && strncmp(name, archive + whole - archive_size, archive_size) == 0 &&
           (archive_size == whole || archive[whole - archive_size - 1] == '/');
}

/* Sets how far each atom is from the root: each chain is gone along up to an atom whose depth is known. */
static void find_depths(const struct graph *graph, uint32_t *depths)
{
    memset(depths, 0xff, graph->atom_count * sizeof(*depths));
    depths[GRAPH_ROOT] = 0;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        uint32_t steps = 0, at = i;
        for (; depths[at] == UINT32_MAX; at = graph->atoms[at].parent)
            steps++;
        uint32_t depth = depths[at] + steps;
        for (at = i; depths[at] == UINT32_MAX; at = graph->atoms[at].parent)
            depths[at] = depth--;
    }
}

static bool belongs(const struct graph *graph, uint32_t index, const struct why_target *target)
{
    uint32_t member = graph->atoms[index].member;
    return target->kind[0] == 'm' ? member == target->group : graph->members[member].library == target->group;
}

/* What is reached goes before what only stands in a section with it, then what is nearest to the root. */
static void find_nearest(const struct graph *graph, const uint32_t *depths, struct why_target *target)
{
    size_t least = SIZE_MAX;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        if (!belongs(graph, i, target))
            continue;
        size_t depth = depths[i] + (size_t)graph->atoms[i].kept * graph->atom_count;
        if (depth < least) {
            least = depth;
            target->atoms[0] = i;
            target->count = 1;
        }
    }
}

static bool find_group(const struct graph *graph, const char *name, struct why_target *target)
{
    for (uint32_t i = 1; i < graph->member_count; i++)
        if (is_member(graph, &graph->members[i], name)) {
            target->kind = "member";
            target->group = i;
            return true;
        }
    for (uint32_t i = 0; i < graph->library_count; i++)
        if (strcmp(graph_text(graph, graph->libraries[i].name), name) == 0) {
            target->kind = "library";
            target->group = i;
            return true;
        }
    return false;
}

int why_find(const struct graph *graph, const char *name, struct shared_arena *arena,
             struct why_target *target, struct shared_error *err)
{
    *target = (struct why_target){.kind = "symbol"};
    target->atoms = shared_arena_alloc(arena, graph->atom_count * sizeof(*target->atoms));
    if (!target->atoms)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for %.100s", name);
    for (uint32_t i = 1; i < graph->atom_count; i++)
        if (is_symbol(graph, i, name))
            target->atoms[target->count++] = i;
    if (target->count > 0 || !find_group(graph, name, target))
        return 0;
    uint32_t *depths = shared_arena_alloc(arena, graph->atom_count * sizeof(*depths));
    if (!depths)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for %.100s", name);
    find_depths(graph, depths);
    find_nearest(graph, depths, target);
    return 0;
}
