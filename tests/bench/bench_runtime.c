/* bench_runtime.c - the runtime beside bare sockets in C, in one run against one emulator. */
#include "bench_peer.h"
#include "bench_size.h"
#include "bench_syscalls.h"
#include "bench_table.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL_BYTES 7
#define LARGE_BYTES 6291456

static const char usage[] =
    "usage: bench_runtime [--json] [--quick] FOLDER\n"
    "\n"
    "Measures the programs echo_dynamic and echo_static (shared_runtime_run) beside bare_dynamic and "
    "bare_static in\n"
    "FOLDER, and prints figures, ratios and goals. Only ratios mean something elsewhere than on this "
    "machine. Zips are\n"
    "those of the packer, FOLDER/dist/echo.zip and bare.zip; without them their size is computed.\n"
    "\n"
    "  --json       prints JSON instead of a table\n"
    "  --quick      a few rounds of each: whether it works, not how fast it is\n";

struct program {
    char path[4096];
};

struct bench {
    struct program echo[2], bare[2]; /* dynamic, static */
    struct program zips[2];          /* echo, bare */
    long rounds, round_invocations, starts, large_rounds, first_invocations, last_invocations, traced;
    struct bench_server server;
    struct bench_event small, large;
    struct bench_table table;
};

/* Two programs that are measured in turns, so that what the machine does meanwhile falls on both. */
struct pair {
    double *echo, *bare;
    long count;
};

static struct pair pair_of(long count)
{
    struct pair pair = {malloc((size_t)count * sizeof(double)), malloc((size_t)count * sizeof(double)),
                        count};
    if (!pair.echo || !pair.bare)
        bench_die("no memory");
    return pair;
}

static void add_pair(struct bench *bench, struct pair pair, struct bench_row row, double factor, double limit)
{
    row.measured = bench_median(pair.echo, pair.count) * factor;
    row.baseline = bench_median(pair.bare, pair.count) * factor;
    row.holds = row.measured <= row.baseline * limit;
    bench_table_add(&bench->table, row);
    free(pair.echo);
    free(pair.bare);
}

static void start(struct bench *bench, const struct program *program, struct bench_peer *peer)
{
    char *argv[] = {(char *)program->path, NULL};
    bench_peer_start(&bench->server, argv, peer);
}

static void measure_sizes(struct bench *bench)
{
    bool packed = access(bench->zips[0].path, R_OK) == 0 && access(bench->zips[1].path, R_OK) == 0;
    double zip =
        (double)(packed ? bench_size_file(bench->zips[0].path) : bench_size_zip(bench->echo[0].path));
    double bare =
        (double)(packed ? bench_size_file(bench->zips[1].path) : bench_size_zip(bench->bare[0].path));
    double image = (double)bench_size_file(bench->echo[1].path);
    bench_table_add(&bench->table, (struct bench_row){.key = "zip_dynamic",
                                                      .name = packed ? "zip, dynamic glibc, by demine"
                                                                     : "zip, dynamic glibc, computed",
                                                      .unit = "B",
                                                      .measured = zip,
                                                      .baseline = bare,
                                                      .goal = "<= 6,500; the prize: < 5,318",
                                                      .holds = zip <= 6500});
    bench_table_add(&bench->table,
                    (struct bench_row){.key = "image_static",
                                       .name = "program, static glibc, stripped",
                                       .unit = "B",
                                       .measured = image,
                                       .baseline = (double)bench_size_file(bench->bare[1].path),
                                       .goal = "<= 720,000",
                                       .holds = image <= 720000});
}

static void measure_syscalls(struct bench *bench)
{
    struct bench_row row = {
        .key = "syscalls", .name = "system calls per invocation", .unit = "", .goal = "4"};
    if (bench_syscalls_available()) {
        row.measured = bench_syscalls(&bench->server, bench->echo[0].path, &bench->small, bench->traced);
        row.baseline = bench_syscalls(&bench->server, bench->bare[0].path, &bench->small, bench->traced);
        row.holds = row.measured <= 4;
    } else {
        row.missing = "strace is not installed, or may not trace";
    }
    bench_table_add(&bench->table, row);
}

static void measure_invocations(struct bench *bench, int linkage)
{
    struct bench_peer echo, bare;
    struct pair pair = pair_of(bench->rounds);
    start(bench, &bench->echo[linkage], &echo);
    start(bench, &bench->bare[linkage], &bare);
    bench_peer_invoke(&echo, &bench->small, bench->round_invocations);
    bench_peer_invoke(&bare, &bench->small, bench->round_invocations);
    for (long i = 0; i < bench->rounds; i++) {
        pair.echo[i] = bench_peer_invoke(&echo, &bench->small, bench->round_invocations);
        pair.bare[i] = bench_peer_invoke(&bare, &bench->small, bench->round_invocations);
    }
    bench_peer_end(&echo, false);
    bench_peer_end(&bare, false);
    add_pair(bench, pair,
             (struct bench_row){.key = linkage ? "invocation_static" : "invocation_dynamic",
                                .name = linkage ? "per invocation, static" : "per invocation, dynamic",
                                .unit = "us",
                                .goal = "<= 1.15 x bare sockets"},
             1e6 / (double)bench->round_invocations, 1.15);
}

