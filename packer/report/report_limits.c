#include "report/report_limits.h"

#include "base/columns.h"
#include "report/bar.h"
#include "report/limits_traffic.h"

#include <string.h>

static const char *unit_of(const char *name)
{
    static const char *const units[][2] = {
        {"_bytes", " B"}, {"_mb", " MB"}, {"_ms", " ms"}, {"_per_s", "/s"}, {"_s", " s"}};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        size_t end = strlen(units[i][0]);
        if (size > end && strcmp(name + size - end, units[i][0]) == 0)
            return units[i][1];
    }
    return "";
}

/* "250 MB", "4 KB", "1,000": as AWS writes its limits where that is exact. */
static const char *allowed_text(const struct limit_row *row, uint64_t allowed, struct shared_arena *arena)
{
    static const char *const units[] = {" GB", " MB", " KB"};
    const char *unit = unit_of(row->name);
    for (unsigned i = 0; strcmp(unit, " B") == 0 && i < 3; i++) {
        unsigned shift = 30 - 10 * i;
        if (allowed == 0 || allowed & ((UINT64_C(1) << shift) - 1))
            continue;
        unit = units[i];
        allowed >>= shift;
    }
    const char *number = limit_number_text(arena, allowed);
    return number ? shared_arena_format(arena, "%s%s", number, unit) : NULL;
}

static const char *share_text(const struct limit_row *row, const struct limit_standing *standing,
                              struct shared_arena *arena)
{
    if (row->minimum)
        return standing->exceeded ? "under" : "fine";
    const char *share = columns_share_text(arena, row->value, standing->allowed);
    if (!share || (!standing->exceeded && !standing->via_s3))
        return share;
    return shared_arena_format(arena, "%s %s", share, standing->exceeded ? "OVER" : "by S3");
}

static const char *standing_bar(const struct report_limits *report, const struct limit_row *row,
                                const struct limit_standing *standing, struct shared_arena *arena,
                                unsigned bar)
{
    return row->minimum || bar == 0 ? ""
                                    : bar_text(arena, row->value, standing->allowed, bar, report->blocks);
}

static void add_standing(struct columns *columns, const struct report_limits *report,
                         const struct limit_row *row, size_t profile, unsigned bar)
{
    const struct limit_standing *standing = &row->profiles[profile];
    if (standing->allowed == LIMIT_NONE || standing->unplanned) {
        columns_add(columns, "");
        columns_add(columns, standing->unplanned ? "not planned" : "no limit");
        columns_add(columns, standing->unplanned ? allowed_text(row, standing->allowed, columns->arena) : "");
        return;
    }
    columns_add(columns, standing_bar(report, row, standing, columns->arena, bar));
    columns_add(columns, share_text(row, standing, columns->arena));
    columns_add(columns, allowed_text(row, standing->allowed, columns->arena));
}

static void add_row(struct columns *columns, const struct report_limits *report, const struct limit_row *row,
                    unsigned bar)
{
    const char *number = limit_number_text(columns->arena, row->value);
    columns_add(columns, row->title);
    columns_add(columns, row->function ? row->function : row->layer ? row->layer : "(region)");
    columns_add(columns,
                number ? shared_arena_format(columns->arena, "%s%s", number, unit_of(row->name)) : NULL);
    for (size_t i = 0; i < LIMIT_PROFILES; i++)
        if (report->profiles[i])
            add_standing(columns, report, row, i, bar);
}

/* The fullest of its limit, and what is exceeded in a profile that is shown. A least value that holds is of no
 * interest. */
static bool is_shown(const struct report_limits *report, size_t i)
{
    const struct limit_row *row = &report->view->rows[i];
    for (size_t j = 0; j < LIMIT_PROFILES; j++)
        if (report->profiles[j] && row->profiles[j].exceeded)
            return true;
    if (report->all)
        return true;
    for (size_t j = 0; j < i; j++)
        if (report->view->rows[j].order == row->order)
            return false;
    return !row->minimum;
}

static bool has_unplanned(const struct limit_view *view, size_t profile)
{
    for (size_t i = 0; i < view->count; i++)
        if (view->rows[i].profiles[profile].unplanned)
            return true;
    return false;
}

/* With bars of so many columns. Returns how many rows there are. */
static size_t fill_rows(const struct report_limits *report, unsigned bar, struct columns *columns)
{
    size_t shown = 0;
    columns_add(columns, "LIMIT");
    columns_add(columns, "WHERE");
    columns_add(columns, "VALUE");
    for (size_t i = 0; i < LIMIT_PROFILES; i++) {
        if (!report->profiles[i])
            continue;
        columns_add(columns, i == PROFILE_2016 ? "2016" : "TODAY");
        columns_add(columns, "");
        columns_add(columns, "OF");
    }
    for (size_t i = 0; i < report->view->count; i++) {
        if (!is_shown(report, i))
            continue;
        add_row(columns, report, &report->view->rows[i], bar);
        shown++;
    }
    return shown;
}

