#include "layer/layer_check.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#define WIDE unsigned __int128

struct check {
    const struct layer_problem *problem;
    const struct layer_plan *plan;
    struct shared_arena *arena;
    struct shared_error *err;
    bool *carried; /* of each item: by some function; set by check_sums */
};

/* A place that a function finds, in its own zip or in a layer. */
struct found {
    const char *place;
    size_t item;
    bool layered;
};

static uint64_t narrow(WIDE sum)
{
    return sum > UINT64_MAX ? UINT64_MAX : (uint64_t)sum;
}

static int compare_found(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    int order = strcmp(x->place, y->place);
    if (order != 0 || x->layered != y->layered)
        return order ? order : (int)x->layered - (int)y->layered;
    return x->item < y->item ? -1 : x->item > y->item;
}

static bool ascends(const struct layer_set *set, size_t limit)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i] >= limit || (i > 0 && set->items[i] <= set->items[i - 1]))
            return false;
    return true;
}

static WIDE unzipped_of(const struct check *check, const struct layer_set *set)
{
    WIDE sum = 0;
    for (size_t i = 0; i < set->count; i++)
        sum += check->problem->items[set->items[i]].unzipped_bytes;
    return sum;
}

static WIDE own_of(const struct check *check, const struct layer_set *set)
{
    WIDE sum = 0;
    for (size_t i = 0; i < set->count; i++)
        sum += layer_item_own_bytes(&check->problem->items[set->items[i]]);
    return sum;
}

static WIDE zipped_of(const struct check *check, const struct layer_set *set)
{
    WIDE sum = 0;
    for (size_t i = 0; i < set->count; i++)
        sum += check->problem->items[set->items[i]].zip_bytes;
    return sum;
}

/* All that a function carries, then all that its layers have, sorted by place. */
static struct found *list_found(const struct check *check, size_t function, size_t *count)
{
    const struct layer_set *carried = &check->problem->functions[function].items;
    const struct layer_set *attached = &check->plan->attached[function];
    *count = carried->count;
    for (size_t i = 0; i < attached->count; i++)
        *count += check->plan->layers[attached->items[i]].items.count;
    struct found *found = shared_arena_alloc(check->arena, *count * sizeof(*found));
    size_t at = 0;
    for (size_t i = 0; found && i < carried->count; i++)
        found[at++] =
            (struct found){check->problem->items[carried->items[i]].place, carried->items[i], false};
    for (size_t l = 0; found && l < attached->count; l++) {
        const struct layer_set *items = &check->plan->layers[attached->items[l]].items;
        for (size_t i = 0; i < items->count; i++)
            found[at++] = (struct found){check->problem->items[items->items[i]].place, items->items[i], true};
    }
    if (found)
        qsort(found, *count, sizeof(*found), compare_found);
    return found;
}

/* What layers bring a function beyond what it carries. */
struct foreign {
    WIDE unzipped, strangers; /* unzipped: with what its zip has too */
};

/* One place of a function: at most one in its layers; that is its own, or shadowed, or a stranger. */
static int check_place(const struct check *check, size_t function, const struct found *found, size_t count,
                       struct foreign *foreign)
{
    const char *name = check->problem->functions[function].name;
    const struct layer_set *stays = &check->plan->stays[function];
    const struct layer_item *items = check->problem->items;
    const struct found *last = &found[count - 1];
    if (!last->layered)
        return 0;
    if (count > 1 && found[count - 2].layered)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s has %s from two layers", name, last->place);
    if (count > 1 && found[0].item == last->item) {
        foreign->unzipped += layer_set_holds(stays, last->item) ? items[last->item].unzipped_bytes : 0;
        return 0;
    }
    foreign->unzipped += items[last->item].unzipped_bytes;
    if (count == 1)
        foreign->strangers += items[last->item].unzipped_bytes;
    else if (!items[last->item].shadowed || !items[found[0].item].shadowed)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s carries another %s than its layer, unshadowed",
                           name, last->place);
    return 0;
}

/* The last that is found at the place which the first bytes of a text are, that of a layer where one is; NULL: none. */
static const struct found *find_place(const struct found *found, size_t count, const char *text, size_t size)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(found[middle].place, text, size);
        if (order < 0 || (order == 0 && found[middle].place[size] == '\0'))
            low = middle + 1;
        else
            high = middle;
    }
    const struct found *last = low > 0 ? &found[low - 1] : NULL;
    return last && strncmp(last->place, text, size) == 0 && last->place[size] == '\0' ? last : NULL;
}

