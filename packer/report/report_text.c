#include "report/report.h"

#include "base/columns.h"
#include "limit/limit_ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* More origins than this are shown as one: the table would leave the screen. */
#define ORIGIN_COLUMNS 8

/* Origins of all functions, the one with most bytes first. */
struct origins {
    struct image_origin *items;
    size_t count; /* shown; what is left is summed up */
    bool others;
};

static uint64_t bytes_of(const struct image *image, const char *origin)
{
    for (size_t i = 0; i < image->origin_count; i++) {
        if (strcmp(image->origins[i].name, origin) == 0)
            return image->origins[i].bytes;
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct image_origin *)a)->name, ((const struct image_origin *)b)->name);
}

/* Equal ones by name, so that the order is the same everywhere. */
static int by_bytes(const void *a, const void *b)
{
    const struct image_origin *left = a, *right = b;
    if (left->bytes != right->bytes)
        return left->bytes < right->bytes ? 1 : -1;
    return by_name(a, b);
}

static int find_origins(const struct report *report, struct shared_arena *arena, struct origins *origins)
{
    size_t count = 0, unique = 0;
    for (size_t f = 0; f < report->function_count; f++)
        count += report->functions[f].image->origin_count;
    struct image_origin *items = shared_arena_alloc(arena, count * sizeof(*items));
    if (!items)
        return SHARED_ENOMEM;
    count = 0;
    for (size_t f = 0; f < report->function_count; f++) {
        const struct image *image = report->functions[f].image;
        for (size_t i = 0; i < image->origin_count; i++)
            items[count++] = image->origins[i];
    }
    qsort(items, count, sizeof(*items), by_name);
    for (size_t i = 0; i < count; i++) {
        if (unique && strcmp(items[unique - 1].name, items[i].name) == 0)
            items[unique - 1].bytes += items[i].bytes;
        else
            items[unique++] = items[i];
    }
    qsort(items, unique, sizeof(*items), by_bytes);
    *origins =
        (struct origins){items, unique < ORIGIN_COLUMNS ? unique : ORIGIN_COLUMNS, unique > ORIGIN_COLUMNS};
    return 0;
}

static int print_programs(FILE *out, const struct report *report, bool colour, struct shared_arena *arena,
                          struct shared_error *err)
{
    struct origins origins;
    if (find_origins(report, arena, &origins) < 0)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    struct columns columns = {
        .arena = arena, .column_count = 3 + origins.count + origins.others, .names = 1u << 1};
    columns_add(&columns, "FUNCTION");
    columns_add(&columns, "LINKAGE");
    columns_add(&columns, "PROGRAM");
    for (size_t i = 0; i < origins.count; i++)
        columns_add(&columns, origins.items[i].name);
    if (origins.others)
        columns_add(&columns, "others");
    for (size_t f = 0; f < report->function_count; f++) {
        const struct report_function *function = &report->functions[f];
        uint64_t left = function->image->file_bytes;
        if (!manifest_is_program(function->function))
            continue;
        columns_add(&columns, function->function->name);
        columns_add(&columns, function->image->interpreter ? "dynamic" : "static");
        columns_add_number(&columns, function->image->file_bytes);
        for (size_t i = 0; i < origins.count; i++) {
            uint64_t bytes = bytes_of(function->image, origins.items[i].name);
            columns_add(&columns, bytes ? columns_number_text(arena, bytes) : "-");
            left -= bytes;
        }
        if (origins.others)
            columns_add_number(&columns, left);
    }
    fputs("\nPrograms: bytes by origin\n", out);
    return columns_print(&columns, out, colour, err);
}

/* "zip/50 MB" of "zip_bytes" and 52,428,800: the limit as AWS writes it. */
static const char *heading(const struct limit_finding *finding, struct shared_arena *arena)
{
    static const struct {
        const char *ending, *unit;
        uint64_t size;
    } units[] = {{"_bytes", "MB", 1 << 20}, {"_bytes", "KB", 1 << 10}, {"_bytes", "B", 1},
                 {"_max_mb", "MB", 1},      {"_mb", "MB", 1},          {"_s", "s", 1}};
    const char *name = finding->limit->name;
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        size_t ending = strlen(units[i].ending);
        if (size <= ending || strcmp(name + size - ending, units[i].ending) != 0 ||
            finding->allowed % units[i].size != 0)
            continue;
        return shared_arena_format(arena, "%.*s/%s %s", (int)(size - ending), name,
                                   columns_number_text(arena, finding->allowed / units[i].size),
                                   units[i].unit);
    }
    return shared_arena_format(arena, "%s/%s", name, columns_number_text(arena, finding->allowed));
}

