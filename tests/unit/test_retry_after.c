#include "check.h"
#include "fake_clock.h"

#include <shared/retry.h>

#include <stdlib.h>

#define DAY_MS 86400000

static void test_values(void)
{
    static const struct {
        const char *value;
        int64_t ms;
    } rows[] = {
        {NULL, -1},
        {"", -1},
        /* delay-seconds */
        {"0", 0},
        {"000", 0},
        {"1", 1000},
        {"120", 120000},
        {"00120", 120000},
        {"86399", 86399000},
        {"86400", DAY_MS},
        {"86401", DAY_MS},
        {"9223372036854775807", DAY_MS},
        {"18446744073709551617", DAY_MS},
        {"99999999999999999999999999999999999999999999999999", DAY_MS},
        {"-1", -1},
        {"+1", -1},
        {"1.5", -1},
        {"1e3", -1},
        {"0x10", -1},
        {"12 0", -1},
        {" 120", -1},
        {"120 ", -1},
        {"120s", -1},
        {"99999999999999999999x", -1},
        {"\xD9\xA1", -1},
        /* The clock is at Sun, 06 Nov 1994 08:49:37 GMT and 400 ms. */
        {"Sun, 06 Nov 1994 08:49:38 GMT", 600},
        {"Sunday, 06-Nov-94 08:49:38 GMT", 600},
        {"Sun Nov  6 08:49:38 1994", 600},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nov 1994 08:51:37 GMT", 119600},
        {"Sun, 06 Nov 1994 08:49:60 GMT", 22600},
        {"Mon, 07 Nov 1994 08:49:37 GMT", DAY_MS - 400},
        {"Mon Nov  7 08:49:37 1994", DAY_MS - 400},
        {"Mon, 07 Nov 1994 08:49:38 GMT", DAY_MS},
        {"Fri, 31 Dec 9999 23:59:59 GMT", DAY_MS},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Sat, 01 Jan 0000 00:00:00 GMT", 0},
        {"Wed Nov 16 08:49:37 1994", DAY_MS},
        {"Sunday, 06-Nov-44 08:49:37 GMT", DAY_MS},   /* 2044: 50 years from now */
        {"Monday, 07-Nov-45 08:49:37 GMT", 0},        /* 2045 would be more: 1945 */
        {"Saturday, 01-Jan-00 00:00:00 GMT", DAY_MS}, /* 2000 */
        {"Friday, 31-Dec-93 23:59:59 GMT", 0},
        {"Wednesday, 09-Nov-94 08:49:37 GMT", DAY_MS},
        /* What is none of them. */
        {"Sun, 06 Nov 1994 08:49:37", -1},
        {"Sun, 06 Nov 1994 08:49:37 ", -1},
        {"Sun, 06 Nov 1994 08:49:37 UTC", -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT ", -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT+1", -1},
        {"Sun, 06 Nov 1994 08:49:37 gmt", -1},
        {"Sun, 6 Nov 1994 08:49:37 GMT", -1},
        {"Sun, 06 nov 1994 08:49:37 GMT", -1},
        {"Sun, 06 Nov 94 08:49:37 GMT", -1},
        {"Sun, 06 Nov 19940 08:49:37 GMT", -1},
        {"Sun, 06-Nov-1994 08:49:37 GMT", -1},
        {"Sun 06 Nov 1994 08:49:37 GMT", -1},
        {"Sun,06 Nov 1994 08:49:37 GMT", -1},
        {"Sun, 00 Nov 1994 08:49:37 GMT", -1},
        {"Sun, 32 Nov 1994 08:49:37 GMT", -1},
        {"Sun, 06 Now 1994 08:49:37 GMT", -1},
        {"Sun, 06 Nov 1994 24:49:37 GMT", -1},
        {"Sun, 06 Nov 1994 08:60:37 GMT", -1},
        {"Sun, 06 Nov 1994 08:49:61 GMT", -1},
        {"Sun, 06 Nov 1994 8:49:37 GMT", -1},
        {"Sun, 06 Nov -994 08:49:37 GMT", -1},
        {", 06 Nov 1994 08:49:37 GMT", -1},
        {"S, 06 Nov 1994 08:49:37 GMT", -1},
        {"Sun Nov 6 08:49:37 1994", -1},
        {"Sun Nov   6 08:49:37 1994", -1},
        {"Sun Nov  6 08:49:37 1994 GMT", -1},
        {"Sunday, 06-Nov-94 08:49:37", -1},
        {"tomorrow", -1},
        {"null", -1},
        {"\xFF\xFE", -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT, 120", -1},
    };
    fake_real_us = INT64_C(784111777400000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].value ? rows[i].value : "NULL");
        CHECK_NUMBER(shared_retry_after_ms(rows[i].value), rows[i].ms);
    }
}

/* The three forms of a day in each month of two centuries, as the C library writes them. */
static void test_calendar(void)
{
    static const char *const formats[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                          "%a %b %e %H:%M:%S %Y"};
    for (int64_t second = 12345; second < INT64_C(200) * 365 * 86400; second += 13 * 86400 + 40009) {
        time_t time = (time_t)second;
        struct tm parts;
        gmtime_r(&time, &parts);
        fake_real_us = (second - 4321) * 1000000;
        for (size_t i = 0; i < 3; i++) {
            char text[64];
            strftime(text, sizeof text, formats[i], &parts);
            CHECK_ROW(text);
            CHECK_NUMBER(shared_retry_after_ms(text), 4321000);
        }
    }
}

/* Each prefix of a good value, and each with one byte changed, in memory of its own size. */
static void test_damaged(void)
{
    static const char *const values[] = {"120", "Sun, 06 Nov 1994 08:49:37 GMT",
                                         "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        size_t length = strlen(values[i]);
        for (size_t cut = 0; cut <= length; cut++) {
            char *text = strndup(values[i], cut);
            int64_t ms = shared_retry_after_ms(text);
            CHECK(ms >= -1 && ms <= DAY_MS);
            for (size_t at = 0; at < cut; at++) {
                for (int byte = 1; byte < 256; byte++) {
                    text[at] = (char)byte;
                    ms = shared_retry_after_ms(text);
                    if (ms < -1 || ms > DAY_MS)
                        CHECK(!"out of range");
                }
                text[at] = values[i][at];
            }
            free(text);
        }
    }
}

/* Clocks that stand where none should. */
static void test_odd_clock(void)
{
    static const int64_t clocks_us[] = {0, -1, -INT64_C(62135596800000000), INT64_C(253402300800000000)};
    for (size_t i = 0; i < sizeof clocks_us / sizeof *clocks_us; i++) {
        fake_real_us = clocks_us[i];
        int64_t ms = shared_retry_after_ms("Sunday, 06-Nov-94 08:49:37 GMT");
        CHECK(ms == 0 || ms == DAY_MS);
        CHECK_NUMBER(shared_retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT"), i < 3 ? DAY_MS : 0);
    }
}

int main(void)
{
    CHECK_RUN(test_values);
    CHECK_RUN(test_calendar);
    CHECK_RUN(test_damaged);
    CHECK_RUN(test_odd_clock);
    return check_report();
}
