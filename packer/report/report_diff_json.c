#include "report/report_diff.h"

#include "report/diff_row.h"

static void write_sizes(struct json_out *json, const char *name, const struct snapshot_sizes *sizes)
{
    json_out_open(json, name, '{');
    json_out_number(json, "bytes", sizes->bytes);
    json_out_number(json, "zip_bytes", sizes->zip_bytes);
    json_out_number(json, "count", sizes->count);
    json_out_close(json, '}');
}

/* What all rows have, behind their names. */
static void write_numbers(struct json_out *json, const struct snapshot_delta *delta)
{
    const struct snapshot_sizes *before = &delta->before, *after = &delta->after;
    json_out_text(json, "state", diff_state_name(diff_state(delta)));
    write_sizes(json, "before", before);
    write_sizes(json, "after", after);
    json_out_signed(json, "delta_bytes", snapshot_change(before->bytes, after->bytes));
    json_out_signed(json, "delta_zip_bytes", snapshot_change(before->zip_bytes, after->zip_bytes));
    json_out_close(json, '}');
}

static void write_functions(struct json_out *json, const struct snapshot_deltas *functions)
{
    json_out_open(json, "functions", '[');
    for (size_t i = 0; i < functions->count; i++) {
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", functions->items[i].function);
        json_out_text(json, "was", functions->items[i].was);
        write_numbers(json, &functions->items[i]);
    }
    json_out_close(json, ']');
}

static void write_libraries(struct json_out *json, const struct snapshot_deltas *libraries)
{
    json_out_open(json, "libraries", '[');
    for (size_t i = 0; i < libraries->count; i++) {
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", libraries->items[i].library);
        write_numbers(json, &libraries->items[i]);
    }
    json_out_close(json, ']');
}

static void write_symbols(struct json_out *json, const struct snapshot_deltas *symbols)
{
    json_out_open(json, "symbols", '[');
    for (size_t i = 0; i < symbols->count; i++) {
        json_out_open(json, NULL, '{');
        json_out_text(json, "library", symbols->items[i].library);
        json_out_text(json, "member", symbols->items[i].member);
        json_out_text(json, "name", symbols->items[i].symbol);
        write_numbers(json, &symbols->items[i]);
    }
    json_out_close(json, ']');
}

void report_diff_json(FILE *out, const struct snapshot_comparison *comparison)
{
    struct json_out json = {.out = out};
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_text(&json, "depth", snapshot_depth_name(comparison->depth));
    write_sizes(&json, "before", &comparison->before);
    write_sizes(&json, "after", &comparison->after);
    write_functions(&json, &comparison->functions);
    write_libraries(&json, &comparison->libraries);
    write_symbols(&json, &comparison->symbols);
    json_out_close(&json, '}');
    putc('\n', out);
}