/* No foreign place is above or below another one. */
static int check_nesting(const struct check *check, const char *name, const struct found *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *place = found[i].place;
        for (const char *slash = strchr(place, '/'); slash; slash = strchr(slash + 1, '/')) {
            const struct found *above = find_place(found, count, place, (size_t)(slash - place));
            if (above && (above->layered || found[i].layered))
                return shared_fail(check->err, SHARED_EINVAL, 0, "%s has %s below %s", name, place,
                                   above->place);
        }
    }
    return 0;
}

static int check_places(const struct check *check, size_t function)
{
    const char *name = check->problem->functions[function].name;
    struct foreign foreign = {0, 0};
    size_t count;
    const struct found *found = list_found(check, function, &count);
    if (!found)
        return shared_fail(check->err, SHARED_ENOMEM, 0, "no memory to check a plan");
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && strcmp(found[to].place, found[from].place) == 0;)
            to++;
        int status = check_place(check, function, found + from, to - from, &foreign);
        if (status < 0)
            return status;
    }
    if (foreign.strangers > check->problem->extra_bytes)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s bears too many strangers", name);
    WIDE unzipped = unzipped_of(check, &check->problem->functions[function].items);
    if (unzipped < check->problem->functions[function].unzipped_bytes)
        unzipped = check->problem->functions[function].unzipped_bytes;
    if (check->plan->attached[function].count > 0 &&
        unzipped + foreign.unzipped > check->problem->unzipped_limit_bytes)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s with its layers is over the limit", name);
    return foreign.unzipped > 0 ? check_nesting(check, name, found, count) : 0;
}

/* Whether something that an item needs is in the function's zip. */
static bool needs_staying(const struct check *check, size_t function, size_t item)
{
    const struct layer_problem *problem = check->problem;
    if (item >= problem->needs_count)
        return false;
    for (size_t i = 0; i < problem->needs[item].count; i++)
        if (layer_set_holds(&check->plan->stays[function], problem->needs[item].items[i]))
            return true;
    return false;
}

/* What it carries stays or comes from one of its layers; both where it could not use that. */
static int check_stays(const struct check *check, size_t function)
{
    const struct layer_function *f = &check->problem->functions[function];
    const struct layer_set *stays = &check->plan->stays[function];
    const struct layer_set *attached = &check->plan->attached[function];
    size_t staying = 0;
    for (size_t i = 0; i < f->items.count; i++) {
        bool layered = false, stay = layer_set_holds(stays, f->items.items[i]);
        for (size_t l = 0; l < attached->count; l++)
            layered |= layer_set_holds(&check->plan->layers[attached->items[l]].items, f->items.items[i]);
        if (layered && stay == needs_staying(check, function, f->items.items[i])) {
            staying += stay;
            continue;
        }
        if (layered || !stay)
            return shared_fail(check->err, SHARED_EINVAL, 0, "%s has %s %s", f->name,
                               check->problem->items[f->items.items[i]].place, stay ? "twice" : "nowhere");
        staying += stay;
    }
    if (staying != stays->count)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s keeps what it does not carry", f->name);
    return 0;
}

static int check_barred(const struct check *check, size_t function)
{
    const struct layer_problem *problem = check->problem;
    const struct layer_set *attached = &check->plan->attached[function];
    for (size_t l = 0; problem->barred && l < attached->count; l++) {
        const struct layer_set *items = &check->plan->layers[attached->items[l]].items;
        for (size_t i = 0; i < items->count; i++)
            if (layer_set_holds(&problem->barred[function], items->items[i]) &&
                !layer_set_holds(&problem->functions[function].items, items->items[i]))
                return shared_fail(check->err, SHARED_EINVAL, 0, "%s is given %s, which is barred from it",
                                   problem->functions[function].name, problem->items[items->items[i]].place);
    }
    return 0;
}

static int check_function(const struct check *check, size_t function)
{
    const struct layer_function *f = &check->problem->functions[function];
    const struct layer_set *attached = &check->plan->attached[function];
    if (!ascends(attached, check->plan->count) ||
        !ascends(&check->plan->stays[function], check->problem->item_count))
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s: a set is not in order", f->name);
    if (attached->count > f->slots)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s attaches %zu layers and may %u", f->name,
                           attached->count, f->slots);
    int status = check_stays(check, function);
    if (status == 0)
        status = check_barred(check, function);
    return status < 0 ? status : check_places(check, function);
}

