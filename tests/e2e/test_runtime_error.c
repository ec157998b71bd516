/* test_runtime_error.c - how the failure of an invocation, and of the init, reaches Lambda. */
#include "e2e_check.h"

#include <cjson/cJSON.h>

struct failure {
    const char *event; /* to function_fail: how it is to fail */
    const char *type;
    const char *message; /* errorMessage; NULL: whatever it is */
    int frames;
    const char *cause; /* the header's; NULL: none */
};

static const char message[] = "no title \"tt0017136\"";

static const struct failure failures[] = {
    {"plainly", "Function.NotFound", message, 0, NULL},
    {"errno", "Function.NotFound", "no title \"tt0017136\": No such file or directory", 0, NULL},
    {"type", "Function.OutOfStock", message, 0, NULL},
    {"stack", "Function.NotFound", message, 3, NULL},
    {"utf8", "Function.NotFound",
     "caf\xEF\xBF\xBD \xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xF0\x9F\x98\x80 "
     "\xEF\xBF\xBD\xEF\xBF\xBD",
     0, NULL},
    {"cause", "Function.NotFound", message, 0, "{\"working_directory\":\"/var/task\",\"exceptions\":[]}"},
    {"cause over limit", "Function.NotFound", message, 0, NULL},
    {"cause of two lines", "Function.NotFound", message, 0, NULL},
    {"code alone", "Function.InputOutput", NULL, 0, NULL},
    {"code of its own", "Function.Unknown", NULL, 0, NULL},
};

static cJSON *error_of(const struct emulator_run *run, enum emulator_kind kind, size_t n)
{
    struct shared_slice body = e2e_body(run, kind, n);
    return cJSON_ParseWithLength(body.data, body.size_bytes);
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

/* The process lives on: a second failure and the end are asked of the same one. */
static void test_failures(void)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
        const struct failure *failure = &failures[i];
        struct emulator_run run = {0};
        char scenario[512];
        CHECK_ROW(failure->event);
        snprintf(scenario, sizeof(scenario),
                 "next event=\"%s\"\nerror\nnext event=\"%s\"\nerror\nnext event=succeeds\nresponse" E2E_END,
                 failure->event, failure->event);
        if (e2e_play("function_fail", NULL, scenario, &run)) {
            const struct emulator_request *request = emulator_request(&run, EMULATOR_ERROR, 1);
            cJSON *json = error_of(&run, EMULATOR_ERROR, 1);
            CHECK_TEXT(emulator_header(request, "Lambda-Runtime-Function-Error-Type"), failure->type);
            if (failure->message)
                CHECK_TEXT(text_of(json, "errorMessage"), failure->message);
            CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "stackTrace")),
                         failure->frames);
            CHECK_TEXT(emulator_header(request, "Lambda-Runtime-Function-XRay-Error-Cause"), failure->cause);
            CHECK_TEXT(emulator_header(request, "Content-Type"), "application/json");
            CHECK_TEXT(emulator_header(request, "X-Injected"), NULL);
            CHECK_BYTES(e2e_body(&run, EMULATOR_ERROR, 1), e2e_body(&run, EMULATOR_ERROR, 0));
            CHECK_NUMBER(run.connections, 1);
            cJSON_Delete(json);
        }
        emulator_run_clean_up(&run);
    }
}

static void test_stack(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_fail", NULL, "next event=stack\nerror" E2E_END, &run)) {
        cJSON *json = error_of(&run, EMULATOR_ERROR, 0);
        const cJSON *stack = cJSON_GetObjectItemCaseSensitive(json, "stackTrace");
        CHECK_TEXT(cJSON_GetStringValue(cJSON_GetArrayItem(stack, 0)), "fail (function_fail.c:1)");
        CHECK_TEXT(cJSON_GetStringValue(cJSON_GetArrayItem(stack, 1)), "a \"quoted\" \\ frame");
        CHECK_TEXT(cJSON_GetStringValue(cJSON_GetArrayItem(stack, 2)), "\xEF\xBF\xBD\xEF\xBF\xBD not UTF-8");
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

/* A NUL within, quotes and control characters; cJSON ends a text at its NUL, so the bytes are looked at. */
static void test_message_of_its_own(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_fail", NULL, "next event=message\nerror\nnext event=long\nerror" E2E_END, &run)) {
        struct shared_slice body = e2e_body(&run, EMULATOR_ERROR, 0);
        static const char start[] = "{\"errorMessage\":\"of \\u0000 its own\\n\\\"\\\\\\u0001\"";
        CHECK(body.size_bytes > sizeof(start) && memcmp(body.data, start, sizeof(start) - 1) == 0);
        cJSON *json = error_of(&run, EMULATOR_ERROR, 1);
        const char *text = text_of(json, "errorMessage");
        CHECK(text && strlen(text) > 100000 && strspn(text, "m") == strlen(text));
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

static void test_largest_cause(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_fail", NULL, "next event=\"cause at limit\"\nerror" E2E_END, &run)) {
        const char *cause = emulator_header(emulator_request(&run, EMULATOR_ERROR, 0),
                                            "Lambda-Runtime-Function-XRay-Error-Cause");
        if (CHECK(cause != NULL))
            CHECK_NUMBER(strlen(cause), 65536);
    }
    emulator_run_clean_up(&run);
}

