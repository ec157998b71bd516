/*
 * graph_times.c - how long it takes, and how much memory, to read the graph of one program: what refers to what, where
 * each byte came from, retained sizes and chains. Beside it what nm and readelf take to list the same file.
 *
 *     graph_times ROUNDS GOAL_MS GOAL_MB SHIPPED UNSTRIPPED MAP
 */
#include "bench_base.h"
#include "bench_table.h"

#include "graph/graph.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS_LIMIT 1001

static const char manifest_text[] =
    "{\"name\": \"bench\", \"target\": {\"runtime\": \"provided.al2023\", \"architecture\": \"x86_64\"},\n"
    " \"functions\": {\"f\": {\"sources\": [\"f.c\"]}}}\n";

static void read_graph(const struct image_paths *paths)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct manifest manifest;
    struct graph graph;
    if (manifest_parse("bench", manifest_text, strlen(manifest_text), &arena, &manifest, &err) < 0 ||
        graph_read(&manifest, &manifest.functions[0], paths, &arena, &graph, &err) < 0)
        bench_die("%s", err.text);
    uint32_t *chain;
    size_t length;
    for (uint32_t i = 1; i < graph.atom_count; i += 1 + (uint32_t)graph.atom_count / 100)
        if (graph_chain(&graph, i, &arena, &chain, &length, &err) < 0)
            bench_die("%s", err.text);
    shared_arena_clean_up(&arena);
}

static void list(const char *tool, const char *option, const char *file)
{
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    execlp(tool, tool, option, file, (char *)NULL);
    bench_die("%s cannot be started: install binutils", tool);
}

/* Runs a child, which reads the graph where tool is NULL. Returns its seconds; its peak memory in *peak_mb. */
static double run(const char *tool, const char *option, const struct image_paths *paths, double *peak_mb)
{
    int status;
    struct rusage usage;
    double began = bench_now_sec();
    pid_t child = fork();
    if (child == 0) {
        if (tool)
            list(tool, option, paths->unstripped);
        read_graph(paths);
        _exit(0);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status != 0)
        bench_die("a child failed");
    *peak_mb = (double)usage.ru_maxrss / 1024;
    return bench_now_sec() - began;
}

int main(int argc, char **argv)
{
    if (argc != 7)
        bench_die("usage: graph_times ROUNDS GOAL_MS GOAL_MB SHIPPED UNSTRIPPED MAP");
    long rounds = strtol(argv[1], NULL, 10);
    double goal_ms = strtod(argv[2], NULL), goal_mb = strtod(argv[3], NULL);
    const struct image_paths paths = {argv[4], argv[5], argv[6]};
    static double own[ROUNDS_LIMIT], nm[ROUNDS_LIMIT], readelf[ROUNDS_LIMIT];
    double peak_mb = 0, ignored;
    if (rounds < 1 || rounds > ROUNDS_LIMIT)
        bench_die("from 1 to %d rounds", ROUNDS_LIMIT);
    for (long i = 0; i < rounds; i++) {
        own[i] = 1e3 * run(NULL, NULL, &paths, &peak_mb);
        nm[i] = 1e3 * run("nm", "--size-sort", &paths, &ignored);
        readelf[i] = 1e3 * run("readelf", "-rW", &paths, &ignored);
    }
    double ms = bench_median(own, rounds);
    char goal[2][32];
    snprintf(goal[0], sizeof(goal[0]), "<= %.0f", goal_ms);
    snprintf(goal[1], sizeof(goal[1]), "<= %.0f", goal_mb);
    struct bench_table table = {.heading = "graph"};
    bench_table_add(&table, (struct bench_row){.key = "graph_nm",
                                               .name = "graph, provenance, retained, chains",
                                               .unit = "ms",
                                               .measured = ms,
                                               .baseline = bench_median(nm, rounds),
                                               .beside = "nm --size-sort",
                                               .goal = goal[0],
                                               .holds = ms <= goal_ms});
    bench_table_add(&table, (struct bench_row){.key = "graph_readelf",
                                               .name = "the same",
                                               .unit = "ms",
                                               .measured = ms,
                                               .baseline = bench_median(readelf, rounds),
                                               .beside = "readelf -rW"});
    bench_table_add(&table, (struct bench_row){.key = "graph_peak",
                                               .name = "peak memory",
                                               .unit = "MB",
                                               .measured = peak_mb,
                                               .goal = goal[1],
                                               .holds = peak_mb <= goal_mb});
    bench_table_print(&table);
    return 0;
}
