/* test_stream.c - answers that go out while they are made: their framing, their failures, their memory. */
#include "e2e_check.h"
#include "emulator_load.h"

#define LIMIT 209715200

/* Of what function_stream writes; that of the largest answer is made once. */
static uint64_t pattern_digest(size_t size_bytes)
{
    static uint64_t largest;
    uint64_t digest = emulator_digest(0, "", 0);
    char word[] = "000000000,";
    if (size_bytes == LIMIT && largest)
        return largest;
    for (size_t at = 0; at < size_bytes; at += 10) {
        size_t digit = 8;
        while (word[digit] == '9')
            word[digit--] = '0';
        word[digit]++;
        digest = emulator_digest(digest, word, size_bytes - at < 10 ? size_bytes - at : 10);
    }
    if (size_bytes == LIMIT)
        largest = digest;
    return digest;
}

static bool is_pattern(const struct emulator_request *request, size_t size_bytes)
{
    return request && CHECK_NUMBER(request->all_bytes, size_bytes) &&
           CHECK(request->digest == pattern_digest(size_bytes));
}

static void test_sizes(void)
{
    static const struct {
        const char *event;
        size_t size_bytes;
    } rows[] = {
        {"raw 0", 0},
        {"raw 1", 1},
        {"raw 16384", 16384},
        {"raw 16385", 16385},
        {"raw 100000 1", 100000},
        {"raw 100000 10", 100000},
        {"raw 100000 16383", 100000},
        {"raw 100000 16384", 100000},
        {"raw 100000 16385", 100000},
        {"raw 3000000 777777", 3000000},
        {"raw 5 1 flush", 5},
        {"raw 0 0 flush", 0},
        {"text 50000 1000 flush", 50000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct emulator_run run = {0};
        char scenario[256];
        CHECK_ROW(rows[i].event);
        snprintf(scenario, sizeof(scenario),
                 "next event=\"%s\"\nresponse\nnext event=plain\nresponse" E2E_END, rows[i].event);
        if (e2e_play("function_stream", NULL, scenario, &run)) {
            const struct emulator_request *request = emulator_request(&run, EMULATOR_RESPONSE, 0);
            CHECK(request->chunked && request->trailer_count == 0);
            CHECK_TEXT(emulator_header(request, "Content-Type"),
                       *rows[i].event == 't' ? "text/plain; charset=utf-8" : "application/octet-stream");
            is_pattern(request, rows[i].size_bytes);
            CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 1), "plain");
            CHECK_NUMBER(run.connections, 1);
        }
        emulator_run_clean_up(&run);
    }
}

/* "statusCode", headers with one value each, cookies; then eight NULs, then the body. */
static void test_prelude(void)
{
    static const char full[] =
        "{\"statusCode\":206,\"headers\":{\"Cache-Control\":\"no-store\",\"X-Part\":\"a, b \\\"é\\\"\","
        "\"Content-Type\":\"video/mp4\"},\"cookies\":[\"a=1; "
        "Secure\",\"b=2\"]}\0\0\0\0\0\0\0\0"
        "000000001,00000";
    static const char plain[] =
        "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"application/octet-stream\"}}\0\0\0\0\0\0\0";
    struct emulator_run run = {0};
    if (e2e_play("function_stream", NULL,
                 "next event=\"http 15\" header=\"Lambda-Runtime-Invocation-Id: 7\"\nresponse\n"
                 "next event=\"plain-http 0\"\nresponse\nnext event=\"largest-prelude 0\"\nresponse" E2E_END,
                 &run)) {
        CHECK_BYTES(e2e_body(&run, EMULATOR_RESPONSE, 0), shared_slice_of(full, sizeof(full) - 1));
        CHECK_BYTES(e2e_body(&run, EMULATOR_RESPONSE, 1), shared_slice_of(plain, sizeof(plain)));
        CHECK_NUMBER(e2e_body(&run, EMULATOR_RESPONSE, 2).size_bytes, 16384);
        for (size_t i = 0; i < 3; i++)
            CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_RESPONSE, i), "Content-Type"),
                       "application/vnd.awslambda.http-integration-response");
        CHECK_NUMBER(run.connections, 1);
    }
    emulator_run_clean_up(&run);
}

