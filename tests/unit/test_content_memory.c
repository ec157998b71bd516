/* test_content_memory.c - each allocation in turn that fails: an error, or the same result, and nothing is lost. */
#include "content_try.h"
#include "exhaust.h"

void *__real_calloc(size_t count, size_t size_bytes);
void *__wrap_calloc(size_t count, size_t size_bytes);
void *__real_aligned_alloc(size_t alignment, size_t size_bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t size_bytes);

void *__wrap_calloc(size_t count, size_t size_bytes)
{
    return exhausted() ? NULL : __real_calloc(count, size_bytes);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size_bytes)
{
    return exhausted() ? NULL : __real_aligned_alloc(alignment, size_bytes);
}

static const char *const names[] = {"a", "b", "c", "large", NULL};

static void set_up(void)
{
    try_text_file("a", 5000, 1);
    try_text_file("b", 5000, 1);
    try_noise_file("c", 4000, 2);
    try_text_file("large", 3000, 3);
    SCRATCH_NEED(truncate("large", 17 << 20) == 0);
    try_wait();
}

/* A run with one thread, whose n-th allocation fails. Returns whether there were so many. */
static bool run(long n, bool again)
{
    struct shared_error err = {0};
    struct try_package try = try_package(names);
    struct content_options options = try_options();
    options.parallel = 1;
    options.level = LEVEL_FAST;
    if (!again)
        SCRATCH_NEED(system("rm -rf state cache") == 0);
    scratch_folder("state");
    left = n;
    struct content_set *set = content_open(&options, &err);
    int status = set ? try_read(set, &try, &err) : SHARED_ENOMEM;
    if (status == 0)
        status = content_deflate(set, &err);
    if (status == 0)
        status = content_prepare(set, (const struct package *const[]){&try.package}, 1, &err);
    char byte;
    for (size_t i = 0; status == 0 && names[i]; i++)
        status = content_stream_read(set, try.entries[i].content, 0, &byte, 1, &err) == 1 ? 0 : SHARED_EIO;
    bool failed = left < 0;
    left = -1;
    if (status == 0)
        for (size_t i = 0; names[i]; i++)
            CHECK(try_stream_is(set, try.entries[i].content, names[i], 5000, &err));
    else
        CHECK(failed && *err.text);
    content_close(set);
    return failed;
}

static void test_each(bool again)
{
    char *folder = scratch_enter();
    long n = 0;
    set_up();
    if (again)
        CHECK(!run(1000000, false));
    while (run(n, again))
        n++;
    CHECK(n > 10);
    CHECK(!run(1000000, true));
    scratch_leave(folder);
}

static void test_first_run(void)
{
    test_each(false);
}

static void test_unchanged(void)
{
    test_each(true);
}

int main(void)
{
    CHECK_RUN(test_first_run);
    CHECK_RUN(test_unchanged);
    return check_report();
}
