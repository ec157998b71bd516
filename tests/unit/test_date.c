#include "check.h"

#include "base/date.h"

#include <stdlib.h>

static struct shared_error err;

static void test_days(void)
{
    static const struct {
        const char *text;
        int64_t days;
    } table[] = {
        {"1970-01-01", 0},     {"1970-12-31", 364},   {"1972-02-29", 789},
        {"2000-02-29", 11016}, {"2000-03-01", 11017}, {"2026-11-23", 20780},
        {"2100-02-28", 47540}, {"2100-03-01", 47541}, {"9999-12-31", DATE_MOST_DAYS},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        char text[DATE_BYTES];
        CHECK_ROW(table[i].text);
        CHECK_NUMBER(date_days(table[i].text), table[i].days);
        date_text(table[i].days, text);
        CHECK_TEXT(text, table[i].text);
    }
    CHECK_ROW(NULL);
}

/* Every day that there is, each one after the last. */
static void test_all_days(void)
{
    char before[DATE_BYTES] = "", text[DATE_BYTES];
    size_t wrong = 0;
    for (int64_t day = 0; day <= DATE_MOST_DAYS; day++) {
        date_text(day, text);
        wrong += date_days(text) != day || strcmp(before, text) >= 0;
        memcpy(before, text, sizeof(text));
    }
    CHECK_NUMBER(wrong, 0);
    date_text(-1, text);
    CHECK_TEXT(text, "1970-01-01");
    date_text(INT64_MAX, text);
    CHECK_TEXT(text, "9999-12-31");
}

static void test_today(void)
{
    static const char *const wrong[] = {"x", "-1", "1e3", " 1", "253402300800", "99999999999999999999"};
    char text[DATE_BYTES];
    setenv("SOURCE_DATE_EPOCH", "1795392000", 1);
    CHECK_NUMBER(date_today(text, &err), 0);
    CHECK_TEXT(text, "2026-11-23");
    setenv("SOURCE_DATE_EPOCH", "253402300799", 1);
    CHECK_NUMBER(date_today(text, &err), 0);
    CHECK_TEXT(text, "9999-12-31");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        CHECK_ROW(wrong[i]);
        setenv("SOURCE_DATE_EPOCH", wrong[i], 1);
        CHECK_NUMBER(date_today(text, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, "SOURCE_DATE_EPOCH is");
    }
    CHECK_ROW(NULL);
    unsetenv("SOURCE_DATE_EPOCH");
    CHECK_NUMBER(date_today(text, &err), 0);
    CHECK(strcmp(text, "2024-01-01") > 0);
}

int main(void)
{
    CHECK_RUN(test_days);
    CHECK_RUN(test_all_days);
    CHECK_RUN(test_today);
    return check_report();
}
