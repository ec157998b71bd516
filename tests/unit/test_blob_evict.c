#include "blob_try.h"
#include "check.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define BYTES 1000

static uint64_t folder_bytes(const struct try *try)
{
    uint64_t bytes = 0;
    DIR *folder = opendir(try->folder);
    struct dirent *entry;
    struct stat st;
    while (folder && (entry = readdir(folder)))
        if (strstr(entry->d_name, ".blobs") && fstatat(dirfd(folder), entry->d_name, &st, 0) == 0)
            bytes += (uint64_t)st.st_size;
    closedir(folder);
    return bytes;
}

/* A run that adds what it does not find. */
static void run(struct try *try, unsigned from, unsigned to)
{
    struct blob_cache *cache = try_open(try);
    for (unsigned i = from; i < to; i++)
        if (!try_has_bytes(cache, i, BYTES))
            try_add_bytes(cache, i, BYTES);
    blob_cache_close(cache);
}

/* The same keys, found or not; nothing is noted as used. */
static unsigned count(const struct try *try, unsigned from, unsigned to)
{
    unsigned found = 0;
    struct try other = *try;
    other.today = 0;
    struct blob_cache *cache = try_open(&other);
    for (unsigned i = from; i < to; i++)
        found += try_has_bytes(cache, i, BYTES);
    blob_cache_close(cache);
    return found;
}

static void test_least_recently_used(void)
{
    struct try try = try_begin();
    try.limit_bytes = 110000; /* a hundred streams and some */
    run(&try, 0, 40);
    try.today++;
    run(&try, 40, 80);
    try.today++;
    run(&try, 0, 20); /* used again */
    CHECK_NUMBER(try_files(&try, ".use"), 1);
    try.today++;
    run(&try, 80, 100);
    CHECK_NUMBER(count(&try, 0, 100), 100);
    run(&try, 100, 110); /* over the limit */
    CHECK(folder_bytes(&try) <= try.limit_bytes);
    CHECK_NUMBER(count(&try, 80, 110), 30);
    CHECK_NUMBER(count(&try, 0, 20), 20);
    CHECK_NUMBER(count(&try, 20, 40), 0);
    CHECK(count(&try, 40, 80) < 40);
    CHECK(count(&try, 0, 110) >= 70); /* three quarters are kept */

    try.limit_bytes = 60000;
    run(&try, 100, 101);
    CHECK(folder_bytes(&try) <= 60000);
    CHECK_NUMBER(count(&try, 80, 110), 30);
    CHECK_NUMBER(count(&try, 40, 80), 0);
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
}

static void test_limits(void)
{
    static const uint64_t limits[] = {1, 100, 1500, 5000, 100000, 0};
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        struct try try = try_begin();
        try.limit_bytes = limits[i];
        for (unsigned j = 0; j < 30; j++, try.today++)
            run(&try, 20 * j, 20 * j + 20);
        CHECK(!limits[i] || folder_bytes(&try) <= limits[i]);
        CHECK(limits[i] || count(&try, 0, 600) == 600);
        try_end(&try);
    }
}

/* Many small runs leave few segments, and everything is in them, with its days. */
static void test_gather(void)
{
    struct try try = try_begin();
    int most = 0;
    for (unsigned i = 0; i < 200; i++) {
        run(&try, i, i + 1);
        int segments = try_files(&try, ".blobs");
        most = segments > most ? segments : most;
        try.today += i % 10 == 0;
    }
    CHECK_NUMBER(most, 16);
    CHECK_NUMBER(count(&try, 0, 200), 200);
    CHECK_NUMBER(try_files(&try, ".part"), 0);
    CHECK(try_files(&try, ".use") <= try_files(&try, ".blobs"));

    try.limit_bytes = 150000;
    run(&try, 200, 201);
    CHECK(folder_bytes(&try) <= try.limit_bytes);
    unsigned left = count(&try, 0, 201);
    CHECK(left >= 100);
    CHECK_NUMBER(count(&try, 201 - left, 201), left); /* the last ones */
    try_end(&try);
}

/* Two runs at once make the same streams: the next that gathers keeps one of each. */
static void test_doubles(void)
{
    struct try try = try_begin();
    struct blob_cache *caches[20];
    for (int i = 0; i < 20; i++)
        caches[i] = try_open(&try);
    for (int i = 0; i < 20; i++)
        for (unsigned j = 0; j < 50; j++)
            try_add_bytes(caches[i], j, BYTES);
    for (int i = 0; i < 20; i++)
        blob_cache_close(caches[i]);
    CHECK_NUMBER(count(&try, 0, 50), 50);
    run(&try, 0, 1);
    CHECK_NUMBER(try_files(&try, ".blobs"), 1);
    CHECK_NUMBER(folder_bytes(&try), 50 * (BYTES + 56) + 48);
    CHECK_NUMBER(count(&try, 0, 50), 50);
    try_end(&try);
}

/* What was found stays readable when another run takes its segment away. */
static void test_removed_while_open(void)
{
    struct try try = try_begin();
    run(&try, 0, 50);
    struct blob_cache *cache = try_open(&try);
    struct try other = try;
    other.limit_bytes = 1;
    run(&other, 60, 61);
    CHECK_NUMBER(count(&try, 0, 50), 0);
    for (unsigned i = 0; i < 50; i++)
        CHECK(try_has_bytes(cache, i, BYTES));
    blob_cache_close(cache);
    CHECK_NUMBER(try_files(&try, ""), 0); /* no days of what is gone for ever */
    try_end(&try);
}

