#include "base/date.h"

#include <shared/slice.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY_S 86400
#define MOST_S (((unsigned long long)DATE_MOST_DAYS + 1) * DAY_S - 1)

int date_today(char text[DATE_BYTES], struct shared_error *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    unsigned long long seconds = (unsigned long long)time(NULL);
    if (epoch && *epoch && !shared_slice_to_number(shared_slice_from_text(epoch), MOST_S, &seconds))
        return shared_fail(err, SHARED_EINVAL, 0,
                           "SOURCE_DATE_EPOCH is \"%s\": it must be seconds since 1970, up to 9999", epoch);
    date_text((int64_t)(seconds / DAY_S), text);
    return 0;
}

static int64_t days_before_year(int64_t year)
{
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

static int is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 1 && is_leap(year));
}

int64_t date_days(const char *text)
{
    int64_t year = strtol(text, NULL, 10);
    int month = (int)strtol(text + 5, NULL, 10) - 1;
    int64_t days = days_before_year(year) - days_before_year(1970) + strtol(text + 8, NULL, 10) - 1;
    for (int i = 0; i < month && i < 12; i++)
        days += month_days(year, i);
    return days;
}

void date_text(int64_t days, char text[DATE_BYTES])
{
    days = days < 0 ? 0 : days > DATE_MOST_DAYS ? DATE_MOST_DAYS : days;
    /* 146,097 days are 400 years. */
    int64_t since = days + days_before_year(1970), year = since * 400 / 146097 + 1;
    while (days_before_year(year) > since)
        year--;
    while (days_before_year(year + 1) <= since)
        year++;
    int month = 0;
    for (since -= days_before_year(year); since >= month_days(year, month); month++)
        since -= month_days(year, month);
    char wide[64];
    snprintf(wide, sizeof(wide), "%04d-%02d-%02d", (int)year, month + 1, (int)since + 1);
    snprintf(text, DATE_BYTES, "%.10s", wide);
}
