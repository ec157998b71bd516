#include "check.h"

#include <shared/apigw.h>

#include <stdlib.h>
#include <time.h>

static struct shared_arena arena;

static struct shared_slice read_event(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.json", EVENTS_FOLDER, name);
    FILE *file = fopen(path, "rb");
    char *data = shared_arena_alloc(&arena, 1 << 16);
    if (!file || !data) {
        perror(path);
        exit(2);
    }
    size_t size = fread(data, 1, 1 << 16, file);
    fclose(file);
    return shared_slice_of(data, size);
}

/* A copy of exactly its size, so that a sanitizer sees what is read beyond it. */
static int read_text(struct shared_apigw_request *request, const char *text, struct shared_error *err)
{
    size_t size = strlen(text);
    char *copy = malloc(size ? size : 1);
    if (!copy)
        exit(2);
    memcpy(copy, text, size);
    memset(request, 0xA5, sizeof *request);
    int code = shared_apigw_request_read(request, shared_slice_of(copy, size), &arena, err);
    free(copy);
    return code;
}

/* Pairs as one text: "a=1|b=2". */
static const char *pairs_text(const struct shared_apigw_pairs *pairs)
{
    const char *text = "";
    for (size_t i = 0; i < pairs->count; i++)
        text = shared_arena_format(&arena, "%s%s%s=%s", text, i ? "|" : "", pairs->items[i].name,
                                   pairs->items[i].value);
    return text;
}

static const struct {
    const char *file;
    enum shared_apigw_source source;
    bool multi_value;
    const char *method, *path, *stage, *resource, *source_address, *path_parameters, *query, *cookies;
    size_t headers;
} files[] = {
    {"rest_full", SHARED_APIGW_REST, false, "POST", "/titles/tt0017136/notes", "prod", "/titles/{id}/notes",
     "203.0.113.7", "id=tt0017136", "lang=de|tag=a|tag=b c", "session=38afes7a8|theme=dark", 10},
    {"rest_nulls", SHARED_APIGW_REST, false, "GET", "/titles", "prod", "/titles", "203.0.113.7", "", "", "",
     0},
    {"rest_binary", SHARED_APIGW_REST, false, "POST", "/thumbnail", "prod", "/{proxy+}", "203.0.113.7",
     "proxy=thumbnail", "width=64", "", 1},
    {"http_full", SHARED_APIGW_HTTP, false, "GET", "/titles/tt0017136", "prod", "GET /titles/{id}",
     "203.0.113.7", "id=tt0017136", "tag=a b|tag=c|q=café noir|flag=|x=1=2",
     "session=38afes7a8|theme=dark|token=YWJj==", 6},
    {"http_binary", SHARED_APIGW_HTTP, false, "POST", "/subtitles", "$default", "POST /subtitles",
     "203.0.113.7", "", "", "theme=dark", 3},
    {"url_full", SHARED_APIGW_URL, false, "POST", "/notes/a%20b", "$default", "$default", "203.0.113.7", "",
     "parameter1=value1|parameter1=value2|parameter2=value", "cookie1=|cookie2=2", 4},
    {"alb_single", SHARED_APIGW_ALB, false, "POST", "/titles", "", "", "203.0.113.7", "",
     "q=café noir|na me=%zz%4", "session=38afes7a8|theme=dark", 9},
    {"alb_multi", SHARED_APIGW_ALB, true, "GET", "/titles", "", "", "203.0.113.7", "",
     "tag=a&b|tag=c|empty=", "session=38afes7a8|theme=dark", 11},
    {"alb_binary", SHARED_APIGW_ALB, false, "PUT", "/thumbnail", "", "", "", "", "", "", 1},
    {"alb_health_check", SHARED_APIGW_ALB, false, "GET", "/", "", "", "", "", "", "", 1},
    {"mapped_passthrough", SHARED_APIGW_MAPPED, false, "POST", "", "prod", "/titles/{id}/play", "203.0.113.7",
     "id=tt0017136", "quality=hd|q=a b", "theme=dark", 3},
    {"mapped_passthrough_text", SHARED_APIGW_MAPPED, false, "POST", "", "prod", "/titles/{id}/play",
     "203.0.113.7", "id=tt0017136", "quality=hd|q=a b", "theme=dark", 3},
    {"mapped_own", SHARED_APIGW_MAPPED, false, "", "/play", "", "", "", "", "", "", 1},
};

