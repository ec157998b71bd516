/* test_content_compressors.c - bytes that compressors have at a time, counted as libdeflate asks for them. */
#include "content_try.h"

#include "content/content_make.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_size_t bytes, peak_bytes;

static void *count_malloc(size_t size)
{
    size_t *data = malloc(size + 16);
    if (!data)
        return NULL;
    *data = size;
    size_t now = atomic_fetch_add(&bytes, size) + size, before = peak_bytes;
    while (before < now && !atomic_compare_exchange_weak(&peak_bytes, &before, now))
        ;
    return data + 2;
}

static void count_free(void *data)
{
    if (!data)
        return;
    atomic_fetch_sub(&bytes, ((size_t *)data)[-2]);
    free((size_t *)data - 2);
}

#define TURNS 200

struct turns {
    struct content_compressors *compressors;
    int first_level;
    int good; /* checks are of one thread */
};

static void *take_and_give(void *argument)
{
    struct turns *turns = argument;
    const char text[1000] = {0};
    char stream[200];
    for (int i = 0; i < TURNS; i++) {
        int level = (turns->first_level + i / 7) % 5 + 8; /* 8 to 12 */
        struct libdeflate_compressor *taken = content_compressors_take(turns->compressors, level);
        turns->good +=
            taken && libdeflate_deflate_compress(taken, text, sizeof(text), stream, sizeof(stream)) > 0;
        content_compressors_give(turns->compressors, level, taken);
    }
    return NULL;
}

/* More threads than there are compressors, of all levels, none of which waits for ever. */
static void turns_of(size_t limit_bytes, size_t most_bytes)
{
    pthread_t threads[POOL_THREADS];
    struct turns turns[POOL_THREADS];
    struct content_compressors compressors;
    content_compressors_init(&compressors, limit_bytes);
    peak_bytes = 0;
    for (int i = 0; i < POOL_THREADS; i++) {
        turns[i] = (struct turns){&compressors, i, 0};
        SCRATCH_NEED(pthread_create(&threads[i], NULL, take_and_give, &turns[i]) == 0);
    }
    for (int i = 0; i < POOL_THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_NUMBER(turns[i].good, TURNS);
    }
    CHECK(bytes > 0);
    CHECK(peak_bytes <= most_bytes);
    content_compressors_clean_up(&compressors);
    CHECK_NUMBER(bytes, 0);
}

static void test_turns(void)
{
    turns_of(CONTENT_COMPRESSORS_BYTES, CONTENT_COMPRESSORS_BYTES);
    turns_of(19 << 20, 19 << 20);
    turns_of(0, 9 << 20);
}

/* What a process has already is taken off; two compressors and a piece there are whatever that is. */
static void test_shares(void)
{
    const size_t mb = 1 << 20;
    for (size_t resident = 0; resident <= 400; resident++) {
        struct content_room_shares shares = content_room_share(resident * mb);
        CHECK(shares.flight_bytes >= 33 * mb && shares.flight_bytes <= 97 * mb);
        CHECK(shares.compressors_bytes >= 18 * mb && shares.compressors_bytes <= CONTENT_COMPRESSORS_BYTES);
        CHECK(resident > 180 || resident * mb + shares.flight_bytes + shares.compressors_bytes <= 232 * mb);
    }
    struct content_room_shares shares = content_room_share(30 * mb);
    CHECK_NUMBER(shares.flight_bytes, 97 * mb);
    CHECK_NUMBER(shares.compressors_bytes, CONTENT_COMPRESSORS_BYTES);
}

static void *take_one(void *argument)
{
    struct content_compressors *compressors = argument;
    struct libdeflate_compressor *taken = content_compressors_take(compressors, 12);
    if (taken)
        content_compressors_give(compressors, 12, taken);
    return taken;
}

/* Ten of 9 MB; the eleventh is one that is given back, and one of another level takes the place of one that is idle. */
static void test_room(void)
{
    struct libdeflate_compressor *taken[10];
    struct content_compressors compressors;
    pthread_t waiting;
    void *got;
    content_compressors_init(&compressors, CONTENT_COMPRESSORS_BYTES);
    for (int i = 0; i < 10; i++)
        CHECK((taken[i] = content_compressors_take(&compressors, 12)));
    size_t full = bytes;
    CHECK(full <= CONTENT_COMPRESSORS_BYTES && full > 80u << 20);
    SCRATCH_NEED(pthread_create(&waiting, NULL, take_one, &compressors) == 0);
    try_wait();
    content_compressors_give(&compressors, 12, taken[3]);
    pthread_join(waiting, &got);
    CHECK(got == taken[3]);
    CHECK_NUMBER(bytes, full);
    CHECK((taken[3] = content_compressors_take(&compressors, 10)));
    CHECK_NUMBER(bytes, full);
    content_compressors_give(&compressors, 10, taken[3]);
    for (int i = 0; i < 10; i++) {
        if (i != 3)
            content_compressors_give(&compressors, 12, taken[i]);
    }
    content_compressors_clean_up(&compressors);
    CHECK_NUMBER(bytes, 0);
}

/* As many threads as there can be, each with a file that takes a while. */
static void test_threads(void)
{
    char *folder = scratch_enter();
    static char names[60][12];
    struct shared_error err = {0};
    struct try_package try = {.package = {.count = 0}};
    for (unsigned i = 0; i < 60; i++) {
        snprintf(names[i], sizeof(names[i]), "text%u", i);
        try_text_file(names[i], 200000, i);
        try_add(&try, names[i]);
    }
    struct content_options options = try_options();
    options.level = LEVEL_SMALLEST;
    options.parallel = 64;
    struct content_set *set = try_open(&options);
    peak_bytes = 0;
    CHECK_NUMBER(try_read(set, &try, &err), 0);
    CHECK_NUMBER(content_deflate(set, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK_NUMBER(content_counts(set).deflated, 60);
    CHECK(peak_bytes > 0 && peak_bytes <= CONTENT_COMPRESSORS_BYTES);
    CHECK(try_stream_is(set, try.entries[7].content, "text7", 5000, &err));
    content_close(set);
    CHECK_NUMBER(bytes, 0);
    scratch_leave(folder);
}

int main(void)
{
    libdeflate_set_memory_allocator(count_malloc, count_free);
    CHECK_RUN(test_turns);
    CHECK_RUN(test_shares);
    CHECK_RUN(test_room);
    CHECK_RUN(test_threads);
    return check_report();
}
