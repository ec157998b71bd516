/* test_runtime_status.c - what a status of Lambda's leads to, and answers that Lambda would not take. */
#include "e2e_check.h"

#define LIMIT "6291556"
#define OVER "6291557"

/* They concern one invocation: each is reported with its status, no error is posted, and the next event is
 * taken. */
static void test_refused_answers(void)
{
    static const int statuses[] = {400, 403, 410, 413, 404, 429, 502, 503};
    static const char *const kinds[][2] = {{"response", "succeeds"}, {"error", "plainly"}};
    for (size_t i = 0; i < 2 * sizeof(statuses) / sizeof(*statuses); i++) {
        struct emulator_run run = {0};
        char scenario[512], number[16];
        const char *const *kind = kinds[i % 2];
        snprintf(number, sizeof(number), "%d", statuses[i / 2]);
        snprintf(scenario, sizeof(scenario),
                 "next event=%s\n%s status=%s "
                 "body=\"{\\\"errorMessage\\\":\\\"m\\\",\\\"errorType\\\":\\\"T\\\"}\"\n"
                 "next event=%s\n%s" E2E_END,
                 kind[1], kind[0], number, kind[1], kind[0]);
        CHECK_ROW(number);
        if (e2e_play("function_fail", NULL, scenario, &run)) {
            CHECK_NUMBER(run.request_count, 5);
            CHECK_NUMBER(run.connections, 1);
            CHECK_NUMBER(e2e_lines(&run), 2);
            CHECK(strstr(e2e_said(&run), number) != NULL);
        }
        emulator_run_clean_up(&run);
    }
}

/* Status 500 means that Lambda cannot go on: the program leaves at once and asks for nothing more. */
static void test_beyond_repair(void)
{
    static const char *const scenarios[] = {
        "next status=500\nexit 1",
        "next status=500 body=\"{\\\"errorMessage\\\":\\\"m\\\"}\" chunk=3 packet=1\nexit 1",
        "next event=succeeds\nresponse status=500\nexit 1",
        "next event=plainly\nerror status=500\nexit 1",
        "next event=succeeds\nresponse\nnext event=plainly\nerror status=500 close\nexit 1",
    };
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
        struct emulator_run run = {0};
        CHECK_ROW(scenarios[i]);
        if (e2e_play("function_fail", NULL, scenarios[i], &run)) {
            CHECK_NUMBER(run.exit_status, 1);
            CHECK_NUMBER(e2e_lines(&run), 1);
            CHECK(strstr(e2e_said(&run), "500") != NULL);
        }
        emulator_run_clean_up(&run);
    }
}

/* The largest answer goes; one byte more fails its invocation before it is sent. */
static void test_answer_limit(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_large", NULL,
                 "next event=" LIMIT "\nresponse\nnext event=" OVER
                 "\nerror\nnext event=20000000\nerror\nnext event=3\nresponse" E2E_END,
                 &run)) {
        CHECK_NUMBER(e2e_body(&run, EMULATOR_RESPONSE, 0).size_bytes, 6291556);
        for (size_t i = 0; i < 2; i++)
            CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_ERROR, i),
                                       "Lambda-Runtime-Function-Error-Type"),
                       "Function.ResponseSizeTooLarge");
        CHECK(strstr(e2e_body(&run, EMULATOR_ERROR, 0).data, OVER) != NULL);
        CHECK(strstr(e2e_body(&run, EMULATOR_ERROR, 1).data, "20000000") != NULL);
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 1), "xxx");
    }
    emulator_run_clean_up(&run);
}

/* A server that answers from the headers alone and closes: the status is read though the body could not be
 * sent. */
static void test_early_413(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_large", NULL,
                 "next event=6000000\nresponse status=413 early header=\"Connection: close\"\nnext "
                 "event=3\nresponse" E2E_END,
                 &run))
        CHECK(strstr(e2e_said(&run), "413") != NULL);
    emulator_run_clean_up(&run);
}

/* Lambda takes its time, with the event as with the 202. */
static void test_slow(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_echo", NULL,
                 "next event=x delay_ms=1500\nresponse delay_ms=1500\nnext event=y\nresponse" E2E_END,
                 &run)) {
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 1), "y");
        CHECK_NUMBER(run.connections, 1);
        CHECK_NUMBER(e2e_lines(&run), 1);
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_refused_answers);
    CHECK_RUN(test_beyond_repair);
    CHECK_RUN(test_answer_limit);
    CHECK_RUN(test_early_413);
    CHECK_RUN(test_slow);
    return check_report();
}
