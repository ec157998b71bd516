/*
 * layer_figures.c - how good the planner of layers is; the script bench_layers runs it, with a solver between its two
 * calls.
 *
 *     layer_figures problems FOLDER COUNT    writes COUNT problems of each family for the solver, FAMILY-N.lp, with the
 *                                            planner's plan as FAMILY-N.start
 *     layer_figures report FOLDER COUNT      reads what the solver found, FAMILY-N.solution, plans the large problem and
 *                                            the releases, and prints all
 *     layer_figures quick FOLDER COUNT       the same with a small one in the large problem's place, and few releases
 */
#include "bench_base.h"
#include "layer/layer_check.h"
#include "layer_instance.h"
#include "layer_mip.h"
#include "layer_releases.h"
#include "layer_rivals.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define ROUNDS 11

struct spread {
    double sum, worst;
};

static void plan_it(const struct layer_problem *problem, struct shared_arena *arena, struct layer_plan *plan)
{
    struct shared_error err;
    if (layer_plan_make(problem, arena, plan, &err) < 0 || layer_plan_check(problem, plan, arena, &err) < 0)
        bench_die("%s", err.text);
}

static void path_of(char path[4096], const char *folder, size_t family, unsigned seed, const char *end)
{
    const struct instance_family *f = &instance_families[family];
    snprintf(path, 4096, "%s/%u-%u-%u-%llu-%u.%s", folder, f->functions, f->classes, f->slots,
             (unsigned long long)f->extra_bytes, seed, end);
}

static void write_problems(const char *folder, unsigned count)
{
    for (size_t family = 0; family < instance_family_count; family++)
        for (unsigned seed = 1; seed <= count; seed++) {
            struct shared_arena arena = {0};
            struct layer_problem problem;
            struct layer_plan plan;
            char path[4096];
            instance_small(&instance_families[family], seed, &arena, &problem);
            plan_it(&problem, &arena, &plan);
            path_of(path, folder, family, seed, "lp");
            mip_write(path, &problem);
            path_of(path, folder, family, seed, "start");
            mip_write_start(path, &problem, &plan);
            shared_arena_clean_up(&arena);
        }
}

/* The first line of a solution of cbc's: "Optimal - objective value 46224132.00000000". */
static bool read_optimum(const char *folder, size_t family, unsigned seed, double *optimum)
{
    char path[4096];
    path_of(path, folder, family, seed, "solution");
    FILE *in = fopen(path, "r");
    bool proven = in && fscanf(in, "Optimal - objective value %lf", optimum) == 1;
    if (in)
        fclose(in);
    return proven;
}

/* What the solver could show of one that it did not solve. */
static bool read_bound(const char *folder, size_t family, unsigned seed, double *bound)
{
    char path[4096], line[256];
    bool found = false;
    path_of(path, folder, family, seed, "log");
    FILE *in = fopen(path, "r");
    while (in && fgets(line, sizeof(line), in))
        found |= sscanf(line, "Lower bound: %lf", bound) == 1;
    if (in)
        fclose(in);
    return found;
}

static void spread_add(struct spread *spread, uint64_t stored, double optimum)
{
    double over = 100 * ((double)stored - optimum) / optimum;
    spread->sum += over;
    spread->worst = over > spread->worst ? over : spread->worst;
}

static const char *spread_text(const struct spread *spread, unsigned count, char text[32])
{
    snprintf(text, 32, "%.2f / %.2f", spread->sum / count, spread->worst);
    return text;
}

static const char *verdict(bool holds)
{
    return holds ? "holds" : "misses";
}

/* What the plan without strangers costs. */
static uint64_t strict_cost(const struct layer_problem *problem, struct shared_arena *arena)
{
    struct layer_problem strict = *problem;
    struct layer_plan plan;
    strict.extra_bytes = 0;
    plan_it(&strict, arena, &plan);
    return plan.stored_bytes;
}

