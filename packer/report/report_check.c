#include "report/report_check.h"

#define NAME_COLUMNS 18
#define OUTCOME_COLUMNS 9

static int no_memory(const char *function, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to report the checks of %s", function);
}

static const char *outcome_name(enum check_id id, const struct check_result *result)
{
    switch (result->outcome) {
    case CHECK_PASSED:
        return "passed";
    case CHECK_FOUND:
        return check_rules[id].error ? "error" : "warning";
    case CHECK_OFF:
        return "off";
    case CHECK_UNKNOWN:
        return "unknown";
    }
    return "";
}

static const char *colour_of(enum check_id id, const struct check_result *result)
{
    if (result->outcome == CHECK_FOUND)
        return check_rules[id].error ? "\033[31m" : "\033[33m";
    return result->outcome == CHECK_PASSED ? "\033[32m" : "";
}

static int print_chain(FILE *out, int indent, const struct check_finding *finding, struct shared_arena *arena)
{
    if (finding->no_chain)
        fprintf(out, "%*s(no chain: %s)\n", indent, "", finding->no_chain);
    if (finding->chain.count == 0)
        return 0;
    const char *chain = check_chain_text(&finding->chain, arena);
    if (!chain)
        return SHARED_ENOMEM;
    fprintf(out, "%*s%s\n", indent, "", chain);
    return 0;
}

static int print_result(FILE *out, enum check_id id, const struct check_result *result, bool colour,
                        struct shared_arena *arena)
{
    const char *note = check_rules[id].what;
    int status = 0;
    if (result->outcome == CHECK_OFF)
        note = shared_arena_format(arena, result->count ? "%s" : "%s (it finds nothing: turn it on again)",
                                   result->note);
    else if (result->outcome != CHECK_PASSED)
        note = result->note ? result->note : "";
    if (!note)
        return SHARED_ENOMEM;
    const char *before = colour ? colour_of(id, result) : "";
    fprintf(out, "  %-*s%s%-*s%s%s\n", NAME_COLUMNS, check_rules[id].name, before,
            *note ? OUTCOME_COLUMNS : 0, outcome_name(id, result), *before ? "\033[0m" : "", note);
    for (size_t i = 0; status == 0 && i < result->count; i++) {
        fprintf(out, "    %s\n      %s\n", result->findings[i].what, result->findings[i].remedy);
        status = print_chain(out, 6, &result->findings[i], arena);
    }
    return status;
}

int report_check_text(FILE *out, const char *function, const struct check_report *report, bool colour,
                      struct shared_arena *arena, struct shared_error *err)
{
    fprintf(out, "%s\n", function);
    for (int i = 0; i < CHECK_COUNT; i++)
        if (print_result(out, (enum check_id)i, &report->results[i], colour, arena) < 0)
            return no_memory(function, err);
    return 0;
}

static void write_finding(struct json_out *json, const struct check_finding *finding)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "what", finding->what);
    json_out_text(json, "remedy", finding->remedy);
    json_out_open(json, "chain", '[');
    for (size_t i = 0; i < finding->chain.count; i++)
        json_out_text(json, NULL, finding->chain.items[i]);
    json_out_close(json, ']');
    json_out_text(json, "no_chain", finding->no_chain);
    json_out_close(json, '}');
}

void report_check_list(struct json_out *json, const struct check_report *report)
{
    json_out_open(json, "checks", '[');
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &report->results[i];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", check_rules[i].name);
        json_out_text(json, "outcome", outcome_name((enum check_id)i, result));
        json_out_text(json, "note", result->note);
        json_out_open(json, "findings", '[');
        for (size_t j = 0; j < result->count; j++)
            write_finding(json, &result->findings[j]);
        json_out_close(json, ']');
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

void report_check_json(struct json_out *json, const char *function, const struct check_report *report)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", function);
    json_out_number(json, "errors", check_errors(report));
    json_out_number(json, "warnings", check_warnings(report));
    report_check_list(json, report);
    json_out_close(json, '}');
}

int report_check_findings(FILE *out, const char *manifest, const char *function,
                          const struct check_report *report, struct shared_arena *arena,
                          struct shared_error *err)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &report->results[i];
        if (result->outcome != CHECK_FOUND)
            continue;
        for (size_t j = 0; j < result->count; j++) {
            const char *text = check_finding_text((enum check_id)i, &result->findings[j], arena);
            if (!text)
                return no_memory(function, err);
            fprintf(out, "demine: %sfunction %s: %s\n", check_rules[i].error ? "" : "warning: ", function,
                    text);
            if (print_chain(out, 4, &result->findings[j], arena) < 0)
                return no_memory(function, err);
        }
        if (!check_rules[i].always)
            fprintf(out, "    %s lets it pass with \"checks\": {\"%s\": {\"off\": \"WHY\"}}\n", manifest,
                    check_rules[i].name);
    }
    return 0;
}
