#include "report/report_prune.h"

#include "base/columns.h"
#include "base/json_out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is kept, and why, as the end of a sentence. */
static void print_why(FILE *out, enum prune_verdict verdict, const char *who)
{
    static const char *const texts[] = {
        [PRUNE_GOES] = "nothing is known to use it",
        [PRUNE_IS_LATEST] = "is $LATEST",
        [PRUNE_ALIASED] = "an alias points to it: ",
        [PRUNE_NEWEST] = "is among the newest",
        [PRUNE_ALIASES_UNKNOWN] = "an alias may point to it: no list of its aliases",
        [PRUNE_USED] = "a kept version uses it: ",
        [PRUNE_PLANNED] = "the lock's plan attaches it",
        [PRUNE_USERS_UNKNOWN] = "versions of functions that are not listed may use it",
    };
    fprintf(out, "%s%s", texts[verdict], who ? who : "");
}

static char *version_text(uint64_t version, struct shared_arena *arena)
{
    return version == PRUNE_LATEST ? shared_arena_format(arena, "$LATEST")
                                   : shared_arena_format(arena, "%" PRIu64, version);
}

static void add_bytes(struct columns *columns, uint64_t bytes)
{
    columns_add(columns, bytes == PRUNE_UNKNOWN ? "not known" : columns_number_text(columns->arena, bytes));
}

static int print_versions(FILE *out, const struct report_prune *report, struct shared_arena *arena,
                          struct shared_error *err)
{
    const struct prune_plan *plan = report->plan;
    struct columns columns = {.arena = arena, .column_count = 4, .names = 1u << 3};
    static const char *const headings[] = {"FUNCTION", "VERSION", "BYTES", "MODIFIED"};
    if (plan->versions_gone == 0)
        return 0;
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < plan->version_count; i++) {
        const struct prune_version *version = &plan->versions[i];
        if (version->verdict != PRUNE_GOES || version->again)
            continue;
        columns_add(&columns, version->name);
        columns_add(&columns, version_text(version->version, arena));
        add_bytes(&columns, version->bytes);
        columns_add(&columns, version->modified ? version->modified : "");
    }
    fputs("\nVersions of functions that could go\n", out);
    return columns_print(&columns, out, report->colour, err);
}

static int print_layers(FILE *out, const struct report_prune *report, struct shared_arena *arena,
                        struct shared_error *err)
{
    const struct prune_plan *plan = report->plan;
    struct columns columns = {.arena = arena, .column_count = 4, .names = 1u << 3};
    static const char *const headings[] = {"LAYER", "VERSION", "BYTES", "CREATED"};
    if (plan->layers_gone == 0)
        return 0;
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < plan->layer_count; i++) {
        const struct prune_layer *layer = &plan->layers[i];
        if (layer->verdict != PRUNE_GOES || layer->again)
            continue;
        columns_add(&columns, layer->name);
        columns_add(&columns, version_text(layer->version, arena));
        add_bytes(&columns, layer->bytes);
        columns_add(&columns, layer->created ? layer->created : "");
    }
    fputs("\nVersions of layers that could go\n", out);
    return columns_print(&columns, out, report->colour, err);
}

static void print_kept(FILE *out, const struct prune_plan *plan)
{
    const char *before = "\nKept\n";
    for (size_t i = 0; i < plan->version_count; i++) {
        const struct prune_version *version = &plan->versions[i];
        if (version->verdict == PRUNE_GOES || version->again)
            continue;
        fprintf(out, "%s%s:", before, version->name);
        before = "";
        if (version->version == PRUNE_LATEST)
            fputs("$LATEST", out);
        else
            fprintf(out, "%" PRIu64 "  ", version->version);
        if (version->version != PRUNE_LATEST)
            print_why(out, version->verdict, version->alias);
        fputc('\n', out);
    }
    for (size_t i = 0; i < plan->layer_count; i++) {
        const struct prune_layer *layer = &plan->layers[i];
        if (layer->verdict == PRUNE_GOES || layer->again)
            continue;
        fprintf(out, "%slayer %s:%" PRIu64 "  ", before, layer->name, layer->version);
        before = "";
        print_why(out, layer->verdict, layer->user);
        fputc('\n', out);
    }
}

