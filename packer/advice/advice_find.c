#include "advice/advice_inner.h"

#include <stdlib.h>
#include <string.h>

int advice_no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for what would save bytes");
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same(const struct advice *a, const struct advice *b)
{
    return a->kind == b->kind && strcmp(a->subject, b->subject) == 0 && strcmp(a->library, b->library) == 0 &&
           is_same_text(a->from, b->from) && is_same_text(a->blocked, b->blocked);
}

static struct advice *find(struct advices *advices, const struct advice *advice)
{
    for (size_t i = 0; i < advices->count; i++)
        if (is_same(&advices->items[i], advice))
            return &advices->items[i];
    return NULL;
}

static struct advice *add_item(struct advice_work *work, const struct advice *advice)
{
    struct advices *advices = work->advices;
    if (advices->count == advices->capacity) {
        size_t larger = advices->capacity ? 2 * advices->capacity : 32;
        struct advice *items = shared_arena_resize(
            work->arena, advices->items, advices->capacity * sizeof(*items), larger * sizeof(*items));
        if (!items)
            return NULL;
        advices->items = items;
        advices->capacity = larger;
    }
    struct advice *item = &advices->items[advices->count++];
    *item = *advice;
    item->gain = (struct share_bytes){0};
    item->symbols = 0;
    item->functions =
        (struct manifest_texts){shared_arena_alloc(work->arena, work->plan->manifest->function_count *
                                                                    sizeof(*item->functions.items)),
                                0};
    return item->functions.items ? item : NULL;
}

int advice_add(struct advice_work *work, const struct advice *advice, const char *function,
               struct shared_error *err)
{
    struct advice *item = find(work->advices, advice);
    if (!item)
        item = add_item(work, advice);
    if (!item)
        return advice_no_memory(err);
    /* A function may have several symbols of one name. */
    if (item->functions.count == 0 || item->functions.items[item->functions.count - 1] != function)
        item->functions.items[item->functions.count++] = function;
    item->gain.file += advice->gain.file;
    item->gain.zip += advice->gain.zip;
    item->symbols = advice->symbols > item->symbols ? advice->symbols : item->symbols;
    return 0;
}

static int larger_first(const void *a, const void *b)
{
    const struct advice *x = a, *y = b;
    if (x->gain.zip != y->gain.zip)
        return x->gain.zip > y->gain.zip ? -1 : 1;
    if (x->gain.file != y->gain.file)
        return x->gain.file > y->gain.file ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = strcmp(x->subject, y->subject);
    if (order == 0)
        order = strcmp(x->from ? x->from : "", y->from ? y->from : "");
    return order ? order : strcmp(x->functions.items[0], y->functions.items[0]);
}

int advice_find(const struct check_plan *plan, const struct advice_program *programs, size_t count,
                struct shared_arena *arena, struct advices *advices, struct shared_error *err)
{
    struct advice_work work = {plan, arena, advices};
    int status = 0;
    *advices = (struct advices){0};
    for (size_t i = 0; status == 0 && i < count; i++) {
        status = advice_sections(&work, &programs[i], err);
        if (status == 0)
            status = advice_dynamic(&work, &programs[i], err);
        if (status == 0)
            status = advice_roots(&work, &programs[i], err);
    }
    if (status == 0 && advices->count > 0)
        qsort(advices->items, advices->count, sizeof(*advices->items), larger_first);
    return status;
}
