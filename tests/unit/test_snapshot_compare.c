/* What became of sizes between two snapshots: by hand, and random ones against counting it all out. */
#include "check.h"

#include "snapshot/snapshot_compare.h"

#include <stdlib.h>

static struct shared_arena arena;

static struct snapshot parse(const char *text)
{
    struct snapshot snapshot;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(snapshot_parse("s.txt", shared_slice_from_text(text), &arena, &snapshot, &err), 0)) {
        fprintf(stderr, "    %s\n", err.text);
        exit(1);
    }
    return snapshot;
}

static struct snapshot_comparison compare(const struct snapshot *before, const struct snapshot *after,
                                          enum snapshot_key key)
{
    struct snapshot_comparison comparison;
    if (!CHECK_NUMBER(snapshot_compare(before, after, key, &arena, &comparison, NULL), 0))
        exit(1);
    return comparison;
}

#define HEAD "demine-sizes\t1\tsymbol\n"

/* Two functions; a changes, b does not. */
static const char old_text[] =
    HEAD "function\ta\t30\t9\nlibrary\ta\tz\t30\t9\nmember\ta\tz\tm.o\n\t10\t1\tgone\n"
         "\t10\t1\tmoved\n\t10\t1\tshrunk\n"
         "function\tb\t10\t3\nlibrary\tb\tz\t10\t3\nmember\tb\tz\tm.o\n\t10\t1\tmoved\n"
         "zip\ta\tz\t1 3 5\nzip\tb\tz\t3\n";
static const char new_text[] =
    HEAD "function\ta\t32\t8\nlibrary\ta\tz\t32\t8\nmember\ta\tz\tm.o\n\t10\t1\tmoved\n"
         "\t20\t2\tnew\n\t2\t1\tshrunk\n"
         "function\tb\t10\t3\nlibrary\tb\tz\t10\t3\nmember\tb\tz\tm.o\n\t10\t1\tmoved\n"
         "zip\ta\tz\t4 2 2\nzip\tb\tz\t3\n";

static void test_by_hand(void)
{
    const struct snapshot before = parse(old_text), after = parse(new_text);
    const struct snapshot_comparison by_file = compare(&before, &after, SNAPSHOT_FILE);
    CHECK(by_file.differs);
    CHECK_NUMBER(by_file.before.bytes, 40);
    CHECK_NUMBER(by_file.after.bytes, 42);
    CHECK_NUMBER(by_file.functions.count, 2);
    CHECK_TEXT(by_file.functions.items[0].function, "a");
    CHECK(!by_file.functions.items[0].was);
    CHECK_NUMBER(by_file.libraries.count, 1);
    CHECK_NUMBER(by_file.libraries.items[0].after.count, 5);
    static const char *const file_order[] = {"new", "gone", "shrunk", "moved"};
    static const char *const zip_order[] = {"shrunk", "new", "gone", "moved"};
    const struct snapshot_comparison by_zip = compare(&before, &after, SNAPSHOT_ZIP);
    if (!CHECK_NUMBER(by_file.symbols.count, 4) || !CHECK_NUMBER(by_zip.symbols.count, 4))
        return;
    for (size_t i = 0; i < 4; i++) {
        CHECK_TEXT(by_file.symbols.items[i].symbol, file_order[i]);
        CHECK_TEXT(by_zip.symbols.items[i].symbol, zip_order[i]);
    }
    const struct snapshot_delta *new = &by_file.symbols.items[0], *moved = &by_file.symbols.items[3];
    CHECK_NUMBER(new->before.count, 0);
    CHECK_NUMBER(new->after.count, 2);
    CHECK_NUMBER(snapshot_change(new->before.bytes, new->after.bytes), 20);
    CHECK_NUMBER(by_file.symbols.items[1].after.count, 0);
    CHECK(snapshot_only_moved(moved) && !snapshot_only_moved(new));
    CHECK_NUMBER(moved->before.count, 2); /* in b too, where it is as it was */
    CHECK_NUMBER(moved->before.zip_bytes, 6);
    CHECK_NUMBER(moved->after.zip_bytes, 7);
}

