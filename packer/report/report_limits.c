#include "report/report_limits.h"

#include "base/columns.h"
#include "report/bar.h"

#include <inttypes.h>
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

static void add_standing(struct columns *columns, const struct limit_row *row, size_t profile, bool blocks)
{
    const struct limit_standing *standing = &row->profiles[profile];
    if (standing->allowed == LIMIT_NONE || standing->unplanned) {
        columns_add(columns, "");
        columns_add(columns, standing->unplanned ? "not planned" : "no limit");
        columns_add(columns, standing->unplanned ? allowed_text(row, standing->allowed, columns->arena) : "");
        return;
    }
    uint64_t part = row->minimum ? 0 : row->value;
    columns_add(columns, row->minimum ? "" : bar_text(columns->arena, part, standing->allowed, blocks));
    columns_add(columns, share_text(row, standing, columns->arena));
    columns_add(columns, allowed_text(row, standing->allowed, columns->arena));
}

static void add_row(struct columns *columns, const struct report_limits *report, const struct limit_row *row)
{
    const char *number = limit_number_text(columns->arena, row->value);
    columns_add(columns, row->title);
    columns_add(columns, row->function ? row->function : "(region)");
    columns_add(columns,
                number ? shared_arena_format(columns->arena, "%s%s", number, unit_of(row->name)) : NULL);
    for (size_t i = 0; i < LIMIT_PROFILES; i++)
        if (report->profiles[i])
            add_standing(columns, row, i, report->blocks);
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

static int print_rows(FILE *out, const struct report_limits *report, struct shared_arena *arena,
                      struct shared_error *err)
{
    size_t shown = 0, profiles = (size_t)report->profiles[0] + report->profiles[1];
    struct columns columns = {
        .arena = arena, .column_count = 3 + 3 * profiles, .names = 1u << 1 | 1u << 3 | 1u << 6};
    columns_add(&columns, "LIMIT");
    columns_add(&columns, "WHERE");
    columns_add(&columns, "VALUE");
    for (size_t i = 0; i < LIMIT_PROFILES; i++) {
        if (!report->profiles[i])
            continue;
        columns_add(&columns, i == PROFILE_2016 ? "2016" : "TODAY");
        columns_add(&columns, "");
        columns_add(&columns, "OF");
    }
    for (size_t i = 0; i < report->view->count; i++) {
        if (!is_shown(report, i))
            continue;
        add_row(&columns, report, &report->view->rows[i]);
        shown++;
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

/* "3.2", "0.04": executions at a time, to what is worth knowing, rounded up. Those of all are the number that the
 * region's limit is held against. */
static const char *executions_text(const struct limit_load *load, struct shared_arena *arena)
{
    uint64_t busy_ms = load->busy_ms, tenths = busy_ms / 100 + (busy_ms % 100 > 0);
    if (!load->function || tenths >= 1000)
        return limit_number_text(arena, limit_load_executions(load));
    if (busy_ms < 1000)
        return shared_arena_format(arena, "0.%03" PRIu64, busy_ms);
    return shared_arena_format(arena, "%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
}

/* Part of so many executions. */
static const char *busy_share(const struct limit_load *load, uint64_t executions, struct shared_arena *arena)
{
    uint64_t whole;
    if (!load->function)
        return columns_share_text(arena, limit_load_executions(load), executions);
    if (executions == LIMIT_NONE || __builtin_mul_overflow(executions, UINT64_C(1000), &whole))
        return "-";
    return columns_share_text(arena, load->busy_ms, whole);
}

static void add_load(struct columns *columns, const struct report_limits *report,
                     const struct limit_load *load)
{
    struct shared_arena *arena = columns->arena;
    bool some = report->usage_count < report->view->loads.count;
    columns_add(columns, load->function ? load->function : some ? "all functions" : "in all");
    columns_add(columns, load->function ? limit_number_text(arena, load->memory_mb) : "");
    columns_add(columns, load->requests_per_s ? limit_number_text(arena, load->requests_per_s) : "?");
    columns_add(columns, load->duration_ms ? limit_number_text(arena, load->duration_ms)
                         : load->function  ? "?"
                                           : "");
    columns_add(columns, load->busy_ms ? executions_text(load, arena) : "?");
    for (size_t i = 0; i < LIMIT_PROFILES; i++) {
        if (!report->profiles[i])
            continue;
        columns_add(columns, load->busy_ms ? busy_share(load, report->view->concurrency[i], arena) : "?");
        columns_add(columns, load->requests_per_s
                                 ? columns_share_text(arena, load->requests_per_s, report->view->gateway[i])
                                 : "?");
    }
}

static void add_traffic_heading(struct columns *columns, const struct report_limits *report)
{
    static const char *const headings[] = {"FUNCTION", "MEMORY MB", "REQUESTS/S", "MS EACH", "EXECUTIONS"};
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
        columns_add(columns, headings[i]);
    for (size_t i = 0; i < LIMIT_PROFILES; i++) {
        if (!report->profiles[i])
            continue;
        const char *concurrency = limit_number_text(columns->arena, report->view->concurrency[i]);
        const char *gateway = limit_number_text(columns->arena, report->view->gateway[i]);
        columns_add(columns, concurrency ? shared_arena_format(columns->arena, "OF %s", concurrency) : NULL);
        columns_add(columns, gateway ? shared_arena_format(columns->arena, "OF %s/s", gateway) : NULL);
    }
}

/* What throttles first as all traffic grows alike: the limit that has the larger part taken. */
static int print_first(FILE *out, const struct report_limits *report, size_t profile,
                       struct shared_arena *arena)
{
    const struct limit_load *all = &report->view->loads.all;
    unsigned __int128 busy = (unsigned __int128)all->busy_ms * report->view->gateway[profile];
    unsigned __int128 requests =
        (unsigned __int128)all->requests_per_s * 1000 * report->view->concurrency[profile];
    bool concurrency = busy > requests;
    uint64_t value = concurrency ? all->busy_ms : all->requests_per_s;
    double most = concurrency ? 1000.0 * (double)report->view->concurrency[profile]
                              : (double)report->view->gateway[profile];
    char *times =
        shared_arena_format(arena, "%.*f", most < 100.0 * (double)value ? 2 : 0, most / (double)value);
    if (!times)
        return SHARED_ENOMEM;
    fprintf(out, "%s: %s throttle first, from %s times this traffic on%s\n",
            manifest_profile_name((enum manifest_profile)profile),
            concurrency ? "concurrent executions" : "requests at API Gateway", times,
            all->busy_ms ? "" : " (no duration is known)");
    return 0;
}

static void print_not_counted(FILE *out, const struct report_limits *report)
{
    const char *before = "Not counted, as the manifest has no requests_per_s or no duration_ms for them: ";
    bool any = false;
    for (size_t i = 0; i < report->view->loads.count; i++) {
        if (report->view->loads.items[i].busy_ms > 0)
            continue;
        fprintf(out, "%s%s", before, report->view->loads.items[i].function);
        before = ", ";
        any = true;
    }
    if (any)
        fputc('\n', out);
}

static int print_traffic(FILE *out, const struct report_limits *report, struct shared_arena *arena,
                         struct shared_error *err)
{
    const struct limit_loads *loads = &report->view->loads;
    size_t profiles = (size_t)report->profiles[0] + report->profiles[1];
    fputs("\nTraffic: requests/s x duration = executions at a time\n", out);
    if (loads->all.requests_per_s == 0) {
        fputs("Not known: the manifest has no requests_per_s\n", out);
        return 0;
    }
    struct columns columns = {.arena = arena, .column_count = 5 + 2 * profiles};
    add_traffic_heading(&columns, report);
    for (size_t i = 0, usage = 0; i < loads->count && usage < report->usage_count; i++) {
        if (strcmp(loads->items[i].function, report->usages[usage].function) != 0)
            continue;
        usage++;
        if (loads->items[i].requests_per_s > 0)
            add_load(&columns, report, &loads->items[i]);
    }
    add_load(&columns, report, &loads->all);
    int status = columns_print(&columns, out, report->colour, err);
    for (size_t i = 0; status == 0 && i < LIMIT_PROFILES; i++)
        if (report->profiles[i] && print_first(out, report, i, arena) < 0)
            status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    print_not_counted(out, report);
    return status;
}

static int print_region(FILE *out, const struct report_limits *report, struct shared_arena *arena)
{
    const struct limit_row *row = NULL;
    for (size_t i = 0; i < report->view->count; i++)
        if (!report->view->rows[i].function &&
            strcmp(report->view->rows[i].name, limit_table[LIMIT_CODE_STORAGE_BYTES].name) == 0)
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
    status = print_traffic(out, report, arena, err);
    if (status == 0 && print_region(out, report, arena) < 0)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    if (status == 0)
        print_messages(out, report);
    return status;
}
