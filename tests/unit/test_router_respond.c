#include "check.h"

#include <shared/route_busy.h>
#include <shared/router.h>

#include <cjson/cJSON.h>
#include <stdlib.h>

static struct shared_arena arena;
static const struct shared_context context = {.request_id = "id", .arena = &arena};

static int list_titles(const struct shared_route_call *call, struct shared_apigw_response *response,
                       struct shared_error *err)
{
    (void)err;
    CHECK(call->context == &context);
    static const struct shared_apigw_pair headers[] = {{"X-Total", "2"}, {"Vary", "Accept"}};
    response->headers = (struct shared_apigw_pairs){headers, 2};
    response->body = shared_slice_from_text("[1,2]");
    return 0;
}

static int get_title(const struct shared_route_call *call, struct shared_apigw_response *response,
                     struct shared_error *err)
{
    const char *id = shared_route_parameter_text(call, "id");
    CHECK(shared_route_parameter_text(call, "none") == NULL);
    if (!id || strcmp(id, "gone") == 0) {
        const struct shared_fault fault = {.status = id ? 410 : 400,
                                           .body = shared_slice_from_text(id ? "gone" : "bad id")};
        return shared_route_fault(call, &fault, response, err);
    }
    response->content_type = "text/plain";
    response->body = shared_slice_from_text(id);
    return 0;
}

static int move(const struct shared_route_call *call, struct shared_apigw_response *response,
                struct shared_error *err)
{
    const struct shared_fault fault = {.status = 301, .location = "https://cdn.example/42"};
    return shared_route_fault(call, &fault, response, err);
}

static int fail(const struct shared_route_call *call, struct shared_apigw_response *response,
                struct shared_error *err)
{
    (void)call;
    response->status = 299;
    return shared_fail(err, SHARED_EIO, 0, "the database is away");
}

static int stream(const struct shared_route_call *call, struct shared_apigw_response *response,
                  struct shared_error *err)
{
    (void)call, (void)response, (void)err;
    return 1;
}

static int own_cors(const struct shared_route_call *call, struct shared_apigw_response *response,
                    struct shared_error *err)
{
    (void)call, (void)err;
    static const struct shared_apigw_pair headers[] = {
        {"access-control-allow-origin", "https://own.example"}};
    response->headers = (struct shared_apigw_pairs){headers, 1};
    return 0;
}

static int apologise(const struct shared_route_call *call, struct shared_apigw_response *response,
                     struct shared_error *err)
{
    CHECK_NUMBER(response->status, 0);
    const struct shared_fault fault = {
        .status = 503,
        .body = shared_slice_from_text(shared_arena_format(call->request->arena, "%s", err->text))};
    return shared_route_fault(call, &fault, response, err);
}

static const struct shared_route routes[] = {
    {"GET", "/titles", list_titles},  {"POST", "/titles", list_titles}, {"GET", "/titles/{id}", get_title},
    {"GET", "/old/{path+}", move},    {"GET", "/fail", fail},           {"GET", "/stream", stream},
    {"GET", "/own", own_cors},        {NULL, "/any", list_titles},      {"OPTIONS", "/options", list_titles},
    {"GET", "/options", list_titles},
};

static const char *const origins[] = {"https://app.example", "https://admin.example", "null"};
static const char *const everybody[] = {"*"};

static struct shared_router plain;

static struct shared_apigw_request request_of(const char *method, const char *path)
{
    return (struct shared_apigw_request){.source = SHARED_APIGW_URL,
                                         .method = method,
                                         .path = path,
                                         .stage = "",
                                         .resource = "",
                                         .arena = &arena};
}

/* The answer to a request, or the failure's message behind "error ". */
static const char *answer_to(const struct shared_router *router, const struct shared_apigw_request *request)
{
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    int code = shared_router_respond(router, &context, request, &answer, &err);
    if (code > 0)
        return "sent";
    if (code < 0 && answer.failure.message.data)
        return shared_arena_format(&arena, "fault %.*s", (int)answer.failure.message.size_bytes,
                                   answer.failure.message.data);
    if (code < 0)
        return shared_arena_format(&arena, "error %s", err.text);
    return shared_arena_copy(&arena, answer.body);
}

