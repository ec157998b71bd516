#include "base/timestamp.h"

#include <time.h>

/*
 * The proleptic Gregorian date, with years from March on, so that the leap day is the last of one: they begin
 * every 1461/4 days within a century, centuries every 146097/4, months every 153/5. gmtime would bring 115 KB
 * of time zones into a static program. The numbers go into the zeros, from the end.
 */
void shared_timestamp_write(char text[SHARED_TIMESTAMP_BYTES])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned second = (unsigned)(now.tv_sec % 86400);
    unsigned quarters = (unsigned)(now.tv_sec / 86400 + 719468) * 4 + 3; /* of days since 0000-03-01 */
    unsigned of_century = quarters % 146097 | 3;
    unsigned fifths = of_century % 1461 / 4 * 5 + 461; /* of days, from month 3 on */
    unsigned year = quarters / 146097 * 100 + of_century / 1461, month = fifths / 153;
    if (month > 12) {
        month -= 12;
        year++;
    }
    unsigned parts[] = {year,
                        month,
                        fifths % 153 / 5 + 1,
                        second / 3600,
                        second / 60 % 60,
                        second % 60,
                        (unsigned)(now.tv_nsec / 1000000)};
    unsigned *part = parts + 7;
    for (int at = SHARED_TIMESTAMP_BYTES; at-- > 0;) {
        text[at] = "0000-00-00T00:00:00.000Z"[at];
        if (text[at] == '0') {
            text[at] = (char)('0' + *part % 10);
            *part /= 10;
        } else {
            part--;
        }
    }
}
