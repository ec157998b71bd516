/* Documents of the Embedded Metric Format: each one that is written goes through AWS's schema. */
#include <shared/metrics.h>

#include "capture_pipe.h"
#include "emf_check.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

static struct capture out;
static struct shared_arena arena;

static int64_t now_ms = 1574109732004;
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    *now = (struct timespec){.tv_sec = now_ms / 1000, .tv_nsec = now_ms % 1000 * 1000000};
    return 0;
}

static void begin(struct shared_metrics *metrics)
{
    shared_metrics_init(metrics, "video-api", &arena);
    metrics->fd = capture_begin(&out);
}

/* The number of documents, each of which is one. */
static int end(void)
{
    capture_end(&out);
    struct shared_slice rest = shared_slice_of(out.text, out.size_bytes);
    int count = 0;
    while (rest.size_bytes > 0) {
        struct shared_slice line = shared_slice_split(&rest, '\n');
        const char *problem = emf_problem(line.data, line.size_bytes + 1);
        if (!CHECK(problem == NULL))
            fprintf(stderr, "    document %d: %s\n    %.2000s\n", count, problem, line.data);
        count++;
    }
    shared_arena_clean_up(&arena);
    return count;
}

static cJSON *metric_of(const cJSON *document, int n)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(document, "_aws");
    const cJSON *directive =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(metadata, "CloudWatchMetrics"), 0);
    return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(directive, "Metrics"), n);
}

static void test_document(void)
{
    struct shared_metrics metrics;
    begin(&metrics);
    shared_metrics_dimension(&metrics, "service", "catalog");
    shared_metrics_property(&metrics, "requestId", "r-1");
    shared_metrics_add(&metrics, "Latency", SHARED_METRICS_MILLISECONDS, 12.5);
    shared_metrics_add_high(&metrics, "Served", SHARED_METRICS_COUNT, 1);
    shared_metrics_add(&metrics, "Latency", SHARED_METRICS_MILLISECONDS, 7);
    shared_metrics_add(&metrics, "Depth", SHARED_METRICS_NONE, -0.25);
    CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
    CHECK_NUMBER(end(), 1);
    CHECK_SLICE(
        capture_line(&out, 0),
        "{\"_aws\":{\"Timestamp\":1574109732004,\"CloudWatchMetrics\":[{\"Namespace\":\"video-api\","
        "\"Dimensions\":[[\"service\"]],\"Metrics\":[{\"Name\":\"Latency\",\"Unit\":\"Milliseconds\"},"
        "{\"Name\":\"Served\",\"Unit\":\"Count\",\"StorageResolution\":1},{\"Name\":\"Depth\"}]}]},"
        "\"service\":\"catalog\",\"Latency\":[12.5,7],\"Served\":1,\"Depth\":-0.25,\"requestId\":\"r-1\"}");
}

static void test_nothing_without_metrics(void)
{
    struct shared_metrics metrics;
    begin(&metrics);
    shared_metrics_dimension(&metrics, "service", "catalog");
    shared_metrics_property(&metrics, "a", "b");
    CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
    CHECK_NUMBER(end(), 0);
}

static void test_null_does_nothing(void)
{
    shared_metrics_add(NULL, "a", SHARED_METRICS_COUNT, 1);
    shared_metrics_add_high(NULL, "a", SHARED_METRICS_COUNT, 1);
    shared_metrics_dimension(NULL, "a", "b");
    shared_metrics_property(NULL, "a", "b");
    CHECK_NUMBER(shared_metrics_flush(NULL, NULL), 0);
}

