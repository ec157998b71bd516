/* Log, metrics and trace around a handler: what each invocation gets and what is left of it, whatever its
 * outcome; one after the other and many at once. */
#include <shared/chain.h>
#include <shared/log_middleware.h>
#include <shared/metrics_middleware.h>
#include <shared/stream.h>
#include <shared/trace_middleware.h>

#include "capture_pipe.h"
#include "emf_check.h"
#include "exhaust.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ROOT "1-5759e988-bd862e3fe1be46a994272793"
#define HEADER "Root=" ROOT ";Parent=53995c3f42cd8ad8;Sampled=1"

static struct capture out, documents;
static int result; /* what the handler returns */

static int handler(const struct shared_context *context, struct shared_slice event,
                   struct shared_answer *answer, struct shared_error *err)
{
    struct shared_segment segment;
    shared_log(context->log, SHARED_LOG_TRACE, "trace");
    shared_log(context->log, SHARED_LOG_DEBUG, "debug");
    shared_log(context->log, SHARED_LOG_INFO, "info");
    shared_metrics_add(context->metrics, "Served", SHARED_METRICS_COUNT, 1);
    shared_segment_open(&segment, context->trace, NULL, "inner", context->arena);
    shared_segment_close(&segment, NULL);
    answer->body = event;
    return result < 0 ? shared_fail(err, (enum shared_error_code)result, 0, "out of stock") : result;
}

/* Descriptors 1 and 2 of the process, where metrics and lines go. */
static int kept[2];

static void redirect(void)
{
    fflush(stdout);
    fflush(stderr);
    kept[0] = dup(STDOUT_FILENO);
    kept[1] = dup(STDERR_FILENO);
    dup2(capture_begin(&documents), STDOUT_FILENO);
    dup2(capture_begin(&out), STDERR_FILENO);
}

static void restore(void)
{
    for (int i = 0; i < 2; i++) {
        dup2(kept[i], i + 1);
        close(kept[i]);
    }
    capture_end(&documents);
    capture_end(&out);
    struct shared_slice rest = shared_slice_of(documents.text, documents.size_bytes);
    while (rest.size_bytes > 0) {
        struct shared_slice line = shared_slice_split(&rest, '\n');
        CHECK_TEXT(emf_problem(line.data, line.size_bytes + 1), NULL);
    }
}

static struct shared_chain chain;
static const char *trace_id = HEADER;

static int serve(const char *id, const char *event)
{
    struct shared_arena arena = {0};
    struct shared_context context = {
        .request_id = id, .trace_id = trace_id, .arena = &arena, .user = &chain, .deadline_ms = INT64_MAX};
    struct shared_answer answer = {.content_type = NULL};
    struct shared_error err = {.code = SHARED_OK};
    int served = shared_chain_serve(&context, shared_slice_from_text(event), &answer, &err);
    shared_arena_clean_up(&arena);
    return served;
}

/* One invocation of a warm environment with a log alone; what it says is in out. */
static void serve_log(struct shared_log_middleware *log, const char *event)
{
    shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&log->middleware));
    chain.warm = true;
    redirect();
    serve("r-1", event);
    restore();
}

static void check_messages(const char *const *expected)
{
    int n = 0;
    for (; expected[n]; n++) {
        cJSON *line = capture_json(&out, n);
        CHECK_TEXT(capture_text(line, "message"), expected[n]);
        CHECK_TEXT(capture_text(line, "requestId"), "r-1");
        cJSON_Delete(line);
    }
    CHECK_NUMBER(capture_lines(&out), n);
}

#define MESSAGES(...) check_messages((const char *const[]){__VA_ARGS__, NULL})

static void test_log_of_a_cold_start(void)
{
    static struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE, .log_event = true};
    setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128", 1);
    setenv("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", 1);
    shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&log.middleware));
    chain.init_us = 12345;
    redirect();
    serve("r-1", "{\"a\":\xFF}");
    serve("r-1", "x");
    restore();
    MESSAGES("cold start", "event", "info", "event", "info");
    cJSON *cold = capture_json(&out, 0), *event = capture_json(&out, 1);
    CHECK(cJSON_GetNumberValue(cJSON_GetObjectItem(cold, "init_ms")) == 12.345);
    CHECK_TEXT(capture_text(cold, "memory_mb"), "128");
    CHECK_TEXT(capture_text(cold, "functionVersion"), "$LATEST");
    CHECK_TEXT(capture_text(cold, "xrayTraceId"), ROOT);
    CHECK_TEXT(capture_text(event, "event"), "{\"a\":\xEF\xBF\xBD}");
    cJSON_Delete(cold);
    cJSON_Delete(event);
    unsetenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
    unsetenv("AWS_LAMBDA_FUNCTION_VERSION");
}

