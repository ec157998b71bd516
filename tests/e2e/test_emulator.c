/* test_emulator.c - the emulator sees what it is there to see: bad scenarios, and programs that break the
 * Runtime API. */
#include "e2e_check.h"

static void test_bad_scenarios(void)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"", "no step"},
        {"# nothing\n", "no step"},
        {"next\nresponse\nanother\n", "line 3: there is no step another"},
        {"next colour=red", "there is no key colour"},
        {"next sleepy", "there is no flag sleepy"},
        {"next event=a event=b", "given twice"},
        {"next status=abc", "a number is expected"},
        {"next chunk=-1", "a number is expected"},
        {"next event=\"never ends", "does not end"},
        {"next file=/nonexistent/event.json", "No such file"},
        {"exit", "needs a value"},
        {"exit soon", "a number is expected"},
        {"next =x", "a key is expected"},
        {"signal", "needs a value"},
        {"signal TERM", "a number is expected"},
        {"response take=all", "a number is expected"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct emulator_scenario scenario;
        char problem[256] = "";
        CHECK_ROW(rows[i].text);
        CHECK(emulator_scenario_read(rows[i].text, &scenario, problem, sizeof(problem)) < 0);
        if (!CHECK(strstr(problem, rows[i].part) != NULL))
            fprintf(stderr, "    the message is \"%s\"\n", problem);
        emulator_scenario_clean_up(&scenario);
    }
}

/* A program of the shell's that says something else than it should: what comes is told, and nothing waits for
 * ever. */
