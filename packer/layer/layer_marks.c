#include "layer/layer_inner.h"

bool layer_marks_init(const struct layer_net *net, struct shared_arena *arena, struct layer_marks *marks)
{
    *marks = (struct layer_marks){.carried = layer_zeroed(arena, net->item_count, sizeof(uint32_t)),
                                  .carried_by = layer_zeroed(arena, net->item_count, sizeof(uint32_t)),
                                  .layered_by = layer_zeroed(arena, net->item_count, sizeof(uint32_t)),
                                  .barred = layer_zeroed(arena, net->item_count, sizeof(uint32_t)),
                                  .above = layer_zeroed(arena, net->item_count, sizeof(uint32_t))};
    return marks->carried && marks->carried_by && marks->layered_by && marks->barred && marks->above;
}

/* The places above one, up to the first that is marked already. */
static void mark_above(const struct layer_net *net, uint32_t place, uint32_t stamp, struct layer_marks *marks)
{
    if (!net->parent)
        return;
    for (uint32_t above = net->parent[place]; above != LAYER_NO && marks->above[above] != stamp;
         above = net->parent[above])
        marks->above[above] = stamp;
}

static bool is_carried(const struct layer_net *net, const struct layer_marks *marks, uint32_t rank,
                       uint32_t item)
{
    uint32_t place = net->place[item];
    return marks->carried_by[place] == rank + 1 && marks->carried[place] == item;
}

void layer_marks_set(const struct layer_net *net, const struct layer_state *state, uint32_t rank,
                     struct layer_marks *marks)
{
    const struct layer_set *carried = layer_carried_by(net, rank);
    for (size_t i = 0; i < carried->count; i++) {
        uint32_t item = (uint32_t)carried->items[i], place = net->place[item];
        marks->carried[place] = item;
        marks->carried_by[place] = rank + 1;
        mark_above(net, place, rank + 1, marks);
    }
    const struct layer_set *barred = net->problem->barred;
    for (size_t i = 0; barred && i < barred[net->order[rank]].count; i++)
        marks->barred[barred[net->order[rank]].items[i]] = rank + 1;
    marks->foreign = marks->strangers = 0;
    for (unsigned i = 0; i < state->attached_count[rank]; i++)
        layer_marks_attach(net, &state->layers[state->attached[rank][i]], rank, marks);
}

void layer_marks_attach(const struct layer_net *net, const struct layer_draft *layer, uint32_t rank,
                        struct layer_marks *marks)
{
    for (size_t i = 0; i < layer->count; i++) {
        uint32_t item = layer->items[i], place = net->place[item];
        marks->layered_by[place] = rank + 1;
        if (is_carried(net, marks, rank, item))
            continue;
        uint64_t unzipped = net->problem->items[item].unzipped_bytes;
        marks->foreign = layer_sum(marks->foreign, unzipped);
        if (marks->carried_by[place] != rank + 1)
            marks->strangers = layer_sum(marks->strangers, unzipped);
        mark_above(net, place, rank + 1, marks);
    }
}

/* Whether a place lies above or below another one of a function, or below one of its layers' alone. */
static bool is_nested(const struct layer_net *net, const struct layer_marks *marks, uint32_t rank,
                      uint32_t place, bool in_layers)
{
    if (!net->parent)
        return false;
    if (marks->above[place] == rank + 1)
        return true;
    for (uint32_t above = net->parent[place]; above != LAYER_NO; above = net->parent[above])
        if (marks->layered_by[above] == rank + 1 || (!in_layers && marks->carried_by[above] == rank + 1))
            return true;
    return false;
}

bool layer_marks_may_move(const struct layer_net *net, const struct layer_marks *marks, uint32_t rank,
                          uint32_t item)
{
    uint32_t place = net->place[item];
    return marks->layered_by[place] != rank + 1 &&
           (marks->foreign == 0 || !is_nested(net, marks, rank, place, true));
}

/* Whether a layer may bring a function what it does not carry itself. */
static bool is_borne(const struct layer_net *net, const struct layer_marks *marks, uint32_t rank,
                     uint32_t item, bool shadows, bool *stranger)
{
    const struct layer_item *items = net->problem->items;
    uint32_t place = net->place[item];
    *stranger = marks->carried_by[place] != rank + 1;
    if (marks->barred[item] == rank + 1 || marks->layered_by[place] == rank + 1 ||
        is_nested(net, marks, rank, place, false))
        return false;
    return *stranger || (shadows && items[item].shadowed && items[marks->carried[place]].shadowed);
}

struct layer_fit layer_marks_judge(const struct layer_net *net, const struct layer_draft *layer,
                                   uint32_t rank, bool shadows, const struct layer_marks *marks)
{
    const struct layer_problem *problem = net->problem;
    struct layer_fit fit = {.fits = false};
    uint64_t foreign = marks->foreign, strangers = marks->strangers;
    for (size_t i = 0; i < layer->count; i++) {
        uint32_t item = layer->items[i];
        bool stranger = false;
        if (is_carried(net, marks, rank, item)) {
            if (!layer_marks_may_move(net, marks, rank, item))
                return fit;
            fit.own += net->weight[item];
            continue;
        }
        if (!is_borne(net, marks, rank, item, shadows, &stranger))
            return fit;
        foreign = layer_sum(foreign, problem->items[item].unzipped_bytes);
        if (stranger)
            strangers = layer_sum(strangers, problem->items[item].unzipped_bytes);
    }
    uint64_t unzipped = layer_sum(net->unzipped[rank], foreign);
    fit.price = layer_price(net, strangers - marks->strangers);
    fit.bears = strangers <= problem->extra_bytes && unzipped <= problem->unzipped_limit_bytes &&
                unzipped < UINT64_MAX;
    fit.fits = fit.bears && fit.own > 0;
    return fit;
}
