#include "check.h"

#include "report/bar.h"
#include "report/report_limits.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

static struct shared_arena arena;
static struct shared_error err;
static struct manifest_function functions[4];
static struct manifest manifest;
static struct limit_usage usages[4];
static struct limit_region region;
static struct limit_layer layers[2];
static size_t layer_count;
static struct limit_view view;
static size_t first = 0, count = 4;                  /* of the functions that are asked for */
static bool profiles[LIMIT_PROFILES] = {true, true}; /* that are shown */

/* a: as small as it can be; b: busy; c: no traffic known; d: over what 2016 allowed. */
static void set_up(void)
{
    functions[0] = (struct manifest_function){.name = "a", .memory_mb = 128, .timeout_s = 3};
    functions[1] = (struct manifest_function){
        .name = "b", .memory_mb = 512, .timeout_s = 3, .requests_per_s = 200, .duration_ms = 250};
    functions[2] =
        (struct manifest_function){.name = "c", .memory_mb = 128, .timeout_s = 3, .requests_per_s = 100};
    functions[3] = (struct manifest_function){
        .name = "d", .memory_mb = 3008, .timeout_s = 600, .requests_per_s = 20, .duration_ms = 3000};
    manifest =
        (struct manifest){.path = "demine.json", .name = "p", .functions = functions, .function_count = 4};
    region = (struct limit_region){.limit_bytes = LIMIT_NONE, .used_bytes = 5};
    for (size_t i = 0; i < 4; i++)
        usages[i] = (struct limit_usage){.function = functions[i].name,
                                         .zipped = true,
                                         .zip_bytes = 1000 * (i + 1),
                                         .unzipped_bytes = 9000,
                                         .memory_mb = functions[i].memory_mb,
                                         .timeout_s = functions[i].timeout_s};
}

static int try_to_make(void)
{
    const struct limit_held held = {usages + first, count, layers, layer_count, &region};
    return limit_view_make(&manifest, &held, &arena, &view, &err);
}

static void make(void)
{
    CHECK_NUMBER(try_to_make(), 0);
}

static const struct limit_row *find(const char *name, const char *function)
{
    static const struct limit_row none;
    for (size_t i = 0; i < view.count; i++)
        if (strcmp(view.rows[i].name, name) == 0 &&
            (function ? view.rows[i].function && strcmp(view.rows[i].function, function) == 0
                      : !view.rows[i].function))
            return &view.rows[i];
    CHECK(!"no such row");
    return &none;
}

static void test_rows(void)
{
    set_up();
    make();
    /* Of each function zip, unzipped, layers, environment, two of memory, timeout; two durations; the region's three. */
    CHECK_NUMBER(view.count, 4 * 7 + 2 + 3);
    CHECK_NUMBER(view.exceeded[PROFILE_TODAY], 0);
    CHECK_NUMBER(view.exceeded[PROFILE_2016], 3);
    const struct limit_row *memory = find("memory_max_mb", "d");
    CHECK(!memory->profiles[PROFILE_TODAY].exceeded && memory->profiles[PROFILE_2016].exceeded);
    CHECK_NUMBER(memory->profiles[PROFILE_2016].allowed, 1536);
    CHECK(find("timeout_s", "d")->profiles[PROFILE_2016].exceeded);
    CHECK(find("environment_bytes", "a")->profiles[PROFILE_2016].allowed == LIMIT_NONE);
    CHECK_NUMBER(find("code_storage_bytes", NULL)->value, 5);
    for (size_t i = 1; i < view.count; i++)
        CHECK(!limit_row_is_worse(&view.rows[i], &view.rows[i - 1], PROFILE_TODAY));
    CHECK_TEXT(view.rows[0].name, "timeout_s"); /* 600 of 900 s */
    manifest.profile = PROFILE_2016;
    make();
    CHECK(view.rows[0].profiles[PROFILE_2016].exceeded && view.rows[2].profiles[PROFILE_2016].exceeded);
    CHECK(!view.rows[3].profiles[PROFILE_2016].exceeded);
    for (size_t i = 1; i < view.count; i++)
        CHECK(!limit_row_is_worse(&view.rows[i], &view.rows[i - 1], PROFILE_2016));
}

