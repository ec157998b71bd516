#include "layer_mip.h"
#include "bench_base.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FUNCTIONS 16
#define WORDS_A_LINE 10 /* solvers read lines of a limited length */

struct mip {
    FILE *out;
    const struct layer_problem *problem;
    unsigned *users; /* of each item: bits */
    bool *possible;  /* of each set: all in it carry some item */
    unsigned set_count, words;
};

static unsigned *list_users(const struct layer_problem *problem)
{
    unsigned *users = calloc(problem->item_count, sizeof(*users));
    if (!users || problem->function_count > MOST_FUNCTIONS)
        bench_die("no program for %zu functions", problem->function_count);
    for (unsigned f = 0; f < problem->function_count; f++)
        for (size_t i = 0; i < problem->functions[f].items.count; i++)
            users[problem->functions[f].items.items[i]] |= 1u << f;
    return users;
}

/* Who does not carry an item may have it where it bears strangers; it pays where two carry it. */
static bool may_hold(const struct mip *mip, unsigned set, size_t item)
{
    unsigned strangers = set & ~mip->users[item];
    return strangers == 0 || (mip->problem->items[item].unzipped_bytes <= mip->problem->extra_bytes &&
                              __builtin_popcount(set & mip->users[item]) > 1);
}

/* What a layer of a set saves by an item, less the price of strangers. */
static long long saved_by(const struct mip *mip, unsigned set, size_t item)
{
    const struct layer_item *of = &mip->problem->items[item];
    long long own = __builtin_popcount(set & mip->users[item]);
    long long strangers = __builtin_popcount(set & ~mip->users[item]);
    return (long long)of->zip_bytes * (own - 1) -
           (long long)(of->unzipped_bytes / LAYER_STRANGERS) * strangers;
}

static void open_mip(struct mip *mip, const char *path, const struct layer_problem *problem)
{
    *mip = (struct mip){.out = fopen(path, "w"), .problem = problem, .users = list_users(problem)};
    mip->set_count = 1u << problem->function_count;
    mip->possible = calloc(mip->set_count, sizeof(*mip->possible));
    if (!mip->out || !mip->possible)
        bench_die("cannot write %s", path);
    for (unsigned set = 0; set < mip->set_count; set++)
        for (size_t c = 0; c < problem->item_count; c++)
            mip->possible[set] |= __builtin_popcount(set) > 1 && may_hold(mip, set, c);
}

static void close_mip(struct mip *mip, const char *path)
{
    if (ferror(mip->out) | fclose(mip->out))
        bench_die("cannot write %s", path);
    free(mip->possible);
    free(mip->users);
}

static void break_line(struct mip *mip)
{
    if (++mip->words % WORDS_A_LINE == 0)
        fputc('\n', mip->out);
}

static void write_goal(struct mip *mip)
{
    const struct layer_problem *problem = mip->problem;
    uint64_t copies = 0;
    for (unsigned f = 0; f < problem->function_count; f++) {
        copies += problem->functions[f].rest_zip_bytes;
        for (size_t i = 0; i < problem->functions[f].items.count; i++)
            copies += problem->items[problem->functions[f].items.items[i]].zip_bytes;
    }
    fprintf(mip->out, "Minimize\n stored: %llu one", (unsigned long long)copies);
    for (unsigned set = 0; set < mip->set_count; set++) {
        if (!mip->possible[set])
            continue;
        fprintf(mip->out, " + %llu y%u", (unsigned long long)problem->layer_overhead_bytes, set);
        break_line(mip);
        for (size_t c = 0; c < problem->item_count; c++)
            if (may_hold(mip, set, c)) {
                fprintf(mip->out, " %+lld z%zu_%u", -saved_by(mip, set, c), c, set);
                break_line(mip);
            }
    }
}

