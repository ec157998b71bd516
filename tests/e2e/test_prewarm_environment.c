/* test_prewarm_environment.c - environments that are warmed: without the handler, one after another and several
 * at once. */
#include "e2e_check.h"
#include "emulator_load.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WARM "\"{\\\"warm\\\":true}\""
#define PLUGIN "{\\\"source\\\":\\\"serverless-plugin-warmup\\\"}"

/* The answer to the n-th event, as text; "" where there is none. */
static const char *answer(const struct emulator_run *run, size_t n)
{
    const struct emulator_request *request = emulator_request(run, EMULATOR_RESPONSE, n);
    return request ? request->body : "";
}

/* From the n-th event to its answer, in seconds. */
static double took_sec(const struct emulator_run *run, size_t n)
{
    const struct emulator_request *next = emulator_request(run, EMULATOR_NEXT, n);
    const struct emulator_request *response = emulator_request(run, EMULATOR_RESPONSE, n);
    return next && response ? response->arrived_sec - next->arrived_sec : -1;
}

/* How often a text is in what the function said. */
static int times(const struct emulator_run *run, const char *text)
{
    int count = 0;
    for (const char *at = e2e_said(run); (at = strstr(at, text)); at += strlen(text))
        count++;
    return count;
}

/* The warm-up is the first invocation; what it made, the handler finds; what it could not, is tried again. */
static void test_warm_first(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_prewarm", NULL,
                 "next event=" WARM "\nresponse\nnext event=x\nresponse\nnext event=" WARM
                 "\nresponse" E2E_END,
                 &run)) {
        CHECK_TEXT(answer(&run, 0), "{\"warm\":true}");
        CHECK(strstr(answer(&run, 1), "cold=0 ") != NULL);
        CHECK(strstr(answer(&run, 1), " titles=1 redis=2 user=mine bytes=1") != NULL);
        CHECK_TEXT(answer(&run, 2), "{\"warm\":true}");
        CHECK(strstr(e2e_said(&run),
                     "\"coldStart\":true,\"ready\":\"titles\",\"failed\":\"redis\",\"hold_ms\":20}"));
        CHECK(strstr(e2e_said(&run), "\"coldStart\":false,\"ready\":\"redis, titles\",\"failed\":null,"));
        CHECK(strstr(e2e_said(&run), "\"error\":\"connection refused\"") != NULL);
        CHECK_NUMBER(times(&run, "\"message\":\"warm-up\""), 2);
        CHECK_NUMBER(times(&run, "\"message\":\"lazy value failed\""), 1);
        CHECK_NUMBER(times(&run, "\"message\":\"lazy value made\""), 2);
        CHECK_NUMBER(times(&run, "\"message\":\"cold start\""), 1);
        CHECK_NUMBER(times(&run, "\"ColdStart\":1"), 1);
        CHECK_NUMBER(times(&run, "\"InitDuration\":"), 1);
        CHECK_NUMBER(times(&run, "\"LazyMade\":"), 2);
        CHECK_NUMBER(times(&run, "\"LazyFailed\":"), 1);
    }
    emulator_run_clean_up(&run);
}

/* Only the first is cold, also where it fails: redis is down for it. Init has nothing of the wait for it. */
static void test_cold_once(void)
{
    static const char *const without[] = {"NO_INIT=1", NULL};
    const struct emulator_options rows[] = {{.env = NULL}, {.env = without}};
    for (size_t i = 0; i < 2; i++) {
        struct emulator_run run = {0};
        if (e2e_play("function_prewarm", &rows[i],
                     "next delay_ms=2000 event=x\nerror\nnext event=x\nresponse\nnext event=x\n"
                     "response" E2E_END,
                     &run)) {
            long init_us[2] = {0, 0};
            for (size_t n = 0; n < 2; n++) {
                CHECK(strstr(answer(&run, n), "cold=0 ") != NULL);
                CHECK_NUMBER(sscanf(answer(&run, n), "cold=%*d init_us=%ld", &init_us[n]), 1);
            }
            CHECK(init_us[0] > 0 && init_us[0] < 2000000);
            CHECK_NUMBER(init_us[0], init_us[1]);
            CHECK_NUMBER(times(&run, "\"message\":\"cold start\""), 1);
            CHECK_NUMBER(times(&run, "\"ColdStart\":1"), 1);
        }
        emulator_run_clean_up(&run);
    }
}

