#include <shared/arena.h>

#include "base/buffer.h"
#include "check.h"

#include <stdint.h>
#include <stdlib.h>

static bool is_aligned(const void *pointer)
{
    return (uintptr_t)pointer % 16 == 0;
}

static void test_allocations_are_apart_and_aligned(void)
{
    struct shared_arena arena;
    unsigned char *pieces[500];
    shared_arena_init(&arena);
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = shared_arena_alloc(&arena, i * 7);
        CHECK(pieces[i] && is_aligned(pieces[i]));
        memset(pieces[i], (int)(i & 255), i * 7);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t j = 0; j < i * 7; j++) {
            if (pieces[i][j] != (i & 255))
                CHECK(pieces[i][j] == (i & 255));
        }
    }
    shared_arena_clean_up(&arena);
}

static void test_newest_grows_in_place(void)
{
    struct shared_arena arena = {0};
    shared_arena_alloc(&arena, 100);
    char *text = shared_arena_alloc(&arena, 10);
    strcpy(text, "123456789");
    CHECK(shared_arena_resize(&arena, text, 10, 1000) == text);
    char *other = shared_arena_alloc(&arena, 1);
    CHECK(other >= text + 1000);
    char *moved = shared_arena_resize(&arena, text, 1000, 2000);
    CHECK(moved != text);
    CHECK_TEXT(moved, "123456789");
    CHECK(shared_arena_resize(&arena, moved, 2000, 3) == moved);
    shared_arena_clean_up(&arena);
}

static void test_a_large_one_keeps_its_content_while_it_grows(void)
{
    struct shared_arena arena = {0};
    size_t size = 1;
    char *data = shared_arena_alloc(&arena, size);
    data[0] = 'a';
    while (size < 40u << 20) {
        data = shared_arena_resize(&arena, data, size, size * 3);
        CHECK(data && data[0] == 'a');
        data[size] = 'a';
        data[size * 3 - 1] = 'z';
        size *= 3;
    }
    shared_arena_clean_up(&arena);
}

static void test_reset_keeps_the_largest_block(void)
{
    struct shared_arena arena = {0};
    void *small = shared_arena_alloc(&arena, 10);
    void *large = shared_arena_alloc(&arena, 1u << 20);
    CHECK(small && large);
    shared_arena_reset(&arena);
    CHECK(shared_arena_alloc(&arena, 1u << 20) == large);
    shared_arena_reset(&arena);
    CHECK(shared_arena_alloc(&arena, 64u << 20) != NULL);
    shared_arena_reset(&arena);
    CHECK(shared_arena_alloc(&arena, 1u << 20) == large);
    shared_arena_clean_up(&arena);
    CHECK(arena.newest == NULL);
}

static void test_impossible_sizes_are_refused(void)
{
    struct shared_arena arena = {0};
    char *text = shared_arena_copy(&arena, shared_slice_from_text("kept"));
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, SIZE_MAX / 2, PTRDIFF_MAX};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        CHECK(shared_arena_alloc(&arena, sizes[i]) == NULL);
        CHECK(shared_arena_resize(&arena, text, 5, sizes[i]) == NULL);
    }
    CHECK_TEXT(text, "kept");
    shared_arena_clean_up(&arena);
}

static void test_copy_and_format(void)
{
    struct shared_arena arena = {0};
    CHECK_TEXT(shared_arena_copy(&arena, shared_slice_of("abc", 2)), "ab");
    CHECK_TEXT(shared_arena_copy(&arena, shared_slice_of(NULL, 0)), "");
    CHECK_TEXT(shared_arena_format(&arena, "%s-%d", "x", 7), "x-7");
    CHECK_TEXT(shared_arena_format(&arena, "%s", ""), "");
    shared_arena_clean_up(&arena);
}

static void test_buffer_in_fixed_storage_fails_once_full(void)
{
    char storage[8];
    struct shared_buffer buffer = {.data = storage, .capacity_bytes = sizeof(storage)};
    shared_buffer_append_text(&buffer, "12345678");
    CHECK(!buffer.failed);
    shared_buffer_append_text(&buffer, "9");
    shared_buffer_append_text(&buffer, "");
    CHECK(buffer.failed);
    CHECK_SLICE(shared_slice_of(buffer.data, buffer.size_bytes), "12345678");
}

static void test_buffer_leaves_its_first_storage_for_the_arena(void)
{
    char storage[4], expected[1001] = "";
    struct shared_arena arena = {0};
    struct shared_buffer buffer = {.arena = &arena, .data = storage, .capacity_bytes = sizeof(storage)};
    for (size_t i = 0; i < 100; i++) {
        shared_buffer_append_text(&buffer, "0123456789");
        strcat(expected, "0123456789");
    }
    CHECK_SLICE(shared_slice_of(buffer.data, buffer.size_bytes), expected);
    CHECK(shared_buffer_reserve(&buffer, SIZE_MAX / 2) == NULL);
    CHECK(buffer.failed);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_allocations_are_apart_and_aligned);
    CHECK_RUN(test_newest_grows_in_place);
    CHECK_RUN(test_a_large_one_keeps_its_content_while_it_grows);
    CHECK_RUN(test_reset_keeps_the_largest_block);
    CHECK_RUN(test_impossible_sizes_are_refused);
    CHECK_RUN(test_copy_and_format);
    CHECK_RUN(test_buffer_in_fixed_storage_fails_once_full);
    CHECK_RUN(test_buffer_leaves_its_first_storage_for_the_arena);
    return check_report();
}
