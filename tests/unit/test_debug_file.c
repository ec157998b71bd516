/* test_debug_file.c - functions and lines of this very program, of parts of it, and of what is none. */
#include "check.h"
#include "scratch.h"

#include "symbolize/debug_file.h"
#include "symbolize/debug_files.h"

#include <link.h>

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static int inner_line, outer_line;

/* Where it returns to: within the function that calls it, once that has been inlined within another. */
__attribute__((noinline)) static uintptr_t here(void)
{
    return (uintptr_t)__builtin_return_address(0) - 1;
}

static inline __attribute__((always_inline)) uintptr_t inner(void)
{
    inner_line = __LINE__ + 1;
    uintptr_t place = here();
    return place + (uintptr_t)(inner_line == 0);
}

__attribute__((noinline)) static uintptr_t outer(void)
{
    outer_line = __LINE__ + 1;
    uintptr_t place = inner();
    return place + (uintptr_t)(outer_line == 0);
}

/* An address as it was linked. */
static uintptr_t linked(uintptr_t address)
{
    const ElfW(Ehdr) *header = (const void *)__ehdr_start;
    return header->e_type == ET_DYN ? address - (uintptr_t)__ehdr_start : address;
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = text ? strlen(text) : 0;
    return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

static void test_lines(void)
{
    struct shared_arena arena = {0};
    struct debug_file *file;
    struct debug_place *places;
    struct shared_error err;
    size_t count;
    uintptr_t address = linked(outer());
    if (!CHECK_NUMBER(debug_file_open("/proc/self/exe", &file, &err), 0))
        return;
    CHECK_NUMBER(debug_file_find(file, address, &arena, &places, &count, &err), 0);
    if (CHECK_NUMBER(count, 2)) {
        CHECK_TEXT(places[0].function, "inner");
        CHECK_TEXT(places[1].function, "outer");
        CHECK_NUMBER(places[0].line, inner_line);
        CHECK_NUMBER(places[1].line, outer_line);
        CHECK(ends_with(places[0].file, "test_debug_file.c") &&
              ends_with(places[1].file, "test_debug_file.c"));
    }
    debug_file_close(file);
    shared_arena_clean_up(&arena);
}

/* Every address has an answer, if of nothing. */
static void test_addresses(void)
{
    static const uint64_t addresses[] = {0, 1, 4096, INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
    struct shared_arena arena = {0};
    struct debug_file *file;
    struct debug_place *places;
    size_t count;
    if (!CHECK_NUMBER(debug_file_open("/proc/self/exe", &file, NULL), 0))
        return;
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
        CHECK_NUMBER(debug_file_find(file, addresses[i], &arena, &places, &count, NULL), 0);
        CHECK(count >= 1 && !places[0].line);
    }
    debug_file_close(file);
    shared_arena_clean_up(&arena);
}

static void copy_self(char **data, size_t *size)
{
    FILE *in = fopen("/proc/self/exe", "rb");
    struct stat st;
    SCRATCH_NEED(in && fstat(fileno(in), &st) == 0);
    *size = (size_t)st.st_size;
    *data = malloc(*size);
    SCRATCH_NEED(*data && fread(*data, 1, *size, in) == *size);
    fclose(in);
}

/* libdw 0.188 loses the scopes that it has found where it then meets damage (dwarf_getscopes). */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

/* Cut off, or with bytes that are others: whatever is said, nothing breaks. */
static void test_damaged(void)
{
    char *folder = scratch_enter(), *data;
    size_t size, opened = 0;
    uintptr_t address = linked(outer());
    copy_self(&data, &size);
    for (size_t i = 0; i < 200; i++) {
        struct shared_arena arena = {0};
        struct debug_file *file;
        struct debug_place *places;
        size_t count;
        /* The same in every run: a linear congruential generator (Knuth, MMIX). */
        uint64_t random = (i + 1) * 6364136223846793005u + 1442695040888963407u;
        bool cut = i % 2 == 0;
        for (int j = 0; j < 64 && !cut; j++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            data[(random >> 16) % size] ^= (char)(random >> 8);
        }
        scratch_bytes("program", data, cut ? (random >> 16) % size : size);
        if (debug_file_open("program", &file, NULL) < 0)
            continue;
        opened++;
        if (__lsan_disable)
            __lsan_disable();
        CHECK_NUMBER(debug_file_find(file, address, &arena, &places, &count, NULL), 0);
        CHECK(count >= 1);
        if (__lsan_enable)
            __lsan_enable();
        debug_file_close(file);
        shared_arena_clean_up(&arena);
    }
    CHECK(opened > 0);
    free(data);
    scratch_leave(folder);
}

static void test_no_program(void)
{
    char *folder = scratch_enter();
    struct debug_file *file;
    struct shared_error err;
    CHECK_NUMBER(debug_file_open("missing", &file, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open missing: No such file");
    scratch_file("text", "#!/bin/sh\n");
    CHECK_NUMBER(debug_file_open("text", &file, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "text is not a program");
    CHECK_NUMBER(debug_file_open(".", &file, &err), SHARED_EPROTO);
    scratch_file("empty", "");
    CHECK_NUMBER(debug_file_open("empty", &file, &err), SHARED_EPROTO);
    debug_file_close(NULL);
    scratch_leave(folder);
}

/* Of a folder only NAME.debug count, and of those only programs. */
static void test_folder(void)
{
    char *folder = scratch_enter(), *data;
    size_t size;
    struct shared_arena arena = {0};
    struct debug_files files = {.arena = &arena};
    struct debug_file *file;
    const char *path;
    struct shared_error err;
    copy_self(&data, &size);
    scratch_folder("dist");
    scratch_bytes("dist/b.debug", data, size);
    scratch_bytes("dist/a.zip", data, size);
    scratch_file("dist/c.debug", "text");
    CHECK_NUMBER(debug_files_add(&files, "dist", &err), 0);
    CHECK_NUMBER(files.count, 1);
    CHECK_NUMBER(debug_files_get(&files, "", &file, &path, &err), 0);
    CHECK_TEXT(path, "dist/b.debug");
    CHECK_NUMBER(debug_files_get(&files, "00ff", &file, &path, &err), SHARED_ENOTFOUND);
    CHECK_MESSAGE(&err, "a crash has build id 00ff, dist/b.debug has ");
    CHECK(file == NULL && path == NULL);
    CHECK_NUMBER(debug_files_add(&files, "missing", &err), SHARED_EIO);
    CHECK_NUMBER(debug_files_add(&files, "dist/c.debug", &err), SHARED_EPROTO);
    debug_files_clean_up(&files);
    shared_arena_clean_up(&arena);
    free(data);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_lines);
    CHECK_RUN(test_addresses);
    CHECK_RUN(test_damaged);
    CHECK_RUN(test_no_program);
    CHECK_RUN(test_folder);
    return check_report();
}
