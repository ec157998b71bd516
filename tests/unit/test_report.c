#include "check.h"

#include "report/report.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* Two functions with more origins than a table has room for, and the region. */
static struct image_origin origins[2][10] = {
    {{"libc", 1000},
     {"own", 300},
     {"a", 90},
     {"b", 80},
     {"c", 70},
     {"d", 60},
     {"e", 50},
     {"f", 40},
     {"g", 30},
     {"linker", 20}},
    {{"own", 500}},
};
static const char *needed[] = {"libc.so.6", "\xFF.so"};
static const struct image images[2] = {
    {.file_bytes = 1740, .origins = origins[0], .origin_count = 10},
    {.file_bytes = 500,
     .origins = origins[1],
     .origin_count = 1,
     .interpreter = "/lib64/ld.so",
     .needed = {needed, 2},
     .glibc = "2.34"},
};
static struct package_entry entries[] = {
    {.place = "bootstrap", .kind = PACKAGE_EXECUTABLE, .size_bytes = 1740},
    {.place = "empty/", .kind = PACKAGE_FOLDER},
    {.place = "link", .target = "bootstrap", .kind = PACKAGE_SYMLINK, .size_bytes = 9},
};
static const struct package package = {entries, 3, 1749};
static const struct manifest_function functions[2] = {{.name = "one"},
                                                      {.name = "two", .linkage = LINKAGE_DYNAMIC}};
static const struct manifest manifest = {.name = "project"};
static const struct report_function reported[2] = {
    {.function = &functions[0],
     .image = &images[0],
     .package = &package,
     .zip = "dist \"x\"\n\xC3\xA9\xFF\xC3/one.zip",
     .unstripped = "dist/one.debug",
     .zip_bytes = 700},
    {.function = &functions[1],
     .image = &images[1],
     .package = &package,
     .zip = "dist/two.zip",
     .unstripped = "dist/two.debug",
     .zip_bytes = 300,
     .unchanged = true},
};
static struct limit_finding items[3];
static struct limit_findings findings = {items, 3, 0};
static struct limit_region region = {.limit_bytes = LIMIT_NONE};

static const struct report report = {.manifest = &manifest,
                                     .functions = reported,
                                     .function_count = 2,
                                     .findings = &findings,
                                     .region = &region};

static void set_up(void)
{
    items[0] =
        (struct limit_finding){&limit_table[LIMIT_ZIP_BYTES], "one", 700, 52428800, false, false, NULL, NULL};
    items[1] =
        (struct limit_finding){&limit_table[LIMIT_ZIP_BYTES], "two", 300, 52428800, false, true, NULL, NULL};
    items[2] = (struct limit_finding){
        &limit_table[LIMIT_CODE_STORAGE_BYTES], NULL, 1000, 80530636800, false, false, NULL, NULL};
}

static char *write_text(const struct report *what, bool json, bool colour)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct report_style style = {.colour = colour};
    if (!CHECK(out != NULL))
        exit(2);
    CHECK_NUMBER(json ? report_json(out, what, NULL) : report_text(out, what, &style, NULL), 0);
    fclose(out);
    return text;
}

static const cJSON *at(const cJSON *object, const char *key, int index)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return index < 0 ? item : cJSON_GetArrayItem(item, index);
}

static void test_json(void)
{
    char *text = write_text(&report, true, false);
    cJSON *root = cJSON_Parse(text);
    if (CHECK(root != NULL)) {
        const cJSON *one = at(root, "functions", 0), *two = at(root, "functions", 1);
        CHECK_NUMBER(at(root, "format", -1)->valuedouble, 1);
        CHECK_TEXT(at(root, "project", -1)->valuestring, "project");
        /* What is not UTF-8 would make all of it no JSON. */
        CHECK_TEXT(at(one, "zip", -1)->valuestring, "dist \"x\"\n\xC3\xA9?"
                                                    "?/one.zip");
        CHECK_TEXT(at(two, "needed", 1)->valuestring, "?.so");
        CHECK_TEXT(at(two, "linkage", -1)->valuestring, "dynamic");
        CHECK(cJSON_IsNull(at(one, "glibc", -1)) && cJSON_IsTrue(at(two, "unchanged", -1)));
        CHECK_NUMBER(cJSON_GetArraySize(at(one, "origins", -1)), 10);
        CHECK_TEXT(at(at(one, "entries", 2), "kind", -1)->valuestring, "symlink");
        CHECK_NUMBER(cJSON_GetArraySize(at(one, "limits", -1)), 1);
        CHECK(cJSON_IsTrue(at(at(two, "limits", 0), "via_s3", -1)));
        CHECK(cJSON_IsNull(at(at(root, "region", -1), "account", -1)));
        CHECK_NUMBER(at(at(at(root, "region", -1), "limits", 0), "allowed", -1)->valuedouble, 80530636800);
    }
    cJSON_Delete(root);
    free(text);
}

