/* Budgets: what is held, against what, and how what is broken is told. */
#include "check.h"

#include "limit/budget.h"

#include <stdlib.h>

static struct shared_arena arena;

#define BEFORE                                                                                              \
    "demine-sizes\t1\tsymbol\nfunction\ta\t1000\t500\nlibrary\ta\tlibc\t700\t400\nmember\ta\tlibc\tprintf." \
    "o\n"                                                                                                   \
    "\t700\t1\tprintf\nlibrary\ta\town\t300\t100\nmember\ta\town\ta.c\n\t100\t2\t[.rodata]"                 \
    "\n\t200\t1\tmain\n"                                                                                    \
    "zip\ta\tlibc\t400\nzip\ta\town\t40 60\n"

#define NOW                                                                                                 \
    "demine-sizes\t1\tsymbol\nfunction\ta\t1100\t540\nlibrary\ta\tlibc\t700\t410\nmember\ta\tlibc\tprintf." \
    "o\n"                                                                                                   \
    "\t700\t1\tprintf\nlibrary\ta\town\t310\t100\nmember\ta\town\ta.c\n\t100\t2\t[.rodata]"                 \
    "\n\t210\t1\tmain\n"                                                                                    \
    "library\ta\tzlib\t90\t30\nmember\ta\tzlib\tinflate.o\n\t90\t1\tinflate\n"                              \
    "function\tb-1\t20\t10\nlibrary\tb-1\town\t20\t10\nmember\tb-1\town\tb.c\n\t20\t1\tmain\n"              \
    "zip\ta\tlibc\t410\nzip\ta\town\t40 60\nzip\ta\tzlib\t30\nzip\tb-1\town\t10\n"

static struct snapshot read_snapshot(const char *text)
{
    struct snapshot snapshot;
    if (!CHECK_NUMBER(snapshot_parse("s.txt", shared_slice_from_text(text), &arena, &snapshot, NULL), 0))
        exit(1);
    return snapshot;
}

static struct manifest read_manifest(const char *budgets)
{
    const char *text =
        shared_arena_format(&arena,
                            "{\"name\": \"p\", \"functions\": {\"a\": {\"binary\": \"a\"}, \"b-1\": "
                            "{\"binary\": \"b\"}},\n\"budgets\": [%s]}",
                            budgets);
    struct manifest manifest;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(manifest_parse("demine.json", text, strlen(text), &arena, &manifest, &err), 0)) {
        fprintf(stderr, "    %s\n", err.text);
        exit(1);
    }
    return manifest;
}

struct row {
    const char *budget, *message; /* NULL: it is kept */
};