static void print_names(FILE *out, const char *what, const char *const *names, size_t count)
{
    if (count == 0)
        return;
    fputs(what, out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s", i ? ", " : "", names[i]);
    fputc('\n', out);
}

static void print_notes(FILE *out, const struct report_prune *report)
{
    const struct prune_plan *plan = report->plan;
    fputc('\n', out);
    print_names(out, "All kept, as no whole list of their aliases was given (--aliases, or --no-aliases): ",
                plan->unknown, plan->unknown_count);
    print_names(out,
                "Listed in part, so that no layer goes (a last page, $LATEST or a version that an alias "
                "points to is missing): ",
                plan->partial, plan->partial_count);
    print_names(out, "Aliases alone are listed, so that no layer goes: ", plan->strangers,
                plan->stranger_count);
    if (plan->layer_count > 0 && !report->all_functions)
        fputs("No layer goes, as other functions may use it; --all-functions says that all are listed\n",
              out);
    fputs(
        "Not seen: who calls a version by its number, as an event source, a gateway or another account may\n",
        out);
}

int report_prune_text(FILE *out, const struct report_prune *report, struct shared_arena *arena,
                      struct shared_error *err)
{
    const struct prune_plan *plan = report->plan;
    const char *versions = columns_number_text(arena, plan->version_bytes);
    const char *layers = columns_number_text(arena, plan->layer_bytes);
    const char *all = columns_number_text(arena, plan->version_bytes + plan->layer_bytes);
    if (!versions || !layers || !all)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    fprintf(out, "%s B could be won: %s B of %zu version%s of functions, %s B of %zu version%s of layers",
            all, versions, plan->versions_gone, plan->versions_gone == 1 ? "" : "s", layers,
            plan->layers_gone, plan->layers_gone == 1 ? "" : "s");
    if (plan->layers_unknown)
        fprintf(out, " (of %zu of them the size is not known)", plan->layers_unknown);
    fputc('\n', out);
    int status = print_versions(out, report, arena, err);
    if (status == 0)
        status = print_layers(out, report, arena, err);
    if (status < 0)
        return status;
    print_kept(out, plan);
    print_notes(out, report);
    if (plan->versions_gone + plan->layers_gone > 0)
        fputs("\nCommands (demine prune-plan --sh prints them alone)\n", out);
    report_prune_sh(out, plan);
    return 0;
}

/*
 * Names are whole ARNs, so that nothing of another account goes where the shell is set up for one. They hold letters,
 * digits, "-", "_" and colons alone (prune_arn_read), which no shell gives a meaning.
 */
static void write_version(FILE *out, const struct prune_plan *plan, const struct prune_version *version)
{
    fprintf(out, "aws lambda delete-function --region %s --function-name %s --qualifier %" PRIu64,
            plan->region, version->function, version->version);
}

static void write_layer(FILE *out, const struct prune_plan *plan, const struct prune_layer *layer)
{
    fprintf(out, "aws lambda delete-layer-version --region %s --layer-name %s --version-number %" PRIu64,
            plan->region, layer->whole, layer->version);
}

void report_prune_sh(FILE *out, const struct prune_plan *plan)
{
    for (size_t i = 0; i < plan->version_count; i++) {
        if (plan->versions[i].verdict != PRUNE_GOES || plan->versions[i].again)
            continue;
        write_version(out, plan, &plan->versions[i]);
        fputc('\n', out);
    }
    for (size_t i = 0; i < plan->layer_count; i++) {
        if (plan->layers[i].verdict != PRUNE_GOES || plan->layers[i].again)
            continue;
        write_layer(out, plan, &plan->layers[i]);
        fputc('\n', out);
    }
}

/* As print_why writes it. */
static void json_why(struct json_out *json, enum prune_verdict verdict, const char *who)
{
    char text[256] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");
    if (out) {
        print_why(out, verdict, who);
        fclose(out);
    }
    json_out_text(json, "why", text);
}

static void json_bytes(struct json_out *json, uint64_t bytes)
{
    if (bytes == PRUNE_UNKNOWN)
        json_out_text(json, "bytes", NULL);
    else
        json_out_number(json, "bytes", bytes);
}

static void json_version_number(struct json_out *json, uint64_t version)
{
    char number[24] = "$LATEST";
    if (version != PRUNE_LATEST)
        snprintf(number, sizeof(number), "%" PRIu64, version);
    json_out_text(json, "version", number);
}

static void json_version(struct json_out *json, const struct prune_version *version)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", version->name);
    json_out_text(json, "arn", version->function);
    json_version_number(json, version->version);
    json_bytes(json, version->bytes);
    json_out_text(json, "modified", version->modified);
    json_out_bool(json, "goes", version->verdict == PRUNE_GOES);
    json_why(json, version->verdict, version->alias);
    json_out_close(json, '}');
}

