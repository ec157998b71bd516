/* test_seeing_environment.c - log, metrics and trace of a function in an environment: what CloudWatch and the
 * X-Ray daemon get of each invocation. */
#include "e2e_check.h"

#include <emf_check.h>

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOT "1-5759e988-bd862e3fe1be46a994272793"
#define TRACE(sampled) \
    " header=\"Lambda-Runtime-Trace-Id: Root=" ROOT ";Parent=53995c3f42cd8ad8;Sampled=" sampled "\""

static int daemon_fd;
static char daemon_variable[64];

static void start_daemon(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    daemon_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(bind(daemon_fd, (struct sockaddr *)&address, size) == 0);
    CHECK(getsockname(daemon_fd, (struct sockaddr *)&address, &size) == 0);
    snprintf(daemon_variable, sizeof(daemon_variable), "AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:%d",
             ntohs(address.sin_port));
}

static cJSON *segment(void)
{
    static char datagram[65536];
    ssize_t size = recv(daemon_fd, datagram, sizeof(datagram), MSG_DONTWAIT);
    const char *document = size > 0 ? memchr(datagram, '\n', (size_t)size) : NULL;
    return document ? cJSON_ParseWithLength(document, (size_t)(datagram + size - document)) : NULL;
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

/* What was said, told apart: lines of the log and documents, each of which is one. */
struct said {
    cJSON *lines[16], *documents[16];
    int line_count, document_count;
};

static void tell_apart(const struct emulator_run *run, struct said *said)
{
    struct shared_slice rest = shared_slice_from_text(e2e_said(run));
    *said = (struct said){.line_count = 0};
    while (rest.size_bytes > 0) {
        struct shared_slice line = shared_slice_split(&rest, '\n');
        cJSON *json = cJSON_ParseWithLength(line.data, line.size_bytes);
        if (!CHECK(json != NULL) || !CHECK(said->line_count < 16 && said->document_count < 16))
            continue;
        if (!cJSON_GetObjectItemCaseSensitive(json, "_aws")) {
            said->lines[said->line_count++] = json;
            continue;
        }
        CHECK_TEXT(emf_problem(line.data, line.size_bytes + 1), NULL);
        said->documents[said->document_count++] = json;
    }
}

static void clean_up(struct said *said)
{
    for (int i = 0; i < said->line_count; i++)
        cJSON_Delete(said->lines[i]);
    for (int i = 0; i < said->document_count; i++)
        cJSON_Delete(said->documents[i]);
}

/* Messages of the lines, one after the other. */
static const char *messages(const struct said *said)
{
    static char all[1024];
    all[0] = '\0';
    for (int i = 0; i < said->line_count; i++) {
        const char *message = text_of(said->lines[i], "message");
        snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s;", message ? message : "?");
    }
    return all;
}

static void check_trace(void)
{
    static const char *const names[] = {"inner", "## handler", "inner", "## handler"};
    for (int i = 0; i < 4; i++) {
        cJSON *document = segment();
        CHECK_TEXT(text_of(document, "name"), names[i]);
        CHECK_TEXT(text_of(document, "trace_id"), ROOT);
        CHECK_TEXT(text_of(document, "type"), "subsegment");
        CHECK_NUMBER(cJSON_IsTrue(cJSON_GetObjectItem(document, "fault")) != 0, i == 3);
        cJSON_Delete(document);
    }
    CHECK(segment() == NULL);
}

/* The second fails; the third is not sampled; the last was chosen to be logged from DEBUG on. */
static void test_invocations(void)
{
    const char *const env[] = {daemon_variable, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                               "POWERTOOLS_SERVICE_NAME=catalog", NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    struct said said;
    start_daemon();
    if (e2e_play(
            "function_seeing", &options,
            "next id=r-1 event=\"{\\\"headers\\\":{\\\"X-Correlation-Id\\\":\\\"c-1\\\"}}\"" TRACE(
                "1") "\nresponse\nnext id=r-2 event=\"fail \\xFF\\n\"" TRACE("1") "\nerror\nnext id=r-3 "
                                                                                  "event=x" TRACE("0") "\nres"
                                                                                                       "pons"
                                                                                                       "e" E2E_END,
            &run)) {
        tell_apart(&run, &said);
        CHECK(strstr(messages(&said), "cold start;seldom seen;invocation failed;") == messages(&said));
        CHECK_TEXT(text_of(said.lines[0], "correlationId"), "c-1");
        CHECK_TEXT(text_of(said.lines[0], "service"), "catalog");
        CHECK_TEXT(text_of(said.lines[0], "memory_mb"), "128");
        CHECK(cJSON_GetNumberValue(cJSON_GetObjectItem(said.lines[0], "init_ms")) > 0);
        CHECK_TEXT(text_of(said.lines[1], "requestId"), "r-2");
        CHECK_TEXT(text_of(said.lines[1], "event"), "fail \xEF\xBF\xBD\n");
        CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(said.lines[1], "bytes")), 7);
        CHECK_TEXT(text_of(said.lines[2], "errorType"), "NotFound");

        /* The cold start's, and two of each invocation, as 150 values do not go into one. */
        static const char *const ids[] = {NULL, "r-1", "r-1", "r-2", "r-2", "r-3", "r-3"};
        CHECK_NUMBER(said.document_count, 7);
        for (int i = 0; i < said.document_count && i < 7; i++) {
            CHECK_TEXT(text_of(said.documents[i], "requestId"), ids[i]);
            CHECK_TEXT(text_of(said.documents[i], "service"), "catalog");
        }
        clean_up(&said);
        check_trace();
    }
    emulator_run_clean_up(&run);
    close(daemon_fd);
}

static void test_outside_of_a_trace(void)
{
    const char *const env[] = {"AWS_LAMBDA_LOG_LEVEL=ERROR", "POWERTOOLS_LOGGER_SAMPLE_RATE=1", NULL};
    const struct emulator_options options = {.env = env};
    struct emulator_run run = {0};
    struct said said;
    if (e2e_play("function_seeing", &options, "next id=r-1 event=x" TRACE("1") "\nresponse" E2E_END, &run)) {
        tell_apart(&run, &said);
        CHECK_TEXT(messages(&said), "cold start;seldom seen;");
        CHECK(said.line_count == 2 && cJSON_IsTrue(cJSON_GetObjectItem(said.lines[1], "sampled")));
        clean_up(&said);
    }
    emulator_run_clean_up(&run);
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_invocations);
    CHECK_RUN(test_outside_of_a_trace);
    return check_report();
}
