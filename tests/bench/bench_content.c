/*
 * bench_content.c - reading what packages hold: hashing beside a plain read of the same files from the page cache, and a run
 * in which nothing has changed beside a stat of each file. Baselines have as many threads.
 */
#include "bench_base.h"
#include "bench_table.h"

#include "base/pool.h"
#include "content/content.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES ((size_t)256 << 10)
#define FOLDERS 64

static const char usage[] =
    "usage: bench_content [--quick] [FOLDER]\n"
    "\n"
    "Writes 512 MB of large files and 240 MB of small ones below FOLDER (default: /tmp), hashes them beside "
    "a plain\n"
    "read, then looks at them again unchanged beside a plain stat, and removes them. Best of 15 rounds "
    "each.\n"
    "\n"
    "  --quick      a hundredth of that, three rounds: whether it works, not how fast it is\n";

struct set {
    const char *name;
    size_t count, size_bytes;
    struct package_entry *entries;
    struct package package;
};

static char top[240];
static long rounds = 15;

static void write_file(const char *path, size_t size_bytes, uint64_t seed)
{
    static uint64_t words[READ_BYTES / sizeof(uint64_t)];
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        bench_die("%s cannot be written", path);
    for (size_t done = 0, size; done < size_bytes; done += size) {
        for (size_t i = 0; i < READ_BYTES / sizeof(uint64_t); i++)
            words[i] = (seed = seed * 6364136223846793005u + 1442695040888963407u) >> (i % 3 ? 40 : 4);
        size = size_bytes - done < READ_BYTES ? size_bytes - done : READ_BYTES;
        if (write(fd, words, size) != (ssize_t)size)
            bench_die("%s cannot be written: is there room for 752 MB?", path);
    }
    close(fd);
}

static void write_set(struct set *set)
{
    set->entries = calloc(set->count, sizeof(*set->entries));
    if (!set->entries)
        bench_die("no memory");
    for (size_t i = 0; i < set->count; i++) {
        char *path = malloc(300);
        snprintf(path, 300, "%s/%s%zu", top, set->name, i % FOLDERS);
        mkdir(path, 0777);
        snprintf(path + strlen(path), 100, "/file-%zu", i);
        /* Sizes that differ, as those of files do. */
        size_t size = set->size_bytes - i % 1009 * set->size_bytes / 2018;
        write_file(path, size, i + 1);
        set->entries[i] =
            (struct package_entry){.place = path, .source = path, .kind = PACKAGE_FILE, .size_bytes = size};
        set->package.unzipped_bytes += size;
    }
    set->package.entries = set->entries;
    set->package.count = set->count;
}

static struct content_set *open_set(bool fresh)
{
    struct shared_error err;
    char stats[300];
    snprintf(stats, sizeof(stats), "%s/stat.cache", top);
    if (fresh)
        unlink(stats);
    static char cache[300];
    snprintf(cache, sizeof(cache), "%s/cache", top);
    const struct content_options options = {.state = top, .cache = cache, .level = LEVEL_FAST};
    struct content_set *set = content_open(&options, &err);
    if (!set)
        bench_die("%s", err.text);
    return set;
}

static double hash_once(struct set *set)
{
    struct shared_error err;
    struct content_set *contents = open_set(true);
    double began = bench_now_sec();
    if (content_read(contents, &set->package, 1, &err) < 0)
        bench_die("%s", err.text);
    double took = bench_now_sec() - began;
    if (content_counts(contents).files_read != set->count)
        bench_die("not all files were read");
    content_close(contents);
    return took;
}

static int read_one(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    static _Alignas(
        4096) char rooms[POOL_THREADS][READ_BYTES]; /* the kernel copies a fifth faster to there */
    const struct set *set = user;
    int fd = open(set->entries[index].source, O_RDONLY | O_CLOEXEC);
    ssize_t got;
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, 0, "a file is gone");
    while ((got = read(fd, rooms[worker], READ_BYTES)) > 0)
        ;
    close(fd);
    return (int)got;
}

static double read_once(struct set *set)
{
    double began = bench_now_sec();
    if (pool_run(pool_threads(0), set->count, read_one, set, NULL) < 0)
        bench_die("files cannot be read");
    return bench_now_sec() - began;
}

