#include "limit/budget.h"

#include "limit/budget_message.h"

#include <fnmatch.h>
#include <string.h>

struct check {
    const struct manifest *manifest;
    const struct snapshot *before;
    const char *before_path;
    struct shared_arena *arena;
    struct budget_findings *findings;
    struct shared_error *err;
};

/* What one budget has in one function; bytes of the zip or of the program. */
struct measure {
    const struct manifest_budget *budget;
    const struct snapshot_function *now, *before; /* before NULL: its size is asked for, not its growth */
    bool zip;
    uint64_t value, was;
    struct budget_cause causes[BUDGET_CAUSES];
    size_t cause_count;
};

static int no_memory(const struct check *check)
{
    return shared_fail(check->err, SHARED_ENOMEM, 0, "no memory to hold sizes against budgets");
}

static bool matches(const char *pattern, const char *name)
{
    return !pattern || fnmatch(pattern, name, 0) == 0;
}

bool budget_is_for(const struct manifest *manifest, const char *function)
{
    for (size_t i = 0; i < manifest->budget_count; i++)
        if (matches(manifest->budgets[i].function, function))
            return true;
    return false;
}

static bool is_of_growth(const struct manifest_budget *budget)
{
    return budget->zip.growth_bytes != MANIFEST_NO_NUMBER ||
           budget->zip.growth_percent != MANIFEST_NO_NUMBER ||
           budget->unzipped.growth_bytes != MANIFEST_NO_NUMBER ||
           budget->unzipped.growth_percent != MANIFEST_NO_NUMBER;
}

bool budget_needs_snapshot(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->budget_count; i++)
        if (is_of_growth(&manifest->budgets[i]))
            return true;
    return false;
}

/* Keeps the largest; of equals the first. */
static void add_cause(struct measure *measure, const struct budget_cause *cause)
{
    size_t place = measure->cause_count;
    while (place > 0 && measure->causes[place - 1].bytes < cause->bytes)
        place--;
    if (place == BUDGET_CAUSES || cause->bytes == 0)
        return;
    if (measure->cause_count < BUDGET_CAUSES)
        measure->cause_count++;
    for (size_t i = measure->cause_count - 1; i > place; i--)
        measure->causes[i] = measure->causes[i - 1];
    measure->causes[place] = *cause;
}

static uint64_t size_of(const struct measure *measure, const struct snapshot_sizes *sizes)
{
    return measure->zip ? sizes->zip_bytes : sizes->bytes;
}

/* Adds the rows of a library that is in both, or in one (the other NULL): those of the same name belong
 * together. */
static void add_rows(struct measure *measure, const struct snapshot_library *now,
                     const struct snapshot_library *before)
{
    size_t now_count = now ? now->row_count : 0, before_count = before ? before->row_count : 0;
    for (size_t i = 0, j = 0; i < now_count || j < before_count;) {
        const struct snapshot_row *row = i < now_count ? &measure->now->rows[now->row_start + i] : NULL;
        const struct snapshot_row *was =
            j < before_count ? &measure->before->rows[before->row_start + j] : NULL;
        int order = !row ? 1 : !was ? -1 : strcmp(row->member, was->member);
        if (order == 0)
            order = strcmp(row->symbol, was->symbol);
        i += order <= 0;
        j += order >= 0;
        if (!matches(measure->budget->symbol, order <= 0 ? row->symbol : was->symbol))
            continue;
        uint64_t size = order <= 0 ? size_of(measure, &row->sizes) : 0;
        uint64_t size_was = order >= 0 ? size_of(measure, &was->sizes) : 0;
        measure->value += size;
        measure->was += size_was;
        const struct budget_cause cause = {.library = now ? now->name : before->name,
                                           .row = row,
                                           .bytes = size > size_was ? size - size_was : 0};
        add_cause(measure, &cause);
    }
}

static void add_libraries(struct measure *measure)
{
    const struct snapshot_function *now = measure->now, *before = measure->before;
    size_t before_count = before ? before->library_count : 0;
    for (size_t i = 0, j = 0; i < now->library_count || j < before_count;) {
        const struct snapshot_library *library = i < now->library_count ? &now->libraries[i] : NULL;
        const struct snapshot_library *was = j < before_count ? &before->libraries[j] : NULL;
        int order = !library ? 1 : !was ? -1 : strcmp(library->name, was->name);
        i += order <= 0;
        j += order >= 0;
        if (matches(measure->budget->library, order <= 0 ? library->name : was->name))
            add_rows(measure, order <= 0 ? library : NULL, order >= 0 ? was : NULL);
    }
}

/* Of a whole program, the largest library says more than its largest symbols alone. */
static void put_library_first(struct measure *measure)
{
    struct budget_cause largest = {0};
    if (measure->budget->library || measure->budget->symbol || measure->before)
        return;
    for (size_t i = 0; i < measure->now->library_count; i++) {
        const struct snapshot_library *library = &measure->now->libraries[i];
        if (size_of(measure, &library->sizes) > largest.bytes)
            largest = (struct budget_cause){library->name, NULL, size_of(measure, &library->sizes)};
    }
    add_cause(measure, &largest);
}