static int print_rows(FILE *out, const struct report_limits *report, struct shared_arena *arena,
                      struct shared_error *err)
{
    /* A narrow terminal has shorter bars, or none: what is beside them says the same. */
    static const unsigned bars[] = {BAR_MOST_COLUMNS, BAR_MOST_COLUMNS / 2, 0};
    size_t shown = 0, profiles = (size_t)report->profiles[0] + report->profiles[1];
    struct columns columns;
    for (size_t i = 0; i < sizeof(bars) / sizeof(*bars); i++) {
        columns = (struct columns){
            .arena = arena, .column_count = 3 + 3 * profiles, .names = 1u << 1 | 1u << 3 | 1u << 6};
        shown = fill_rows(report, bars[i], &columns);
        if (columns_fit(&columns, out))
            break;
    }
    int status = columns_print(&columns, out, report->colour, err);
    if (status == 0 && shown < report->view->count)
        fprintf(out, "(the fullest of each limit; --all shows %zu more)\n", report->view->count - shown);
    for (size_t i = 0; status == 0 && i < LIMIT_PROFILES; i++)
        if (report->profiles[i] && has_unplanned(report->view, i))
            fprintf(
                out,
                "%s: so many layers could not be; the zips would have what is in them, and be larger than "
                "this\n",
                manifest_profile_name((enum manifest_profile)i));
    return status;
}

static int print_region(FILE *out, const struct report_limits *report, struct shared_arena *arena)
{
    const struct limit_row *row = NULL;
    for (size_t i = 0; i < report->view->count; i++)
        if (report->view->rows[i].order == LIMIT_CODE_STORAGE_BYTES)
            row = &report->view->rows[i];
    if (!row)
        return 0;
    const struct limit_forecast forecast =
        limit_forecast(report->region, row->value, row->profiles[report->manifest->profile].allowed);
    const char *used = limit_number_text(arena, report->region->used_bytes);
    const char *added = limit_number_text(arena, row->value - report->region->used_bytes);
    const char *source = limit_region_source(report->region, arena);
    const char *future = limit_forecast_text(report->region, &forecast, arena);
    if (!used || !added || !source || !future)
        return SHARED_ENOMEM;
    fprintf(out, "\nRegion: %s B used (%s), a publish of this pack adds %s B; %s\n", used, source, added,
            future);
    return 0;
}

static void print_messages(FILE *out, const struct report_limits *report)
{
    const char *before = "\nExceeded:\n";
    enum manifest_profile own = report->manifest->profile;
    for (size_t i = 0; i < report->view->count; i++) {
        if (!report->view->rows[i].profiles[own].exceeded)
            continue;
        fprintf(out, "%s%s\n", before, report->view->rows[i].profiles[own].message);
        before = "";
    }
}

static void print_unknown(FILE *out, const struct report_limits *report)
{
    const char *before = "Zips that are not known, as something before them is exceeded: ";
    bool any = false;
    for (size_t i = 0; i < report->usage_count; i++) {
        if (report->usages[i].zipped)
            continue;
        fprintf(out, "%s%s", before, report->usages[i].function);
        before = ", ";
        any = true;
    }
    if (any)
        fputc('\n', out);
}

/* The profile is the manifest's, which what is exceeded is of; one that alone is shown is said to be another. */
static void print_heading(FILE *out, const struct report_limits *report)
{
    enum manifest_profile own = report->manifest->profile;
    enum manifest_profile shown = report->profiles[own] ? own
                                  : own == PROFILE_2016 ? PROFILE_TODAY
                                                        : PROFILE_2016;
    fprintf(out, "%s: %zu function%s, profile %s", report->manifest->name, report->usage_count,
            report->usage_count == 1 ? "" : "s", manifest_profile_name(shown));
    if (shown != own)
        fprintf(out, " (the manifest's is %s)", manifest_profile_name(own));
    fputs("\n\n", out);
}

int report_limits_text(FILE *out, const struct report_limits *report, struct shared_arena *arena,
                       struct shared_error *err)
{
    print_heading(out, report);
    int status = print_rows(out, report, arena, err);
    if (status < 0)
        return status;
    print_unknown(out, report);
    status = limits_traffic_print(out, report, arena, err);
    if (status == 0 && print_region(out, report, arena) < 0)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    if (status == 0)
        print_messages(out, report);
    return status;
}
