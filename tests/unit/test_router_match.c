/* test_router_match.c - which route a path belongs to; linked with --wrap=memcmp, which is counted. */
#include "check.h"
#include "router_oracle.h"

#include <shared/router.h>

#include <stdint.h>

static int handle(const struct shared_route_call *call, struct shared_apigw_response *response,
                  struct shared_error *err)
{
    (void)call, (void)response, (void)err;
    return 0;
}

#define ROUTE(method, pattern)  \
    {                           \
        method, pattern, handle \
    }

static const struct shared_route routes[] = {
    ROUTE("GET", "/"),
    ROUTE("GET", "/titles"),
    ROUTE("POST", "/titles"),
    ROUTE("GET", "/titles/{id}"),
    ROUTE("PUT", "/titles/{title}"),
    ROUTE("GET", "/titles/"),
    ROUTE("PUT", "/titles/new"),
    ROUTE("GET", "/titles/new/draft"),
    ROUTE("GET", "/titles/{id}/cast/{person}"),
    ROUTE("GET", "/titles/{rest+}"),
    ROUTE(NULL, "/any"),
    ROUTE("HEAD", "/own"),
    ROUTE("GET", "/own"),
    ROUTE("GET", "/assets/{path+}"),
    ROUTE("GET", "/caf%C3%A9/a%2Fb"),
    ROUTE("GET", "/a//b"),
    ROUTE("GET", "/100%"),
    ROUTE("GET", "/x/./y"),
    ROUTE("PROPFIND", "/dav"),
};

static struct shared_router router;

/* What was found, "3 id=42"; "404" or "405 " and the methods otherwise. */
static const char *found(const char *method, const char *path)
{
    static char text[600];
    char allow[200] = "not set";
    struct shared_route_call call;
    enum shared_route_match match = shared_router_match(&router, method, path, &call, allow, sizeof allow);
    struct shared_route_call again;
    CHECK(shared_router_match(&router, method, path, &again, NULL, 0) == match);
    CHECK(again.route == call.route);
    CHECK((match == SHARED_ROUTE_FOUND) == (call.route != NULL));
    CHECK((match == SHARED_ROUTE_NOT_FOUND) == (*allow == '\0'));
    if (match == SHARED_ROUTE_NOT_FOUND)
        return "404";
    if (match == SHARED_ROUTE_METHOD_NOT_ALLOWED) {
        snprintf(text, sizeof text, "405 %s", allow);
        return text;
    }
    size_t used = (size_t)snprintf(text, sizeof text, "%s", call.route->pattern);
    for (size_t i = 0; i < call.parameter_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %.*s=%.*s",
                                 (int)call.parameters[i].name.size_bytes, call.parameters[i].name.data,
                                 (int)call.parameters[i].text.size_bytes, call.parameters[i].text.data);
    return text;
}