/* The function's init is called behind the chain's. */
static void test_init_fails(void)
{
    static const char *const env[] = {"INIT_FAILS=1", NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    if (e2e_play("function_prewarm", &options, "init-error\nexit 1\n", &run))
        CHECK(strstr(emulator_request(&run, EMULATOR_INIT_ERROR, 0)->body, "no table") != NULL);
    emulator_run_clean_up(&run);
}

static void test_forms(void)
{
    struct emulator_run run = {0};
    if (e2e_play(
            "function_prewarm", NULL,
            "next event=\"" PLUGIN "\"\nresponse\n"
            "next event=\"{\\\"my\\\":1}\" header=\"Lambda-Runtime-Client-Context: {\\\"custom\\\":" PLUGIN
            "}\"\n"
            "response\n"
            "next event=\"{\\\"version\\\":\\\"0\\\",\\\"id\\\":\\\"53dc4d37\\\","
            "\\\"detail-type\\\":\\\"Scheduled Event\\\",\\\"source\\\":\\\"aws.events\\\","
            "\\\"account\\\":\\\"123456789012\\\",\\\"time\\\":\\\"2015-10-08T16:53:06Z\\\","
            "\\\"region\\\":\\\"us-east-1\\\",\\\"resources\\\":"
            "[\\\"arn:aws:events:us-east-1:123456789012:rule/"
            "video-api-warm\\\"],\\\"detail\\\":{}}\"\nresponse\n"
            "next event=\"{\\\"warm\\\":true,\\\"order\\\":1}\"\nresponse\n"
            "next event=\"{\\\"order\\\":{\\\"warm\\\":true}}\"\nresponse\n"
            "next event=\"[" PLUGIN "]\"\nresponse\n"
            "next event=\"{\\\"warm\\\":true\"\nresponse\n"
            "next size=6291556\nresponse\n"
            "next event=\"\"\nresponse" E2E_END,
            &run)) {
        for (size_t n = 0; n < 9; n++) {
            if (n < 3)
                CHECK_TEXT(answer(&run, n), "{\"warm\":true}");
            else
                CHECK(strstr(answer(&run, n), "user=mine bytes=") != NULL);
        }
        CHECK(strstr(answer(&run, 7), "bytes=6291556") != NULL);
    }
    emulator_run_clean_up(&run);
}

static void test_hold(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_prewarm", NULL,
                 "next event=\"{\\\"warm\\\":true,\\\"hold_ms\\\":700}\"\nresponse\n"
                 "next event=\"{\\\"hold_ms\\\":0,\\\"warm\\\":true}\"\nresponse\n"
                 "next event=" WARM "\nresponse" E2E_END,
                 &run)) {
        CHECK(took_sec(&run, 0) >= 0.699);
        CHECK(took_sec(&run, 1) >= 0 && took_sec(&run, 1) < 0.7);
        CHECK(took_sec(&run, 2) >= 0.019);
    }
    emulator_run_clean_up(&run);
}

