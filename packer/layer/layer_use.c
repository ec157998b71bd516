#include "layer/layer_use.h"

static bool list_needers(const struct layer_problem *problem, struct shared_arena *arena,
                         struct layer_use *use)
{
    size_t edges = 0, count = problem->needs_count;
    for (size_t i = 0; i < count; i++)
        edges += problem->needs[i].count;
    use->begin = layer_zeroed(arena, problem->item_count + 2, sizeof(*use->begin));
    use->list = layer_zeroed(arena, edges, sizeof(*use->list));
    if (!use->begin || !use->list)
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < problem->needs[i].count; k++)
            use->begin[problem->needs[i].items[k] + 2]++;
    for (size_t i = 2; i < problem->item_count + 2; i++)
        use->begin[i] += use->begin[i - 1];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < problem->needs[i].count; k++)
            use->list[use->begin[problem->needs[i].items[k] + 1]++] = (uint32_t)i;
    return true;
}

static bool has_some(const struct layer_problem *problem)
{
    for (size_t i = 0; i < problem->needs_count; i++)
        if (problem->needs[i].count > 0)
            return true;
    return false;
}

bool layer_use_make(struct layer_net *net, struct shared_arena *arena)
{
    if (!has_some(net->problem))
        return true;
    struct layer_use *use = layer_zeroed(arena, 1, sizeof(*use));
    if (!use || !list_needers(net->problem, arena, use))
        return false;
    use->carried = layer_zeroed(arena, net->item_count, sizeof(*use->carried));
    use->usable = layer_zeroed(arena, net->item_count, sizeof(*use->usable));
    use->queue = layer_zeroed(arena, net->item_count, sizeof(*use->queue));
    net->use = use;
    return use->carried && use->usable && use->queue;
}

static void next_stamp(const struct layer_net *net)
{
    struct layer_use *use = net->use;
    if (++use->stamp > 0)
        return;
    memset(use->carried, 0, net->item_count * sizeof(*use->carried));
    memset(use->usable, 0, net->item_count * sizeof(*use->usable));
    use->stamp = 1;
}

static void mark_layer(struct layer_use *use, const struct layer_draft *layer)
{
    for (size_t i = 0; i < layer->count; i++)
        if (use->carried[layer->items[i]] == use->stamp)
            use->usable[layer->items[i]] = use->stamp;
}

/* Takes away what needs something that is not marked, over and over. */
static void close_marks(const struct layer_net *net, const struct layer_set *carried)
{
    struct layer_use *use = net->use;
    size_t count = 0;
    for (size_t i = 0; i < carried->count; i++)
        if (!layer_use_has(use, carried->items[i]))
            use->queue[count++] = (uint32_t)carried->items[i];
    for (size_t done = 0; done < count; done++)
        for (size_t k = use->begin[use->queue[done]]; k < use->begin[use->queue[done] + 1]; k++) {
            uint32_t item = use->list[k];
            if (!layer_use_has(use, item))
                continue;
            use->usable[item] = 0;
            use->queue[count++] = item;
        }
}

uint64_t layer_use_mark(const struct layer_net *net, const struct layer_state *state, uint32_t rank,
                        uint32_t but, const struct layer_draft *with)
{
    struct layer_use *use = net->use;
    const struct layer_set *carried = layer_carried_by(net, rank);
    uint64_t weight = 0;
    next_stamp(net);
    for (size_t i = 0; i < carried->count; i++)
        use->carried[carried->items[i]] = use->stamp;
    for (unsigned i = 0; i < state->attached_count[rank]; i++)
        if (state->attached[rank][i] != but)
            mark_layer(use, &state->layers[state->attached[rank][i]]);
    if (with)
        mark_layer(use, with);
    close_marks(net, carried);
    for (size_t i = 0; i < carried->count; i++)
        if (layer_use_has(use, carried->items[i]))
            weight += net->weight[carried->items[i]];
    return weight;
}

/* Unzipped bytes of what a marked function has from layers and in its zip. */
static uint64_t twice_of(const struct layer_net *net, const struct layer_state *state, uint32_t rank)
{
    const struct layer_use *use = net->use;
    uint64_t twice = 0;
    for (unsigned i = 0; i < state->attached_count[rank]; i++) {
        const struct layer_draft *layer = &state->layers[state->attached[rank][i]];
        for (size_t k = 0; k < layer->count; k++)
            if (use->carried[layer->items[k]] == use->stamp && !layer_use_has(use, layer->items[k]))
                twice = layer_sum(twice, net->problem->items[layer->items[k]].unzipped_bytes);
    }
    return twice;
}

/* The layer that a function has least use of, where it is to leave one; else its count of layers. */
static unsigned find_useless(const struct layer_net *net, const struct layer_state *state, uint32_t rank,
                             struct layer_marks *marks)
{
    unsigned count = state->attached_count[rank], worst = count;
    uint64_t all = layer_use_mark(net, state, rank, LAYER_NO, NULL), least = UINT64_MAX;
    layer_marks_set(net, state, rank, marks);
    uint64_t unzipped = layer_sum(layer_sum(net->unzipped[rank], marks->foreign), twice_of(net, state, rank));
    bool over = unzipped > net->problem->unzipped_limit_bytes || unzipped == UINT64_MAX;
    for (unsigned i = 0; i < count; i++) {
        uint32_t layer = state->attached[rank][i];
        uint64_t gain = all - layer_use_mark(net, state, rank, layer, NULL);
        if ((over || gain == 0) && gain < least) {
            least = gain;
            worst = i;
        }
    }
    return worst;
}

static void leave(struct layer_state *state, uint32_t rank, unsigned at)
{
    unsigned last = --state->attached_count[rank];
    memmove(&state->attached[rank][at], &state->attached[rank][at + 1],
            (last - at) * sizeof(state->attached[rank][0]));
}

/* A new layer of which one function alone has use saves nothing. */
static bool leave_alone(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state,
                        bool *left)
{
    uint32_t *users = layer_zeroed(scratch, state->count, sizeof(*users));
    if (!users)
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++)
        for (unsigned i = 0; i < state->attached_count[rank]; i++)
            users[state->attached[rank][i]]++;
    for (uint32_t rank = 0; rank < net->function_count; rank++)
        for (unsigned i = state->attached_count[rank]; i-- > 0;)
            if (users[state->attached[rank][i]] == 1 &&
                state->layers[state->attached[rank][i]].last == LAYER_NONE) {
                leave(state, rank, i);
                *left = true;
            }
    return true;
}

bool layer_use_leave(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state,
                     bool *left)
{
    struct layer_marks marks;
    *left = false;
    if (!layer_marks_init(net, scratch, &marks))
        return false;
    for (uint32_t rank = 0; rank < net->function_count; rank++) {
        unsigned worst;
        while ((worst = find_useless(net, state, rank, &marks)) < state->attached_count[rank]) {
            leave(state, rank, worst);
            *left = true;
        }
    }
    return leave_alone(net, scratch, state, left);
}
