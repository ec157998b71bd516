/* Numbers as JSON text: exact, whatever the locale. */
#include "check.h"

#include "json/json_write.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

/* What snprintf puts for the point: that of a locale, which this machine need not have. */
static const char *point = ".";
int __wrap_snprintf(char *text, size_t size, const char *format, ...);

int __wrap_snprintf(char *text, size_t size, const char *format, ...)
{
    char plain[64];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(plain, sizeof(plain), format, arguments);
    va_end(arguments);
    char *dot = strchr(plain, '.');
    if (!dot) {
        memcpy(text, plain, (size_t)length + 1);
        return length;
    }
    *dot = '\0';
    CHECK(strlen(plain) + strlen(point) + strlen(dot + 1) < size);
    stpcpy(stpcpy(stpcpy(text, plain), point), dot + 1);
    return (int)strlen(text);
}

static char text[64];

static const char *written(void (*write)(struct shared_buffer *, double), double real)
{
    struct shared_buffer buffer = {.data = text, .capacity_bytes = sizeof(text) - 1};
    write(&buffer, real);
    CHECK(!buffer.failed);
    text[buffer.size_bytes] = '\0';
    return text;
}

static const char *decimal(int64_t number, int decimals)
{
    struct shared_buffer buffer = {.data = text, .capacity_bytes = sizeof(text) - 1};
    shared_json_write_decimal(&buffer, number, decimals);
    text[buffer.size_bytes] = '\0';
    return text;
}

static void test_decimal(void)
{
    static const struct {
        int64_t number;
        int decimals;
        const char *expected;
    } rows[] = {
        {0, 0, "0"},
        {0, 6, "0"},
        {7, 0, "7"},
        {-7, 0, "-7"},
        {100, 0, "100"},
        {100, 2, "1"},
        {150, 2, "1.5"},
        {5, 2, "0.05"},
        {-5, 1, "-0.5"},
        {-5, 6, "-0.000005"},
        {1000001, 6, "1.000001"},
        {10, 1, "1"},
        {INT64_MAX, 0, "9223372036854775807"},
        {INT64_MIN, 0, "-9223372036854775808"},
        {INT64_MIN, 18, "-9.223372036854775808"},
        {1, 18, "0.000000000000000001"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        CHECK_TEXT(decimal(rows[i].number, rows[i].decimals), rows[i].expected);
}

static void test_quick_is_short(void)
{
    static const struct {
        double real;
        const char *expected;
    } rows[] = {{0, "0"},
                {0.1, "0.1"},
                {-0.5, "-0.5"},
                {12.345, "12.345"},
                {1e6, "1000000"},
                {0.000001, "0.000001"},
                {1700000000.123456, "1700000000.123456"},
                {-3, "-3"},
                {NAN, "null"},
                {INFINITY, "null"},
                {-INFINITY, "null"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        CHECK_TEXT(written(shared_json_write_quick_real, rows[i].real), rows[i].expected);
    CHECK_TEXT(written(shared_json_write_real, 0.1), "0.10000000000000001");
    CHECK_TEXT(written(shared_json_write_real, -NAN), "null");
}

static bool is_number(const char *number)
{
    if (*number == '-')
        number++;
    size_t digits = strspn(number, "0123456789");
    number += digits;
    if (*number == '.')
        number += 1 + strspn(number + 1, "0123456789");
    if (*number == 'e')
        number += 2 + strspn(number + 2, "0123456789");
    return digits > 0 && *number == '\0';
}

static void check_round_trip(double real)
{
    for (int i = 0; i < 2; i++) {
        const char *number = written(i ? shared_json_write_quick_real : shared_json_write_real, real);
        if (!is_number(number) || strtod(number, NULL) != real)
            CHECK_TEXT(number, "a number that reads back");
    }
}

static void test_every_double_reads_back(void)
{
    static const double edges[] = {DBL_MIN,
                                   DBL_MAX,
                                   -DBL_MAX,
                                   DBL_TRUE_MIN,
                                   DBL_EPSILON,
                                   0x1p53,
                                   0x1p53 - 1,
                                   0x1p51 / 1e6,
                                   0x1p360,
                                   -0x1p360,
                                   2251799813.685248,
                                   2251799813.685247,
                                   1e15,
                                   1e16,
                                   1e17,
                                   1e21,
                                   1e22,
                                   123456789012345678.0,
                                   0.3,
                                   1.0 / 3};
    static const char *const points[] = {".", ",", "\xD9\xAB"};
    uint64_t state = 42;
    for (size_t p = 0; p < sizeof(points) / sizeof(*points); p++) {
        CHECK_ROW(points[p]);
        point = points[p];
        for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++)
            check_round_trip(edges[i]);
        for (int i = 0; i < 200000; i++) {
            double real;
            state = state * 6364136223846793005u + 1442695040888963407u;
            memcpy(&real, &state, sizeof(real));
            if (i % 3 == 1)
                real = (double)(int64_t)(state >> 20) / 1e6;
            if (i % 3 == 2)
                real = (double)(int64_t)(state >> 34) / 1e3;
            if (real - real == 0)
                check_round_trip(real);
        }
    }
    point = ".";
    CHECK(true);
}

int main(void)
{
    CHECK_RUN(test_decimal);
    CHECK_RUN(test_quick_is_short);
    CHECK_RUN(test_every_double_reads_back);
    return check_report();
}
