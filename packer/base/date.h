/* date.h - days of the Gregorian calendar in UTC, as ISO 8601 writes them: 2026-11-23. Such texts sort as their days do. */
#ifndef PACKER_DATE_H
#define PACKER_DATE_H

#include <shared/error.h>

#include <stdint.h>

#define DATE_BYTES 11
#define DATE_MOST_DAYS 2932896 /* 9999-12-31 */

/*
 * The day it is: that of SOURCE_DATE_EPOCH where it is set (reproducible-builds.org, "SOURCE_DATE_EPOCH"), else of the
 * clock. SHARED_EINVAL: what is set is no number of seconds from 1970 to 9999.
 */
int date_today(char text[DATE_BYTES], struct shared_error *err);

/* Days since 1970-01-01 of a date that is one. */
int64_t date_days(const char *text);

/* The date of a day from 0 to DATE_MOST_DAYS; what is beyond is the nearest of these. */
void date_text(int64_t days, char text[DATE_BYTES]);

#endif
