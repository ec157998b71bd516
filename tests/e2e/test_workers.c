/* test_workers.c - several invocations at once: each worker has its own connection, memory and failures. */
#include "e2e_check.h"
#include "emulator_load.h"

#define TRACE "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
#define EVENT "\"{\\\"version\\\":\\\"2.0\\\",\\\"rawPath\\\":\\\"/x\\\"}\""

static long load_workers, load_invocations;

static const char *kind_of(long n)
{
    return n < load_workers ? "meet" : n == load_invocations ? "slow" : n % 7 == 0 ? "fail" : "plain";
}

/* Every thirteenth is no JSON at all. */
static size_t event(long n, char *text, size_t room)
{
    const char *form =
        n >= load_workers && n % 13 == 0
            ? "{\"rawPath\":\"/n/%ld\",\"kind\":%s"
            : "{\"version\":\"2.0\",\"rawPath\":\"/n/%ld\",\"headers\":{\"a\":\"b\"},"
              "\"rawQueryString\":\"kind=%s\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}";
    return (size_t)snprintf(text, room, form, n, kind_of(n));
}

static const char *check(long n, const struct emulator_request *request)
{
    char path[64];
    bool broken = n >= load_workers && n % 13 == 0;
    bool fails = broken || strcmp(kind_of(n), "fail") == 0;
    if (request->kind != (fails ? EMULATOR_ERROR : EMULATOR_RESPONSE))
        return "another outcome is expected";
    snprintf(path, sizeof(path), "/n/%ld%s", n, fails ? "\"" : " ");
    if (broken)
        return strstr(request->body, "not valid JSON") ? NULL : "another error is expected";
    if (!strstr(request->body, path))
        return "another invocation's answer";
    return fails || strstr(request->body, "no trace") ? NULL : "a trace in the environment";
}

static const char *concurrency(long workers)
{
    static char variable[64];
    snprintf(variable, sizeof(variable), "AWS_LAMBDA_MAX_CONCURRENCY=%ld", workers);
    return variable;
}

static bool play_load(const struct emulator_load *load, const char *const *env, struct emulator_run *run)
{
    char path[4096];
    char *argv[] = {path, NULL};
    const struct emulator_options options = {.argv = argv, .env = env};
    struct emulator_load own = *load;
    own.event = event;
    own.check = check;
    load_workers = load->workers;
    load_invocations = load->invocations;
    snprintf(path, sizeof(path), "%s/function_workers", e2e_folder);
    bool played = CHECK_NUMBER(emulator_load(&options, &own, run), 0);
    bool conforms = CHECK_TEXT(run->violations, "");
    bool ended = CHECK_NUMBER(run->exit_status, 1);
    if (!played || !conforms || !ended)
        fprintf(stderr, "    %s\n    it said:\n%.4000s", run->problem, e2e_said(run));
    return played && conforms && ended;
}

/* All handlers meet in their first invocations, so that 64 run at once; then each goes on by itself. */
static void test_sixty_four(void)
{
    const char *const env[] = {concurrency(64), NULL};
    const struct emulator_load load = {.workers = 64, .invocations = 6400, .busy_at_end = true};
    struct emulator_run run = {0};
    if (play_load(&load, env, &run)) {
        CHECK_NUMBER(run.connections, 64);
        if (!CHECK_NUMBER(e2e_lines(&run), 1))
            fprintf(stderr, "%s", e2e_said(&run));
    }
    emulator_run_clean_up(&run);
}

/* Connections that are lost are their worker's alone, and made again; one that is lost twice is told. */
static void test_lost_connections(void)
{
    const char *const env[] = {concurrency(16), NULL};
    const struct emulator_load load = {.workers = 16, .invocations = 2000, .lose_every = 23};
    struct emulator_run run = {0};
    if (play_load(&load, env, &run))
        CHECK(run.connections > 16 + 2000 / 23 - 1);
    emulator_run_clean_up(&run);
}

static void test_post_that_ends_it(void)
{
    const char *const env[] = {concurrency(8), NULL};
    const struct emulator_load load = {.workers = 8, .invocations = 100, .post_fails_at_end = true};
    struct emulator_run run = {0};
    play_load(&load, env, &run);
    emulator_run_clean_up(&run);
}

