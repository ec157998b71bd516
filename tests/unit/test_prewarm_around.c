/* A warm-up in a chain: answered without the handler, with values made, a line in the log and time held. No
 * test here waits: clocks and sleep are its own. */
#include <shared/log.h>
#include <shared/prewarm.h>

#include <check.h>
#include <exhaust.h>

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static int64_t monotonic_us, real_us, slept_until_us;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *rest);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int64_t us = clock == CLOCK_REALTIME ? real_us : monotonic_us;
    *now = (struct timespec){.tv_sec = (time_t)(us / 1000000), .tv_nsec = us % 1000000 * 1000};
    return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *rest)
{
    (void)rest;
    CHECK(clock == CLOCK_MONOTONIC && flags == TIMER_ABSTIME);
    slept_until_us = until->tv_sec * 1000000LL + until->tv_nsec / 1000;
    return 0;
}

static int handled;

static int handler(const struct shared_context *context, struct shared_slice event,
                   struct shared_answer *answer, struct shared_error *err)
{
    (void)context, (void)err;
    handled++;
    answer->body = event;
    return 5;
}

static char said[8192]; /* lines of the log */

/* One event through a chain with the part alone, in an environment of its own. What it logs goes to fd. */
static int serve_to(int fd, struct shared_prewarm *prewarm, const char *event, const char *client_context,
                    int64_t deadline_ms, struct shared_answer *answer, struct shared_error *err)
{
    static struct shared_chain chain;
    struct shared_arena arena = {0};
    struct shared_log log = {.fd = fd, .level = SHARED_LOG_INFO, .request_id = "id-1"};
    const struct shared_runtime_options *options =
        shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&prewarm->middleware));
    struct shared_context context = {.request_id = "id-1",
                                     .client_context = client_context,
                                     .deadline_ms = deadline_ms,
                                     .arena = &arena,
                                     .user = options->user,
                                     .log = fd < 0 ? NULL : &log};
    *answer = (struct shared_answer){.content_type = NULL};
    handled = 0;
    slept_until_us = 0;
    int status = shared_chain_serve(&context, shared_slice_from_text(event), answer, err);
    shared_arena_clean_up(&arena);
    return status;
}

static int serve_until(struct shared_prewarm *prewarm, const char *event, int64_t deadline_ms,
                       struct shared_answer *answer)
{
    int ends[2];
    struct shared_error err = {0};
    if (!CHECK_NUMBER(pipe2(ends, O_NONBLOCK), 0))
        return -1;
    int status = serve_to(ends[1], prewarm, event, NULL, deadline_ms, answer, &err);
    ssize_t size = read(ends[0], said, sizeof(said) - 1);
    said[size > 0 ? size : 0] = '\0';
    close(ends[0]);
    close(ends[1]);
    return status;
}

static void test_answer(void)
{
    struct shared_prewarm prewarm = {SHARED_PREWARM};
    struct shared_answer answer;
    CHECK_NUMBER(serve_until(&prewarm, "{\"warm\":true}", INT64_MAX, &answer), 0);
    CHECK_NUMBER(handled, 0);
    CHECK_SLICE(answer.body, "{\"warm\":true}");
    CHECK(answer.content_type == NULL);
    CHECK(strstr(said, "\"level\":\"INFO\"") && strstr(said, "\"message\":\"warm-up\""));
    CHECK(strstr(said, "\"coldStart\":true,\"ready\":null,\"failed\":null,\"hold_ms\":0}\n") != NULL);
    CHECK_NUMBER(slept_until_us, 0);
}

static void test_handed_on(void)
{
    struct shared_prewarm prewarm = {SHARED_PREWARM, .hold_ms = 75};
    struct shared_answer answer;
    CHECK_NUMBER(serve_until(&prewarm, "{\"warm\":true,\"order\":1}", INT64_MAX, &answer), 5);
    CHECK_NUMBER(handled, 1);
    CHECK_SLICE(answer.body, "{\"warm\":true,\"order\":1}");
    CHECK_TEXT(said, "");
    CHECK_NUMBER(slept_until_us, 0);
}