static void test_text(void)
{
    static const char *const parts[] = {
        "project: 2 functions for provided.al2023, x86_64\n",
        /* The smallest two of ten origins are summed up, and "two" has none of most. */
        "FUNCTION  LINKAGE  PROGRAM   libc  own   a   b   c   d   e   f  others\n"
        "one       static     1,740  1,000  300  90  80  70  60  50  40      50\n"
        "two       dynamic      500      -  500   -   -   -   -   -   -       0\n",
        "zip/50 MB\n",
        "Region: 0 B used (counted from 0: no --account given, and no ledger), a publish adds 1,000 B: 0.000 "
        "% of "
        "80,530,636,800 B (75 GB)\n",
        "dist/two.zip  (unchanged)\n",
    };
    char *text = write_text(&report, false, false);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        CHECK_ROW(parts[i]);
        if (!CHECK(strstr(text, parts[i]) != NULL))
            fputs(text, stderr);
    }
    CHECK(!strchr(text, '\033') && !strstr(text, "Left out"));
    free(text);
    text = write_text(&report, false, true);
    CHECK(strstr(text, "\033[1mFUNCTION") && strstr(text, "\033[0m\n"));
    free(text);
}

/* Functions of files alone have no programs to tell of. */
static void test_layers(void)
{
    static const char *attached[] = {"project-0123456789abcdef"};
    static const struct manifest_function files[2] = {{.name = "one", .runtime = "nodejs22.x"},
                                                      {.name = "two", .runtime = "nodejs22.x"}};
    static const struct image none;
    static const struct report_layer layers[] = {
        {"project-0123456789abcdef", "dist/layers/project-0123456789abcdef.zip", 9000, 30000, 2, 3, false,
         false},
        {"project-fedcba9876543210", NULL, 800, 2000, 1, 1, true, true},
    };
    struct report_function of_files[2] = {reported[0], reported[1]};
    struct limit_finding of_layer[] = {items[0],
                                       {.limit = &limit_table[LIMIT_LAYER_ZIP_BYTES],
                                        .layer = layers[0].name,
                                        .value = 9000,
                                        .allowed = 52428800,
                                        .via_s3 = true},
                                       items[2]};
    const struct limit_findings found = {of_layer, 3, 0};
    struct report with = report;
    with.findings = &found;
    for (size_t i = 0; i < 2; i++) {
        of_files[i].function = &files[i];
        of_files[i].image = &none;
        of_files[i].unstripped = NULL;
        of_files[i].layers = attached;
        of_files[i].layer_count = 1;
    }
    with.functions = of_files;
    with.layers = layers;
    with.layer_count = 2;
    with.stored_bytes = 10000;
    with.unshared_bytes = 18000;
    with.stale = (struct package_stale){1234, 5678901};
    char *text = write_text(&with, false, false);
    CHECK(strstr(text, "project: 2 functions for nodejs22.x, x86_64\n\nPackages:") == text);
    CHECK(strstr(text, "\nLayers: 8,000 B of zips saved, 44.4 %\n"
                       "LAYER                       ZIP  UNZIPPED  ITEMS  FUNCTIONS  PLAN\n"
                       "project-0123456789abcdef  9,000    30,000      3          2  new\n"
                       "project-fedcba9876543210    800     2,000      1          1  as it was\n"
                       "\nLeft out: 1,234 files of __pycache__, 5,678,901 B, that Python would find stale on "
                       "Lambda and never load\n") != NULL);
    CHECK(strstr(text, "dist/two.zip  (unchanged)\ndist/layers/project-0123456789abcdef.zip\n") != NULL);
    free(text);
    /* Layers that are kept may come to cost more than they save. */
    with.stored_bytes = 18090;
    text = write_text(&with, false, false);
    CHECK(strstr(text, "\nLayers: 90 B of zips more than without them, 0.50 %\nLAYER ") != NULL);
    free(text);
    with.stored_bytes = 10000;
    text = write_text(&with, true, false);
    cJSON *root = cJSON_Parse(text);
    if (CHECK(root != NULL)) {
        CHECK_TEXT(at(at(root, "functions", 0), "runtime", -1)->valuestring, "nodejs22.x");
        CHECK(!at(at(root, "functions", 0), "linkage", -1) &&
              cJSON_IsNull(at(at(root, "functions", 0), "debug", -1)));
        CHECK_TEXT(at(at(root, "functions", 1), "layers", 0)->valuestring, attached[0]);
        CHECK_NUMBER(at(at(root, "layers", 0), "unzipped_bytes", -1)->valuedouble, 30000);
        const cJSON *limits = at(at(root, "layers", 0), "limits", -1);
        CHECK_NUMBER(cJSON_GetArraySize(limits), 1);
        CHECK_TEXT(at(cJSON_GetArrayItem(limits, 0), "limit", -1)->valuestring, "layer_zip_bytes");
        CHECK(cJSON_IsTrue(at(cJSON_GetArrayItem(limits, 0), "via_s3", -1)));
        CHECK_NUMBER(cJSON_GetArraySize(at(at(root, "layers", 1), "limits", -1)), 0);
        CHECK_NUMBER(cJSON_GetArraySize(at(at(root, "region", -1), "limits", -1)), 1);
        CHECK(cJSON_IsNull(at(at(root, "layers", 1), "zip", -1)) &&
              cJSON_IsTrue(at(at(root, "layers", 1), "kept", -1)));
        CHECK_NUMBER(at(root, "unshared_bytes", -1)->valuedouble, 18000);
        const cJSON *stale = at(at(root, "left_out", -1), "stale_pyc", -1);
        CHECK_NUMBER(at(stale, "files", -1)->valuedouble, 1234);
        CHECK_NUMBER(at(stale, "bytes", -1)->valuedouble, 5678901);
    }
    cJSON_Delete(root);
    free(text);
}

