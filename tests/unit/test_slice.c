#include <shared/slice.h>

#include "check.h"

#include <limits.h>

static void test_from_text(void)
{
    CHECK_NUMBER(shared_slice_from_text(NULL).size_bytes, 0);
    CHECK(shared_slice_from_text(NULL).data == NULL);
    CHECK_SLICE(shared_slice_from_text("abc"), "abc");
    const struct shared_slice literal = SHARED_SLICE_LITERAL("a\0b");
    CHECK_NUMBER(literal.size_bytes, 3);
}

static void test_equal(void)
{
    static const struct {
        const char *a, *b;
        bool equal, ignoring_case;
    } rows[] = {
        {"", "", true, true},        {NULL, "", true, true},
        {"a", "", false, false},     {"abc", "abc", true, true},
        {"abc", "aBC", false, true}, {"[", "{", false, false},
        {"@", "`", false, false},    {"\xC3\xA9", "\xC3\x89", false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].a);
        struct shared_slice a = shared_slice_from_text(rows[i].a), b = shared_slice_from_text(rows[i].b);
        CHECK_NUMBER(shared_slice_equal(a, b), rows[i].equal);
        CHECK_NUMBER(shared_slice_equal_ignore_case(a, b), rows[i].ignoring_case);
    }
}

static void test_trim(void)
{
    CHECK_SLICE(shared_slice_trim(shared_slice_from_text(" \t a b\r\n")), "a b");
    CHECK_SLICE(shared_slice_trim(shared_slice_from_text(" \r\n\t")), "");
    CHECK_SLICE(shared_slice_trim(shared_slice_of(NULL, 0)), "");
}

static void test_split(void)
{
    static const char *const parts[] = {"a", "", "b", ""};
    struct shared_slice rest = shared_slice_from_text("a,,b,");
    size_t count = 0;
    while (rest.data && count < 5) {
        struct shared_slice part = shared_slice_split(&rest, ',');
        if (count < 4)
            CHECK_SLICE(part, parts[count]);
        count++;
    }
    CHECK_NUMBER(count, 4);
}

static void test_to_number(void)
{
    static const struct {
        const char *text;
        unsigned long long max, value;
        bool valid;
    } rows[] = {
        {"0", 10, 0, true},
        {"9", 4, 0, false},
        {"4", 4, 4, true},
        {"1", 0, 0, false},
        {"10", 10, 10, true},
        {"11", 10, 0, false},
        {"007", 10, 7, true},
        {"18446744073709551615", ULLONG_MAX, ULLONG_MAX, true},
        {"18446744073709551616", ULLONG_MAX, 0, false},
        {"99999999999999999999999", ULLONG_MAX, 0, false},
        {"", 10, 0, false},
        {"-1", 10, 0, false},
        {"+1", 10, 0, false},
        {" 1", 10, 0, false},
        {"1x", 10, 0, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].text);
        unsigned long long value = 42;
        CHECK_NUMBER(shared_slice_to_number(shared_slice_from_text(rows[i].text), rows[i].max, &value),
                     rows[i].valid);
        CHECK(value == (rows[i].valid ? rows[i].value : 42));
    }
}

int main(void)
{
    CHECK_RUN(test_from_text);
    CHECK_RUN(test_equal);
    CHECK_RUN(test_trim);
    CHECK_RUN(test_split);
    CHECK_RUN(test_to_number);
    return check_report();
}
