#include "base/cleanup.h"
#include "layer/layer_inner.h"

#include <stdlib.h>

#define STARTS 8
#define START_WORK 30000 /* users of classes, of all starts */

static int compare_items(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static size_t count_starts(const struct layer_classes *classes)
{
    size_t users = 1;
    for (size_t c = 0; c < classes->count; c++)
        users += classes->list[c].user_count;
    size_t starts = START_WORK / users;
    return starts < 1 ? 1 : starts > STARTS ? STARTS : starts;
}

/* What no plan surpasses: every class in one layer alone of all its users. */
static uint64_t most_saved(const struct layer_net *net, const struct layer_classes *classes)
{
    uint64_t saved = 0;
    for (size_t c = 0; c < classes->count; c++)
        saved += classes->list[c].weight * (classes->list[c].user_count - 1);
    return saved > net->overhead ? saved - net->overhead : 0;
}

/* The best of several merges. */
static bool find_merged(const struct layer_net *net, const struct layer_classes *classes,
                        struct shared_arena *scratch, struct layer_family *family,
                        struct layer_contents *contents)
{
    for (uint64_t start = 0; start < count_starts(classes); start++) {
        struct layer_family other;
        struct layer_contents filled;
        if (!layer_merge(net, classes, start, scratch, &other) ||
            !layer_choose(net, classes, &other, scratch, &filled) ||
            !layer_exchange(net, classes, &other, scratch, &filled))
            return false;
        if (start > 0 && filled.saved <= contents->saved)
            continue;
        *family = other;
        *contents = filled;
    }
    return true;
}

/* Writes a layer's items and lets its users attach it; nothing where it holds nothing or saves nothing. */
static bool add_group(const struct layer_net *net, const struct layer_classes *classes,
                      const struct layer_group *group, const uint32_t *held, size_t held_count,
                      struct shared_arena *arena, struct layer_state *state)
{
    struct layer_draft draft = {.last = LAYER_NONE};
    uint64_t weight = 0;
    for (size_t i = 0; i < held_count; i++) {
        draft.count += classes->list[held[i]].item_count;
        weight += classes->list[held[i]].weight;
    }
    if (weight * (group->count - 1) <= net->overhead)
        return true;
    draft.items = layer_zeroed(arena, draft.count, sizeof(*draft.items));
    if (!draft.items)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < held_count; i++) {
        const struct layer_class *class = &classes->list[held[i]];
        memcpy(draft.items + at, classes->items + class->first, class->item_count * sizeof(*draft.items));
        at += class->item_count;
    }
    qsort(draft.items, draft.count, sizeof(*draft.items), compare_items);
    for (uint32_t i = 0; i < group->count; i++) {
        uint32_t rank = group->users[i];
        state->attached[rank][state->attached_count[rank]++] = (uint32_t)state->count;
    }
    return layer_state_add(state, arena, draft);
}

/* A whole plan of a family. */
static bool write_state(const struct layer_net *net, const struct layer_classes *classes,
                        const struct layer_family *family, const struct layer_contents *contents,
                        struct shared_arena *arena, struct layer_state *state, uint64_t *stored_bytes)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    if (!layer_state_init(net, arena, state))
        return false;
    for (size_t g = 0; g < family->count; g++)
        if (!add_group(net, classes, &family->groups[g], contents->classes + contents->begin[g],
                       contents->begin[g + 1] - contents->begin[g], arena, state))
            return false;
    return layer_settle(net, arena, state) && layer_state_stored(net, state, &scratch, stored_bytes);
}

/* What taking parts of it away makes of a family; it counts where the whole plan is better. */
static bool try_ruined(const struct layer_net *net, const struct layer_classes *classes, bool light,
                       struct layer_family family, struct shared_arena *scratch, struct shared_arena *arena,
                       struct layer_state *state, uint64_t *stored_bytes)
{
    struct layer_contents contents;
    struct layer_state other;
    uint64_t other_bytes;
    if (!layer_ruin(net, classes, light, scratch, &family) ||
        !layer_choose(net, classes, &family, scratch, &contents) ||
        !write_state(net, classes, &family, &contents, arena, &other, &other_bytes))
        return false;
    if (other_bytes < *stored_bytes) {
        *state = other;
        *stored_bytes = other_bytes;
    }
    return true;
}

static bool make_strict(const struct layer_net *net, bool light, struct shared_arena *arena,
                        struct layer_state *state, uint64_t *stored_bytes)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct layer_classes classes;
    struct layer_family family = {NULL, 0};
    struct layer_contents contents = {.saved = 0};
    if (!layer_classes_make(net, &net->users, &scratch, &classes))
        return false;
    if (classes.count > 0 && (!layer_classes_index(net, &scratch, &classes) ||
                              !find_merged(net, &classes, &scratch, &family, &contents)))
        return false;
    if (!write_state(net, &classes, &family, &contents, arena, state, stored_bytes))
        return false;
    if (net->function_count > LAYER_RUIN_FUNCTIONS || contents.saved == most_saved(net, &classes))
        return true;
    return try_ruined(net, &classes, light, family, &scratch, arena, state, stored_bytes);
}

bool layer_fresh(const struct layer_net *net, bool light, struct shared_arena *arena,
                 struct layer_state *state, uint64_t *stored_bytes)
{
    struct layer_problem strict = *net->problem;
    struct layer_net without = *net;
    strict.extra_bytes = 0;
    without.problem = &strict;
    return make_strict(&without, light, arena, state, stored_bytes) &&
           (net->problem->extra_bytes == 0 || layer_extra(net, light, arena, state, stored_bytes));
}