static void report_family(const char *folder, size_t family, unsigned count)
{
    const struct instance_family *f = &instance_families[family];
    struct spread ours = {0, 0}, unproven = {0, 0}, greedy = {0, 0}, common = {0, 0}, none = {0, 0},
                  strict = {0, 0};
    double ms = 0;
    unsigned proven = 0, bounded = 0;
    for (unsigned seed = 1; seed <= count; seed++) {
        struct shared_arena arena = {0};
        struct layer_problem problem;
        struct layer_plan plan;
        double optimum;
        instance_small(f, seed, &arena, &problem);
        double began = bench_now_sec();
        plan_it(&problem, &arena, &plan);
        ms += 1000 * (bench_now_sec() - began) / count;
        uint64_t cost = mip_cost(&problem, &plan);
        if (read_optimum(folder, family, seed, &optimum)) {
            proven++;
            if ((double)cost < optimum - 1)
                bench_die("%u functions, problem %u: the plan is better than the optimum", f->functions,
                          seed);
            spread_add(&ours, cost, optimum);
            spread_add(&strict, strict_cost(&problem, &arena), optimum);
            spread_add(&greedy, rival_greedy(&problem), optimum);
            spread_add(&common, rival_common(&problem), optimum);
            spread_add(&none, plan.unshared_bytes, optimum);
        } else if (read_bound(folder, family, seed, &optimum)) {
            spread_add(&unproven, cost, optimum);
            bounded++;
        }
        shared_arena_clean_up(&arena);
    }
    char texts[4][32], name[64], solved[32];
    int written = snprintf(name, sizeof(name), "%u functions, %u classes, %u slots", f->functions, f->classes,
                           f->slots);
    if (f->extra_bytes > 0)
        snprintf(name + written, sizeof(name) - (size_t)written, ", %llu MB",
                 (unsigned long long)f->extra_bytes / 1000000);
    snprintf(solved, sizeof(solved), "%u of %u", proven, count);
    if (proven == 0) {
        printf("%-40s %8s  not measured: no optimum proven in time, or no cbc there: install coinor-cbc\n",
               name, solved);
        return;
    }
    printf("%-40s %8s %14s %14s %14s %14s %7.1f  %s\n", name, solved, spread_text(&ours, proven, texts[0]),
           spread_text(&greedy, proven, texts[1]), spread_text(&common, proven, texts[2]),
           spread_text(&none, proven, texts[3]), ms, verdict(ours.sum / proven <= 0.5 && ours.worst <= 3));
    if (f->extra_bytes > 0)
        printf("%40s %8u %14s over it: the planner, were no strangers allowed\n", "", proven,
               spread_text(&strict, proven, texts[0]));
    if (bounded > 0)
        printf("%40s %8u %14s over the solver's lower bound: no plan is below that\n", "not proven:", bounded,
               spread_text(&unproven, bounded, texts[0]));
}

