#include "limit/limit_ledger.h"

#include <inttypes.h>

/* 400 years have 146,097 days and 4,800 months. */
#define DAYS_OF_400_YEARS 146097

static char *time_text(uint64_t days, struct shared_arena *arena)
{
    uint64_t months = (days * 4800 + DAYS_OF_400_YEARS / 2) / DAYS_OF_400_YEARS;
    uint64_t years = (days * 400 + DAYS_OF_400_YEARS / 2) / DAYS_OF_400_YEARS;
    if (days < 60)
        return shared_arena_format(arena, "%" PRIu64 " day%s", days, days == 1 ? "" : "s");
    if (months < 24)
        return shared_arena_format(arena, "%" PRIu64 " months", months);
    const char *number = limit_number_text(arena, years);
    return number ? shared_arena_format(arena, "%s years", number) : NULL;
}

static char *rate_text(const struct limit_rate *rate, struct shared_arena *arena)
{
    const char *number = limit_number_text(arena, rate->bytes / rate->days);
    return number ? shared_arena_format(arena, "%s B a day since %s", number, rate->from) : NULL;
}

char *limit_forecast_text(const struct limit_region *region, const struct limit_forecast *forecast,
                          struct shared_arena *arena)
{
    const char *rate = region->rate.days ? rate_text(&region->rate, arena) : "";
    const char *time = forecast->future == LIMIT_DATE ? time_text(forecast->days, arena) : "";
    if (!rate || !time)
        return NULL;
    switch (forecast->future) {
    case LIMIT_FULL:
        return shared_arena_format(arena, "full");
    case LIMIT_DATE:
        return shared_arena_format(arena, "full in %s, %s (%s)", time, forecast->date, rate);
    case LIMIT_NEVER:
        return region->rate.bytes
                   ? shared_arena_format(arena, "full in over 1,000 years (%s)", rate)
                   : shared_arena_format(arena, "nothing was published since %s", region->rate.from);
    case LIMIT_UNKNOWN:
        break;
    }
    return shared_arena_format(arena, "when it is full is not known: %s",
                               region->ledger ? "the ledger has one day alone"
                                              : "the lock's ledger is empty (demine published fills it)");
}

char *limit_region_source(const struct limit_region *region, struct shared_arena *arena)
{
    if (region->account)
        return shared_arena_format(arena, "%s", region->account);
    if (region->ledger)
        return shared_arena_format(arena, "ledger of %s", region->ledger);
    return shared_arena_format(arena, "counted from 0: no --account given, and no ledger");
}
