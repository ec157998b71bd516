/* test_crash.c - the last words of functions that crash: the line, the error, the signal, and in time. */
#include "e2e_check.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <signal.h>
#include <time.h>

/* Sanitizers leave the signals to the function; what else they find ends it otherwise. */
#define LEAVE                                                                                        \
    "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:handle_sigtrap=0:" \
    "detect_leaks=0:allow_user_segv_handler=1:detect_stack_use_after_return=0"

static const char *const plain_env[] = {"ASAN_OPTIONS=" LEAVE, "TSAN_OPTIONS=" LEAVE, "UBSAN_OPTIONS=" LEAVE,
                                        NULL};

struct crash {
    const char *event;
    int signal;
    const char *name;
    const char *message; /* how it begins */
    const char *address; /* NULL: it has none; "": whatever it is */
};

static const struct crash crashes[] = {
    {"write", SIGSEGV, "SIGSEGV", "crash: SIGSEGV at 0x0", "0x0"},
    {"call", SIGSEGV, "SIGSEGV", "crash: SIGSEGV at 0x0", "0x0"},
    {"beyond", SIGBUS, "SIGBUS", "crash: SIGBUS at 0x", ""},
    {"abort", SIGABRT, "SIGABRT", "crash: SIGABRT", NULL},
    {"SIGBUS", SIGBUS, "SIGBUS", "crash: SIGBUS", NULL},
    {"SIGILL", SIGILL, "SIGILL", "crash: SIGILL", NULL},
    {"SIGFPE", SIGFPE, "SIGFPE", "crash: SIGFPE", NULL},
    {"SIGTRAP", SIGTRAP, "SIGTRAP", "crash: SIGTRAP", NULL},
    {"SIGSYS", SIGSYS, "SIGSYS", "crash: SIGSYS", NULL},
    {"SIGSEGV", SIGSEGV, "SIGSEGV", "crash: SIGSEGV", NULL},
    {"thread", SIGSEGV, "SIGSEGV", "crash: SIGSEGV at 0x0", "0x0"},
    {"overflow", SIGSEGV, "SIGSEGV", "crash: SIGSEGV at 0x", ""},
#if defined(__x86_64__)
    {"outside", SIGSEGV, "SIGSEGV", "crash: SIGSEGV", NULL},
    {"trap", SIGILL, "SIGILL", "crash: SIGILL at 0x", ""},
    {"divide", SIGFPE, "SIGFPE", "crash: SIGFPE at 0x", ""},
#endif
};

