#include "check.h"

#include "limit/limit_ledger.h"

#define SHA_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define SHA_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="
#define GB (UINT64_C(1) << 30)

static struct shared_arena arena;
static struct shared_error err;

/* In the order of a ledger: by date, kind, name. */
static struct lock_publication ledger[] = {
    {"2026-01-01", LOCK_FUNCTION, "f", 1000, SHA_A, {0}},
    {"2026-01-01", LOCK_LAYER, "p-1", 5000, SHA_A, {0}},
    {"2026-01-11", LOCK_FUNCTION, "f", 700, SHA_B, {0}},
    {"2026-01-11", LOCK_FUNCTION, "g", 300, SHA_A, {0}},
};
static struct lock_file lock = {.ledger = ledger, .ledger_count = 4};

static struct limit_region apply(const struct lock_file *which, const char *today)
{
    struct limit_region region = {.limit_bytes = LIMIT_NONE};
    limit_ledger_apply(which, "demine.lock.json", today, &region);
    return region;
}

static void test_used(void)
{
    struct limit_region region = apply(&lock, "2026-01-21");
    CHECK_NUMBER(region.used_bytes, 7000);
    CHECK_TEXT(limit_region_source(&region, &arena), "ledger of demine.lock.json");
    region = (struct limit_region){.used_bytes = 9, .account = "account.json"};
    limit_ledger_apply(&lock, "demine.lock.json", "2026-01-21", &region);
    CHECK_NUMBER(region.used_bytes, 9);
    CHECK_TEXT(limit_region_source(&region, &arena), "account.json");
    CHECK_NUMBER(region.rate.days, 20);
    const struct lock_file empty = {0};
    region = apply(&empty, "2026-01-21");
    CHECK_NUMBER(region.used_bytes, 0);
    CHECK(strstr(limit_region_source(&region, &arena), "counted from 0"));
}

/* What was published on the first day is no growth; a clock that is behind counts for nothing. */
static void test_rate(void)
{
    static const struct {
        const char *today, *to;
        uint64_t days;
    } table[] = {
        {"2026-01-21", "2026-01-21", 20}, {"2026-01-11", "2026-01-11", 10}, {"1999-01-01", "2026-01-11", 10}};
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].today);
        const struct limit_region region = apply(&lock, table[i].today);
        CHECK_NUMBER(region.rate.bytes, 1000);
        CHECK_NUMBER(region.rate.days, table[i].days);
        CHECK_TEXT(region.rate.from, "2026-01-01");
        CHECK_TEXT(region.rate.to, table[i].to);
    }
    CHECK_ROW(NULL);
    const struct lock_file one_day = {.ledger = ledger, .ledger_count = 2};
    CHECK_NUMBER(apply(&one_day, "2026-05-01").rate.days, 0);
    /* A year after the last of it, nothing of it is in the time looked at. */
    const struct limit_region old = apply(&lock, "2028-01-01");
    CHECK_NUMBER(old.rate.days, LIMIT_RATE_DAYS);
    CHECK_NUMBER(old.rate.bytes, 0);
    CHECK_TEXT(old.rate.from, "2027-01-01");
}

static char *text_of(const struct limit_region *region, uint64_t value, uint64_t allowed)
{
    const struct limit_forecast forecast = limit_forecast(region, value, allowed);
    return limit_forecast_text(region, &forecast, &arena);
}

static void test_forecast(void)
{
    /* 50 B a day from 2026-01-21 on. */
    const struct limit_region region = apply(&lock, "2026-01-21");
    static const struct {
        uint64_t left;
        const char *text;
    } table[] = {
        {0, "full"},
        {49, "full in 0 days, 2026-01-21 (50 B a day since 2026-01-01)"},
        {50, "full in 1 day, 2026-01-22 (50 B a day since 2026-01-01)"},
        {59 * 50 + 49, "full in 59 days, 2026-03-21 (50 B a day since 2026-01-01)"},
        {60 * 50, "full in 2 months, 2026-03-22 (50 B a day since 2026-01-01)"},
        {720 * 50, "full in 2 years, 2028-01-11 (50 B a day since 2026-01-01)"},
        {420 * 50, "full in 14 months, 2027-03-17 (50 B a day since 2026-01-01)"},
        {36525 * 50, "full in 100 years, 2126-01-22 (50 B a day since 2026-01-01)"},
        {365250 * 50, "full in over 1,000 years (50 B a day since 2026-01-01)"},
        {UINT64_MAX - 1000, "full in over 1,000 years (50 B a day since 2026-01-01)"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].text);
        CHECK_TEXT(text_of(&region, 1000, 1000 + table[i].left), table[i].text);
    }
    CHECK_ROW(NULL);
    CHECK_TEXT(text_of(&region, 1001, 1000), "full");
    const struct limit_region old = apply(&lock, "2028-01-01");
    CHECK_TEXT(text_of(&old, 0, GB), "nothing was published since 2027-01-01");
    const struct lock_file one_day = {.ledger = ledger, .ledger_count = 2}, empty = {0};
    const struct limit_region known = apply(&one_day, "2026-05-01"), none = apply(&empty, "2026-05-01");
    CHECK_TEXT(text_of(&known, 0, GB), "when it is full is not known: the ledger has one day alone");
    CHECK(strstr(text_of(&none, 0, GB), "not known: the lock's ledger is empty"));
    const struct limit_region late = apply(&lock, "9999-12-31");
    CHECK(text_of(&late, 0, GB) != NULL);
}