/* What may be there where there was something, and it may grow by so many per cent. */
static uint64_t add_percent(uint64_t before, uint64_t percent)
{
    /* Sizes are below 2^53: what does not fit allows anything. */
    uint64_t product;
    return __builtin_mul_overflow(before, percent, &product) ? UINT64_MAX : before + product / 100;
}

static int hold(const struct check *check, struct measure *measure, const char *key, uint64_t allowed)
{
    if (measure->value <= allowed)
        return 0;
    struct budget_finding *finding = &check->findings->items[check->findings->count++];
    *finding = (struct budget_finding){.budget = measure->budget,
                                       .function = measure->now->name,
                                       .key = key,
                                       .value = measure->value,
                                       .allowed = allowed};
    struct budget_case broken = {.finding = finding,
                                 .zip = measure->zip,
                                 .growth = measure->before != NULL,
                                 .before = measure->was,
                                 .before_path = check->before_path,
                                 .cause_count = measure->cause_count};
    memcpy(broken.causes, measure->causes, sizeof(broken.causes));
    finding->message = budget_message(&broken, check->arena);
    return finding->message ? 0 : no_memory(check);
}

static int check_size(const struct check *check, const struct manifest_budget *budget,
                      const struct snapshot_function *now, bool zip)
{
    uint64_t allowed = zip ? budget->zip.bytes : budget->unzipped.bytes;
    struct measure measure = {.budget = budget, .now = now, .zip = zip};
    if (allowed == MANIFEST_NO_NUMBER)
        return 0;
    add_libraries(&measure);
    put_library_first(&measure);
    return hold(check, &measure, zip ? "zip_bytes" : "unzipped_bytes", allowed);
}

static int check_growth(const struct check *check, const struct manifest_budget *budget,
                        const struct snapshot_function *now, bool zip)
{
    const struct manifest_allowance *allowance = zip ? &budget->zip : &budget->unzipped;
    struct measure measure = {
        .budget = budget, .now = now, .before = snapshot_find_function(check->before, now->name), .zip = zip};
    if (!measure.before ||
        (allowance->growth_bytes == MANIFEST_NO_NUMBER && allowance->growth_percent == MANIFEST_NO_NUMBER))
        return 0;
    add_libraries(&measure);
    int status = 0;
    if (allowance->growth_bytes != MANIFEST_NO_NUMBER)
        status = hold(check, &measure, zip ? "zip_growth_bytes" : "unzipped_growth_bytes",
                      measure.was + allowance->growth_bytes);
    if (status == 0 && allowance->growth_percent != MANIFEST_NO_NUMBER)
        status = hold(check, &measure, zip ? "zip_growth_percent" : "unzipped_growth_percent",
                      add_percent(measure.was, allowance->growth_percent));
    return status;
}

static int expect_depth(const struct check *check, const struct manifest_budget *budget)
{
    if (!budget->symbol || !is_of_growth(budget) || check->before->depth == SNAPSHOT_SYMBOL)
        return 0;
    return manifest_fail(check->manifest, budget->json_path, "symbol", check->err,
                         "%s has no symbols to measure growth from; write it with demine snapshot",
                         check->before_path);
}

static int check_function(const struct check *check, const struct snapshot_function *now,
                          const struct snapshot_function *reduced)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < check->manifest->budget_count; i++) {
        const struct manifest_budget *budget = &check->manifest->budgets[i];
        if (!matches(budget->function, now->name))
            continue;
        for (int zip = 0; zip < 2 && status == 0; zip++) {
            status = check_size(check, budget, now, zip == 1);
            if (status == 0 && check->before && is_of_growth(budget))
                status = check_growth(check, budget, reduced, zip == 1);
        }
    }
    return status;
}

int budget_check(const struct manifest *manifest, const struct snapshot *now, const struct snapshot *before,
                 const char *before_path, struct shared_arena *arena, struct budget_findings *findings,
                 struct shared_error *err)
{
    const struct check check = {manifest, before, before_path, arena, findings, err};
    size_t most = 6 * manifest->budget_count * now->function_count; /* a budget has six numbers */
    struct snapshot reduced = *now;
    *findings = (struct budget_findings){shared_arena_alloc(arena, most * sizeof(*findings->items)), 0};
    if (!findings->items)
        return no_memory(&check);
    int status = before ? snapshot_reduce(&reduced, before->depth, arena, err) : 0;
    for (size_t i = 0; before && status == 0 && i < manifest->budget_count; i++)
        status = expect_depth(&check, &manifest->budgets[i]);
    for (size_t i = 0; status == 0 && i < now->function_count; i++)
        status = check_function(&check, &now->functions[i], &reduced.functions[i]);
    return status;
}