/* The one line that is a crash's; NULL where there is none, or two. */
static cJSON *line_of(const struct emulator_run *run)
{
    cJSON *found = NULL;
    int count = 0;
    for (const char *line = e2e_said(run); *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : "") {
        if (strncmp(line, "{\"level\":\"FATAL\"", 16) != 0)
            continue;
        cJSON_Delete(found);
        found = cJSON_ParseWithLength(line, strcspn(line, "\n"));
        count++;
    }
    if (CHECK_NUMBER(count, 1) && CHECK(found != NULL))
        return found;
    fprintf(stderr, "    it said:\n%s\n", e2e_said(run));
    cJSON_Delete(found);
    return NULL;
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static bool begins(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

/* "2026-01-31T23:59:59.999Z", of now. */
static void check_timestamp(const char *text)
{
    struct tm tm = {0};
    const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
    if (CHECK(rest && *rest == '.' && strlen(rest) == 5 && rest[4] == 'Z'))
        CHECK(labs((long)(time(NULL) - timegm(&tm))) < 60);
}

static bool is_frame(const char *text)
{
    const char *plus = text ? strrchr(text, '+') : NULL;
    const char *digits = plus ? plus + 1 : text;
    size_t count = begins(digits, "0x") ? strspn(digits + 2, "0123456789abcdef") : 0;
    return count > 0 && (digits[2 + count] == '\0' || strcmp(digits + 2 + count, "?") == 0);
}

static void check_frames(const cJSON *frames)
{
    CHECK(cJSON_GetArraySize(frames) > 0 && cJSON_GetArraySize(frames) <= 32);
    for (const cJSON *frame = frames ? frames->child : NULL; frame; frame = frame->next)
        CHECK(is_frame(cJSON_GetStringValue(frame)));
}

/* The error says what the line says. */
static void check_error(const struct emulator_run *run, enum emulator_kind kind, const cJSON *line)
{
    const struct emulator_request *request = emulator_request(run, kind, 0);
    struct shared_slice body = e2e_body(run, kind, 0);
    cJSON *json = cJSON_ParseWithLength(body.data, body.size_bytes);
    CHECK_TEXT(emulator_header(request, "Lambda-Runtime-Function-Error-Type"), "Function.Crash");
    CHECK_TEXT(text_of(json, "errorType"), "Function.Crash");
    CHECK_TEXT(text_of(json, "errorMessage"), text_of(line, "message"));
    CHECK(cJSON_Compare(cJSON_GetObjectItemCaseSensitive(json, "stackTrace"),
                        cJSON_GetObjectItemCaseSensitive(line, "frames"), true));
    cJSON_Delete(json);
}

static void check_line(const struct crash *crash, const cJSON *line)
{
    CHECK_TEXT(text_of(line, "level"), "FATAL");
    CHECK_TEXT(text_of(line, "signal"), crash->name);
    CHECK(begins(text_of(line, "message"), crash->message));
    if (!crash->address || *crash->address)
        CHECK_TEXT(text_of(line, "address"), crash->address);
    else
        CHECK(begins(text_of(line, "address"), "0x"));
    CHECK(text_of(line, "buildId") != NULL);
    check_timestamp(text_of(line, "timestamp"));
    check_frames(cJSON_GetObjectItemCaseSensitive(line, "frames"));
}

static void play_crash(const struct crash *crash)
{
    const struct emulator_options options = {.env = plain_env};
    struct emulator_run run = {0};
    char scenario[256];
    snprintf(
        scenario, sizeof(scenario),
        "next event=lives\nresponse\n"
        "next event=\"%s\" id=\"of-\\\"9\\\"-\" header=\"Lambda-Runtime-Invocation-Id: 77\"\nerror\nexit %d",
        crash->event, 128 + crash->signal);
    if (e2e_play("function_crash", &options, scenario, &run)) {
        cJSON *line = line_of(&run);
        check_line(crash, line);
        CHECK_TEXT(text_of(line, "requestId"), "of-\"9\"-");
        check_error(&run, EMULATOR_ERROR, line);
        CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_ERROR, 0), "Lambda-Runtime-Invocation-Id"),
                   "77");
        CHECK_NUMBER(run.connections, 2);
        cJSON_Delete(line);
    }
    emulator_run_clean_up(&run);
}

static void test_crashes(void)
{
    for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++) {
        CHECK_ROW(crashes[i].event);
        play_crash(&crashes[i]);
    }
}

static void test_overflow_is_told(void)
{
    const struct emulator_options options = {.env = plain_env};
    struct emulator_run run = {0};
    if (e2e_play("function_crash", &options, "next event=overflow\nerror\nexit 139", &run)) {
        cJSON *line = line_of(&run);
        const char *message = text_of(line, "message");
        CHECK(message && strstr(message, ", the stack overflowed"));
        CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(line, "frames")), 32);
        cJSON_Delete(line);
    }
    emulator_run_clean_up(&run);
}

/* The stack for handlers of a worker is the middleware's to make; the first worker sleeps in the main
 * thread. */
