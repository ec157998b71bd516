/* test_runtime_context.c - what Lambda says of an invocation reaches the handler; what it does not say is
 * absent. */
#include "e2e_check.h"

#include <cjson/cJSON.h>

/* The n-th answer of function_context. The caller deletes it. */
static cJSON *context_of(const struct emulator_run *run, size_t n)
{
    struct shared_slice body = e2e_body(run, EMULATOR_RESPONSE, n);
    cJSON *json = cJSON_ParseWithLength(body.data, body.size_bytes);
    CHECK(cJSON_IsObject(json));
    return json;
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static double number_of(const cJSON *json, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static bool is_true(const cJSON *json, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, name));
}

#define TRACE "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"

static void test_all_headers(void)
{
    struct emulator_run run = {0};
    if (e2e_play(
            "function_context", NULL,
            "next id=8476a536-e9f4-11e8-9739-2dfe598c3fcd event=12345"
            " header=\"Lambda-Runtime-Deadline-Ms: 4102444800123\""
            " header=\"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:1:function:f:PROD\""
            " header=\"Lambda-Runtime-Trace-Id: " TRACE "\""
            " header=\"Lambda-Runtime-Client-Context: {\\\"client\\\":{\\\"app_title\\\":\\\"caf\\xC3\\xA9: "
            "x\\\"}}\""
            " header=\"Lambda-Runtime-Cognito-Identity: {\\\"cognitoIdentityId\\\":\\\"eu-west-1:1\\\"}\""
            " header=\"Lambda-Runtime-Aws-Tenant-Id: tenant 1\""
            " header=\"Lambda-Runtime-Invocation-Id: 6d1c6a2e:7\"\nresponse" E2E_END,
            &run)) {
        cJSON *json = context_of(&run, 0);
        CHECK_TEXT(text_of(json, "requestId"), "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
        CHECK_TEXT(text_of(json, "arn"), "arn:aws:lambda:eu-west-1:1:function:f:PROD");
        CHECK_TEXT(text_of(json, "traceId"), TRACE);
        CHECK_TEXT(text_of(json, "environment"), TRACE);
        CHECK_TEXT(text_of(json, "clientContext"), "{\"client\":{\"app_title\":\"caf\xC3\xA9: x\"}}");
        CHECK_TEXT(text_of(json, "cognitoIdentity"), "{\"cognitoIdentityId\":\"eu-west-1:1\"}");
        CHECK_TEXT(text_of(json, "tenantId"), "tenant 1");
        CHECK_TEXT(text_of(json, "invocationId"), "6d1c6a2e:7");
        CHECK(number_of(json, "deadlineMs") == 4102444800123.0);
        CHECK(is_true(json, "timeLeft"));
        CHECK_NUMBER(number_of(json, "eventBytes"), 5);
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

static void check_absent(const cJSON *json)
{
    static const char *const names[] = {
        "arn", "traceId", "environment", "clientContext", "cognitoIdentity", "tenantId", "invocationId"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        CHECK_ROW(names[i]);
        CHECK(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(json, names[i])));
    }
    CHECK(!is_true(json, "hasDeadline"));
    CHECK(is_true(json, "timeLeft"));
}

/* After an invocation that had them all: nothing may be left of it, the environment included. */
static void test_absent_headers(void)
{
    struct emulator_run run = {0};
    if (e2e_play(
            "function_context", NULL,
            "next event=x header=\"Lambda-Runtime-Trace-Id: " TRACE
            "\" header=\"Lambda-Runtime-Aws-Tenant-Id: t\""
            " header=\"Lambda-Runtime-Client-Context: {}\" header=\"Lambda-Runtime-Cognito-Identity: {}\""
            " header=\"Lambda-Runtime-Invocation-Id: i\"\nresponse\n"
            "next event=x plain\nresponse" E2E_END,
            &run)) {
        cJSON *json = context_of(&run, 1);
        check_absent(json);
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

static void test_empty_headers(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_context", NULL,
                 "next event=x plain header=\"Lambda-Runtime-Deadline-Ms:\" "
                 "header=\"Lambda-Runtime-Invoked-Function-Arn: \""
                 " header=\"Lambda-Runtime-Trace-Id:\" header=\"Lambda-Runtime-Client-Context:   \""
                 " header=\"Lambda-Runtime-Cognito-Identity:\" header=\"Lambda-Runtime-Aws-Tenant-Id:\\t\""
                 " header=\"Lambda-Runtime-Invocation-Id:\"\nresponse" E2E_END,
                 &run)) {
        cJSON *json = context_of(&run, 0);
        check_absent(json);
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

/* The variable is that of each invocation; one of the surroundings does not outlive the first event. */
static void test_trace_variable(void)
{
    static const char *const env[] = {"_X_AMZN_TRACE_ID=Root=of-the-surroundings", NULL};
    const struct emulator_options options = {.env = env};
    static const char *const expected[] = {NULL, "Root=first", "Root=second-and-longer",
                                           NULL, "Root=x",     NULL};
    struct emulator_run run = {0};
    if (e2e_play("function_context", &options,
                 "next event=x\nresponse\n"
                 "next event=x header=\"Lambda-Runtime-Trace-Id: Root=first\"\nresponse\n"
                 "next event=x header=\"Lambda-Runtime-Trace-Id: Root=second-and-longer\"\nresponse\n"
                 "next event=x header=\"Lambda-Runtime-Trace-Id:\"\nresponse\n"
                 "next event=x header=\"lambda-runtime-trace-id:Root=x \"\nresponse\n"
                 "next event=x\nresponse" E2E_END,
                 &run)) {
        for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
            cJSON *json = context_of(&run, i);
            CHECK_TEXT(text_of(json, "environment"), expected[i]);
            CHECK_TEXT(text_of(json, "traceId"), expected[i]);
            cJSON_Delete(json);
        }
    }
    emulator_run_clean_up(&run);
}

static void test_deadlines(void)
{
    static const struct {
        const char *value;
        double deadline_ms; /* 0: none */
        bool time_left;
    } rows[] = {{"1", 1, false},
                {"1500000000000", 1500000000000.0, false},
                {"4102444800000", 4102444800000.0, true},
                {"soon", 0, true},
                {"-5", 0, true},
                {"99999999999999999999999", 0, true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct emulator_run run = {0};
        char scenario[512];
        CHECK_ROW(rows[i].value);
        snprintf(scenario, sizeof(scenario),
                 "next event=x plain header=\"Lambda-Runtime-Deadline-Ms: %s\"\nresponse" E2E_END,
                 rows[i].value);
        if (e2e_play("function_context", NULL, scenario, &run)) {
            cJSON *json = context_of(&run, 0);
            CHECK(number_of(json, "deadlineMs") == rows[i].deadline_ms);
            CHECK(is_true(json, "timeLeft") == rows[i].time_left);
            CHECK(is_true(json, "hasDeadline") == (rows[i].deadline_ms > 0));
            cJSON_Delete(json);
        }
        emulator_run_clean_up(&run);
    }
}

/* Headers of tens of kilobytes, and the whole over many packets. */
static void test_large_headers(void)
{
    static const size_t sizes[] = {1000, 8192, 20000, 60000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct emulator_run run = {0};
        char *value = calloc(1, sizes[i] + 1), *scenario = NULL;
        memset(value, 'v', sizes[i]);
        if (asprintf(
                &scenario,
                "next event=x header=\"Lambda-Runtime-Client-Context: %s\" packet=1000\nresponse" E2E_END,
                value) >= 0 &&
            e2e_play("function_context", NULL, scenario, &run)) {
            cJSON *json = context_of(&run, 0);
            CHECK_TEXT(text_of(json, "clientContext"), value);
            cJSON_Delete(json);
        }
        free(value);
        free(scenario);
        emulator_run_clean_up(&run);
    }
}

/* init is called once, user is the options', the content type the handler's, and trouble is told to report
 * alone. */
static void test_options(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_context", NULL,
                 "next event=x\nresponse\nnext event=x\nresponse status=410" E2E_END, &run)) {
        cJSON *json = context_of(&run, 1);
        CHECK_NUMBER(number_of(json, "inits"), 1);
        CHECK_NUMBER(number_of(json, "invocations"), 2);
        cJSON_Delete(json);
        CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_RESPONSE, 0), "Content-Type"),
                   "application/vnd.test+json");
        CHECK_NUMBER(e2e_lines(&run), 2);
        CHECK(strncmp(e2e_said(&run), "told: ", 6) == 0);
        CHECK(strstr(e2e_said(&run), "410") != NULL);
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_all_headers);
    CHECK_RUN(test_absent_headers);
    CHECK_RUN(test_empty_headers);
    CHECK_RUN(test_trace_variable);
    CHECK_RUN(test_deadlines);
    CHECK_RUN(test_large_headers);
    CHECK_RUN(test_options);
    return check_report();
}
