#include "check.h"

#include <shared/router.h>

#include <stdlib.h>

static int handle(const struct shared_route_call *call, struct shared_apigw_response *response,
                  struct shared_error *err)
{
    (void)call, (void)response, (void)err;
    return 0;
}

static char long_pattern[17001], long_segment[258], segments_33[67];

static void test_refusals(void)
{
    static const struct {
        const char *name;
        struct shared_route route;
        enum shared_error_code code;
        const char *message;
    } rows[] = {
        {"no pattern", {"GET", NULL, handle}, SHARED_EINVAL, "route 2 (GET ) has no pattern"},
        {"empty", {"GET", "", handle}, SHARED_EINVAL, "does not begin with a slash"},
        {"no slash",
         {"GET", "titles", handle},
         SHARED_EINVAL,
         "route 2 (GET titles) does not begin with a slash"},
        {"no name", {"GET", "/{}", handle}, SHARED_EINVAL, "without a name"},
        {"no name of all", {"GET", "/{+}", handle}, SHARED_EINVAL, "without a name"},
        {"unclosed", {"GET", "/{id", handle}, SHARED_EINVAL, "brace"},
        {"unopened", {"GET", "/id}", handle}, SHARED_EINVAL, "brace"},
        {"across segments", {"GET", "/{a/b}", handle}, SHARED_EINVAL, "brace"},
        {"twisted", {"GET", "/}a{", handle}, SHARED_EINVAL, "brace"},
        {"two in one", {"GET", "/{a}{b}", handle}, SHARED_EINVAL, "brace"},
        {"nested", {"GET", "/{a{b}}", handle}, SHARED_EINVAL, "brace"},
        {"within a segment", {"GET", "/v{n}", handle}, SHARED_EINVAL, "%7B"},
        {"one brace", {"GET", "/{", handle}, SHARED_EINVAL, "brace"},
        {"twice", {"GET", "/{id}/{id}", handle}, SHARED_EINVAL, "two parameters of one name"},
        {"twice, once for all", {"GET", "/{id}/{id+}", handle}, SHARED_EINVAL, "two parameters of one name"},
        {"nine", {"GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}", handle}, SHARED_EINVAL, "more than 8"},
        {"nine with all", {"GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i+}", handle}, SHARED_EINVAL, "than 8"},
        {"all in the middle", {"GET", "/{a+}/b", handle}, SHARED_EINVAL, "not its last segment"},
        {"all and a slash", {"GET", "/{a+}/", handle}, SHARED_EINVAL, "not its last segment"},
        {"NUL", {"GET", "/a%00b", handle}, SHARED_EINVAL, "%00"},
        {"no handler", {"GET", "/a", NULL}, SHARED_EINVAL, "route 2 (GET /a) has no handler"},
        {"small method", {"get", "/a", handle}, SHARED_EINVAL, "capital letters"},
        {"split method", {"GET\r\nX: y", "/a", handle}, SHARED_EINVAL, "capital letters"},
        {"empty method", {"", "/a", handle}, SHARED_EINVAL, "capital letters"},
        {"the same", {"GET", "/first", handle}, SHARED_EINVAL, "is the same as route 1"},
        {"the same, encoded", {"GET", "/%66irst", handle}, SHARED_EINVAL, "is the same as route 1"},
        {"long", {"GET", long_pattern, handle}, SHARED_ETOOBIG, "16000 bytes"},
        {"long segment", {"GET", long_segment, handle}, SHARED_EINVAL, "255 bytes"},
        {"33 segments", {"GET", segments_33, handle}, SHARED_EINVAL, "more than 32 segments"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct shared_route routes[] = {{"GET", "/first", handle}, rows[i].route};
        struct shared_router router;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(shared_router_init(&router, routes, 2, NULL, &err), rows[i].code);
        CHECK_NUMBER(err.code, rows[i].code);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK_NUMBER(shared_router_init(&router, routes, 2, NULL, NULL), rows[i].code);
        shared_router_clean_up(&router);
    }
}

static void test_conflicts(void)
{
    static const struct {
        struct shared_route a, b;
        bool conflict;
    } rows[] = {
        {{"GET", "/a/{x}", handle}, {"GET", "/a/{y}", handle}, true},
        {{"GET", "/a/{x+}", handle}, {"GET", "/a/{y+}", handle}, true},
        {{NULL, "/a", handle}, {NULL, "/a", handle}, true},
        {{"GET", "/caf%C3%A9", handle}, {"GET", "/caf\xC3\xA9", handle}, true},
        {{"GET", "/a%2Fb", handle}, {"GET", "/a%2fb", handle}, true},
        {{"GET", "/a/{x}", handle}, {"PUT", "/a/{y}", handle}, false},
        {{"GET", "/a", handle}, {"HEAD", "/a", handle}, false},
        {{"GET", "/a", handle}, {NULL, "/a", handle}, false},
        {{"GET", "/a", handle}, {"GET", "/a/", handle}, false},
        {{"GET", "/a/{x}", handle}, {"GET", "/a/{x+}", handle}, false},
        {{"GET", "/a/b", handle}, {"GET", "/a%2Fb", handle}, false},
        {{"GET", "/", handle}, {"GET", "//", handle}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct shared_route routes[] = {rows[i].a, rows[i].b};
        struct shared_router router;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].b.pattern);
        CHECK_NUMBER(shared_router_init(&router, routes, 2, NULL, &err),
                     rows[i].conflict ? SHARED_EINVAL : 0);
        if (rows[i].conflict)
            CHECK_MESSAGE(&err, rows[i].a.pattern);
        shared_router_clean_up(&router);
    }
}

