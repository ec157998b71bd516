/* test_web.c - routes, cookies, faults and compression through the runtime, from each kind of event. */
#include "e2e_check.h"

#include <cjson/cJSON.h>

#define HTTP(method, path, more)                                                                      \
    "{\\\"version\\\":\\\"2.0\\\",\\\"rawPath\\\":\\\"" path "\\\"," more                             \
    "\\\"requestContext\\\":{\\\"stage\\\":\\\"$default\\\",\\\"http\\\":{\\\"method\\\":\\\"" method \
    "\\\",\\\"path\\\":\\\"" path "\\\",\\\"sourceIp\\\":\\\"192.0.2.1\\\"}}}"

#define ALB(method, path, header)                                                                    \
    "{\\\"requestContext\\\":{\\\"elb\\\":{\\\"targetGroupArn\\\":\\\"arn\\\"}},\\\"httpMethod\\\":" \
    "\\\"" method "\\\",\\\"path\\\":\\\"" path "\\\",\\\"headers\\\":{" header "},\\\"body\\\":\\\"\\\"}"

#define MAPPED(method, id)                                    \
    "{\\\"params\\\":{\\\"path\\\":{\\\"id\\\":\\\"" id       \
    "\\\"}},\\\"context\\\":{\\\"http-method\\\":\\\"" method \
    "\\\",\\\"resource-path\\\":\\\"/items/{id}\\\"}}"

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
    if (e2e_play(
            "function_web", NULL,
            "next event=\"" HTTP(
                "GET", "/items/caf%C3%A9",
                "\\\"cookies\\\":[\\\"seen=a%20b\\\"],") "\"\nresponse\n"
                                                         "next event=\"" HTTP(
                                                             "DELETE", "/items/42",
                                                             "") "\"\nresponse\n"
                                                                 "next event=\"" HTTP(
                                                                     "PUT", "/items/42",
                                                                     "") "\"\nresponse\n"
                                                                         "next event=\"" HTTP("OPTIONS",
                                                                                              "/items/42",
                                                                                              "\\\"headers\\"
                                                                                              "\":{"
                                                                                              "\\\"origin\\\""
                                                                                              ":\\\"https://"
                                                                                              "app."
                                                                                              "example\\\","
                                                                                              "\\\"access-"
                                                                                              "control-"
                                                                                              "request-"
                                                                                              "method\\\":"
                                                                                              "\\\"DELETE\\\""
                                                                                              "},") "\"\nresp"
                                                                                                    "onse\n"
                                                                                                    "next "
                                                                                                    "event="
                                                                                                    "\"" HTTP(
                                                                                                        "GET",
                                                                                                        "/now"
                                                                                                        "her"
                                                                                                        "e",
                                                                                                        "") "\"\nresponse" E2E_END,
            &run)) {
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
    if (e2e_play("function_web", NULL,
                 "next event=\"" ALB(
                     "GET", "/list",
                     "\\\"accept-encoding\\\":\\\"gzip, br\\\"") "\"\nresponse\n"
                                                                 "next event=\"" ALB(
                                                                     "GET", "/list",
                                                                     "") "\"\nerror\n"
                                                                         "next event=\"" ALB(
                                                                             "HEAD", "/list",
                                                                             "\\\"accept-encoding\\\":"
                                                                             "\\\"gzip\\\"") "\"\nrespons"
                                                                                             "e" E2E_END,
                 &run)) {
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
    if (e2e_play("function_web", NULL,
                 "next event=\"" MAPPED("GET", "a/b") "\"\nresponse\nnext event=\"" MAPPED(
                     "DELETE", "7") "\"\nerror" E2E_END,
                 &run)) {
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