/* Segments that living processes write stay; those of dead ones go. */
static void test_leftovers(void)
{
    struct try try = try_begin();
    struct blob_cache *living = try_open(&try);
    try_add_bytes(living, 1, BYTES);
    pid_t child = fork();
    if (child == 0) {
        struct blob_cache *cache = try_open(&try);
        try_add_bytes(cache, 2, BYTES);
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK_NUMBER(try_files(&try, ".part"), 2);
    run(&try, 3, 4);
    CHECK_NUMBER(try_files(&try, ".part"), 1);
    run(&try, 3, 4);
    CHECK_NUMBER(try_files(&try, ".part"), 1);
    blob_cache_close(living);
    CHECK_NUMBER(try_files(&try, ".part"), 0);
    CHECK_NUMBER(count(&try, 0, 10), 2);
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
}

/* More segments than a run reads: the newest are. */
static void test_many_segments(void)
{
    struct try try = try_begin();
    int lock = open(try.folder, O_RDONLY | O_DIRECTORY);
    pid_t child = fork();
    if (child == 0) {
        if (flock(lock, LOCK_EX) < 0)
            _exit(1);
        int failures = check_failures;
        for (unsigned i = 0; i < 100; i++)
            run(&try, i, i + 1);
        _exit(check_failures > failures ? 1 : 0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(lock);
    CHECK_NUMBER(try_files(&try, ".blobs"), 100);

    int before = open("/dev/null", O_RDONLY);
    close(before);
    struct blob_cache *cache = try_open(&try);
    int after = open("/dev/null", O_RDONLY);
    close(after);
    CHECK(after - before <= 32);
    unsigned found = 0;
    for (unsigned i = 0; i < 100; i++)
        found += try_has_bytes(cache, i, BYTES);
    CHECK_NUMBER(found, 26);
    CHECK(try_has_bytes(cache, 99, BYTES));
    blob_cache_close(cache);
    CHECK(try_files(&try, ".blobs") <= 16);
    CHECK_NUMBER(count(&try, 0, 100), 100);
    try_end(&try);
}

/* Runs that began with an empty folder and end one after the other: each looks at what the others left. */
static void test_limit_of_many(void)
{
    struct try try = try_begin();
    try.limit_bytes = 60000;
    struct blob_cache *caches[4];
    for (unsigned i = 0; i < 4; i++)
        caches[i] = try_open(&try);
    for (unsigned i = 0; i < 4; i++)
        for (unsigned j = 0; j < 40; j++)
            try_add_bytes(caches[i], 100 * i + j, BYTES);
    for (unsigned i = 0; i < 4; i++) {
        blob_cache_close(caches[i]);
        CHECK(folder_bytes(&try) <= try.limit_bytes);
    }
    CHECK(folder_bytes(&try) >= 40 * BYTES);
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Another process evicts meanwhile: for so long, or, where that is 0, until the run has ended. Returns what both
 * took. */
static int64_t run_while_locked(struct try *try, int locked_ms, unsigned adds)
{
    int ready[2], ended[2];
    char byte;
    CHECK(pipe(ready) == 0 && pipe(ended) == 0);
    fflush(NULL);
    int64_t start = now_ms();
    pid_t child = fork();
    if (child == 0) {
        close(ended[1]);
        int lock = open(try->folder, O_RDONLY | O_DIRECTORY);
        if (flock(lock, LOCK_EX) < 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        if (locked_ms > 0)
            nanosleep(&(struct timespec){.tv_nsec = locked_ms * 1000000L}, NULL);
        else if (read(ended[0], &byte, 1) != 0)
            _exit(1);
        _exit(0);
    }
    CHECK(read(ready[0], &byte, 1) == 1);
    run(try, 0, adds);
    int64_t took_ms = now_ms() - start;
    int status = -1;
    close(ended[0]);
    close(ended[1]);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(ready[0]);
    close(ready[1]);
    return took_ms;
}

static void test_locked(void)
{
    struct try try = try_begin();
    try.limit_bytes = 60000;
    CHECK(run_while_locked(&try, 300, 100) >= 200);
    CHECK(folder_bytes(&try) <= try.limit_bytes);
    try.limit_bytes = 20000;
    run_while_locked(&try, 700, 0); /* adds nothing: waits for nobody */
    CHECK(folder_bytes(&try) > try.limit_bytes);
    run_while_locked(&try, 0, 100); /* nor for ever */
    CHECK(folder_bytes(&try) > try.limit_bytes);
    try_end(&try);
}

int main(void)
{
    CHECK_RUN(test_least_recently_used);
    CHECK_RUN(test_limits);
    CHECK_RUN(test_gather);
    CHECK_RUN(test_doubles);
    CHECK_RUN(test_removed_while_open);
    CHECK_RUN(test_leftovers);
    CHECK_RUN(test_many_segments);
    CHECK_RUN(test_limit_of_many);
    CHECK_RUN(test_locked);
    return check_report();
}