static const struct hash one = {{1}}, two = {{2}};

/* What the last pack made, published or not. */
static struct lock_function functions[] = {
    {.name = "f", .zip = {.zip_bytes = 700, .sha256 = SHA_B, .content = {{1}}}},
    {.name = "g", .zip = {.zip_bytes = 400, .sha256 = SHA_B, .content = {{1}}}},
};
static struct lock_layer layers[] = {
    {.name = "p-1", .zip = {.zip_bytes = 5000, .sha256 = SHA_A, .content = {{1}}}},
    {.name = "p-2", .zip = {.zip_bytes = 60, .sha256 = SHA_A, .content = {{1}}}},
};

static size_t count_added(const struct lock_file *which, struct limit_zip *zip)
{
    struct limit_region region = {0};
    CHECK_NUMBER(limit_ledger_add(which, zip, 1, &arena, &region, &err), 0);
    CHECK(region.added_count == 0 || region.added[0].bytes == zip->zip_bytes);
    CHECK_NUMBER(zip->added, region.added_count);
    return region.added_count;
}

static void test_added(void)
{
    const struct lock_file full = {.functions = functions,
                                   .function_count = 2,
                                   .layers = layers,
                                   .layer_count = 2,
                                   .ledger = ledger,
                                   .ledger_count = 4};
    static struct {
        const char *row;
        struct limit_zip zip;
        size_t added;
    } table[] = {
        {"as it was published last", {LOCK_FUNCTION, "f", 700, {{1}}, NULL, false, {0}}, 0},
        {"with other layers than the lock knows, whose ledger does not",
         {LOCK_FUNCTION, "f", 700, {{1}}, NULL, false, {true, "1"}},
         0},
        {"other content", {LOCK_FUNCTION, "f", 700, {{2}}, NULL, false, {0}}, 1},
        {"same content, deflated otherwise", {LOCK_FUNCTION, "f", 699, {{1}}, NULL, false, {0}}, 1},
        {"in the lock, another one in the ledger", {LOCK_FUNCTION, "g", 400, {{1}}, NULL, false, {0}}, 1},
        {"new function", {LOCK_FUNCTION, "h", 1, {{1}}, NULL, false, {0}}, 1},
        {"layer that is published", {LOCK_LAYER, "p-1", 5000, {{1}}, NULL, false, {0}}, 0},
        {"layer that was packed, not published", {LOCK_LAYER, "p-2", 60, {{1}}, NULL, false, {0}}, 1},
        {"new layer", {LOCK_LAYER, "p-3", 60, {{1}}, NULL, false, {0}}, 1},
        {"written, and not in the lock, but published last",
         {LOCK_FUNCTION, "f", 700, {{2}}, SHA_B, false, {0}},
         0},
        {"written, and another one than was published",
         {LOCK_FUNCTION, "f", 700, {{1}}, SHA_A, false, {0}},
         1},
        {"a function of a layer's name", {LOCK_FUNCTION, "p-1", 5000, {{1}}, NULL, false, {0}}, 1},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].row);
        CHECK_NUMBER(count_added(&full, &table[i].zip), table[i].added);
    }
    CHECK_ROW(NULL);
    struct limit_zip back = {.kind = LOCK_FUNCTION, .name = "f", .zip_bytes = 1000, .content = one};
    struct limit_zip all = {.kind = LOCK_FUNCTION, .name = "f", .zip_bytes = 700, .content = two};
    struct lock_function old[] = {
        {.name = "f", .zip = {.zip_bytes = 1000, .sha256 = SHA_A, .content = {{1}}}}};
    const struct lock_file turned = {
        .functions = old, .function_count = 1, .ledger = ledger, .ledger_count = 4};
    const struct lock_file none = {0};
    struct lock_publication last[] = {{"2026-01-11", LOCK_FUNCTION, "f", 700, SHA_B, {true, "1"}}};
    struct limit_zip same = {
        .kind = LOCK_FUNCTION, .name = "f", .zip_bytes = 700, .content = one, .attached = {true, "1"}};
    struct limit_zip other = {
        .kind = LOCK_FUNCTION, .name = "f", .zip_bytes = 700, .content = one, .attached = {true, ""}};
    const struct lock_file knowing = {
        .functions = functions, .function_count = 2, .ledger = last, .ledger_count = 1};
    CHECK_NUMBER(count_added(&knowing, &same), 0);
    CHECK_NUMBER(count_added(&knowing, &other), 1);
    /* Back to what was published before the last time: AWS keeps a further copy. */
    CHECK_NUMBER(count_added(&turned, &back), 1);
    CHECK_NUMBER(count_added(&none, &all), 1);
}

int main(void)
{
    CHECK_RUN(test_used);
    CHECK_RUN(test_rate);
    CHECK_RUN(test_forecast);
    CHECK_RUN(test_added);
    shared_arena_clean_up(&arena);
    return check_report();
}
