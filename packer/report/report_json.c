#include "report/report.h"

#include "base/cleanup.h"
#include "base/text_width.h"
#include "limit/limit_ledger.h"
#include "report/report_check.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <string.h>

#define FORMAT 1

static void delete_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static void free_text(char **text)
{
    cJSON_free(*text);
}

/* cJSON's adders take NULL for "memory is exhausted" and pass it on: one look at the end is enough. */
static void add_number(cJSON *object, const char *key, uint64_t number)
{
    cJSON_AddNumberToObject(object, key, (double)number);
}

/* JSON is UTF-8 (RFC 8259, section 8.1), a path of the user's any bytes: what is not UTF-8 becomes "?". */
static cJSON *make_text(const char *text)
{
    cJSON *item = cJSON_CreateString(text);
    char *at = cJSON_GetStringValue(item);
    for (size_t left = at ? strlen(at) : 0; left > 0;) {
        size_t size = text_character_bytes(at, left);
        if (size == 0)
            *at = '?';
        at += size ? size : 1;
        left -= size ? size : 1;
    }
    return item;
}

static void add_text(cJSON *object, const char *key, const char *text)
{
    cJSON_AddItemToObject(object, key, text ? make_text(text) : cJSON_CreateNull());
}

static cJSON *add_element(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    return object;
}

static void add_image(cJSON *object, const struct image *image)
{
    add_number(object, "program_bytes", image->file_bytes);
    cJSON *origins = cJSON_AddArrayToObject(object, "origins");
    for (size_t i = 0; i < image->origin_count; i++) {
        cJSON *origin = add_element(origins);
        add_text(origin, "name", image->origins[i].name);
        add_number(origin, "bytes", image->origins[i].bytes);
    }
    cJSON *needed = cJSON_AddArrayToObject(object, "needed");
    for (size_t i = 0; i < image->needed.count; i++)
        cJSON_AddItemToArray(needed, make_text(image->needed.items[i]));
    add_text(object, "glibc", image->glibc);
}

static void add_entries(cJSON *object, const struct package *package)
{
    static const char *const kinds[] = {"file", "executable", "symlink", "folder"};
    cJSON *entries = cJSON_AddArrayToObject(object, "entries");
    for (size_t i = 0; i < package->count; i++) {
        cJSON *entry = add_element(entries);
        add_text(entry, "place", package->entries[i].place);
        add_text(entry, "kind", kinds[package->entries[i].kind]);
        add_number(entry, "bytes", package->entries[i].size_bytes);
    }
}

/* As demine check --json writes them: one form, written by one function. NULL where memory is exhausted. */
static cJSON *make_checks(const struct check_report *report)
{
    CLEANUP_FREE char *text = NULL;
    size_t size = 0;
    struct json_out json = {.out = open_memstream(&text, &size)};
    if (!json.out)
        return NULL;
    json_out_open(&json, NULL, '{');
    report_check_list(&json, report);
    json_out_close(&json, '}');
    bool whole = !ferror(json.out);
    if (fclose(json.out) != 0 || !whole)
        return NULL;
    CLEANUP(delete_json) cJSON *object = cJSON_Parse(text);
    return cJSON_DetachItemFromObject(object, "checks");
}

static bool add_checks(cJSON *object, const struct check_report *report)
{
    cJSON *checks = make_checks(report);
    add_number(object, "errors", check_errors(report));
    add_number(object, "warnings", check_warnings(report));
    return checks && cJSON_AddItemToObject(object, "checks", checks);
}