static void test_units(void)
{
    static const char *const expected[] = {NULL,           "Count",        "Seconds",     "Milliseconds",
                                           "Microseconds", "Bytes",        "Kilobytes",   "Megabytes",
                                           "Percent",      "Bytes/Second", "Count/Second"};
    struct shared_metrics metrics;
    begin(&metrics);
    for (int unit = SHARED_METRICS_NONE; unit <= SHARED_METRICS_COUNT_PER_SECOND; unit++) {
        char name[16];
        snprintf(name, sizeof(name), "m%d", unit);
        shared_metrics_add(&metrics, name, (enum shared_metrics_unit)unit, unit);
    }
    shared_metrics_add(&metrics, "bad", (enum shared_metrics_unit)(SHARED_METRICS_COUNT_PER_SECOND + 1), 1);
    shared_metrics_add(&metrics, "bad", (enum shared_metrics_unit) - 1, 1);
    CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), SHARED_EINVAL);
    CHECK_NUMBER(end(), 1);
    cJSON *document = capture_json(&out, 0);
    for (int unit = SHARED_METRICS_NONE; unit <= SHARED_METRICS_COUNT_PER_SECOND; unit++)
        CHECK_TEXT(capture_text(metric_of(document, unit), "Unit"), expected[unit]);
    CHECK(metric_of(document, SHARED_METRICS_COUNT_PER_SECOND + 1) == NULL);
    cJSON_Delete(document);
}

/* What goes over a limit is in another document, with the same dimensions and properties; nothing is lost. */
static void test_overflow(void)
{
    struct shared_metrics metrics;
    begin(&metrics);
    shared_metrics_dimension(&metrics, "service", "catalog");
    shared_metrics_property(&metrics, "requestId", "r-1");
    for (int i = 0; i < 101; i++) {
        char name[16];
        snprintf(name, sizeof(name), "m%d", i);
        shared_metrics_add(&metrics, name, SHARED_METRICS_COUNT, i);
    }
    for (int i = 0; i < 101; i++)
        shared_metrics_add(&metrics, "m100", SHARED_METRICS_COUNT, i);
    CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
    CHECK_NUMBER(end(), 3);
    static const int metrics_of[] = {100, 1, 1}, values_of[] = {1, 100, 2};
    for (int n = 0; n < 3; n++) {
        cJSON *document = capture_json(&out, n);
        const char *last = n == 0 ? "m99" : "m100";
        const cJSON *values = cJSON_GetObjectItemCaseSensitive(document, last);
        CHECK(metric_of(document, metrics_of[n] - 1) && !metric_of(document, metrics_of[n]));
        CHECK_NUMBER(cJSON_IsArray(values) ? cJSON_GetArraySize(values) : 1, values_of[n]);
        CHECK_TEXT(capture_text(document, "requestId"), "r-1");
        CHECK_TEXT(capture_text(document, "service"), "catalog");
        cJSON_Delete(document);
    }
}

static void test_many_names_in_many_documents(void)
{
    struct shared_metrics metrics;
    begin(&metrics);
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof(name), "m%d", i);
        shared_metrics_add(&metrics, name, SHARED_METRICS_COUNT, i);
        CHECK(metrics.count <= 101);
        if (i % 7 == 0)
            CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
    }
    CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
    CHECK_NUMBER(end(), 144);
    double sum = 0;
    for (int n = 0; n < 144; n++) {
        cJSON *document = capture_json(&out, n);
        for (const cJSON *member = document->child; member; member = member->next)
            sum += cJSON_IsNumber(member) ? member->valuedouble : 0;
        cJSON_Delete(document);
    }
    CHECK_NUMBER(sum, 999 * 500);
}

static void test_dimensions(void)
{
    struct shared_metrics metrics;
    struct shared_error err;
    begin(&metrics);
    for (int i = 0; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof(name), "d%d", i);
        shared_metrics_dimension(&metrics, name, "x");
    }
    shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 1);
    shared_metrics_dimension(&metrics, "d0", "x"); /* as it is: nothing is flushed */
    shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 2);
    shared_metrics_dimension(&metrics, "d0", "y");
    shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 3);
    CHECK_NUMBER(shared_metrics_flush(&metrics, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "\"d29\": one dimension too many");
    CHECK_NUMBER(shared_metrics_flush(&metrics, &err), 0);
    CHECK_NUMBER(end(), 2);
    cJSON *before = capture_json(&out, 0), *after = capture_json(&out, 1);
    CHECK_TEXT(capture_text(before, "d0"), "x");
    CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItem(before, "m")), 2);
    CHECK_TEXT(capture_text(after, "d0"), "y");
    CHECK_TEXT(capture_text(after, "d28"), "x");
    cJSON_Delete(before);
    cJSON_Delete(after);
}

static char long_text[2000];
static const char *of_size(size_t size)
{
    memset(long_text, 'n', size);
    long_text[size] = '\0';
    return long_text;
}