static void write_limits(struct mip *mip)
{
    const struct layer_problem *problem = mip->problem;
    fprintf(mip->out, "\nSubject To\n");
    for (unsigned f = 0; f < problem->function_count; f++) {
        for (unsigned set = 0; set < mip->set_count; set++)
            if (mip->possible[set] && (set >> f & 1)) {
                fprintf(mip->out, " + y%u", set);
                break_line(mip);
            }
        fprintf(mip->out, " + 0 one <= %u\n", problem->functions[f].slots);
    }
    for (size_t c = 0; c < problem->item_count; c++)
        for (unsigned set = 0; set < mip->set_count; set++)
            if (mip->possible[set] && may_hold(mip, set, c))
                fprintf(mip->out, " z%zu_%u - y%u <= 0\n", c, set, set);
    for (size_t c = 0; c < problem->item_count; c++)
        for (unsigned f = 0; f < problem->function_count; f++) {
            if (!(mip->users[c] >> f & 1) && problem->extra_bytes == 0)
                continue;
            for (unsigned set = 0; set < mip->set_count; set++)
                if (mip->possible[set] && may_hold(mip, set, c) && (set >> f & 1)) {
                    fprintf(mip->out, " + z%zu_%u", c, set);
                    break_line(mip);
                }
            fprintf(mip->out, " + 0 one <= 1\n");
        }
}

/* A function bears strangers up to so many bytes. */
static void write_strangers(struct mip *mip)
{
    const struct layer_problem *problem = mip->problem;
    for (unsigned f = 0; f < problem->function_count; f++) {
        for (size_t c = 0; c < problem->item_count; c++)
            for (unsigned set = 0; set < mip->set_count && !(mip->users[c] >> f & 1); set++)
                if (mip->possible[set] && may_hold(mip, set, c) && (set >> f & 1)) {
                    fprintf(mip->out, " + %llu z%zu_%u", (unsigned long long)problem->items[c].unzipped_bytes,
                            c, set);
                    break_line(mip);
                }
        fprintf(mip->out, " + 0 one <= %llu\n", (unsigned long long)problem->extra_bytes);
    }
}

void mip_write(const char *path, const struct layer_problem *problem)
{
    struct mip mip;
    open_mip(&mip, path, problem);
    write_goal(&mip);
    write_limits(&mip);
    if (problem->extra_bytes > 0)
        write_strangers(&mip);
    fprintf(mip.out, "Bounds\n one = 1\nBinaries\n");
    for (unsigned set = 0; set < mip.set_count; set++) {
        if (!mip.possible[set])
            continue;
        fprintf(mip.out, " y%u\n", set);
        for (size_t c = 0; c < problem->item_count; c++)
            if (may_hold(&mip, set, c))
                fprintf(mip.out, " z%zu_%u\n", c, set);
    }
    fprintf(mip.out, "End\n");
    close_mip(&mip, path);
}

uint64_t mip_cost(const struct layer_problem *problem, const struct layer_plan *plan)
{
    uint64_t cost = plan->stored_bytes;
    unsigned *users = list_users(problem);
    for (unsigned f = 0; f < problem->function_count; f++)
        for (size_t i = 0; i < plan->attached[f].count; i++) {
            const struct layer_set *held = &plan->layers[plan->attached[f].items[i]].items;
            for (size_t k = 0; k < held->count; k++)
                if (!(users[held->items[k]] >> f & 1))
                    cost += problem->items[held->items[k]].unzipped_bytes / LAYER_STRANGERS;
        }
    free(users);
    return cost;
}

void mip_write_start(const char *path, const struct layer_problem *problem, const struct layer_plan *plan)
{
    struct mip mip;
    open_mip(&mip, path, problem);
    fprintf(mip.out, "Feasible - objective value %llu\n", (unsigned long long)mip_cost(problem, plan));
    unsigned at = 0;
    fprintf(mip.out, "%u one 1 0\n", at++);
    for (size_t l = 0; l < plan->count; l++) {
        unsigned set = 0;
        for (unsigned f = 0; f < problem->function_count; f++)
            for (size_t i = 0; i < plan->attached[f].count; i++)
                set |= (plan->attached[f].items[i] == l ? 1u : 0) << f;
        fprintf(mip.out, "%u y%u 1 0\n", at++, set);
        for (size_t i = 0; i < plan->layers[l].items.count; i++)
            fprintf(mip.out, "%u z%zu_%u 1 0\n", at++, plan->layers[l].items.items[i], set);
    }
    close_mip(&mip, path);
}