static void test_paths(void)
{
    static const struct {
        const char *method, *path, *found;
    } rows[] = {
        {"GET", "/", "/"},
        {"GET", "", "404"},
        {"GET", "titles", "404"},
        {"GET", "*", "404"},
        {"GET", "/titles", "/titles"},
        {"GET", "/Titles", "404"},
        {"GET", "/titles/", "/titles/"},
        {"GET", "/titles/42", "/titles/{id} id=42"},
        {"PUT", "/titles/42", "/titles/{title} title=42"},
        {"GET", "/titles/a+b", "/titles/{id} id=a+b"},
        {"GET", "/titles/%00", "/titles/{id} id=%00"},
        /* a literal of other methods alone does not hide the parameter */
        {"PUT", "/titles/new", "/titles/new"},
        {"GET", "/titles/new", "/titles/{id} id=new"},
        {"GET", "/titles/new/draft", "/titles/new/draft"},
        /* a literal that leads nowhere does not hide the parameter, a parameter not the catch-all */
        {"GET", "/titles/new/cast/7", "/titles/{id}/cast/{person} id=new person=7"},
        {"GET", "/titles/new/other", "/titles/{rest+} rest=new/other"},
        {"GET", "/titles/1/cast/2/3", "/titles/{rest+} rest=1/cast/2/3"},
        {"GET", "/titles/1/cast/", "/titles/{rest+} rest=1/cast/"},
        {"GET", "/titles//", "/titles/{rest+} rest=/"},
        {"GET", "/assets/", "404"},
        {"GET", "/assets", "404"},
        {"GET", "/assets//x", "/assets/{path+} path=/x"},
        {"GET", "/assets/../../etc/passwd", "/assets/{path+} path=../../etc/passwd"},
        {"GET", "/assets/./a", "/assets/{path+} path=./a"},
        /* compared percent-decoded, cut before that */
        {"GET", "/%74itles", "/titles"},
        {"GET", "/titl%65%73/%34%32", "/titles/{id} id=%34%32"},
        {"GET", "/caf%c3%a9/a%2fb", "/caf%C3%A9/a%2Fb"},
        {"GET", "/caf\xC3\xA9/a%2Fb", "/caf%C3%A9/a%2Fb"},
        {"GET", "/caf\xC3\xA9/a/b", "404"},
        {"GET", "/titles%2F42", "404"},
        {"GET", "/titles%00", "404"},
        {"GET", "/titles/a%2Fb", "/titles/{id} id=a%2Fb"},
        {"GET", "/100%", "/100%"},
        {"GET", "/100%25", "/100%"},
        {"GET", "/100%2", "404"},
        {"GET", "/100%zz", "404"},
        {"GET", "/%", "404"},
        {"GET", "/a//b", "/a//b"},
        {"GET", "/a/b", "404"},
        {"GET", "//a//b", "404"},
        {"GET", "/x/./y", "/x/./y"},
        {"GET", "/x/%2E/y", "/x/./y"},
        {"GET", "/x/y", "404"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].path);
        CHECK_TEXT(found(rows[i].method, rows[i].path), rows[i].found);
    }
}

static void test_methods(void)
{
    static const struct {
        const char *method, *path, *found;
    } rows[] = {
        {"DELETE", "/titles", "405 GET, HEAD, OPTIONS, POST"},
        {"HEAD", "/titles", "/titles"},
        {"get", "/titles", "405 GET, HEAD, OPTIONS, POST"},
        {"OPTIONS", "/titles", "405 GET, HEAD, OPTIONS, POST"},
        {"DELETE", "/titles/new", "405 GET, HEAD, OPTIONS, PUT"},
        {"DELETE", "/dav", "405 OPTIONS, PROPFIND"},
        {"PROPFIND", "/dav", "/dav"},
        {"BREW", "/any", "/any"},
        {"HEAD", "/any", "/any"},
        {"", "/titles", "/titles"},
        {"", "/dav", "/dav"},
        {"", "/nowhere", "404"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].path);
        CHECK_TEXT(found(rows[i].method, rows[i].path), rows[i].found);
    }
    struct shared_route_call call;
    shared_router_match(&router, "HEAD", "/own", &call, NULL, 0);
    CHECK_TEXT(call.route->method, "HEAD");
}

