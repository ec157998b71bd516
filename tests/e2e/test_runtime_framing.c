/* test_runtime_framing.c - however an event is framed and cut to packets, the function gets it byte for byte.
 */
#include "e2e_check.h"

/* "next" and its answer, then the scenario goes on. */
struct framing {
    const char *name;
    const char *next;   /* attributes of a step "next" */
    const char *answer; /* the expected body; NULL: emulator_pattern of size_bytes */
    size_t size_bytes;
    int connections; /* of two events framed so */
};

static const struct framing framings[] = {
    {"a length", "event=hello", "hello", 0, 1},
    {"an empty event", "event=\"\"", "", 0, 1},
    {"bytes of every kind", "event=\"a\\xFF\\x01\\r\\n\\r\\nb\"", "a\xFF\x01\r\n\r\nb", 0, 1},
    {"one chunk", "event=hello chunk=4096", "hello", 0, 1},
    {"chunks of one byte", "event=hello chunk=1", "hello", 0, 1},
    {"no byte in chunks", "event=\"\" chunk=1", "", 0, 1},
    {"chunk extensions", "event=hello chunk=2 extension=\"name=value;other=\\\"quoted; \\\"\"", "hello", 0,
     1},
    {"a trailer", "event=hello chunk=2 trailer=\"X-Checksum: 5d41402a\"", "hello", 0, 1},
    {"two trailers", "event=hello chunk=2 trailer=\"X-A: 1\\r\\nX-B: 2\"", "hello", 0, 1},
    {"chunks with all of it, byte by byte", "event=hello chunk=2 extension=a trailer=\"X-A: 1\" packet=1",
     "hello", 0, 1},
    {"a length, byte by byte", "event=hello packet=1", "hello", 0, 1},
    {"a length, byte by byte with pauses", "event=hello packet=1 pause_us=200", "hello", 0, 1},
    {"packets of seven bytes", "size=3000 packet=7", NULL, 3000, 1},
    {"100 Continue first", "event=hello interim=100", "hello", 0, 1},
    {"103 Early Hints first, byte by byte", "event=hello interim=103 packet=1", "hello", 0, 1},
    {"headers in small letters", "event=hello header=\"lambda-runtime-trace-id: x\"", "hello", 0, 1},
    {"no reason", "event=hello reason=\"\"", "hello", 0, 1},
    {"another reason", "event=hello reason=\"Fine, thanks\"", "hello", 0, 1},
    {"the length said twice", "event=hello header=\"Content-Length: 5\"", "hello", 0, 1},
    {"Connection: keep-alive", "event=hello header=\"Connection: keep-alive\"", "hello", 0, 1},
    {"Connection: close", "event=hello header=\"Connection: close\" close", "hello", 0, 3},
    {"connection: Close, chunked", "event=hello chunk=3 header=\"connection: Close\" close", "hello", 0, 3},
    {"HTTP/1.0", "event=hello http=1.0 close", "hello", 0, 3},
    {"HTTP/1.0 until the end", "size=100000 http=1.0 no-length close", NULL, 100000, 3},
    {"HTTP/1.1 until the end", "event=hello no-length close", "hello", 0, 3},
    {"until the end, of nothing", "event=\"\" no-length close", "", 0, 3},
    {"closed without a word", "event=hello close", "hello", 0, 3},
    {"6 MiB", "size=6291456", NULL, 6291456, 1},
    {"6 MiB in chunks", "size=6291456 chunk=32768", NULL, 6291456, 1},
    {"6 MiB in chunks and packets that do not match", "size=6291456 chunk=1001 packet=65521", NULL, 6291456,
     1},
    {"6 MiB until the end", "size=6291456 no-length close", NULL, 6291456, 3},
    {"100 KiB in chunks of one byte", "size=102400 chunk=1", NULL, 102400, 1},
    {"chunk sizes with zeros and capitals",
     "id=8476a536-e9f4-11e8-9739-000000000000 raw=\"HTTP/1.1 200 OK\\r\\nLambda-Runtime-Aws-Request-Id: "
     "8476a536-e9f4-11e8-9739-000000000000\\r\\n"
     "transfer-encoding: Chunked\\r\\n\\r\\n000A\\r\\n0123456789\\r\\n00\\r\\n\\r\\n\"",
     "0123456789", 0, 1},
};

