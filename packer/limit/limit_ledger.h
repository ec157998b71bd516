/*
 * limit_ledger.h - what the lock's ledger of publications says of the region's code storage: how much there is, how
 * fast it grows, and what a publish of a pack would add.
 *
 * AWS counts each published version by its compressed bytes, the same zip again too, so the ledger counts as AWS does;
 * what other projects, or a publish without the ledger, put there it does not know.
 */
#ifndef PACKER_LIMIT_LEDGER_H
#define PACKER_LIMIT_LEDGER_H

#include "layer/lock_file.h"
#include "limit/limit.h"

#define LIMIT_RATE_DAYS 365 /* that a rate looks back */

/* A zip of a pack. */
struct limit_zip {
    enum lock_kind kind;
    const char *name;
    uint64_t zip_bytes;
    struct hash content;           /* as zip_package_digest gives it */
    const char *sha256;            /* NULL: not known, as nothing is written yet */
    bool added;                    /* set by limit_ledger_add: a publish adds it */
    struct lock_attached attached; /* of a function: which layers it has */
};

/*
 * Fills what a region knows from the ledger: rate, and, where no account file was read, used_bytes.
 * path: of the lock, for what is shown.
 *
 * The rate is what was published after the first day of the ledger (or, of a ledger that is longer, after the day
 * LIMIT_RATE_DAYS ago), over the days from that one to today. What was published on the first day itself was there when
 * counting began. It takes two days in the ledger.
 */
void limit_ledger_apply(const struct lock_file *lock, const char *path, const char *today,
                        struct limit_region *region);

/*
 * Sets region->added to what a publish of these zips adds: functions whose zip or whose layers are not the last ones
 * in the ledger, and layers that are not in it. A zip whose SHA-256 is not known is one of the lock's where content and size are. With an
 * empty ledger all are added. SHARED_ENOMEM.
 */
int limit_ledger_add(const struct lock_file *lock, struct limit_zip *zips, size_t count,
                     struct shared_arena *arena, struct limit_region *region, struct shared_error *err);

enum limit_future {
    LIMIT_UNKNOWN, /* the ledger has no two days */
    LIMIT_NEVER,   /* nothing was published in the time looked at, or it takes over a thousand years */
    LIMIT_FULL,    /* it is full */
    LIMIT_DATE     /* at the rate of the ledger it is full on that day */
};

struct limit_forecast {
    enum limit_future future;
    uint64_t days; /* from today */
    char date[11];
};

/* When the storage is full, value being used and added bytes. */
struct limit_forecast limit_forecast(const struct limit_region *region, uint64_t value, uint64_t allowed);

/* "full in 14 months, 2028-01-12 (12,345 B a day since 2026-01-01)"; what is not known is said so. NULL where memory
 * is exhausted. */
char *limit_forecast_text(const struct limit_region *region, const struct limit_forecast *forecast,
                          struct shared_arena *arena);

/* Where used_bytes are from: "account.json", "ledger of demine.lock.json", "counted from 0: …". NULL: no memory. */
char *limit_region_source(const struct limit_region *region, struct shared_arena *arena);

#endif