static void test_same(void)
{
    const struct snapshot a = parse(old_text), b = parse(old_text), none = parse(HEAD);
    const struct snapshot_comparison same = compare(&a, &b, SNAPSHOT_FILE);
    CHECK(!same.differs);
    CHECK_NUMBER(same.symbols.count, 0);
    CHECK_NUMBER(same.functions.count, 2);
    const struct snapshot_comparison nothing = compare(&none, &none, SNAPSHOT_FILE);
    CHECK(!nothing.differs);
    CHECK_NUMBER(nothing.functions.count + nothing.libraries.count + nothing.symbols.count, 0);
    const struct snapshot_comparison all = compare(&none, &a, SNAPSHOT_FILE);
    CHECK(all.differs);
    CHECK_NUMBER(all.symbols.count, 3);
    CHECK_NUMBER(all.functions.items[0].before.count, 0);
}

static void test_depths(void)
{
    const struct snapshot before = parse(old_text);
    struct snapshot after = parse(new_text);
    CHECK_NUMBER(snapshot_reduce(&after, SNAPSHOT_MEMBER, &arena, NULL), 0);
    const struct snapshot_comparison comparison = compare(&before, &after, SNAPSHOT_FILE);
    CHECK_NUMBER(comparison.depth, SNAPSHOT_MEMBER);
    if (CHECK_NUMBER(comparison.symbols.count, 1))
        CHECK_TEXT(comparison.symbols.items[0].member, "m.o");
    CHECK_NUMBER(before.depth, SNAPSHOT_SYMBOL); /* what was given stays as it was */
    CHECK_NUMBER(before.functions[0].row_count, 3);
}

#define OWN(function, first, second, third)                                                                  \
    "function\t" function "\t33\t0\nlibrary\t" function "\town\t33\t0\nmember\t" function "\town\t" function \
    ".c\n\t11\t1\t" first "\n\t11\t1\t" second "\n\t11\t1\t" third "\n"
#define SHARES(function) "zip\t" function "\town\t0 0 0\n"

static void test_renamed(void)
{
    static const struct {
        const char *name, *before, *after, *was;
    } rows[] = {
        {"all the same", OWN("a", "f", "g", "h") SHARES("a"), OWN("b", "f", "g", "h") SHARES("b"), "a"},
        {"two thirds", OWN("a", "f", "g", "h") SHARES("a"), OWN("b", "f", "g", "x") SHARES("b"), "a"},
        {"one third", OWN("a", "f", "g", "h") SHARES("a"), OWN("b", "f", "x", "y") SHARES("b"), NULL},
        {"the better one", OWN("a", "f", "g", "x") OWN("c", "f", "g", "h") SHARES("a") SHARES("c"),
         OWN("b", "f", "g", "h") SHARES("b"), "c"},
        {"one that is there still", OWN("a", "f", "g", "h") SHARES("a"),
         OWN("a", "f", "g", "h") OWN("b", "f", "g", "h") SHARES("a") SHARES("b"), NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].name);
        const struct snapshot before = parse(shared_arena_format(&arena, HEAD "%s", rows[i].before));
        const struct snapshot after = parse(shared_arena_format(&arena, HEAD "%s", rows[i].after));
        const struct snapshot_comparison comparison = compare(&before, &after, SNAPSHOT_FILE);
        CHECK(comparison.differs);
        const struct snapshot_delta *b = NULL;
        for (size_t j = 0; j < comparison.functions.count; j++)
            if (strcmp(comparison.functions.items[j].function, "b") == 0)
                b = &comparison.functions.items[j];
        CHECK(b && (b->was ? rows[i].was && strcmp(b->was, rows[i].was) == 0 : !rows[i].was));
        CHECK_NUMBER(comparison.functions.count,
                     before.function_count + after.function_count - (rows[i].was || i == 4 ? 1 : 0));
    }
}