static void test_answers(void)
{
    static const struct {
        const char *method, *path, *answer;
    } rows[] = {
        {"GET", "/titles",
         "{\"statusCode\":200,\"headers\":{\"X-Total\":\"2\",\"Vary\":\"Accept\",\"Content-Type\":"
         "\"application/json\"},\"isBase64Encoded\":false,\"body\":\"[1,2]\"}"},
        {"HEAD", "/titles",
         "{\"statusCode\":200,\"headers\":{\"X-Total\":\"2\",\"Vary\":\"Accept\",\"Content-Type\":"
         "\"application/json\"},\"isBase64Encoded\":false,\"body\":\"\"}"},
        {"GET", "/titles/caf%C3%A9%20%2F",
         "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"text/plain\"},\"isBase64Encoded\":false,"
         "\"body\":\"caf\xC3\xA9 /\"}"},
        {"GET", "/titles/gone",
         "{\"statusCode\":410,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
         "\"isBase64Encoded\":false,\"body\":\"gone\"}"},
        {"HEAD", "/titles/gone",
         "{\"statusCode\":410,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
         "\"isBase64Encoded\":false,\"body\":\"\"}"},
        {"GET", "/titles/a%00b",
         "{\"statusCode\":400,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
         "\"isBase64Encoded\":false,\"body\":\"bad id\"}"},
        {"GET", "/old/a/b",
         "{\"statusCode\":301,\"headers\":{\"Location\":\"https://cdn.example/"
         "42\"},\"isBase64Encoded\":false,"
         "\"body\":\"\"}"},
        {"GET", "/nothing",
         "{\"statusCode\":404,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
         "\"isBase64Encoded\":false,\"body\":\"no such resource\"}"},
        {"OPTIONS", "/nothing",
         "{\"statusCode\":404,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
         "\"isBase64Encoded\":false,\"body\":\"no such resource\"}"},
        {"DELETE", "/titles",
         "{\"statusCode\":405,\"headers\":{\"Allow\":\"GET, HEAD, OPTIONS, POST\",\"Content-Type\":"
         "\"text/plain; charset=utf-8\"},\"isBase64Encoded\":false,\"body\":\"method not allowed\"}"},
        {"OPTIONS", "/titles",
         "{\"statusCode\":204,\"headers\":{\"Allow\":\"GET, HEAD, OPTIONS, POST\"},\"isBase64Encoded\":false,"
         "\"body\":\"\"}"},
        {"OPTIONS", "/options",
         "{\"statusCode\":200,\"headers\":{\"X-Total\":\"2\",\"Vary\":\"Accept\",\"Content-Type\":"
         "\"application/json\"},\"isBase64Encoded\":false,\"body\":\"[1,2]\"}"},
        {"GET", "/fail", "error the database is away"},
        {"GET", "/stream", "sent"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of(rows[i].method, rows[i].path);
        CHECK_ROW(rows[i].path);
        CHECK_TEXT(answer_to(&plain, &request), rows[i].answer);
    }
}

static void test_failed(void)
{
    struct shared_router router;
    CHECK_NUMBER(shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, NULL), 0);
    router.failed = apologise;
    struct shared_apigw_request request = request_of("GET", "/fail");
    CHECK_TEXT(answer_to(&router, &request),
               "{\"statusCode\":503,\"headers\":{\"Content-Type\":\"text/plain; charset=utf-8\"},"
               "\"isBase64Encoded\":false,\"body\":\"the database is away\"}");
    shared_router_clean_up(&router);
}

static void test_prefix(void)
{
    static const struct {
        const char *prefix, *path;
        bool found;
    } rows[] = {
        {"/payment", "/payment/titles", true},
        {"/payment", "/titles", true},
        {"/payment", "/paymenttitles", false},
        {"/payment", "/payment", false},
        {"", "/titles", true},
        {"/payment/v1", "/payment/v1/titles", true},
        {"/titles", "/titles/titles", true},
    };
    struct shared_router router;
    CHECK_NUMBER(shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of("GET", rows[i].path);
        router.prefix = rows[i].prefix;
        CHECK_ROW(rows[i].path);
        CHECK((strstr(answer_to(&router, &request), "[1,2]") != NULL) == rows[i].found);
    }
    shared_router_clean_up(&router);
}

