#include "layer/layer_inner.h"

#include <stdlib.h>
#include <xxhash.h>

static size_t user_count(const struct layer_users *users, size_t item)
{
    return users->begin[item + 1] - users->begin[item];
}

/* Classes by their users and bucket; open addressing. */
struct table {
    uint32_t *slots; /* a class and 1, or 0 */
    size_t mask;
};

static size_t hash_users(const struct layer_net *net, const struct layer_users *users, size_t item)
{
    return XXH3_64bits_withSeed(users->list + users->begin[item],
                                user_count(users, item) * sizeof(*users->list), net->bucket[item]);
}

static bool is_of(const struct layer_class *class, const struct layer_net *net,
                  const struct layer_users *users, size_t item)
{
    return class->user_count == user_count(users, item) && class->bucket == net->bucket[item] &&
           memcmp(class->users, users->list + users->begin[item],
                  class->user_count * sizeof(*class->users)) == 0;
}

/* The class of an item; a new one where there is none. */
static uint32_t classify(const struct layer_net *net, const struct layer_users *users, size_t item,
                         struct table *table, struct layer_classes *classes)
{
    size_t at = hash_users(net, users, item) & table->mask;
    while (table->slots[at] && !is_of(&classes->list[table->slots[at] - 1], net, users, item))
        at = (at + 1) & table->mask;
    if (!table->slots[at]) {
        classes->list[classes->count] = (struct layer_class){.users = users->list + users->begin[item],
                                                             .user_count = (uint32_t)user_count(users, item),
                                                             .bucket = net->bucket[item],
                                                             .first = item};
        table->slots[at] = (uint32_t)++classes->count;
    }
    return table->slots[at] - 1;
}

static int compare_classes(const void *a, const void *b)
{
    const struct layer_class *x = a, *y = b;
    uint64_t saves_x = x->weight * (x->user_count - 1), saves_y = y->weight * (y->user_count - 1);
    if (saves_x != saves_y)
        return saves_x > saves_y ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Sorts the classes; their first items say which is which afterwards. Then lists the items of each. */
static bool list_items(const struct layer_net *net, uint32_t *of_item, struct shared_arena *arena,
                       struct layer_classes *classes)
{
    uint32_t *moved = layer_zeroed(arena, classes->count, sizeof(*moved));
    if (!moved)
        return false;
    struct layer_class *list = classes->list;
    qsort(list, classes->count, sizeof(*list), compare_classes);
    size_t all = 0;
    for (uint32_t c = 0; c < classes->count; c++) {
        moved[of_item[list[c].first]] = c;
        list[c].first = all;
        all += list[c].item_count;
        list[c].item_count = 0;
    }
    classes->items = layer_zeroed(arena, all, sizeof(*classes->items));
    if (!classes->items)
        return false;
    for (uint32_t i = 0; i < net->item_count; i++) {
        if (of_item[i] == LAYER_NO)
            continue;
        struct layer_class *class = &list[moved[of_item[i]]];
        classes->items[class->first + class->item_count++] = i;
    }
    return true;
}

bool layer_classes_make(const struct layer_net *net, const struct layer_users *users,
                        struct shared_arena *arena, struct layer_classes *classes)
{
    *classes = (struct layer_classes){.list = NULL};
    size_t shared = 0, size = 16;
    for (size_t i = 0; i < net->item_count; i++)
        shared += net->weight[i] > 0 && user_count(users, i) > 1;
    while (size < 2 * shared)
        size *= 2;
    struct table table = {layer_zeroed(arena, size, sizeof(*table.slots)), size - 1};
    uint32_t *of_item = layer_zeroed(arena, net->item_count, sizeof(*of_item));
    classes->list = layer_zeroed(arena, shared, sizeof(*classes->list));
    if (!table.slots || !of_item || !classes->list)
        return false;
    for (size_t i = 0; i < net->item_count; i++) {
        of_item[i] = LAYER_NO;
        if (net->weight[i] == 0 || user_count(users, i) < 2)
            continue;
        of_item[i] = classify(net, users, i, &table, classes);
        classes->list[of_item[i]].weight += net->weight[i];
        classes->list[of_item[i]].item_count++;
    }
    return list_items(net, of_item, arena, classes);
}

bool layer_classes_index(const struct layer_net *net, struct shared_arena *arena,
                         struct layer_classes *classes)
{
    size_t *begin = layer_zeroed(arena, net->function_count + 2, sizeof(*begin));
    if (!begin)
        return false;
    for (size_t c = 0; c < classes->count; c++)
        for (uint32_t i = 0; i < classes->list[c].user_count; i++)
            begin[classes->list[c].users[i] + 2]++;
    for (size_t i = 2; i < net->function_count + 2; i++)
        begin[i] += begin[i - 1];
    classes->of_begin = begin;
    classes->of_list = layer_zeroed(arena, begin[net->function_count + 1], sizeof(*classes->of_list));
    if (!classes->of_list)
        return false;
    for (uint32_t c = 0; c < classes->count; c++)
        for (uint32_t i = 0; i < classes->list[c].user_count; i++)
            classes->of_list[begin[classes->list[c].users[i] + 1]++] = c;
    return true;
}