static void test_overflow_of_a_worker(void)
{
    const char *const env[] = {"AWS_LAMBDA_MAX_CONCURRENCY=2", plain_env[0], plain_env[1], plain_env[2],
                               NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    if (e2e_play("function_crash", &options,
                 "next event=\"overflow in a worker\" id=9\nnext event=\"overflow in a worker\" id=9\n"
                 "error\nexit 139",
                 &run)) {
        cJSON *line = line_of(&run);
        const char *message = text_of(line, "message");
        CHECK(message && strstr(message, ", the stack overflowed"));
        CHECK_TEXT(text_of(line, "requestId"), "9");
        check_error(&run, EMULATOR_ERROR, line);
        cJSON_Delete(line);
    }
    emulator_run_clean_up(&run);
}

static void test_assertion(void)
{
    const char *const not_installed[] = {"NOT_INSTALLED=1", plain_env[0], plain_env[1], plain_env[2], NULL};
    const struct emulator_options with[] = {{.env = plain_env}, {.env = not_installed}};
    for (int i = 0; i < 2; i++) {
        struct emulator_run run = {0};
        CHECK_ROW(i ? "not installed" : "installed");
        if (e2e_play("function_crash", &with[i],
                     i ? "next event=assert\nexit 134" : "next event=assert\nerror\nexit 134", &run)) {
            cJSON *line = line_of(&run);
            const char *message = text_of(line, "message");
            CHECK(begins(message, "crash: zero == 1 && \"a \\\"quoted\\\" \\\\ text\" does not hold, "));
            CHECK(message && strstr(message, "function_crash.c:"));
            CHECK_TEXT(text_of(line, "signal"), "SIGABRT");
            check_frames(cJSON_GetObjectItemCaseSensitive(line, "frames"));
            if (!i)
                check_error(&run, EMULATOR_ERROR, line);
            cJSON_Delete(line);
        }
        emulator_run_clean_up(&run);
    }
}

/* Before the first invocation it is the init that failed. */
static void test_init(void)
{
    static const char *const how[] = {"write", "abort", "overflow", "thread"};
    for (size_t i = 0; i < sizeof(how) / sizeof(*how); i++) {
        char variable[64], scenario[64];
        const char *const env[] = {variable, plain_env[0], plain_env[1], plain_env[2], NULL};
        const struct emulator_options options = {.env = env};
        struct emulator_run run = {0};
        CHECK_ROW(how[i]);
        snprintf(variable, sizeof(variable), "CRASH_IN_INIT=%s", how[i]);
        snprintf(scenario, sizeof(scenario), "init-error\nexit %d", strcmp(how[i], "abort") ? 139 : 134);
        if (e2e_play("function_crash", &options, scenario, &run)) {
            cJSON *line = line_of(&run);
            CHECK_TEXT(text_of(line, "requestId"), NULL);
            check_error(&run, EMULATOR_INIT_ERROR, line);
            cJSON_Delete(line);
        }
        emulator_run_clean_up(&run);
    }
}

/* Between invocations there is nobody to tell: the line is all. */
static void test_idle(void)
{
    const struct emulator_options options = {.env = plain_env};
    struct emulator_run run = {0};
    if (e2e_play("function_crash", &options, "next event=later\nresponse\nnext delay_ms=3000\nexit 139",
                 &run)) {
        cJSON *line = line_of(&run);
        CHECK_TEXT(text_of(line, "requestId"), NULL);
        CHECK(emulator_request(&run, EMULATOR_ERROR, 0) == NULL);
        CHECK(emulator_request(&run, EMULATOR_INIT_ERROR, 0) == NULL);
        cJSON_Delete(line);
    }
    emulator_run_clean_up(&run);
}

/* Sixteen at once: one line, one error, one death; ten times, as it is a matter of luck. */
static void test_many_threads(void)
{
    const struct emulator_options options = {.env = plain_env};
    for (int i = 0; i < 10; i++) {
        struct emulator_run run = {0};
        if (e2e_play("function_crash", &options, "next event=threads\nerror delay_ms=20\nexit 139", &run))
            cJSON_Delete(line_of(&run));
        emulator_run_clean_up(&run);
    }
}

/* The handler crashes over the request's id: what can be said without it still is. gcc's thread sanitizer
 * blocks all signals while a handler runs, so that the kernel ends the process there. */
#if defined(__SANITIZE_THREAD__)
#define BLOCKS_SIGNALS true
#else
#define BLOCKS_SIGNALS false
#endif

static void test_crash_of_the_handler(void)
{
    const struct emulator_options options = {.env = plain_env};
    struct emulator_run run = {0};
    if (e2e_play("function_crash", &options, "next event=id\nexit 139", &run)) {
        cJSON *line = BLOCKS_SIGNALS ? NULL : line_of(&run);
        CHECK(BLOCKS_SIGNALS || begins(text_of(line, "message"), "crash: SIGSEGV at 0x0"));
        CHECK_TEXT(text_of(line, "requestId"), NULL);
        cJSON_Delete(line);
    }
    emulator_run_clean_up(&run);
}

static double now_sec(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whoever does not answer, or is not there, holds the end up for no longer than a second, more or less. */
static void test_nobody_answers(void)
{
    static const char *const rest[] = {"next event=write\nerror delay_ms=100 cut=0\nexit 139",
                                       "next event=write\nerror cut=3\nexit 139",
                                       "next event=write\nrefuse\nexit 139"};
    const struct emulator_options options = {.env = plain_env};
    for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++) {
        struct emulator_run run = {0};
        CHECK_ROW(rest[i]);
        double began = now_sec();
        if (e2e_play("function_crash", &options, rest[i], &run)) {
            CHECK(now_sec() - began < 30);
            cJSON_Delete(line_of(&run));
        }
        emulator_run_clean_up(&run);
    }
}

/* The request is left unread: what the emulator makes of that is not the matter here. */
static void test_nobody_reads(void)
{
    static const char *const rest[] = {"next event=write\nexit 139", "next event=alarms\nexit 139"};
    char path[4096];
    char *argv[] = {path, NULL};
    const struct emulator_options options = {.argv = argv, .env = plain_env};
    snprintf(path, sizeof(path), "%s/function_crash", e2e_folder);
    for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++) {
        struct emulator_run run = {0};
        CHECK_ROW(rest[i]);
        double began = now_sec();
        CHECK_NUMBER(emulator_play(&options, rest[i], &run), 0);
        CHECK(now_sec() - began >= 1 && now_sec() - began < 30);
        cJSON_Delete(line_of(&run));
        emulator_run_clean_up(&run);
    }
}