static void json_layer(struct json_out *json, const struct prune_layer *layer)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", layer->name);
    json_out_text(json, "arn", layer->arn);
    json_out_number(json, "version", layer->version);
    json_bytes(json, layer->bytes);
    json_out_text(json, "created", layer->created);
    json_out_bool(json, "goes", layer->verdict == PRUNE_GOES);
    json_why(json, layer->verdict, layer->user);
    json_out_close(json, '}');
}

static void json_names(struct json_out *json, const char *key, const char *const *names, size_t count)
{
    json_out_open(json, key, '[');
    for (size_t i = 0; i < count; i++)
        json_out_text(json, NULL, names[i]);
    json_out_close(json, ']');
}

static void json_missing(struct json_out *json, const struct prune_plan *plan)
{
    json_out_open(json, "versions_missing", '[');
    for (size_t i = 0; i < plan->missing_count; i++) {
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", plan->missing[i].function);
        json_version_number(json, plan->missing[i].version);
        json_out_text(json, "alias", plan->missing[i].alias);
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

static void json_commands(struct json_out *json, const struct prune_plan *plan)
{
    char *text = NULL, *rest;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_out_open(json, "commands", '[');
    if (out) {
        report_prune_sh(out, plan);
        fclose(out);
    }
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
        json_out_text(json, NULL, line);
    json_out_close(json, ']');
    free(text);
}

void report_prune_json(FILE *out, const struct report_prune *report)
{
    const struct prune_plan *plan = report->plan;
    struct json_out json = {.out = out};
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_number(&json, "keep", report->keep);
    json_out_bool(&json, "all_functions", report->all_functions);
    json_out_open(&json, "functions", '[');
    for (size_t i = 0; i < plan->version_count; i++)
        if (!plan->versions[i].again)
            json_version(&json, &plan->versions[i]);
    json_out_close(&json, ']');
    json_out_open(&json, "layers", '[');
    for (size_t i = 0; i < plan->layer_count; i++)
        if (!plan->layers[i].again)
            json_layer(&json, &plan->layers[i]);
    json_out_close(&json, ']');
    json_names(&json, "aliases_unknown", plan->unknown, plan->unknown_count);
    json_names(&json, "versions_partial", plan->partial, plan->partial_count);
    json_missing(&json, plan);
    json_names(&json, "versions_unlisted", plan->strangers, plan->stranger_count);
    json_out_number(&json, "won_bytes", plan->version_bytes + plan->layer_bytes);
    json_out_number(&json, "won_unknown", plan->layers_unknown);
    json_commands(&json, plan);
    json_out_close(&json, '}');
    fputc('\n', out);
}