static void test_files(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct shared_apigw_request request;
        struct shared_error err = {0};
        CHECK_ROW(files[i].file);
        if (!CHECK_NUMBER(shared_apigw_request_read(&request, read_event(files[i].file), &arena, &err), 0)) {
            fprintf(stderr, "    %s\n", err.text);
            continue;
        }
        CHECK_NUMBER(request.source, files[i].source);
        CHECK_NUMBER(request.multi_value, files[i].multi_value);
        CHECK_TEXT(request.method, files[i].method);
        CHECK_TEXT(request.path, files[i].path);
        CHECK_TEXT(request.stage, files[i].stage);
        CHECK_TEXT(request.resource, files[i].resource);
        CHECK_TEXT(request.source_address, files[i].source_address);
        CHECK_TEXT(pairs_text(&request.path_parameters), files[i].path_parameters);
        CHECK_TEXT(pairs_text(&request.query), files[i].query);
        CHECK_TEXT(pairs_text(&request.cookies), files[i].cookies);
        CHECK_NUMBER(request.headers.count, files[i].headers);
        CHECK(request.arena == &arena);
        CHECK_NUMBER(request.body.data[request.body.size_bytes], 0);
    }
}

static void test_bodies_of_files(void)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\r";
    static const struct {
        const char *file;
        struct shared_slice body;
    } rows[] = {
        {"rest_full", SHARED_SLICE_LITERAL("{\"note\":\"Größe \\\"XL\\\"\"}")},
        {"rest_nulls", SHARED_SLICE_LITERAL("")},
        {"rest_binary", SHARED_SLICE_LITERAL(png)},
        {"http_full", SHARED_SLICE_LITERAL("")},
        {"http_binary", SHARED_SLICE_LITERAL("\x1f\x8b\x08\0abc")},
        {"url_full", SHARED_SLICE_LITERAL("Hello from a client!")},
        {"alb_single", SHARED_SLICE_LITERAL("note=1")},
        {"alb_binary", SHARED_SLICE_LITERAL(png)},
        {"mapped_passthrough",
         SHARED_SLICE_LITERAL("{\"views\":9007199254740993,\"note\":\"a \\\"b\\\" {c}\","
                              "\"list\":[1,2.5]}")},
        {"mapped_passthrough_text", SHARED_SLICE_LITERAL("plain text")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request;
        CHECK_ROW(rows[i].file);
        CHECK_NUMBER(shared_apigw_request_read(&request, read_event(rows[i].file), &arena, NULL), 0);
        CHECK_BYTES(request.body, rows[i].body);
    }
    struct shared_slice event = read_event("mapped_own");
    struct shared_apigw_request request;
    CHECK_ROW("mapped_own");
    CHECK_NUMBER(shared_apigw_request_read(&request, event, &arena, NULL), 0);
    CHECK_BYTES(request.body, event);
    CHECK(request.body.data != event.data);
}