static void add_finding(cJSON *array, const struct limit_finding *finding)
{
    cJSON *object = add_element(array);
    add_text(object, "limit", finding->limit->name);
    add_number(object, "value", finding->value);
    add_number(object, "allowed", finding->allowed);
    cJSON_AddBoolToObject(object, "exceeded", finding->exceeded);
    if (finding->via_s3)
        cJSON_AddTrueToObject(object, "via_s3");
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Of a function, a layer, or the region: both NULL. */
static void add_findings(cJSON *object, const struct limit_findings *findings, const char *function,
                         const char *layer)
{
    cJSON *array = cJSON_AddArrayToObject(object, "limits");
    for (size_t i = 0; i < findings->count; i++) {
        const struct limit_finding *finding = &findings->items[i];
        if (is_same(function, finding->function) && is_same(layer, finding->layer))
            add_finding(array, finding);
    }
}

static bool add_function(cJSON *array, const struct report *report, const struct report_function *function)
{
    cJSON *object = add_element(array);
    add_text(object, "name", function->function->name);
    if (manifest_is_program(function->function))
        add_text(object, "linkage", function->function->linkage == LINKAGE_STATIC ? "static" : "dynamic");
    else
        add_text(object, "runtime", function->function->runtime);
    add_text(object, "zip", function->zip);
    add_number(object, "zip_bytes", function->zip_bytes);
    cJSON_AddBoolToObject(object, "unchanged", function->unchanged);
    add_number(object, "unzipped_bytes", function->package->unzipped_bytes);
    add_text(object, "debug", function->unstripped);
    add_image(object, function->image);
    add_entries(object, function->package);
    add_findings(object, report->findings, function->function->name, NULL);
    cJSON *layers = cJSON_AddArrayToObject(object, "layers");
    for (size_t i = 0; i < function->layer_count; i++)
        cJSON_AddItemToArray(layers, make_text(function->layers[i]));
    return !function->checks || add_checks(object, function->checks);
}

static void add_layer(cJSON *array, const struct report *report, const struct report_layer *layer)
{
    cJSON *object = add_element(array);
    add_text(object, "name", layer->name);
    add_text(object, "zip", layer->zip);
    add_number(object, "zip_bytes", layer->zip_bytes);
    add_number(object, "unzipped_bytes", layer->unzipped_bytes);
    add_number(object, "users", layer->users);
    add_number(object, "items", layer->items);
    cJSON_AddBoolToObject(object, "kept", layer->kept);
    cJSON_AddBoolToObject(object, "unchanged", layer->unchanged);
    add_findings(object, report->findings, NULL, layer->name);
}

static void add_weighed(cJSON *object, const char *key, const struct report_linkage *linkage, double bytes)
{
    bool weighed = !linkage->needed_by && !linkage->why_not;
    cJSON_AddItemToObject(object, key, weighed ? cJSON_CreateNumber(bytes) : cJSON_CreateNull());
}

static void add_linkage(cJSON *array, const struct report_linkage *linkage)
{
    cJSON *object = add_element(array);
    add_text(object, "library", linkage->library);
    add_number(object, "functions", linkage->functions);
    add_text(object, "linkage", linkage->shared ? "shared" : "parts");
    cJSON_AddBoolToObject(object, "in_layer", linkage->shared && linkage->in_layer);
    add_weighed(object, "shared_bytes", linkage, (double)linkage->shared_bytes);
    add_weighed(object, "parts_bytes", linkage, (double)linkage->parts_bytes);
    add_text(object, "needed_by", linkage->needed_by);
    add_text(object, "why_not", linkage->why_not);
}

/* What the ledger knows of the storage: how fast it fills, and until when. */
static void add_future(cJSON *region, const struct report *report)
{
    const struct limit_rate *rate = &report->region->rate;
    struct limit_forecast forecast = {.future = LIMIT_UNKNOWN};
    for (size_t i = 0; i < report->findings->count; i++)
        if (report->findings->items[i].limit->scope == LIMIT_REGION)
            forecast = limit_forecast(report->region, report->findings->items[i].value,
                                      report->findings->items[i].allowed);
    add_text(region, "ledger", report->region->ledger);
    cJSON *object =
        rate->days ? cJSON_AddObjectToObject(region, "rate") : cJSON_AddNullToObject(region, "rate");
    if (rate->days) {
        add_number(object, "bytes", rate->bytes);
        add_number(object, "days", rate->days);
        add_text(object, "from", rate->from);
        add_text(object, "to", rate->to);
    }
    add_text(region, "full", forecast.future == LIMIT_DATE ? forecast.date : NULL);
}

int report_json(FILE *out, const struct report *report, struct shared_error *err)
{
    const struct manifest *manifest = report->manifest;
    CLEANUP(delete_json) cJSON *root = cJSON_CreateObject();
    add_number(root, "format", FORMAT);
    add_text(root, "demine", DEMINE_VERSION);
    add_text(root, "project", manifest->name);
    cJSON *target = cJSON_AddObjectToObject(root, "target");
    add_text(target, "runtime", manifest_runtime_name(manifest->runtime));
    add_text(target, "architecture", manifest_architecture_name(manifest->architecture));
    add_text(root, "profile", manifest_profile_name(manifest->profile));
    cJSON *functions = cJSON_AddArrayToObject(root, "functions");
    bool whole = true;
    for (size_t i = 0; i < report->function_count; i++)
        whole &= add_function(functions, report, &report->functions[i]);
    cJSON *layers = cJSON_AddArrayToObject(root, "layers");
    for (size_t i = 0; i < report->layer_count; i++)
        add_layer(layers, report, &report->layers[i]);
    cJSON *linkages = cJSON_AddArrayToObject(root, "linkage_choices");
    for (size_t i = 0; report->linkages && i < report->linkages->count; i++)
        add_linkage(linkages, &report->linkages->items[i]);
    cJSON *stale = cJSON_AddObjectToObject(cJSON_AddObjectToObject(root, "left_out"), "stale_pyc");
    add_number(stale, "files", report->stale.files);
    add_number(stale, "bytes", report->stale.bytes);
    add_number(root, "stored_bytes", report->stored_bytes);
    add_number(root, "unshared_bytes", report->unshared_bytes);
    cJSON *region = cJSON_AddObjectToObject(root, "region");
    add_text(region, "account", report->region->account);
    add_number(region, "used_bytes", report->region->used_bytes);
    add_future(region, report);
    add_findings(region, report->findings, NULL, NULL);

    CLEANUP(free_text) char *text = region && whole ? cJSON_Print(root) : NULL;
    if (!text)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    if (fputs(text, out) < 0 || fputc('\n', out) < 0)
        return shared_fail(err, SHARED_EIO, errno, "write the report");
    return 0;
}
