/* Memory that is exhausted at any moment: errors or misses, nothing wrong, nothing lost for ever. */
#include "blob_try.h"
#include "check.h"

#include <errno.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long left = -1; /* allocations until one fails; -1: none does */
static bool failed;

static bool fails(void)
{
    if (left < 0 || left-- > 0)
        return false;
    failed = true;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

#define STREAMS 20

static int add_by_piece(struct blob_cache *cache, unsigned number, struct shared_error *err)
{
    struct blob_key key = try_key(number);
    struct blob blob = try_blob(number, 1);
    char byte = try_byte(number, 0);
    struct blob_writer *writer = blob_cache_begin(cache, &key, err);
    if (!writer)
        return err->code;
    int status = blob_writer_add(writer, shared_slice_of(&byte, 1), err);
    if (status == 0)
        return blob_writer_end(writer, &blob, err);
    blob_writer_abandon(writer);
    return status;
}

/* All that a run does; streams are small, so that what the test itself needs is on the stack. */
static void run(struct try *try, unsigned first)
{
    struct blob_cache_options options = try_options(try);
    struct shared_error err = {0};
    struct blob_cache *cache = blob_cache_open(&options, &err);
    CHECK(cache || err.code == SHARED_ENOMEM);
    for (unsigned i = first; cache && i < first + STREAMS; i++) {
        struct blob_key key = try_key(i);
        struct blob blob = try_blob(i, 1);
        char byte = try_byte(i, 0), got = 0;
        int status = i % 2 ? add_by_piece(cache, i, &err)
                           : blob_cache_add(cache, &key, &blob, shared_slice_of(&byte, 1), &err);
        CHECK(status == 0 || (status == SHARED_ENOMEM && (int)err.code == status));
        ssize_t read = blob_cache_read(cache, &key, 0, &got, 1, &err);
        CHECK(read == 1 ? got == byte : read == SHARED_ENOTFOUND && status < 0);
    }
    blob_cache_close(cache);
}

static void look(struct try *try)
{
    struct blob_cache *cache = try_open(try);
    for (unsigned i = 0; i < 40 * STREAMS; i++)
        try_has_bytes(cache, i, 1);
    blob_cache_close(cache);
}

static void test_each_allocation(void)
{
    struct try try = try_begin();
    long tried = 0;
    for (bool more = true; more; tried++) {
        /* Old streams, many segments and a limit, so that all is done that ever is. */
        for (unsigned i = 0; i < 17; i++, try.today++)
            run(&try, i * STREAMS);
        try.limit_bytes = 15 * STREAMS * 57;
        failed = false;
        left = tried;
        try.warned = 0;
        run(&try, 17 * STREAMS);
        left = -1;
        CHECK(try.warned <= 1);
        if (try.warned)
            CHECK(strstr(try.last, "Cannot allocate memory"));
        more = failed;
        look(&try);
        CHECK_NUMBER(try_files(&try, ".part"), 0);
        try.limit_bytes = 1;
        look(&try);
        CHECK_NUMBER(try_files(&try, ".blobs"), 0);
        try.limit_bytes = 0;
    }
    CHECK(tried > 40);
    try_end(&try);
}

int main(void)
{
    CHECK_RUN(test_each_allocation);
    return check_report();
}
