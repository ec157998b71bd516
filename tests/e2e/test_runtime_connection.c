/* test_runtime_connection.c - connections that are lost, refused or talk nonsense are made again, and never
 * silently. */
#include "e2e_check.h"

/* A scenario for function_echo that is played to its end, after one plain event in which the connection was
 * made. */
struct loss {
    const char *name;
    const char *steps;
    int connections;    /* all in all; 0: not counted */
    int reports;        /* lines on standard error, without the one of the end; -1: some */
    const char *report; /* a part of what it says, NULL: anything */
};

/* A kept-alive connection that breaks is made again once without a word: that is how idle ones end. */
static const struct loss losses[] = {
    {"/next, unanswered", "next cut=0\nnext event=x\nresponse", 2, 0, NULL},
    {"/next, unanswered, reset", "next cut=0 reset\nnext event=x\nresponse", 2, 0, NULL},
    {"/next, cut in the status line", "next event=x cut=5\nnext again event=x\nresponse", 2, 0, NULL},
    {"/next, cut in the headers", "next event=x cut=60\nnext again event=x\nresponse", 2, 0, NULL},
    {"/next, cut in the headers, reset", "next event=x cut=60 reset\nnext again event=x\nresponse", 2, 0,
     NULL},
    {"/next, cut in the body", "next size=100000 cut=50000\nnext again event=x\nresponse", 2, 0, NULL},
    {"/next, cut in the body, reset", "next size=100000 cut=50000 reset\nnext again event=x\nresponse", 2, 0,
     NULL},
    {"/next, cut one byte before the end", "next event=xy length=3 close\nnext again event=x\nresponse", 0, 0,
     NULL},
    {"/next, cut in a chunk", "next size=10000 chunk=1000 cut=5000\nnext again event=x\nresponse", 2, 0,
     NULL},
    {"/next, cut before the last chunk",
     "next event=x chunk=1 no-length raw=\"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: "
     "chunked\\r\\n\\r\\n1\\r\\nx\\r\\n\" close\nnext event=x\nresponse",
     2, 0, NULL},
    {"/next, lost twice", "next cut=0\nnext cut=0\nnext event=x\nresponse", 3, 1, "runtime: "},
    {"/next, refused after it was lost", "next cut=0\nrefuse\nnext event=x\nresponse", 3, 1, "runtime: "},
    {"/next, refused again and again", "next cut=0\nrefuse\nrefuse\nrefuse\nrefuse\nnext event=x\nresponse",
     6, 4, NULL},
    {"nobody listens", "down\nnext event=x\nresponse", 2, -1, "refused"},
    {"the answer, before its 202", "next event=x\nresponse cut=0\nresponse\nnext event=y\nresponse", 2, 0,
     NULL},
    {"the answer, before its 202, reset", "next event=x\nresponse cut=0 reset\nresponse", 2, 0, NULL},
    {"the answer, in its 202", "next event=x\nresponse cut=20\nresponse", 2, 0, NULL},
    {"the answer, twice", "next event=x\nresponse cut=0\nresponse cut=0\nresponse", 3, 1, NULL},
    {"the answer, refused", "next event=x close\nrefuse\nrefuse\nresponse", 4, 2, NULL},
    {"a large answer, reset while it is sent", "next size=6291456\nresponse early raw=\"\" reset\nresponse",
     2, 0, NULL},
    {"the answer, five connections made again in vain",
     "next event=x\nresponse cut=0\nresponse cut=0\nresponse cut=0\nresponse cut=0\nresponse cut=0\nresponse "
     "cut=0\n"
     "next event=y\nresponse",
     7, 5, NULL},
    {"each connection after one exchange",
     "next event=x close\nresponse close\nnext event=y close reset\nresponse close reset\nnext "
     "event=z\nresponse",
     5, 0, NULL},
};

static void play_loss(const struct loss *loss)
{
    struct emulator_run run = {0};
    char scenario[2048];
    CHECK_ROW(loss->name);
    snprintf(scenario, sizeof(scenario), "next event=first\nresponse\n%s" E2E_END, loss->steps);
    if (e2e_play("function_echo", NULL, scenario, &run)) {
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 0), "first");
        if (loss->connections)
            CHECK_NUMBER(run.connections, loss->connections);
        if (loss->reports >= 0)
            CHECK_NUMBER(e2e_lines(&run), loss->reports + 1);
        CHECK(!loss->report || strstr(e2e_said(&run), loss->report));
    }
    emulator_run_clean_up(&run);
}

static void test_losses(void)
{
    for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++)
        play_loss(&losses[i]);
}

