#include "apigw/apigw_encoding.h"
#include "base/base64.h"
#include "check.h"

#include <shared/apigw_compress.h>

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <zlib.h>

static struct shared_arena arena;
static char text[5000];

static struct shared_apigw_request request_of(enum shared_apigw_source source,
                                              struct shared_apigw_pair *accept)
{
    return (struct shared_apigw_request){.source = source,
                                         .method = "GET",
                                         .path = "/",
                                         .stage = "",
                                         .resource = "",
                                         .headers = {accept, accept->value ? 1 : 0},
                                         .arena = &arena};
}

static void test_accept_encoding(void)
{
    static const struct {
        const char *accept;
        bool gzip;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"gzip", true},
        {"GZip", true},
        {"x-gzip", true},
        {"x-GZIP;q=0.5", true},
        {"deflate, br", false},
        {"gzip, deflate, br, zstd", true},
        {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
        {" \tgzip ; q=0.001 ", true},
        {"gzip; Q=1.000", true},
        {"*", true},
        {"*;q=0", false},
        {"gzip;q=0, *", false},
        {"gzip;q=0.0", false},
        {"gzip;q=0.000", false},
        {"identity", false},
        {"identity;q=1, gzip;q=0.5", false},
        {"gzip, identity", true},
        {"identity;q=0.5, gzip;q=1.0", true},
        {"identity;q=0, gzip;q=0.001", true},
        {"identity;q=0", false},
        {"identity;q=0.5, *;q=0.6", true},
        {"identity, *;q=0.6", false},
        /* malformed: not said */
        {"gzip;q=", false},
        {"gzip;q=1.001", false},
        {"gzip;q=2", false},
        {"gzip;q=0.5555", false},
        {"gzip;q=-1", false},
        {"gzip;q=1.", true},
        {"gzip;q=.5", false},
        {"gzip;q=01", false},
        {"gzip;q=1e0", false},
        {"gzip;level=1", false},
        {"gzip;q=1;q=0", false},
        {"gzip;", false},
        {";q=1", false},
        {",,,gzip,,", true},
        {"gzipped", false},
        {"gzi", false},
        {"g zip", false},
        {"gzip deflate", false},
        {"gzip;q=0.2, gzip;q=0", true},
        {"\xFF\xFE, gzip", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_pair accept = {"accept-encoding", rows[i].accept};
        struct shared_apigw_request request = request_of(SHARED_APIGW_HTTP, &accept);
        CHECK_ROW(rows[i].accept);
        CHECK(shared_apigw_accepts_gzip(&request) == rows[i].gzip);
    }
    static const struct shared_apigw_pair two[] = {{"Accept-Encoding", "br"}, {"ACCEPT-ENCODING", "gzip"}};
    struct shared_apigw_request request = {.headers = {two, 2}};
    CHECK(shared_apigw_accepts_gzip(&request));
}

/* The value of a header of a response, NULL where there is none; counts them. */
static const char *header_of(const struct shared_apigw_response *response, const char *name, size_t *count)
{
    const char *value = NULL;
    *count = 0;
    for (size_t i = 0; i < response->headers.count; i++) {
        if (!shared_slice_equal_ignore_case(shared_slice_from_text(response->headers.items[i].name),
                                            shared_slice_from_text(name)))
            continue;
        value = response->headers.items[i].value;
        ++*count;
    }
    return value;
}

/* Inflates and compares. */
static void check_gzip(struct shared_slice gzip, struct shared_slice plain)
{
    char *out = malloc(plain.size_bytes + 1);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)gzip.data,
                       .avail_in = (uInt)gzip.size_bytes,
                       .next_out = (Bytef *)out,
                       .avail_out = (uInt)plain.size_bytes + 1};
    CHECK(out && inflateInit2(&stream, 31) == Z_OK);
    CHECK_NUMBER(inflate(&stream, Z_FINISH), Z_STREAM_END);
    CHECK_NUMBER(stream.avail_in, 0);
    CHECK(shared_slice_equal(shared_slice_of(out, stream.total_out), plain));
    inflateEnd(&stream);
    free(out);
    /* RFC 1952, section 2.3: no time, no name, an unknown system */
    CHECK(memcmp(gzip.data, "\x1F\x8B\x08\0\0\0\0\0", 8) == 0 && (unsigned char)gzip.data[9] == 255);
}