/* 200/s x 250 ms = 50, 20/s x 3 s = 60. */
static void test_traffic(void)
{
    set_up();
    make();
    CHECK_NUMBER(view.loads.all.busy_ms, 110000);
    CHECK_NUMBER(view.loads.all.requests_per_s, 320);
    CHECK_NUMBER(view.loads.items[2].busy_ms, 0);
    const struct limit_row *row = find("concurrency", NULL);
    CHECK_NUMBER(row->value, 110);
    CHECK(!row->profiles[PROFILE_TODAY].exceeded && row->profiles[PROFILE_2016].exceeded);
    CHECK(strstr(row->profiles[PROFILE_2016].message, "concurrent executions: 110 is over the limit of 100"));
    CHECK(!find("gateway_requests_per_s", NULL)->profiles[PROFILE_2016].exceeded);
    /* A new account has ten. */
    region.concurrency = 10;
    make();
    CHECK(find("concurrency", NULL)->profiles[PROFILE_TODAY].exceeded);
    CHECK_NUMBER(find("concurrency", NULL)->profiles[PROFILE_TODAY].allowed, 10);
    functions[3].duration_ms = 601 * 1000;
    make();
    CHECK(find("duration_ms", "d")->profiles[PROFILE_TODAY].exceeded);
    CHECK(strstr(find("duration_ms", "d")->profiles[PROFILE_TODAY].message,
                 "601,000 ms is over its own timeout of 600,000 ms"));
    functions[3].requests_per_s = (UINT64_C(1) << 53) - 1;
    functions[3].duration_ms = (UINT64_C(1) << 53) - 1;
    functions[3].timeout_s = UINT64_MAX;
    make();
    CHECK(view.loads.all.busy_ms == UINT64_MAX);
    CHECK(find("concurrency", NULL)->value == UINT64_MAX / 1000 + 1);
}

static void test_overrides(void)
{
    static struct manifest_override few[] = {{"concurrency", 40, "limits.overrides.concurrency"}};
    set_up();
    manifest.overrides = few;
    manifest.override_count = 1;
    region.concurrency = 1000;
    make();
    CHECK_NUMBER(find("concurrency", NULL)->profiles[PROFILE_TODAY].allowed, 40);
    few[0].name = "concurency";
    CHECK_NUMBER(try_to_make(), SHARED_EINVAL);
    few[0].name = "concurrency";
}

static char *write_report(bool json, bool all)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct report_limits report = {.manifest = &manifest,
                                         .view = &view,
                                         .region = &region,
                                         .usages = usages + first,
                                         .usage_count = count,
                                         .profiles = {profiles[0], profiles[1]},
                                         .all = all};
    if (!CHECK(out != NULL))
        exit(2);
    if (json)
        report_limits_json(out, &report);
    else
        CHECK_NUMBER(report_limits_text(out, &report, &arena, &err), 0);
    fclose(out);
    return text;
}

/* What the JSON says of a row of a function or layer: 1, 0, or -1 where it says nothing. */
static int json_says(const char *limit, const char *whose, const char *profile, const char *what)
{
    char *text = write_report(true, true);
    cJSON *root = cJSON_Parse(text);
    const cJSON *row;
    int said = -1;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(root, "limits"))
    {
        const char *function = cJSON_GetStringValue(cJSON_GetObjectItem(row, "function"));
        const char *layer = cJSON_GetStringValue(cJSON_GetObjectItem(row, "layer"));
        const cJSON *key = cJSON_GetObjectItem(cJSON_GetObjectItem(row, profile), what);
        CHECK(!function || !layer);
        if (strcmp(function ? function
                   : layer  ? layer
                            : "",
                   whose) == 0 &&
            cJSON_IsBool(key) && strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(row, "limit")), limit) == 0)
            said = cJSON_IsTrue(key);
    }
    cJSON_Delete(root);
    free(text);
    return said;
}

/* What the plan of one profile attaches is no excess in the other; what the manifest pins is. */
static void test_layers_of_another_profile(void)
{
    set_up();
    usages[0].layers = usages[1].layers = 2;
    functions[1].layer_count = 1;
    make();
    const struct limit_standing *planned = &find("layers", "a")->profiles[PROFILE_2016];
    CHECK(!planned->exceeded && planned->unplanned && !planned->message);
    CHECK_NUMBER(planned->allowed, 0);
    CHECK(find("layers", "b")->profiles[PROFILE_2016].exceeded);
    CHECK(!find("layers", "b")->profiles[PROFILE_2016].unplanned);
    CHECK(!find("layers", "a")->profiles[PROFILE_TODAY].unplanned);
    CHECK_NUMBER(view.exceeded[PROFILE_2016], 4);
    char *text = write_report(false, true);
    CHECK(strstr(text, "not planned") && strstr(text, "\n2016: so many layers could not be; "));
    CHECK(!strstr(text, "\ntoday: so many layers could not be; "));
    free(text);
    CHECK(json_says("layers", "a", "2016", "not_planned") == 1);
    CHECK(json_says("layers", "a", "today", "not_planned") == 0);
    CHECK(json_says("layers", "b", "2016", "not_planned") == 0);
    /* In the manifest's own profile they would be. */
    manifest.profile = PROFILE_2016;
    make();
    CHECK(find("layers", "a")->profiles[PROFILE_2016].exceeded);
}

