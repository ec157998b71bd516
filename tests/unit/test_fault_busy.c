#include "check.h"
#include "exhaust.h"

#include <shared/fault.h>
#include <shared/fault_busy.h>

#include <cjson/cJSON.h>

static struct shared_arena arena;

static struct shared_apigw_request request_of(enum shared_apigw_source source)
{
    return (struct shared_apigw_request){.source = source, .arena = &arena};
}

static void test_response(void)
{
    static const struct {
        enum shared_apigw_source source;
        bool multi_value;
        const char *answer;
    } rows[] = {
        {SHARED_APIGW_REST, false,
         "{\"statusCode\":429,\"headers\":{\"Retry-After\":\"2\",\"Content-Type\":\"text/plain; "
         "charset=utf-8\"},\"isBase64Encoded\":false,\"body\":\"too many requests\"}"},
        {SHARED_APIGW_HTTP, false,
         "{\"statusCode\":429,\"headers\":{\"Retry-After\":\"2\",\"Content-Type\":\"text/plain; "
         "charset=utf-8\"},\"isBase64Encoded\":false,\"body\":\"too many requests\"}"},
        {SHARED_APIGW_URL, false,
         "{\"statusCode\":429,\"headers\":{\"Retry-After\":\"2\",\"Content-Type\":\"text/plain; "
         "charset=utf-8\"},\"isBase64Encoded\":false,\"body\":\"too many requests\"}"},
        {SHARED_APIGW_ALB, false,
         "{\"statusCode\":429,\"statusDescription\":\"429 Too Many Requests\",\"headers\":"
         "{\"Retry-After\":\"2\",\"Content-Type\":\"text/plain; charset=utf-8\"},"
         "\"isBase64Encoded\":false,\"body\":\"too many requests\"}"},
        {SHARED_APIGW_ALB, true,
         "{\"statusCode\":429,\"statusDescription\":\"429 Too Many Requests\",\"multiValueHeaders\":"
         "{\"Retry-After\":[\"2\"],\"Content-Type\":[\"text/plain; charset=utf-8\"]},"
         "\"isBase64Encoded\":false,\"body\":\"too many requests\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of(rows[i].source);
        struct shared_answer answer = {.content_type = NULL};
        struct shared_error err = {0};
        request.multi_value = rows[i].multi_value;
        CHECK_NUMBER(shared_fault_busy(&request, 429, 1001, "too many requests", &answer, &err), 0);
        CHECK_SLICE(answer.body, rows[i].answer);
        CHECK(answer.failure.type == NULL);
    }
}

/* The message in the header's comment, and what must not break it. */
static void test_message(void)
{
    static const struct {
        int status;
        int64_t retry_after_ms;
        const char *text, *message;
    } rows[] = {
        {429, 1, "too many requests",
         "{\"status\":429,\"retryAfter\":1,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"too many "
         "requests\"}"},
        {503, 2500, NULL, "{\"status\":503,\"retryAfter\":3}"},
        {503, 2500, "", "{\"status\":503,\"retryAfter\":3}"},
        {503, 0, "%s%n\"\n",
         "{\"status\":503,\"retryAfter\":1,\"contentType\":\"text/plain; "
         "charset=utf-8\",\"body\":\"%s%n\\\"\\n\"}"},
        {503, 0, "\xE2\x80\xA8",
         "{\"status\":503,\"retryAfter\":1,\"contentType\":\"text/plain; "
         "charset=utf-8\",\"body\":\"\\u2028\"}"},
        {503, 0, "\xFF",
         "{\"status\":503,\"retryAfter\":1,\"contentType\":\"text/plain; "
         "charset=utf-8\",\"bodyBase64\":\"/w==\"}"},
        {503, -1, "down", "{\"status\":503,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"down\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of(SHARED_APIGW_MAPPED);
        struct shared_answer answer = {.content_type = NULL};
        struct shared_error err = {0};
        CHECK_ROW(rows[i].message);
        CHECK_NUMBER(
            shared_fault_busy(&request, rows[i].status, rows[i].retry_after_ms, rows[i].text, &answer, &err),
            SHARED_EFAULT);
        CHECK_NUMBER(err.code, SHARED_EFAULT);
        CHECK_TEXT(err.text, rows[i].message);
        CHECK_SLICE(answer.failure.message, rows[i].message);
        CHECK_TEXT(answer.failure.type, "Function.Fault");
        cJSON *json = cJSON_ParseWithLength(answer.failure.message.data, answer.failure.message.size_bytes);
        CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(json, "status")), rows[i].status);
        cJSON_Delete(json);
    }
}

