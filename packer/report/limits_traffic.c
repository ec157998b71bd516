#include "report/limits_traffic.h"

#include "base/columns.h"

#include <inttypes.h>
#include <string.h>

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

int limits_traffic_print(FILE *out, const struct report_limits *report, struct shared_arena *arena,
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