static void test_linkages(void)
{
    struct report_linkage chosen[] = {
        {.library = "png",
         .functions = 3,
         .shared = true,
         .in_layer = true,
         .shared_bytes = 102400,
         .parts_bytes = 241000},
        {.library = "z", .functions = 1, .in_layer = true, .shared_bytes = 61234, .parts_bytes = -7},
        {.library = "m", .functions = 3, .shared = true, .in_layer = true, .needed_by = "png"},
        {.library = "odd", .functions = 2, .why_not = "\xFF.so is no shared object"},
        {.library = "own", .functions = 2, .shared = true, .shared_bytes = 5, .parts_bytes = 1000},
    };
    const struct report_linkages linkages = {chosen, 5}, none = {0};
    struct report with = report;
    with.linkages = &linkages;
    char *text = write_text(&with, false, false);
    CHECK(
        strstr(
            text,
            "\n\nLinkage: png is a shared object for 3 functions: 102,400 B in a layer, 241,000 B as parts\n"
            "Linkage: z is linked in parts into 1 function: -7 B as parts, 61,234 B as a shared object in a "
            "layer\n"
            "Linkage: m is a shared object for 3 functions: the shared object of png needs it\n"
            "Linkage: odd is linked in parts into 2 functions: \xFF.so is no shared object\n"
            "Linkage: own is a shared object for 2 functions: 5 B in the zips, 1,000 B as parts\n\n") !=
        NULL);
    free(text);
    text = write_text(&with, true, false);
    cJSON *root = cJSON_Parse(text);
    if (CHECK(root != NULL)) {
        const cJSON *choices = at(root, "linkage_choices", -1);
        CHECK_NUMBER(cJSON_GetArraySize(choices), 5);
        CHECK_TEXT(at(cJSON_GetArrayItem(choices, 0), "linkage", -1)->valuestring, "shared");
        CHECK_NUMBER(at(cJSON_GetArrayItem(choices, 0), "shared_bytes", -1)->valuedouble, 102400);
        CHECK(cJSON_IsFalse(at(cJSON_GetArrayItem(choices, 1), "in_layer", -1)));
        CHECK_NUMBER(at(cJSON_GetArrayItem(choices, 1), "parts_bytes", -1)->valuedouble, -7);
        CHECK(cJSON_IsNull(at(cJSON_GetArrayItem(choices, 2), "parts_bytes", -1)));
        CHECK_TEXT(at(cJSON_GetArrayItem(choices, 2), "needed_by", -1)->valuestring, "png");
        CHECK_TEXT(at(cJSON_GetArrayItem(choices, 3), "why_not", -1)->valuestring,
                   "?.so is no shared object");
    }
    cJSON_Delete(root);
    free(text);
    with.linkages = &none;
    text = write_text(&with, false, false);
    CHECK(!strstr(text, "Linkage:") && !strstr(text, "\n\n\n"));
    free(text);
}