/* Random numbers that are the same in each run. */
static uint64_t state = 1;

static unsigned random_below(unsigned end)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (unsigned)(state >> 33) % end;
}

#define FUNCTIONS 4
#define LIBRARIES 3
#define MEMBERS 3
#define SYMBOLS 4

/* A snapshot as a plain table; a count of 0: not there. */
struct table {
    struct snapshot_sizes sizes[FUNCTIONS][LIBRARIES][MEMBERS][SYMBOLS];
};

static void fill(struct table *table)
{
    struct snapshot_sizes *all = &table->sizes[0][0][0][0];
    for (size_t i = 0; i < sizeof(*table) / sizeof(*all); i++)
        all[i] = random_below(2)
                     ? (struct snapshot_sizes){random_below(50), random_below(20), 1 + random_below(3)}
                     : (struct snapshot_sizes){0};
}

static void change(struct table *table)
{
    struct snapshot_sizes *all = &table->sizes[0][0][0][0];
    for (unsigned changes = random_below(12); changes > 0; changes--) {
        struct snapshot_sizes *sizes = &all[random_below(sizeof(*table) / sizeof(*all))];
        *sizes = random_below(3) ? (struct snapshot_sizes){random_below(50), random_below(20), 1}
                                 : (struct snapshot_sizes){0};
    }
}

static const char *name_of(const char *kind, size_t i)
{
    return shared_arena_format(&arena, "%s%zu", kind, i);
}

static void add(struct snapshot_sizes *sum, const struct snapshot_sizes *sizes)
{
    sum->bytes += sizes->bytes;
    sum->zip_bytes += sizes->zip_bytes;
    sum->count += sizes->count;
}

/* The table as a snapshot, made without the code that is tested. */
static struct snapshot snapshot_of(const struct table *table)
{
    struct snapshot snapshot = {.depth = SNAPSHOT_SYMBOL,
                                .functions = calloc(FUNCTIONS, sizeof(*snapshot.functions)),
                                .function_count = FUNCTIONS};
    for (size_t f = 0; f < FUNCTIONS; f++) {
        struct snapshot_function *function = &snapshot.functions[f];
        function->name = name_of("f", f);
        function->libraries = calloc(LIBRARIES, sizeof(*function->libraries));
        function->rows = calloc(LIBRARIES * MEMBERS * SYMBOLS, sizeof(*function->rows));
        for (size_t i = 0; i < (size_t)LIBRARIES * MEMBERS * SYMBOLS; i++) {
            size_t l = i / (MEMBERS * SYMBOLS), m = i / SYMBOLS % MEMBERS, s = i % SYMBOLS;
            const struct snapshot_sizes *sizes = &table->sizes[f][l][m][s];
            const char *name = name_of("l", l);
            if (sizes->count == 0)
                continue;
            size_t last = function->library_count;
            if (last == 0 || strcmp(function->libraries[last - 1].name, name) != 0)
                function->libraries[function->library_count++] =
                    (struct snapshot_library){.name = name, .row_start = function->row_count};
            struct snapshot_library *library = &function->libraries[function->library_count - 1];
            library->row_count++;
            add(&library->sizes, sizes);
            add(&function->sizes, sizes);
            function->rows[function->row_count++] =
                (struct snapshot_row){.member = name_of("m", m),
                                      .symbol = name_of("s", s),
                                      .library = (uint32_t)(function->library_count - 1),
                                      .sizes = *sizes};
        }
    }
    return snapshot;
}

static void drop(struct snapshot *snapshot)
{
    for (size_t f = 0; f < FUNCTIONS; f++) {
        free(snapshot->functions[f].libraries);
        free(snapshot->functions[f].rows);
    }
    free(snapshot->functions);
}