/* Of a function, and one that a share can be given of. */
static bool is_shown(const struct limit_finding *finding, const char *function)
{
    return finding->function && strcmp(finding->function, function) == 0 && !finding->limit->minimum &&
           finding->allowed != LIMIT_NONE;
}

static size_t count_shown(const struct report *report, const char *function)
{
    size_t count = 0;
    for (size_t i = 0; i < report->findings->count; i++)
        count += is_shown(&report->findings->items[i], function);
    return count;
}

static void add_shares(struct columns *columns, const struct report *report, const char *function,
                       bool is_heading)
{
    for (size_t i = 0; i < report->findings->count; i++) {
        const struct limit_finding *finding = &report->findings->items[i];
        if (!is_shown(finding, function))
            continue;
        if (is_heading) {
            columns_add(columns, heading(finding, columns->arena));
            continue;
        }
        const char *value = columns_number_text(columns->arena, finding->value);
        const char *share = columns_share_text(columns->arena, finding->value, finding->allowed);
        columns_add(columns, shared_arena_format(columns->arena, "%s %8s", value, share));
    }
}

static int print_limits(FILE *out, const struct report *report, bool colour, struct shared_arena *arena,
                        struct shared_error *err)
{
    const char *first = report->functions[0].function->name;
    struct columns columns = {.arena = arena, .column_count = 1 + count_shown(report, first)};
    columns_add(&columns, "FUNCTION");
    add_shares(&columns, report, first, true);
    for (size_t f = 0; f < report->function_count; f++) {
        const char *name = report->functions[f].function->name;
        columns_add(&columns, name);
        add_shares(&columns, report, name, false);
    }
    fprintf(out, "\nPackages: share of the limits, profile %s\n",
            manifest_profile_name(report->manifest->profile));
    return columns_print(&columns, out, colour, err);
}

static int print_region(FILE *out, const struct report *report, struct shared_arena *arena,
                        struct shared_error *err)
{
    for (size_t i = 0; i < report->findings->count; i++) {
        const struct limit_finding *finding = &report->findings->items[i];
        if (finding->limit->scope != LIMIT_REGION)
            continue;
        const struct limit_forecast forecast =
            limit_forecast(report->region, finding->value, finding->allowed);
        const char *used = columns_number_text(arena, report->region->used_bytes);
        const char *source = limit_region_source(report->region, arena);
        const char *added = columns_number_text(arena, finding->value - report->region->used_bytes);
        const char *allowed = limit_bytes_text(arena, finding->allowed);
        const char *future = limit_forecast_text(report->region, &forecast, arena);
        if (!used || !source || !added || !allowed || !future)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
        /* Who has no ledger yet is not told at each pack what it would be good for; demine limits does. */
        bool tells = forecast.future != LIMIT_UNKNOWN || report->region->ledger;
        fprintf(out, "\nRegion: %s B used (%s), a publish adds %s B: %.3f %% of %s%s%s\n", used, source,
                added, 100.0 * (double)finding->value / (double)finding->allowed, allowed, tells ? "; " : "",
                tells ? future : "");
    }
    return 0;
}

/* A plan that is kept may come to cost more than no layers would, as where packages have left functions since. */
static void print_saved(FILE *out, const struct report *report, struct shared_arena *arena)
{
    bool more = report->stored_bytes > report->unshared_bytes;
    uint64_t bytes =
        more ? report->stored_bytes - report->unshared_bytes : report->unshared_bytes - report->stored_bytes;
    const char *share = columns_share_text(arena, bytes, report->unshared_bytes);
    const char *number = columns_number_text(arena, bytes);
    fprintf(out, "\nLayers: %s B of zips %s, %s\n", number ? number : "",
            more ? "more than without them" : "saved", share ? share : "");
}

