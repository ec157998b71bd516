/* Which events are warm-ups, and which merely look like one. */
#include <shared/prewarm.h>

#include <check.h>

#include <stdlib.h>

#define RULE "video-api-warm"
#define SCHEDULED_BUT(version, type, source, resources, detail)                                      \
    "{\"version\":" version ",\"id\":\"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa\",\"detail-type\":" type \
    ",\"source\":" source                                                                            \
    ",\"account\":\"123456789012\",\"time\":\"2015-10-08T16:53:06Z\",\"region\":\"us-east-1\","      \
    "\"resources\":" resources ",\"detail\":" detail "}"
#define RESOURCES "[\"arn:aws:events:us-east-1:123456789012:rule/" RULE "\"]"
#define SCHEDULED SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{}")

static bool is_warm_up(const char *event)
{
    return shared_prewarm_is_event(shared_slice_from_text(event), RULE, NULL);
}

static void test_own(void)
{
    static const char *const events[] = {
        "{\"warm\":true}",
        " \r\n\t{ \"warm\" : true } \n",
        "{\"w\\u0061rm\":true}",
        "{\"warm\":true,\"hold_ms\":0}",
        "{\"hold_ms\":75,\"warm\":true}",
    };
    for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
        CHECK_ROW(events[i]);
        CHECK(is_warm_up(events[i]));
        CHECK(shared_prewarm_is_event(shared_slice_from_text(events[i]), NULL, NULL));
    }
}

static void test_hold(void)
{
    static const struct {
        const char *event;
        int hold_ms; /* -1: none set */
        bool is;
    } rows[] = {
        {"{\"warm\":true}", -1, true},
        {"{\"warm\":true,\"hold_ms\":0}", 0, true},
        {"{\"warm\":true,\"hold_ms\":75}", 75, true},
        {"{\"hold_ms\":9999,\"warm\":true}", 9999, true},
        {"{\"warm\":true,\"hold_ms\":10001}", SHARED_PREWARM_HOLD_LIMIT_MS, true},
        {"{\"warm\":true,\"hold_ms\":4294967296}", SHARED_PREWARM_HOLD_LIMIT_MS, true},
        {"{\"warm\":true,\"hold_ms\":18446744073709551615}", SHARED_PREWARM_HOLD_LIMIT_MS, true},
        {"{\"warm\":true,\"hold_ms\":18446744073709551616}", -1, false},
        {"{\"warm\":true,\"hold_ms\":-1}", -1, false},
        {"{\"warm\":true,\"hold_ms\":75.5}", -1, false},
        {"{\"warm\":true,\"hold_ms\":1e3}", -1, false},
        {"{\"warm\":true,\"hold_ms\":\"75\"}", -1, false},
        {"{\"warm\":true,\"hold_ms\":null}", -1, false},
        {"{\"warm\":true,\"hold_ms\":75,\"hold_ms\":75}", -1, false},
        {"{\"hold_ms\":75}", -1, false},
        {"{\"warm\":true,\"hold_ms\":75", -1, false},
        {"{\"source\":\"serverless-plugin-warmup\",\"hold_ms\":75}", -1, false},
        {SCHEDULED, -1, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].event);
        int hold_ms = -1;
        CHECK_NUMBER(shared_prewarm_is_event(shared_slice_from_text(rows[i].event), RULE, &hold_ms),
                     rows[i].is);
        CHECK_NUMBER(hold_ms, rows[i].hold_ms);
    }
}

static void test_plugin(void)
{
    CHECK(is_warm_up("{\"source\":\"serverless-plugin-warmup\"}"));
    CHECK(is_warm_up("{\"source\" : \"serverless\\u002dplugin-warmup\"}"));
    CHECK(!is_warm_up("{\"source\":\"serverless-plugin-warmup2\"}"));
    CHECK(!is_warm_up("{\"source\":\"aws.events\"}"));
    CHECK(!is_warm_up("{\"source\":[\"serverless-plugin-warmup\"]}"));
    CHECK(!is_warm_up("{\"Source\":\"serverless-plugin-warmup\"}"));
    CHECK(!is_warm_up("{\"source\":\"serverless-plugin-warmup\",\"order\":1}"));
    CHECK(!is_warm_up("{\"source\":\"serverless-plugin-warmup\",\"source\":\"serverless-plugin-warmup\"}"));
    CHECK(!is_warm_up("{\"source\":\"serverless-plugin-warmup\",\"warm\":true}"));
}

