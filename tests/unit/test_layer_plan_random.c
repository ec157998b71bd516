/*
 * Problems at random, many of them odd, each planned several times: the plan is sound, the same again, the same whatever
 * the order of functions; where it is the last one, nothing is published; and after changes it is sound again.
 */
#include "check.h"

#include "layer/layer_check.h"
#include "layer/layer_plan.h"

#include <stdlib.h>

#define PROBLEMS 2000
#define MOST_FUNCTIONS 40
#define MOST_PLACES 60
#define CONTENTS 3 /* that a place may have */

static uint64_t state;

static unsigned below(unsigned count)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 32) * count >> 32);
}

static struct shared_arena arena;
static struct layer_item items[MOST_PLACES * CONTENTS];
static struct layer_function functions[MOST_FUNCTIONS], turned[MOST_FUNCTIONS];
static struct layer_set turned_attached[MOST_FUNCTIONS], barred[MOST_FUNCTIONS],
    turned_barred[MOST_FUNCTIONS], needs[MOST_PLACES * CONTENTS];
static char names[MOST_FUNCTIONS][16], places[MOST_PLACES][40];
static struct layer_problem problem;
static unsigned place_count;

static uint64_t some_bytes(unsigned kind)
{
    switch (kind) {
    case 0:
        return UINT64_MAX - below(3);
    case 1:
        return below(2);
    default:
        return below(1000000);
    }
}

static void make_items(void)
{
    bool huge = below(20) == 0, volatile_ones = below(3) == 0, nested = below(4) == 0;
    for (unsigned i = 0; i < MOST_PLACES * CONTENTS; i++) {
        unsigned place = i / CONTENTS;
        if (i % CONTENTS == 0)
            snprintf(places[place], sizeof(places[place]), nested && place % 3 ? "p%03u/q%03u" : "p%03u",
                     nested ? place / 3 * 3 : place, place);
        items[i] = (struct layer_item){.place = places[place],
                                       .zip_bytes = some_bytes(huge ? below(3) : 1 + below(9)),
                                       .unzipped_bytes = some_bytes(huge ? below(9) : 1 + below(9)),
                                       .changes = volatile_ones ? below(20) : 0,
                                       .shadowed = below(3) > 0};
        items[i].digest.bytes[below(16)] = (unsigned char)(1 + i % CONTENTS);
    }
}

/* A function has at most one content at a place, and nothing below something else of it. */
static void fill_function(struct layer_function *function, unsigned chance)
{
    function->items.count = 0;
    for (unsigned p = 0; p < place_count; p++) {
        const struct layer_set *set = &function->items;
        size_t above = strlen(places[p]) > 4 && set->count > 0 ? set->items[set->count - 1] / CONTENTS : p;
        bool below_it = above != p && strlen(places[above]) == 4 && strncmp(places[above], places[p], 4) == 0;
        if (below(100) < chance && !below_it)
            function->items.items[function->items.count++] = p * CONTENTS + (below(4) ? 0 : below(CONTENTS));
    }
    uint64_t unzipped = 0;
    for (size_t i = 0; i < function->items.count; i++)
        unzipped += items[function->items.items[i]].unzipped_bytes;
    function->unzipped_bytes = below(10) ? unzipped + below(1000) : below(2) ? 0 : UINT64_MAX;
}

/* Of what a function carries too, which is none of its strangers. */
static void fill_barred(struct layer_set *set, unsigned chance)
{
    *set = (struct layer_set){shared_arena_alloc(&arena, MOST_PLACES * CONTENTS * sizeof(size_t)), 0};
    for (size_t i = 0; i < MOST_PLACES * CONTENTS; i++)
        if (below(100) < chance)
            set->items[set->count++] = i;
}

static void fill_needs(struct layer_set *set, unsigned count)
{
    *set = (struct layer_set){shared_arena_alloc(&arena, count * sizeof(size_t)), count};
    for (unsigned i = 0; i < count; i++)
        set->items[i] = below(MOST_PLACES * CONTENTS);
}

static void make_problem(void)
{
    static const unsigned counts[] = {0, 1, 2, 3, 3, 4, 6, 9};
    unsigned count = below(40) ? counts[below(8)] : MOST_FUNCTIONS, slots = below(7), stacks = 1 + below(3);
    place_count = below(10) ? 1 + below(12) : below(MOST_PLACES + 1);
    make_items();
    for (unsigned f = 0; f < count; f++) {
        snprintf(names[f], sizeof(names[f]), "f%02u", (f * 7) % 41);
        functions[f] = (struct layer_function){
            .name = names[f], .slots = below(10) ? slots : below(6), .rest_zip_bytes = some_bytes(below(50))};
        functions[f].items.items = shared_arena_alloc(&arena, MOST_PLACES * sizeof(size_t));
        fill_function(&functions[f], (unsigned[]){20, 60, 95}[below(stacks)]);
    }
    problem = (struct layer_problem){.project = "p",
                                     .items = items,
                                     .item_count = MOST_PLACES * CONTENTS,
                                     .functions = functions,
                                     .function_count = count,
                                     .unzipped_limit_bytes = below(5) ? UINT64_MAX : below(20000000),
                                     .extra_bytes = below(3)   ? 0
                                                    : below(5) ? below(2000000)
                                                               : UINT64_MAX,
                                     .layer_overhead_bytes = below(20) ? 22 : some_bytes(below(9)),
                                     .replan_percent = 100};
    for (unsigned f = 0; f < count; f++)
        fill_barred(&barred[f], below(3) ? 0 : below(100));
    problem.barred = below(2) ? barred : NULL;
    problem.needs_count = below(2) ? below(MOST_PLACES * CONTENTS + 1) : 0;
    for (unsigned i = 0, least = 1 + below(5); i < problem.needs_count; i++)
        fill_needs(&needs[i], below(least));
    problem.needs = needs;
}

