#include "blob_try.h"
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define PROCESSES 8
#define SECONDS 3
#define KILLS 200
#define STREAMS 400
#define THREADS 4

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* A run as demine makes it: some streams are found, the others made. */
static void run(struct try *try, uint64_t *seed)
{
    struct blob_cache *cache = try_open(try);
    unsigned first = (unsigned)next(seed) % STREAMS;
    for (unsigned i = first; i < first + 40; i++)
        if (!try_has(cache, i))
            try_add(cache, i);
    for (unsigned i = first; i < first + 40; i++)
        CHECK(try_has(cache, i));
    blob_cache_close(cache);
}

static void look(struct try *try)
{
    struct blob_cache *cache = try_open(try);
    for (unsigned i = 0; i < STREAMS + 40; i++)
        try_has(cache, i);
    blob_cache_close(cache);
}

static int work(struct try *try, uint64_t seed)
{
    struct timespec start, now;
    int runs = 0;
    check_failures = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        try->today = 20000 + (uint32_t)next(&seed) % 10;
        run(try, &seed);
        runs++;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - start.tv_sec < SECONDS || runs < 5);
    return check_failures || try->warned ? 1 : 0;
}

static void test_many_at_once(void)
{
    struct try try = try_begin();
    try.limit_bytes = 400000; /* of the 1,100,000 that all streams have */
    pid_t children[PROCESSES];
    fflush(NULL);
    for (unsigned i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(work(&try, i));
    }
    for (unsigned i = 0; i < PROCESSES; i++) {
        int status = -1;
        CHECK(waitpid(children[i], &status, 0) == children[i]);
        CHECK_NUMBER(status, 0);
    }
    look(&try);
    look(&try);
    CHECK_NUMBER(try.warned, 0);
    CHECK_NUMBER(try_files(&try, ".part"), 0);
    CHECK(try_files(&try, ".blobs") <= 16);
    try_end(&try);
}

static void test_kill(void)
{
    struct try try = try_begin();
    try.limit_bytes = 300000;
    uint64_t seed = 1;
    int leftovers = 0;
    for (int i = 0; i < KILLS; i++) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0)
            for (uint64_t own = (uint64_t)i * 7919;; try.today += next(&own) % 2)
                run(&try, &own);
        struct timespec pause = {.tv_nsec = (long)(next(&seed) % 12000000)};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        int status;
        CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
        leftovers += try_files(&try, ".part");
        look(&try);
        CHECK_NUMBER(try_files(&try, ".part"), 0);
        CHECK(try_files(&try, ".blobs") <= 17);
    }
    CHECK_NUMBER(try.warned, 0);
    CHECK(leftovers > 10); /* else nothing was tried */
    try_end(&try);
}

struct shared {
    struct try try;
    struct blob_cache *cache;
    pthread_barrier_t start;
};

/* Each thread adds its own and what the others add too, whole and by pieces, and reads all. */
static void *thread(void *user)
{
    struct shared *shared = user;
    struct blob_cache *cache = shared->cache;
    pthread_barrier_wait(&shared->start);
    for (unsigned i = 0; i < 300; i++) {
        if (i % 10) {
            try_add_status(cache, i, try_size(i), NULL);
            continue;
        }
        struct blob_key key = try_key(i);
        struct blob blob = try_blob(i, try_size(i));
        struct blob_writer *writer = blob_cache_begin(cache, &key, NULL);
        for (size_t j = 0; j < try_size(i); j++) {
            char byte = try_byte(i, j);
            blob_writer_add(writer, shared_slice_of(&byte, 1), NULL);
        }
        blob_writer_end(writer, &blob, NULL);
    }
    uintptr_t right = 0;
    for (unsigned i = 0; i < 300; i++)
        right += try_find(cache, i, try_size(i)) == TRY_RIGHT;
    return (void *)right;
}

static void test_threads(void)
{
    struct shared shared = {.try = try_begin()};
    pthread_barrier_init(&shared.start, NULL, THREADS);
    for (int i = 0; i < 3; i++) {
        shared.cache = try_open(&shared.try);
        pthread_t threads[THREADS];
        for (int j = 0; j < THREADS; j++)
            pthread_create(&threads[j], NULL, thread, &shared);
        for (int j = 0; j < THREADS; j++) {
            void *right;
            pthread_join(threads[j], &right);
            CHECK_NUMBER((uintptr_t)right, 300);
        }
        blob_cache_close(shared.cache);
    }
    CHECK_NUMBER(shared.try.warned, 0);
    CHECK_NUMBER(try_files(&shared.try, ".blobs"), 2);
    pthread_barrier_destroy(&shared.start);
    try_end(&shared.try);
}

int main(void)
{
    CHECK_RUN(test_many_at_once);
    CHECK_RUN(test_kill);
    CHECK_RUN(test_threads);
    return check_report();
}