static void test_log_without_a_root(void)
{
    static const char *const headers[] = {NULL, "", "Root=;Parent=53995c3f42cd8ad8", "Sampled=1"};
    static struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE};
    for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
        trace_id = headers[i];
        serve_log(&log, "x");
        cJSON *line = capture_json(&out, 0);
        CHECK(!cJSON_GetObjectItem(line, "xrayTraceId"));
        cJSON_Delete(line);
    }
    trace_id = HEADER;
}

static void test_lines_that_are_held(void)
{
    static struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE, SHARED_LOG_HELD(4096)};
    result = 0;
    serve_log(&log, "x");
    MESSAGES("info");
    result = 3; /* the answer has been sent */
    serve_log(&log, "x");
    MESSAGES("info");
    result = SHARED_EFAULT; /* an answer that has to travel as an error */
    serve_log(&log, "x");
    MESSAGES("info");
    result = SHARED_ENOTFOUND;
    serve_log(&log, "x");
    MESSAGES("info", "trace", "debug", "invocation failed");
    cJSON *line = capture_json(&out, 3);
    CHECK_TEXT(capture_text(line, "level"), "ERROR");
    CHECK_TEXT(capture_text(line, "errorType"), "NotFound");
    CHECK_TEXT(capture_text(line, "error"), "out of stock");
    CHECK(!cJSON_GetObjectItem(line, "heldLinesLost"));
    cJSON_Delete(line);
    log.held_level = SHARED_LOG_DEBUG;
    serve_log(&log, "x");
    MESSAGES("info", "debug", "invocation failed");
    log.hold_bytes = 0; /* none has room */
    serve_log(&log, "x");
    MESSAGES("info", "invocation failed");
    log.held_level = SHARED_LOG_TRACE;
    log.hold_bytes = 200; /* one of the two */
    serve_log(&log, "x");
    MESSAGES("info", "debug", "invocation failed");
    line = capture_json(&out, 2);
    CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(line, "heldLinesLost")), 1);
    cJSON_Delete(line);
    result = 0;
}

static void test_levels_and_samples(void)
{
    static const struct {
        const char *level, *own_level, *variable;
        double rate;
        int lines;
        bool sampled;
    } rows[] = {
        {NULL, NULL, NULL, 0, 1, false},      {"TRACE", NULL, NULL, 0, 3, false},
        {"DEBUG", "WARN", NULL, 0, 0, false}, {"WARN", "DEBUG", NULL, 0, 2, false},
        {NULL, "odd", NULL, 0, 1, false},     {NULL, NULL, NULL, 1, 2, true},
        {NULL, NULL, "1", 0, 2, true},        {NULL, NULL, "1.0", 0, 2, true},
        {NULL, NULL, "0", 0, 1, false},       {NULL, NULL, "0.0", 0, 1, false},
        {NULL, NULL, "", 0, 1, false},        {NULL, NULL, ".", 0, 1, false},
        {NULL, NULL, "1e0", 0, 1, false},     {NULL, NULL, "-1", 0, 1, false},
        {NULL, NULL, "1.1.1", 0, 1, false},   {NULL, NULL, "\xFF", 0, 1, false},
        {"ERROR", NULL, NULL, 1, 2, true},    {"TRACE", NULL, NULL, 1, 3, true},
        {NULL, NULL, NULL, -1, 1, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE, .debug_sample_rate = rows[i].rate};
        const char *const variables[] = {"AWS_LAMBDA_LOG_LEVEL",          rows[i].level,
                                         "POWERTOOLS_LOG_LEVEL",          rows[i].own_level,
                                         "POWERTOOLS_LOGGER_SAMPLE_RATE", rows[i].variable};
        char row[16];
        snprintf(row, sizeof(row), "%zu", i);
        CHECK_ROW(row);
        for (int v = 0; v < 6; v += 2)
            variables[v + 1] ? setenv(variables[v], variables[v + 1], 1) : unsetenv(variables[v]);
        serve_log(&log, "x");
        CHECK_NUMBER(capture_lines(&out), rows[i].lines);
        if (rows[i].lines > 0) {
            cJSON *line = capture_json(&out, 0);
            CHECK((cJSON_IsTrue(cJSON_GetObjectItem(line, "sampled")) != 0) == rows[i].sampled);
            cJSON_Delete(line);
        }
    }
    unsetenv("AWS_LAMBDA_LOG_LEVEL");
    unsetenv("POWERTOOLS_LOG_LEVEL");
    unsetenv("POWERTOOLS_LOGGER_SAMPLE_RATE");
    struct shared_log_middleware half = {SHARED_LOG_MIDDLEWARE, .debug_sample_rate = 0.5};
    int chosen = 0;
    for (int i = 0; i < 400; i++) {
        serve_log(&half, "x");
        chosen += capture_lines(&out) == 2;
    }
    CHECK(chosen > 100 && chosen < 300); /* 10 standard deviations */
}

