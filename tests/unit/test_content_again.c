/* test_content_again.c - runs that follow another: what is read again, and what is not. */
#include "content_try.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "content/blob_cache.h"

#include <sys/wait.h>

static const char *const names[] = {"a", "b", "c", "d", NULL};

static void set_up(void)
{
    try_text_file("a", 5000, 1);
    try_text_file("b", 50000, 2);
    try_text_file("c", 50000, 3);
    try_text_file("d", 5000, 1);
    try_wait();
}

/* One run; leaves what it counted. */
static struct content_counts run(const struct content_options *options)
{
    struct shared_error err = {0};
    struct try_package try = try_package(names);
    struct content_set *set = try_open(options);
    CHECK_NUMBER(try_read(set, &try, &err), 0);
    CHECK_NUMBER(content_deflate(set, &err), 0);
    CHECK_TEXT(err.text, "");
    struct content_counts counts = content_counts(set);
    CHECK_NUMBER(counts.contents, 3);
    for (size_t i = 0; names[i]; i++)
        CHECK(try_stream_is(set, try.entries[i].content, names[i], 5000, &err));
    content_close(set);
    return counts;
}

static void test_unchanged(void)
{
    char *folder = scratch_enter();
    set_up();
    const struct content_options options = try_options();
    struct content_counts counts = run(&options);
    CHECK_NUMBER(counts.files_read, 4);
    CHECK_NUMBER(counts.deflated, 3);
    struct stat before, after;
    SCRATCH_NEED(stat("state/stat.cache", &before) == 0);
    try_wait();
    for (unsigned i = 0; i < 3; i++) {
        struct content_counts again = run(&options);
        CHECK_NUMBER(again.files, 4);
        CHECK_NUMBER(again.files_read, 0);
        CHECK_NUMBER(again.deflated, 0);
        CHECK_NUMBER(again.from_cache, 0);
        CHECK_NUMBER(again.stream_bytes, counts.stream_bytes);
    }
    SCRATCH_NEED(stat("state/stat.cache", &after) == 0);
    CHECK_NUMBER(after.st_ino, before.st_ino);
    CHECK_TEXT(try_warnings, "");
    scratch_leave(folder);
}

/* What is done to files before a second run, and what that reads and makes. */
static const struct {
    const char *name, *change;
    size_t files_read, deflated, from_cache;
} rows[] = {
    {"nothing", ":", 0, 0, 0},
    {"touched", "touch a c", 2, 0, 1},
    {"another mtime", "touch -d 2001-01-01 c", 1, 0, 1},
    {"written anew, the same", "cat b > t && cat t > b", 1, 0, 1},
    {"another inode", "cp -p b t && mv t b", 1, 0, 1},
    {"of the same size", "printf x | dd of=b bs=1 seek=70 conv=notrunc 2> dd", 1, 1, 0},
    {"same size and mtime", "cp -p b t; printf x | dd of=b bs=1 conv=notrunc 2> dd; touch -r t b", 1, 1, 0},
    {"longer", "echo >> b", 1, 1, 0},
    {"shorter", "truncate -s 600 b", 1, 1, 0},
    {"two change names", "mv b t && mv c b && mv t c", 2, 0, 2},
    {"no stat cache", "rm state/stat.cache", 4, 0, 3},
    {"a stat cache of nothing", ": > state/stat.cache", 4, 0, 3},
    {"of something else", "cat a > state/stat.cache", 4, 0, 3},
    {"cut off", "truncate -s -1 state/stat.cache", 4, 0, 3},
    {"longer stat cache", "echo >> state/stat.cache", 4, 0, 3},
    {"a folder in its place", "rm state/stat.cache && mkdir state/stat.cache", 4, 0, 3},
    {"no blobs", "rm -r cache", 0, 3, 0},
    {"neither", "rm -r cache state/stat.cache", 4, 3, 0},
};

static void test_what_is_read_again(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        char *folder = scratch_enter();
        set_up();
        const struct content_options options = try_options();
        run(&options);
        try_wait();
        SCRATCH_NEED(system(rows[i].change) == 0);
        struct content_counts counts = run(&options);
        CHECK_NUMBER(counts.files_read, rows[i].files_read);
        CHECK_NUMBER(counts.from_cache, rows[i].from_cache);
        scratch_leave(folder);
    }
}

/* A change within the tick of the clock in which a file was read has the times that it had. */
static void test_racy(void)
{
    char *folder = scratch_enter();
    const struct content_options options = try_options();
    set_up();
    for (unsigned i = 0; i < 50; i++) {
        try_text_file("c", 50000, 100 + i);
        struct content_counts counts = run(&options);
        CHECK(counts.files_read >= 1);
    }
    try_wait();
    run(&options);
    CHECK_NUMBER(run(&options).files_read, 0);
    scratch_leave(folder);
}

