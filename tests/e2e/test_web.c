/* test_web.c - routes, cookies, faults and compression through the runtime, from each kind of event. */
#include "e2e_check.h"

#include <cjson/cJSON.h>

/* Quotes as a scenario has them. */
#define Q "\\\""
#define MEMBER(name, text) Q name Q ":" Q text Q
#define OBJECT(name, members) Q name Q ":{" members "}"

#define NEXT(members) "next event=\"{" members "}\"\n"

#define HTTP(method, path)                  \
    MEMBER("version", "2.0")                \
    "," MEMBER("rawPath", path) "," OBJECT( \
        "requestContext", MEMBER("stage", "$default") "," OBJECT("http", MEMBER("method", method)))

#define ALB(method, path, headers)                                           \
    OBJECT("requestContext", OBJECT("elb", MEMBER("targetGroupArn", "arn"))) \
    "," MEMBER("httpMethod", method) "," MEMBER("path", path) "," OBJECT("headers", headers)

#define MAPPED(method, id)                             \
    OBJECT("params", OBJECT("path", MEMBER("id", id))) \
    "," OBJECT("context", MEMBER("http-method", method) "," MEMBER("resource-path", "/items/{id}"))

#define GET_ITEM NEXT(HTTP("GET", "/items/caf\xC3\xA9") "," Q "cookies" Q ":[" Q "seen=a%20b" Q "]")
#define DELETE_ITEM NEXT(HTTP("DELETE", "/items/42"))
#define PUT_ITEM NEXT(HTTP("PUT", "/items/42"))
#define ASKED MEMBER("origin", "https://app.example") "," MEMBER("access-control-request-method", "DELETE")
#define PREFLIGHT NEXT(HTTP("OPTIONS", "/items/42") "," OBJECT("headers", ASKED))
#define GET_NOTHING NEXT(HTTP("GET", "/nowhere"))
#define GET_GZIP NEXT(ALB("GET", "/list", MEMBER("accept-encoding", "gzip, br")))
#define GET_PLAIN NEXT(ALB("GET", "/list", ""))
#define HEAD_GZIP NEXT(ALB("HEAD", "/list", MEMBER("accept-encoding", "gzip")))
#define GET_MAPPED NEXT(MAPPED("GET", "a/b"))
#define DELETE_MAPPED NEXT(MAPPED("DELETE", "7"))
#define RESPONSE "response\n"

static const char http_scenario[] =
    GET_ITEM RESPONSE DELETE_ITEM RESPONSE PUT_ITEM RESPONSE PREFLIGHT RESPONSE GET_NOTHING RESPONSE E2E_END;
static const char load_balancer_scenario[] = GET_GZIP RESPONSE GET_PLAIN "error\n" HEAD_GZIP RESPONSE E2E_END;
static const char mapped_scenario[] = GET_MAPPED RESPONSE DELETE_MAPPED "error\n" E2E_END;

static const char *text_at(const cJSON *json, const char *object, const char *name)
{
    const cJSON *inner = object ? cJSON_GetObjectItem(json, object) : json;
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(inner, name));
}

static cJSON *answer(const struct emulator_run *run, size_t n, int status)
{
    struct shared_slice body = e2e_body(run, EMULATOR_RESPONSE, n);
    cJSON *json = cJSON_ParseWithLength(body.data, body.size_bytes);
    CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(json, "statusCode")), status);
    return json;
}

static void test_http(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_web", NULL, http_scenario, &run)) {
        cJSON *item = answer(&run, 0, 200), *fault = answer(&run, 1, 409), *refused = answer(&run, 2, 405),
              *preflight = answer(&run, 3, 204), *missing = answer(&run, 4, 404);
        CHECK_TEXT(text_at(item, NULL, "body"), "caf\xC3\xA9 after a b");
        CHECK_TEXT(cJSON_GetStringValue(cJSON_GetArrayItem(cJSON_GetObjectItem(item, "cookies"), 0)),
                   "seen=caf%C3%A9; Max-Age=60; Secure; HttpOnly");
        CHECK_TEXT(text_at(item, "headers", "Vary"), "Origin");
        CHECK_TEXT(text_at(fault, NULL, "body"), "in use");
        CHECK_TEXT(text_at(refused, "headers", "Allow"), "DELETE, GET, HEAD, OPTIONS");
        CHECK_TEXT(text_at(preflight, "headers", "Access-Control-Allow-Origin"), "https://app.example");
        CHECK_TEXT(text_at(preflight, "headers", "Access-Control-Allow-Methods"),
                   "DELETE, GET, HEAD, OPTIONS");
        CHECK_TEXT(text_at(missing, NULL, "body"), "no such resource");
        cJSON_Delete(item), cJSON_Delete(fault), cJSON_Delete(refused), cJSON_Delete(preflight);
        cJSON_Delete(missing);
    }
    emulator_run_clean_up(&run);
}

/* 2 MiB go through a load balancer that takes 1 MB, where its client takes gzip. */
static void test_load_balancer(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_web", NULL, load_balancer_scenario, &run)) {
        cJSON *list = answer(&run, 0, 200), *head = answer(&run, 1, 200);
        CHECK_TEXT(text_at(list, "headers", "Content-Encoding"), "gzip");
        CHECK_TEXT(text_at(list, "headers", "Vary"), "Accept-Encoding, Origin");
        CHECK(cJSON_IsTrue(cJSON_GetObjectItem(list, "isBase64Encoded")));
        CHECK(strncmp(text_at(list, NULL, "body"), "H4sIAAAAAAAA/", 13) == 0);
        CHECK_TEXT(text_at(head, "headers", "Content-Encoding"), "gzip");
        CHECK_TEXT(text_at(head, NULL, "body"), "");
        struct shared_slice error = e2e_body(&run, EMULATOR_ERROR, 0);
        CHECK(error.data && strstr(error.data, "a load balancer takes 1048576"));
        cJSON_Delete(list), cJSON_Delete(head);
    }
    emulator_run_clean_up(&run);
}

/* Behind a non-proxy integration a fault is an error. */
static void test_mapped(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_web", NULL, mapped_scenario, &run)) {
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 0), "a/b after nothing");
        struct shared_slice error = e2e_body(&run, EMULATOR_ERROR, 0);
        CHECK(error.data && strstr(error.data, "{\\\"status\\\":409,"));
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_http);
    CHECK_RUN(test_load_balancer);
    CHECK_RUN(test_mapped);
    return check_report();
}
