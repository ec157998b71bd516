/*
 * check.h - what a test program needs: conditions that say what was expected, cases that are counted.
 *
 *     static void test_trim(void) { CHECK_SLICE(shared_slice_trim(…), "x"); }
 *
 *     int main(void)
 *     {
 *         CHECK_RUN(test_trim);
 *         return check_report();
 *     }
 *
 * A failed check prints file, line and values and lets its test go on; the program then exits 1. Tables: wrap
 * each row in CHECK_ROW("name") so that a failure names its row.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int check_tests, check_count, check_failures;
static const char *check_row;

static inline bool check_that(bool holds, const char *file, int line, const char *what)
{
    check_count++;
    if (!holds) {
        check_failures++;
        fprintf(stderr, "%s:%d: %s%s%sfailed: %s\n", file, line, check_row ? "[" : "",
                check_row ? check_row : "", check_row ? "] " : "", what);
    }
    return holds;
}

static inline bool check_number(long long actual, long long expected, const char *file, int line,
                                const char *what)
{
    bool holds = check_that(actual == expected, file, line, what);
    if (!holds)
        fprintf(stderr, "    is %lld, expected %lld\n", actual, expected);
    return holds;
}

static inline bool check_bytes(struct shared_slice actual, struct shared_slice expected, const char *file,
                               int line, const char *what)
{
    bool holds = check_that(shared_slice_equal(actual, expected), file, line, what);
    if (!holds)
        fprintf(stderr, "    is       \"%.*s\" (%zu bytes)\n    expected \"%.*s\" (%zu bytes)\n",
                (int)actual.size_bytes, actual.data ? actual.data : "", actual.size_bytes,
                (int)expected.size_bytes, expected.data ? expected.data : "", expected.size_bytes);
    return holds;
}

static inline bool check_text(const char *actual, const char *expected, const char *file, int line,
                              const char *what)
{
    if (!actual || !expected)
        return check_that(actual == expected, file, line, what);
    return check_bytes(shared_slice_from_text(actual), shared_slice_from_text(expected), file, line, what);
}

/* Whether an error's message holds a text. */
static inline bool check_message(const struct shared_error *err, const char *part, const char *file, int line)
{
    bool holds = check_that(strstr(err->text, part) != NULL, file, line, part);
    if (!holds)
        fprintf(stderr, "    the message is \"%s\"\n", err->text);
    return holds;
}

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)
#define CHECK_NUMBER(actual, expected) \
    check_number((long long)(actual), (long long)(expected), __FILE__, __LINE__, #actual)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), __FILE__, __LINE__, #actual)
#define CHECK_SLICE(actual, text) \
    check_bytes((actual), shared_slice_from_text(text), __FILE__, __LINE__, #actual)
#define CHECK_BYTES(actual, expected) check_bytes((actual), (expected), __FILE__, __LINE__, #actual)
#define CHECK_MESSAGE(err, part) check_message((err), (part), __FILE__, __LINE__)
#define CHECK_ROW(name) (check_row = (name))
#define CHECK_RUN(test) (check_tests++, check_row = NULL, test(), check_row = NULL)

static inline int check_report(void)
{
    printf("%d tests, %d checks, %d failed\n", check_tests, check_count, check_failures);
    return check_failures || !check_count ? 1 : 0;
}

#endif