static void test_client_context(void)
{
    static const struct {
        const char *client_context;
        bool warms;
    } rows[] = {
        {"{\"custom\":{\"source\":\"serverless-plugin-warmup\"}}", true},
        {"{\"custom\":{\"source\":\"serverless-plugin-warmup\",\"other\":\"20\"}}", true},
        {"{\"custom\":{\"source\":\"my-custom-source\"}}", false},
        {"{\"source\":\"serverless-plugin-warmup\"}", false},
        {"{\"custom\":\"serverless-plugin-warmup\"}", false},
        {"{\"custom\":{\"source\":", false},
        {"", false},
        {NULL, false},
    };
    struct shared_prewarm prewarm = {SHARED_PREWARM};
    struct shared_answer answer;
    struct shared_error err = {0};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].client_context);
        serve_to(nowhere, &prewarm, "{\"source\":\"my-custom-source\",\"other\":20}", rows[i].client_context,
                 INT64_MAX, &answer, &err);
        CHECK_NUMBER(handled, !rows[i].warms);
    }
    close(nowhere);
}

static void test_hold(void)
{
    static const struct {
        const char *event;
        int hold_ms;
        int64_t left_ms; /* until the deadline */
        int64_t held_ms;
    } rows[] = {
        {"{\"warm\":true}", 75, INT64_MAX, 75},
        {"{\"warm\":true}", 75, 30000, 75},
        {"{\"warm\":true}", 0, 30000, 0},
        {"{\"warm\":true}", -5, 30000, 0},
        {"{\"warm\":true}", 1000000, INT64_MAX, 10000},
        {"{\"warm\":true}", 1000000, 60000, 10000},
        {"{\"warm\":true}", 3000, 2000, 1900},
        {"{\"warm\":true}", 3000, 101, 1},
        {"{\"warm\":true}", 3000, 100, 0},
        {"{\"warm\":true}", 3000, 5, 0},
        {"{\"warm\":true}", 3000, -5000, 0},
        {"{\"warm\":true,\"hold_ms\":500}", 75, 30000, 500},
        {"{\"warm\":true,\"hold_ms\":0}", 75, 30000, 0},
        {"{\"warm\":true,\"hold_ms\":5000}", 75, 2000, 1900},
        {"{\"source\":\"serverless-plugin-warmup\"}", 75, 30000, 75},
    };
    monotonic_us = 5000000;
    real_us = 1700000000000000;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char line[64];
        struct shared_prewarm prewarm = {SHARED_PREWARM, .hold_ms = rows[i].hold_ms};
        struct shared_answer answer;
        int64_t deadline_ms = rows[i].left_ms == INT64_MAX ? INT64_MAX : real_us / 1000 + rows[i].left_ms;
        CHECK_ROW(rows[i].event);
        CHECK_NUMBER(serve_until(&prewarm, rows[i].event, deadline_ms, &answer), 0);
        CHECK_NUMBER(slept_until_us, rows[i].held_ms ? monotonic_us + rows[i].held_ms * 1000 : 0);
        snprintf(line, sizeof(line), "\"hold_ms\":%lld}", (long long)rows[i].held_ms);
        CHECK(strstr(said, line) != NULL);
        CHECK_SLICE(answer.body, "{\"warm\":true}");
    }
}

static int make_number(void *user, void **value, struct shared_error *err)
{
    (void)err;
    monotonic_us += 12500;
    *value = user;
    return 0;
}

static int make_nothing(void *user, void **value, struct shared_error *err)
{
    (void)user, (void)value;
    return shared_fail(err, SHARED_EIO, 0, "connection refused");
}

/* One that fails does not keep the others from being made, nor the warm-up from its answer; the time that
 * making takes is part of the hold. */