static void test_scheduled(void)
{
    static const char *const events[] = {
        SCHEDULED,
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"",
                      "[\"arn:aws-cn:events:cn-north-1:1:rule/bus/" RULE "\"]", "{ }"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"",
                      "[\"arn:aws:events:x:1:rule/other\",\"arn:aws:events:x:1:rule/" RULE "\"]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"",
                      "[\"arn:aws:events:x:1:rule\\/" RULE "\"]", "{}"),
        /* EventBridge Scheduler's: the detail is a text there. */
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.scheduler\"",
                      "[\"arn:aws:scheduler:us-east-2:123456789012:schedule/default/" RULE "\"]", "\"{}\""),
        "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"resources\":" RESOURCES "}",
    };
    for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
        struct shared_slice event = shared_slice_from_text(events[i]);
        CHECK_ROW(events[i]);
        CHECK(is_warm_up(events[i]));
        CHECK(!shared_prewarm_is_event(event, NULL, NULL));
        CHECK(!shared_prewarm_is_event(event, "", NULL));
        CHECK(!shared_prewarm_is_event(event, "warm", NULL));
        CHECK(!shared_prewarm_is_event(event, "x" RULE, NULL));
    }
    struct shared_slice scheduled = shared_slice_from_text(events[4]);
    CHECK(shared_prewarm_is_event(scheduled, "default/" RULE, NULL));
    CHECK(!shared_prewarm_is_event(scheduled, "other/" RULE, NULL));
}