static bool plan_it(const struct layer_problem *made, struct layer_plan *plan)
{
    struct shared_error err = {0};
    bool made_it =
        layer_plan_make(made, &arena, plan, &err) == 0 && layer_plan_check(made, plan, &arena, &err) == 0;
    if (!CHECK(made_it))
        fprintf(stderr, "    %s\n", err.text);
    return made_it;
}

/* As it stands, or with the functions of b turned round. */
static bool is_same(const struct layer_plan *a, const struct layer_plan *b, bool round)
{
    if (a->count != b->count || a->stored_bytes != b->stored_bytes || a->fresh_bytes != b->fresh_bytes)
        return false;
    for (size_t l = 0; l < a->count; l++)
        if (strcmp(a->layers[l].name, b->layers[l].name) != 0 || a->layers[l].users != b->layers[l].users)
            return false;
    for (size_t f = 0; f < problem.function_count; f++) {
        const struct layer_set *x = &a->attached[f];
        const struct layer_set *y = &b->attached[round ? problem.function_count - 1 - f : f];
        if (x->count != y->count || memcmp(x->items, y->items, x->count * sizeof(size_t)) != 0)
            return false;
    }
    return true;
}

static void check_turned(const struct layer_plan *plan)
{
    struct layer_problem other = problem;
    struct layer_plan made;
    for (size_t f = 0; f < problem.function_count; f++) {
        turned[f] = functions[problem.function_count - 1 - f];
        turned_barred[f] = barred[problem.function_count - 1 - f];
        if (problem.last_attached)
            turned_attached[f] = problem.last_attached[problem.function_count - 1 - f];
    }
    other.functions = turned;
    other.last_attached = problem.last_attached ? turned_attached : NULL;
    other.barred = problem.barred ? turned_barred : NULL;
    CHECK(plan_it(&other, &made) && is_same(plan, &made, true));
}

static void change(void)
{
    for (unsigned i = 1 + below(3); i > 0 && problem.function_count > 0; i--) {
        struct layer_function *function = &functions[below((unsigned)problem.function_count)];
        if (below(8) == 0)
            function->slots = below(6);
        else
            fill_function(function, 20 + below(80));
    }
    if (below(5) == 0 && problem.function_count > 1)
        problem.function_count--;
    if (below(5) == 0)
        problem.extra_bytes = below(1000000);
    problem.replan = below(10) == 0;
    problem.replan_percent = below(30);
}

static void plan_one(unsigned seed)
{
    char row[32];
    struct layer_plan plan, again;
    snprintf(row, sizeof(row), "problem %u", seed);
    CHECK_ROW(row);
    state = seed;
    make_problem();
    bool made = plan_it(&problem, &plan);
    for (unsigned release = 0; made && release < 2; release++) {
        if (seed % 2)
            CHECK(plan_it(&problem, &again) && is_same(&plan, &again, false));
        else
            check_turned(&plan);
        problem.last = plan.layers;
        problem.last_count = plan.count;
        problem.last_attached = plan.attached;
        problem.replan = false;
        problem.replan_percent = 100;
        /* Unchanged, it is the same to the byte. */
        CHECK(plan_it(&problem, &again) && again.publish_bytes == 0 && again.count == plan.count &&
              again.stored_bytes == plan.stored_bytes);
        for (size_t f = 0; f < problem.function_count; f++)
            CHECK(again.attached[f].count == plan.attached[f].count &&
                  memcmp(again.attached[f].items, plan.attached[f].items,
                         plan.attached[f].count * sizeof(size_t)) == 0);
        change();
        made = plan_it(&problem, &plan);
    }
    shared_arena_reset(&arena);
}

static void test_random(void)
{
    for (unsigned seed = 0; seed < PROBLEMS; seed++)
        plan_one(seed);
    shared_arena_clean_up(&arena);
}

#define MANY 50000

/* One function with a great many items, some of which a small one shares. */
static void test_many_items(void)
{
    struct layer_item *many = shared_arena_alloc(&arena, MANY * sizeof(*many));
    char(*texts)[16] = shared_arena_alloc(&arena, MANY * sizeof(*texts));
    size_t *all = shared_arena_alloc(&arena, MANY * sizeof(*all)), some[100];
    for (size_t i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof(texts[i]), "file%05zu", i);
        many[i] = (struct layer_item){.place = texts[i], .zip_bytes = 100 + i, .unzipped_bytes = 200};
        all[i] = i;
    }
    for (size_t i = 0; i < 100; i++)
        some[i] = i * 400;
    struct layer_function two[] = {{.name = "large", .items = {all, MANY}, .slots = 5},
                                   {.name = "small", .items = {some, 100}, .slots = 5}};
    problem = (struct layer_problem){.project = "p",
                                     .items = many,
                                     .item_count = MANY,
                                     .functions = two,
                                     .function_count = 1,
                                     .unzipped_limit_bytes = 262144000,
                                     .layer_overhead_bytes = 22};
    struct layer_plan plan;
    CHECK(plan_it(&problem, &plan) && plan.count == 0);
    problem.function_count = 2;
    CHECK(plan_it(&problem, &plan) && plan.count == 1 && plan.layers[0].items.count == 100);
    CHECK_NUMBER(plan.stored_bytes, plan.bound_bytes + 22);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_random);
    CHECK_RUN(test_many_items);
    return check_report();
}