/* Each byte of the cache damaged, one after the other. */
static void test_damaged(void)
{
    static char bytes[4096];
    char *folder = scratch_enter();
    set_up();
    const struct content_options options = try_options();
    run(&options);
    FILE *file = fopen("state/stat.cache", "rb");
    SCRATCH_NEED(file);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    CHECK(size > 300 && size < sizeof(bytes));
    try_wait();
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= (char)(1 << i % 8);
        scratch_bytes("state/stat.cache", bytes, size);
        bytes[i] ^= (char)(1 << i % 8);
        try_wait();
        CHECK_NUMBER(run(&options).files_read, 4);
    }
    scratch_bytes("state/stat.cache", bytes, size);
    CHECK_NUMBER(run(&options).files_read, 0);
    scratch_leave(folder);
}

static void test_level(void)
{
    char *folder = scratch_enter();
    set_up();
    struct content_options options = try_options();
    const enum manifest_level levels[] = {LEVEL_FAST, LEVEL_DEFAULT, LEVEL_SMALLEST, LEVEL_FAST,
                                          LEVEL_DEFAULT};
    const size_t deflated[] = {3, 3, 3, 0, 0};
    for (size_t i = 0; i < 5; i++) {
        options.level = levels[i];
        struct content_counts counts = run(&options);
        CHECK_NUMBER(counts.deflated, deflated[i]);
        CHECK_NUMBER(counts.from_cache, 0);
    }
    scratch_leave(folder);
}

/* Nothing is kept, and nothing is read again either: the stat cache says what streams there would be. */
static void test_no_cache(void)
{
    char *folder = scratch_enter();
    set_up();
    struct content_options options = try_options();
    options.cache = "";
    CHECK_NUMBER(run(&options).deflated, 3);
    struct try_package try = try_package(names);
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    CHECK_NUMBER(content_deflate(set, NULL), 0);
    CHECK_NUMBER(content_counts(set).deflated, 0);
    /* "a" and "b", and "d", which is as "a": in all two contents of three. */
    const struct package one = {.entries = try.entries, .count = 2},
                         other = {.entries = try.entries + 3, .count = 1};
    const struct package *const packages[] = {&one, &other, &one};
    CHECK_NUMBER(content_prepare(set, packages, 0, NULL), 0);
    CHECK_NUMBER(content_counts(set).deflated, 0);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_NUMBER(content_prepare(set, packages, 3, NULL), 0);
        CHECK_NUMBER(content_counts(set).deflated, 2);
    }
    for (size_t i = 0; names[i]; i++)
        CHECK(try_stream_is(set, try.entries[i].content, names[i], 5000, NULL));
    CHECK_NUMBER(content_counts(set).deflated, 3);
    content_close(set);
    CHECK(!file_exists("cache"));
    scratch_leave(folder);
}

/* The folder of blobs where the environment says. */
static void test_default_folder(void)
{
    char *folder = scratch_enter();
    char path[200];
    set_up();
    struct content_options options = try_options();
    options.cache = NULL;
    snprintf(path, sizeof(path), "%s/xdg", folder);
    setenv("XDG_CACHE_HOME", path, 1);
    run(&options);
    CHECK(file_exists("xdg/demine"));
    setenv("XDG_CACHE_HOME", "relative", 1);
    snprintf(path, sizeof(path), "%s/home", folder);
    setenv("HOME", path, 1);
    run(&options);
    CHECK(file_exists("home/.cache/demine") && !file_exists("relative"));
    unsetenv("HOME");
    unsetenv("XDG_CACHE_HOME");
    run(&options);
    scratch_leave(folder);
}

/* Other files in the same state folder, and a state folder that nothing can be written to. */
static void test_state(void)
{
    char *folder = scratch_enter();
    set_up();
    struct content_options options = try_options();
    run(&options);
    struct try_package other = try_package((const char *const[]){"a", NULL});
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &other, NULL), 0);
    content_close(set);
    CHECK_NUMBER(run(&options).files_read, 0);
    CHECK_TEXT(try_warnings, "");

    SCRATCH_NEED(system("rm -r state && mkdir -p state/stat.cache/x") == 0);
    run(&options);
    CHECK(strstr(try_warnings, "stat.cache"));
    scratch_leave(folder);
}

/* Many at once in one state folder, which lose the cache now and then: what stays is whole. */
static void test_processes(void)
{
    char *folder = scratch_enter();
    set_up();
    const struct content_options options = try_options();
    pid_t children[6];
    for (size_t i = 0; i < 6; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            for (unsigned k = 0; k < 15; k++) {
                SCRATCH_NEED(k % 3 || unlink("state/stat.cache") == 0 || errno == ENOENT);
                run(&options);
            }
            _exit(check_failures || *try_warnings ? 1 : 0);
        }
    }
    for (size_t i = 0; i < 6; i++) {
        int status = -1;
        CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
    }
    try_wait();
    run(&options);
    CHECK_NUMBER(run(&options).files_read, 0);
    scratch_leave(folder);
}

