/*
 * test_web_memory.c - routing, cookies and compression when memory runs out, at each place where it can.
 *
 * Linked with --wrap=shared_arena_alloc,--wrap=shared_arena_resize: an arena asks for memory in blocks, and
 * most of what could fail would never.
 */
#include "check.h"

#include <shared/apigw_compress.h>
#include <shared/apigw_cookie.h>
#include <shared/router.h>

static long left = -1; /* allocations until one fails; below 0: none does */

void *__real_shared_arena_alloc(struct shared_arena *arena, size_t size_bytes);
void *__real_shared_arena_resize(struct shared_arena *arena, void *old, size_t old_bytes, size_t new_bytes);
void *__wrap_shared_arena_alloc(struct shared_arena *arena, size_t size_bytes);
void *__wrap_shared_arena_resize(struct shared_arena *arena, void *old, size_t old_bytes, size_t new_bytes);

static bool exhausted(void)
{
    return left >= 0 && left-- == 0;
}

void *__wrap_shared_arena_alloc(struct shared_arena *arena, size_t size_bytes)
{
    return exhausted() ? NULL : __real_shared_arena_alloc(arena, size_bytes);
}

void *__wrap_shared_arena_resize(struct shared_arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    return exhausted() ? NULL : __real_shared_arena_resize(arena, old, old_bytes, new_bytes);
}

static struct shared_arena arena;
static char text[3000];

static int give(const struct shared_route_call *call, struct shared_apigw_response *response,
                struct shared_error *err)
{
    static const struct shared_apigw_pair headers[] = {{"ETag", "\"a\""}, {"Vary", "Accept"}};
    response->headers = (struct shared_apigw_pairs){headers, 2};
    response->body = shared_slice_of(text, sizeof text);
    if (!shared_route_parameter_text(call, "id"))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for id");
    return shared_apigw_compress(call->request, response, 0, err);
}

static int move(const struct shared_route_call *call, struct shared_apigw_response *response,
                struct shared_error *err)
{
    const struct shared_fault fault = {.status = 302, .location = "/b"};
    return shared_route_fault(call, &fault, response, err);
}

static const struct shared_route routes[] = {{"GET", "/a/{id}", give}, {"PUT", "/a/{id}", move}};
static const char *const origins[] = {"https://app.example"};
static const struct shared_route_cors cors = {
    .origins = origins, .origin_count = 1, .max_age_s = 5, .credentials = true};
static const struct shared_apigw_pair headers[] = {{"Origin", "https://app.example"},
                                                   {"Access-Control-Request-Method", "PUT"},
                                                   {"Access-Control-Request-Headers", "x-a"},
                                                   {"Accept-Encoding", "gzip"}};
static const struct shared_apigw_pair parameter = {"id", "42"};

static int init(struct shared_error *err)
{
    struct shared_router router;
    int code = shared_router_init(&router, routes, 2, &cors, err);
    shared_router_clean_up(&router);
    return code;
}

static int respond(const char *method, const char *path, enum shared_apigw_source source,
                   struct shared_error *err)
{
    static struct shared_router router;
    long kept = left;
    left = -1;
    if (!router.tree && shared_router_init(&router, routes, 2, &cors, NULL) < 0)
        return SHARED_EINVAL;
    left = kept;
    if (!method) {
        shared_router_clean_up(&router);
        return 0;
    }
    struct shared_apigw_request request = {.source = source,
                                           .method = method,
                                           .path = path,
                                           .stage = "",
                                           .resource = "/a/{id}",
                                           .path_parameters = {&parameter, 1},
                                           .headers = {headers, 4},
                                           .arena = &arena};
    struct shared_context context = {.request_id = "id", .arena = &arena};
    struct shared_answer answer = {.content_type = NULL};
    return shared_router_respond(&router, &context, &request, &answer, err);
}

static int compressed(struct shared_error *err)
{
    return respond("GET", "/a/1", SHARED_APIGW_HTTP, err);
}

static int moved(struct shared_error *err)
{
    return respond("PUT", "/a/1", SHARED_APIGW_REST, err);
}

static int preflight(struct shared_error *err)
{
    return respond("OPTIONS", "/a/1", SHARED_APIGW_HTTP, err);
}

static int not_found(struct shared_error *err)
{
    return respond("GET", "/b", SHARED_APIGW_HTTP, err);
}

static int not_allowed(struct shared_error *err)
{
    return respond("POST", "/a/1", SHARED_APIGW_HTTP, err);
}

static int mapped(struct shared_error *err)
{
    return respond("GET", "", SHARED_APIGW_MAPPED, err);
}

static int cookie(struct shared_error *err)
{
    const char *made;
    struct shared_apigw_cookie_attributes attributes = {
        .name = "a", .value = text, .path = "/", .max_age_s = 5};
    return shared_apigw_cookie_format(&attributes, &arena, &made, err);
}

static void test_each_place(void)
{
    static const struct {
        const char *name;
        int (*call)(struct shared_error *err);
    } rows[] = {
        {"init", init},           {"compressed", compressed},   {"moved", moved},   {"preflight", preflight},
        {"not found", not_found}, {"not allowed", not_allowed}, {"mapped", mapped}, {"cookie", cookie},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].name);
        struct shared_error err = {0};
        CHECK_NUMBER(rows[i].call(&err), 0);
        long places = 0;
        for (bool failed = true; failed && places < 1000; places += failed) {
            err = (struct shared_error){.code = SHARED_OK};
            left = places;
            int code = rows[i].call(&err);
            failed = left < 0; /* the place was reached */
            left = -1;
            CHECK_NUMBER(code, failed ? SHARED_ENOMEM : 0);
            CHECK_NUMBER(err.code, failed ? SHARED_ENOMEM : 0);
        }
        CHECK(places > 0 && places < 1000);
        shared_arena_reset(&arena);
    }
    left = 0;
    struct shared_apigw_request request = {.arena = &arena};
    CHECK(shared_apigw_cookie_text(&request, "a") == NULL);
    left = -1;
}

int main(void)
{
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    CHECK_RUN(test_each_place);
    respond(NULL, NULL, SHARED_APIGW_REST, NULL);
    shared_arena_clean_up(&arena);
    return check_report();
}