static void test_correlation(void)
{
    static char long_id[2][600];
    static const struct {
        const char *path, *event, *expected;
    } rows[] = {
        {"requestContext.requestId", "{\"requestContext\":{\"requestId\":\"c-1\"}}", "c-1"},
        {"headers.x-correlation-id", "{\"headers\":{\"X-Correlation-ID\":\"c-1\"}}", "c-1"},
        {"Records.1.messageId", "{\"Records\":[{},{\"messageId\":\"c-1\"}]}", "c-1"},
        {"id", "{\"id\":42}", "42"},
        {"id", "{\"id\":-1.5e3}", "-1.5e3"},
        {"id", "{\"id\":\"\\u00e9\\n\\ud83d\"}", "\xC3\xA9\n\xEF\xBF\xBD"},
        {"id", "{\"id\":\"\xFF\"}", "\xEF\xBF\xBD"},
        {"id", "{\"id\":null}", NULL},
        {"id", "{\"id\":true}", NULL},
        {"id", "{\"id\":{\"a\":1}}", NULL},
        {"id", "{\"id\":[1]}", NULL},
        {"id", "{\"id\":\"\"}", NULL},
        {"id", "{\"other\":1}", NULL},
        {"id", "{\"id\":\"open", NULL},
        {"id", "no JSON", NULL},
        {"id", "", NULL},
        {"", "{\"id\":1}", NULL},
        {"id.", "{\"id\":1}", NULL},
        {"id", long_id[0], NULL},
        {"id", long_id[1], long_id[1] + 300},
    };
    memset(long_id, 'i', sizeof(long_id));
    memcpy(long_id[0], "{\"id\":\"", 7);
    memcpy(long_id[0] + 7 + 257, "\"}", 3);
    memcpy(long_id[1], "{\"id\":\"", 7);
    memcpy(long_id[1] + 7 + 256, "\"}", 3);
    long_id[1][300 + 256] = '\0';
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE, SHARED_LOG_CORRELATION(rows[i].path)};
        CHECK_ROW(rows[i].event);
        serve_log(&log, rows[i].event);
        cJSON *line = capture_json(&out, 0);
        CHECK_TEXT(capture_text(line, "correlationId"), rows[i].expected);
        cJSON_Delete(line);
    }
}

static void test_service(void)
{
    struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE};
    setenv("POWERTOOLS_SERVICE_NAME", "catalog", 1);
    serve_log(&log, "x");
    cJSON *line = capture_json(&out, 0);
    CHECK_TEXT(capture_text(line, "service"), "catalog");
    cJSON_Delete(line);
    log.service = "own";
    serve_log(&log, "x");
    line = capture_json(&out, 0);
    CHECK_TEXT(capture_text(line, "service"), "own");
    cJSON_Delete(line);
    unsetenv("POWERTOOLS_SERVICE_NAME");
}

static void test_metrics(void)
{
    static const char *const dimensions[] = {"stage", "live", "b\xFF", "x", NULL};
    struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE};
    struct shared_metrics_middleware metrics = {SHARED_METRICS_MIDDLEWARE, "video-api", .service = "catalog",
                                                .dimensions = dimensions};
    setenv("AWS_LAMBDA_FUNCTION_NAME", "get-title", 1);
    shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&log.middleware, &metrics.middleware));
    chain.init_us = 12345;
    redirect();
    serve("r-1", "x");
    result = SHARED_EIO;
    serve("r-2", "x");
    result = 0;
    restore();
    CHECK_NUMBER(capture_lines(&documents), 3);
    cJSON *cold = capture_json(&documents, 0), *first = capture_json(&documents, 1),
          *failed = capture_json(&documents, 2);
    CHECK_TEXT(capture_text(cold, "FunctionName"), "get-title");
    CHECK_TEXT(capture_text(cold, "service"), "catalog");
    CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(cold, "ColdStart")), 1);
    CHECK(cJSON_GetNumberValue(cJSON_GetObjectItem(cold, "InitDuration")) == 12.345);
    CHECK_TEXT(capture_text(first, "requestId"), "r-1");
    CHECK_TEXT(capture_text(first, "stage"), "live");
    CHECK_TEXT(capture_text(failed, "requestId"), "r-2");
    CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItem(failed, "Served")), 1);
    cJSON_Delete(cold);
    cJSON_Delete(first);
    cJSON_Delete(failed);
    cJSON *warning = capture_json(&out, 2);
    CHECK_TEXT(capture_text(warning, "level"), "WARN");
    CHECK(strstr(capture_text(warning, "message"), "not the name or value of a dimension") != NULL);
    cJSON_Delete(warning);
    unsetenv("AWS_LAMBDA_FUNCTION_NAME");
}