static int print_layers(FILE *out, const struct report *report, bool colour, struct shared_arena *arena,
                        struct shared_error *err)
{
    if (report->layer_count == 0)
        return 0;
    struct columns columns = {.arena = arena, .column_count = 6, .names = 1u << 5};
    static const char *const headings[] = {"LAYER", "ZIP", "UNZIPPED", "ITEMS", "FUNCTIONS", "PLAN"};
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < report->layer_count; i++) {
        const struct report_layer *layer = &report->layers[i];
        columns_add(&columns, layer->name);
        columns_add_number(&columns, layer->zip_bytes);
        columns_add_number(&columns, layer->unzipped_bytes);
        columns_add_number(&columns, layer->items);
        columns_add_number(&columns, layer->users);
        columns_add(&columns, layer->kept ? "as it was" : "new");
    }
    print_saved(out, report, arena);
    return columns_print(&columns, out, colour, err);
}

/* Who unpacks a zip and misses them finds here why. */
static void print_stale(FILE *out, const struct report *report, struct shared_arena *arena)
{
    const struct package_stale *stale = &report->stale;
    if (stale->files == 0)
        return;
    const char *files = columns_number_text(arena, stale->files);
    const char *bytes = columns_number_text(arena, stale->bytes);
    fprintf(
        out,
        "\nLeft out: %s file%s of __pycache__, %s B, that Python would find stale on Lambda and never load\n",
        files ? files : "", stale->files == 1 ? "" : "s", bytes ? bytes : "");
}

static void print_zips(FILE *out, const struct report *report)
{
    fputs("\nZips\n", out);
    for (size_t f = 0; f < report->function_count; f++)
        fprintf(out, "%s%s\n", report->functions[f].zip,
                report->functions[f].unchanged ? "  (unchanged)" : "");
    for (size_t i = 0; i < report->layer_count; i++)
        if (report->layers[i].zip)
            fprintf(out, "%s%s\n", report->layers[i].zip, report->layers[i].unchanged ? "  (unchanged)" : "");
}

static bool has_programs(const struct report *report)
{
    for (size_t i = 0; i < report->function_count; i++)
        if (manifest_is_program(report->functions[i].function))
            return true;
    return false;
}

#define MOST_RUNTIMES 3 /* by name, in the heading */

/* "nodejs22.x", "nodejs22.x, provided.al2023 and python3.13", "…, …, … and others": in the order of the functions. */
static void print_runtimes(FILE *out, const struct report *report)
{
    const char *names[MOST_RUNTIMES + 1];
    size_t count = 0;
    for (size_t i = 0; i < report->function_count && count <= MOST_RUNTIMES; i++) {
        const struct manifest_function *function = report->functions[i].function;
        const char *name = manifest_is_program(function) ? manifest_runtime_name(report->manifest->runtime)
                                                         : function->runtime;
        size_t known = 0;
        while (known < count && strcmp(names[known], name) != 0)
            known++;
        if (known == count)
            names[count++] = name;
    }
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s",
                i == 0           ? ""
                : i + 1 == count ? " and "
                                 : ", ",
                i < MOST_RUNTIMES ? names[i] : "others");
}

static int print_all(FILE *out, const struct report *report, const struct report_style *style,
                     struct shared_arena *arena, struct shared_error *err)
{
    const struct manifest *manifest = report->manifest;
    fprintf(out, "%s: %zu function%s for ", manifest->name, report->function_count,
            report->function_count == 1 ? "" : "s");
    print_runtimes(out, report);
    fprintf(out, ", %s\n", manifest_architecture_name(manifest->architecture));
    int status = has_programs(report) ? print_programs(out, report, style->colour, arena, err) : 0;
    if (status == 0 && report->linkages)
        status = report_linkage_text(out, report->linkages, arena, err);
    if (status == 0)
        status = print_limits(out, report, style->colour, arena, err);
    if (status == 0)
        status = print_layers(out, report, style->colour, arena, err);
    if (status == 0)
        print_stale(out, report, arena);
    if (status == 0)
        status = print_region(out, report, arena, err);
    if (status < 0)
        return status;
    print_zips(out, report);
    return ferror(out) ? shared_fail(err, SHARED_EIO, errno, "write the report") : 0;
}

int report_text(FILE *out, const struct report *report, const struct report_style *style,
                struct shared_error *err)
{
    struct shared_arena arena = {0};
    int status = report->function_count ? print_all(out, report, style, &arena, err) : 0;
    shared_arena_clean_up(&arena);
    return status;
}