static int stat_some(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    const struct set *set = user;
    struct stat st;
    (void)worker;
    for (size_t i = index * 128; i < (index + 1) * 128 && i < set->count; i++) {
        if (stat(set->entries[i].source, &st) < 0)
            return shared_fail(err, SHARED_EIO, 0, "a file is gone");
    }
    return 0;
}

static double stat_once(struct set *set)
{
    double began = bench_now_sec();
    if (pool_run(pool_threads(0), (set->count + 127) / 128, stat_some, set, NULL) < 0)
        bench_die("files are gone");
    return bench_now_sec() - began;
}

/* A run in which nothing has changed: from the package to the sizes of streams. */
static double look_once(struct set *set, bool whole)
{
    struct shared_error err;
    double began = bench_now_sec();
    struct content_set *contents = open_set(false);
    double opened = bench_now_sec();
    if (content_read(contents, &set->package, 1, &err) < 0 || content_deflate(contents, &err) < 0)
        bench_die("%s", err.text);
    double looked = bench_now_sec();
    content_close(contents);
    return whole ? bench_now_sec() - began : looked - opened;
}

static double look(struct set *set)
{
    return look_once(set, false);
}

static double look_whole(struct set *set)
{
    return look_once(set, true);
}

/* The best of all rounds of two, which take turns. */
static void take_turns(struct set *set, double (*a)(struct set *), double (*b)(struct set *), double best[2])
{
    best[0] = best[1] = 1e9;
    for (long i = 0; i < rounds; i++) {
        double of_a = a(set), of_b = b(set);
        best[0] = of_a < best[0] ? of_a : best[0];
        best[1] = of_b < best[1] ? of_b : best[1];
    }
}

static void add_hashing(struct bench_table *table, struct set *set, const char *name)
{
    double best[2], bytes = (double)set->package.unzipped_bytes / 1e9;
    take_turns(set, hash_once, read_once, best);
    bench_table_add(table, (struct bench_row){.key = set->name,
                                              .name = name,
                                              .unit = "GB/s",
                                              .measured = bytes / best[0],
                                              .baseline = bytes / best[1],
                                              .beside = "read",
                                              .goal = ">= 80 %",
                                              .holds = best[1] / best[0] >= 0.8});
}

static void add_unchanged(struct bench_table *table, struct set *set)
{
    double best[2];
    struct shared_error err;
    struct content_set *contents = open_set(true);
    if (content_read(contents, &set->package, 1, &err) < 0 || content_deflate(contents, &err) < 0)
        bench_die("%s", err.text);
    content_close(contents);
    take_turns(set, look, stat_once, best);
    bench_table_add(table, (struct bench_row){.key = "unchanged",
                                              .name = "unchanged: read and deflate",
                                              .unit = "ms",
                                              .measured = 1e3 * best[0],
                                              .baseline = 1e3 * best[1],
                                              .beside = "stat",
                                              .goal = "<= 10",
                                              .holds = best[0] <= 0.010});
    take_turns(set, look_whole, stat_once, best);
    bench_table_add(table, (struct bench_row){.key = "unchanged_whole",
                                              .name = "and the caches opened and closed",
                                              .unit = "ms",
                                              .measured = 1e3 * best[0],
                                              .baseline = 1e3 * best[1],
                                              .beside = "stat"});
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st, (void)type, (void)place;
    return remove(path);
}

static void remove_all(void)
{
    nftw(top, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    const char *folder = argc > 1 + quick ? argv[1 + quick] : "/tmp";
    if (argc > 2 + quick || *folder == '-') {
        fputs(usage, stderr);
        return 2;
    }
    snprintf(top, sizeof(top), "%.200s/bench-content-XXXXXX", folder);
    if (!mkdtemp(top))
        bench_die("%s: no folder can be made there", folder);
    atexit(remove_all);
    size_t scale = quick ? 100 : 1;
    rounds = quick ? 3 : rounds;
    struct set large = {.name = "large", .count = 8, .size_bytes = ((size_t)64 << 20) / scale};
    struct set small = {.name = "small", .count = 6000 / scale, .size_bytes = 40000};
    struct bench_table table = {.heading = "content"};
    write_set(&large);
    add_hashing(&table, &large, "hashing, 8 files of 64 MB");
    write_set(&small);
    add_hashing(&table, &small, "hashing, 6,000 files of 40 KB");
    add_unchanged(&table, &small);
    bench_table_print(&table);
    return 0;
}