/* An address where nobody listens, one that needs a resolver, and one that is none. */
static void test_no_api(void)
{
    static const char *const apis[] = {"127.0.0.1:1", "runtime.invalid:80", "none"};
    for (size_t i = 0; i < sizeof(apis) / sizeof(*apis); i++) {
        const char *const env[] = {"CRASH_IN_INIT=write", plain_env[0], plain_env[1], plain_env[2], NULL};
        const struct emulator_options options = {.env = env, .api = apis[i]};
        struct emulator_run run = {0};
        CHECK_ROW(apis[i]);
        bool reached = i == 0; /* others end before their init, with a message */
        if (e2e_play("function_crash", &options, reached ? "exit 139" : "exit 2", &run) && reached)
            cJSON_Delete(line_of(&run));
        emulator_run_clean_up(&run);
    }
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_crashes);
    CHECK_RUN(test_overflow_is_told);
    CHECK_RUN(test_overflow_of_a_worker);
    CHECK_RUN(test_assertion);
    CHECK_RUN(test_init);
    CHECK_RUN(test_idle);
    CHECK_RUN(test_many_threads);
    CHECK_RUN(test_crash_of_the_handler);
    CHECK_RUN(test_nobody_answers);
    CHECK_RUN(test_nobody_reads);
    CHECK_RUN(test_no_api);
    return check_report();
}