/* One header of an answer, "-" where it is not there. */
static const char *header_of(const char *answer, const char *name)
{
    cJSON *json = cJSON_Parse(answer);
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(json, "headers"), name));
    const char *copy = shared_arena_format(&arena, "%s", value ? value : "-");
    cJSON_Delete(json);
    return copy;
}

struct cors_row {
    const char *name, *method, *path, *origin, *asked_method, *asked_headers;
    const char *status, *allow_origin, *credentials, *exposed, *vary, *methods, *headers, *age;
};

static void check_cors(const struct shared_route_cors *cors, const struct cors_row *rows, size_t count)
{
    struct shared_router router;
    CHECK_NUMBER(shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), cors, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        const struct cors_row *row = &rows[i];
        struct shared_apigw_pair headers[3];
        struct shared_apigw_request request = request_of(row->method, row->path);
        size_t used = 0;
        if (row->origin)
            headers[used++] = (struct shared_apigw_pair){"origin", row->origin};
        if (row->asked_method)
            headers[used++] = (struct shared_apigw_pair){"access-control-request-method", row->asked_method};
        if (row->asked_headers)
            headers[used++] =
                (struct shared_apigw_pair){"access-control-request-headers", row->asked_headers};
        request.headers = (struct shared_apigw_pairs){headers, used};
        const char *answer = answer_to(&router, &request);
        CHECK_ROW(row->name);
        CHECK(strncmp(answer, row->status, strlen(row->status)) == 0);
        CHECK_TEXT(header_of(answer, "Access-Control-Allow-Origin"), row->allow_origin);
        CHECK_TEXT(header_of(answer, "Access-Control-Allow-Credentials"), row->credentials);
        CHECK_TEXT(header_of(answer, "Access-Control-Expose-Headers"), row->exposed);
        CHECK_TEXT(header_of(answer, "Vary"), row->vary);
        CHECK_TEXT(header_of(answer, "Access-Control-Allow-Methods"), row->methods);
        CHECK_TEXT(header_of(answer, "Access-Control-Allow-Headers"), row->headers);
        CHECK_TEXT(header_of(answer, "Access-Control-Max-Age"), row->age);
    }
    shared_router_clean_up(&router);
}

#define STATUS(number) "{\"statusCode\":" #number ","
#define APP "https://app.example"
#define ASKED "Access-Control-Request-Headers"
#define TITLES "GET, HEAD, OPTIONS, POST"