/* What cannot be started is told once; the others serve, and two of three are no single one. */
static void test_threads_refused(void)
{
    static const struct {
        const char *most;
        int workers;
    } rows[] = {{"THREADS_AT_MOST=2", 3}, {"THREADS_AT_MOST=0", 1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *const env[] = {concurrency(5), rows[i].most, NULL};
        const struct emulator_load load = {.workers = rows[i].workers, .invocations = 0};
        struct emulator_run run = {0};
        CHECK_ROW(rows[i].most);
        if (play_load(&load, env, &run)) {
            CHECK_NUMBER(e2e_lines(&run), 2);
            CHECK(strstr(e2e_said(&run), "of 5; there are") != NULL);
        }
        emulator_run_clean_up(&run);
    }
}

/* One worker is shared_runtime_run: the trace stands in the environment, and there is one connection. */
static void test_one(void)
{
    static const struct {
        const char *variable;
        int reports;
    } rows[] = {{"OTHER=1", 0},
                {"AWS_LAMBDA_MAX_CONCURRENCY=1", 0},
                {"AWS_LAMBDA_MAX_CONCURRENCY=", 1},
                {"AWS_LAMBDA_MAX_CONCURRENCY=0", 1},
                {"AWS_LAMBDA_MAX_CONCURRENCY=-4", 1},
                {"AWS_LAMBDA_MAX_CONCURRENCY=+4", 1},
                {"AWS_LAMBDA_MAX_CONCURRENCY= 4", 1},
                {"AWS_LAMBDA_MAX_CONCURRENCY=4x", 1},
                {"AWS_LAMBDA_MAX_CONCURRENCY=many", 1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *const env[] = {rows[i].variable, NULL};
        const struct emulator_options options = {.env = env, .suffix = "/some/prefix"};
        struct emulator_run run = {0};
        CHECK_ROW(rows[i].variable);
        if (e2e_play("function_workers", &options,
                     "next event=" EVENT " header=\"Lambda-Runtime-Trace-Id: " TRACE "\"\nresponse\n"
                     "next cut=0\nnext event=" EVENT "\nresponse\nnext status=503\nnext event=" EVENT
                     "\nresponse" E2E_END,
                     &run)) {
            CHECK(strstr(e2e_body(&run, EMULATOR_RESPONSE, 0).data, TRACE) != NULL);
            CHECK(strstr(e2e_body(&run, EMULATOR_RESPONSE, 1).data, "no trace") != NULL);
            CHECK_NUMBER(run.connections, 2);
            CHECK_NUMBER(e2e_lines(&run), rows[i].reports + 2);
        }
        emulator_run_clean_up(&run);
    }
}

static void test_no_eventfd(void)
{
    const char *const env[] = {concurrency(4), "NO_EVENTFD=1", NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    if (e2e_play("function_workers", &options, "next event=" EVENT "\nresponse" E2E_END, &run)) {
        CHECK_NUMBER(run.connections, 1);
        CHECK(strstr(e2e_said(&run), "eventfd for 4 workers; there is one") != NULL);
    }
    emulator_run_clean_up(&run);
}

static void test_init_fails(void)
{
    const char *const env[] = {concurrency(4), "INIT_FAILS=1", NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    if (e2e_play("function_workers", &options, "init-error\nexit 1", &run))
        CHECK_NUMBER(run.connections, 1);
    emulator_run_clean_up(&run);
}

static void test_no_api(void)
{
    const char *const env[] = {concurrency(4), NULL};
    const struct emulator_options options = {.env = env, .api_unset = true};
    struct emulator_run run = {0};
    e2e_play("function_workers", &options, "exit 2", &run);
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_sixty_four);
    CHECK_RUN(test_lost_connections);
    CHECK_RUN(test_post_that_ends_it);
    CHECK_RUN(test_threads_refused);
    CHECK_RUN(test_one);
    CHECK_RUN(test_no_eventfd);
    CHECK_RUN(test_init_fails);
    CHECK_RUN(test_no_api);
    return check_report();
}
