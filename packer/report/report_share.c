#include "report/report_share.h"

#include "base/columns.h"

#include <inttypes.h>
#include <string.h>

static const char *number(struct shared_arena *arena, uint64_t value)
{
    return columns_number_text(arena, value);
}

/* "42,362 to 77,103", or one number where both are the same. */
static const char *range(struct shared_arena *arena, uint64_t least, uint64_t most)
{
    return least == most ? number(arena, least)
                         : shared_arena_format(arena, "%s to %s", number(arena, least), number(arena, most));
}

static int print_libraries(FILE *out, const struct report_share *report, struct shared_arena *arena,
                           struct shared_error *err)
{
    static const char *const headings[] = {"LIBRARY",   "FUNCTIONS",       "STATIC ZIPS",   "IN COPY",
                                           "LAYER ZIP", "STATIC UNZIPPED", "LAYER UNZIPPED"};
    struct columns columns = {.arena = arena, .column_count = 7};
    for (size_t i = 0; i < 7; i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < report->share->library_count; i++) {
        const struct share_library *library = &report->share->libraries[i];
        const struct share_layer *layer = &report->choices[i].layer;
        columns_add(&columns, library->name);
        columns_add_number(&columns, library->functions);
        columns_add_number(&columns, library->all.zip);
        columns_add_number(&columns, library->copy.zip);
        columns_add(&columns, layer->path ? number(arena, layer->with.zip) : "-");
        columns_add(&columns, range(arena, library->least_file, library->most_file));
        columns_add(&columns, layer->path ? number(arena, layer->with.file) : "-");
    }
    return columns_print(&columns, out, report->colour, err);
}

/* ", with libz.so.1 and libm.so.6": what goes with a shared object. */
static const char *company(const struct share_layer *layer, struct shared_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < layer->needs.count && text; i++)
        text = shared_arena_format(arena, "%s%s%s", text, i ? " and " : " with ", layer->needs.items[i]);
    return text;
}

/* What would have to change first. */
static const char *obstacle(const struct share_choice *choice, struct shared_arena *arena)
{
    if (choice->library->static_functions == 0)
        return "";
    return shared_arena_format(arena, "; %zu of its functions would have to be linked dynamically first",
                               choice->library->static_functions);
}

static const char *signed_number(struct shared_arena *arena, int64_t value)
{
    return shared_arena_format(arena, "%s%s", value < 0 ? "-" : "+",
                               number(arena, (uint64_t)(value < 0 ? -value : value)));
}

/* Part of the limit that the addition takes, where there is a limit. */
static const char *budget(const struct report_share *report, int64_t added, struct shared_arena *arena)
{
    if (report->unzipped_limit_bytes == UINT64_MAX || added <= 0)
        return "";
    return shared_arena_format(arena, " (%s of the %s B that may be unzipped)",
                               columns_share_text(arena, (uint64_t)added, report->unzipped_limit_bytes),
                               number(arena, report->unzipped_limit_bytes));
}

static const char *advice_static(const struct share_choice *choice, struct shared_arena *arena)
{
    return shared_arena_format(
        arena, "static: %s%s in a layer would store %s B more; it pays from %" PRIu64 " functions on",
        choice->layer.soname, company(&choice->layer, arena), number(arena, (uint64_t)-choice->saved_zip),
        choice->pays_from);
}

static const char *advice_layer(const struct report_share *report, const struct share_choice *choice,
                                struct shared_arena *arena)
{
    return shared_arena_format(
        arena,
        "layer: %s%s stores %s B less; each function has %s B unzipped%s, and %s relocations at a cold "
        "start%s",
        choice->layer.soname, company(&choice->layer, arena), number(arena, (uint64_t)choice->saved_zip),
        signed_number(arena, choice->added_file), budget(report, choice->added_file, arena),
        number(arena, choice->layer.relocations), obstacle(choice, arena));
}

static const char *advice(const struct report_share *report, const struct share_choice *choice,
                          struct shared_arena *arena)
{
    const struct share_library *library = choice->library;
    switch (choice->verdict) {
    case SHARE_TARGETS:
        return library->static_functions > 0
                   ? shared_arena_format(
                         arena,
                         "target: functions that are linked dynamically use the target's; %zu are "
                         "static (demine advise says whether they may be)",
                         library->static_functions)
                   : "target: it is the target's already";
    case SHARE_SINGLE:
        return "static: one function alone has it";
    case SHARE_TOO_NEW:
        return shared_arena_format(arena, "static: %s here asks for %s, which the target does not have",
                                   choice->layer.soname, choice->layer.too_new);
    case SHARE_STATIC:
        return advice_static(choice, arena);
    case SHARE_LAYER:
        return advice_layer(report, choice, arena);
    case SHARE_NONE:
        break;
    }
    return shared_arena_format(arena, "static: %s", choice->layer.why_not);
}

static void print_advice(FILE *out, const struct report_share *report, struct shared_arena *arena)
{
    fputc('\n', out);
    for (size_t i = 0; i < report->share->library_count; i++) {
        const char *text = advice(report, &report->choices[i], arena);
        fprintf(out, "%s  %s\n", report->share->libraries[i].name, text ? text : "");
    }
}

