#include "layer_instance.h"
#include "bench_base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_BYTES 262144000u
#define OVERHEAD_BYTES 22u
#define STACK_LEAST 8u /* packages that a stack asks for */
#define STACK_MOST 40u

const struct instance_family instance_families[] = {
    {6, 12, 2, 0},       {8, 20, 3, 0},       {8, 24, 5, 0},      {12, 36, 5, 0},
    {6, 12, 2, 1000000}, {6, 12, 2, 5000000}, {7, 16, 2, 2000000}};
const size_t instance_family_count = sizeof(instance_families) / sizeof(instance_families[0]);

uint64_t instance_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

unsigned instance_below(uint64_t *state, unsigned count)
{
    return (unsigned)((instance_random(state) >> 32) * count >> 32);
}

static void *need(struct shared_arena *arena, size_t count, size_t size)
{
    void *memory = shared_arena_alloc(arena, count * size);
    if (!memory)
        bench_die("no memory for a problem");
    return memset(memory, 0, count * size);
}

static const char *text(struct shared_arena *arena, const char *format, unsigned a, unsigned b)
{
    char *made = need(arena, 1, 40);
    snprintf(made, 40, format, a, b);
    return made;
}

/* Between low and high, each power of two as likely as the other. */
static uint64_t logarithmic(uint64_t *state, double low, double high)
{
    double share = (double)(instance_random(state) >> 11) / 9007199254740992.0;
    return (uint64_t)(low * exp(share * log(high / low)));
}

/* Below count, small numbers more often than large ones. */
static unsigned skewed(uint64_t *state, unsigned count)
{
    double share = (double)(instance_random(state) >> 11) / 9007199254740992.0;
    return (unsigned)(share * share * share * count);
}

static struct layer_item make_item(struct shared_arena *arena, uint64_t *state, unsigned a, unsigned b,
                                   uint64_t bytes)
{
    struct layer_item item = {
        .place = text(arena, "package%05u/file%03u", a, b), .zip_bytes = bytes, .unzipped_bytes = 3 * bytes};
    for (size_t i = 0; i < sizeof(item.digest.bytes); i++)
        item.digest.bytes[i] = (unsigned char)instance_random(state);
    return item;
}

static void init_problem(struct layer_problem *problem, struct shared_arena *arena, unsigned functions,
                         unsigned slots)
{
    struct layer_function *list = need(arena, functions, sizeof(*list));
    for (unsigned f = 0; f < functions; f++)
        list[f] = (struct layer_function){.name = text(arena, "function%04u", f, 0), .slots = slots};
    *problem = (struct layer_problem){.project = "bench",
                                      .functions = list,
                                      .function_count = functions,
                                      .unzipped_limit_bytes = LIMIT_BYTES,
                                      .layer_overhead_bytes = OVERHEAD_BYTES};
}

void instance_small(const struct instance_family *family, uint64_t seed, struct shared_arena *arena,
                    struct layer_problem *problem)
{
    uint64_t state = seed * 1000003 + family->functions * 1009 + family->classes;
    init_problem(problem, arena, family->functions, family->slots);
    struct layer_item *items = need(arena, family->classes, sizeof(*items));
    uint32_t *users = need(arena, family->classes, sizeof(*users));
    for (unsigned c = 0; c < family->classes;) {
        unsigned wanted = 2 + skewed(&state, family->functions - 1);
        users[c] = 0;
        while ((unsigned)__builtin_popcount(users[c]) < wanted)
            users[c] |= (uint32_t)1 << instance_below(&state, family->functions);
        bool usable = true;
        for (unsigned other = 0; other < c; other++)
            usable &= users[other] != users[c];
        if (!usable)
            continue;
        items[c] = make_item(arena, &state, c, 0, logarithmic(&state, 1e4, 1e7));
        items[c].unzipped_bytes = items[c].zip_bytes;
        c++;
    }
    struct layer_function *functions = (struct layer_function *)problem->functions;
    for (unsigned f = 0; f < family->functions; f++) {
        functions[f].items.items = need(arena, family->classes, sizeof(size_t));
        for (unsigned c = 0; c < family->classes; c++)
            if (users[c] >> f & 1)
                functions[f].items.items[functions[f].items.count++] = c;
    }
    problem->items = items;
    problem->item_count = family->classes;
    problem->unzipped_limit_bytes = UINT64_MAX;
    problem->extra_bytes = family->extra_bytes;
}