static void check_answer(const struct framing *framing, const struct emulator_run *run, size_t n)
{
    struct shared_slice body = e2e_body(run, EMULATOR_RESPONSE, n);
    if (framing->answer) {
        CHECK_SLICE(body, framing->answer);
        return;
    }
    char *expected = malloc(framing->size_bytes);
    emulator_pattern(expected, framing->size_bytes);
    if (CHECK_NUMBER(body.size_bytes, framing->size_bytes))
        CHECK(memcmp(body.data, expected, framing->size_bytes) == 0);
    free(expected);
}

/* Twice, so that a byte left over from the first would be seen; a plain event at the end. */
static void test_framings(void)
{
    for (size_t i = 0; i < sizeof(framings) / sizeof(*framings); i++) {
        const struct framing *framing = &framings[i];
        struct emulator_run run = {0};
        char scenario[2048];
        CHECK_ROW(framing->name);
        snprintf(scenario, sizeof(scenario),
                 "next %s\nresponse\nnext %s\nresponse\nnext event=last\nresponse" E2E_END, framing->next,
                 framing->next);
        if (e2e_play("function_echo", NULL, scenario, &run)) {
            check_answer(framing, &run, 0);
            check_answer(framing, &run, 1);
            CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 2), "last");
            CHECK_NUMBER(run.connections, framing->connections);
            CHECK_NUMBER(e2e_lines(&run), 1); /* of the end; none of this is a trouble to report */
        }
        emulator_run_clean_up(&run);
    }
}

/* What Lambda answers to a post may be framed in as many ways. */
static void test_framings_of_202(void)
{
    static const char *const attributes[] = {"",
                                             "body=\"{\\\"status\\\":\\\"OK\\\"}\\n\"",
                                             "body=\"{\\\"status\\\":\\\"OK\\\"}\" chunk=5",
                                             "body=OK packet=1",
                                             "interim=100",
                                             "interim=100 packet=1",
                                             "no-length close",
                                             "http=1.0 close",
                                             "header=\"Connection: close\" close",
                                             "close",
                                             "delay_ms=200",
                                             "delay_ms=200 body=OK chunk=1",
                                             "size=100000",
                                             "status=200",
                                             "status=204 no-length"};
    for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
        struct emulator_run run = {0};
        char scenario[1024];
        CHECK_ROW(attributes[i]);
        snprintf(scenario, sizeof(scenario),
                 "next event=a\nresponse %s\nnext event=b\nresponse %s\nnext event=c\nresponse" E2E_END,
                 attributes[i], attributes[i]);
        if (e2e_play("function_echo", NULL, scenario, &run)) {
            CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 0), "a");
            CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 1), "b");
            CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 2), "c");
            CHECK_NUMBER(e2e_lines(&run), 1);
        }
        emulator_run_clean_up(&run);
    }
}

/* Small ones after a large one: nothing of it may shine through, and memory of it may be kept but not grow.
 */
static void test_sizes_in_turn(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_echo", NULL,
                 "next size=6291456\nresponse\nnext event=a\nresponse\nnext size=100000 chunk=999\nresponse\n"
                 "next event=\"\"\nresponse\nnext size=6291456 chunk=65536\nresponse\nnext "
                 "event=b\nresponse" E2E_END,
                 &run)) {
        CHECK_NUMBER(e2e_body(&run, EMULATOR_RESPONSE, 0).size_bytes, 6291456);
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 1), "a");
        CHECK_NUMBER(e2e_body(&run, EMULATOR_RESPONSE, 2).size_bytes, 100000);
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 3), "");
        CHECK_BYTES(e2e_body(&run, EMULATOR_RESPONSE, 4), e2e_body(&run, EMULATOR_RESPONSE, 0));
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 5), "b");
        CHECK_NUMBER(run.connections, 1);
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_framings);
    CHECK_RUN(test_framings_of_202);
    CHECK_RUN(test_sizes_in_turn);
    return check_report();
}