static void test_cors_of_some(void)
{
    static const struct cors_row rows[] = {
        {"one", "GET", "/titles", APP, NULL, NULL, STATUS(200), APP, "true", "X-Total", "Accept, Origin", "-",
         "-", "-"},
        {"null", "GET", "/titles/1", "null", NULL, NULL, STATUS(200), "null", "true", "X-Total", "Origin",
         "-", "-", "-"},
        {"another", "GET", "/titles", "https://evil.example", NULL, NULL, STATUS(200), "-", "-", "-",
         "Accept, Origin", "-", "-", "-"},
        {"other case", "GET", "/titles", "HTTPS://app.example", NULL, NULL, STATUS(200), "-", "-", "-",
         "Accept, Origin", "-", "-", "-"},
        {"beginning", "GET", "/titles", APP ".evil", NULL, NULL, STATUS(200), "-", "-", "-", "Accept, Origin",
         "-", "-", "-"},
        {"none", "GET", "/titles", NULL, NULL, NULL, STATUS(200), "-", "-", "-", "Accept, Origin", "-", "-",
         "-"},
        {"404", "GET", "/no", APP, NULL, NULL, STATUS(404), APP, "true", "X-Total", "Origin", "-", "-", "-"},
        {"405", "PUT", "/titles", APP, NULL, NULL, STATUS(405), APP, "true", "X-Total", "Origin", "-", "-",
         "-"},
        {"fault", "GET", "/titles/gone", APP, NULL, NULL, STATUS(410), APP, "true", "X-Total", "Origin", "-",
         "-", "-"},
        {"own", "GET", "/own", APP, NULL, NULL, STATUS(200), "https://own.example", "-", "-", "-", "-", "-",
         "-"},
        {"preflight", "OPTIONS", "/titles", APP, "POST", "content-type,x-a", STATUS(204), APP, "true", "-",
         "Origin, " ASKED, TITLES, "content-type,x-a", "600"},
        {"preflight of any", "OPTIONS", "/any", APP, "PATCH", NULL, STATUS(204), APP, "true", "-",
         "Origin, " ASKED, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", "-", "600"},
        {"preflight before a route of OPTIONS", "OPTIONS", "/options", APP, "GET", NULL, STATUS(204), APP,
         "true", "-", "Origin, " ASKED, "GET, HEAD, OPTIONS", "-", "600"},
        {"preflight of another", "OPTIONS", "/titles", "https://evil.example", "POST", "x-a", STATUS(204),
         "-", "-", "-", "Origin, " ASKED, "-", "-", "-"},
        {"preflight of nothing", "OPTIONS", "/no", APP, "POST", NULL, STATUS(404), APP, "true", "X-Total",
         "Origin", "-", "-", "-"},
        {"no preflight", "OPTIONS", "/titles", APP, NULL, NULL, STATUS(204), APP, "true", "X-Total", "Origin",
         "-", "-", "-"},
        {"split header", "OPTIONS", "/titles", APP, "POST", "x-a\r\nSet-Cookie: a=b", STATUS(204), APP,
         "true", "-", "Origin, " ASKED, TITLES, "-", "600"},
        {"a tab", "OPTIONS", "/titles", APP, "POST", "x-a,\tx-b", STATUS(204), APP, "true", "-",
         "Origin, " ASKED, TITLES, "-", "600"},
        {"no token", "OPTIONS", "/titles", APP, "POST", "x-a: b", STATUS(204), APP, "true", "-",
         "Origin, " ASKED, TITLES, "-", "600"},
        {"no UTF-8", "OPTIONS", "/titles", APP, "POST", "x-\xFF", STATUS(204), APP, "true", "-",
         "Origin, " ASKED, TITLES, "-", "600"},
        {"empty", "OPTIONS", "/titles", APP, "POST", "", STATUS(204), APP, "true", "-", "Origin, " ASKED,
         TITLES, "-", "600"},
    };
    static const struct shared_route_cors cors = {
        .origins = origins, .origin_count = 3, .exposed = "X-Total", .max_age_s = 600, .credentials = true};
    check_cors(&cors, rows, sizeof rows / sizeof *rows);
}

static void test_cors_of_all(void)
{
    static const struct cors_row rows[] = {
        {"any", "GET", "/titles", "https://x.example", NULL, NULL, STATUS(200), "*", "-", "-", "Accept", "-",
         "-", "-"},
        {"none", "GET", "/titles", NULL, NULL, NULL, STATUS(200), "*", "-", "-", "Accept", "-", "-", "-"},
        {"split", "GET", "/titles/1", "a\r\nb", NULL, NULL, STATUS(200), "*", "-", "-", "-", "-", "-", "-"},
        {"preflight", "OPTIONS", "/titles", "https://x.example", "PUT", "x-a", STATUS(204), "*", "-", "-",
         "-", TITLES, "Content-Type", "-"},
    };
    static const struct shared_route_cors cors = {
        .origins = everybody, .origin_count = 1, .headers = "Content-Type"};
    check_cors(&cors, rows, sizeof rows / sizeof *rows);

    /* with credentials "*" would not count: the origin is named, if it can be */
    static const struct cors_row named[] = {
        {"any", "GET", "/titles/1", "https://x.example", NULL, NULL, STATUS(200), "https://x.example", "true",
         "-", "Origin", "-", "-", "-"},
        {"split", "GET", "/titles/1", "https://x\r\nSet-Cookie: a=b", NULL, NULL, STATUS(200), "-", "-", "-",
         "Origin", "-", "-", "-"},
        {"no ASCII", "GET", "/titles/1", "https://\xC3\xA9", NULL, NULL, STATUS(200), "-", "-", "-", "Origin",
         "-", "-", "-"},
        {"empty", "GET", "/titles/1", "", NULL, NULL, STATUS(200), "-", "-", "-", "Origin", "-", "-", "-"},
    };
    static const struct shared_route_cors with_credentials = {
        .origins = everybody, .origin_count = 1, .credentials = true};
    check_cors(&with_credentials, named, sizeof named / sizeof *named);
    static const struct shared_route_cors nobody = {.origin_count = 0};
    static const struct cors_row none[] = {
        {"any", "GET", "/titles/1", "https://x.example", NULL, NULL, STATUS(200), "-", "-", "-", "Origin",
         "-", "-", "-"},
    };
    check_cors(&nobody, none, 1);
}

/* An HTTP API has decoded the path; nothing of it is decoded again. */
static void test_decoded_paths(void)
{
    static const struct {
        const char *path, *encoded, *decoded;
    } rows[] = {
        {"/titles/plain", "plain", "plain"},   {"/titles/caf\xC3\xA9", "caf\xC3\xA9", "caf\xC3\xA9"},
        {"/titles/%41", "A", "%41"},           {"/titles/%2e%2e", "..", "%2e%2e"},
        {"/titles/100%", "100%", "100%"},      {"/titles/%252F%", "%2F%", "%252F%"},
        {"/api/titles/%2541", "%41", "%2541"},
    };
    struct shared_router router;
    CHECK_NUMBER(shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, NULL), 0);
    router.prefix = "/api";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].path);
        struct shared_apigw_request request = request_of("GET", rows[i].path);
        for (int decoded = 0; decoded < 2; decoded++) {
            request.source = decoded ? SHARED_APIGW_HTTP : SHARED_APIGW_URL;
            cJSON *json = cJSON_Parse(answer_to(&router, &request));
            CHECK_TEXT(cJSON_GetStringValue(cJSON_GetObjectItem(json, "body")),
                       decoded ? rows[i].decoded : rows[i].encoded);
            cJSON_Delete(json);
        }
    }
    shared_router_clean_up(&router);
    shared_arena_reset(&arena);
}

