#include "report/layers_loss.h"

#include "base/cleanup.h"
#include "layer/lock_order.h"
#include "report/layers_files.h"

#include <string.h>

const char *layers_cause_name(enum layers_cause cause)
{
    static const char *const names[] = {"shadowed", "needs", "slots", "strangers", "several", "volatile",
                                        "small",    "price", "names", "inside",    "fixed",   "zips"};
    return names[cause];
}

const char *layers_cause_text(enum layers_cause cause)
{
    static const char *const texts[] = {
        "changed since: the function's zip has it, over what its layer has",
        "with what it needs in the function's zip, though a layer has it",
        "too few slots: a function that carries it can attach no further layer",
        "strangers are not allowed: layers that have it hold more than that",
        "several layers have it, for functions that attach different ones",
        "volatile: what changes often is kept apart from what does not",
        "a further layer for it would cost more than it saves",
        "strangers would cost more than they save: 1 B for 10 B of them",
        "names are longer in a layer: nodejs/ or python/ is before each",
        "in several packages that move as a whole",
        "copies of what cannot move",
        "the layers' zips have directories of their own",
    };
    return texts[cause];
}

/* What is counted over all functions and layers. What is marked of a function is marked with its number + 1. */
struct count {
    const struct report_layers *report;
    struct layers_loss *loss;
    struct layer_set *holders; /* of each item: the layers that have it */
    size_t *place;             /* of each item: the same number for the same place */
    size_t *asked;             /* of each item: a function carries it */
    size_t *asked_place;       /* of each place: a function carries something there */
    size_t *attached;          /* of each item: a layer of the function has it */
    size_t *attached_place;    /* of each place: a layer of the function has something there */
    size_t *judged;            /* of each layer: whether a function bears it has been found out */
    bool *stored, *borne;
    uint64_t *strangers; /* that a function bears, unzipped */
    uint64_t *room;      /* of each layer: strangers that each of its functions could bear yet */
};

static void *zeroed(struct shared_arena *arena, size_t count, size_t size)
{
    void *memory = shared_arena_alloc(arena, count * size);
    return memory ? memset(memory, 0, count * size) : NULL;
}

static bool allocate(struct count *count, struct shared_arena *arena)
{
    size_t items = count->report->problem->item_count, layers = count->report->plan->count;
    count->holders = zeroed(arena, items, sizeof(*count->holders));
    count->place = zeroed(arena, items, sizeof(*count->place));
    count->asked = zeroed(arena, items, sizeof(*count->asked));
    count->asked_place = zeroed(arena, items, sizeof(*count->asked_place));
    count->attached = zeroed(arena, items, sizeof(*count->attached));
    count->attached_place = zeroed(arena, items, sizeof(*count->attached_place));
    count->judged = zeroed(arena, layers, sizeof(*count->judged));
    count->stored = zeroed(arena, items, sizeof(*count->stored));
    count->borne = zeroed(arena, layers, sizeof(*count->borne));
    count->strangers = zeroed(arena, count->report->problem->function_count, sizeof(*count->strangers));
    count->room = zeroed(arena, layers, sizeof(*count->room));
    return count->strangers && count->room && count->holders && count->place && count->asked &&
           count->asked_place && count->attached && count->attached_place && count->judged && count->stored &&
           count->borne;
}

static bool number_places(struct count *count, struct shared_arena *arena)
{
    const struct layer_problem *problem = count->report->problem;
    const struct layer_item **sorted = shared_arena_alloc(arena, problem->item_count * sizeof(*sorted));
    for (size_t i = 0; sorted && i < problem->item_count; i++)
        sorted[i] = &problem->items[i];
    if (sorted)
        lock_sort_items(sorted, problem->item_count);
    for (size_t i = 0, place = 0; sorted && i < problem->item_count; i++) {
        place += i > 0 && strcmp(sorted[i - 1]->place, sorted[i]->place) != 0;
        count->place[sorted[i] - problem->items] = place;
    }
    return sorted != NULL;
}

static bool list_holders(struct count *count, struct shared_arena *arena)
{
    const struct layer_plan *plan = count->report->plan;
    size_t items = count->report->problem->item_count, all = 0;
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; k < plan->layers[i].items.count; k++, all++)
            count->holders[plan->layers[i].items.items[k]].count++;
    size_t *numbers = shared_arena_alloc(arena, all * sizeof(*numbers));
    for (size_t i = 0; numbers && i < items; i++) {
        count->holders[i].items = numbers;
        numbers += count->holders[i].count;
        count->holders[i].count = 0;
    }
    for (size_t i = 0; numbers && i < plan->count; i++)
        for (size_t k = 0; k < plan->layers[i].items.count; k++) {
            struct layer_set *set = &count->holders[plan->layers[i].items.items[k]];
            set->items[set->count++] = i;
        }
    return numbers != NULL;
}

static void count_layers(struct count *count)
{
    const struct layer_problem *problem = count->report->problem;
    for (size_t i = 0; i < problem->item_count; i++) {
        size_t copies = count->holders[i].count;
        count->stored[i] = copies > 0;
        if (count->stored[i])
            count->loss->zip_bytes[LOSS_NAMES] += problem->items[i].names_bytes;
        count->loss->zip_bytes[LOSS_SEVERAL] += (copies > 0 ? copies - 1 : 0) * problem->items[i].zip_bytes;
    }
}

static void mark(struct count *count, size_t number)
{
    const struct layer_set *items = &count->report->problem->functions[number].items;
    const struct layer_set *attached = &count->report->plan->attached[number];
    for (size_t i = 0; i < items->count; i++) {
        count->asked[items->items[i]] = number + 1;
        count->asked_place[count->place[items->items[i]]] = number + 1;
    }
    for (size_t i = 0; i < attached->count; i++) {
        const struct layer_set *of_layer = &count->report->plan->layers[attached->items[i]].items;
        for (size_t k = 0; k < of_layer->count; k++) {
            count->attached[of_layer->items[k]] = number + 1;
            count->attached_place[count->place[of_layer->items[k]]] = number + 1;
        }
    }
}

