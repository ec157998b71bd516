#include "layer/layer_places.h"

#include <xxhash.h>

/* Places by their texts; open addressing. */
struct places {
    uint32_t *slots; /* an item of the place and 1, or 0 */
    size_t mask;
    const struct layer_net *net;
};

static bool places_init(const struct layer_net *net, struct shared_arena *arena, struct places *places)
{
    size_t size = 16;
    while (size < 2 * net->item_count)
        size *= 2;
    *places = (struct places){layer_zeroed(arena, size, sizeof(*places->slots)), size - 1, net};
    return places->slots != NULL;
}

/* Where a place stands, or would. */
static uint32_t *places_find(const struct places *places, const char *text, size_t size)
{
    const struct layer_item *items = places->net->problem->items;
    size_t at = XXH3_64bits(text, size) & places->mask;
    for (; places->slots[at]; at = (at + 1) & places->mask) {
        const char *place = items[places->slots[at] - 1].place;
        if (strncmp(place, text, size) == 0 && place[size] == '\0')
            break;
    }
    return &places->slots[at];
}

bool layer_places_number(struct layer_net *net, struct shared_arena *arena)
{
    struct places places;
    net->place = layer_zeroed(arena, net->item_count, sizeof(*net->place));
    if (!net->place || !places_init(net, arena, &places))
        return false;
    uint32_t next = 0;
    for (uint32_t i = 0; i < net->item_count; i++) {
        const char *text = net->problem->items[i].place;
        uint32_t *slot = places_find(&places, text, strlen(text));
        net->place[i] = *slot ? net->place[*slot - 1] : next++;
        if (!*slot)
            *slot = i + 1;
    }
    return true;
}

static uint32_t parent_of(const struct places *places, const char *text)
{
    for (size_t size = strlen(text); size > 0; size--) {
        if (text[size] != '/')
            continue;
        uint32_t found = *places_find(places, text, size);
        if (found)
            return places->net->place[found - 1];
    }
    return LAYER_NO;
}

bool layer_places_nest(struct layer_net *net, struct shared_arena *arena)
{
    struct places places;
    net->parent = layer_zeroed(arena, net->item_count, sizeof(*net->parent));
    if (!net->parent || !places_init(net, arena, &places))
        return false;
    for (uint32_t i = 0; i < net->item_count; i++) {
        const char *text = net->problem->items[i].place;
        uint32_t *slot = places_find(&places, text, strlen(text));
        if (!*slot)
            *slot = i + 1;
    }
    for (uint32_t i = 0; i < net->item_count; i++)
        net->parent[net->place[i]] = parent_of(&places, net->problem->items[i].place);
    return true;
}