static void check_rows(const struct row *rows, size_t count)
{
    const struct snapshot now = read_snapshot(NOW), before = read_snapshot(BEFORE);
    for (size_t i = 0; i < count; i++) {
        CHECK_ROW(rows[i].budget);
        const struct manifest manifest = read_manifest(rows[i].budget);
        struct budget_findings findings;
        CHECK_NUMBER(budget_check(&manifest, &now, &before, "old.txt", &arena, &findings, NULL), 0);
        CHECK_NUMBER(findings.count, rows[i].message ? 1 : 0);
        CHECK_TEXT(findings.count ? findings.items[0].message : NULL, rows[i].message);
    }
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_sizes(void)
{
    static const struct row rows[] = {
        {"{\"unzipped_bytes\": 1100}", NULL},
        {"{\"unzipped_bytes\": 1099}", "function a: budgets[0].unzipped_bytes: program: 1,100 B, over the "
                                       "budget of 1,099 B; largest: printf "
                                       "(libc, printf.o) 700 B, library libc 700 B, main (own, a.c) 210 B; "
                                       "demine why a printf shows what needs "
                                       "it; take something out, or change the budget"},
        {"{\"zip_bytes\": 540}", NULL},
        {"{\"zip_bytes\": 539}", "function a: budgets[0].zip_bytes: program: 540 B in the zip, over the "
                                 "budget of 539 B; largest: printf "
                                 "(libc, printf.o) 410 B, library libc 410 B, main (own, a.c) 60 B; demine "
                                 "why a printf shows what needs "
                                 "it; take something out, or change the budget"},
        {"{\"function\": \"b*\", \"zip_bytes\": 10}", NULL},
        {"{\"function\": \"b-?\", \"library\": \"own\", \"zip_bytes\": 9}",
         "function b-1: budgets[0].zip_bytes: library own: 10 B in the zip, over the budget of 9 B; largest: "
         "main "
         "(own, b.c) 10 B; demine why b-1 main shows what needs it; take something out, or change the "
         "budget"},
        {"{\"library\": \"[lz]*\", \"unzipped_bytes\": 789}",
         "function a: budgets[0].unzipped_bytes: library [lz]*: 790 B, over the budget of 789 B; largest: "
         "printf "
         "(libc, printf.o) 700 B, inflate (zlib, inflate.o) 90 B; demine why a printf shows what needs it; "
         "take "
         "something out, or change the budget"},
        {"{\"symbol\": \"inf*\", \"unzipped_bytes\": 0}",
         "function a: budgets[0].unzipped_bytes: symbols inf*: 90 B, over the budget of 0 B; largest: "
         "inflate "
         "(zlib, inflate.o) 90 B; demine why a inflate shows what needs it; take something out, or change "
         "the "
         "budget"},
        {"{\"symbol\": \"[[].rodata]\", \"library\": \"o*\", \"zip_bytes\": 1}",
         "function a: budgets[0].zip_bytes: symbols [[].rodata] of o*: 40 B in the zip, over the budget of 1 "
         "B; "
         "largest: [.rodata] (own, a.c) 40 B; take something out, or change the budget"},
        {"{\"symbol\": \"deflate\", \"unzipped_bytes\": 0}", NULL},
        {"{\"library\": \"libpng\", \"zip_bytes\": 0}", NULL},
    };
    CHECK_ROWS(rows);
}

static void test_growth(void)
{
    static const struct row rows[] = {
        {"{\"unzipped_growth_bytes\": 100}", NULL},
        {"{\"unzipped_growth_bytes\": 99}",
         "function a: budgets[0].unzipped_growth_bytes: program: 1,100 B, 100 B more than the 1,000 B in "
         "old.txt, "
         "over the budget of 1,099 B; largest growth: inflate (zlib, inflate.o) +90 B, main (own, a.c) +10 "
         "B; "
         "demine why a inflate shows what needs it; take something out, or accept it with demine snapshot"},
        {"{\"zip_growth_percent\": 8}", NULL},
        {"{\"zip_growth_percent\": 7}",
         "function a: budgets[0].zip_growth_percent: program: 540 B in the zip, 40 B more than the 500 B in "
         "old.txt, over the budget of 535 B; largest growth: inflate (zlib, inflate.o) +30 B, printf (libc, "
         "printf.o) +10 B; demine why a inflate shows what needs it; take something out, or accept it with "
         "demine "
         "snapshot"},
        {"{\"library\": \"zlib\", \"unzipped_growth_percent\": 1000}",
         "function a: budgets[0].unzipped_growth_percent: library zlib: 90 B, 90 B more than the 0 B in "
         "old.txt, "
         "over the budget of 0 B; largest growth: inflate (zlib, inflate.o) +90 B; demine why a inflate "
         "shows what "
         "needs it; take something out, or accept it with demine snapshot"},
        {"{\"symbol\": \"main\", \"unzipped_growth_bytes\": 9}",
         "function a: budgets[0].unzipped_growth_bytes: symbols main: 210 B, 10 B more than the 200 B in "
         "old.txt, "
         "over the budget of 209 B; largest growth: main (own, a.c) +10 B; demine why a main shows what "
         "needs it; "
         "take something out, or accept it with demine snapshot"},
        {"{\"library\": \"own\", \"unzipped_growth_percent\": 4}", NULL}, /* 310 of 312 */
        {"{\"library\": \"libc\", \"unzipped_growth_bytes\": 0}", NULL},
        {"{\"function\": \"b*\", \"zip_growth_bytes\": 0, \"unzipped_growth_percent\": 0}", NULL}, /* new */
        {"{\"zip_growth_percent\": 9007199254740991, \"unzipped_growth_bytes\": 9007199254740991}", NULL},
    };
    CHECK_ROWS(rows);
}

/* By function, then in the manifest's order; each number on its own. */
static void test_several(void)
{
    const struct snapshot now = read_snapshot(NOW), before = read_snapshot(BEFORE);
    const struct manifest manifest = read_manifest(
        "{\"zip_bytes\": 1, \"unzipped_bytes\": 1, \"zip_growth_bytes\": 1, \"unzipped_growth_bytes\": 1, "
        "\"zip_growth_percent\": 1, \"unzipped_growth_percent\": 1}, {\"library\": \"own\", \"zip_bytes\": "
        "0}");
    static const struct {
        const char *function, *key;
        uint64_t value, allowed;
    } rows[] = {
        {"a", "unzipped_bytes", 1100, 1},
        {"a", "unzipped_growth_bytes", 1100, 1001},
        {"a", "unzipped_growth_percent", 1100, 1010},
        {"a", "zip_bytes", 540, 1},
        {"a", "zip_growth_bytes", 540, 501},
        {"a", "zip_growth_percent", 540, 505},
        {"a", "zip_bytes", 100, 0},
        {"b-1", "unzipped_bytes", 20, 1},
        {"b-1", "zip_bytes", 10, 1},
        {"b-1", "zip_bytes", 10, 0},
    };
    struct budget_findings findings;
    CHECK_NUMBER(budget_check(&manifest, &now, &before, "old.txt", &arena, &findings, NULL), 0);
    if (!CHECK_NUMBER(findings.count, sizeof(rows) / sizeof(rows[0])))
        return;
    for (size_t i = 0; i < findings.count; i++) {
        CHECK_TEXT(findings.items[i].function, rows[i].function);
        CHECK_TEXT(findings.items[i].key, rows[i].key);
        CHECK_NUMBER(findings.items[i].value, rows[i].value);
        CHECK_NUMBER(findings.items[i].allowed, rows[i].allowed);
    }
    CHECK(findings.items[6].budget == &manifest.budgets[1]);
}

static void test_who_needs_what(void)
{
    const struct manifest none = read_manifest(""),
                          some = read_manifest("{\"function\": \"a\", \"zip_bytes\": 1}");
    CHECK(!budget_is_for(&none, "a") && !budget_needs_snapshot(&none));
    CHECK(budget_is_for(&some, "a") && !budget_is_for(&some, "b-1") && !budget_needs_snapshot(&some));
    const struct manifest growth = read_manifest("{\"zip_bytes\": 1}, {\"unzipped_growth_percent\": 0}");
    CHECK(budget_is_for(&growth, "b-1") && budget_needs_snapshot(&growth));
    const struct snapshot now = read_snapshot(NOW);
    struct budget_findings findings;
    CHECK_NUMBER(budget_check(&some, &now, NULL, NULL, &arena, &findings, NULL), 0);
    CHECK_NUMBER(findings.count, 1);
}

static void test_depth(void)
{
    const struct snapshot now = read_snapshot(NOW);
    struct snapshot before = read_snapshot(BEFORE);
    CHECK_NUMBER(snapshot_reduce(&before, SNAPSHOT_LIBRARY, &arena, NULL), 0);
    struct budget_findings findings;
    struct shared_error err = {0};
    const struct manifest of_library = read_manifest("{\"library\": \"own\", \"unzipped_growth_bytes\": 1}");
    CHECK_NUMBER(budget_check(&of_library, &now, &before, "old.txt", &arena, &findings, &err), 0);
    if (CHECK_NUMBER(findings.count, 1))
        CHECK(strstr(findings.items[0].message, "largest growth: * (own, *) +10 B") != NULL);
    const struct manifest of_symbol = read_manifest(
        "{\"symbol\": \"main\", \"unzipped_bytes\": 1000},\n{\"symbol\": \"m*\", \"zip_growth_bytes\": 1}");
    CHECK_NUMBER(budget_check(&of_symbol, &now, &before, "old.txt", &arena, &findings, &err), SHARED_EINVAL);
    CHECK_TEXT(err.text,
               "demine.json:3: budgets[1].symbol: old.txt has no symbols to measure growth from; write it "
               "with demine snapshot");
}

int main(void)
{
    CHECK_RUN(test_sizes);
    CHECK_RUN(test_growth);
    CHECK_RUN(test_several);
    CHECK_RUN(test_who_needs_what);
    CHECK_RUN(test_depth);
    shared_arena_clean_up(&arena);
    return check_report();
}
