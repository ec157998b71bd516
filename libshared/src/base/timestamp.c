#include "base/timestamp.h"

#include <string.h>

/* Writes the last digits of a number. */
static void put(char *at, int digits, int64_t number)
{
    while (digits-- > 0) {
        at[digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* The proleptic Gregorian date, with years from March on, so that the leap day is the last of one: they begin every
 * 1461/4 days within a century, centuries every 146097/4, months every 153/5. */
void shared_timestamp_write(char text[SHARED_TIMESTAMP_BYTES], int64_t real_us)
{
    int64_t second = real_us / 1000000 % 86400;
    int64_t quarters = (real_us / 1000000 / 86400 + 719468) * 4 + 3; /* since 0000-03-01, of days */
    int64_t of_century = quarters % 146097 | 3;
    int64_t months = of_century % 1461 / 4 * 5 + 461; /* fifths of days, from month 3 on */
    int64_t year = quarters / 146097 * 100 + of_century / 1461, month = months / 153;
    memcpy(text, "0000-00-00T00:00:00.000Z", SHARED_TIMESTAMP_BYTES);
    put(text, 4, year + (month > 12));
    put(text + 5, 2, month > 12 ? month - 12 : month);
    put(text + 8, 2, months % 153 / 5 + 1);
    put(text + 11, 2, second / 3600);
    put(text + 14, 2, second / 60 % 60);
    put(text + 17, 2, second % 60);
    put(text + 20, 3, real_us / 1000 % 1000);
}
