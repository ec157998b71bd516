#include "report/report_limits.h"

#include "base/json_out.h"

/* null where there is none. */
static void write_number(struct json_out *json, const char *name, uint64_t number, bool known)
{
    if (known)
        json_out_number(json, name, number);
    else
        json_out_text(json, name, NULL);
}

static const char *profile_name(size_t profile)
{
    return manifest_profile_name((enum manifest_profile)profile);
}

static void write_row(struct json_out *json, const struct limit_row *row)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "limit", row->name);
    json_out_text(json, "title", row->title);
    json_out_text(json, "function", row->function);
    json_out_text(json, "layer", row->layer);
    json_out_number(json, "value", row->value);
    for (size_t i = 0; i < LIMIT_PROFILES; i++) {
        const struct limit_standing *standing = &row->profiles[i];
        json_out_open(json, profile_name(i), '{');
        write_number(json, "allowed", standing->allowed, standing->allowed != LIMIT_NONE);
        json_out_bool(json, "exceeded", standing->exceeded);
        json_out_bool(json, "via_s3", standing->via_s3);
        json_out_bool(json, "not_planned", standing->unplanned);
        json_out_text(json, "message", standing->message);
        json_out_close(json, '}');
    }
    json_out_close(json, '}');
}

/* Of which functions, as something before the zip is exceeded. */
static void write_unknown(struct json_out *json, const struct report_limits *report)
{
    json_out_open(json, "zips_unknown", '[');
    for (size_t i = 0; i < report->usage_count; i++)
        if (!report->usages[i].zipped)
            json_out_text(json, NULL, report->usages[i].function);
    json_out_close(json, ']');
}

static void write_both(struct json_out *json, const char *name, const uint64_t values[LIMIT_PROFILES])
{
    json_out_open(json, name, '{');
    for (size_t i = 0; i < LIMIT_PROFILES; i++)
        write_number(json, profile_name(i), values[i], values[i] != LIMIT_NONE);
    json_out_close(json, '}');
}

static void write_traffic(struct json_out *json, const struct limit_view *view)
{
    json_out_open(json, "traffic", '{');
    json_out_open(json, "functions", '[');
    for (size_t i = 0; i < view->loads.count; i++) {
        const struct limit_load *load = &view->loads.items[i];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", load->function);
        json_out_number(json, "memory_mb", load->memory_mb);
        json_out_number(json, "timeout_s", load->timeout_s);
        write_number(json, "requests_per_s", load->requests_per_s, load->requests_per_s > 0);
        write_number(json, "duration_ms", load->duration_ms, load->duration_ms > 0);
        write_number(json, "busy_ms", load->busy_ms, load->busy_ms > 0);
        write_number(json, "executions", limit_load_executions(load), load->busy_ms > 0);
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
    write_number(json, "requests_per_s", view->loads.all.requests_per_s, view->loads.all.requests_per_s > 0);
    write_number(json, "busy_ms", view->loads.all.busy_ms, view->loads.all.busy_ms > 0);
    write_number(json, "executions", limit_load_executions(&view->loads.all), view->loads.all.busy_ms > 0);
    write_both(json, "concurrency", view->concurrency);
    write_both(json, "gateway_requests_per_s", view->gateway);
    json_out_close(json, '}');
}

static void write_rate(struct json_out *json, const struct limit_rate *rate)
{
    if (rate->days == 0) {
        json_out_text(json, "rate", NULL);
        return;
    }
    json_out_open(json, "rate", '{');
    json_out_number(json, "bytes", rate->bytes);
    json_out_number(json, "days", rate->days);
    json_out_text(json, "from", rate->from);
    json_out_text(json, "to", rate->to);
    json_out_close(json, '}');
}

static void write_forecast(struct json_out *json, const char *name, const struct limit_forecast *forecast)
{
    bool known = forecast->future == LIMIT_DATE;
    json_out_open(json, name, '{');
    write_number(json, "days", forecast->days, known || forecast->future == LIMIT_FULL);
    json_out_text(json, "date", known ? forecast->date : NULL);
    json_out_close(json, '}');
}

static void write_region(struct json_out *json, const struct report_limits *report)
{
    const struct limit_region *region = report->region;
    uint64_t added = 0;
    for (size_t i = 0; i < region->added_count; i++)
        if (__builtin_add_overflow(added, region->added[i].bytes, &added))
            added = UINT64_MAX;
    json_out_open(json, "region", '{');
    json_out_text(json, "source", region->account ? region->account : region->ledger);
    json_out_number(json, "used_bytes", region->used_bytes);
    json_out_number(json, "added_bytes", added);
    write_rate(json, &region->rate);
    json_out_open(json, "full", '{');
    for (size_t i = 0; i < report->view->count; i++) {
        const struct limit_row *row = &report->view->rows[i];
        for (size_t j = 0; j < LIMIT_PROFILES && row->order == LIMIT_CODE_STORAGE_BYTES; j++) {
            const struct limit_forecast forecast =
                limit_forecast(region, row->value, row->profiles[j].allowed);
            write_forecast(json, profile_name(j), &forecast);
        }
    }
    json_out_close(json, '}');
    json_out_close(json, '}');
}

void report_limits_json(FILE *out, const struct report_limits *report)
{
    struct json_out json = {.out = out};
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_text(&json, "project", report->manifest->name);
    json_out_text(&json, "profile", manifest_profile_name(report->manifest->profile));
    json_out_open(&json, "limits", '[');
    for (size_t i = 0; i < report->view->count; i++)
        write_row(&json, &report->view->rows[i]);
    json_out_close(&json, ']');
    write_unknown(&json, report);
    write_traffic(&json, report->view);
    write_region(&json, report);
    json_out_close(&json, '}');
    fputc('\n', out);
}
