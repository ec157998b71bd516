/* test_rie.c - functions behind aws-lambda-rie, AWS's own emulator: the peer whose manners are not ours. */
#include "emulator.h"
#include "rie.h"

#include <check.h>
#include <cjson/cJSON.h>

#include <stdlib.h>

static const char *rie_program, *functions;

static bool start(struct rie *rie, const char *function)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", functions, function);
    return CHECK(rie_start(rie_program, path, rie) == 0);
}

/* The body of an answer; the caller frees answer->text. */
static struct shared_slice invoke(const struct rie *rie, const char *header, struct shared_slice event,
                                  struct rie_answer *answer)
{
    bool answered =
        CHECK(rie_invoke(rie, header, event.data ? event.data : "", event.size_bytes, answer) == 0);
    return answered ? shared_slice_of(answer->body, answer->body_bytes) : shared_slice_from_text(NULL);
}

static cJSON *invoke_for_json(const struct rie *rie, const char *header, const char *event)
{
    struct rie_answer answer;
    struct shared_slice body = invoke(rie, header, shared_slice_from_text(event), &answer);
    cJSON *json = cJSON_ParseWithLength(body.data, body.size_bytes);
    if (!CHECK(cJSON_IsObject(json)))
        fprintf(stderr, "    the answer is %.*s\n", (int)body.size_bytes, body.data ? body.data : "");
    free(answer.text);
    return json;
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static void test_echo(void)
{
    static const char *const events[] = {"{\"a\":1}",   "\"caf\xC3\xA9 \\u0000\"", "[]", "{\"a\":1}", "0",
                                         "\"the last\""};
    struct rie rie;
    if (!start(&rie, "function_echo"))
        return;
    for (size_t i = 0; i < 60; i++) {
        struct rie_answer answer;
        const char *event = events[i % (sizeof(events) / sizeof(*events))];
        CHECK_SLICE(invoke(&rie, NULL, shared_slice_from_text(event), &answer), event);
        CHECK_NUMBER(answer.status, 200);
        free(answer.text);
    }
    rie_stop(&rie);
}

static void test_large_echo(void)
{
    const size_t sizes[] = {6000000, 65536, 6291456};
    struct rie rie;
    if (!start(&rie, "function_echo"))
        return;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct rie_answer answer;
        char *event = malloc(sizes[i]);
        emulator_pattern(event, sizes[i]);
        struct shared_slice body = invoke(&rie, NULL, shared_slice_of(event, sizes[i]), &answer);
        if (CHECK_NUMBER(body.size_bytes, sizes[i]))
            CHECK(memcmp(body.data, event, sizes[i]) == 0);
        free(event);
        free(answer.text);
    }
    rie_stop(&rie);
}

/* An error of an invocation is its answer, and the next invocation is served by the same process. */
static void test_errors(void)
{
    struct rie rie;
    if (!start(&rie, "function_fail"))
        return;
    for (int i = 0; i < 2; i++) {
        cJSON *json = invoke_for_json(&rie, NULL, "stack");
        CHECK_TEXT(text_of(json, "errorType"), "Function.NotFound");
        CHECK_TEXT(text_of(json, "errorMessage"), "no title \"tt0017136\"");
        CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "stackTrace")), 3);
        cJSON_Delete(json);
        json = invoke_for_json(&rie, NULL, "cause");
        CHECK_TEXT(text_of(json, "errorType"), "Function.NotFound");
        cJSON_Delete(json);
    }
    struct rie_answer answer;
    CHECK_SLICE(invoke(&rie, NULL, shared_slice_from_text("succeeds"), &answer), "not to be sent");
    free(answer.text);
    rie_stop(&rie);
}

static void test_answer_limit(void)
{
    struct rie rie;
    struct rie_answer answer;
    if (!start(&rie, "function_large"))
        return;
    CHECK_NUMBER(invoke(&rie, NULL, shared_slice_from_text("6291556"), &answer).size_bytes, 6291556);
    free(answer.text);
    cJSON *json = invoke_for_json(&rie, NULL, "6291557");
    CHECK_TEXT(text_of(json, "errorType"), "Function.ResponseSizeTooLarge");
    cJSON_Delete(json);
    CHECK_SLICE(invoke(&rie, NULL, shared_slice_from_text("3"), &answer), "xxx");
    free(answer.text);
    rie_stop(&rie);
}