/* The answer to whether sharing pays, over all. */
static void print_sum(FILE *out, const struct report_share *report, struct shared_arena *arena)
{
    uint64_t saved = 0;
    for (size_t i = 0; i < report->share->library_count; i++)
        if (report->choices[i].verdict == SHARE_LAYER)
            saved += (uint64_t)report->choices[i].saved_zip;
    if (saved == 0)
        fprintf(out, "In all: no layer of these would store less than the copies do\n");
    else
        fprintf(out, "In all: layers would store %s B less, %s of what the functions store\n",
                number(arena, saved), columns_share_text(arena, saved, report->share->all.zip));
}

static int print_symbols(FILE *out, const struct report_share *report, struct shared_arena *arena,
                         struct shared_error *err)
{
    static const char *const headings[] = {"SYMBOL",    "MEMBER",       "LIBRARY",
                                           "FUNCTIONS", "IN COPY, ZIP", "FILE"};
    struct columns columns = {.arena = arena, .column_count = 6, .names = 1u << 1 | 1u << 2};
    const struct share *share = report->share;
    size_t shown = report->top && report->top < share->symbol_count ? report->top : share->symbol_count;
    if (shown == 0)
        return 0;
    for (size_t i = 0; i < 6; i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < shown; i++) {
        const struct share_symbol *symbol = &share->symbols[i];
        columns_add(&columns,
                    symbol->name ? symbol->name : shared_arena_format(arena, "[%s]", symbol->section));
        columns_add(&columns, symbol->member);
        columns_add(&columns, symbol->library);
        columns_add_number(&columns, symbol->functions);
        columns_add_number(&columns, symbol->copy.zip);
        columns_add_number(&columns, symbol->copy.file);
    }
    fputc('\n', out);
    int status = columns_print(&columns, out, report->colour, err);
    if (shown < share->symbol_count)
        fprintf(out, "(%zu others)\n", share->symbol_count - shown);
    return status;
}

int report_share_text(FILE *out, const struct report_share *report, struct shared_arena *arena,
                      struct shared_error *err)
{
    const struct share *share = report->share;
    fprintf(
        out,
        "%zu functions: %s B in their zips' programs, %s B of it in copy (%s); unzipped %s B, %s B in copy\n",
        share->function_count, number(arena, share->all.zip), number(arena, share->copy.zip),
        columns_share_text(arena, share->copy.zip, share->all.zip), number(arena, share->all.file),
        number(arena, share->copy.file));
    int status = print_libraries(out, report, arena, err);
    if (status < 0)
        return status;
    print_advice(out, report, arena);
    print_sum(out, report, arena);
    return print_symbols(out, report, arena, err);
}

static void write_bytes(struct json_out *json, const char *name, const struct share_bytes *bytes)
{
    json_out_open(json, name, '{');
    json_out_number(json, "bytes", bytes->file);
    json_out_number(json, "deflated_bytes", bytes->zip);
    json_out_close(json, '}');
}

static void write_layer(struct json_out *json, const struct share_choice *choice)
{
    const struct share_layer *layer = &choice->layer;
    json_out_open(json, "layer", '{');
    json_out_text(json, "soname", layer->soname);
    json_out_text(json, "why_not", layer->why_not);
    if (layer->path) {
        write_bytes(json, "own", &layer->own);
        write_bytes(json, "with_needs", &layer->with);
        json_out_open(json, "needs", '[');
        for (size_t i = 0; i < layer->needs.count; i++)
            json_out_text(json, NULL, layer->needs.items[i]);
        json_out_close(json, ']');
        json_out_number(json, "relocations", layer->relocations);
        json_out_text(json, "too_new", layer->too_new);
        json_out_number(json, "pays_from_functions", choice->pays_from);
        json_out_signed(json, "saved_deflated_bytes", choice->saved_zip);
        json_out_signed(json, "added_bytes_each", choice->added_file);
    }
    json_out_close(json, '}');
}

static void write_library(struct json_out *json, const struct share_choice *choice)
{
    static const char *const verdicts[] = {"none", "target", "single", "too_new", "static", "layer"};
    const struct share_library *library = choice->library;
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", library->name);
    json_out_number(json, "functions", library->functions);
    json_out_number(json, "static_functions", library->static_functions);
    write_bytes(json, "all", &library->all);
    write_bytes(json, "once", &library->once);
    write_bytes(json, "copy", &library->copy);
    json_out_number(json, "least_bytes", library->least_file);
    json_out_number(json, "most_bytes", library->most_file);
    json_out_text(json, "verdict", verdicts[choice->verdict]);
    write_layer(json, choice);
    json_out_close(json, '}');
}

static void write_symbol(struct json_out *json, const struct share_symbol *symbol)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", symbol->name);
    json_out_text(json, "section", symbol->section);
    json_out_text(json, "member", symbol->member);
    json_out_text(json, "library", symbol->library);
    json_out_number(json, "functions", symbol->functions);
    write_bytes(json, "all", &symbol->all);
    write_bytes(json, "copy", &symbol->copy);
    json_out_close(json, '}');
}

void report_share_json(FILE *out, const struct report_share *report)
{
    struct json_out json = {.out = out};
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_number(&json, "functions", report->share->function_count);
    write_bytes(&json, "all", &report->share->all);
    write_bytes(&json, "copy", &report->share->copy);
    json_out_open(&json, "libraries", '[');
    for (size_t i = 0; i < report->share->library_count; i++)
        write_library(&json, &report->choices[i]);
    json_out_close(&json, ']');
    json_out_open(&json, "symbols", '[');
    for (size_t i = 0; i < report->share->symbol_count; i++)
        write_symbol(&json, &report->share->symbols[i]);
    json_out_close(&json, ']');
    json_out_close(&json, '}');
    fputc('\n', out);
}