static void test_no_functions(void)
{
    struct limit_findings none = {0};
    const struct report empty = {.manifest = &manifest, .findings = &none, .region = &region};
    char *text = write_text(&empty, false, false);
    CHECK_TEXT(text, "");
    free(text);
    text = write_text(&empty, true, false);
    cJSON *root = cJSON_Parse(text);
    CHECK(root && cJSON_GetArraySize(at(root, "functions", -1)) == 0);
    cJSON_Delete(root);
    free(text);
}

static void test_disk_full(void)
{
    const struct report_style style = {.colour = false};
    struct shared_error err;
    FILE *full = fopen("/dev/full", "w");
    if (!CHECK(full != NULL))
        return;
    setvbuf(full, NULL, _IONBF, 0);
    CHECK_NUMBER(report_json(full, &report, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "write the report: No space left on device");
    CHECK_NUMBER(report_text(full, &report, &style, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "write the report");
    fclose(full);
}

/* The heading names the runtimes of all functions, as far as there is room. */
static void test_runtimes(void)
{
    static const struct manifest_function mixed[] = {
        {.name = "1", .runtime = "python3.13"}, {.name = "2", .runtime = "nodejs22.x"},
        {.name = "3", .runtime = "python3.13"}, {.name = "4", .runtime = "ruby3.4"},
        {.name = "5", .runtime = "java21"},     {.name = "6", .runtime = "dotnet8"}};
    static const struct {
        size_t first, count;
        const char *begin;
    } headings[] = {
        {0, 2, "project: 2 functions for python3.13 and nodejs22.x, x86_64\n"},
        {0, 3, "project: 3 functions for python3.13 and nodejs22.x, x86_64\n"},
        {0, 4, "project: 4 functions for python3.13, nodejs22.x and ruby3.4, x86_64\n"},
        {0, 5, "project: 5 functions for python3.13, nodejs22.x, ruby3.4 and others, x86_64\n"},
        {0, 6, "project: 6 functions for python3.13, nodejs22.x, ruby3.4 and others, x86_64\n"},
        {5, 1, "project: 1 function for dotnet8, x86_64\n"},
    };
    static const struct image none;
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++) {
        CHECK_ROW(headings[i].begin);
        struct report_function some[6];
        struct report with = report;
        for (size_t k = 0; k < headings[i].count; k++) {
            some[k] = reported[0];
            some[k].function = &mixed[headings[i].first + k];
            some[k].image = &none;
            some[k].unstripped = NULL;
        }
        with.functions = some;
        with.function_count = headings[i].count;
        char *text = write_text(&with, false, false);
        if (!CHECK(strstr(text, headings[i].begin) == text))
            fputs(text, stderr);
        free(text);
    }
    CHECK_ROW(NULL);
}

int main(void)
{
    set_up();
    CHECK_RUN(test_json);
    CHECK_RUN(test_text);
    CHECK_RUN(test_layers);
    CHECK_RUN(test_linkages);
    CHECK_RUN(test_no_functions);
    CHECK_RUN(test_disk_full);
    CHECK_RUN(test_runtimes);
    return check_report();
}
