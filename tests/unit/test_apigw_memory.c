/*
 * test_apigw_memory.c - reading, answering and faults when memory runs out, at each place where it can.
 *
 * Linked with --wrap=malloc,--wrap=realloc: the allocation number fail_at of a call fails, and all after it.
 */
#include "check.h"

#include <shared/fault.h>

#include <errno.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);

static unsigned long allocations, fail_at;

static bool fails(void)
{
    if (++allocations < fail_at)
        return false;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static void count_from(unsigned long place)
{
    allocations = 0;
    fail_at = place;
}

static int read_and_answer(const char *event, struct shared_arena *arena, struct shared_error *err)
{
    static const struct shared_apigw_pair headers[] = {{"Vary", "a"}, {"vary", "b"}};
    static const char *const cookies[] = {"a=1"};
    struct shared_apigw_request request;
    struct shared_answer answer = {.content_type = NULL};
    int code = shared_apigw_request_read(&request, shared_slice_from_text(event), arena, err);
    if (code < 0) {
        CHECK(request.arena == arena && !request.body.data && !request.path && request.headers.count == 0);
        return code;
    }
    struct shared_apigw_response response = {.content_type = "text/plain",
                                             .headers = {headers, 2},
                                             .cookies = cookies,
                                             .cookie_count = 1,
                                             .body = request.body};
    code = shared_apigw_respond(&request, &response, &answer, err);
    if (code < 0) {
        CHECK(!answer.body.data);
        return code;
    }
    struct shared_fault fault = {.status = 404, .location = "/a", .body = request.body};
    answer = (struct shared_answer){.content_type = NULL};
    code = shared_fault_raise(&request, &fault, &answer, err);
    return code == SHARED_EFAULT ? 0 : code;
}

/* The body is larger than an arena's first block, so that the arena too has to ask for more. */
static void run_out(const char *name, const char *event_format)
{
    static char body[20001], event[24000];
    memset(body, 'A', sizeof body - 1);
    int size = snprintf(event, sizeof event, event_format, body);
    CHECK_ROW(name);
    CHECK(size > 0 && size < (int)sizeof event);
    int code = -1;
    unsigned long place = 0;
    while (code != 0 && place < 1000) {
        struct shared_arena arena;
        struct shared_error err = {0};
        shared_arena_init(&arena);
        count_from(++place);
        code = read_and_answer(event, &arena, &err);
        count_from(0);
        fail_at = -1ul;
        if (code != 0) {
            CHECK_NUMBER(code, SHARED_ENOMEM);
            CHECK_NUMBER(err.code, SHARED_ENOMEM);
            CHECK_MESSAGE(&err, "no memory");
        }
        shared_arena_clean_up(&arena);
    }
    CHECK_NUMBER(code, 0);
    CHECK(place > 5);
}

static void test_rest(void)
{
    run_out("REST", "{\"httpMethod\":\"GET\",\"path\":\"/\",\"headers\":{\"a\":\"1\",\"Cookie\":\"a=1\"},"
                    "\"multiValueHeaders\":{\"a\":[\"1\",\"2\"]},\"queryStringParameters\":{\"q\":\"1\"},"
                    "\"body\":\"%s\",\"isBase64Encoded\":true}");
}

static void test_http(void)
{
    run_out("HTTP API", "{\"version\":\"2.0\",\"rawQueryString\":\"a=1&b=2\",\"cookies\":[\"a=1\",\"b=2\"],"
                        "\"requestContext\":{\"http\":{}},\"body\":\"%s\"}");
}

static void test_alb(void)
{
    run_out("ALB", "{\"requestContext\":{\"elb\":{}},\"multiValueHeaders\":{\"x-forwarded-for\":[\"a, b\"]},"
                   "\"body\":\"%s\"}");
}

static void test_mapped(void)
{
    run_out("mapped", "{\"body-json\":{\"a\":\"%s\"},\"params\":{\"header\":{\"a\":\"1\"}}}");
    run_out("mapped, text", "{\"body-json\":\"%s\"}");
    run_out("mapped, whole", "{\"a\":\"%s\"}");
}

int main(void)
{
    fail_at = -1ul;
    CHECK_RUN(test_rest);
    CHECK_RUN(test_http);
    CHECK_RUN(test_alb);
    CHECK_RUN(test_mapped);
    return check_report();
}
