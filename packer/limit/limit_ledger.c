#include "limit/limit_ledger.h"

#include "base/date.h"
#include "layer/lock_ledger.h"

#include <string.h>

#define MOST_DAYS 365250 /* a thousand years: beyond that a date says nothing */

static const char *later(const char *a, const char *b)
{
    return strcmp(a, b) < 0 ? b : a;
}

static void find_rate(const struct lock_file *lock, const char *today, struct limit_rate *rate)
{
    const struct lock_publication *ledger = lock->ledger;
    const char *first = ledger[0].date, *last = ledger[lock->ledger_count - 1].date;
    char earliest[DATE_BYTES];
    *rate = (struct limit_rate){0};
    if (strcmp(first, last) == 0)
        return;
    /* A clock that is behind the ledger is not believed. */
    memcpy(rate->to, later(last, today), DATE_BYTES);
    date_text(date_days(rate->to) - LIMIT_RATE_DAYS, earliest);
    memcpy(rate->from, later(first, earliest), DATE_BYTES);
    rate->days = (uint64_t)(date_days(rate->to) - date_days(rate->from));
    for (size_t i = 0; i < lock->ledger_count; i++)
        if (strcmp(ledger[i].date, rate->from) > 0)
            rate->bytes += ledger[i].zip_bytes;
}

void limit_ledger_apply(const struct lock_file *lock, const char *path, const char *today,
                        struct limit_region *region)
{
    region->rate = (struct limit_rate){0};
    if (lock->ledger_count == 0)
        return;
    find_rate(lock, today, &region->rate);
    region->ledger = path;
    if (!region->account)
        region->used_bytes = lock_ledger_bytes(lock->ledger, lock->ledger_count);
}

struct limit_forecast limit_forecast(const struct limit_region *region, uint64_t value, uint64_t allowed)
{
    struct limit_forecast forecast = {.future = LIMIT_UNKNOWN};
    const struct limit_rate *rate = &region->rate;
    if (value >= allowed) {
        forecast.future = LIMIT_FULL;
        return forecast;
    }
    if (rate->days == 0)
        return forecast;
    forecast.future = LIMIT_NEVER;
    /* Below 2^64 times 366: no overflow in 128 bits. */
    unsigned __int128 days =
        rate->bytes ? (unsigned __int128)(allowed - value) * rate->days / rate->bytes : MOST_DAYS;
    if (days >= MOST_DAYS || date_days(rate->to) + (int64_t)days > DATE_MOST_DAYS)
        return forecast;
    forecast.future = LIMIT_DATE;
    forecast.days = (uint64_t)days;
    date_text(date_days(rate->to) + (int64_t)days, forecast.date);
    return forecast;
}
