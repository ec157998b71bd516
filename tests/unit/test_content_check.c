#include "check.h"

#include "content/content_check.h"
#include "content/content_stream.h"

#include <stdlib.h>

static char text[200000], room[3000];

static void fill(void)
{
    size_t at = 0;
    for (unsigned i = 0; at + 40 < sizeof(text); i++)
        at += (size_t)sprintf(text + at, "line %u of %u\n", i, i * i % 997);
}

/* Every byte of a stream in turn is another: what zlib inflates is not the content, or is not a stream. One bit may be
 * of no meaning, those that fill the last byte. */
static void test_damage(void)
{
    struct shared_arena arena = {0};
    struct shared_slice stream, content = shared_slice_of(text, 3000);
    struct content_checker *checker = content_checker_make();
    CHECK_NUMBER(content_stream_make(content, LEVEL_DEFAULT, false, &arena, &stream, NULL), 0);
    CHECK(content_check(checker, stream, content, NULL));
    char *bytes = (char *)(uintptr_t)stream.data;
    for (size_t i = 0; i + 1 < stream.size_bytes; i++) {
        bytes[i] ^= (char)(1 << i % 8);
        CHECK(!content_check(checker, stream, content, NULL));
        CHECK(!content_check_fast(checker, stream, content, room));
        bytes[i] ^= (char)(1 << i % 8);
    }
    CHECK(content_check_fast(checker, stream, content, room));
    for (size_t size = 0; size < stream.size_bytes; size++) {
        CHECK(!content_check(checker, shared_slice_of(bytes, size), content, NULL));
        CHECK(!content_check_fast(checker, shared_slice_of(bytes, size), content, room));
    }
    CHECK(!content_check(checker, stream, shared_slice_of(text, 2999), NULL));
    CHECK(!content_check(checker, stream, shared_slice_of(text, 3001), NULL));
    char *longer = shared_arena_alloc(&arena, stream.size_bytes + 1);
    memcpy(longer, bytes, stream.size_bytes);
    longer[stream.size_bytes] = 0;
    CHECK(!content_check(checker, shared_slice_of(longer, stream.size_bytes + 1), content, NULL));
    CHECK(!content_check_fast(checker, shared_slice_of(longer, stream.size_bytes + 1), content, room));
    CHECK(content_check(checker, stream, content, NULL));
    content_checker_free(checker);
    shared_arena_clean_up(&arena);
}

/* The last block, found by its bit, and the end: of streams of one block and of several. */
static void test_bits(void)
{
    struct content_checker *checker = content_checker_make();
    for (size_t size = 1; size <= sizeof(text); size = size * 3 + 7) {
        struct shared_arena arena = {0};
        struct shared_slice stream, content = shared_slice_of(text, size);
        struct content_bits bits = {9, 9};
        CHECK_NUMBER(content_stream_make(content, LEVEL_FAST, false, &arena, &stream, NULL), 0);
        CHECK(content_check(checker, stream, content, &bits));
        CHECK((stream.data[bits.last_block / 8] >> bits.last_block % 8) & 1);
        CHECK_NUMBER((bits.end + 7) / 8, stream.size_bytes);
        CHECK(bits.last_block + 3 <= bits.end && (size < 100000 || bits.last_block > 0));
        /* Without that bit there is more to come. */
        char *bytes = (char *)(uintptr_t)stream.data;
        bytes[bits.last_block / 8] ^= (char)(1 << bits.last_block % 8);
        CHECK(!content_check(checker, stream, content, NULL));
        shared_arena_clean_up(&arena);
    }
    content_checker_free(checker);
}

int main(void)
{
    fill();
    CHECK_RUN(test_damage);
    CHECK_RUN(test_bits);
    return check_report();
}
