#include "check.h"

#include <shared/apigw_cookie.h>

static struct shared_arena arena;

static char long_value[4200], long_path[1026];

static void test_format(void)
{
    static const struct {
        struct shared_apigw_cookie_attributes cookie;
        const char *text;
    } rows[] = {
        {{.name = "a", .value = "b"}, "a=b"},
        {{.name = "a"}, "a="},
        {{.name = "!#$%&'*+-.^_`|~09azAZ", .value = "x"}, "!#$%&'*+-.^_`|~09azAZ=x"},
        {{.name = "id", .value = "a b"}, "id=a%20b"},
        {{.name = "id", .value = "\"a\",b;c\\d\t\r\n"}, "id=%22a%22%2Cb%3Bc%5Cd%09%0D%0A"},
        {{.name = "id", .value = "100%"}, "id=100%25"},
        {{.name = "id", .value = "caf\xC3\xA9"}, "id=caf%C3%A9"},
        {{.name = "id", .value = "\xFF\x7F\x01"}, "id=%FF%7F%01"},
        {{.name = "id", .value = "!#$&'()*+-./:<=>?@[]^_`{|}~"}, "id=!#$&'()*+-./:<=>?@[]^_`{|}~"},
        {{.name = "a", .value = "b", .max_age_s = 3600}, "a=b; Max-Age=3600"},
        {{.name = "a", .value = "b", .max_age_s = -1}, "a=b; Max-Age=0"},
        {{.name = "a", .value = "b", .max_age_s = INT64_MIN}, "a=b; Max-Age=0"},
        {{.name = "a", .value = "b", .max_age_s = INT64_MAX}, "a=b; Max-Age=9223372036854775807"},
        {{.name = "a", .value = "b", .domain = ".example.com", .path = "/titles"},
         "a=b; Domain=.example.com; Path=/titles"},
        {{.name = "a", .value = "b", .http_only = true, .same_site = SHARED_SAME_SITE_STRICT},
         "a=b; HttpOnly; SameSite=Strict"},
        {{.name = "a", .value = "b", .same_site = SHARED_SAME_SITE_LAX}, "a=b; SameSite=Lax"},
        {{.name = "a", .value = "b", .secure = true, .same_site = SHARED_SAME_SITE_NONE, .partitioned = true},
         "a=b; Secure; SameSite=None; Partitioned"},
        {{.name = "__Secure-a", .value = "b", .secure = true, .domain = "example.com"},
         "__Secure-a=b; Domain=example.com; Secure"},
        {{.name = "__Host-a", .value = "b", .secure = true, .path = "/"}, "__Host-a=b; Path=/; Secure"},
        {{.name = "__Hosta", .value = "b"}, "__Hosta=b"},
        {{.name = "x__Host-a", .value = "b"}, "x__Host-a=b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = NULL;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(shared_apigw_cookie_format(&rows[i].cookie, &arena, &text, &err), 0);
        CHECK_TEXT(text, rows[i].text);
    }
}

static void test_refusals(void)
{
    static const struct {
        struct shared_apigw_cookie_attributes cookie;
        enum shared_error_code code;
        const char *message;
    } rows[] = {
        {{.name = NULL}, SHARED_EINVAL, "not a token"},
        {{.name = ""}, SHARED_EINVAL, "not a token"},
        {{.name = "a b"}, SHARED_EINVAL, "not a token"},
        {{.name = "a=b"}, SHARED_EINVAL, "not a token"},
        {{.name = "a;b"}, SHARED_EINVAL, "not a token"},
        {{.name = "a\r\nb"}, SHARED_EINVAL, "not a token"},
        {{.name = "caf\xC3\xA9"}, SHARED_EINVAL, "not a token"},
        {{.name = "a", .domain = "x;y"}, SHARED_EINVAL, "domain holds a semicolon"},
        {{.name = "a", .domain = "x\r\ny"}, SHARED_EINVAL, "domain holds a semicolon"},
        {{.name = "a", .domain = "\xC3\xA9.example"}, SHARED_EINVAL, "domain holds"},
        {{.name = "a", .domain = ""}, SHARED_EINVAL, "domain is empty"},
        {{.name = "a", .path = "/;"}, SHARED_EINVAL, "path holds"},
        {{.name = "a", .path = "/\x7F"}, SHARED_EINVAL, "path holds"},
        {{.name = "a", .path = ""}, SHARED_EINVAL, "path is empty"},
        {{.name = "a", .path = "titles"}, SHARED_EINVAL, "does not begin with a slash"},
        {{.name = "a", .path = long_path}, SHARED_ETOOBIG, "path has over 1024 bytes"},
        {{.name = "a", .same_site = SHARED_SAME_SITE_NONE}, SHARED_EINVAL, "SameSite=None needs secure"},
        {{.name = "a", .partitioned = true}, SHARED_EINVAL, "partitioned needs secure"},
        {{.name = "__Secure-a"}, SHARED_EINVAL, "prefix needs secure"},
        {{.name = "__secure-a"}, SHARED_EINVAL, "prefix needs secure"},
        {{.name = "__Host-a", .path = "/"}, SHARED_EINVAL, "prefix needs secure"},
        {{.name = "__Host-a", .secure = true}, SHARED_EINVAL, "needs path"},
        {{.name = "__HOST-a", .secure = true, .path = "/a"}, SHARED_EINVAL, "needs path"},
        {{.name = "__Host-a", .secure = true, .path = "/", .domain = "e.com"}, SHARED_EINVAL, "no domain"},
        {{.name = "a", .value = long_value}, SHARED_ETOOBIG, "browsers take 4096"},
    };
    memset(long_value, 'v', sizeof long_value - 1);
    memset(long_path, '/', sizeof long_path - 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = NULL;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].message);
        CHECK_NUMBER(shared_apigw_cookie_format(&rows[i].cookie, &arena, &text, &err), rows[i].code);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK(text == NULL);
        CHECK_NUMBER(shared_apigw_cookie_format(&rows[i].cookie, &arena, &text, NULL), rows[i].code);
    }
}