static void test_what_is_compressed(void)
{
    enum { NOT, VARIES, GZIP };
    static const struct {
        const char *name, *accept, *type;
        struct shared_apigw_pair header;
        int status;
        size_t size, least;
        int outcome;
    } rows[] = {
        {"json", "gzip", NULL, {NULL, NULL}, 200, 5000, 0, GZIP},
        {"html", "gzip", "text/html; charset=utf-8", {NULL, NULL}, 0, 5000, 0, GZIP},
        {"an error", "gzip", NULL, {NULL, NULL}, 404, 5000, 0, GZIP},
        {"just enough", "gzip", NULL, {NULL, NULL}, 0, 1400, 0, GZIP},
        {"too little", "gzip", NULL, {NULL, NULL}, 0, 1399, 0, NOT},
        {"own bound", "gzip", NULL, {NULL, NULL}, 0, 100, 100, GZIP},
        {"under it", "gzip", NULL, {NULL, NULL}, 0, 99, 100, NOT},
        {"nothing to gain", "gzip", NULL, {NULL, NULL}, 0, 10, 1, VARIES},
        {"one byte", "gzip", NULL, {NULL, NULL}, 0, 1, 1, VARIES},
        {"no body", "gzip", NULL, {NULL, NULL}, 0, 0, 1, NOT},
        {"not accepted", "br", NULL, {NULL, NULL}, 0, 5000, 0, VARIES},
        {"no header", NULL, NULL, {NULL, NULL}, 0, 5000, 0, VARIES},
        {"picture", "gzip", "image/png", {NULL, NULL}, 0, 5000, 0, NOT},
        {"picture among the headers", "gzip", NULL, {"content-type", "image/png"}, 0, 5000, 0, NOT},
        {"text among the headers", "gzip", "image/png", {"Content-type", "text/css"}, 0, 5000, 0, GZIP},
        {"encoded", "gzip", NULL, {"content-encoding", "br"}, 0, 5000, 0, NOT},
        {"digest", "gzip", NULL, {"Content-Digest", "sha-256=:x:"}, 0, 5000, 0, NOT},
        {"range", "gzip", NULL, {"Content-Range", "bytes 0-1/2"}, 0, 5000, 0, NOT},
        {"partial", "gzip", NULL, {NULL, NULL}, 206, 5000, 0, NOT},
        {"no-transform", "gzip", NULL, {"cache-control", "public, No-Transform"}, 0, 5000, 0, NOT},
        {"other cache control",
         "gzip",
         NULL,
         {"Cache-Control", "max-age=1, no-transformer"},
         0,
         5000,
         0,
         GZIP},
        {"NULL among headers", "gzip", NULL, {"Cache-Control", NULL}, 0, 5000, 0, GZIP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_pair accept = {"accept-encoding", rows[i].accept};
        struct shared_apigw_request request = request_of(SHARED_APIGW_HTTP, &accept);
        struct shared_apigw_response response = {.status = rows[i].status,
                                                 .content_type = rows[i].type,
                                                 .headers = {&rows[i].header, rows[i].header.name ? 1 : 0},
                                                 .body = shared_slice_of(text, rows[i].size)};
        struct shared_slice plain = response.body;
        size_t count;
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(shared_apigw_compress(&request, &response, rows[i].least, NULL), 0);
        CHECK((header_of(&response, "Vary", &count) != NULL) == (rows[i].outcome != NOT));
        if (rows[i].outcome == GZIP) {
            CHECK_TEXT(header_of(&response, "Content-Encoding", &count), "gzip");
            CHECK(shared_base64_encoded_bytes(response.body.size_bytes) < plain.size_bytes);
            check_gzip(response.body, plain);
        } else {
            CHECK(response.body.data == plain.data && response.body.size_bytes == plain.size_bytes);
        }
    }
}

static void test_headers(void)
{
    static const struct {
        struct shared_apigw_pair before;
        const char *name, *after;
    } rows[] = {
        {{"ETag", "\"abc\""}, "ETag", "W/\"abc\""},
        {{"etag", "W/\"abc\""}, "ETag", "W/\"abc\""},
        {{"ETag", "abc"}, "ETag", "abc"},
        {{"ETag", ""}, "ETag", ""},
        {{"Content-Length", "5000"}, "Content-Length", NULL},
        {{"Vary", "Origin"}, "Vary", "Origin, Accept-Encoding"},
        {{"vary", "accept-encoding, Origin"}, "Vary", "accept-encoding, Origin"},
        {{"Vary", "*"}, "Vary", "*"},
        {{"X-Other", "1"}, "X-Other", "1"},
        {{"X-Other", "1"}, "Vary", "Accept-Encoding"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_apigw_pair accept = {"Accept-Encoding", "gzip"};
        struct shared_apigw_request request = request_of(SHARED_APIGW_REST, &accept);
        struct shared_apigw_response response = {.headers = {&rows[i].before, 1},
                                                 .body = shared_slice_of(text, sizeof text)};
        size_t count;
        CHECK_ROW(rows[i].before.value);
        CHECK_NUMBER(shared_apigw_compress(&request, &response, 0, NULL), 0);
        CHECK_TEXT(header_of(&response, rows[i].name, &count), rows[i].after);
        CHECK(count == (rows[i].after ? 1 : 0));
        CHECK_TEXT(header_of(&response, "Content-Encoding", &count), "gzip");
    }
    /* left as it is where the body is */
    struct shared_apigw_pair none = {"Accept-Encoding", NULL}, tag = {"ETag", "\"abc\""};
    struct shared_apigw_request request = request_of(SHARED_APIGW_REST, &none);
    struct shared_apigw_response response = {.headers = {&tag, 1},
                                             .body = shared_slice_of(text, sizeof text)};
    size_t count;
    CHECK_NUMBER(shared_apigw_compress(&request, &response, 0, NULL), 0);
    CHECK_TEXT(header_of(&response, "ETag", &count), "\"abc\"");
}

/* The body of an answer, its base64 undone. */
static struct shared_slice body_of(const struct shared_answer *answer)
{
    cJSON *json = cJSON_ParseWithLength(answer->body.data, answer->body.size_bytes);
    const char *body = cJSON_GetStringValue(cJSON_GetObjectItem(json, "body"));
    CHECK(body != NULL && cJSON_IsTrue(cJSON_GetObjectItem(json, "isBase64Encoded")));
    if (!body)
        return shared_slice_of(NULL, 0);
    size_t size = strlen(body);
    char *plain = shared_arena_alloc(&arena, shared_base64_decoded_bytes(size));
    CHECK(shared_base64_decode(plain, &size, shared_slice_of(body, size)));
    cJSON_Delete(json);
    return shared_slice_of(plain, size);
}

static void test_respond(void)
{
    struct shared_slice first = {NULL, 0};
    for (int source = SHARED_APIGW_REST; source <= SHARED_APIGW_ALB; source++) {
        struct shared_apigw_pair accept = {"Accept-Encoding", "gzip"};
        struct shared_apigw_request request = request_of((enum shared_apigw_source)source, &accept);
        struct shared_apigw_response response = {.body = shared_slice_of(text, sizeof text)};
        struct shared_answer answer = {.content_type = NULL};
        CHECK_NUMBER(shared_apigw_respond_compressed(&request, &response, 0, &answer, NULL), 0);
        struct shared_slice gzip = body_of(&answer);
        check_gzip(gzip, shared_slice_of(text, sizeof text));
        CHECK(!first.data || shared_slice_equal(first, gzip)); /* the same bytes each time */
        first = gzip;
        CHECK(response.body.data == text && response.headers.count == 0); /* the caller's is left alone */
    }
    struct shared_apigw_pair accept = {"Accept-Encoding", "gzip"};
    struct shared_apigw_request request = request_of(SHARED_APIGW_MAPPED, &accept);
    struct shared_apigw_response response = {.body = shared_slice_of(text, sizeof text)};
    struct shared_answer answer = {.content_type = NULL};
    CHECK_NUMBER(shared_apigw_respond_compressed(&request, &response, 0, &answer, NULL), 0);
    CHECK_BYTES(answer.body, response.body);
    response.status = 42;
    CHECK_NUMBER(shared_apigw_respond_compressed(&request, &response, 0, &answer, NULL), SHARED_EINVAL);
}

/* A load balancer takes 1 MB: what is larger goes through compressed, and is refused as it is. */
static void test_load_balancer(void)
{
    enum { SIZE = 5 << 20 };
    char *large = malloc(SIZE);
    if (!large)
        abort();
    for (size_t i = 0; i < SIZE; i++)
        large[i] = text[i % sizeof text];
    struct shared_apigw_pair accept = {"accept-encoding", "gzip"};
    struct shared_apigw_request request = request_of(SHARED_APIGW_ALB, &accept);
    struct shared_apigw_response response = {.body = shared_slice_of(large, SIZE)};
    struct shared_answer answer = {.content_type = NULL};
    CHECK_NUMBER(shared_apigw_respond_compressed(&request, &response, 0, &answer, NULL), 0);
    CHECK(answer.body.size_bytes < SHARED_APIGW_ALB_LIMIT_BYTES);
    check_gzip(body_of(&answer), response.body);
    accept.value = "identity";
    CHECK_NUMBER(shared_apigw_respond_compressed(&request, &response, 0, &answer, NULL), SHARED_ETOOBIG);
    free(large);
}

/* Bytes without any order become larger: they go as they are. */
static void test_noise(void)
{
    static char noise[3000];
    unsigned state = 1;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)('!' + (state = state * 1103515245 + 12345) / 65536 % 94);
    struct shared_apigw_pair accept = {"accept-encoding", "gzip"};
    struct shared_apigw_request request = request_of(SHARED_APIGW_URL, &accept);
    struct shared_apigw_response response = {.body = shared_slice_of(noise, sizeof noise)};
    size_t count;
    CHECK_NUMBER(shared_apigw_compress(&request, &response, 0, NULL), 0);
    CHECK(response.body.data == noise && header_of(&response, "Vary", &count));
    CHECK(header_of(&response, "Content-Encoding", &count) == NULL);
}

int main(void)
{
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "{\"title\":\"Metropolis\",\"year\":1927},"[i % 35];
    CHECK_RUN(test_accept_encoding);
    CHECK_RUN(test_what_is_compressed);
    CHECK_RUN(test_headers);
    CHECK_RUN(test_respond);
    CHECK_RUN(test_load_balancer);
    CHECK_RUN(test_noise);
    shared_arena_clean_up(&arena);
    return check_report();
}