/* What cannot be begun, and what fails before anything was sent, is an invocation's failure as any other. */
static void test_not_begun(void)
{
    static const struct {
        const char *event, *type;
    } rows[] = {
        {"split 10", "Function.Invalid"},           {"split-type 10", "Function.Invalid"},
        {"bad-status 10", "Function.Invalid"},      {"large-prelude 10", "Function.TooBig"},
        {"outside 10", "Function.Invalid"},         {"raw 10 1 fail", "Function.NotFound"},
        {"http 10 1 fail", "Function.NotFound"},    {"raw 10 1 code", "Function.Unknown"},
        {"raw 10 1 largely", "Function.VeryLarge"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct emulator_run run = {0};
        char scenario[256];
        CHECK_ROW(rows[i].event);
        snprintf(scenario, sizeof(scenario),
                 "next event=\"%s\"\nerror\nnext event=\"raw 7\"\nresponse" E2E_END, rows[i].event);
        if (e2e_play("function_stream", NULL, scenario, &run)) {
            CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_ERROR, 0),
                                       "Lambda-Runtime-Function-Error-Type"),
                       rows[i].type);
            CHECK_NUMBER(run.connections, 1);
            CHECK_NUMBER(e2e_lines(&run), 1);
        }
        emulator_run_clean_up(&run);
    }
}

/* A failure in mid-stream stands in the trailers; the emulator reads them. */
static void test_trailers(void)
{
    static const struct {
        const char *event, *type, *begin; /* of the body, in base64 */
    } rows[] = {
        {"raw 50000 1000 fail", "Function.NotFound",
         "eyJlcnJvck1lc3NhZ2UiOiJ0aGUgZmlsbSBicm9rZSBhZnRlciA1MDAwMCBieXRlcyIsImVycm9yVHlwZSI6IkZ1bmN0aW9uLk5"
         "v"
         "dEZvdW5kIiwic3RhY2tUcmFjZSI6W119"},
        {"raw 50000 1000 code", "Function.Unknown", "eyJlcnJvck1lc3NhZ2Ui"},
        {"raw 50000 1000 largely", "Function.VeryLarge", "eyJlcnJvck1lc3NhZ2UiOiJcdTAwMDFcdTAwMDFc"},
        {"raw 50000 1000 injection", "Function.InputOutput", "eyJlcnJvck1lc3NhZ2UiOiJjYWbvv70g77+977"},
        {"raw 50000 1000 fail", "Function.NotFound", "eyJlcnJvck1lc3NhZ2UiOiJ0aGUg"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct emulator_run run = {0};
        char scenario[256];
        CHECK_ROW(rows[i].event);
        snprintf(scenario, sizeof(scenario),
                 "next event=\"%s\"\nresponse\nnext event=\"raw 7\"\nresponse" E2E_END, rows[i].event);
        if (e2e_play("function_stream", NULL, scenario, &run)) {
            const struct emulator_request *request = emulator_request(&run, EMULATOR_RESPONSE, 0);
            const char *body = emulator_trailer(request, "Lambda-Runtime-Function-Error-Body");
            is_pattern(request, 50000);
            CHECK_TEXT(emulator_trailer(request, "Lambda-Runtime-Function-Error-Type"), rows[i].type);
            if (CHECK(body != NULL))
                CHECK_SLICE(shared_slice_of(body, strlen(rows[i].begin)), rows[i].begin);
            CHECK_NUMBER(run.connections, 1);
            CHECK_NUMBER(e2e_lines(&run), 1);
        }
        emulator_run_clean_up(&run);
    }
}

/* The peak of a function that streams, whatever the size and however slow the reader. */
static long peak_of(const char *steps, size_t size_bytes)
{
    struct emulator_run run = {0};
    char scenario[512];
    long peak = 0;
    snprintf(scenario, sizeof(scenario), "%s" E2E_END, steps);
    if (e2e_play("function_stream", NULL, scenario, &run)) {
        is_pattern(emulator_request(&run, EMULATOR_RESPONSE, 0), size_bytes);
        peak = run.peak_kib;
    }
    emulator_run_clean_up(&run);
    return peak;
}

static void test_largest(void)
{
    long small = peak_of("next event=\"raw 2000000 1000000\"\nresponse", 2000000);
    long large = peak_of("next event=\"raw 209715200 1000000\"\nresponse", LIMIT);
    long slow = peak_of("next event=\"raw 30000000 1000000\"\nresponse take=100000 take_us=3000", 30000000);
    printf("peak memory: %ld KiB for 2 MB, %ld KiB for 200 MB, %ld KiB for 30 MB to a slow reader\n", small,
           large, slow);
    CHECK(large <= small + 2048 && slow <= small + 2048);
}

/* One byte more is refused, and the failure told, though the handler goes on as if nothing were. */
static void test_over_limit(void)
{
    struct emulator_run run = {0};
    if (e2e_play(
            "function_stream", NULL,
            "next event=\"raw 209715200 1000000 more\"\nresponse\nnext event=\"raw 7\"\nresponse" E2E_END,
            &run)) {
        const struct emulator_request *request = emulator_request(&run, EMULATOR_RESPONSE, 0);
        is_pattern(request, LIMIT);
        CHECK_TEXT(emulator_trailer(request, "Lambda-Runtime-Function-Error-Type"), "Function.TooBig");
        CHECK_NUMBER(run.connections, 1);
    }
    emulator_run_clean_up(&run);
}

/* Played to their end, after a plain event in which the connection was made. */
static const struct {
    const char *name, *steps;
    int connections, reports;
    const char *report;
} losses[] = {
    {"refused before the end, 413", "next event=\"raw 20000000 100000\"\nresponse early status=413", 2, 1,
     "413"},
    {"timed out before the end, 410", "next event=\"http 20000000 1000\"\nresponse early status=410", 2, 1,
     "410"},
    {"reset while it is sent", "next event=\"raw 20000000 100000\"\nresponse early raw=\"\" reset\nerror", 0,
     0, NULL},
    {"closed while it is sent", "next event=\"raw 20000000 100000\"\nresponse early raw=\"\"\nerror", 0, 0,
     NULL},
    {"refused at the end, 410", "next event=\"raw 50000 1000\"\nresponse status=410", 1, 1, "410"},
    {"refused at the end, 413, and closed", "next event=\"raw 50000 1000\"\nresponse status=413 close", 2, 1,
     "413"},
    {"the end unanswered", "next event=\"raw 50000 1000\"\nresponse cut=0\nerror", 2, 0, NULL},
    {"the end of a failure unanswered", "next event=\"raw 50000 1000 fail\"\nresponse cut=0\nerror", 2, 1,
     "closed"},
    {"accepted, and closed", "next event=\"raw 50000 1000\"\nresponse close", 2, 0, NULL},
    {"the connection ended behind the event", "next event=\"late 50000 1000\" close\nresponse", 2, 0, NULL},
    {"the connection reset behind the event", "next event=\"late 50000 1000\" close reset\nresponse", 2, 0,
     NULL},
    {"accepted in pieces", "next event=\"raw 50000 1000\"\nresponse packet=1 chunk=3 body=accepted", 1, 0,
     NULL},
};

static void test_losses(void)
{
    for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
        struct emulator_run run = {0};
        char scenario[512];
        CHECK_ROW(losses[i].name);
        snprintf(scenario, sizeof(scenario),
                 "next event=plain\nresponse\n%s\nnext event=last\nresponse" E2E_END, losses[i].steps);
        if (e2e_play("function_stream", NULL, scenario, &run)) {
            if (losses[i].connections)
                CHECK_NUMBER(run.connections, losses[i].connections);
            CHECK_NUMBER(e2e_lines(&run), losses[i].reports + 1);
            if (losses[i].report)
                CHECK(strstr(e2e_said(&run), losses[i].report) != NULL);
        }
        emulator_run_clean_up(&run);
    }
}