/* Events built around one thing: what is read there. */
static void test_bodies(void)
{
    static const struct {
        const char *event, *body;
    } rows[] = {
        {"{\"body-json\":{}}", "{}"},
        {"{\"body-json\":null}", "null"},
        {"{\"body-json\" : [ 1e3 , \"\\u00e9 \\\\\" ] , \"x\":1}", "[1e3,\"\\u00e9 \\\\\"]"},
        {"{\"x\":{\"a\":[1,2]},\"body-json\":-0.0}", "-0.0"},
        {"{\"x\":\"}\\\"\",\"body\\u002djson\":true}", "true"},
        {"{\"body-json\":\"\"}", ""},
        {"{\"body\":\"b\"}", "b"},
        {"{\"body\":\"Yg==\",\"isBase64Encoded\":true}", "b"},
        {"{\"body\":\"Yg==\",\"isBase64Encoded\":\"true\"}", "Yg=="},
        {"{\"body\":1}", "{\"body\":1}"},
        {" {} ", " {} "},
        {"{\"httpMethod\":\"GET\",\"body\":\"\",\"isBase64Encoded\":true}", ""},
        {"{\"httpMethod\":\"GET\",\"body\":\"\\\\u0000\"}", "\\u0000"},
        {"{\"httpMethod\":\"GET\",\"body\":\"a\\u00e9\\ud83d\\ude00\",\"isBase64Encoded\":null}",
         "a\xC3\xA9\xF0\x9F\x98\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].event);
        if (CHECK_NUMBER(read_text(&request, rows[i].event, &err), 0))
            CHECK_SLICE(request.body, rows[i].body);
    }
}

static void test_detection(void)
{
    static const struct {
        const char *event;
        enum shared_apigw_source source;
    } rows[] = {
        {"{\"version\":\"2.0\"}", SHARED_APIGW_HTTP},
        {"{\"requestContext\":{\"http\":{\"method\":\"GET\"}}}", SHARED_APIGW_HTTP},
        {"{\"requestContext\":{\"http\":{},\"domainName\":\"x.lambda-url.eu-central-1.on.aws\"}}",
         SHARED_APIGW_URL},
        {"{\"requestContext\":{\"http\":{},\"domainName\":\"lambda-url.example.com\"}}", SHARED_APIGW_HTTP},
        {"{\"version\":\"1.0\",\"httpMethod\":\"GET\"}", SHARED_APIGW_REST},
        {"{\"requestContext\":{\"elb\":{}}}", SHARED_APIGW_ALB},
        {"{\"requestContext\":{\"elb\":{}},\"httpMethod\":\"GET\"}", SHARED_APIGW_ALB},
        {"{\"httpMethod\":null}", SHARED_APIGW_MAPPED},
        {"{\"requestContext\":{\"http\":null}}", SHARED_APIGW_MAPPED},
        {"{\"requestContext\":7}", SHARED_APIGW_MAPPED},
        {"{\"version\":2.0}", SHARED_APIGW_MAPPED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request;
        CHECK_ROW(rows[i].event);
        CHECK_NUMBER(read_text(&request, rows[i].event, NULL), 0);
        CHECK_NUMBER(request.source, rows[i].source);
        CHECK_TEXT(request.method, strstr(rows[i].event, "GET") ? "GET" : "");
    }
}

static void test_stage(void)
{
    static const struct {
        const char *raw_path, *stage, *path;
    } rows[] = {
        {"/prod/titles", "prod", "/titles"},
        {"/prod", "prod", "/"},
        {"/prod/", "prod", "/"},
        {"/production/titles", "prod", "/production/titles"},
        {"/titles/prod", "prod", "/titles/prod"},
        {"/$default/a", "$default", "/$default/a"},
        {"/a", "", "/a"},
        {"prod/a", "prod", "prod/a"},
        {"", "prod", ""},
        {"/prod/prod/a", "prod", "/prod/a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request;
        CHECK_ROW(rows[i].raw_path);
        const char *event = shared_arena_format(
            &arena, "{\"rawPath\":\"%s\",\"requestContext\":{\"http\":{},\"stage\":\"%s\"}}",
            rows[i].raw_path, rows[i].stage);
        CHECK_NUMBER(read_text(&request, event, NULL), 0);
        CHECK_TEXT(request.path, rows[i].path);
    }
}

/* What the names and values of maps, queries and cookies become. */
static void test_pairs(void)
{
    static const struct {
        const char *event, *query, *headers, *cookies;
    } rows[] = {
        {"{\"httpMethod\":\"\",\"headers\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"},"
         "\"multiValueHeaders\":{\"b\":[\"4\",\"5\"],\"d\":[],\"c\":[]}}",
         "", "b=4|b=5|a=1", ""},
        {"{\"httpMethod\":\"\",\"queryStringParameters\":{\"a\":\"%41+\"}}", "a=%41+", "", ""},
        {"{\"requestContext\":{\"elb\":{}},\"queryStringParameters\":{\"a%3D\":\"%41+%C3%A9\",\"\":\"\"}}",
         "a==A é|=", "", ""},
        {"{\"requestContext\":{\"elb\":{}},\"multiValueQueryStringParameters\":{\"a+b\":[\"%2B\",\"%\"]}}",
         "a b=+|a b=%", "", ""},
        {"{\"version\":\"2.0\",\"rawQueryString\":\"&&a&=b&c=&a=%26%3d&d==&\"}", "a=|=b|c=|a=&=|d==", "", ""},
        {"{\"version\":\"2.0\",\"rawQueryString\":\"\",\"queryStringParameters\":{\"a\":\"%41\"}}", "a=%41",
         "", ""},
        {"{\"version\":\"2.0\",\"rawQueryString\":\"a=1\",\"queryStringParameters\":{\"a\":\"2\"}}", "a=1",
         "", ""},
        {"{\"version\":\"2.0\",\"cookies\":[\"a=1; b=2\",\"\",\" c \"],\"headers\":{\"Cookie\":\"d=4\"}}", "",
         "Cookie=d=4", "a=1|b=2|c="},
        {"{\"version\":\"2.0\",\"cookies\":null,\"headers\":{\"COOKIE\":\";;a=\\\"1 2\\\";b;=c; d=e=f ;\"}}",
         "", "COOKIE=;;a=\"1 2\";b;=c; d=e=f ;", "a=\"1 2\"|b=|=c|d=e=f"},
        {"{\"headers\":{\"a\":\"1\",\"b\":2,\"c\":null,\"d\":\"4\"},\"multiValueHeaders\":{\"d\":\"5\",\"e\":"
         "[\"6\",7]}}",
         "", "e=6|a=1", ""},
        {"{\"params\":{\"header\":{\"a\":\"1\"},\"querystring\":\"x\"},\"headers\":{\"a\":\"2\"},"
         "\"queryStringParameters\":{\"q\":\"3\"}}",
         "q=3", "a=1", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request;
        CHECK_ROW(rows[i].event);
        CHECK_NUMBER(read_text(&request, rows[i].event, NULL), 0);
        CHECK_TEXT(pairs_text(&request.query), rows[i].query);
        CHECK_TEXT(pairs_text(&request.headers), rows[i].headers);
        CHECK_TEXT(pairs_text(&request.cookies), rows[i].cookies);
    }
}

static void test_lookup(void)
{
    struct shared_apigw_request request;
    CHECK_NUMBER(shared_apigw_request_read(&request, read_event("rest_full"), &arena, NULL), 0);
    CHECK_TEXT(shared_apigw_header(&request, "content-TYPE"), "application/json");
    CHECK_TEXT(shared_apigw_header(&request, "x-tag"), "first");
    CHECK_TEXT(shared_apigw_header(&request, "x-ta"), NULL);
    CHECK_TEXT(shared_apigw_query(&request, "tag"), "a");
    CHECK_TEXT(shared_apigw_query(&request, "Tag"), NULL);
    CHECK_TEXT(shared_apigw_path_parameter(&request, "id"), "tt0017136");
    CHECK_TEXT(shared_apigw_path_parameter(&request, ""), NULL);
    CHECK_TEXT(shared_apigw_cookie(&request, "theme"), "dark");
    CHECK_TEXT(shared_apigw_cookie(&request, "THEME"), NULL);
}

static void test_bad_input(void)
{
    static const struct {
        const char *event, *message;
    } rows[] = {
        {"", "empty"},
        {" ", "not valid JSON"},
        {"{", "not valid JSON at byte"},
        {"{\"a\":}", "not valid JSON at byte 5"},
        {"{\"a\":1,}", "not valid JSON"},
        {"{\"a\":\"\\ud800\"}", "not valid JSON"},
        {"[]", "not a JSON object"},
        {"\"body\"", "not a JSON object"},
        {"null", "not a JSON object"},
        {"{}x", "follows the JSON object at byte 2"},
        {"{} {}", "follows the JSON object"},
        {"{\"a\":\"\\u0000\"}", "NUL character"},
        {"{\"a\\u0000b\":1}", "NUL character"},
        {"{\"a\":\"\\\\\\u0000\"}", "NUL character"},
        {"{\"httpMethod\":1}", "httpMethod of the REST event is a number; it must be a string"},
        {"{\"httpMethod\":\"GET\",\"path\":[]}", "path of the REST event is an array"},
        {"{\"httpMethod\":\"GET\",\"headers\":[]}",
         "headers of the REST event is an array; it must be an object"},
        {"{\"httpMethod\":\"GET\",\"headers\":{\"a\":1}}", "headers.a of the REST event is a number"},
        {"{\"httpMethod\":\"GET\",\"headers\":{\"a\":null}}", "headers.a of the REST event is null"},
        {"{\"httpMethod\":\"GET\",\"multiValueHeaders\":{\"a\":\"1\"}}",
         "multiValueHeaders.a of the REST event"},
        {"{\"httpMethod\":\"GET\",\"multiValueHeaders\":{\"a\":[{}]}}",
         "multiValueHeaders.a of the REST event"},
        {"{\"httpMethod\":\"GET\",\"pathParameters\":true}",
         "pathParameters of the REST event is true or false"},
        {"{\"httpMethod\":\"GET\",\"requestContext\":\"\"}", "requestContext of the REST event is a string"},
        {"{\"httpMethod\":\"GET\",\"requestContext\":{\"identity\":[]}}",
         "requestContext.identity of the REST event"},
        {"{\"httpMethod\":\"GET\",\"requestContext\":{\"identity\":{\"sourceIp\":1}}}",
         "requestContext.identity.sourceIp of the REST event is a number"},
        {"{\"httpMethod\":\"GET\",\"body\":{}}", "body of the REST event is an object; it must be a string"},
        {"{\"httpMethod\":\"GET\",\"isBase64Encoded\":\"true\"}",
         "isBase64Encoded of the REST event is a string"},
        {"{\"httpMethod\":\"GET\",\"body\":\"a\",\"isBase64Encoded\":true}",
         "body of the REST event is not base64"},
        {"{\"httpMethod\":\"GET\",\"body\":\"YQ= =\",\"isBase64Encoded\":true}", "not base64"},
        {"{\"body\":\"a-==\",\"isBase64Encoded\":true}", "body of the mapped event is not base64"},
        {"{\"version\":\"2.0\",\"requestContext\":1}", "requestContext of the HTTP API event is a number"},
        {"{\"version\":\"2.0\",\"requestContext\":{\"http\":\"\"}}",
         "requestContext.http of the HTTP API event"},
        {"{\"version\":\"2.0\",\"cookies\":{}}",
         "cookies of the HTTP API event is an object; it must be an array"},
        {"{\"version\":\"2.0\",\"cookies\":[1]}", "cookies.cookie of the HTTP API event is a number"},
        {"{\"version\":\"2.0\",\"rawQueryString\":\"a=%00\"}",
         "rawQueryString of the HTTP API event: it holds a NUL"},
        {"{\"version\":\"2.0\",\"rawQueryString\":\"%00\"}", "%00"},
        {"{\"requestContext\":{\"http\":{},\"domainName\":\"x.lambda-url.y\"},\"rawPath\":1}",
         "rawPath of the Function URL event is a number"},
        {"{\"requestContext\":{\"elb\":{}},\"queryStringParameters\":{\"a\":\"%00\"}}",
         "queryStringParameters of the load balancer event holds a NUL"},
        {"{\"requestContext\":{\"elb\":{}},\"multiValueQueryStringParameters\":{\"%00\":[\"\"]}}",
         "multiValueQueryStringParameters of the load balancer event holds a NUL"},
        {"{\"requestContext\":{\"elb\":{}},\"multiValueHeaders\":\"\"}",
         "multiValueHeaders of the load balancer"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_request request, zero = {.arena = &arena};
        struct shared_error err = {0};
        CHECK_ROW(rows[i].event);
        CHECK_NUMBER(read_text(&request, rows[i].event, &err), SHARED_EPROTO);
        CHECK_NUMBER(err.code, SHARED_EPROTO);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK(memcmp(&request, &zero, sizeof zero) == 0);
        CHECK_NUMBER(read_text(&request, rows[i].event, NULL), SHARED_EPROTO);
    }
    struct shared_apigw_request request;
    CHECK_NUMBER(shared_apigw_request_read(&request, shared_slice_of("{\"a\":\"\0\"}", 9), &arena, NULL),
                 SHARED_EPROTO);
    CHECK_NUMBER(shared_apigw_request_read(&request, shared_slice_of(NULL, 0), &arena, NULL), SHARED_EPROTO);
}

/* Every prefix of every event is refused, whatever was cut. */
static void test_cut_off(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct shared_slice event = read_event(files[i].file);
        CHECK_ROW(files[i].file);
        size_t end = event.size_bytes - 2; /* its last bytes are "}\n" */
        int refused = 0;
        for (size_t size = 0; size <= end; size += 7) {
            struct shared_apigw_request request;
            char *cut = malloc(size + 1);
            if (!cut)
                exit(2);
            memcpy(cut, event.data, size);
            refused += shared_apigw_request_read(&request, shared_slice_of(cut, size), &arena, NULL) ==
                       SHARED_EPROTO;
            free(cut);
        }
        CHECK_NUMBER(refused, end / 7 + 1);
        shared_arena_reset(&arena);
    }
}

static double seconds_to_read(struct shared_slice event, size_t body_bytes)
{
    struct timespec begin, end;
    struct shared_apigw_request request;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    CHECK_NUMBER(shared_apigw_request_read(&request, event, &arena, NULL), 0);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    CHECK_NUMBER(request.body.size_bytes, body_bytes);
    return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

/* A body as large as Lambda takes; what would be quadratic in it takes minutes. The time is printed, not
 * judged. */
static void test_large_body(void)
{
    const char head[] = "{\"httpMethod\":\"POST\",\"isBase64Encoded\":true,\"body\":\"";
    size_t size = 6u << 20;
    char *event = malloc(size);
    if (!event)
        exit(2);
    size_t body = (size - sizeof head - 2) / 4 * 4;
    memcpy(event, head, sizeof head - 1);
    memset(event + sizeof head - 1, 'A', body);
    memcpy(event + sizeof head - 1 + body, "\"}", 2);
    double seconds = seconds_to_read(shared_slice_of(event, sizeof head - 1 + body + 2), body / 4 * 3);
    printf("a body of %zu bytes of base64 read in %.1f ms\n", body, seconds * 1e3);
    free(event);
    shared_arena_reset(&arena);
}

int main(void)
{
    CHECK_RUN(test_files);
    CHECK_RUN(test_bodies_of_files);
    CHECK_RUN(test_bodies);
    CHECK_RUN(test_detection);
    CHECK_RUN(test_stage);
    CHECK_RUN(test_pairs);
    CHECK_RUN(test_lookup);
    CHECK_RUN(test_bad_input);
    CHECK_RUN(test_cut_off);
    CHECK_RUN(test_large_body);
    shared_arena_clean_up(&arena);
    return check_report();
}