static int daemon_fd;

static void start_daemon(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char text[64];
    int room = 4 << 20;
    daemon_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(daemon_fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    CHECK(bind(daemon_fd, (struct sockaddr *)&address, size) == 0);
    CHECK(getsockname(daemon_fd, (struct sockaddr *)&address, &size) == 0);
    snprintf(text, sizeof(text), "127.0.0.1:%d", ntohs(address.sin_port));
    setenv("AWS_XRAY_DAEMON_ADDRESS", text, 1);
}

static cJSON *received(void)
{
    static char datagram[65536];
    ssize_t size = recv(daemon_fd, datagram, sizeof(datagram), MSG_DONTWAIT);
    const char *document = size > 0 ? memchr(datagram, '\n', (size_t)size) : NULL;
    return document ? cJSON_ParseWithLength(document, (size_t)(datagram + size - document)) : NULL;
}

static const char *inside(const cJSON *json, const char *object, const char *name)
{
    return capture_text(cJSON_GetObjectItemCaseSensitive(json, object), name);
}

static void test_trace(void)
{
    struct shared_trace_middleware trace = {SHARED_TRACE_MIDDLEWARE, .service = "catalog",
                                            .capture_response = true};
    start_daemon();
    shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&trace.middleware));
    serve("r-1", "an \"event\"");
    cJSON *inner = received(), *outer = received();
    CHECK_TEXT(capture_text(outer, "name"), "## handler");
    CHECK_TEXT(capture_text(outer, "parent_id"), "53995c3f42cd8ad8");
    CHECK_TEXT(capture_text(inner, "parent_id"), capture_text(outer, "id"));
    CHECK_TEXT(inside(outer, "annotations", "Service"), "catalog");
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(cJSON_GetObjectItem(outer, "annotations"), "ColdStart")));
    CHECK_TEXT(inside(cJSON_GetObjectItem(outer, "metadata"), "default", "response"), "an \"event\"");
    CHECK(!cJSON_GetObjectItem(outer, "fault"));
    cJSON_Delete(inner);
    cJSON_Delete(outer);
    result = SHARED_EPROTO;
    serve("r-2", "x");
    result = 0;
    inner = received(), outer = received();
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(outer, "fault")));
    CHECK(cJSON_IsFalse(cJSON_GetObjectItem(cJSON_GetObjectItem(outer, "annotations"), "ColdStart")));
    CHECK(!cJSON_GetObjectItem(outer, "metadata"));
    cJSON_Delete(inner);
    cJSON_Delete(outer);
    CHECK(received() == NULL);
    close(trace.socket - 2);
    close(daemon_fd);
}

static int said; /* the code in the error of the handler that returns result; 0: it leaves it alone */

static int handler_of_codes(const struct shared_context *context, struct shared_slice event,
                            struct shared_answer *answer, struct shared_error *err)
{
    (void)context, (void)event, (void)answer;
    if (said)
        shared_fail(err, (enum shared_error_code)said, 0, "out of stock");
    return result;
}

/* Log and trace name a failure as the loop does: by the error's code, or else by what was returned. */
static void test_codes(void)
{
    static struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE};
    static const struct {
        const char *name;
        int result, said;
        const char *type;
    } rows[] = {
        {"the same", SHARED_EIO, SHARED_EIO, "InputOutput"},
        {"return -1, as in shared/stream.h", -1, SHARED_ENOMEM, "OutOfMemory"},
        {"no error", SHARED_ETIMEDOUT, 0, "TimedOut"},
        {"no code of the library's", -77, 0, "Unknown"},
        {"a stream that broke off", SHARED_STREAM_FAILED, SHARED_ENOTFOUND, "NotFound"},
    };
    struct shared_trace_middleware trace = {SHARED_TRACE_MIDDLEWARE};
    start_daemon();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        result = rows[i].result;
        said = rows[i].said;
        shared_chain_init(&chain, handler_of_codes, NULL, SHARED_CHAIN(&log.middleware, &trace.middleware));
        chain.warm = true;
        redirect();
        CHECK_NUMBER(serve("r-1", "x"), rows[i].result);
        restore();
        MESSAGES("invocation failed");
        cJSON *line = capture_json(&out, 0), *segment = received();
        CHECK_TEXT(capture_text(line, "errorType"), rows[i].type);
        const cJSON *exceptions = cJSON_GetObjectItem(cJSON_GetObjectItem(segment, "cause"), "exceptions");
        CHECK_TEXT(capture_text(cJSON_GetArrayItem(exceptions, 0), "type"), rows[i].type);
        cJSON_Delete(line);
        cJSON_Delete(segment);
    }
    result = 0;
    close(trace.socket - 2);
    close(daemon_fd);
}

