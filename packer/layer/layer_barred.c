#include "layer/layer_items.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

/* A place where an item has something, as a layer or as a function's zip calls it. */
struct taken {
    const char *place;
    size_t item;
};

struct barring {
    const struct package *packages;
    const struct layer_items *items;
    const struct layer_problem *problem;
    struct shared_arena *arena, *scratch;
    struct taken *places; /* by place */
    size_t count;
    size_t *asked;  /* of each item: function + 1 that carries it, or that it is barred from already */
    size_t *barred; /* from the function at hand */
    size_t barred_count;
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for what must stay out of layers");
}

static int by_place(const void *a, const void *b)
{
    return strcmp(((const struct taken *)a)->place, ((const struct taken *)b)->place);
}

static int by_number(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

/* Only what several functions carry, or a layer has already, can come to one that does not ask for it. */
static bool *list_shared(const struct barring *barring)
{
    const struct layer_problem *problem = barring->problem;
    bool *carried = shared_arena_alloc(barring->scratch, 2 * (problem->item_count + 1));
    if (!carried)
        return NULL;
    memset(carried, 0, 2 * (problem->item_count + 1));
    bool *shared = carried + problem->item_count + 1;
    for (size_t f = 0; f < problem->function_count; f++)
        for (size_t i = 0; i < problem->functions[f].items.count; i++) {
            size_t item = problem->functions[f].items.items[i];
            shared[item] |= carried[item];
            carried[item] = true;
        }
    for (size_t l = 0; l < problem->last_count; l++)
        for (size_t i = 0; i < problem->last[l].items.count; i++)
            shared[problem->last[l].items.items[i]] = true;
    return shared;
}

/* What is below nodejs/ or python/ in a layer is not in a zip. */
static void take(struct barring *barring, size_t item, const char *place)
{
    barring->places[barring->count++] = (struct taken){place, item};
    if (strncmp(place, "nodejs/", 7) == 0 || strncmp(place, "python/", 7) == 0)
        barring->places[barring->count++] = (struct taken){place + 7, item};
}

static bool list_places(struct barring *barring)
{
    const struct layer_problem *problem = barring->problem;
    bool *shared = list_shared(barring);
    size_t most = problem->item_count;
    for (size_t f = 0; f < problem->function_count; f++)
        most += barring->packages[f].count;
    barring->places = shared_arena_alloc(barring->scratch, 2 * most * sizeof(*barring->places));
    if (!shared || !barring->places)
        return false;
    for (size_t item = 0; item < problem->item_count; item++)
        if (shared[item])
            take(barring, item, problem->items[item].place);
    for (size_t f = 0; f < problem->function_count; f++)
        for (size_t i = 0; i < barring->items->functions[f].count; i++) {
            const struct layer_carried *carried = &barring->items->functions[f].carried[i];
            for (size_t k = 0; k < carried->count && shared[carried->item]; k++)
                take(barring, carried->item, barring->packages[f].entries[carried->entries[k]].place);
            shared[carried->item] = false; /* all functions have the same of it */
        }
    if (barring->count > 0)
        qsort(barring->places, barring->count, sizeof(*barring->places), by_place);
    return true;
}

/* Bars what is at the place that the first bytes of a text are; below it where they end in a slash. */
static void bar(struct barring *barring, size_t function, const char *text, size_t size)
{
    const struct taken *places = barring->places;
    size_t low = 0, high = barring->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(places[middle].place, text, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < barring->count && strncmp(places[low].place, text, size) == 0; low++) {
        if (text[size - 1] != '/' && places[low].place[size] != '\0')
            return;
        if (barring->asked[places[low].item] != function + 1)
            barring->barred[barring->barred_count++] = places[low].item;
        barring->asked[places[low].item] = function + 1;
    }
}

/* At the place of what a zip keeps, above it, and below it. */
static bool bar_around(struct barring *barring, size_t function, const char *place)
{
    size_t size = strlen(place);
    size -= size > 0 && place[size - 1] == '/';
    char *below = shared_arena_format(barring->scratch, "%.*s/", (int)size, place);
    if (!below)
        return false;
    for (const char *slash = strchr(below, '/'); slash; slash = strchr(slash + 1, '/'))
        if (slash > below)
            bar(barring, function, below, (size_t)(slash - below));
    bar(barring, function, below, size + 1);
    return true;
}

static bool bar_function(struct barring *barring, size_t function, struct layer_set *barred)
{
    const struct package *package = &barring->packages[function];
    const struct layer_holding *holding = &barring->items->functions[function];
    bool *moves = shared_arena_alloc(barring->scratch, package->count + 1);
    if (!moves)
        return false;
    memset(moves, 0, package->count + 1);
    for (size_t i = 0; i < holding->count; i++) {
        barring->asked[holding->carried[i].item] = function + 1;
        for (size_t k = 0; k < holding->carried[i].count; k++)
            moves[holding->carried[i].entries[k]] = true;
    }
    barring->barred_count = 0;
    for (size_t i = 0; i < package->count; i++)
        if (!moves[i] && !bar_around(barring, function, package->entries[i].place))
            return false;
    size_t bytes = barring->barred_count * sizeof(*barred->items);
    barred->items = shared_arena_alloc(barring->arena, bytes);
    if (!barred->items)
        return false;
    barred->count = barring->barred_count;
    if (bytes > 0) {
        qsort(barring->barred, barred->count, sizeof(*barred->items), by_number);
        memcpy(barred->items, barring->barred, bytes);
    }
    return true;
}

int layer_items_bar(const struct package *packages, const struct layer_items *items,
                    struct layer_problem *problem, struct shared_arena *arena, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct barring barring = {
        .packages = packages, .items = items, .problem = problem, .arena = arena, .scratch = &scratch};
    if (problem->extra_bytes == 0)
        return 0;
    struct layer_set *barred = shared_arena_alloc(arena, problem->function_count * sizeof(*barred));
    barring.asked = shared_arena_alloc(&scratch, problem->item_count * sizeof(*barring.asked));
    barring.barred = shared_arena_alloc(&scratch, problem->item_count * sizeof(*barring.barred));
    if (!barred || !barring.asked || !barring.barred || !list_places(&barring))
        return no_memory(err);
    if (problem->item_count > 0)
        memset(barring.asked, 0, problem->item_count * sizeof(*barring.asked));
    for (size_t f = 0; f < problem->function_count; f++)
        if (!bar_function(&barring, f, &barred[f]))
            return no_memory(err);
    problem->barred = barred;
    return 0;
}