static void test_bounds(void)
{
    static const struct shared_route routes[] = {
        {"GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}", handle},
        {"GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h+}", handle},
        {"M-SEARCH", "/%7Bliteral%7D", handle},
    };
    struct shared_router router;
    struct shared_route_call call;
    CHECK_NUMBER(shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, NULL), 0);
    CHECK(shared_router_match(&router, "GET", "/1/2/3/4/5/6/7/8", &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK_NUMBER(call.parameter_count, 8);
    CHECK_SLICE(call.parameters[7].text, "8");
    CHECK(shared_router_match(&router, "GET", "/1/2/3/4/5/6/7/8/9", &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK_NUMBER(call.parameter_count, 8);
    CHECK_SLICE(call.parameters[7].name, "h");
    CHECK_SLICE(call.parameters[7].text, "8/9");
    CHECK(shared_router_match(&router, "M-SEARCH", "/{literal}", &call, NULL, 0) == SHARED_ROUTE_FOUND);
    shared_router_clean_up(&router);
}

/* So many routes of so many segments that their numbers need more than 16 bits. */
static void test_too_many(void)
{
    enum { COUNT = 65001 };
    struct shared_route *routes = calloc(COUNT, sizeof *routes);
    char(*patterns)[32] = calloc(COUNT, sizeof *patterns);
    struct shared_router router;
    struct shared_error err = {0};
    if (!routes || !patterns)
        abort();
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(patterns[i], sizeof patterns[i], "/r%zu/{id}", i);
        routes[i] = (struct shared_route){"GET", patterns[i], handle};
    }
    CHECK_NUMBER(shared_router_init(&router, routes, COUNT, NULL, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "use several routers");
    shared_router_clean_up(&router);
    CHECK_NUMBER(shared_router_init(&router, routes, 40000, NULL, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "beginnings");
    shared_router_clean_up(&router);

    struct shared_route_call call;
    CHECK_NUMBER(shared_router_init(&router, routes, 32000, NULL, &err), 0);
    for (size_t i = 0; i < 32000; i += 7) {
        char path[32];
        snprintf(path, sizeof path, "/r%zu/%zu", i, i);
        CHECK(shared_router_match(&router, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
        CHECK(call.route == &routes[i]);
    }
    shared_router_clean_up(&router);
    free(routes);
    free(patterns);
}

static void test_too_many_methods(void)
{
    enum { COUNT = 44 };
    static char methods[COUNT][8];
    static struct shared_route routes[COUNT];
    struct shared_router router;
    struct shared_route_call call;
    struct shared_error err = {0};
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(methods[i], sizeof methods[i], "M%zu", i);
        routes[i] = (struct shared_route){methods[i], "/", handle};
    }
    CHECK_NUMBER(shared_router_init(&router, routes, COUNT, NULL, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "more than 50 methods");
    shared_router_clean_up(&router);
    CHECK_NUMBER(shared_router_init(&router, routes, COUNT - 1, NULL, NULL), 0);
    for (size_t i = 0; i < COUNT - 1; i++) {
        CHECK(shared_router_match(&router, methods[i], "/", &call, NULL, 0) == SHARED_ROUTE_FOUND);
        CHECK(call.route == &routes[i]);
    }
    char allow[400];
    CHECK(shared_router_match(&router, "PUT", "/", &call, allow, sizeof allow) ==
          SHARED_ROUTE_METHOD_NOT_ALLOWED);
    CHECK(strncmp(allow, "M0, M1, M10, ", 13) == 0 && strstr(allow, ", M9, OPTIONS"));
    shared_router_clean_up(&router);
}

int main(void)
{
    memset(long_pattern, 'a', sizeof long_pattern - 1);
    memset(long_segment, 'a', sizeof long_segment - 1);
    *long_pattern = *long_segment = '/';
    for (size_t i = 0; i < 33; i++)
        memcpy(segments_33 + 2 * i, "/s", 2);
    CHECK_RUN(test_refusals);
    CHECK_RUN(test_conflicts);
    CHECK_RUN(test_bounds);
    CHECK_RUN(test_too_many);
    CHECK_RUN(test_too_many_methods);
    return check_report();
}