/* Without a daemon the socket is looked for once, and nothing is sent. */
static void test_trace_outside(void)
{
    struct shared_trace_middleware trace = {SHARED_TRACE_MIDDLEWARE};
    unsetenv("AWS_XRAY_DAEMON_ADDRESS");
    shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&trace.middleware));
    CHECK_NUMBER(serve("r-1", "x"), 0);
    CHECK_NUMBER(trace.socket, 1);
    CHECK_NUMBER(serve("r-2", "x"), 0);
}

static struct shared_log_middleware all_log = {SHARED_LOG_MIDDLEWARE, SHARED_LOG_CORRELATION("id"),
                                               SHARED_LOG_HELD(1024), .debug_sample_rate = 0.5};
static struct shared_metrics_middleware all_metrics = {SHARED_METRICS_MIDDLEWARE, "all"};
static struct shared_trace_middleware all_trace = {SHARED_TRACE_MIDDLEWARE};

static void init_all(void)
{
    shared_chain_init(&chain, handler, NULL,
                      SHARED_CHAIN(&all_log.middleware, &all_metrics.middleware, &all_trace.middleware));
}

static void *serve_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 50; i++)
        serve("r-1", "{\"id\":\"c-1\"}");
    return NULL;
}

/* Workers that share the parts, and no more: each line and document is whole and each invocation's own. */
static void test_many_at_once(void)
{
    pthread_t threads[16];
    int segments = 0, info = 0;
    start_daemon();
    init_all();
    result = SHARED_EIO; /* what is held comes out */
    redirect();
    for (int i = 0; i < 16; i++)
        CHECK_NUMBER(pthread_create(&threads[i], NULL, serve_many, NULL), 0);
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    restore();
    result = 0;
    for (struct shared_slice rest = shared_slice_of(out.text, out.size_bytes); rest.size_bytes > 0;) {
        cJSON *line = capture_line_json(shared_slice_split(&rest, '\n'));
        const char *message = capture_text(line, "message");
        info += message && strcmp(message, "info") == 0;
        CHECK_TEXT(capture_text(line, "correlationId"), "c-1");
        cJSON_Delete(line);
    }
    CHECK_NUMBER(info, 16 * 50);
    CHECK_NUMBER(capture_lines(&out), 1 + 16 * 50 * 4);
    CHECK_NUMBER(capture_lines(&documents), 1 + 16 * 50);
    for (cJSON *document = received(); document; document = received()) {
        segments++;
        cJSON_Delete(document);
    }
    CHECK(segments > 0 && segments <= 2 * 16 * 50);
    close(all_trace.socket - 2);
    all_trace.socket = 0;
    close(daemon_fd);
}

/* Whatever allocation fails, the handler is called and lines and documents are whole. */
static void test_memory(void)
{
    start_daemon();
    for (long fail = 0; fail < 8; fail++) {
        init_all();
        chain.warm = true;
        redirect();
        left = fail;
        CHECK_NUMBER(serve("r-1", "{\"id\":\"c-1\"}"), 0);
        left = -1;
        restore();
        for (int n = 0; n < capture_lines(&out); n++)
            cJSON_Delete(capture_json(&out, n));
        CHECK(capture_lines(&out) >= 1);
        for (cJSON *document = received(); document; document = received())
            cJSON_Delete(document);
    }
    close(all_trace.socket - 2);
    close(daemon_fd);
}

int main(void)
{
    CHECK_RUN(test_log_of_a_cold_start);
    CHECK_RUN(test_log_without_a_root);
    CHECK_RUN(test_lines_that_are_held);
    CHECK_RUN(test_levels_and_samples);
    CHECK_RUN(test_correlation);
    CHECK_RUN(test_service);
    CHECK_RUN(test_metrics);
    CHECK_RUN(test_trace);
    CHECK_RUN(test_codes);
    CHECK_RUN(test_trace_outside);
    CHECK_RUN(test_many_at_once);
    CHECK_RUN(test_memory);
    return check_report();
}