/* Where another build of the codec filled the cache of blobs, streams are not those that the stat cache tells of. */
static void test_other_stream(void)
{
    static const char *const one[] = {"a", NULL};
    char *folder = scratch_enter();
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct shared_slice bytes;
    set_up();
    struct content_options options = try_options();
    run(&options);
    SCRATCH_NEED(file_read("a", 5000, &arena, &bytes, &err) == 0);
    const struct hash hash = hash_bytes(bytes);
    const struct blob_key key = blob_key(&hash, bytes.size_bytes, content_codec(options.level, false));
    const struct blob blob = {.crc = (uint32_t)crc32(0, (const unsigned char *)bytes.data, 5000),
                              .method = CONTENT_STORED,
                              .content_bytes = 5000,
                              .stream_bytes = 5000};
    options.cache = "other";
    struct blob_cache *cache = blob_cache_open(&(struct blob_cache_options){.folder = "other"}, &err);
    CHECK_NUMBER(blob_cache_add(cache, &key, &blob, bytes, &err), 0);
    blob_cache_close(cache);

    struct try_package try = try_package(one);
    struct content_set *set = try_open(&options);
    char stream[6000];
    CHECK_NUMBER(try_read(set, &try, &err), 0);
    CHECK_NUMBER(content_deflate(set, &err), 0);
    CHECK_NUMBER(content_prepare(set, (const struct package *const[]){&try.package}, 1, &err), 0);
    const struct content *content = try.entries[0].content;
    CHECK_NUMBER(content_counts(set).deflated, 0);
    CHECK_NUMBER(content->method, CONTENT_STORED);
    CHECK_NUMBER(content->deflated_bytes, 5000);
    CHECK_NUMBER(content_stream_read(set, content, 0, stream, sizeof(stream), &err), 5000);
    CHECK(memcmp(stream, bytes.data, 5000) == 0);
    content_close(set);
    scratch_leave(folder);
}

static const struct {
    const char *name;
    struct blob blob;
} impossible[] = {
    {"of a content of another size", {1, CONTENT_DEFLATED, 4999, 50}},
    {"larger than the content", {1, CONTENT_DEFLATED, 5000, 5001}},
    {"as large, and deflated", {1, CONTENT_DEFLATED, 5000, 5000}},
    {"empty", {1, CONTENT_DEFLATED, 5000, 0}},
    {"stored, and smaller", {1, CONTENT_STORED, 5000, 50}},
    {"of no method", {1, 3, 5000, 50}},
};

/* Twice, in segments of two runs that were at it at once. */
static void add_impossible(const struct blob *blob)
{
    static char stream[5001];
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct shared_slice bytes;
    SCRATCH_NEED(file_read("a", 5000, &arena, &bytes, NULL) == 0);
    const struct hash hash = hash_bytes(bytes);
    const struct blob_key key = blob_key(&hash, bytes.size_bytes, content_codec(LEVEL_DEFAULT, false));
    struct blob_cache *caches[2];
    for (size_t i = 0; i < 2; i++)
        caches[i] = blob_cache_open(&(struct blob_cache_options){.folder = "cache"}, NULL);
    for (size_t i = 0; i < 2; i++) {
        struct shared_slice of = shared_slice_of(stream, (size_t)blob->stream_bytes);
        CHECK_NUMBER(blob_cache_add(caches[i], &key, blob, of, NULL), 0);
        blob_cache_close(caches[i]);
    }
}

/* What the cache says of a stream cannot be true: it is made again, told of, and right in the next run. */
static void test_impossible(void)
{
    for (size_t i = 0; i < sizeof(impossible) / sizeof(*impossible); i++) {
        CHECK_ROW(impossible[i].name);
        for (unsigned knows = 0; knows < 2; knows++) {
            char *folder = scratch_enter();
            set_up();
            struct content_options options = try_options();
            /* Once with what a stat cache tells of the right one. */
            if (knows)
                run(&options);
            SCRATCH_NEED(system("rm -rf cache") == 0);
            add_impossible(&impossible[i].blob);
            CHECK_TEXT(try_warnings, "");
            run(&options);
            CHECK(strstr(try_warnings, "a blob was damaged; it is made again") != NULL);
            SCRATCH_NEED(system("rm -r state") == 0);
            options = try_options();
            CHECK_NUMBER(run(&options).from_cache, 3);
            CHECK_TEXT(try_warnings, "");
            scratch_leave(folder);
        }
    }
}

int main(void)
{
    CHECK_RUN(test_unchanged);
    CHECK_RUN(test_what_is_read_again);
    CHECK_RUN(test_racy);
    CHECK_RUN(test_damaged);
    CHECK_RUN(test_level);
    CHECK_RUN(test_no_cache);
    CHECK_RUN(test_default_folder);
    CHECK_RUN(test_state);
    CHECK_RUN(test_other_stream);
    CHECK_RUN(test_impossible);
    CHECK_RUN(test_processes);
    return check_report();
}
