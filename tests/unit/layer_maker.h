/*
 * layer_maker.h - problems for the planner of layers, from texts.
 *
 *     maker_function(&maker, "resize", 5, "a b2 c");
 *
 * An item is a place, a letter or more, and which content is there, a digit (none: 0). What an item weighs, follows from
 * its place's first letter: "a" 1,000, "b" 2,000 … "z" 26,000 bytes of a zip, and twice that unzipped. Capitals are not
 * shadowed: "A" is found in a layer whatever the function has.
 */
#ifndef TESTS_LAYER_MAKER_H
#define TESTS_LAYER_MAKER_H

#include "layer/layer_check.h"
#include "layer/layer_plan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAKER_ITEMS 200
#define MAKER_FUNCTIONS 40
#define MAKER_OVERHEAD 22

struct maker {
    struct shared_arena arena;
    struct layer_problem problem;
    struct layer_item items[MAKER_ITEMS];
    struct layer_function functions[MAKER_FUNCTIONS];
    struct layer_set needs[MAKER_ITEMS];
    struct layer_plan plan; /* the last that was made */
    struct shared_error err;
};

static inline void maker_init(struct maker *maker)
{
    *maker = (struct maker){.problem = {.project = "p",
                                        .unzipped_limit_bytes = 262144000,
                                        .layer_overhead_bytes = MAKER_OVERHEAD,
                                        .replan_percent = 100}};
    maker->problem.items = maker->items;
    maker->problem.functions = maker->functions;
}

static inline size_t maker_item(struct maker *maker, const char *word, size_t size)
{
    size_t letters = isdigit((unsigned char)word[size - 1]) ? size - 1 : size;
    unsigned char content = letters < size ? (unsigned char)word[size - 1] : '0';
    for (size_t i = 0; i < maker->problem.item_count; i++)
        if (strlen(maker->items[i].place) == letters && memcmp(maker->items[i].place, word, letters) == 0 &&
            maker->items[i].digest.bytes[0] == content)
            return i;
    uint64_t bytes = 1000u * (uint64_t)(tolower((unsigned char)word[0]) - 'a' + 1);
    struct layer_item *item = &maker->items[maker->problem.item_count];
    *item = (struct layer_item){.zip_bytes = bytes, .unzipped_bytes = 2 * bytes};
    item->place = shared_arena_copy(&maker->arena, (struct shared_slice){word, letters});
    item->digest.bytes[0] = content;
    item->shadowed = islower((unsigned char)word[0]) != 0;
    return maker->problem.item_count++;
}

static inline int maker_compare(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static inline struct layer_set maker_set(struct maker *maker, const char *words)
{
    struct layer_set set = {shared_arena_alloc(&maker->arena, MAKER_ITEMS * sizeof(size_t)), 0};
    for (const char *word = words + strspn(words, " "); *word; word += strspn(word, " ")) {
        size_t size = strcspn(word, " ");
        set.items[set.count++] = maker_item(maker, word, size);
        word += size;
    }
    qsort(set.items, set.count, sizeof(size_t), maker_compare);
    return set;
}

/* Adds a function, or gives one of that name other items. */
static inline void maker_function(struct maker *maker, const char *name, unsigned slots, const char *words)
{
    size_t at = 0;
    while (at < maker->problem.function_count && strcmp(maker->functions[at].name, name) != 0)
        at++;
    maker->problem.function_count += at == maker->problem.function_count;
    maker->functions[at] =
        (struct layer_function){.name = name, .items = maker_set(maker, words), .slots = slots};
    maker->functions[at].rest_zip_bytes = 100;
}

/* An item needs others, from now on: "x y z". */
static inline void maker_needs(struct maker *maker, const char *words)
{
    size_t item = maker_item(maker, words, strcspn(words, " "));
    maker->needs[item] = maker_set(maker, words + strcspn(words, " "));
    maker->problem.needs = maker->needs;
    maker->problem.needs_count = maker->problem.item_count;
}

/* Plans, and checks the plan. */
static inline bool maker_plan(struct maker *maker)
{
    if (layer_plan_make(&maker->problem, &maker->arena, &maker->plan, &maker->err) < 0 ||
        layer_plan_check(&maker->problem, &maker->plan, &maker->arena, &maker->err) < 0) {
        fprintf(stderr, "    %s\n", maker->err.text);
        return false;
    }
    return true;
}

/* The plan becomes the last one. */
static inline void maker_keep(struct maker *maker)
{
    maker->problem.last = maker->plan.layers;
    maker->problem.last_count = maker->plan.count;
    struct layer_set *attached = shared_arena_alloc(&maker->arena, MAKER_FUNCTIONS * sizeof(*attached));
    memset(attached, 0, MAKER_FUNCTIONS * sizeof(*attached));
    memcpy(attached, maker->plan.attached, maker->problem.function_count * sizeof(*attached));
    maker->problem.last_attached = attached;
}

/* What a layer holds: "a b2", by place. */
static inline const char *maker_words(struct maker *maker, const struct layer_set *set)
{
    char *text = shared_arena_alloc(&maker->arena, 2000), *end = text;
    *end = '\0';
    for (size_t i = 0; i < set->count; i++) {
        const struct layer_item *item = &maker->items[set->items[i]];
        end += sprintf(end, "%s%s", i ? " " : "", item->place);
        if (item->digest.bytes[0] != '0')
            end += sprintf(end, "%c", item->digest.bytes[0]);
    }
    return text;
}

static inline int maker_compare_words(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    return strlen(x) != strlen(y) ? strlen(x) < strlen(y) ? -1 : 1 : strcmp(x, y);
}

/* The layers of a function, the shortest first: "c|a b". */
static inline const char *maker_layers(struct maker *maker, const char *name)
{
    size_t at = 0;
    while (strcmp(maker->functions[at].name, name) != 0)
        at++;
    const struct layer_set *attached = &maker->plan.attached[at];
    const char *words[MAKER_ITEMS];
    for (size_t i = 0; i < attached->count; i++)
        words[i] = maker_words(maker, &maker->plan.layers[attached->items[i]].items);
    qsort(words, attached->count, sizeof(words[0]), maker_compare_words);
    char *text = shared_arena_alloc(&maker->arena, 2000), *end = text;
    *end = '\0';
    for (size_t i = 0; i < attached->count; i++)
        end += sprintf(end, "%s%s", i ? "|" : "", words[i]);
    return text;
}

static inline const char *maker_stays(struct maker *maker, const char *name)
{
    size_t at = 0;
    while (strcmp(maker->functions[at].name, name) != 0)
        at++;
    return maker_words(maker, &maker->plan.stays[at]);
}

#endif
