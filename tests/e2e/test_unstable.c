/* test_unstable.c - a function whose peer comes and goes: what is kept, tried again, refused. */
#include "e2e_check.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define EVENT(path, query, headers)                                           \
    "next event=\"{\\\"version\\\":\\\"2.0\\\",\\\"rawPath\\\":\\\"" path     \
    "\\\",\\\"rawQueryString\\\":\\\"" query "\\\",\\\"headers\\\":{" headers \
    "},\\\"requestContext\\\":{\\\"http\\\":{\\\"method\\\":"                 \
    "\\\"GET\\\"}}}\""
#define AGAIN(query, headers) EVENT("/again", query, headers) "\nresponse\n"
#define KEPT EVENT("/kept", "", "") "\nresponse\n"
#define THROTTLED EVENT("/throttled", "", "") "\nresponse\n"

static bool answered(const struct emulator_run *run, size_t n, const char *part)
{
    const struct emulator_request *request = emulator_request(run, EMULATOR_RESPONSE, n);
    bool holds = CHECK(request && strstr(request->body, part));
    if (!holds)
        fprintf(stderr, "    answer %zu is %s, expected %s\n", n, request ? request->body : "none", part);
    return holds;
}

static void sleep_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* An object serves again and again; not after it was given back as bad, nor after the environment was frozen
 * for longer than it may be idle. */
static void test_kept(void)
{
    char path[4096];
    char *argv[] = {path, NULL};
    const struct emulator_options options = {.argv = argv};
    struct emulator_run run = {0};
    snprintf(path, sizeof path, "%s/function_unstable", e2e_folder);
    struct emulator *emulator = emulator_begin(&options, &run);
    CHECK_NUMBER(emulator_continue(emulator, KEPT KEPT EVENT("/kept", "bad=1", "") "\nresponse\n" KEPT), 0);
    kill(emulator_program(emulator), SIGSTOP);
    sleep_ms(1800);
    kill(emulator_program(emulator), SIGCONT);
    CHECK_NUMBER(emulator_continue(emulator, KEPT E2E_END), 0);
    emulator_end(emulator);
    static const char *const objects[] = {"object 1", "object 1", "object 1", "object 2", "object 3"};
    for (size_t i = 0; i < 5; i++)
        answered(&run, i, objects[i]);
    CHECK_TEXT(run.violations, "");
    emulator_run_clean_up(&run);
}

/* A peer that comes back is asked again; one that does not is left alone, and so it is said at once. */
static void test_again(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_unstable", NULL,
                 AGAIN("", "") AGAIN("fails=3", "") AGAIN("fails=1", "\\\"after\\\":\\\"1\\\"")
                     AGAIN("fails=9", "") AGAIN("fails=9", "") AGAIN("", "") E2E_END,
                 &run)) {
        static const char *const parts[] = {"attempts 1", "attempts 4", "attempts 2",
                                            "gave up",    "gave up",    "\"statusCode\":503"};
        for (size_t i = 0; i < 6; i++)
            answered(&run, i, parts[i]);
        answered(&run, 3, "\"Retry-After\":\"1\"");
        answered(&run, 5, "\"Retry-After\":\"");
        answered(&run, 5, "broken");
        const struct emulator_request *next = emulator_request(&run, EMULATOR_NEXT, 2);
        const struct emulator_request *response = emulator_request(&run, EMULATOR_RESPONSE, 2);
        CHECK(next && response && response->arrived_sec - next->arrived_sec >= 1);
    }
    emulator_run_clean_up(&run);
}

/* Nothing is tried again where the invocation has no time for it: past the deadline, within the margin, or
 * where the peer asks for longer. */
static void test_deadline(void)
{
    static const struct {
        const char *event;
        long left_ms;
    } rows[] = {
        {EVENT("/again", "fails=1", ""), -1000},
        {EVENT("/again", "fails=1", ""), 100},
        {EVENT("/again", "fails=1", "\\\"after\\\":\\\"2\\\""), 1500},
        {EVENT("/again", "fails=1", "\\\"after\\\":\\\"Fri, 31 Dec 9999 23:59:59 GMT\\\""), 60000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct emulator_run run = {0};
        struct timespec now;
        char scenario[1024];
        clock_gettime(CLOCK_REALTIME, &now);
        snprintf(scenario, sizeof scenario,
                 "%s header=\"Lambda-Runtime-Deadline-Ms: %lld\"\nresponse\nnext status=500\nexit 1\n",
                 rows[i].event, (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000 + rows[i].left_ms);
        CHECK_ROW(rows[i].event);
        if (e2e_play("function_unstable", NULL, scenario, &run)) {
            answered(&run, 0, "gave up");
            const struct emulator_request *next = emulator_request(&run, EMULATOR_NEXT, 0);
            const struct emulator_request *response = emulator_request(&run, EMULATOR_RESPONSE, 0);
            CHECK(next && response && response->arrived_sec - next->arrived_sec < 30);
        }
        emulator_run_clean_up(&run);
    }
}

/* The bucket holds two tokens and gets one in 100 seconds; behind a non-proxy integration too. */
static void test_throttled(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_unstable", NULL,
                 THROTTLED THROTTLED THROTTLED "next event=\"{}\"\nerror\n" E2E_END, &run)) {
        answered(&run, 0, "inside 1");
        answered(&run, 1, "inside 1");
        answered(&run, 2, "\"statusCode\":429");
        const struct emulator_request *error = emulator_request(&run, EMULATOR_ERROR, 0);
        answered(&run, 2, "\"Retry-After\":\"");
        CHECK(error && strstr(error->body, "{\\\"status\\\":429,\\\"retryAfter\\\":"));
        CHECK(error && strstr(error->body, "\"errorType\":\"Function.Fault\""));
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_kept);
    CHECK_RUN(test_again);
    CHECK_RUN(test_deadline);
    CHECK_RUN(test_throttled);
    return check_report();
}
