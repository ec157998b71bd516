#include "layer/layer_wide.h"

#include <stdlib.h>

/* Groups of places; the root of each place is the highest that it lies below. */
static uint32_t root_of(const struct layer_net *net, uint32_t place)
{
    while (net->parent && net->parent[place] != LAYER_NO)
        place = net->parent[place];
    return place;
}

/* Numbers the groups with more than one item that is carried; LAYER_NO: a place's is none of these. */
static bool number_groups(const struct layer_net *net, struct shared_arena *arena, uint32_t **group_of,
                          size_t *count)
{
    uint32_t *of_place = *group_of = layer_zeroed(arena, net->item_count, sizeof(uint32_t));
    if (!of_place)
        return false;
    for (size_t i = 0; i < net->item_count; i++)
        if (net->users.begin[i + 1] > net->users.begin[i])
            of_place[root_of(net, net->place[i])]++;
    *count = 0;
    for (size_t p = 0; p < net->item_count; p++)
        of_place[p] = of_place[p] > 1 ? (uint32_t)(*count)++ : LAYER_NO;
    return true;
}

static bool list_groups(struct wide *wide, struct shared_arena *arena)
{
    const struct layer_net *net = wide->net;
    uint32_t *group_of;
    if (!number_groups(net, arena, &group_of, &wide->group_count))
        return false;
    size_t all = 0;
    for (size_t c = 0; c < wide->class_count; c++)
        all += wide->classes->list[c].item_count;
    wide->groups = layer_zeroed(arena, all, sizeof(uint32_t));
    wide->group_carried = layer_zeroed(arena, wide->group_count * wide->words, sizeof(uint64_t));
    if (!wide->groups || !wide->group_carried)
        return false;
    for (size_t i = 0; i < net->item_count; i++) {
        uint32_t group = group_of[root_of(net, net->place[i])];
        for (size_t u = net->users.begin[i]; group != LAYER_NO && u < net->users.begin[i + 1]; u++)
            wide_add(wide->group_carried + group * wide->words, net->users.list[u]);
    }
    size_t at = 0;
    for (size_t c = 0; c < wide->class_count; c++) {
        const struct layer_class *class = &wide->classes->list[c];
        wide->list[c].first_group = at;
        for (size_t i = 0; i < class->item_count; i++) {
            uint32_t item = wide->classes->items[class->first + i];
            uint32_t group = group_of[root_of(net, net->place[item])];
            if (group != LAYER_NO)
                wide->groups[at++] = group;
        }
        wide->list[c].group_count = at - wide->list[c].first_group;
    }
    return true;
}

static void fill_class(struct wide *wide, size_t c, uint64_t most)
{
    const struct layer_class *class = &wide->classes->list[c];
    struct wide_class *filled = &wide->list[c];
    for (size_t i = 0; i < class->item_count; i++)
        filled->unzipped =
            layer_sum(filled->unzipped,
                      wide->net->problem->items[wide->classes->items[class->first + i]].unzipped_bytes);
    filled->weight = (double)class->weight;
    filled->price = (double)layer_price(wide->net, filled->unzipped);
    filled->bucket = class->bucket;
    filled->alone = filled->unzipped > most;
    for (uint32_t i = 0; i < class->user_count; i++)
        wide_add(wide_carried(wide, c), class->users[i]);
}

static bool list_barred(struct wide *wide, struct shared_arena *arena)
{
    const struct layer_set *barred = wide->net->problem->barred;
    size_t items = wide->net->item_count;
    wide->barred = layer_zeroed(arena, wide->class_count * wide->words, sizeof(uint64_t));
    uint32_t *class_of = layer_zeroed(arena, barred ? items : 0, sizeof(*class_of));
    if (!wide->barred || !class_of || !barred)
        return wide->barred && class_of;
    memset(class_of, 0xff, items * sizeof(*class_of));
    for (uint32_t c = 0; c < wide->class_count; c++)
        for (size_t i = 0; i < wide->classes->list[c].item_count; i++)
            class_of[wide->classes->items[wide->classes->list[c].first + i]] = c;
    for (size_t rank = 0; rank < wide->function_count; rank++) {
        const struct layer_set *set = &barred[wide->net->order[rank]];
        for (size_t i = 0; i < set->count; i++)
            if (class_of[set->items[i]] != LAYER_NO)
                wide_add(wide_barred(wide, class_of[set->items[i]]), rank);
    }
    return true;
}

bool wide_init(const struct layer_net *net, const struct layer_classes *classes, size_t most_classes,
               struct shared_arena *arena, struct wide *wide)
{
    size_t count = classes->count < most_classes ? classes->count : most_classes;
    *wide = (struct wide){.net = net,
                          .classes = classes,
                          .class_count = count,
                          .function_count = net->function_count,
                          .words = (net->function_count + 63) / 64,
                          .class_words = (count + 63) / 64,
                          .overhead = (double)net->overhead,
                          .random = 1};
    wide->layer_capacity = count > 4 * net->function_count ? count : 4 * net->function_count;
    if (wide->layer_capacity > count + 64)
        wide->layer_capacity = count + 64;
    wide->list = layer_zeroed(arena, count, sizeof(*wide->list));
    wide->carried = layer_zeroed(arena, count * wide->words, sizeof(uint64_t));
    wide->room = layer_zeroed(arena, net->function_count, sizeof(uint64_t));
    if (!wide->list || !wide->carried || !wide->room)
        return false;
    uint64_t most = 0;
    for (size_t rank = 0; rank < net->function_count; rank++) {
        if (net->slots[rank] == 0)
            continue;
        uint64_t left = net->problem->unzipped_limit_bytes - net->unzipped[rank];
        wide->room[rank] = left < net->problem->extra_bytes ? left : net->problem->extra_bytes;
        most = wide->room[rank] > most ? wide->room[rank] : most;
    }
    for (size_t c = 0; c < count; c++)
        fill_class(wide, c, most);
    return list_groups(wide, arena) && list_barred(wide, arena);
}
