#include "report/layers_rows.h"

#include <stdlib.h>
#include <string.h>

struct layers_row layers_row_of(const struct report_layers *report, size_t number)
{
    const struct layer_function *function = &report->problem->functions[number];
    const struct layer_set *stays = &report->plan->stays[number], *attached = &report->plan->attached[number];
    const struct layer_item *items = report->problem->items;
    struct layers_row row = {function->rest_zip_bytes, function->rest_zip_bytes, function->unzipped_bytes, 0};
    for (size_t i = 0; i < function->items.count; i++) {
        row.alone_bytes += layer_item_own_bytes(&items[function->items.items[i]]);
        row.unzipped_bytes -= items[function->items.items[i]].unzipped_bytes;
    }
    for (size_t i = 0; i < stays->count; i++) {
        row.zip_bytes += layer_item_own_bytes(&items[stays->items[i]]);
        row.unzipped_bytes += items[stays->items[i]].unzipped_bytes;
    }
    for (size_t i = 0; i < attached->count; i++)
        row.unzipped_bytes += report->plan->layers[attached->items[i]].unzipped_bytes;
    row.slots_left = function->slots > attached->count ? function->slots - attached->count : 0;
    return row;
}

static int compare_held(const void *one, const void *other)
{
    const struct layers_held *a = one, *b = other;
    if (a->item->zip_bytes != b->item->zip_bytes)
        return a->item->zip_bytes > b->item->zip_bytes ? -1 : 1;
    int order = strcmp(a->item->place, b->item->place);
    return order ? order : (a->layer > b->layer) - (a->layer < b->layer);
}

struct layers_held *layers_held_sort(const struct report_layers *report, struct shared_arena *arena,
                                     size_t *count)
{
    const struct layer_plan *plan = report->plan;
    *count = 0;
    for (size_t i = 0; i < plan->count; i++)
        *count += plan->layers[i].items.count;
    struct layers_held *held = shared_arena_alloc(arena, *count * sizeof(*held));
    size_t at = 0;
    for (size_t i = 0; held && i < plan->count; i++)
        for (size_t k = 0; k < plan->layers[i].items.count; k++)
            held[at++] = (struct layers_held){&report->problem->items[plan->layers[i].items.items[k]], i};
    if (held && at)
        qsort(held, at, sizeof(*held), compare_held);
    return held;
}

static int compare_why(const void *one, const void *other)
{
    const struct layers_stay *a = one, *b = other;
    int order = strcmp(a->why, b->why);
    if (order)
        return order;
    if (a->unzipped_bytes != b->unzipped_bytes)
        return a->unzipped_bytes > b->unzipped_bytes ? -1 : 1;
    return strcmp(a->place, b->place);
}

static int compare_stays(const void *one, const void *other)
{
    const struct layers_stay *a = one, *b = other;
    if (a->unzipped_bytes != b->unzipped_bytes)
        return a->unzipped_bytes > b->unzipped_bytes ? -1 : 1;
    return strcmp(a->why, b->why);
}

/* Adds up those with the same reason, which follow each other; how many are left. */
static size_t add_up(struct layers_stay *stays, size_t count)
{
    size_t different = 0;
    for (size_t i = 0; i < count; i++) {
        struct layers_stay *sum = different ? &stays[different - 1] : NULL;
        if (!sum || strcmp(sum->why, stays[i].why) != 0) {
            stays[different++] = stays[i];
            continue;
        }
        sum->several |= strcmp(sum->place, stays[i].place) != 0;
        sum->files += stays[i].files;
        sum->unzipped_bytes += stays[i].unzipped_bytes;
    }
    return different;
}

struct layers_stay *layers_stays_sort(const struct report_layers *report, struct shared_arena *arena,
                                      size_t *count)
{
    size_t all = 0, at = 0;
    for (size_t i = 0; i < report->manifest->function_count; i++)
        all += report->items->functions[i].stay_count;
    struct layers_stay *stays = shared_arena_alloc(arena, all * sizeof(*stays));
    *count = 0;
    for (size_t i = 0; stays && i < report->manifest->function_count; i++)
        for (size_t k = 0; k < report->items->functions[i].stay_count; k++) {
            const struct layer_stay *stay = &report->items->functions[i].stays[k];
            stays[at++] =
                (struct layers_stay){stay->why, stay->place, false, stay->files, stay->unzipped_bytes};
        }
    if (at > 0) {
        qsort(stays, at, sizeof(*stays), compare_why);
        *count = add_up(stays, at);
        qsort(stays, *count, sizeof(*stays), compare_stays);
    }
    return stays;
}

enum layers_cause layers_cause_by_size(const struct layers_loss *loss, size_t place)
{
    for (int i = 0; i < LOSS_COUNT; i++) {
        size_t before = 0;
        for (int k = 0; k < LOSS_COUNT; k++)
            before += loss->zip_bytes[k] > loss->zip_bytes[i] ||
                      (loss->zip_bytes[k] == loss->zip_bytes[i] && k < i);
        if (before == place)
            return (enum layers_cause)i;
    }
    return LOSS_ZIPS;
}

static struct layers_publish publish_of(const struct limit_zip *zips, size_t count)
{
    struct layers_publish publish = {0};
    for (size_t i = 0; i < count; i++) {
        bool layer = zips[i].kind == LOCK_LAYER;
        if (!zips[i].added)
            continue;
        *(layer ? &publish.layers : &publish.functions) += 1;
        *(layer ? &publish.layer_bytes : &publish.function_bytes) += zips[i].zip_bytes;
    }
    return publish;
}

struct layers_publish layers_publish_of(const struct report_layers *report)
{
    struct layers_publish publish = {.functions = report->problem->function_count};
    if (report->published)
        return publish_of(report->published, report->problem->function_count + report->plan->count);
    for (size_t i = 0; i < report->plan->count; i++)
        if (!report->plan->layers[i].kept) {
            publish.layers++;
            publish.layer_bytes += report->plan->layers[i].zip_bytes;
        }
    for (size_t i = 0; i < publish.functions; i++)
        publish.function_bytes += layers_row_of(report, i).zip_bytes;
    return publish;
}
