#include "report/page_inner.h"

#include "snapshot/snapshot_compare.h"

/* The bytes of a page's function in a snapshot; opens an object that the caller closes. False, and null, where the
 * snapshot does not have it. */
static bool open_sizes(struct page_run *run, const struct snapshot_function *before)
{
    if (!before) {
        json_out_text(&run->json, NULL, NULL);
        return false;
    }
    json_out_open(&run->json, NULL, '{');
    json_out_number(&run->json, "bytes", before->sizes.bytes);
    json_out_number(&run->json, "zip", before->sizes.zip_bytes);
    return true;
}

static const char *delta_library(const struct snapshot_delta *delta)
{
    return delta->library;
}

static const char *delta_member(const struct snapshot_delta *delta)
{
    return delta->member;
}

static const char *delta_symbol(const struct snapshot_delta *delta)
{
    return delta->symbol;
}

static int64_t delta_bytes(const struct snapshot_delta *delta)
{
    return snapshot_change(delta->before.bytes, delta->after.bytes);
}

static int64_t delta_before(const struct snapshot_delta *delta)
{
    return (int64_t)delta->before.count;
}

static int64_t delta_after(const struct snapshot_delta *delta)
{
    return (int64_t)delta->after.count;
}

static int write_names(struct page_run *run, const char *name, const struct snapshot_deltas *deltas,
                       const char *(*text)(const struct snapshot_delta *delta))
{
    json_out_open(&run->json, name, '[');
    for (size_t i = 0; i < deltas->count; i++) {
        uint32_t place;
        int status = page_texts_add(&run->texts, text(&deltas->items[i]), &place, run->err);
        if (status < 0)
            return status;
        json_out_number(&run->json, NULL, place);
    }
    json_out_close(&run->json, ']');
    return 0;
}

static void write_numbers(struct page_run *run, const char *name, const struct snapshot_deltas *deltas,
                          int64_t (*number)(const struct snapshot_delta *delta))
{
    json_out_open(&run->json, name, '[');
    for (size_t i = 0; i < deltas->count; i++)
        json_out_signed(&run->json, NULL, number(&deltas->items[i]));
    json_out_close(&run->json, ']');
}

/* Without those of which only the share of the zip is another, which are most. */
static void leave_out_moved(struct snapshot_deltas *deltas)
{
    size_t kept = 0;
    for (size_t i = 0; i < deltas->count; i++)
        if (!snapshot_only_moved(&deltas->items[i]))
            deltas->items[kept++] = deltas->items[i];
    deltas->count = kept;
}

static int write_changes(struct page_run *run, struct snapshot_deltas *deltas)
{
    leave_out_moved(deltas);
    json_out_open(&run->json, "changes", '{');
    int status = write_names(run, "library", deltas, delta_library);
    if (status == 0)
        status = write_names(run, "member", deltas, delta_member);
    if (status == 0)
        status = write_names(run, "symbol", deltas, delta_symbol);
    write_numbers(run, "bytes", deltas, delta_bytes);
    write_numbers(run, "before", deltas, delta_before);
    write_numbers(run, "after", deltas, delta_after);
    json_out_close(&run->json, '}');
    return status;
}

/* One function against what it was: a comparison of two snapshots that have no other. */
static int write_function(struct page_run *run, const struct report_page_function *function,
                          const struct snapshot *old)
{
    const struct snapshot_function *found = snapshot_find_function(old, function->function->name);
    if (!open_sizes(run, found))
        return 0;
    struct snapshot_function one = *found, now;
    const struct snapshot before = {.depth = old->depth, .functions = &one, .function_count = 1};
    const struct snapshot after = {.depth = SNAPSHOT_SYMBOL, .functions = &now, .function_count = 1};
    struct snapshot_comparison comparison;
    int status = snapshot_of_graph(function->graph, function->function->name, run->arena, &now, run->err);
    if (status == 0)
        status = snapshot_compare(&before, &after, SNAPSHOT_FILE, run->arena, &comparison, run->err);
    if (status == 0)
        status = write_changes(run, &comparison.symbols);
    json_out_close(&run->json, '}');
    return status;
}

static int write_against(struct page_run *run, const struct report_page_snapshot *against)
{
    int status = 0;
    json_out_open(&run->json, "against", '{');
    json_out_text(&run->json, "name", against->name);
    json_out_text(&run->json, "depth", snapshot_depth_name(against->snapshot->depth));
    json_out_open(&run->json, "functions", '[');
    for (size_t i = 0; status == 0 && i < run->page->function_count; i++)
        status = write_function(run, &run->page->functions[i], against->snapshot);
    json_out_close(&run->json, ']');
    json_out_close(&run->json, '}');
    return status;
}

static void write_point(struct page_run *run, const struct report_page_snapshot *point)
{
    json_out_open(&run->json, NULL, '{');
    json_out_text(&run->json, "name", point->name);
    json_out_open(&run->json, "functions", '[');
    for (size_t i = 0; i < run->page->function_count; i++)
        if (open_sizes(run, snapshot_find_function(point->snapshot, run->page->functions[i].function->name)))
            json_out_close(&run->json, '}');
    json_out_close(&run->json, ']');
    json_out_close(&run->json, '}');
}

int page_write_history(struct page_run *run)
{
    const struct report_page *page = run->page;
    int status = page->against ? write_against(run, page->against) : 0;
    if (page->history_count > 0) {
        json_out_open(&run->json, "history", '[');
        for (size_t i = 0; i < page->history_count; i++)
            write_point(run, &page->history[i]);
        json_out_close(&run->json, ']');
    }
    return status;
}