static void test_not_scheduled(void)
{
    static const char long_arn[] = "\"arn:aws:events:x:1:rule/";
    static const char *const events[] = {
        SCHEDULED_BUT("\"2.0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{}"),
        SCHEDULED_BUT("0", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{}"),
        SCHEDULED_BUT("\"0\"", "\"Order placed\"", "\"aws.events\"", RESOURCES, "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"my.shop\"", RESOURCES, "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"serverless-plugin-warmup\"", RESOURCES, "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "[]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "null", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "[\"" RULE "\"]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "[\"/" RULE "\"]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "[\"arn:" RULE "\"]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "[[\"arn:x:rule/" RULE "\"]]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "\"arn:x:rule/" RULE "\"", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", "[\"arn:x:rule/" RULE "-2\"]", "{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{\"a\":1}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "\"text\""),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{},\"order\":1"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{},\"detail\":{}"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{},\"warm\":true"),
        SCHEDULED_BUT("\"0\"", "\"Scheduled Event\"", "\"aws.events\"", RESOURCES, "{},\"id\":\"twice\""),
        SCHEDULED "{}",
        "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\"}",
        "{\"source\":\"aws.events\",\"resources\":" RESOURCES "}",
        "{\"detail-type\":\"Scheduled Event\",\"resources\":" RESOURCES "}",
    };
    for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
        CHECK_ROW(events[i]);
        CHECK(!is_warm_up(events[i]));
    }
    char text[2048], arn[1024];
    memset(arn, 'x', sizeof(arn));
    memcpy(arn, long_arn, sizeof(long_arn) - 1);
    CHECK_ROW("an ARN that is too long");
    snprintf(text, sizeof(text),
             "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"resources\":[%.*s/" RULE
             "\"]}",
             (int)sizeof(arn), arn);
    CHECK(!is_warm_up(text));
}

static void test_users(void)
{
    static const char *const events[] = {
        "",
        " ",
        "null",
        "true",
        "\"warm\"",
        "[]",
        "{}",
        "[{\"warm\":true}]",
        "[\"warm\",true]",
        "{\"warm\":false}",
        "{\"warm\":1}",
        "{\"warm\":\"true\"}",
        "{\"warm\":null}",
        "{\"warm\":{}}",
        "{\"warm\":[true]}",
        "{\"Warm\":true}",
        "{\"WARM\":true}",
        "{\"warm \":true}",
        "{\"warm\\u0000\":true}",
        "{\"\":true}",
        "{\"a\":{\"warm\":true}}",
        "{\"a\":\"warm\"}",
        "{\"warm\":true,\"order\":1}",
        "{\"order\":1,\"warm\":true}",
        "{\"warm\":true,\"warm\":true}",
        "{\"warm\":true,\"warm\":false}",
        "{\"warm\":true,\"w\\u0061rm\":true}",
        "{\"warm\":true}}",
        "{\"warm\":true} x",
        "{\"warm\":true},",
        "{\"warm\":true}{\"warm\":true}",
        "{\"warm\":true",
        "{\"warm\":true,}",
        "{\"warm\" true}",
        "{\"warm\":tru}",
        "{\"warm\":truex}",
        "{warm:true}",
        "{'warm':true}",
        "{\"warm\":true/**/}",
        "\xef\xbb\xbf{\"warm\":true}",
        "{\"body\":\"{\\\"warm\\\":true}\"}",
        "{\"body\":\"serverless-plugin-warmup\"}",
        "{\"id\":\"x\"}",
        "{\"version\":\"2.0\",\"routeKey\":\"GET /warm\",\"warm\":true}",
        ",\"warm\":true}",
    };
    for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
        CHECK_ROW(events[i]);
        CHECK(!is_warm_up(events[i]));
    }
    CHECK_ROW(NULL);
    CHECK(!shared_prewarm_is_event(shared_slice_of(NULL, 0), RULE, NULL));
    CHECK(!shared_prewarm_is_event(shared_slice_of("{\"warm\":true}\0", 14), RULE, NULL));
}

/* Every beginning of a warm-up, and every one with a byte changed: safe, and rarely one. */
static void test_damaged(void)
{
    char text[] = SCHEDULED;
    size_t size = sizeof(text) - 1;
    for (size_t i = 0; i < size; i++) {
        CHECK(!shared_prewarm_is_event(shared_slice_of(text, i), RULE, NULL));
        char kept = text[i];
        text[i] = '"';
        shared_prewarm_is_event(shared_slice_of(text, size), RULE, NULL);
        text[i] = '\\';
        shared_prewarm_is_event(shared_slice_of(text, size), RULE, NULL);
        text[i] = kept;
    }
    CHECK(is_warm_up(text));
}

static void test_large(void)
{
    size_t size = 6 << 20;
    char *text = malloc(size);
    if (!CHECK(text != NULL))
        return;
    memset(text, ' ', size);
    memcpy(text, "{\"warm\":true}", 13);
    CHECK(shared_prewarm_is_event(shared_slice_of(text, SHARED_PREWARM_EVENT_LIMIT_BYTES), NULL, NULL));
    CHECK(!shared_prewarm_is_event(shared_slice_of(text, SHARED_PREWARM_EVENT_LIMIT_BYTES + 1), NULL, NULL));
    CHECK(!shared_prewarm_is_event(shared_slice_of(text, size), NULL, NULL));
    memset(text, '[', size);
    CHECK(!shared_prewarm_is_event(shared_slice_of(text, SHARED_PREWARM_EVENT_LIMIT_BYTES), NULL, NULL));
    free(text);
}

int main(void)
{
    CHECK_RUN(test_own);
    CHECK_RUN(test_hold);
    CHECK_RUN(test_plugin);
    CHECK_RUN(test_scheduled);
    CHECK_RUN(test_not_scheduled);
    CHECK_RUN(test_users);
    CHECK_RUN(test_damaged);
    CHECK_RUN(test_large);
    return check_report();
}