static size_t worker_event(long n, char *event, size_t room)
{
    return (size_t)snprintf(event, room, "raw %ld %ld %s", 20000 + n, 1 + n % 9999, n % 5 ? "" : "fail");
}

static const char *check_worker(long n, const struct emulator_request *request)
{
    if (!request->chunked || request->all_bytes != (size_t)n + 20000 ||
        request->digest != pattern_digest((size_t)n + 20000))
        return "another body";
    return request->trailer_count == (n % 5 ? 0 : 2) ? NULL : "another outcome";
}

/* Each worker streams on its own connection. */
static void test_with_workers(void)
{
    char path[4096];
    char *argv[] = {path, NULL};
    const char *const env[] = {"AWS_LAMBDA_MAX_CONCURRENCY=24", NULL};
    const struct emulator_options options = {.argv = argv, .env = env, .suffix = "/some/prefix"};
    const struct emulator_load load = {
        .workers = 24, .invocations = 500, .event = worker_event, .check = check_worker, .busy_at_end = true};
    struct emulator_run run = {0};
    snprintf(path, sizeof(path), "%s/function_stream", e2e_folder);
    if (!CHECK_NUMBER(emulator_load(&options, &load, &run), 0))
        fprintf(stderr, "    %s\n", run.problem);
    CHECK_TEXT(run.violations, "");
    CHECK_NUMBER(run.connections, 24);
    CHECK_NUMBER(run.exit_status, 1);
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_sizes);
    CHECK_RUN(test_prelude);
    CHECK_RUN(test_not_begun);
    CHECK_RUN(test_trailers);
    CHECK_RUN(test_largest);
    CHECK_RUN(test_over_limit);
    CHECK_RUN(test_losses);
    CHECK_RUN(test_with_workers);
    return check_report();
}