/* What is no answer of Lambda's is reported, the connection given up, and the event asked for again. */
static const struct loss nonsense[] = {
    {"another protocol", "next raw=\"SSH-2.0-OpenSSH_9.2\\r\\n\"", 0, 1, "runtime: "},
    {"HTTP/2", "next raw=\"HTTP/2 200\\r\\n\\r\\n\"", 0, 1, NULL},
    {"bytes", "next raw=\"\\0\\xFF\\x01\\r\\n\\r\\n\"", 0, 1, NULL},
    {"an empty line first", "next raw=\"\\r\\n\\r\\n\"", 0, 1, NULL},
    {"no status", "next raw=\"HTTP/1.1\\r\\n\\r\\n\"", 0, 1, NULL},
    {"a status of letters", "next raw=\"HTTP/1.1 abc OK\\r\\n\\r\\n\"", 0, 1, NULL},
    {"a status of five digits", "next raw=\"HTTP/1.1 20000 OK\\r\\nContent-Length: 0\\r\\n\\r\\n\"", 0, 1,
     NULL},
    {"a negative length", "next raw=\"HTTP/1.1 200 OK\\r\\nContent-Length: -5\\r\\n\\r\\n\"", 0, 1, NULL},
    {"a length of letters", "next raw=\"HTTP/1.1 200 OK\\r\\nContent-Length: five\\r\\n\\r\\n\"", 0, 1, NULL},
    {"a length of 23 digits",
     "next raw=\"HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999999999999999\\r\\n\\r\\n\"", 0, 1, NULL},
    {"a length of 1 GiB", "next raw=\"HTTP/1.1 200 OK\\r\\nContent-Length: 1073741824\\r\\n\\r\\n\"", 0, 1,
     NULL},
    {"two lengths",
     "next raw=\"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nContent-Length: 6\\r\\n\\r\\nhello!\"", 0, 1,
     NULL},
    {"another transfer coding", "next raw=\"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n\"", 0, 1,
     NULL},
    {"a chunk size of letters",
     "next raw=\"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxyz\\r\\n\"", 0, 1, NULL},
    {"a chunk size of 16 digits",
     "next raw=\"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nffffffffffffffff\\r\\n\"", 0, 1,
     NULL},
    {"a chunk of 128 MiB",
     "next raw=\"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n8000000\\r\\n\" close", 0, 1,
     NULL},
    {"a chunk without its end",
     "next raw=\"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nxyz\\r\\n\"", 0, 1, NULL},
    {"no request id", "next no-id event=lost", 0, 1, "request id"},
    {"an empty request id", "next id=\"\" event=lost", 0, 1, "request id"},
    {"status 204", "next status=204", 0, 1, "204"},
    {"status 301", "next status=301 header=\"Location: http://127.0.0.1:1/\"", 0, 1, "301"},
    {"status 403", "next status=403 body=\"{\\\"errorType\\\":\\\"InvalidStateTransition\\\"}\"", 0, 1,
     "403"},
    {"status 503", "next status=503 body=busy", 0, 1, "503"},
};

static void test_nonsense(void)
{
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(*nonsense); i++) {
        struct loss row = nonsense[i];
        char steps[1024];
        snprintf(steps, sizeof(steps), "%s\nnext event=x\nresponse", row.steps);
        row.steps = steps;
        play_loss(&row);
    }
}

/* A head over the limit is refused, not taken in without end. */
static void test_head_without_end(void)
{
    size_t size = 4 << 20;
    char *scenario = malloc(size + 256), *at = scenario;
    struct emulator_run run = {0};
    at = stpcpy(at, "next event=x\nresponse\nnext raw=\"HTTP/1.1 200 OK\\r\\nX: ");
    memset(at, 'x', size);
    strcpy(at + size, "\"\nnext event=y\nresponse" E2E_END);
    if (e2e_play("function_echo", NULL, scenario, &run)) {
        CHECK_SLICE(e2e_body(&run, EMULATOR_RESPONSE, 1), "y");
        CHECK_NUMBER(e2e_lines(&run), 2);
    }
    free(scenario);
    emulator_run_clean_up(&run);
}

/* The pauses of 10, 20, 40 … ms have passed, whatever the machine was busy with; and there is no end to it.
 */
static void test_back_off(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_echo", NULL,
                 "next event=first\nresponse\nnext "
                 "cut=0\nrefuse\nrefuse\nrefuse\nrefuse\nrefuse\nrefuse\nrefuse\nrefuse\n"
                 "next event=x\nresponse" E2E_END,
                 &run)) {
        double lost = emulator_request(&run, EMULATOR_NEXT, 1)->arrived_sec;
        double back = emulator_request(&run, EMULATOR_NEXT, 2)->arrived_sec;
        CHECK(back - lost >= (10 + 20 + 40 + 80 + 160 + 320 + 640 + 1000) / 1000.0);
        CHECK_NUMBER(e2e_lines(&run), 9);
    }
    emulator_run_clean_up(&run);
}

/* What was sent again is what was sent first. */
static void test_answer_sent_again(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_echo", NULL,
                 "next size=3000000 header=\"Lambda-Runtime-Invocation-Id: 7\"\nresponse cut=0\nresponse "
                 "cut=0 reset\nresponse" E2E_END,
                 &run)) {
        CHECK_NUMBER(e2e_body(&run, EMULATOR_RESPONSE, 0).size_bytes, 3000000);
        CHECK_BYTES(e2e_body(&run, EMULATOR_RESPONSE, 1), e2e_body(&run, EMULATOR_RESPONSE, 0));
        CHECK_BYTES(e2e_body(&run, EMULATOR_RESPONSE, 2), e2e_body(&run, EMULATOR_RESPONSE, 0));
    }
    emulator_run_clean_up(&run);
}

/* Lambda may be asked before it listens: an emulator that starts after the function. */
static void test_lambda_starts_later(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_echo", NULL, "down\nnext event=x\nresponse" E2E_END, &run))
        CHECK_NUMBER(run.connections, 1);
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_losses);
    CHECK_RUN(test_nonsense);
    CHECK_RUN(test_head_without_end);
    CHECK_RUN(test_back_off);
    CHECK_RUN(test_answer_sent_again);
    CHECK_RUN(test_lambda_starts_later);
    return check_report();
}