static void test_seconds(void)
{
    static const struct {
        int64_t ms;
        const char *seconds;
    } rows[] = {
        {0, "1"},          {1, "1"},
        {999, "1"},        {1000, "1"},
        {1001, "2"},       {86400000, "86400"},
        {-1, NULL},        {-1000, NULL},
        {INT64_MIN, NULL}, {INT64_MAX, "9223372036854776"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of(SHARED_APIGW_HTTP);
        struct shared_answer answer = {.content_type = NULL};
        CHECK_NUMBER(shared_fault_busy(&request, 503, rows[i].ms, NULL, &answer, NULL), 0);
        cJSON *json = cJSON_ParseWithLength(answer.body.data, answer.body.size_bytes);
        cJSON *headers = cJSON_GetObjectItem(json, "headers");
        CHECK_TEXT(cJSON_GetStringValue(cJSON_GetObjectItem(headers, "Retry-After")), rows[i].seconds);
        CHECK(!cJSON_GetObjectItem(headers, "Content-Type"));
        cJSON_Delete(json);
    }
}

static void test_refused(void)
{
    static const int statuses[] = {0, 99, 600, -1};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_MAPPED; source++) {
            struct shared_apigw_request request = request_of((enum shared_apigw_source)source);
            struct shared_answer answer = {.content_type = NULL};
            struct shared_error err = {0};
            CHECK_NUMBER(shared_fault_busy(&request, statuses[i], 1, "busy", &answer, &err), SHARED_EINVAL);
            CHECK_MESSAGE(&err, "is not an HTTP status");
            CHECK(answer.failure.type == NULL && answer.body.data == NULL);
        }
    }
}

/* Memory that runs out at each place in turn leaves an error and no half of an answer. */
static void test_memory(void)
{
    char text[20001];
    memset(text, '\x01', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_MAPPED; source++) {
        int failed = 0;
        for (long allowed = 0;; allowed++) {
            struct shared_arena own = {0};
            struct shared_apigw_request request = {.source = (enum shared_apigw_source)source, .arena = &own};
            struct shared_answer answer = {.content_type = NULL};
            struct shared_error err = {0};
            left = allowed;
            int code = shared_fault_busy(&request, 503, 1, text, &answer, &err);
            bool ran_out = left < 0;
            left = -1;
            if (ran_out) {
                failed++;
                CHECK_NUMBER(code, SHARED_ENOMEM);
                CHECK_NUMBER(err.code, SHARED_ENOMEM);
                CHECK(answer.failure.type == NULL && answer.failure.message.data == NULL);
                CHECK(answer.body.data == NULL);
            } else {
                CHECK_NUMBER(code, source == SHARED_APIGW_MAPPED ? SHARED_EFAULT : 0);
            }
            shared_arena_clean_up(&own);
            if (!ran_out)
                break;
        }
        CHECK(failed > 1);
    }
}

int main(void)
{
    CHECK_RUN(test_response);
    CHECK_RUN(test_message);
    CHECK_RUN(test_seconds);
    CHECK_RUN(test_refused);
    CHECK_RUN(test_memory);
    shared_arena_clean_up(&arena);
    return check_report();
}