/* The zips of layers have a row each, by the layers' names. */
static void test_zips_of_layers(void)
{
    layers[0] = (struct limit_layer){.name = "p-0123456789abcdef", .zip_bytes = 60000000};
    layers[1] = (struct limit_layer){.name = "p-fedcba9876543210", .zip_bytes = 500};
    layer_count = 2;
    set_up();
    make();
    CHECK_NUMBER(view.count, 4 * 7 + 2 + 2 + 3);
    CHECK_NUMBER(view.exceeded[PROFILE_TODAY], 1);
    CHECK_TEXT(view.rows[0].title, "layer zip, direct upload");
    CHECK_TEXT(view.rows[0].layer, "p-0123456789abcdef");
    CHECK(!view.rows[0].function && view.rows[0].profiles[PROFILE_TODAY].exceeded);
    CHECK(strstr(view.rows[0].profiles[PROFILE_TODAY].message, "layer p-0123456789abcdef: layer zip, "));
    /* There were none in 2016. */
    CHECK(view.rows[0].profiles[PROFILE_2016].unplanned && !view.rows[0].profiles[PROFILE_2016].exceeded);
    /* The region is still the region. */
    CHECK_NUMBER(find("code_storage_bytes", NULL)->value, 5);
    CHECK(!find("code_storage_bytes", NULL)->layer && !find("concurrency", NULL)->layer);
    CHECK(json_says("layer_zip_bytes", "p-0123456789abcdef", "today", "exceeded") == 1);
    CHECK(json_says("layer_zip_bytes", "p-fedcba9876543210", "today", "exceeded") == 0);
    CHECK(json_says("layer_zip_bytes", "p-fedcba9876543210", "2016", "not_planned") == 1);
    char *text = write_report(false, false);
    CHECK(strstr(text, "\nlayer zip, direct upload  p-0123456789abcdef  60,000,000 B  [") &&
          strstr(text, "  114 % OVER ") && strstr(text, "Exceeded:\nlayer p-0123456789abcdef: "));
    CHECK(!strstr(text, "p-fedcba9876543210"));
    free(text);
    manifest.s3_bucket = "bucket";
    make();
    CHECK_NUMBER(view.exceeded[PROFILE_TODAY], 0);
    CHECK(json_says("layer_zip_bytes", "p-0123456789abcdef", "today", "via_s3") == 1);
    CHECK(json_says("layer_zip_bytes", "p-0123456789abcdef", "2016", "via_s3") == 0);
    text = write_report(false, true);
    CHECK(strstr(text, "  114 % by S3 ") && strstr(text, "p-fedcba9876543210"));
    free(text);
    layer_count = 0;
}

static void test_text(void)
{
    static const char *const parts[] = {
        "p: 4 functions, profile 2016\n",
        "[###################!]  200 % OVER     300 s",
        "[#############       ]  66.7 %      900 s",
        "no limit",
        "FUNCTION  MEMORY MB  REQUESTS/S  MS EACH  EXECUTIONS  OF 1,000  OF 10,000/s  OF 100  OF 1,000/s\n"
        "b               512         200      250        50.0     5.0 %        2.0 %  50.0 %      20.0 %\n"
        "c               128         100        ?           ?         ?        1.0 %       ?      10.0 %\n"
        "d             3,008          20    3,000        60.0     6.0 %       0.20 %  60.0 %       2.0 %\n"
        "in all                      320                  110    11.0 %        3.2 %   110 %      32.0 %\n",
        "today: concurrent executions throttle first, from 9.09 times this traffic on\n",
        "2016: concurrent executions throttle first, from 0.91 times this traffic on\n",
        "Not counted, as the manifest has no requests_per_s or no duration_ms for them: a, c\n",
        "Zips that are not known, as something before them is exceeded: a\n",
        "Region: 5 B used (counted from 0: no --account given, and no ledger), a publish of this pack adds 0 "
        "B; ",
        "Exceeded:\nfunction d: timeout: 600 s is over the limit of 300 s; change functions.d.timeout_s\n",
    };
    set_up();
    manifest.profile = PROFILE_2016;
    usages[0].zipped = false;
    make();
    char *text = write_report(false, false);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        CHECK_ROW(parts[i]);
        if (!CHECK(strstr(text, parts[i]) != NULL))
            fputs(text, stderr);
    }
    CHECK_ROW(NULL);
    free(text);
    text = write_report(false, true);
    CHECK(strstr(text, "memory, least") && !strstr(text, "--all"));
    free(text);
}

