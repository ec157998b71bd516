#include "layer/layer_unit.h"

#include <string.h>

/*
 * A unit that was merged of several has files at several places, and the planner knows one of each item. So that no two
 * items with a file in common pass for two that go together, all units of all functions that share a part have one
 * place, the same in every run with the same packages.
 */
struct group {
    const char *place;
    bool last_choice;
    size_t merged;
};

struct naming {
    struct shared_arena *arena;
    struct layer_index index;
    struct group *groups;
    size_t count, capacity;
};

/* As layer_unit_root. */
static size_t root_of(const struct naming *naming, size_t group)
{
    struct group *groups = naming->groups;
    while (groups[group].merged != group)
        group = groups[group].merged = groups[groups[group].merged].merged;
    return group;
}

static int group_at(struct naming *naming, const struct layer_unit *unit, size_t *group,
                    struct shared_error *err)
{
    uint64_t key = layer_index_text_key(unit->place);
    for (size_t at = 0; (*group = layer_index_next(&naming->index, key, &at)) != LAYER_NONE;)
        if (strcmp(naming->groups[*group].place, unit->place) == 0)
            return 0;
    if (naming->count == naming->capacity) {
        size_t capacity = naming->capacity ? 2 * naming->capacity : 256, bytes = sizeof(*naming->groups);
        struct group *groups =
            shared_arena_resize(naming->arena, naming->groups, naming->capacity * bytes, capacity * bytes);
        if (!groups)
            return layer_unit_no_memory(err);
        naming->groups = groups;
        naming->capacity = capacity;
    }
    *group = naming->count++;
    naming->groups[*group] = (struct group){unit->place, unit->last_choice, *group};
    return layer_index_add(&naming->index, key, *group, err);
}

static bool names(const struct group *a, const struct group *b)
{
    if (a->last_choice != b->last_choice)
        return !a->last_choice;
    return strcmp(a->place, b->place) < 0;
}

/* Each group's root is the one that names it. */
static void merge(struct naming *naming, size_t a, size_t b)
{
    a = root_of(naming, a);
    b = root_of(naming, b);
    if (a == b)
        return;
    bool a_names = names(&naming->groups[a], &naming->groups[b]);
    naming->groups[a_names ? b : a].merged = a_names ? a : b;
}

static int join_units(struct naming *naming, const struct layer_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->count; i++) {
        size_t root = layer_unit_root(work, i), group, other;
        if (work->units[i].kind == LAYER_NODE || work->units[root].why)
            continue;
        status = group_at(naming, &work->units[i], &group, err);
        if (status == 0)
            status = group_at(naming, &work->units[root], &other, err);
        if (status == 0)
            merge(naming, group, other);
    }
    return status;
}

static int rename_units(struct naming *naming, struct layer_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->count; i++) {
        size_t group;
        if (work->units[i].merged != i || work->units[i].kind == LAYER_NODE || work->units[i].why)
            continue;
        status = group_at(naming, &work->units[i], &group, err);
        if (status == 0)
            work->units[i].place = naming->groups[root_of(naming, group)].place;
    }
    return status;
}

int layer_units_join(struct layer_work *works, size_t count, struct shared_arena *arena,
                     struct shared_error *err)
{
    struct naming naming = {.arena = arena, .index = {.arena = arena}};
    bool has_merged = false;
    for (size_t i = 0; i < count; i++)
        has_merged |= works[i].has_merged;
    int status = has_merged ? 0 : 1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = join_units(&naming, &works[i], err);
    for (size_t i = 0; status == 0 && i < count; i++)
        status = rename_units(&naming, &works[i], err);
    return status < 0 ? status : 0;
}
