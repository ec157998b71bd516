/* test_content_large.c - files that are deflated in pieces, and how much memory that takes. */
#include "content_try.h"

#include "base/file.h"
#include "content/content_inner.h"
#include "content/content_stream.h"

#include <sys/resource.h>

#define PIECE ((size_t)CONTENT_PIECE_BYTES)

/* Text at both ends, a hole between them; or noise. */
static void large_file(const char *path, uint64_t size, bool noise)
{
    if (noise) {
        try_noise_file(path, (size_t)size, 1);
        return;
    }
    try_text_file(path, 2000000, 1);
    SCRATCH_NEED(truncate(path, (off_t)size - 500000) == 0);
    try_text_file("end", 500000, 2);
    char command[100];
    snprintf(command, sizeof(command), "cat end >> %s", path);
    SCRATCH_NEED(system(command) == 0);
}

static const struct {
    const char *name;
    uint64_t size;
    bool noise;
} rows[] = {
    {"a piece", PIECE, false},        {"and a byte", PIECE + 1, false},
    {"two pieces", 2 * PIECE, false}, {"and some", 2 * PIECE + 12345, false},
    {"noise", 2 * PIECE + 777, true},
};

/* What content_stream_make gives of the same in memory. */
static size_t bytes_made(const char *path)
{
    struct shared_arena arena = {0};
    struct shared_slice content, stream;
    SCRATCH_NEED(file_read(path, 1 << 30, &arena, &content, NULL) == 0);
    SCRATCH_NEED(content_stream_make(content, LEVEL_FAST, false, &arena, &stream, NULL) == 0);
    shared_arena_clean_up(&arena);
    return stream.size_bytes;
}

static void test_pieces(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        struct shared_error err = {0};
        char *folder = scratch_enter();
        large_file("large", rows[i].size, rows[i].noise);
        try_text_file("small", 3000, 1);
        uint64_t bytes = 0;
        for (unsigned threads = 1; threads <= 4; threads += 3) {
            struct try_package try = try_package((const char *const[]){"large", "small", NULL});
            struct content_options options = try_options();
            options.level = LEVEL_FAST;
            options.parallel = threads;
            SCRATCH_NEED(system("rm -rf cache state") == 0);
            struct content_set *set = try_open(&options);
            CHECK_NUMBER(try_read(set, &try, &err), 0);
            CHECK_NUMBER(content_deflate(set, &err), 0);
            const struct content *content = try.entries[0].content;
            CHECK_NUMBER(content->method, rows[i].noise ? CONTENT_STORED : CONTENT_DEFLATED);
            CHECK(bytes == 0 || content->deflated_bytes == bytes);
            bytes = content->deflated_bytes;
            CHECK(try_stream_is(set, content, "large", 65536, &err));
            CHECK(try_stream_is(set, try.entries[1].content, "small", 65536, &err));
            content_close(set);
        }
        CHECK(rows[i].noise || bytes_made("large") == bytes);
        CHECK_TEXT(err.text, "");
        scratch_leave(folder);
    }
}

/* Holes are read as zeros. Three of them at once, on more threads than there is memory for pieces. */
static void test_memory(void)
{
    struct shared_error err = {0};
    struct rusage usage;
    char *folder = scratch_enter();
    const char *const names[] = {"a", "b", "c", NULL};
    for (size_t i = 0; names[i]; i++) {
        scratch_file(names[i], names[i]);
        SCRATCH_NEED(truncate(names[i], (150 << 20) + (off_t)i) == 0);
    }
    struct try_package try = try_package(names);
    struct content_options options = try_options();
    options.level = LEVEL_FAST;
    options.parallel = 16;
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &try, &err), 0);
    CHECK_NUMBER(content_deflate(set, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK(try.entries[0].content->deflated_bytes < 200000);
    CHECK(try_stream_is(set, try.entries[2].content, "c", 65536, &err));
    content_close(set);
    SCRATCH_NEED(getrusage(RUSAGE_SELF, &usage) == 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(usage.ru_maxrss < 256 * 1024);
#endif
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_pieces);
    CHECK_RUN(test_memory);
    return check_report();
}
