/* test_content_collide.c - contents that differ and have one hash, as the real one gives nobody. */
#include "content_try.h"

#include "content/content_inner.h"

struct hash __real_content_digest(const void *data, size_t size_bytes);
struct hash __wrap_content_digest(const void *data, size_t size_bytes);

struct hash __wrap_content_digest(const void *data, size_t size_bytes)
{
    const struct hash same = {{1, 2, 3}};
    return size_bytes > 0 && *(const char *)data == 'X' ? same : __real_content_digest(data, size_bytes);
}

static void collider(const char *path, char second, size_t size)
{
    char *bytes = malloc(size);
    SCRATCH_NEED(bytes);
    memset(bytes, second, size);
    *bytes = 'X';
    scratch_bytes(path, bytes, size);
    free(bytes);
}

static void set_up(size_t size)
{
    collider("1a", '1', size);
    collider("1b", '1', size);
    collider("2a", '2', size);
    collider("2b", '2', size);
    collider("3a", '3', size);
    collider("other", '1', size + 1);
    try_wait();
}

static const char *const names[] = {"1a", "2a", "1b", "3a", "2b", "other", NULL};

static void check_streams(struct content_set *set, const struct try_package *try, const char *const *files)
{
    CHECK_NUMBER(content_deflate(set, NULL), 0);
    for (size_t i = 0; files[i]; i++)
        CHECK(try_stream_is(set, try->entries[i].content, files[i], 4096, NULL));
}

static void check_apart(const struct try_package *try)
{
    const struct package_entry *of = try->entries;
    CHECK(of[0].content == of[2].content && of[1].content == of[4].content);
    CHECK(of[0].content != of[1].content && of[0].content != of[3].content && of[1].content != of[3].content);
    CHECK(of[5].content != of[0].content);
}

/* Sizes of files that are compared in memory, and of those that are not. */
static const size_t sizes[] = {10, 5000, 200000};

static void test_in_one_call(void)
{
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        char *folder = scratch_enter();
        set_up(sizes[i]);
        const struct content_options options = try_options();
        /* The second run has all from the stat cache, and must not take one for the other; nor their streams. */
        for (unsigned run = 0; run < 3; run++) {
            struct try_package try = try_package(names);
            struct content_set *set = try_open(&options);
            CHECK_NUMBER(try_read(set, &try, NULL), 0);
            check_apart(&try);
            check_streams(set, &try, names);
            CHECK_NUMBER(content_counts(set).contents, 4);
            content_close(set);
        }
        scratch_leave(folder);
    }
}

static void test_in_later_calls(void)
{
    char *folder = scratch_enter();
    set_up(3000);
    const struct content_options options = try_options();
    struct content_set *set = try_open(&options);
    struct try_package parts[6];
    for (size_t i = 0; i < 6; i++) {
        const char *const name[] = {names[i], NULL};
        parts[i] = try_package(name);
        CHECK_NUMBER(try_read(set, &parts[i], NULL), 0);
        check_streams(set, &parts[i], name);
    }
    struct try_package all = try_package(names);
    CHECK_NUMBER(try_read(set, &all, NULL), 0);
    check_apart(&all);
    for (size_t i = 0; i < 6; i++)
        CHECK(all.entries[i].content == parts[i].entries[0].content);
    check_streams(set, &all, names);
    content_close(set);
    scratch_leave(folder);
}

/* What files of one size are kept in, and some more of them than fill it. */
#define KEPT_BYTES ((size_t)1 << 20)
#define MORE 4

/* Of more files than are kept in memory the last have one hash, and are compared with those that are kept alone. */
static void test_more_than_are_kept(void)
{
    static const size_t full[] = {65536, 65537, 30000, 262144};
    for (size_t i = 0; i < sizeof(full) / sizeof(*full); i++) {
        char *folder = scratch_enter();
        size_t count = KEPT_BYTES / full[i] + MORE;
        char files[TRY_ENTRIES][8];
        const char *listed[TRY_ENTRIES + 1] = {NULL};
        for (size_t k = 0; k < count; k++) {
            snprintf(files[k], sizeof(files[k]), "%zu", k);
            listed[k] = files[k];
            if (k < count - MORE)
                try_noise_file(files[k], full[i], 2 * k + 1);
            else
                collider(files[k], (char)('a' + k % MORE / 2), full[i]);
        }
        try_wait();
        struct content_options options = try_options();
        options.parallel = 1;
        struct try_package try = try_package(listed);
        struct content_set *set = try_open(&options);
        CHECK_NUMBER(try_read(set, &try, NULL), 0);
        CHECK_NUMBER(content_counts(set).contents, count - MORE + 2);
        check_streams(set, &try, listed);
        content_close(set);
        scratch_leave(folder);
    }
}

/* Of a run that had one of them alone, the cache has a stream under the name that both would have. */
static void test_in_another_run(void)
{
    char *folder = scratch_enter();
    set_up(3000);
    const struct content_options options = try_options();
    const char *const one[] = {"1a", NULL}, *const two[] = {"2a", "1b", NULL};
    struct content_set *set = try_open(&options);
    struct try_package try = try_package(one);
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    check_streams(set, &try, one);
    content_close(set);

    set = try_open(&options);
    try = try_package(two);
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    CHECK(try.entries[0].content != try.entries[1].content);
    check_streams(set, &try, two);
    content_close(set);
    scratch_leave(folder);
}

/* Files that the stat cache knows from different runs were never compared: they are, once. */
static void test_known_and_not_compared(void)
{
    char *folder = scratch_enter();
    set_up(3000);
    const struct content_options options = try_options();
    const char *const sets[][3] = {{"1a", NULL}, {"1b", NULL}, {"1a", "1b", NULL}, {"1b", "1a", NULL}};
    const size_t read[] = {1, 1, 1, 0};
    for (size_t i = 0; i < 4; i++) {
        struct content_set *set = try_open(&options);
        struct try_package try = try_package(sets[i]);
        CHECK_NUMBER(try_read(set, &try, NULL), 0);
        CHECK_NUMBER(content_counts(set).contents, 1);
        CHECK_NUMBER(content_counts(set).files_read, read[i]);
        check_streams(set, &try, sets[i]);
        content_close(set);
    }
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_in_one_call);
    CHECK_RUN(test_in_later_calls);
    CHECK_RUN(test_more_than_are_kept);
    CHECK_RUN(test_in_another_run);
    CHECK_RUN(test_known_and_not_compared);
    return check_report();
}