static void measure_starts(struct bench *bench, int linkage)
{
    struct pair pair = pair_of(bench->starts);
    struct bench_peer peer;
    for (long i = -1; i < bench->starts; i++) { /* the first brings the files into memory */
        start(bench, &bench->echo[linkage], &peer);
        bench_peer_end(&peer, false);
        pair.echo[i < 0 ? 0 : i] = peer.start_sec;
        start(bench, &bench->bare[linkage], &peer);
        bench_peer_end(&peer, false);
        pair.bare[i < 0 ? 0 : i] = peer.start_sec;
    }
    add_pair(
        bench, pair,
        (struct bench_row){.key = linkage ? "start_static" : "start_dynamic",
                           .name = linkage ? "start to first /next, static" : "start to first /next, dynamic",
                           .unit = "us",
                           .goal = "<= 1.2 x bare sockets"},
        1e6, 1.2);
}

static void measure_large(struct bench *bench)
{
    struct bench_peer echo, bare;
    struct pair pair = pair_of(bench->large_rounds);
    start(bench, &bench->echo[0], &echo);
    start(bench, &bench->bare[0], &bare);
    bench_peer_invoke(&echo, &bench->large, 1);
    bench_peer_invoke(&bare, &bench->large, 1);
    for (long i = 0; i < bench->large_rounds; i++) {
        pair.echo[i] = bench_peer_invoke(&echo, &bench->large, 1);
        pair.bare[i] = bench_peer_invoke(&bare, &bench->large, 1);
    }
    double peak = (double)bench_peer_memory_kib(&echo, "VmHWM"),
           bare_peak = (double)bench_peer_memory_kib(&bare, "VmHWM");
    bench_peer_end(&echo, false);
    bench_peer_end(&bare, false);
    add_pair(bench, pair,
             (struct bench_row){
                 .key = "large", .name = "echo of 6 MiB", .unit = "ms", .goal = "<= 1.3 x bare sockets"},
             1e3, 1.3);
    bench_table_add(&bench->table, (struct bench_row){.key = "large_peak",
                                                      .name = "echo of 6 MiB, peak memory",
                                                      .unit = "KiB",
                                                      .measured = peak,
                                                      .baseline = bare_peak,
                                                      .goal = "<= 2 x the payload, 12,288 KiB",
                                                      .holds = peak > 0 && peak <= 2 * LARGE_BYTES / 1024.0});
}

static void measure_memory(struct bench *bench)
{
    struct bench_peer echo;
    start(bench, &bench->echo[0], &echo);
    bench_peer_invoke(&echo, &bench->small, bench->first_invocations);
    double first = (double)bench_peer_memory_kib(&echo, "VmRSS");
    bench_peer_invoke(&echo, &bench->small, bench->last_invocations - bench->first_invocations);
    double last = (double)bench_peer_memory_kib(&echo, "VmRSS");
    bench_peer_end(&echo, false);
    bench_table_add(&bench->table, (struct bench_row){.key = "memory",
                                                      .name = "memory after 100,000 and 1,000",
                                                      .unit = "KiB",
                                                      .measured = last,
                                                      .baseline = first,
                                                      .goal = "the same after both",
                                                      .holds = last > 0 && last == first});
}

static void measure(struct bench *bench)
{
    bench_server_open(&bench->server);
    bench_event_init(&bench->small, SMALL_BYTES);
    bench_event_init(&bench->large, LARGE_BYTES);
    measure_sizes(bench);
    measure_syscalls(bench);
    for (int linkage = 0; linkage < 2; linkage++)
        measure_invocations(bench, linkage);
    for (int linkage = 0; linkage < 2; linkage++)
        measure_starts(bench, linkage);
    measure_large(bench);
    measure_memory(bench);
    bench_event_clean_up(&bench->small);
    bench_event_clean_up(&bench->large);
    bench_server_close(&bench->server);
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"json", no_argument, NULL, 'j'},
                                          {"quick", no_argument, NULL, 'q'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    static struct bench bench = {.rounds = 61,
                                 .round_invocations = 300,
                                 .starts = 301,
                                 .large_rounds = 151,
                                 .first_invocations = 1000,
                                 .last_invocations = 100000,
                                 .traced = 500};
    static const char *const linkages[] = {"dynamic", "static"};
    bool json = false;
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'q')
            bench.rounds = 3, bench.round_invocations = 20, bench.starts = 3, bench.large_rounds = 2,
            bench.first_invocations = 20, bench.last_invocations = 60, bench.traced = 10;
        else if (name == 'j')
            json = true;
        else
            return fputs(usage, name == 'h' ? stdout : stderr), name == 'h' ? 0 : 2;
    }
    if (optind + 1 != argc)
        return fputs(usage, stderr), 2;
    for (int linkage = 0; linkage < 2; linkage++) {
        snprintf(bench.echo[linkage].path, sizeof(bench.echo[linkage].path), "%s/echo_%s", argv[optind],
                 linkages[linkage]);
        snprintf(bench.bare[linkage].path, sizeof(bench.bare[linkage].path), "%s/bare_%s", argv[optind],
                 linkages[linkage]);
    }
    snprintf(bench.zips[0].path, sizeof(bench.zips[0].path), "%s/dist/echo.zip", argv[optind]);
    snprintf(bench.zips[1].path, sizeof(bench.zips[1].path), "%s/dist/bare.zip", argv[optind]);
    measure(&bench);
    if (json)
        bench_table_print_json(&bench.table);
    else
        bench_table_print(&bench.table);
    return 0;
}