/* Each row is not taken, alone: what was there before is written all the same. */
static void test_what_is_refused(void)
{
    static const struct {
        const char *name, *value; /* of a dimension; value NULL: of a metric */
        size_t size;              /* of the name, where not 0; below 0: of the value */
        double number;
        const char *message;
    } rows[] = {
        {"", NULL, 0, 1, "name or unit"},
        {NULL, NULL, 0, 1, "name or unit"},
        {"a\nb", NULL, 0, 1, "name or unit"},
        {"a\x7F", NULL, 0, 1, "name or unit"},
        {"\xFF", NULL, 0, 1, "name or unit"},
        {"\xED\xA0\x80", NULL, 0, 1, "name or unit"},
        {"   ", NULL, 0, 1, "name or unit"},
        {"", NULL, 256, 1, "name or unit"},
        {"_aws", NULL, 0, 1, "another member"},
        {"service", NULL, 0, 1, "another member"},
        {"property", NULL, 0, 1, "another member"},
        {"m", NULL, 0, 1, "another unit"},
        {"nan", NULL, 0, NAN, "no number"},
        {"inf", NULL, 0, INFINITY, "no number"},
        {"-inf", NULL, 0, -INFINITY, "no number"},
        {"large", NULL, 0, 0x1.0001p360, "no number"},
        {"small", NULL, 0, -0x1.0001p360, "no number"},
        {"", "x", 0, 0, "a dimension"},
        {":d", "x", 0, 0, "a dimension"},
        {"d", "", 0, 0, "a dimension"},
        {"d", " ", 0, 0, "a dimension"},
        {"d", "\xC3\xA9", 0, 0, "a dimension"},
        {"d\xC3\xA9", "x", 0, 0, "a dimension"},
        {"d", "a\tb", 0, 0, "a dimension"},
        {"", "x", 251, 0, "a dimension"},
        {"d", "", 1025, 0, "a dimension"},
        {"_aws", "x", 0, 0, "another member"},
        {"m", "x", 0, 0, "another member"},
        {"property", "x", 0, 0, "another member"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_metrics metrics;
        struct shared_error err;
        CHECK_ROW(rows[i].name ? rows[i].name : "NULL");
        begin(&metrics);
        shared_metrics_dimension(&metrics, "service", "catalog");
        shared_metrics_property(&metrics, "property", "x");
        shared_metrics_add(&metrics, "m", SHARED_METRICS_SECONDS, 1);
        const char *name =
            rows[i].size && !(rows[i].value && *rows[i].value == '\0') ? of_size(rows[i].size) : rows[i].name;
        const char *value =
            rows[i].size && rows[i].value && *rows[i].value == '\0' ? of_size(rows[i].size) : rows[i].value;
        if (rows[i].value)
            shared_metrics_dimension(&metrics, name, value);
        else
            shared_metrics_add(&metrics, name, SHARED_METRICS_COUNT, rows[i].number);
        CHECK_NUMBER(shared_metrics_flush(&metrics, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK_NUMBER(end(), 1);
        cJSON *document = capture_json(&out, 0);
        CHECK_NUMBER(cJSON_GetArraySize(document), 4);
        cJSON_Delete(document);
    }
}

static void test_bounds_are_taken(void)
{
    struct shared_metrics metrics;
    begin(&metrics);
    shared_metrics_dimension(&metrics, of_size(250), "x");
    shared_metrics_dimension(&metrics, "d", of_size(1024));
    shared_metrics_add(&metrics, of_size(255), SHARED_METRICS_COUNT, 0x1p360);
    shared_metrics_add(&metrics, "Z\xC3\xA4hler \"\\", SHARED_METRICS_COUNT, -0x1p360);
    CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
    CHECK_NUMBER(end(), 1);
    cJSON *document = capture_json(&out, 0);
    CHECK(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(document, "Z\xC3\xA4hler \"\\")) == -0x1p360);
    cJSON_Delete(document);
}

static void test_properties(void)
{
    struct shared_metrics metrics;
    struct shared_error err;
    begin(&metrics);
    shared_metrics_property(&metrics, "a", "first");
    shared_metrics_property(&metrics, "a", "second");
    shared_metrics_property(&metrics, "bytes\xFF", "<\x01\xFF\"\\\n>");
    shared_metrics_property(&metrics, "", "no name");
    shared_metrics_property(&metrics, "none", NULL);
    shared_metrics_property(&metrics, "m", "before");
    shared_metrics_property(&metrics, "_aws", "{}");
    shared_metrics_property(&metrics, NULL, "x");
    shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 1);
    shared_metrics_add(&metrics, "n", SHARED_METRICS_COUNT, 1);
    CHECK_NUMBER(shared_metrics_flush(&metrics, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "\"_aws\": no property");
    CHECK_NUMBER(end(), 1);
    cJSON *document = capture_json(&out, 0);
    CHECK_TEXT(capture_text(document, "a"), "second");
    CHECK_TEXT(capture_text(document, "bytes\xEF\xBF\xBD"), "<\x01\xEF\xBF\xBD\"\\\n>");
    CHECK_TEXT(capture_text(document, ""), "no name");
    CHECK(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(document, "none")));
    CHECK_TEXT(capture_text(document, "m"), "before");
    CHECK_NUMBER(cJSON_GetArraySize(document), 7);
    cJSON_Delete(document);
}

/* A name of that size in which nearly every byte is escaped. */
static const char *name_of(char *name, size_t size, int number)
{
    memset(name, '"', size);
    for (int i = 0; i < 3; i++, number /= 10)
        name[i] = (char)('0' + number % 10);
    name[size] = '\0';
    return name;
}

/* The largest that the format takes, in lines that CloudWatch takes: every value arrives. */
static void test_lines_stay_within_their_limit(void)
{
    struct shared_metrics metrics;
    struct shared_error err;
    begin(&metrics);
    char name[256], value[1025];
    memset(value, '\\', 1024);
    value[1024] = '\0';
    for (int i = 0; i < 29; i++)
        shared_metrics_dimension(&metrics, name_of(name, 250, i), value);
    char *long_value = malloc(300000);
    memset(long_value, 1, 299999);
    long_value[299999] = '\0';
    shared_metrics_property(&metrics, "lost", long_value);
    shared_metrics_property(&metrics, "kept", "x");
    free(long_value);
    int added = 0;
    for (; added < 3000; added++)
        shared_metrics_add(&metrics, name_of(name, 255, added % 100), SHARED_METRICS_COUNT,
                           -1.2345678901234567e-300);
    CHECK_NUMBER(shared_metrics_flush(&metrics, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "\"lost\": no room");
    int documents = end(), found = 0;
    CHECK_NUMBER(documents, 2);
    for (int n = 0; n < documents; n++) {
        cJSON *document = capture_json(&out, n);
        CHECK(capture_line(&out, n).size_bytes < SHARED_METRICS_LINE_BYTES);
        CHECK_TEXT(capture_text(document, "kept"), "x");
        for (int i = 0; metric_of(document, i); i++) {
            const cJSON *values =
                cJSON_GetObjectItemCaseSensitive(document, capture_text(metric_of(document, i), "Name"));
            found += cJSON_IsArray(values) ? cJSON_GetArraySize(values) : 1;
        }
        cJSON_Delete(document);
    }
    CHECK_NUMBER(found, added);
}

static void test_name_spaces(void)
{
    static const struct {
        const char *given, *variable, *function, *expected;
        bool refused;
    } rows[] = {{"own", "variable", "function", "own", false},
                {NULL, "variable", "function", "variable", false},
                {NULL, NULL, "function", "function", false},
                {NULL, NULL, NULL, "demine", false},
                {"", "", "", "demine", false},
                {"a\nb", NULL, "function", "function", true},
                {"\xFF", "\xFF", "\xFF", "demine", true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_metrics metrics;
        rows[i].variable ? setenv("POWERTOOLS_METRICS_NAMESPACE", rows[i].variable, 1)
                         : unsetenv("POWERTOOLS_METRICS_NAMESPACE");
        rows[i].function ? setenv("AWS_LAMBDA_FUNCTION_NAME", rows[i].function, 1)
                         : unsetenv("AWS_LAMBDA_FUNCTION_NAME");
        shared_metrics_init(&metrics, rows[i].given, &arena);
        CHECK_TEXT(metrics.name_space, rows[i].expected);
        CHECK_NUMBER(metrics.fd, 1);
        CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), rows[i].refused ? SHARED_EINVAL : 0);
    }
    unsetenv("POWERTOOLS_METRICS_NAMESPACE");
    unsetenv("AWS_LAMBDA_FUNCTION_NAME");
}

static void test_clocks(void)
{
    static const int64_t times[] = {0, -1, 1, INT64_C(253402300799999), 4102444800000};
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        struct shared_metrics metrics;
        now_ms = times[i];
        begin(&metrics);
        shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 1);
        CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
        metrics.timestamp_ms = 77;
        shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 1);
        CHECK_NUMBER(shared_metrics_flush(&metrics, NULL), 0);
        CHECK_NUMBER(end(), 2);
        cJSON *first = capture_json(&out, 0), *second = capture_json(&out, 1);
        CHECK_NUMBER(
            cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetObjectItem(first, "_aws"), "Timestamp")),
            times[i]);
        CHECK_NUMBER(
            cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetObjectItem(second, "_aws"), "Timestamp")), 77);
        cJSON_Delete(first);
        cJSON_Delete(second);
    }
    now_ms = 1574109732004;
}