/* Of one function and one profile: the heading names both, and traffic is that function's, beside that of all. */
static void test_some(void)
{
    set_up();
    first = 3;
    count = 1;
    profiles[PROFILE_TODAY] = false;
    make();
    char *text = write_report(false, false);
    CHECK(strstr(text, "p: 1 function, profile 2016 (the manifest's is today)\n") == text);
    CHECK(strstr(text, "EXECUTIONS  OF 100  OF 1,000/s\n"
                       "d                  3,008          20    3,000        60.0  60.0 %       2.0 %\n"
                       "all functions                    320                  110   110 %      32.0 %\n"));
    CHECK(!strstr(text, "\nb  "));
    free(text);
    manifest.profile = PROFILE_2016;
    make();
    text = write_report(false, false);
    CHECK(strstr(text, "p: 1 function, profile 2016\n") == text);
    free(text);
    first = 0;
    count = 4;
    profiles[PROFILE_TODAY] = true;
}

/* An execution that runs in part is one that is needed: in all tables, and in what is exceeded. */
static void test_rounding(void)
{
    set_up();
    for (size_t i = 0; i < manifest.function_count; i++)
        functions[i].requests_per_s = 0;
    functions[1].requests_per_s = 333;
    functions[1].duration_ms = 1501;
    functions[2].requests_per_s = 41;
    functions[2].duration_ms = 31;
    make();
    char *text = write_report(false, false);
    CHECK_NUMBER(find("concurrency", NULL)->value, 502);
    CHECK(strstr(text, "333    1,501         500    50.0 %"));
    CHECK(strstr(text, "41       31         1.3    0.13 %"));
    CHECK(strstr(text, "374                  502    50.2 %"));
    free(text);
    text = write_report(true, false);
    CHECK(strstr(text, "\"busy_ms\":499833,\"executions\":500}"));
    CHECK(strstr(text, "\"busy_ms\":501104,\"executions\":502,"));
    free(text);
}

static void test_json(void)
{
    set_up();
    usages[2].zipped = false;
    make();
    char *text = write_report(true, false);
    cJSON *root = cJSON_Parse(text);
    if (CHECK(root != NULL)) {
        const cJSON *limits = cJSON_GetObjectItem(root, "limits"),
                    *traffic = cJSON_GetObjectItem(root, "traffic");
        CHECK_NUMBER(cJSON_GetArraySize(limits), view.count);
        CHECK_TEXT(cJSON_GetObjectItem(cJSON_GetArrayItem(limits, 0), "limit")->valuestring,
                   view.rows[0].name);
        CHECK_NUMBER(cJSON_GetObjectItem(traffic, "busy_ms")->valuedouble, 110000);
        const cJSON *unknown = cJSON_GetObjectItem(root, "zips_unknown");
        CHECK_NUMBER(cJSON_GetArraySize(unknown), 1);
        CHECK_TEXT(cJSON_GetStringValue(cJSON_GetArrayItem(unknown, 0)), "c");
        CHECK(cJSON_IsNull(cJSON_GetObjectItem(cJSON_GetObjectItem(root, "region"), "rate")));
    }
    cJSON_Delete(root);
    free(text);
}

static void test_bar(void)
{
    static const struct {
        uint64_t part, whole;
        const char *text, *blocks;
    } table[] = {
        {0, 100, "[                    ]", "▕                    ▏"},
        {0, 0, "[                    ]", "▕                    ▏"},
        {1, 1000, "[.                   ]", "▕·                   ▏"},
        {50, 100, "[##########          ]", "▕██████████          ▏"},
        {52, 100, "[##########          ]", "▕██████████▍         ▏"},
        {100, 100, "[####################]", "▕████████████████████▏"},
        {101, 100, "[###################!]", "▕███████████████████!▏"},
        {1, 0, "[###################!]", "▕███████████████████!▏"},
        {UINT64_MAX, UINT64_MAX, "[####################]", "▕████████████████████▏"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_TEXT(bar_text(&arena, table[i].part, table[i].whole, 20, false), table[i].text);
        CHECK_TEXT(bar_text(&arena, table[i].part, table[i].whole, 20, true), table[i].blocks);
    }
}

int main(void)
{
    CHECK_RUN(test_rows);
    CHECK_RUN(test_traffic);
    CHECK_RUN(test_overrides);
    CHECK_RUN(test_layers_of_another_profile);
    CHECK_RUN(test_zips_of_layers);
    CHECK_RUN(test_text);
    CHECK_RUN(test_some);
    CHECK_RUN(test_rounding);
    CHECK_RUN(test_json);
    CHECK_RUN(test_bar);
    shared_arena_clean_up(&arena);
    return check_report();
}
