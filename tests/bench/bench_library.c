/* bench_library.c - single calls of libshared beside a bare system call or a bare look at the clock, in one run. */
#include "bench_library.h"
#include "bench_base.h"
#include "bench_table.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GOAL_NS 2000

static const char usage[] =
    "usage: bench_library [--json] [--quick] [KEY...]\n"
    "\n"
    "Measures single calls of libshared beside a bare write(2) of the same bytes, or whatever else they\n"
    "cannot do without, and prints medians, ratios and whether the goal of 2 us holds. With keys, as --json\n"
    "prints them, only those whose key begins with one.\n"
    "\n"
    "  --json       prints JSON instead of a table\n"
    "  --quick      a few rounds of each: whether it works, not how fast it is\n";

volatile long library_sink;

void library_read_clock(long calls)
{
    struct timespec now;
    for (long i = 0; i < calls; i++) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        library_sink = now.tv_nsec;
    }
}

/* Nanoseconds of one call. */
static double measure_round(const struct library_subject *subject, void (*run)(long calls))
{
    double start_sec = bench_now_sec();
    run(subject->calls);
    double took_sec = bench_now_sec() - start_sec;
    if (subject->settle)
        subject->settle();
    return took_sec * 1e9 / (double)subject->calls;
}

static struct bench_row measure(const struct library_subject *subject, long rounds)
{
    double *measured = malloc((size_t)rounds * sizeof(double)),
           *baseline = malloc((size_t)rounds * sizeof(double));
    if (!measured || !baseline)
        bench_die("no memory");
    if (subject->begin)
        subject->begin();
    for (long i = -1; i < rounds; i++) { /* the first warms up */
        measured[i < 0 ? 0 : i] = measure_round(subject, subject->measured);
        baseline[i < 0 ? 0 : i] = measure_round(subject, subject->baseline);
    }
    if (subject->end)
        subject->end();
    struct bench_row row = {.key = subject->key,
                            .name = subject->name,
                            .unit = "ns",
                            .beside = subject->beside,
                            .measured = bench_median(measured, rounds),
                            .baseline = bench_median(baseline, rounds),
                            .low = bench_quantile(measured, rounds, 0.1),
                            .high = bench_quantile(measured, rounds, 0.9),
                            .goal = subject->has_goal ? "<= 2,000" : NULL};
    row.holds = row.measured <= GOAL_NS;
    free(measured);
    free(baseline);
    return row;
}

static int is_wanted(const char *key, char *const *wanted)
{
    if (!*wanted)
        return 1;
    while (*wanted && strncmp(key, *wanted, strlen(*wanted)) != 0)
        wanted++;
    return *wanted != NULL;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"json", no_argument, NULL, 'j'},
                                          {"quick", no_argument, NULL, 'q'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    static const struct library_subject *const groups[] = {library_lines, library_decisions, library_peers};
    static struct bench_table table = {.heading = "libshared"};
    int json = 0;
    long rounds = 2001;
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'q')
            rounds = 3;
        else if (name == 'j')
            json = 1;
        else
            return fputs(usage, name == 'h' ? stdout : stderr), name == 'h' ? 0 : 2;
    }
    bench_pin_to_one_processor();
    for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
        for (const struct library_subject *subject = groups[i]; subject->key; subject++) {
            if (is_wanted(subject->key, argv + optind))
                bench_table_add(&table, measure(subject, rounds));
        }
    }
    if (table.count == 0)
        bench_die("no key begins so; --json prints all of them");
    if (json)
        bench_table_print_json(&table);
    else
        bench_table_print(&table);
    return 0;
}