static void test_bad_programs(void)
{
    static const struct {
        const char *script, *scenario, *problem, *violation;
    } rows[] = {
        {"exit 3", "next event=x\nresponse", "ended with status 3", ""},
        {"exit 3", "exit 1", "status 3, not 1", ""},
        {"kill -9 $$", "exit 0", "status 137, not 0", ""},
        {"sleep 60", "next event=x", "did not come in time", ""},
        {"exec 3<>/dev/tcp/$H/$P; printf 'HELLO\\r\\n\\r\\n' >&3; sleep 60", "next event=x",
         "no request of the Runtime API", ""},
        {"exec 3<>/dev/tcp/$H/$P; printf 'GET / HTTP/1.1\\r\\n\\r\\n' >&3; sleep 60", "next event=x",
         "no request of the Runtime API", ""},
        {"exec 3<>/dev/tcp/$H/$P; printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\n\\r\\n' >&3; "
         "read -r l <&3; exit 0",
         "next event=x\nexit 0", "", "one header Host"},
        {"exec 3<>/dev/tcp/$H/$P; printf 'GET /elsewhere/runtime/invocation/next HTTP/1.1\\r\\nHost: "
         "%s\\r\\n\\r\\n' $H:$P >&3; read -r l <&3; exit 0",
         "next event=x\nexit 0", "", "the path is not"},
        {"exec 3<>/dev/tcp/$H/$P; printf 'POST /2018-06-01/runtime/init/error HTTP/1.1\\r\\nHost: "
         "%s\\r\\nContent-Type: a\\r\\nContent-Length: 2\\r\\n\\r\\n{}' $H:$P >&3; read -r l <&3; exit 0",
         "init-error\nexit 0", "", "Lambda-Runtime-Function-Error-Type is \"\""},
        {"exec 3<>/dev/tcp/$H/$P; printf 'POST /2018-06-01/runtime/init/error HTTP/1.1\\r\\nContent-Length: "
         "20\\r\\n\\r\\n{}' >&3; exec 3>&-; sleep 60",
         "init-error", "did not come in time", "in the middle of a request"},
        {"exec 3<>/dev/tcp/$H/$P; x=$(printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: "
         "%s\\r\\n\\r\\nGET' $H:$P); cat <<<\"$x\" >&3; read -r l <&3; exit 0",
         "next event=x\nexit 0", "", "bytes follow the request"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char script[1024];
        char *const argv[] = {(char *)"/bin/bash", (char *)"-c", script, NULL};
        const struct emulator_options options = {.argv = argv, .timeout_sec = 2};
        struct emulator_run run = {0};
        snprintf(script, sizeof(script),
                 "H=${AWS_LAMBDA_RUNTIME_API%%:*} P=${AWS_LAMBDA_RUNTIME_API##*:}; %s", rows[i].script);
        CHECK_ROW(rows[i].script);
        CHECK_NUMBER(emulator_play(&options, rows[i].scenario, &run), *rows[i].problem ? -1 : 0);
        if (!CHECK(strstr(run.problem, rows[i].problem) && strstr(run.violations, rows[i].violation) &&
                   !*run.violations == !*rows[i].violation))
            fprintf(stderr, "    \"%s\" and \"%s\"\n", run.problem, run.violations);
        emulator_run_clean_up(&run);
    }
}

#define MODE "Lambda-Runtime-Function-Response-Mode: streaming\\r\\n"
#define ANNOUNCED MODE "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\\r\\n"
#define TYPE "Lambda-Runtime-Function-Error-Type: Function.Invalid\\r\\n"
#define BODY "Lambda-Runtime-Function-Error-Body: "

/* What a program streams, and what it registers as. */
static void test_bad_streams(void)
{
    static const struct {
        const char *headers, *body, *problem, *violation;
    } rows[] = {
        {ANNOUNCED, "3\\r\\nabc\\r\\n0\\r\\n\\r\\n", "", ""},
        {"", "0\\r\\n\\r\\n", "", "chunked, but no streaming response"},
        {MODE, "0\\r\\n\\r\\n", "", "trailers are not announced"},
        {ANNOUNCED "Content-Length: 3\\r\\n", "0\\r\\n\\r\\n", "", "both chunked and with a length"},
        {ANNOUNCED, "0\\r\\n" TYPE "\\r\\n", "", "no or two trailers"},
        {ANNOUNCED, "0\\r\\n" TYPE BODY "e30\\r\\n\\r\\n", "", "not base64"},
        {ANNOUNCED, "0\\r\\n" TYPE BODY "e30=\\r\\n\\r\\n", "", "not {errorMessage,"},
        {ANNOUNCED, "xyz\\r\\nabc", "not HTTP", ""},
        {ANNOUNCED, "1\\r\\nabc\\r\\n", "not HTTP", ""},
        {ANNOUNCED, "-1\\r\\nabc\\r\\n", "not HTTP", ""},
        {ANNOUNCED, "7fffffff\\r\\nabc\\r\\n", "not HTTP", ""},
        {ANNOUNCED, "3\\r\\nabc\\r\\n", "ended with status 0", "in the middle of a request"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char script[2048];
        char *const argv[] = {(char *)"/bin/bash", (char *)"-c", script, NULL};
        const struct emulator_options options = {.argv = argv, .timeout_sec = 5};
        struct emulator_run run = {0};
        snprintf(script, sizeof(script),
                 "H=${AWS_LAMBDA_RUNTIME_API%%:*} P=${AWS_LAMBDA_RUNTIME_API##*:}; exec 3<>/dev/tcp/$H/$P; "
                 "printf 'POST /2018-06-01/runtime/invocation//response HTTP/1.1\\r\\nHost: "
                 "%%s\\r\\nContent-Type: "
                 "a\\r\\nTransfer-Encoding: chunked\\r\\n%s\\r\\n%s' $H:$P >&3; %s; exit 0",
                 rows[i].headers, rows[i].body,
                 *rows[i].problem == 'e' ? "exec 3>&-; sleep 1" : "read -r l <&3");
        CHECK_ROW(rows[i].body);
        CHECK_NUMBER(emulator_play(&options, "response\nexit 0", &run), *rows[i].problem ? -1 : 0);
        if (!CHECK(strstr(run.problem, rows[i].problem) && strstr(run.violations, rows[i].violation) &&
                   !*run.violations == !*rows[i].violation))
            fprintf(stderr, "    \"%s\" and \"%s\"\n", run.problem, run.violations);
        emulator_run_clean_up(&run);
    }
}

static void test_bad_extensions(void)
{
    static const struct {
        const char *request, *scenario, *violation;
    } rows[] = {
        {"POST /2020-01-01/extension/register HTTP/1.1\\r\\nHost: %s\\r\\nContent-Type: "
         "a\\r\\nContent-Length: "
         "13\\r\\n\\r\\n{\"events\":[]}",
         "register\nexit 0", "Lambda-Extension-Name is missing"},
        {"POST /2020-01-01/extension/register HTTP/1.1\\r\\nHost: %s\\r\\nContent-Type: "
         "a\\r\\nContent-Length: "
         "2\\r\\nLambda-Extension-Name: x\\r\\n\\r\\n{}",
         "register\nexit 0", "the body is not {events}"},
        {"GET /2020-01-01/extension/event/next HTTP/1.1\\r\\nHost: %s\\r\\n\\r\\n",
         "event-next\nsignal 9\nexit 137", "not the identifier"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char script[1024];
        char *const argv[] = {(char *)"/bin/bash", (char *)"-c", script, NULL};
        const struct emulator_options options = {.argv = argv, .timeout_sec = 5};
        struct emulator_run run = {0};
        snprintf(script, sizeof(script),
                 "H=${AWS_LAMBDA_RUNTIME_API%%:*} P=${AWS_LAMBDA_RUNTIME_API##*:}; exec 3<>/dev/tcp/$H/$P; "
                 "printf '%s' $H:$P >&3; read -r l <&3; exit 0",
                 rows[i].request);
        CHECK_ROW(rows[i].violation);
        CHECK_NUMBER(emulator_play(&options, rows[i].scenario, &run), 0);
        if (!CHECK(strstr(run.violations, rows[i].violation) != NULL))
            fprintf(stderr, "    \"%s\" and \"%s\"\n", run.problem, run.violations);
        emulator_run_clean_up(&run);
    }
}

/* A step out of order is told with both names. */
static void test_unexpected_request(void)
{
    char path[4096];
    char *const argv[] = {path, NULL};
    const struct emulator_options options = {.argv = argv};
    struct emulator_run run = {0};
    snprintf(path, sizeof(path), "%s/function_echo", e2e_folder);
    CHECK_NUMBER(emulator_play(&options, "next event=x\nerror", &run), -1);
    CHECK_TEXT(run.problem,
               "line 2: POST …/invocation/{id}/error was expected; POST …/invocation/{id}/response came");
    emulator_run_clean_up(&run);
}

static void test_missing_program(void)
{
    char *const argv[] = {(char *)"/nonexistent/bootstrap", NULL};
    const struct emulator_options options = {.argv = argv};
    struct emulator_run run = {0};
    CHECK_NUMBER(emulator_play(&options, "exit 127", &run), 0);
    CHECK(strstr(e2e_said(&run), "cannot run /nonexistent/bootstrap") != NULL);
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_bad_scenarios);
    CHECK_RUN(test_bad_programs);
    CHECK_RUN(test_bad_streams);
    CHECK_RUN(test_bad_extensions);
    CHECK_RUN(test_unexpected_request);
    CHECK_RUN(test_missing_program);
    return check_report();
}