static void test_lazy(void)
{
    int number = 7;
    struct shared_lazy redis = SHARED_LAZY("redis", make_nothing, NULL);
    struct shared_lazy titles = SHARED_LAZY("titles", make_number, &number);
    struct shared_lazy names = SHARED_LAZY("names", make_number, &number);
    struct shared_lazy idle = SHARED_LAZY("idle", make_number, NULL);
    struct shared_lazy *const wanted[] = {&redis, &titles, &names};
    struct shared_prewarm prewarm = {SHARED_PREWARM, .hold_ms = 75, .lazy = wanted, .lazy_count = 3};
    struct shared_answer answer;
    int64_t began_us = monotonic_us = 5000000;
    CHECK_NUMBER(serve_until(&prewarm, "{\"warm\":true}", INT64_MAX, &answer), 0);
    CHECK(!redis.made && titles.made && names.made && !idle.made);
    CHECK(titles.value == &number);
    CHECK_NUMBER(slept_until_us, began_us + 75000);
    CHECK(strstr(said, "\"level\":\"WARN\"") && strstr(said, "\"message\":\"lazy value failed\""));
    CHECK(strstr(said, "\"lazy\":\"redis\",\"took_ms\":0,\"errorType\":\"InputOutput\","
                       "\"error\":\"connection refused\"}\n") != NULL);
    CHECK(strstr(said, "\"lazy\":\"titles\",\"took_ms\":12.5}\n") != NULL);
    CHECK(strstr(said,
                 "\"coldStart\":true,\"ready\":\"titles, names\",\"failed\":\"redis\",\"hold_ms\":75}\n"));

    redis.make = make_number; /* it is there again; the others are not made anew */
    CHECK_NUMBER(serve_until(&prewarm, "{\"warm\":true}", INT64_MAX, &answer), 0);
    CHECK(redis.made);
    CHECK(strstr(said, "\"lazy\":\"redis\",\"took_ms\":12.5}\n") != NULL);
    CHECK(strstr(said, "titles\",\"took_ms\"") == NULL);
    CHECK(strstr(said, "\"ready\":\"redis, titles, names\",\"failed\":null,") != NULL);
}

/* The names in the log are all that needs memory: without it they are missing, and nothing else is. */
static void test_memory(void)
{
    int number = 7, nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (long n = 0; n < 4; n++) {
        struct shared_lazy titles = SHARED_LAZY("titles", make_number, &number);
        struct shared_lazy redis = SHARED_LAZY("redis", make_nothing, NULL);
        struct shared_lazy *const wanted[] = {&redis, &titles};
        struct shared_prewarm prewarm = {SHARED_PREWARM, .lazy = wanted, .lazy_count = 2};
        struct shared_answer answer;
        struct shared_error err = {0};
        left = n;
        int status = serve_to(nowhere, &prewarm, "{\"warm\":true}", NULL, INT64_MAX, &answer, &err);
        CHECK_NUMBER(left == -1, n < 1);
        left = -1;
        CHECK_NUMBER(status, 0);
        CHECK(titles.made && !redis.made);
        CHECK_SLICE(answer.body, "{\"warm\":true}");
    }
    close(nowhere);
}

/* Without a log further out it has one of its own, on standard error. */
static void test_own_log(void)
{
    int ends[2], kept = dup(2);
    struct shared_prewarm prewarm = {SHARED_PREWARM};
    struct shared_answer answer;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(pipe2(ends, O_NONBLOCK), 0))
        return;
    dup2(ends[1], 2);
    int status = serve_to(-1, &prewarm, "{\"warm\":true}", NULL, INT64_MAX, &answer, &err);
    dup2(kept, 2);
    ssize_t size = read(ends[0], said, sizeof(said) - 1);
    said[size > 0 ? size : 0] = '\0';
    CHECK_NUMBER(status, 0);
    CHECK(strstr(said, "\"message\":\"warm-up\",\"requestId\":\"id-1\"") != NULL);
    close(kept);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    CHECK_RUN(test_answer);
    CHECK_RUN(test_handed_on);
    CHECK_RUN(test_client_context);
    CHECK_RUN(test_hold);
    CHECK_RUN(test_lazy);
    CHECK_RUN(test_memory);
    CHECK_RUN(test_own_log);
    return check_report();
}
