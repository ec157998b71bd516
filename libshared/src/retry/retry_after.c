#include "base/clock.h"

#include <shared/retry.h>

#include <string.h>

#define DAY_S 86400
#define FIFTY_YEARS_S ((int64_t)DAY_S * 18262)

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELDS };

/*
 * RFC 9110, section 5.6.7: IMF-fixdate, RFC 850's and asctime's. A letter of fields stands for two digits, a
 * capital Y for four, a capital D for two of which the first may be a space, b for a month's name; w for any
 * name and Z for GMT.
 */
static const char fields[] = "ybdhms";
static const char patterns[][20] = {"w, d b Y h:m:s Z", "w, d-b-y h:m:s Z", "w b D h:m:s Y"};

#define RFC_850 1

/* Both return -1 where something else stands there. */
static int read_digits(const char **text, int count)
{
    int value = 0;
    for (; count > 0; count--, ++*text) {
        if (**text < '0' || **text > '9')
            return -1;
        value = value * 10 + **text - '0';
    }
    return value;
}

static int read_month(const char **text)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int month = 1; month <= 12; month++) {
        if (strncmp(*text, names + 3 * (month - 1), 3) != 0)
            continue;
        *text += 3;
        return month;
    }
    return -1;
}

static int read_field(const char **text, char code)
{
    if (code == 'b')
        return read_month(text);
    bool is_padded = code == 'D' && **text == ' ';
    *text += is_padded;
    return read_digits(text, code == 'Y' ? 4 : is_padded ? 1 : 2);
}

static bool read_date(const char *text, const char *pattern, int date[FIELDS])
{
    for (; *pattern; pattern++) {
        const char *field = strchr(fields, *pattern | 0x20);
        if (field) {
            int value = read_field(&text, *pattern);
            if (value < 0)
                return false;
            date[field - fields] = value;
        } else if (*pattern == 'w') {
            size_t letters = strspn(text, "MondayTuesWhrFiSt");
            if (letters < 3)
                return false;
            text += letters;
        } else if (*pattern == 'Z') {
            if (strncmp(text, "GMT", 3) != 0)
                return false;
            text += 3;
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return !*text && date[DAY] >= 1 && date[DAY] <= 31 && date[HOUR] <= 23 && date[MINUTE] <= 59 &&
           date[SECOND] <= 60;
}

/* Since 1970. Years begin in March here, so that a leap day is the last of its year. */
static int64_t seconds_of(const int date[FIELDS])
{
    int64_t year = date[YEAR] - (date[MONTH] <= 2);
    int month = (date[MONTH] + 9) % 12;
    int64_t days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date[DAY] - 719469;
    return ((days * 24 + date[HOUR]) * 60 + date[MINUTE]) * 60 + date[SECOND];
}

/* A year of two digits (RFC 850's) is the one that is at most 50 years from now, or else past. */
static int64_t seconds_near(int date[FIELDS], bool has_century, int64_t now_s)
{
    int64_t seconds = seconds_of(date);
    while (!has_century && seconds <= now_s - FIFTY_YEARS_S) {
        date[YEAR] += 100;
        seconds = seconds_of(date);
    }
    return seconds;
}

static int64_t read_seconds(const char *text)
{
    int64_t seconds = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        seconds = seconds < DAY_S ? seconds * 10 + *text - '0' : DAY_S;
    return *text ? -1 : seconds * 1000;
}

static int64_t read_time_left(const char *text)
{
    int date[FIELDS];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (!read_date(text, patterns[i], date))
            continue;
        int64_t now_ms = shared_clock_real_us() / 1000;
        int64_t left_ms = seconds_near(date, i != RFC_850, now_ms / 1000) * 1000 - now_ms;
        return left_ms > 0 ? left_ms : 0;
    }
    return -1;
}

int64_t shared_retry_after_ms(const char *value)
{
    if (!value || !*value)
        return -1;
    int64_t left_ms = *value <= '9' ? read_seconds(value) : read_time_left(value);
    return left_ms < DAY_S * 1000 ? left_ms : DAY_S * 1000;
}