/* Behind a non-proxy integration: found by resource and parameters, faults travel as errors. */
static void test_mapped(void)
{
    static const struct {
        const char *method, *path, *resource, *id, *answer;
    } rows[] = {
        {"GET", "", "/titles", NULL, "[1,2]"},
        {"", "", "/titles", NULL, "[1,2]"},
        {"GET", "/titles", "", NULL, "[1,2]"},
        {"GET", "", "/titles/{id}", "42", "42"},
        {"GET", "", "/titles/{id}", "a/b%2Fc", "a/b%2Fc"},
        {"GET", "", "/titles/{id}", NULL, "{id}"},
        {"GET", "", "/titles/{id}", "gone",
         "fault {\"status\":410,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"gone\"}"},
        {"GET", "", "/old/{id+}", "a/b", "fault {\"status\":301,\"location\":\"https://cdn.example/42\"}"},
        {"GET", "", "/no", NULL,
         "fault {\"status\":404,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"no such "
         "resource\"}"},
        {"GET", "", "", NULL,
         "fault {\"status\":404,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"no such "
         "resource\"}"},
        {"PUT", "", "/titles", NULL,
         "fault {\"status\":405,\"contentType\":\"text/plain; charset=utf-8\",\"body\":\"method not "
         "allowed\"}"},
        {"OPTIONS", "", "/titles", NULL, ""},
        {"GET", "", "/titles/{id", "42", "{id"},
        {"GET", "", "/titles/{", "42", "{"},
    };
    static const struct shared_route_cors cors = {.origins = everybody, .origin_count = 1};
    struct shared_router router;
    CHECK_NUMBER(shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), &cors, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_pair id = {"id", rows[i].id};
        struct shared_apigw_request request = request_of(rows[i].method, rows[i].path);
        request.source = SHARED_APIGW_MAPPED;
        request.resource = rows[i].resource;
        request.path_parameters = (struct shared_apigw_pairs){&id, rows[i].id ? 1 : 0};
        CHECK_ROW(rows[i].resource);
        CHECK_TEXT(answer_to(&router, &request), rows[i].answer);
    }
    shared_router_clean_up(&router);
}

/* Vary in two lists, one that holds "*", one that has no value. */
static struct shared_apigw_pairs varied;