static void test_allow(void)
{
    struct shared_route_call call;
    char allow[64];
    CHECK(shared_router_match(&router, "GET", "/any", &call, allow, sizeof allow) == SHARED_ROUTE_FOUND);
    CHECK_TEXT(allow, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
    /* whole names alone, and a NUL, in any room */
    static const char whole[] = "GET, HEAD, OPTIONS, POST";
    for (size_t room = 0; room <= sizeof whole; room++) {
        memset(allow, '#', sizeof allow);
        shared_router_match(&router, "DELETE", "/titles", &call, allow, room);
        CHECK(allow[room] == '#');
        if (room == 0)
            continue;
        CHECK(strlen(allow) < room);
        CHECK(*allow == '\0' || strchr(" ,", allow[strlen(allow) - 1]) == NULL);
    }
    shared_router_match(&router, "DELETE", "/titles", &call, allow, sizeof whole);
    CHECK_TEXT(allow, whole);
    shared_router_match(&router, "DELETE", "/titles", &call, allow, 8);
    CHECK_TEXT(allow, "GET");
}

static void test_long_paths(void)
{
    static char path[8193];
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    CHECK_TEXT(found("GET", path), "404");
    for (size_t i = 0; i < sizeof path - 1; i += 2)
        path[i] = '/';
    CHECK_TEXT(found("GET", path), "404");
    memcpy(path, "/assets/", 8);
    struct shared_route_call call;
    CHECK(shared_router_match(&router, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK_NUMBER(call.parameters[0].text.size_bytes, sizeof path - 1 - 8);
    for (size_t i = 8; i < sizeof path - 4; i += 3)
        memcpy(path + i, "%61", 3);
    CHECK(shared_router_match(&router, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
    memcpy(path, "/titles/", 8);
    CHECK(shared_router_match(&router, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK_NUMBER(call.parameters[0].text.size_bytes, sizeof path - 1 - 8);
}

/* 32 segments are a pattern's most; longer paths belong to a catch-all alone. */
static void test_segments(void)
{
    char deep[70] = "", path[80] = "";
    for (size_t i = 0; i < 32; i++) {
        strcat(deep, "/d");
        strcat(path, "/d");
    }
    const struct shared_route own[] = {ROUTE("GET", deep), ROUTE("GET", "/d/{rest+}")};
    struct shared_router small;
    struct shared_route_call call;
    CHECK_NUMBER(shared_router_init(&small, own, 2, NULL, NULL), 0);
    CHECK(shared_router_match(&small, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK(call.route == &own[0]);
    strcat(path, "/d");
    CHECK(shared_router_match(&small, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK(call.route == &own[1]);
    CHECK_NUMBER(call.parameters[0].text.size_bytes, 2 * 33 - 3);
    shared_router_clean_up(&small);
}

static void test_no_routes(void)
{
    struct shared_router none;
    struct shared_route_call call;
    char allow[8];
    CHECK_NUMBER(shared_router_init(&none, NULL, 0, NULL, NULL), 0);
    CHECK(shared_router_match(&none, "GET", "/", &call, allow, sizeof allow) == SHARED_ROUTE_NOT_FOUND);
    CHECK_TEXT(allow, "");
    shared_router_clean_up(&none);
    shared_router_clean_up(&none);
}

static unsigned long comparisons;

int __real_memcmp(const void *a, const void *b, size_t size);
int __wrap_memcmp(const void *a, const void *b, size_t size);

int __wrap_memcmp(const void *a, const void *b, size_t size)
{
    comparisons++;
    return __real_memcmp(a, b, size);
}

/*
 * Each of 12 segments may be a literal or a parameter, up to 7 of these: a path of literals fits thousands of
 * patterns but for its end, so a walk turns back at every node. It visits none twice: it compares at most one
 * literal for each of the at most 2^13 - 1 beginnings that the patterns have, where trying one pattern after
 * the other would compare tens of thousands.
 */
static void test_turning_back(void)
{
    enum { DEPTH = 12, MOST = 1 << DEPTH };
    static char patterns[MOST][DEPTH * 6];
    static struct shared_route own[MOST];
    size_t count = 0;
    for (unsigned set = 0; set < MOST; set++) {
        if (__builtin_popcount(set) > 7)
            continue;
        char *at = patterns[count];
        for (unsigned i = 0; i < DEPTH; i++)
            at += sprintf(at, set >> i & 1 ? "/{p%u}" : "/a", i);
        strcpy(at, "/end");
        own[count] = (struct shared_route)ROUTE("GET", patterns[count]);
        count++;
    }
    struct shared_router full;
    struct shared_route_call call;
    CHECK_NUMBER(shared_router_init(&full, own, count, NULL, NULL), 0);
    comparisons = 0;
    CHECK(shared_router_match(&full, "GET", "/a/a/a/a/a/a/a/a/a/a/a/a/nowhere", &call, NULL, 0) ==
          SHARED_ROUTE_NOT_FOUND);
    CHECK(comparisons > 1000 && comparisons < 1 << (DEPTH + 1));
    CHECK(shared_router_match(&full, "GET", "/a/a/a/a/a/a/a/a/a/a/a/a/end", &call, NULL, 0) ==
          SHARED_ROUTE_FOUND);
    CHECK_NUMBER(call.parameter_count, 0);
    shared_router_clean_up(&full);
}

/* A path of 32 segments, of which each could be two things to patterns that end otherwise. */
static void test_hostile_depth(void)
{
    enum { DEPTH = 31 };
    static char patterns[DEPTH][160];
    static struct shared_route own[DEPTH];
    for (unsigned place = 0; place < DEPTH; place++) {
        char *at = patterns[place];
        for (unsigned i = 0; i < DEPTH; i++)
            at += sprintf(at, i == place ? "/{p}" : "/a");
        own[place] = (struct shared_route)ROUTE("GET", patterns[place]);
    }
    struct shared_router full;
    struct shared_route_call call;
    CHECK_NUMBER(shared_router_init(&full, own, DEPTH, NULL, NULL), 0);
    char path[160] = "";
    for (unsigned i = 0; i < DEPTH; i++)
        strcat(path, "/a");
    comparisons = 0;
    CHECK(shared_router_match(&full, "PUT", path, &call, NULL, 0) == SHARED_ROUTE_METHOD_NOT_ALLOWED);
    CHECK(comparisons <= DEPTH * DEPTH);
    CHECK(shared_router_match(&full, "GET", path, &call, NULL, 0) == SHARED_ROUTE_FOUND);
    CHECK(call.route == &own[DEPTH - 1]);
    shared_router_clean_up(&full);
}

static uint64_t state = 88172645463325252u;

static size_t random_below(size_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 16) % limit;
}

static void make_path(char *text, bool is_pattern)
{
    static const char *const literals[] = {"a", "b", "", "%61", "a%2Fb", "abcdefghi", "abcdefghj", "%", "."};
    size_t count = 1 + random_below(4), parameters = 0;
    *text = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t kind = random_below(is_pattern ? 6 : 4);
        text += sprintf(text, "/");
        if (kind == 4)
            text += sprintf(text, "{p%zu}", parameters++);
        else if (kind == 5 && i + 1 == count)
            text += sprintf(text, "{rest+}");
        else
            text += sprintf(text, "%s", literals[random_below(9)]);
    }
}

/* Random routes and paths, each found as the slow way does. */
static void test_against_oracle(void)
{
    enum { COUNT = 24 };
    static const char *const methods[] = {"GET", "HEAD", "PUT", NULL};
    static char patterns[COUNT][80];
    size_t matched = 0, refused = 0;
    for (int round = 0; round < 400; round++) {
        struct shared_route own[COUNT];
        size_t count = 0;
        struct shared_router random;
        for (size_t i = 0; i < COUNT; i++) {
            make_path(patterns[i], true);
            own[count++] = (struct shared_route)ROUTE(methods[random_below(4)], patterns[i]);
            if (shared_router_init(&random, own, count, NULL, NULL) < 0)
                count--, refused++; /* twice the same */
            shared_router_clean_up(&random);
        }
        CHECK_NUMBER(shared_router_init(&random, own, count, NULL, NULL), 0);
        for (int i = 0; i < 100; i++) {
            char path[80];
            bool is_known;
            struct shared_route_call call;
            const char *method = methods[random_below(3)];
            make_path(path, false);
            const struct shared_route *expected = oracle_find(own, count, method, path, &is_known);
            enum shared_route_match match = shared_router_match(&random, method, path, &call, NULL, 0);
            CHECK_ROW(path);
            CHECK(call.route == expected);
            CHECK(match == (expected   ? SHARED_ROUTE_FOUND
                            : is_known ? SHARED_ROUTE_METHOD_NOT_ALLOWED
                                       : SHARED_ROUTE_NOT_FOUND));
            matched += expected != NULL;
        }
        shared_router_clean_up(&random);
    }
    CHECK(matched > 4000 && refused > 100);
}

int main(void)
{
    struct shared_error err = {0};
    if (shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, &err) < 0)
        fprintf(stderr, "%s\n", err.text);
    CHECK(err.code == SHARED_OK);
    CHECK_RUN(test_paths);
    CHECK_RUN(test_methods);
    CHECK_RUN(test_allow);
    CHECK_RUN(test_long_paths);
    CHECK_RUN(test_segments);
    CHECK_RUN(test_no_routes);
    CHECK_RUN(test_turning_back);
    CHECK_RUN(test_hostile_depth);
    CHECK_RUN(test_against_oracle);
    shared_router_clean_up(&router);
    return check_report();
}