static const struct snapshot_delta *find(const struct snapshot_deltas *deltas, const char *library,
                                         const char *member, const char *symbol)
{
    for (size_t i = 0; i < deltas->count; i++) {
        const struct snapshot_delta *delta = &deltas->items[i];
        if (strcmp(delta->library, library) == 0 && strcmp(delta->member, member) == 0 &&
            strcmp(delta->symbol, symbol) == 0)
            return delta;
    }
    return NULL;
}

static bool same(const struct snapshot_sizes *a, const struct snapshot_sizes *b)
{
    return a->bytes == b->bytes && a->zip_bytes == b->zip_bytes && a->count == b->count;
}

static size_t check_symbols(const struct table *before, const struct table *after,
                            const struct snapshot_comparison *comparison)
{
    size_t changed = 0;
    for (size_t i = 0; i < (size_t)LIBRARIES * MEMBERS * SYMBOLS; i++) {
        size_t l = i / (MEMBERS * SYMBOLS), m = i / SYMBOLS % MEMBERS, s = i % SYMBOLS;
        struct snapshot_sizes left = {0}, right = {0};
        bool differs = false;
        for (size_t f = 0; f < FUNCTIONS; f++) {
            add(&left, &before->sizes[f][l][m][s]);
            add(&right, &after->sizes[f][l][m][s]);
            differs |= !same(&before->sizes[f][l][m][s], &after->sizes[f][l][m][s]);
        }
        const struct snapshot_delta *delta =
            find(&comparison->symbols, name_of("l", l), name_of("m", m), name_of("s", s));
        CHECK((delta != NULL) == differs);
        CHECK(!delta || (same(&delta->before, &left) && same(&delta->after, &right)));
        changed += differs;
    }
    return changed;
}

static uint64_t distance(const struct snapshot_delta *delta, enum snapshot_key key)
{
    int64_t change = key == SNAPSHOT_ZIP ? snapshot_change(delta->before.zip_bytes, delta->after.zip_bytes)
                                         : snapshot_change(delta->before.bytes, delta->after.bytes);
    return (uint64_t)llabs(change);
}

static void check_order(const struct snapshot_deltas *deltas, enum snapshot_key key)
{
    for (size_t i = 1; i < deltas->count; i++)
        CHECK(distance(&deltas->items[i - 1], key) >= distance(&deltas->items[i], key));
}

static void test_random(void)
{
    for (int round = 0; round < 300; round++) {
        struct table tables[2];
        enum snapshot_key key = round % 2 ? SNAPSHOT_ZIP : SNAPSHOT_FILE;
        fill(&tables[0]);
        tables[1] = tables[0];
        change(&tables[1]);
        struct snapshot before = snapshot_of(&tables[0]), after = snapshot_of(&tables[1]);
        const struct snapshot_comparison comparison = compare(&before, &after, key);
        size_t changed = check_symbols(&tables[0], &tables[1], &comparison);
        CHECK_NUMBER(comparison.symbols.count, changed);
        CHECK(comparison.differs == (changed > 0));
        check_order(&comparison.symbols, key);
        check_order(&comparison.libraries, key);
        check_order(&comparison.functions, key);
        struct snapshot_sizes sum = {0};
        for (size_t i = 0; i < comparison.libraries.count; i++)
            add(&sum, &comparison.libraries.items[i].after);
        CHECK(same(&sum, &comparison.after));
        /* What is written and read again is the same. */
        struct shared_slice text;
        struct snapshot again;
        CHECK_NUMBER(snapshot_print(&after, &arena, &text, NULL), 0);
        CHECK_NUMBER(snapshot_parse("s.txt", text, &arena, &again, NULL), 0);
        const struct snapshot_comparison none = compare(&after, &again, key);
        CHECK(!none.differs);
        drop(&before);
        drop(&after);
        shared_arena_reset(&arena);
    }
}

int main(void)
{
    CHECK_RUN(test_by_hand);
    CHECK_RUN(test_same);
    CHECK_RUN(test_depths);
    CHECK_RUN(test_renamed);
    CHECK_RUN(test_random);
    shared_arena_clean_up(&arena);
    return check_report();
}
