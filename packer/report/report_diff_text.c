#include "report/report_diff.h"

#include "base/columns.h"
#include "report/diff_row.h"

/* What is being printed. */
struct printing {
    FILE *out;
    const struct report_diff *how;
    struct shared_arena *arena;
    struct shared_error *err;
};

typedef const char *label(const struct snapshot_delta *delta, struct shared_arena *arena);

static const char *function_label(const struct snapshot_delta *delta, struct shared_arena *arena)
{
    return delta->was ? shared_arena_format(arena, "%s (was %s)", delta->function, delta->was)
                      : delta->function;
}

static const char *library_label(const struct snapshot_delta *delta, struct shared_arena *arena)
{
    (void)arena;
    return delta->library;
}

static const char *member_label(const struct snapshot_delta *delta, struct shared_arena *arena)
{
    return shared_arena_format(arena, "%s (%s)", delta->member, delta->library);
}

static const char *symbol_label(const struct snapshot_delta *delta, struct shared_arena *arena)
{
    return shared_arena_format(arena, "%s (%s, %s)", delta->symbol, delta->library, delta->member);
}

static void add_row(struct columns *columns, const char *name, const struct snapshot_delta *delta,
                    enum snapshot_key key)
{
    const struct diff_row row = diff_row(delta, key, columns->arena);
    columns_add(columns, name);
    columns_add(columns, row.before);
    columns_add(columns, row.after);
    columns_add(columns, row.delta);
    columns_add(columns, row.other);
    columns_add(columns, row.count);
}

/* Rows that are not shown, in one; what says how many they are. */
static void add_sum(struct columns *columns, const char *what, size_t count, const struct snapshot_delta *sum,
                    enum snapshot_key key)
{
    if (count > 0)
        add_row(columns, shared_arena_format(columns->arena, "(%zu %s)", count, what), sum, key);
}

static int print_table(struct printing *printing, const char *heading, const struct snapshot_deltas *deltas,
                       label *label_of)
{
    enum snapshot_key key = printing->how->key;
    struct columns columns = {.arena = printing->arena, .column_count = 6};
    struct diff_parts parts;
    int status =
        diff_part(deltas, key == SNAPSHOT_ZIP || label_of == function_label || label_of == library_label,
                  printing->how->top, printing->arena, &parts, printing->err);
    if (status < 0 || parts.row_count + parts.moved_count == 0)
        return status;
    const char *const headings[] = {
        heading, "BEFORE", "AFTER", "DELTA", key == SNAPSHOT_ZIP ? "FILE DELTA" : "ZIP DELTA", "COUNT"};
    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < parts.shown; i++)
        add_row(&columns, label_of(parts.rows[i], printing->arena), parts.rows[i], key);
    add_sum(&columns, "others", parts.other_count, &parts.others, key);
    add_sum(&columns, "whose share of the zip alone differs", parts.moved_count, &parts.moved, key);
    add_sum(&columns, "unchanged", parts.same_count, &parts.same, key);
    putc('\n', printing->out);
    return columns_print(&columns, printing->out, printing->how->colour, printing->err);
}

static const char *sum_text(const struct snapshot_comparison *comparison, struct shared_arena *arena)
{
    const struct snapshot_sizes *before = &comparison->before, *after = &comparison->after;
    const char *bytes = columns_number_text(arena, after->bytes),
               *zip = columns_number_text(arena, after->zip_bytes);
    const char *growth = diff_growth_text(before->bytes, after->bytes, arena);
    const char *zip_growth = diff_growth_text(before->zip_bytes, after->zip_bytes, arena);
    if (!bytes || !zip || !growth || !zip_growth)
        return NULL;
    if (!comparison->differs)
        return shared_arena_format(arena, "no difference: %s B, %s B in the zip", bytes, zip);
    return shared_arena_format(arena, "%s B, %s; %s B in the zip, %s", bytes, growth, zip, zip_growth);
}

static int print_parts(struct printing *printing, const struct snapshot_comparison *comparison)
{
    switch (comparison->depth) {
    case SNAPSHOT_SYMBOL:
        return print_table(printing, "SYMBOL", &comparison->symbols, symbol_label);
    case SNAPSHOT_MEMBER:
        return print_table(printing, "MEMBER", &comparison->symbols, member_label);
    default:
        return 0; /* the libraries are told of already */
    }
}

int report_diff_text(FILE *out, const struct snapshot_comparison *comparison, const struct report_diff *how,
                     struct shared_arena *arena, struct shared_error *err)
{
    struct printing printing = {out, how, arena, err};
    const char *sum = sum_text(comparison, arena);
    if (!sum)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a table");
    fprintf(out, "%s → %s: %s\n", how->before, how->after, sum);
    const char *which, *missing = diff_missing(comparison, how, &which);
    if (missing)
        fprintf(out, "%s %s\n", which, missing);
    int status = print_table(&printing, "FUNCTION", &comparison->functions, function_label);
    if (status == 0)
        status = print_table(&printing, "LIBRARY", &comparison->libraries, library_label);
    return status < 0 ? status : print_parts(&printing, comparison);
}