static bool is_last(const struct check *check, const struct layer_planned *layer)
{
    for (size_t l = 0; l < check->problem->last_count; l++) {
        const struct layer_planned *last = &check->problem->last[l];
        if (last->name && strcmp(last->name, layer->name) == 0 && last->items.count == layer->items.count &&
            memcmp(last->items.items, layer->items.items, layer->items.count * sizeof(size_t)) == 0)
            return true;
    }
    return false;
}

static uint64_t log4_of(uint64_t changes)
{
    uint64_t log = 0;
    for (; changes; changes /= 4)
        log++;
    return log;
}

static int check_layer(const struct check *check, size_t at)
{
    const struct layer_planned *layer = &check->plan->layers[at];
    const struct layer_item *items = check->problem->items;
    if (!layer->name || (at > 0 && strcmp(check->plan->layers[at - 1].name, layer->name) >= 0))
        return shared_fail(check->err, SHARED_EINVAL, 0, "layer %zu: names are not in order", at);
    if (layer->items.count == 0 || !ascends(&layer->items, check->problem->item_count))
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s: its items are not in order", layer->name);
    for (size_t i = 0; i < layer->items.count; i++)
        if (!check->carried[layer->items.items[i]])
            return shared_fail(check->err, SHARED_EINVAL, 0, "%s: no function carries %s", layer->name,
                               items[layer->items.items[i]].place);
    WIDE zipped = zipped_of(check, &layer->items) + check->problem->layer_overhead_bytes;
    if (layer->zip_bytes != narrow(zipped) ||
        layer->unzipped_bytes != narrow(unzipped_of(check, &layer->items)) ||
        unzipped_of(check, &layer->items) > check->problem->unzipped_limit_bytes)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s: its sizes are wrong", layer->name);
    uint64_t users = 0;
    for (size_t f = 0; f < check->problem->function_count; f++)
        users += layer_set_holds(&check->plan->attached[f], at);
    if (users == 0 || users != layer->users)
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s: it has %llu users", layer->name,
                           (unsigned long long)users);
    if (layer->kept != is_last(check, layer))
        return shared_fail(check->err, SHARED_EINVAL, 0, "%s: kept is wrong", layer->name);
    for (size_t i = 1; i < layer->items.count && !layer->kept; i++)
        if (log4_of(items[layer->items.items[i]].changes) != log4_of(items[layer->items.items[0]].changes))
            return shared_fail(check->err, SHARED_EINVAL, 0, "%s: stable and volatile together", layer->name);
    return 0;
}

static int check_sums(const struct check *check)
{
    const struct layer_problem *problem = check->problem;
    const struct layer_plan *plan = check->plan;
    WIDE stored = 0, unshared = 0, bound = 0, publish = 0;
    memset(check->carried, 0, problem->item_count);
    for (size_t l = 0; l < plan->count; l++) {
        WIDE zipped = zipped_of(check, &plan->layers[l].items) + problem->layer_overhead_bytes;
        stored += zipped;
        publish += plan->layers[l].kept ? 0 : zipped;
    }
    for (size_t f = 0; f < problem->function_count; f++) {
        const struct layer_function *function = &problem->functions[f];
        stored += own_of(check, &plan->stays[f]) + function->rest_zip_bytes;
        unshared += own_of(check, &function->items) + function->rest_zip_bytes;
        bound += function->rest_zip_bytes;
        for (size_t i = 0; i < function->items.count; i++) {
            size_t item = function->items.items[i];
            bound += check->carried[item] ? 0 : layer_item_own_bytes(&problem->items[item]);
            check->carried[item] = true;
        }
    }
    if (plan->stored_bytes != narrow(stored) || plan->unshared_bytes != narrow(unshared) ||
        plan->bound_bytes != narrow(bound) || plan->publish_bytes != narrow(publish))
        return shared_fail(check->err, SHARED_EINVAL, 0, "the sums of the plan are wrong");
    return 0;
}

int layer_plan_check(const struct layer_problem *problem, const struct layer_plan *plan,
                     struct shared_arena *arena, struct shared_error *err)
{
    const struct check check = {problem, plan, arena, err,
                                shared_arena_alloc(arena, problem->item_count + 1)};
    if (!check.carried)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to check a plan");
    int status = check_sums(&check);
    for (size_t f = 0; status == 0 && f < problem->function_count; f++)
        status = check_function(&check, f);
    for (size_t l = 0; status == 0 && l < plan->count; l++)
        status = check_layer(&check, l);
    return status;
}