static int vary(const struct shared_route_call *call, struct shared_apigw_response *response,
                struct shared_error *err)
{
    (void)call, (void)err;
    response->headers = varied;
    return 0;
}

static void test_vary(void)
{
    static const struct {
        struct shared_apigw_pair headers[2];
        size_t count;
        const char *vary;
    } rows[] = {
        {{{"vary", "Accept"}, {"VARY", "origin"}}, 2, "Accept, origin"},
        {{{"Vary", "*"}}, 1, "*"},
        {{{"Vary", ""}}, 1, "Origin"},
        {{{"Vary", "Accept , Originally"}}, 1, "Accept , Originally, Origin"},
        {{{"Vary", "a"}, {"Vary", "b"}}, 2, "a, Origin, b"},
    };
    static const struct shared_route own[] = {{"GET", "/", vary}};
    static const struct shared_route_cors cors = {.origins = origins, .origin_count = 3};
    struct shared_router router;
    CHECK_NUMBER(shared_router_init(&router, own, 1, &cors, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request = request_of("GET", "/");
        varied = (struct shared_apigw_pairs){rows[i].headers, rows[i].count};
        CHECK_ROW(rows[i].vary);
        CHECK_TEXT(header_of(answer_to(&router, &request), "vary"), rows[i].vary);
    }
    struct shared_apigw_pair broken = {"Vary", NULL};
    struct shared_apigw_request request = request_of("GET", "/");
    varied = (struct shared_apigw_pairs){&broken, 1};
    CHECK_TEXT(header_of(answer_to(&router, &request), "Vary"), "Origin");
    shared_router_clean_up(&router);
}

static void test_serve(void)
{
    static const char event[] =
        "{\"version\":\"2.0\",\"rawPath\":\"/prod/titles/"
        "42\",\"requestContext\":{\"stage\":\"prod\",\"http\":"
        "{\"method\":\"GET\",\"path\":\"/prod/titles/42\",\"sourceIp\":\"192.0.2.1\"}}}";
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {0};
    CHECK_NUMBER(shared_router_serve(&plain, &context, shared_slice_from_text(event), &answer, &err), 0);
    CHECK(strstr(shared_arena_copy(&arena, answer.body), "\"body\":\"42\"") != NULL);
    CHECK_NUMBER(shared_router_serve(&plain, &context, shared_slice_from_text("[]"), &answer, &err),
                 SHARED_EPROTO);
    CHECK_MESSAGE(&err, "read the request: ");
}

static void test_busy(void)
{
    static const struct {
        int64_t retry_after_ms;
        const char *seconds; /* NULL: no header */
    } rows[] = {{-1, NULL}, {0, "1"}, {1, "1"}, {1000, "1"}, {1001, "2"}, {INT64_MAX, "9223372036854776"}};
    struct shared_apigw_request request = {.arena = &arena};
    const struct shared_route_call call = {.context = &context, .request = &request};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_response response = {.status = 299};
        CHECK_NUMBER(shared_route_busy(&call, 503, rows[i].retry_after_ms, "later", &response, NULL), 0);
        CHECK_NUMBER(response.status, 503);
        CHECK_NUMBER(response.headers.count, rows[i].seconds ? 1 : 0);
        if (rows[i].seconds) {
            CHECK_TEXT(response.headers.items[0].name, "Retry-After");
            CHECK_TEXT(response.headers.items[0].value, rows[i].seconds);
        }
    }
    shared_arena_reset(&arena);
}

int main(void)
{
    CHECK_RUN(test_busy);
    CHECK_NUMBER(shared_router_init(&plain, routes, SHARED_ROUTES_COUNT(routes), NULL, NULL), 0);
    CHECK_RUN(test_answers);
    CHECK_RUN(test_failed);
    CHECK_RUN(test_prefix);
    CHECK_RUN(test_cors_of_some);
    CHECK_RUN(test_cors_of_all);
    CHECK_RUN(test_decoded_paths);
    CHECK_RUN(test_mapped);
    CHECK_RUN(test_vary);
    CHECK_RUN(test_serve);
    shared_router_clean_up(&plain);
    shared_arena_clean_up(&arena);
    return check_report();
}