static bool is_stranger(const struct count *count, size_t number, size_t item)
{
    return count->asked[item] != number + 1 && count->asked_place[count->place[item]] != number + 1;
}

/* What functions bear by now, and so what layers could hold yet. */
static void find_room(struct count *count)
{
    const struct layer_problem *problem = count->report->problem;
    const struct layer_plan *plan = count->report->plan;
    for (size_t l = 0; l < plan->count; l++)
        count->room[l] = problem->extra_bytes;
    for (size_t f = 0; f < problem->function_count && problem->extra_bytes > 0; f++) {
        uint64_t strangers = 0;
        mark(count, f);
        for (size_t i = 0; i < plan->attached[f].count; i++) {
            const struct layer_set *held = &plan->layers[plan->attached[f].items[i]].items;
            for (size_t k = 0; k < held->count; k++)
                strangers +=
                    is_stranger(count, f, held->items[k]) ? problem->items[held->items[k]].unzipped_bytes : 0;
        }
        count->strangers[f] = strangers;
        uint64_t room = strangers < problem->extra_bytes ? problem->extra_bytes - strangers : 0;
        for (size_t i = 0; i < plan->attached[f].count; i++) {
            uint64_t *of_layer = &count->room[plan->attached[f].items[i]];
            *of_layer = room < *of_layer ? room : *of_layer;
        }
    }
}

/* Whether a layer that a function has could hold an item as well, by the strangers that are allowed. */
static bool could_hold(const struct count *count, size_t number, size_t item)
{
    const struct layer_set *attached = &count->report->plan->attached[number];
    for (size_t i = 0; i < attached->count && count->report->problem->extra_bytes > 0; i++)
        if (count->report->problem->items[item].unzipped_bytes <= count->room[attached->items[i]])
            return true;
    return false;
}

/* Whether a marked function could attach a layer, as far as strangers go. */
static bool bears(struct count *count, size_t number, size_t layer)
{
    const struct layer_problem *problem = count->report->problem;
    const struct layer_set *items = &count->report->plan->layers[layer].items;
    uint64_t strangers = count->strangers[number];
    bool barred = false;
    if (count->judged[layer] == number + 1)
        return count->borne[layer];
    for (size_t i = 0; i < items->count; i++) {
        const struct layer_item *item = &problem->items[items->items[i]];
        bool asked = count->asked[items->items[i]] == number + 1;
        bool shadowed = item->shadowed && count->asked_place[count->place[items->items[i]]] == number + 1;
        strangers += asked || shadowed ? 0 : item->unzipped_bytes;
        barred |= !asked && problem->barred && layer_set_holds(&problem->barred[number], items->items[i]);
    }
    count->judged[layer] = number + 1;
    count->borne[layer] = strangers <= problem->extra_bytes && !barred;
    return count->borne[layer];
}

/* Why a marked function carries an item that is stored elsewhere too. */
static enum layers_cause cause_of(struct count *count, size_t number, size_t item)
{
    const struct layer_set *holders = &count->holders[item];
    if (count->attached[item] == number + 1)
        return LOSS_NEEDS;
    if (count->attached_place[count->place[item]] == number + 1)
        return LOSS_SHADOW;
    if (count->report->plan->attached[number].count >= count->report->problem->functions[number].slots)
        return could_hold(count, number, item) ? LOSS_PRICE : LOSS_SLOTS;
    bool borne = false;
    for (size_t i = 0; i < holders->count && !borne; i++)
        borne = bears(count, number, holders->items[i]);
    if (holders->count > 0 && !borne)
        return LOSS_STRANGERS;
    if (holders->count > 0 && count->report->problem->extra_bytes > 0)
        return LOSS_PRICE;
    return count->report->problem->items[item].changes > 0 ? LOSS_VOLATILE : LOSS_SMALL;
}

static void count_functions(struct count *count)
{
    const struct layer_problem *problem = count->report->problem;
    find_room(count);
    for (size_t i = 0; i < problem->function_count; i++) {
        const struct layer_set *stays = &count->report->plan->stays[i];
        mark(count, i);
        for (size_t k = 0; k < stays->count; k++) {
            size_t item = stays->items[k];
            if (count->stored[item])
                count->loss->zip_bytes[cause_of(count, i, item)] +=
                    layer_item_own_bytes(&problem->items[item]);
            count->stored[item] = true;
        }
    }
}

int layers_loss_find(const struct report_layers *report, struct layers_loss *loss, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct count count = {.report = report, .loss = loss};
    struct layers_files files;
    *loss = (struct layers_loss){0};
    if (!allocate(&count, &scratch) || !number_places(&count, &scratch) || !list_holders(&count, &scratch) ||
        !layers_files_count(report, &scratch, &files))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to weigh the layers");
    count_layers(&count);
    count_functions(&count);
    const struct layer_plan *plan = report->plan;
    uint64_t sum = 0, over = plan->stored_bytes - plan->bound_bytes;
    for (int i = 0; i < LOSS_COUNT; i++)
        sum += loss->zip_bytes[i];
    loss->zip_bytes[LOSS_ZIPS] = over > sum ? over - sum : 0;
    loss->zip_bytes[LOSS_INSIDE] = files.inside_bytes;
    loss->zip_bytes[LOSS_FIXED] = files.fixed_bytes;
    loss->bound_bytes = plan->bound_bytes - files.inside_bytes - files.fixed_bytes;
    return 0;
}