/* Whatever a handler calls its error, it adds no header line; played without e2e_play, as the type is none.
 */
static void test_type_with_line_end(void)
{
    char path[4096];
    char *argv[] = {path, NULL};
    struct emulator_options options = {.argv = argv};
    struct emulator_run run = {0};
    snprintf(path, sizeof(path), "%s/function_fail", e2e_folder);
    CHECK_NUMBER(
        emulator_play(&options, "next event=injection\nerror\nnext event=plainly\nerror" E2E_END, &run), 0);
    for (size_t i = 0; i < run.request_count; i++)
        CHECK_TEXT(emulator_header(&run.requests[i], "X-Injected"), NULL);
    emulator_run_clean_up(&run);
}

/* What is too long for a header is left out of it: the invocation must not stay without an answer. */
static void test_headers_that_are_too_long(void)
{
    char path[4096];
    char *argv[] = {path, NULL};
    struct emulator_options options = {.argv = argv};
    struct emulator_run run = {0};
    snprintf(path, sizeof(path), "%s/function_fail", e2e_folder);
    if (CHECK_NUMBER(emulator_play(&options,
                                   "next event=\"long type\"\nerror\n"
                                   "next event=\"long content type\"\nresponse" E2E_END,
                                   &run),
                     0)) {
        cJSON *json = error_of(&run, EMULATOR_ERROR, 0);
        CHECK_NUMBER(strlen(text_of(json, "errorType")), 100000);
        CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_RESPONSE, 0), "Content-Type"),
                   "application/json");
        CHECK_NUMBER(e2e_lines(&run), 1);
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

/* The invocation id, where Lambda gives one, stands on errors and on responses: the emulator compares. */
static void test_invocation_id(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_fail", NULL,
                 "next event=plainly header=\"Lambda-Runtime-Invocation-Id: 11\"\nerror\n"
                 "next event=succeeds header=\"Lambda-Runtime-Invocation-Id: 22\"\nresponse\n"
                 "next event=plainly\nerror\nnext event=succeeds\nresponse" E2E_END,
                 &run)) {
        CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_ERROR, 0), "Lambda-Runtime-Invocation-Id"),
                   "11");
        CHECK_TEXT(
            emulator_header(emulator_request(&run, EMULATOR_RESPONSE, 0), "Lambda-Runtime-Invocation-Id"),
            "22");
    }
    emulator_run_clean_up(&run);
}

static void test_init_error(void)
{
    static const char *const rest[] = {
        "init-error\nexit 1", "init-error status=403\nexit 1", "init-error status=500\nexit 1",
        "init-error cut=0\ninit-error\nexit 1",
        "init-error body=\"{\\\"status\\\":\\\"OK\\\"}\" chunk=3 packet=1\nexit 1"};
    for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++) {
        struct emulator_run run = {0};
        CHECK_ROW(rest[i]);
        if (e2e_play("function_init_fail", NULL, rest[i], &run)) {
            const struct emulator_request *request = emulator_request(&run, EMULATOR_INIT_ERROR, 0);
            cJSON *json = error_of(&run, EMULATOR_INIT_ERROR, 0);
            CHECK_TEXT(text_of(json, "errorMessage"), "table titles: \"missing\" \xEF\xBF\xBD");
            CHECK_TEXT(text_of(json, "errorType"), "Function.NotFound");
            CHECK_TEXT(emulator_header(request, "Lambda-Runtime-Function-Error-Type"), "Function.NotFound");
            CHECK(strstr(e2e_said(&run), "table titles") != NULL);
            cJSON_Delete(json);
        }
        emulator_run_clean_up(&run);
    }
}

/* An init may return a code of its own making, as a handler may. */
static void test_init_error_without_a_word(void)
{
    static const char *const env[] = {"BARE_CODE=1", NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    if (e2e_play("function_init_fail", &options, "init-error\nexit 1", &run)) {
        cJSON *json = error_of(&run, EMULATOR_INIT_ERROR, 0);
        CHECK_TEXT(text_of(json, "errorType"), "Function.TimedOut");
        cJSON_Delete(json);
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_failures);
    CHECK_RUN(test_stack);
    CHECK_RUN(test_message_of_its_own);
    CHECK_RUN(test_largest_cause);
    CHECK_RUN(test_type_with_line_end);
    CHECK_RUN(test_headers_that_are_too_long);
    CHECK_RUN(test_invocation_id);
    CHECK_RUN(test_init_error);
    CHECK_RUN(test_init_error_without_a_word);
    return check_report();
}
