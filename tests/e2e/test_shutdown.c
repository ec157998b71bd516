/* test_shutdown.c - an extension that asks for nothing, and what is done on SIGTERM. */
#include "e2e_check.h"

#include <signal.h>

#define REGISTERED "register\nevent-next\n"
#define GOODBYE "goodbye, world\n"

/* Each is played to its end, where the program has said goodbye, once, and what else is expected. */
static const struct {
    const char *name, *env, *scenario, *said;
} rows[] = {
    {"between invocations", NULL, REGISTERED "next event=x\nresponse\nsignal 15\nexit 0", ""},
    {"before the first", NULL, REGISTERED "signal 15\nexit 0", ""},
    {"while a handler runs", NULL, REGISTERED "next event=slow\nreport sleeps\nsignal 15\nexit 0",
     "sleeps\n"},
    {"several workers", "AWS_LAMBDA_MAX_CONCURRENCY=5", REGISTERED "signal 15\nexit 0", ""},
    {"registered below a path", NULL, REGISTERED "next event=x\nresponse\nsignal 15\nexit 0", ""},
    {"the connection closed by Lambda", NULL,
     "register close header=\"Connection: close\"\nevent-next\nnext event=x\nresponse\nsignal 15\nexit 0",
     ""},
    {"registered in pieces", NULL,
     "register chunk=1 packet=7 body={}\nevent-next\nnext event=x\nresponse\nsignal 15\nexit 0", ""},
    {"refused", NULL, "register status=403\nnext event=x\nresponse\nsignal 15\nexit 0",
     "Protocol: register an extension: status 403, no identifier\n"},
    {"without an identifier", NULL, "register no-id\nnext event=x\nresponse\nsignal 15\nexit 0",
     "Protocol: register an extension: status 200, no identifier\n"},
    {"no HTTP", NULL, "register raw=\"SSH-2.0\\r\\n\"\nnext event=x\nresponse\nsignal 15\nexit 0",
     "Protocol: register an extension: the answer is not HTTP, or too large\n"},
    {"lost", NULL, "register cut=0\nnext event=x\nresponse\nsignal 15\nexit 0",
     "InputOutput: register an extension: the connection was closed\n"},
    {"no thread", "NO_THREAD=1", "next event=x\nresponse\nsignal 15\nexit 143",
     "InputOutput: start the thread that waits for SIGTERM: Resource temporarily unavailable\n"},
};

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *const env[] = {rows[i].env, NULL};
        const struct emulator_options options = {
            .env = env, .suffix = strstr(rows[i].name, "path") ? "/some/prefix" : NULL};
        struct emulator_run run = {0};
        char said[512];
        CHECK_ROW(rows[i].name);
        snprintf(said, sizeof(said), "%s%s", rows[i].said, rows[i].env && *rows[i].env == 'N' ? "" : GOODBYE);
        if (e2e_play("function_shutdown", &options, rows[i].scenario, &run))
            CHECK_TEXT(e2e_said(&run), said);
        emulator_run_clean_up(&run);
    }
}

/* A function that Lambda stops by itself ends as ever, and the extension is in nobody's way. */
static void test_lives_on(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_shutdown", NULL,
                 REGISTERED "next event=x\nresponse\nnext cut=0\nnext event=y\nresponse" E2E_END, &run)) {
        CHECK_TEXT(emulator_header(emulator_request(&run, EMULATOR_REGISTER, 0), "Lambda-Extension-Name"),
                   "libshared-shutdown");
        CHECK_SLICE(e2e_body(&run, EMULATOR_REGISTER, 0), "{\"events\":[]}");
        CHECK_NUMBER(run.connections, 3);
        CHECK(strstr(e2e_said(&run), GOODBYE) == NULL);
    }
    emulator_run_clean_up(&run);
}

/* A program that the handler starts has what one had that was started before the extension was registered. */
static void test_no_descriptor_is_inherited(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_shutdown", NULL, REGISTERED "next event=descriptors\nresponse" E2E_END, &run))
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 0), "no more than before");
    emulator_run_clean_up(&run);
}

/* Outside of Lambda there is nothing to register with. */
static void test_outside(void)
{
    const char *const env[] = {"ALONE=1", NULL};
    struct emulator_options options = {.env = env, .api_unset = true};
    struct emulator_run run = {0};
    if (e2e_play("function_shutdown", &options, "report waits\nsignal 15\nexit 0", &run)) {
        CHECK_TEXT(e2e_said(&run), "waits\n" GOODBYE);
        CHECK_NUMBER(run.connections, 0);
    }
    emulator_run_clean_up(&run);

    options.api_unset = false;
    options.api = "nowhere";
    CHECK_ROW("malformed");
    e2e_play("function_shutdown", &options, "exit 3", &run);
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_NUMBER(SIGTERM, 15);
    CHECK_RUN(test_rows);
    CHECK_RUN(test_lives_on);
    CHECK_RUN(test_no_descriptor_is_inherited);
    CHECK_RUN(test_outside);
    return check_report();
}
