/* test_content_failure.c - a file fails while others are being deflated: all threads end, and the error is told. */
#include "content_try.h"

#include "content/content_inner.h"
#include "content/content_make.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#define PIECE ((uint64_t)CONTENT_PIECE_BYTES)

/* A hang is to fail the test, not the machine that runs it. */
#define HANG_S 60

/* So long one thread waits for another: where memory is short, the two do not run side by side. */
#define WAIT_S 5

struct place {
    const char *source;
    uint64_t offset;
};

static struct fault {
    struct place at;   /* this fails as it is read, */
    const bool *after; /* once this has happened; NULL: at once */
    bool changed;      /* it can be read, and is not what was hashed */
    struct place late; /* this is read only after that */
} fault;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t happened = PTHREAD_COND_INITIALIZER;
static bool first_deflated, second_deflated, has_failed; /* a piece of that file; what is to fail */

static void note(bool *event)
{
    pthread_mutex_lock(&lock);
    *event = true;
    pthread_cond_broadcast(&happened);
    pthread_mutex_unlock(&lock);
}

static void wait_for(const bool *event)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_S;
    pthread_mutex_lock(&lock);
    while (!*event && pthread_cond_timedwait(&happened, &lock, &end) == 0)
        ;
    pthread_mutex_unlock(&lock);
    /* What the other thread does next is to wait for its turn, or to have all others stop. */
    nanosleep(&(const struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
}

static const struct place second = {"second", 0};

static bool is_at(const struct place *place, const char *path, uint64_t offset)
{
    return place->source && strcmp(place->source, path) == 0 && place->offset == offset;
}

int __real_content_file_read(int fd, const char *path, uint64_t offset, void *data, size_t size_bytes,
                             struct shared_error *err);
int __wrap_content_file_read(int fd, const char *path, uint64_t offset, void *data, size_t size_bytes,
                             struct shared_error *err);
int __real_content_worker_deflate(struct content_maker *maker, struct content_worker *worker,
                                  const struct content_item *item, size_t size_bytes,
                                  struct shared_slice *stream, struct content_bits *bits,
                                  struct shared_error *err);
int __wrap_content_worker_deflate(struct content_maker *maker, struct content_worker *worker,
                                  const struct content_item *item, size_t size_bytes,
                                  struct shared_slice *stream, struct content_bits *bits,
                                  struct shared_error *err);

int __wrap_content_file_read(int fd, const char *path, uint64_t offset, void *data, size_t size_bytes,
                             struct shared_error *err)
{
    int status = __real_content_file_read(fd, path, offset, data, size_bytes, err);
    /* "first" is to be the one that is written when "second" wants to be. */
    if (fault.at.source && is_at(&second, path, offset))
        wait_for(&first_deflated);
    if (is_at(&fault.late, path, offset))
        wait_for(&has_failed);
    if (status < 0 || !is_at(&fault.at, path, offset))
        return status;
    if (fault.after)
        wait_for(fault.after);
    note(&has_failed);
    if (!fault.changed)
        return shared_fail(err, SHARED_EIO, EIO, "read %s", path);
    *(char *)data ^= 1;
    return 0;
}

int __wrap_content_worker_deflate(struct content_maker *maker, struct content_worker *worker,
                                  const struct content_item *item, size_t size_bytes,
                                  struct shared_slice *stream, struct content_bits *bits,
                                  struct shared_error *err)
{
    int status = __real_content_worker_deflate(maker, worker, item, size_bytes, stream, bits, err);
    if (strcmp(item->content.source, "first") == 0)
        note(&first_deflated);
    else if (strcmp(item->content.source, "second") == 0)
        note(&second_deflated);
    return status;
}

/* By size: first, second and small, which are deflated in this order. */
static void set_up(void)
{
    for (size_t i = 0; i < 2; i++) {
        const char *name = i == 0 ? "first" : "second";
        scratch_file(name, name);
        SCRATCH_NEED(truncate(name, (off_t)(2 * PIECE - i)) == 0);
    }
    try_text_file("small", 50000, 1);
    try_wait();
}

static const struct {
    const char *name;
    struct fault fault;
    unsigned threads;
} rows[] = {
    {"a last piece is not read", {{"first", PIECE}, &second_deflated, false, {0}}, 2},
    {"a last piece has changed", {{"first", PIECE}, &second_deflated, true, {0}}, 2},
    {"a first piece is not read", {{"first", 0}, &second_deflated, false, {0}}, 3},
    {"what waits fails itself", {{"second", 0}, &first_deflated, false, {0}}, 2},
    {"what is to wait", {{"second", PIECE}, &second_deflated, false, {"first", PIECE}}, 4},
    {"a small file, while a large one is written",
     {{"small", 0}, &second_deflated, false, {"first", PIECE}},
     4},
    {"one thread", {{"first", PIECE}, NULL, true, {0}}, 1},
};

static void check_row_of(size_t row)
{
    struct shared_error err = {0};
    struct try_package try = try_package((const char *const[]){"first", "second", "small", NULL});
    struct content_options options = try_options();
    options.level = LEVEL_FAST;
    options.parallel = rows[row].threads;
    struct content_set *contents = try_open(&options);
    CHECK_NUMBER(try_read(contents, &try, &err), 0);
    first_deflated = second_deflated = has_failed = false;
    fault = rows[row].fault;
    CHECK_NUMBER(content_deflate(contents, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, fault.at.source);
    /* The same set, once the file is well again: nothing is left of what failed. */
    fault = (struct fault){0};
    CHECK_NUMBER(content_deflate(contents, &err), 0);
    for (size_t i = 0; i < try.package.count; i++)
        CHECK(try_stream_is(contents, try.entries[i].content, try.entries[i].source, 65536, &err));
    content_close(contents);
}

static void test_failures(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        char *folder = scratch_enter();
        set_up();
        alarm(HANG_S);
        check_row_of(i);
        alarm(0);
        scratch_leave(folder);
    }
}

int main(void)
{
    CHECK_RUN(test_failures);
    return check_report();
}
