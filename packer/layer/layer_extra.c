/*
 * Layers that hold what not all their users carry: who attaches one bears strangers, up to extra_bytes in all, at a price,
 * so that it is not done for little. The search (layer_wide.h) begins where merging for all users of either layer leads,
 * and at the plan without strangers; of few functions, parts are then taken away and made anew.
 */
#include "base/cleanup.h"
#include "layer/layer_wide.h"

#include <stdlib.h>

#define CLASSES 4096 /* that are looked at: those with most bytes to save */
#define FEW 64       /* functions, and twice that many classes, of which parts are made anew */

static int compare_items(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The plan without strangers, class by class; a class of which a layer has but a part is left out. */
static void read_state(const struct wide *wide, const struct layer_state *from, uint32_t *class_of,
                       uint32_t *held, struct wide_state *state)
{
    for (size_t l = 0; l < from->count; l++) {
        const struct layer_draft *draft = &from->layers[l];
        uint32_t first = draft->count > 0 ? class_of[draft->items[0]] : LAYER_NO;
        size_t layer = first == LAYER_NO ? SIZE_MAX : wide_open(wide, state, wide->list[first].bucket);
        if (layer == SIZE_MAX)
            continue;
        for (uint32_t rank = 0; rank < wide->function_count; rank++)
            for (unsigned i = 0; i < from->attached_count[rank]; i++)
                if (from->attached[rank][i] == l)
                    wide_join(wide, state, layer, rank);
        for (size_t i = 0; i < draft->count; i++)
            if (class_of[draft->items[i]] != LAYER_NO)
                held[class_of[draft->items[i]]]++;
        for (size_t i = 0; i < draft->count; i++) {
            uint32_t c = class_of[draft->items[i]];
            if (c == LAYER_NO || held[c] == 0)
                continue;
            if (held[c] == wide->classes->list[c].item_count &&
                wide_put_worth(wide, state, layer, c) != WIDE_NEVER)
                wide_put(wide, state, layer, c);
            held[c] = 0;
        }
    }
}

/* The layers with their items; functions attach those that they may, to the byte. */
static bool write_state(const struct wide *wide, const struct wide_state *from, struct shared_arena *scratch,
                        struct shared_arena *arena, struct layer_state *state)
{
    struct layer_marks marks;
    if (!layer_state_init(wide->net, arena, state) || !layer_marks_init(wide->net, scratch, &marks))
        return false;
    for (size_t l = 0; l < from->layer_count; l++) {
        struct layer_draft draft = {.last = LAYER_NONE};
        const uint64_t *holds = wide_holds(wide, from, l);
        WIDE_EACH(c, holds, wide->class_words)
        {
            draft.count += wide->classes->list[c].item_count;
        }
        draft.items = layer_zeroed(arena, draft.count, sizeof(*draft.items));
        if (!draft.items)
            return false;
        size_t at = 0;
        WIDE_EACH(c, holds, wide->class_words)
        {
            const struct layer_class *class = &wide->classes->list[c];
            memcpy(draft.items + at, wide->classes->items + class->first,
                   class->item_count * sizeof(uint32_t));
            at += class->item_count;
        }
        if (at > 0)
            qsort(draft.items, at, sizeof(*draft.items), compare_items);
        if (!layer_state_add(state, arena, draft))
            return false;
    }
    for (uint32_t rank = 0; rank < wide->function_count; rank++) {
        layer_marks_set(wide->net, state, rank, &marks);
        for (uint32_t l = 0; l < from->layer_count; l++) {
            if (!wide_is_in(wide_users(wide, from, l), rank) ||
                state->attached_count[rank] >= wide->net->slots[rank] ||
                !layer_marks_judge(wide->net, &state->layers[l], rank, false, &marks).fits)
                continue;
            layer_marks_attach(wide->net, &state->layers[l], rank, &marks);
            state->attached[rank][state->attached_count[rank]++] = l;
        }
    }
    return true;
}

/* Stored bytes, and the price of strangers. */
static bool cost_of(const struct layer_net *net, const struct layer_state *state,
                    struct shared_arena *scratch, uint64_t *stored_bytes, uint64_t *cost)
{
    struct layer_marks marks;
    if (!layer_marks_init(net, scratch, &marks) || !layer_state_stored(net, state, scratch, stored_bytes))
        return false;
    *cost = *stored_bytes;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        layer_marks_set(net, state, rank, &marks);
        *cost = layer_sum(*cost, marks.strangers / LAYER_STRANGERS);
    }
    return true;
}

/* The better of two: that merging makes, and that which is there. */
static bool search(struct wide *wide, bool light, const struct layer_state *strict,
                   struct shared_arena *scratch, struct wide_state *best)
{
    struct wide_state other;
    uint32_t *class_of = layer_zeroed(scratch, wide->net->item_count, sizeof(*class_of));
    uint32_t *held = layer_zeroed(scratch, wide->class_count, sizeof(*held));
    if (!class_of || !held || !wide_state_init(wide, scratch, best) ||
        !wide_state_init(wide, scratch, &other) || !wide_merge(wide, scratch, best))
        return false;
    memset(class_of, 0xff, wide->net->item_count * sizeof(*class_of));
    for (uint32_t c = 0; c < wide->class_count; c++)
        for (size_t i = 0; i < wide->classes->list[c].item_count; i++)
            class_of[wide->classes->items[wide->classes->list[c].first + i]] = c;
    bool few = wide->function_count <= FEW && wide->class_count <= 2 * FEW;
    wide_polish(wide, few, best);
    read_state(wide, strict, class_of, held, &other);
    wide_polish(wide, few, &other);
    if (other.worth > best->worth)
        wide_state_copy(wide, best, &other);
    return !few || wide_ruin(wide, light, scratch, best);
}

bool layer_extra(const struct layer_net *net, bool light, struct shared_arena *arena,
                 struct layer_state *state, uint64_t *stored_bytes)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct layer_classes classes;
    struct wide wide;
    struct wide_state best;
    struct layer_state other;
    uint64_t cost, other_cost, other_bytes;
    if (!layer_classes_make(net, &net->users, &scratch, &classes))
        return false;
    if (classes.count == 0)
        return true;
    if (!wide_init(net, &classes, CLASSES, &scratch, &wide) ||
        !search(&wide, light, state, &scratch, &best) ||
        !write_state(&wide, &best, &scratch, arena, &other) || !layer_settle(net, arena, &other) ||
        !layer_settle(net, arena, state) || !cost_of(net, state, &scratch, stored_bytes, &cost) ||
        !cost_of(net, &other, &scratch, &other_bytes, &other_cost))
        return false;
    if (other_cost < cost) {
        *state = other;
        *stored_bytes = other_bytes;
    }
    return true;
}