static long resident_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static double processor_sec(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void report_large(const char *name, const struct instance_size *size, bool goals)
{
    struct shared_arena arena = {0};
    struct layer_problem problem;
    struct layer_plan plan;
    size_t incidences = 0;
    const unsigned rounds = goals ? ROUNDS : 2;
    double least = 0, busy = 0;
    instance_large(size, 1, &arena, &problem);
    for (size_t f = 0; f < problem.function_count; f++)
        incidences += problem.functions[f].items.count;
    long before = resident_mb(), after = 0;
    for (unsigned round = 0; round < rounds; round++) {
        struct shared_arena result = {0};
        struct shared_error err;
        double began = bench_now_sec(), busy_before = processor_sec();
        if (layer_plan_make(&problem, &result, &plan, &err) < 0)
            bench_die("%s", err.text);
        double took = bench_now_sec() - began;
        busy += processor_sec() - busy_before;
        after = round == 0 ? resident_mb() : after;
        least = round == 0 || took < least ? took : least;
        if (round + 1 == rounds && layer_plan_check(&problem, &plan, &result, &err) < 0)
            bench_die("%s", err.text);
        if (round + 1 < rounds)
            shared_arena_clean_up(&result);
    }
    double part = (double)plan.unshared_bytes / (double)plan.stored_bytes;
    printf("\n%s: %zu functions, %zu distinct items, %zu carried in all\n", name, problem.function_count,
           problem.item_count, incidences);
    printf("  no dedup %10.1f MB\n", (double)plan.unshared_bytes / 1e6);
    printf("  common   %10.1f MB, one layer of what all carry\n", (double)rival_common(&problem) / 1e6);
    printf("  planned  %10.1f MB, 1/%.2f of no dedup, %zu layers; goal 1/6: %s\n",
           (double)plan.stored_bytes / 1e6, part, plan.count,
           goals ? verdict(part >= 6) : "not this problem's");
    printf("  bound    %10.1f MB, each item once\n", (double)plan.bound_bytes / 1e6);
    printf("  plan     %10.3f s, best of %u, %.3f s of a processor; goal 0.5 s: %s\n", least, rounds,
           busy / rounds, goals ? verdict(least <= 0.5) : "not this problem's");
    printf("  memory   %10ld MB in all, of which %ld MB were the problem; goal 100 MB: %s\n", after, before,
           goals ? verdict(after <= 100) : "not this problem's");
    shared_arena_clean_up(&arena);
}

/* Strangers at their price, in the same large problem. */
static void report_strangers(const char *name, const struct instance_size *size, uint64_t extra_bytes)
{
    struct shared_arena arena = {0};
    struct layer_problem problem;
    struct layer_plan strict, plan;
    struct shared_error err;
    uint64_t asked = 0, had = 0;
    instance_large(size, 1, &arena, &problem);
    plan_it(&problem, &arena, &strict);
    problem.extra_bytes = extra_bytes;
    double began = bench_now_sec();
    if (layer_plan_make(&problem, &arena, &plan, &err) < 0)
        bench_die("%s", err.text);
    double took = bench_now_sec() - began;
    if (layer_plan_check(&problem, &plan, &arena, &err) < 0)
        bench_die("%s", err.text);
    for (size_t f = 0; f < problem.function_count; f++) {
        for (size_t i = 0; i < problem.functions[f].items.count; i++)
            asked += problem.items[problem.functions[f].items.items[i]].unzipped_bytes;
        for (size_t i = 0; i < plan.stays[f].count; i++)
            had += problem.items[plan.stays[f].items[i]].unzipped_bytes;
        for (size_t i = 0; i < plan.attached[f].count; i++)
            had += plan.layers[plan.attached[f].items[i]].unzipped_bytes;
    }
    printf("\n%s, %llu MB of strangers allowed, at 1 B for %d B of them\n", name,
           (unsigned long long)extra_bytes / 1000000, LAYER_STRANGERS);
    printf("  strict   %10.1f MB, %zu layers\n", (double)strict.stored_bytes / 1e6, strict.count);
    printf("  planned  %10.1f MB, %zu layers, %.2f of strict; functions unzip %.1f %% larger\n",
           (double)plan.stored_bytes / 1e6, plan.count,
           (double)plan.stored_bytes / (double)strict.stored_bytes,
           100 * ((double)had - (double)asked) / (double)asked);
    printf("  plan     %10.3f s\n", took);
    shared_arena_clean_up(&arena);
}

static void report_releases(unsigned count)
{
    static const char *const names[] = {"no layers", "planned from scratch", "planned from the last"};
    printf("\n%u releases of 24 functions, each of one changed package\n", count);
    printf("%-24s %10s %14s %14s %14s %12s %12s\n", "", "layers", "layers, MB", "functions", "functions, MB",
           "in all, MB", "at the end");
    for (unsigned way = 0; way < 3; way++) {
        struct releases r;
        releases_run(count, (enum releases_way)way, &r);
        printf("%-24s %10llu %14.1f %14llu %14.1f %12.1f %12.1f\n", names[way], (unsigned long long)r.layers,
               (double)r.layer_bytes / 1e6, (unsigned long long)r.functions, (double)r.function_bytes / 1e6,
               (double)(r.layer_bytes + r.function_bytes) / 1e6, (double)r.stored_bytes / 1e6);
    }
}

static void report(const char *folder, unsigned count, bool quick)
{
    static const struct instance_size files = {1000, 40, 4500, 34, 50}, units = {1000, 40, 4500, 1, 1},
                                      small = {60, 6, 200, 4, 5};
    /* The larger one last: the peak of memory is the process's. */
    if (!quick)
        report_large("Packages as items", &units, false);
    report_large("Files as items", quick ? &small : &files, !quick);
    report_strangers("Packages as items", quick ? &small : &units, 50000000);
    if (!quick)
        report_strangers("Files as items", &files, 50000000);
    printf("\nStored bytes, and the price of strangers where MB of them are allowed, over the proven "
           "optimum, %%, mean / worst\n");
    printf("%-40s %8s %14s %14s %14s %14s %7s  %s\n", "", "proven", "planner", "greedy", "one common",
           "no layers", "ms", "goal 0.5 / 3");
    for (size_t family = 0; family < instance_family_count; family++)
        report_family(folder, family, count);
    report_releases(quick ? 5 : 100);
}

int main(int argc, char **argv)
{
    unsigned count = argc == 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    if (count == 0)
        bench_die("usage: layer_figures problems|report|quick FOLDER COUNT");
    if (strcmp(argv[1], "problems") == 0)
        write_problems(argv[2], count);
    else
        report(argv[2], count, strcmp(argv[1], "quick") == 0);
    return 0;
}