static void test_bounds(void)
{
    const char *text;
    struct shared_apigw_cookie_attributes cookie = {.name = "a", .value = long_value};
    long_value[4094] = '\0';
    CHECK_NUMBER(shared_apigw_cookie_format(&cookie, &arena, &text, NULL), 0);
    CHECK_NUMBER(strlen(text), 4096);
    long_value[0] = ' '; /* two bytes more */
    CHECK_NUMBER(shared_apigw_cookie_format(&cookie, &arena, &text, NULL), SHARED_ETOOBIG);
    long_path[1024] = '\0';
    cookie = (struct shared_apigw_cookie_attributes){.name = "a", .path = long_path};
    CHECK_NUMBER(shared_apigw_cookie_format(&cookie, &arena, &text, NULL), 0);
}

/* Every byte comes back from a request. */
static void test_back(void)
{
    char value[256];
    for (size_t i = 0; i < 255; i++)
        value[i] = (char)(i + 1);
    value[255] = '\0';
    const char *text = "", *name = "id";
    struct shared_apigw_cookie_attributes cookie = {.name = name, .value = value, .path = "/"};
    CHECK_NUMBER(shared_apigw_cookie_format(&cookie, &arena, &text, NULL), 0);
    const char *event = shared_arena_format(
        &arena, "{\"version\":\"2.0\",\"cookies\":[\"first=1\",\"%.*s\",\"nul=a%%00\",\"bad=%%zz%%\"]}",
        (int)(strlen(text) - strlen("; Path=/")), text);
    struct shared_apigw_request request;
    CHECK_NUMBER(shared_apigw_request_read(&request, shared_slice_from_text(event), &arena, NULL), 0);
    CHECK_TEXT(shared_apigw_cookie_text(&request, name), value);
    CHECK_TEXT(shared_apigw_cookie_text(&request, "first"), "1");
    CHECK(shared_apigw_cookie_text(&request, "nul") == NULL);
    CHECK(shared_apigw_cookie_text(&request, "none") == NULL);
    CHECK_TEXT(shared_apigw_cookie_text(&request, "bad"), "%zz%");
}

/* What was made goes through a response as it is. */
static void test_response(void)
{
    const char *text = NULL;
    struct shared_apigw_cookie_attributes cookie = {.name = "a", .value = "\r\n\xFF", .http_only = true};
    CHECK_NUMBER(shared_apigw_cookie_format(&cookie, &arena, &text, NULL), 0);
    struct shared_apigw_request request = {.source = SHARED_APIGW_HTTP, .arena = &arena};
    struct shared_apigw_response response = {.cookies = &text, .cookie_count = 1};
    struct shared_answer answer = {.content_type = NULL};
    CHECK_NUMBER(shared_apigw_respond(&request, &response, &answer, NULL), 0);
    CHECK_SLICE(answer.body, "{\"statusCode\":200,\"cookies\":[\"a=%0D%0A%FF; HttpOnly\"],"
                             "\"isBase64Encoded\":false,\"body\":\"\"}");
}

int main(void)
{
    CHECK_RUN(test_format);
    CHECK_RUN(test_refusals);
    CHECK_RUN(test_bounds);
    CHECK_RUN(test_back);
    CHECK_RUN(test_response);
    shared_arena_clean_up(&arena);
    return check_report();
}