/* Packages, and the items of each. */
struct packages {
    unsigned count;
    unsigned (*needs)[3]; /* earlier ones; itself: none */
    size_t *first;        /* of its items; of count: their number */
};

static void make_packages(const struct instance_size *size, uint64_t *state, struct shared_arena *arena,
                          struct packages *packages, struct layer_problem *problem)
{
    *packages = (struct packages){size->packages, need(arena, size->packages, sizeof(unsigned[3])),
                                  need(arena, size->packages + 1u, sizeof(size_t))};
    for (unsigned p = 0; p < size->packages; p++) {
        unsigned files = size->files == 1 ? 1 : 1 + instance_below(state, 2 * size->files - 1);
        packages->first[p + 1] = packages->first[p] + files;
        for (unsigned i = 0; i < 3; i++)
            packages->needs[p][i] = p && instance_below(state, 3) ? skewed(state, p) : p;
    }
    size_t count = packages->first[size->packages];
    struct layer_item *items = need(arena, count + (size_t)size->functions * size->own, sizeof(*items));
    for (unsigned p = 0; p < size->packages; p++) {
        uint64_t bytes = logarithmic(state, 300, 2e6);
        size_t files = packages->first[p + 1] - packages->first[p];
        for (unsigned i = 0; i < files; i++)
            items[packages->first[p] + i] = make_item(arena, state, p, i, bytes / files + 100);
    }
    problem->items = items;
    problem->item_count = count;
}

static void want(const struct packages *packages, bool *wanted, unsigned package)
{
    if (wanted[package])
        return;
    wanted[package] = true;
    for (unsigned i = 0; i < 3; i++)
        want(packages, wanted, packages->needs[package][i]);
}

static void fill_function(const struct instance_size *size, uint64_t *state, const struct packages *packages,
                          const unsigned *stack, bool *wanted, struct shared_arena *arena,
                          struct layer_problem *problem, struct layer_function *function)
{
    memset(wanted, 0, size->packages * sizeof(*wanted));
    unsigned without = skewed(state, 4);
    for (unsigned i = 1; i <= stack[0]; i++)
        if (without == 0 || instance_below(state, stack[0] / without) > 0)
            want(packages, wanted, stack[i]);
    for (unsigned i = skewed(state, 4); i > 0; i--)
        want(packages, wanted, skewed(state, size->packages));
    size_t count = size->own;
    for (unsigned p = 0; p < size->packages; p++)
        count += wanted[p] ? packages->first[p + 1] - packages->first[p] : 0;
    function->items.items = need(arena, count, sizeof(size_t));
    for (unsigned p = 0; p < size->packages; p++)
        for (size_t i = packages->first[p]; wanted[p] && i < packages->first[p + 1]; i++)
            function->items.items[function->items.count++] = i;
    struct layer_item *items = (struct layer_item *)problem->items;
    for (unsigned i = 0; i < size->own; i++) {
        items[problem->item_count] =
            make_item(arena, state, size->packages + (unsigned)(function - problem->functions), i, 2000);
        function->items.items[function->items.count++] = problem->item_count++;
    }
    function->rest_zip_bytes = 20000;
}

void instance_large(const struct instance_size *size, uint64_t seed, struct shared_arena *arena,
                    struct layer_problem *problem)
{
    struct packages packages;
    uint64_t state = seed;
    init_problem(problem, arena, size->functions, 5);
    make_packages(size, &state, arena, &packages, problem);
    unsigned(*stacks)[STACK_MOST + 1] = need(arena, size->stacks, sizeof(*stacks));
    for (unsigned s = 0; s < size->stacks; s++) {
        stacks[s][0] = STACK_LEAST + instance_below(&state, STACK_MOST - STACK_LEAST);
        for (unsigned i = 1; i <= stacks[s][0]; i++)
            stacks[s][i] = skewed(&state, size->packages);
    }
    bool *wanted = need(arena, size->packages, sizeof(*wanted));
    struct layer_function *functions = (struct layer_function *)problem->functions;
    for (unsigned f = 0; f < size->functions; f++)
        fill_function(size, &state, &packages, stacks[instance_below(&state, size->stacks)], wanted, arena,
                      problem, &functions[f]);
}