static void test_context(void)
{
    struct rie rie;
    if (!start(&rie, "function_context"))
        return;
    cJSON *first = invoke_for_json(&rie, NULL, "x");
    cJSON *second = invoke_for_json(&rie, "X-Amz-Client-Context: eyJjbGllbnQiOjF9", "xyz"); /* {"client":1} */
    CHECK(text_of(first, "requestId") && text_of(second, "requestId") &&
          strcmp(text_of(first, "requestId"), text_of(second, "requestId")) != 0);
    CHECK(text_of(first, "arn") && strncmp(text_of(first, "arn"), "arn:aws:lambda:", 15) == 0);
    CHECK(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(first, "timeLeft")));
    CHECK(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(first, "hasDeadline")));
    CHECK_TEXT(text_of(first, "clientContext"), NULL);
    CHECK_TEXT(text_of(second, "clientContext"), "{\"client\":1}");
    CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(second, "eventBytes")), 3);
    CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(second, "invocations")), 2);
    cJSON_Delete(first);
    cJSON_Delete(second);
    rie_stop(&rie);
}

static void test_init_error(void)
{
    struct rie rie;
    if (!start(&rie, "function_init_fail"))
        return;
    cJSON *json = invoke_for_json(&rie, NULL, "x");
    CHECK_TEXT(text_of(json, "errorType"), "Function.NotFound");
    CHECK_TEXT(text_of(json, "errorMessage"), "table titles: \"missing\" \xEF\xBF\xBD");
    cJSON_Delete(json);
    rie_stop(&rie);
}

/* What is streamed arrives; a failure in mid-stream reaches Lambda in the trailers, where too long ones would
 * end the connection, and the next invocation is served. */
static void test_stream(void)
{
    static const char prelude[] = "{\"statusCode\":206,\"headers\":{";
    struct rie rie;
    struct rie_answer answer;
    if (!start(&rie, "function_stream"))
        return;
    CHECK_SLICE(invoke(&rie, NULL, shared_slice_from_text("raw 15"), &answer), "000000001,00000");
    free(answer.text);
    CHECK_NUMBER(invoke(&rie, NULL, shared_slice_from_text("raw 5000000 9999"), &answer).size_bytes, 5000000);
    free(answer.text);
    struct shared_slice body = invoke(&rie, NULL, shared_slice_from_text("http 15"), &answer);
    body.size_bytes = sizeof(prelude) - 1;
    CHECK_SLICE(body, prelude);
    free(answer.text);
    static const char *const failures[] = {"raw 40000 1000 fail", "http 40000 1000 largely"};
    for (size_t i = 0; i < 2; i++) {
        CHECK(invoke(&rie, NULL, shared_slice_from_text(failures[i]), &answer).size_bytes >= 40000);
        free(answer.text);
        CHECK_SLICE(invoke(&rie, NULL, shared_slice_from_text("raw 7"), &answer), "0000000");
        free(answer.text);
    }
    cJSON *json = invoke_for_json(&rie, NULL, "raw 10 1 fail");
    CHECK_TEXT(text_of(json, "errorType"), "Function.NotFound");
    cJSON_Delete(json);
    rie_stop(&rie);
}

/* It ends its init only when the extension that has registered asks for an event. */
static void test_shutdown(void)
{
    struct rie rie;
    struct rie_answer answer;
    if (!start(&rie, "function_shutdown"))
        return;
    for (int i = 0; i < 3; i++) {
        CHECK_SLICE(invoke(&rie, NULL, shared_slice_from_text("x"), &answer), "x");
        free(answer.text);
    }
    rie_stop(&rie);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s AWS_LAMBDA_RIE FOLDER_OF_FUNCTIONS\n", argv[0]);
        return 2;
    }
    rie_program = argv[1];
    functions = argv[2];
    CHECK_RUN(test_echo);
    CHECK_RUN(test_large_echo);
    CHECK_RUN(test_errors);
    CHECK_RUN(test_answer_limit);
    CHECK_RUN(test_context);
    CHECK_RUN(test_init_error);
    CHECK_RUN(test_stream);
    CHECK_RUN(test_shutdown);
    return check_report();
}