/* However long it is to be held, the answer is there before Lambda gives up. */
static void test_deadline(void)
{
    char scenario[512];
    struct emulator_run run = {0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    long long now_ms = now.tv_sec * 1000LL + now.tv_nsec / 1000000;
    snprintf(scenario, sizeof(scenario),
             "next event=\"{\\\"warm\\\":true,\\\"hold_ms\\\":9000}\" header=\"Lambda-Runtime-Deadline-Ms: "
             "%lld\"\n"
             "response\nnext event=\"{\\\"warm\\\":true,\\\"hold_ms\\\":9000}\" "
             "header=\"Lambda-Runtime-Deadline-Ms: 5\"\n"
             "response" E2E_END,
             now_ms + 2500);
    if (e2e_play("function_prewarm", NULL, scenario, &run)) {
        const struct emulator_request *first = emulator_request(&run, EMULATOR_RESPONSE, 0);
        CHECK(first && first->arrived_sec > 1 && first->arrived_sec < 6);
        CHECK(took_sec(&run, 1) >= 0 && took_sec(&run, 1) < 3);
        CHECK_TEXT(answer(&run, 0), "{\"warm\":true}");
        CHECK_TEXT(answer(&run, 1), "{\"warm\":true}");
    }
    emulator_run_clean_up(&run);
}

/* In several workers at once it is one of all invocations that is cold. */
static size_t user_event(long n, char *text, size_t room)
{
    return (size_t)snprintf(text, room, "event %ld", n);
}

static long cold, warm;

static const char *count_cold(long n, const struct emulator_request *request)
{
    (void)n;
    cold += strstr(request->body, "cold=1 ") != NULL;
    warm += strstr(request->body, "cold=0 ") != NULL;
    return strstr(request->body, " titles=1 redis=1 ") ? NULL : "one making of each value is expected";
}

static void test_workers(void)
{
    static const char *const env[] = {"AWS_LAMBDA_MAX_CONCURRENCY=16", "REDIS_UP=1", NULL};
    char path[4096];
    char *argv[] = {path, NULL};
    const struct emulator_options options = {.argv = argv, .env = env};
    const struct emulator_load load = {
        .workers = 16, .invocations = 200, .event = user_event, .check = count_cold};
    struct emulator_run run = {0};
    snprintf(path, sizeof(path), "%s/function_prewarm", e2e_folder);
    if (!CHECK_NUMBER(emulator_load(&options, &load, &run), 0))
        fprintf(stderr, "    %s\n%s", run.problem, e2e_said(&run));
    CHECK_TEXT(run.violations, "");
    CHECK_NUMBER(cold, 1);
    CHECK_NUMBER(warm, 199);
    emulator_run_clean_up(&run);
}

#define ENVIRONMENTS 4
#define HOLD_SEC 3

struct interval {
    double begin_sec, end_sec;
};

static double now_sec(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One environment of several: when it was busy with the warm-up that Lambda gave it. */
static struct interval warm_one(void)
{
    struct emulator_run run = {0};
    struct interval busy = {0, 0};
    double base_sec = now_sec();
    if (e2e_play("function_prewarm", NULL,
                 "next event=\"{\\\"warm\\\":true,\\\"hold_ms\\\":3000}\"\nresponse" E2E_END, &run)) {
        CHECK(strstr(e2e_said(&run), "\"coldStart\":true") != NULL);
        CHECK(took_sec(&run, 0) >= HOLD_SEC - 0.001);
        busy.begin_sec = base_sec + emulator_request(&run, EMULATOR_NEXT, 0)->arrived_sec;
        busy.end_sec = base_sec + emulator_request(&run, EMULATOR_RESPONSE, 0)->arrived_sec;
    }
    emulator_run_clean_up(&run);
    return busy;
}

/* Lambda gives an invocation to an environment that is idle, where there is one. While warm-ups that were sent at
 * once are held there is none: the first ends after the last has begun. */
static void test_at_once(void)
{
    int ends[2];
    double last_begin_sec = 0, first_end_sec = 1e300;
    if (!CHECK_NUMBER(pipe(ends), 0))
        return;
    fflush(NULL);
    for (int i = 0; i < ENVIRONMENTS; i++) {
        if (fork() == 0) {
            check_failures = 0;
            struct interval busy = warm_one();
            _exit(write(ends[1], &busy, sizeof(busy)) == sizeof(busy) && check_failures == 0 ? 0 : 1);
        }
    }
    for (int i = 0; i < ENVIRONMENTS; i++) {
        int status = -1;
        struct interval busy = {0, 0};
        CHECK(wait(&status) > 0 && status == 0);
        CHECK_NUMBER(read(ends[0], &busy, sizeof(busy)), sizeof(busy));
        last_begin_sec = busy.begin_sec > last_begin_sec ? busy.begin_sec : last_begin_sec;
        first_end_sec = busy.end_sec < first_end_sec ? busy.end_sec : first_end_sec;
    }
    CHECK(last_begin_sec < first_end_sec);
    close(ends[0]);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_warm_first);
    CHECK_RUN(test_cold_once);
    CHECK_RUN(test_init_fails);
    CHECK_RUN(test_forms);
    CHECK_RUN(test_hold);
    CHECK_RUN(test_deadline);
    CHECK_RUN(test_workers);
    CHECK_RUN(test_at_once);
    return check_report();
}