static void test_what_cannot_be_written_is_said(void)
{
    struct shared_metrics metrics;
    struct shared_error err;
    shared_metrics_init(&metrics, "x", &arena);
    metrics.fd = -1;
    shared_metrics_add(&metrics, "m", SHARED_METRICS_COUNT, 1);
    CHECK_NUMBER(shared_metrics_flush(&metrics, &err), SHARED_EIO);
    CHECK_NUMBER(shared_metrics_flush(&metrics, &err), 0);
    shared_arena_clean_up(&arena);
}

/* A validator that lets everything through would make this file worthless. */
static void test_the_schema_finds_faults(void)
{
    static const char *const rows[] = {
        "",
        "{}",
        "{\"_aws\":{}}",
        "[]",
        "{\"_aws\":{\"Timestamp\":1.5,\"CloudWatchMetrics\":[]}}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":{}}}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"m\"}]}]},\"m\":1}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[],"
        "\"Metrics\":[{\"Name\":\"m\"}]}]},\"m\":1}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[\"d\"]],"
        "\"Metrics\":[{\"Name\":\"m\"}]}]},\"m\":1}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"m\"}]}]}}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"m\",\"Unit\":\"Miles\"}]}]},\"m\":1}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"m\",\"StorageResolution\":7}]}]},\"m\":1}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"a\\nb\"}]}]},\"a\\nb\":1}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"m\"}]}]},\"m\":1,\"m\":2}",
        "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
        "\"Metrics\":[{\"Name\":\"m\"}]}]},\"m\":\"1\"}",
    };
    char line[1024];
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i]);
        snprintf(line, sizeof(line), "%s\n", rows[i]);
        CHECK(emf_problem(line, strlen(line)) != NULL);
    }
    static const char good[] =
        "{\"_aws\":{\"Timestamp\":1574109732004,\"CloudWatchMetrics\":[{\"Namespace\":\"lambda-function-"
        "metrics\","
        "\"Dimensions\":[[\"functionVersion\"]],\"Metrics\":[{\"Name\":\"time\",\"Unit\":\"Milliseconds\","
        "\"StorageResolution\":60}]}]},\"functionVersion\":\"$LATEST\",\"time\":100,\"requestId\":"
        "\"989ffbf8\"}\n";
    CHECK_TEXT(emf_problem(good, sizeof(good) - 1), NULL);
}

int main(void)
{
    CHECK_RUN(test_the_schema_finds_faults);
    CHECK_RUN(test_document);
    CHECK_RUN(test_nothing_without_metrics);
    CHECK_RUN(test_null_does_nothing);
    CHECK_RUN(test_units);
    CHECK_RUN(test_overflow);
    CHECK_RUN(test_many_names_in_many_documents);
    CHECK_RUN(test_dimensions);
    CHECK_RUN(test_what_is_refused);
    CHECK_RUN(test_bounds_are_taken);
    CHECK_RUN(test_properties);
    CHECK_RUN(test_lines_stay_within_their_limit);
    CHECK_RUN(test_name_spaces);
    CHECK_RUN(test_clocks);
    CHECK_RUN(test_what_cannot_be_written_is_said);
    return check_report();
}
