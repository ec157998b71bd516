/* Traces: what a header says, and the documents that a daemon gets, which is a socket of the test's. */
#include <shared/trace.h>

#include "check.h"
#include "exhaust.h"

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOT "1-5759e988-bd862e3fe1be46a994272793"
#define PARENT "53995c3f42cd8ad8"
#define HEADER "Root=" ROOT ";Parent=" PARENT ";Sampled=1"

static int64_t real_us = 1478293361271000, monotonic_us = 5000000;
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int64_t us = clock == CLOCK_REALTIME ? real_us : monotonic_us;
    *now = (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    return 0;
}

static int daemon_fd = -1;
static struct shared_arena arena;

/* A daemon on the loopback; its address goes to the environment in the form given. */
static void start_daemon(const char *format)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char text[128];
    struct timeval patience = {.tv_sec = 5};
    daemon_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(bind(daemon_fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    CHECK(getsockname(daemon_fd, (struct sockaddr *)&address, &size) == 0);
    CHECK(setsockopt(daemon_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0);
    snprintf(text, sizeof(text), format, ntohs(address.sin_port));
    setenv("AWS_XRAY_DAEMON_ADDRESS", text, 1);
}

static char datagram[65536];

/* The next document; NULL, and a failed check, where none comes or it does not have its header line. */
static cJSON *received(void)
{
    static const char head[] = "{\"format\":\"json\",\"version\":1}\n";
    ssize_t size = recv(daemon_fd, datagram, sizeof(datagram), 0);
    if (!CHECK(size > (ssize_t)sizeof(head)) || !CHECK(memcmp(datagram, head, sizeof(head) - 1) == 0))
        return NULL;
    cJSON *document = cJSON_ParseWithLength(datagram + sizeof(head) - 1, (size_t)size - sizeof(head) + 1);
    CHECK(document != NULL);
    return document;
}

static bool silent(void)
{
    return recv(daemon_fd, datagram, sizeof(datagram), MSG_DONTWAIT) < 0;
}

static const cJSON *at(const cJSON *json, const char *path)
{
    char name[64];
    while (json && *path) {
        size_t size = strcspn(path, ".");
        snprintf(name, sizeof(name), "%.*s", (int)size, path);
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(name))
                                   : cJSON_GetObjectItemCaseSensitive(json, name);
        path += size + (path[size] == '.');
    }
    return json;
}

static const char *text_at(const cJSON *json, const char *path)
{
    return cJSON_GetStringValue(at(json, path));
}

static bool is_id(const char *id)
{
    return id && strlen(id) == 16 && strspn(id, "0123456789abcdef") == 16;
}

static void test_headers(void)
{
    static const struct {
        const char *text, *root, *parent;
        bool sampled, whole;
    } rows[] = {
        {HEADER, ROOT, PARENT, true, true},
        {"Sampled=1;Parent=" PARENT ";Root=" ROOT, ROOT, PARENT, true, true},
        {" Root=" ROOT " ; Parent=" PARENT "; Sampled=1 ;Lineage=a:b", ROOT, PARENT, true, true},
        {"Root=" ROOT ";Parent=" PARENT ";Sampled=0", ROOT, PARENT, false, false},
        {"Root=" ROOT ";Parent=" PARENT ";Sampled=?", ROOT, PARENT, false, false},
        {"Root=" ROOT ";Parent=" PARENT, ROOT, PARENT, false, false},
        {"Root=" ROOT ";Sampled=1", ROOT, "", true, false},
        {"Parent=" PARENT ";Sampled=1", "", PARENT, true, false},
        {"Root=1-5759e988-bd862e3fe1be46a99427279;Sampled=1", "", "", true, false},
        {"Root=1-5759e988-bd862e3fe1be46a9942727933;Sampled=1", "", "", true, false},
        {"Root=2-5759e988-bd862e3fe1be46a994272793;Sampled=1", "", "", true, false},
        {"Root=1-5759e98g-bd862e3fe1be46a994272793;Sampled=1", "", "", true, false},
        {"Root=1-5759e988_bd862e3fe1be46a994272793;Sampled=1", "", "", true, false},
        {"Root=" ROOT ";Parent=53995c3f42cd8ad;Sampled=1", ROOT, "", true, false},
        {"Root=" ROOT ";Parent=53995c3f42cd8adx;Sampled=1", ROOT, "", true, false},
        {"Root=" ROOT ";Parent=" PARENT ";Sampled=11", ROOT, PARENT, false, false},
        {"Root=\";Parent=\xFF\xFE;Sampled=1", "", "", true, false},
        {"", "", "", false, false},
        {";;;===;", "", "", false, false},
        {"Root", "", "", false, false},
        {"Sampled", "", "", false, false},
        {"Sampled=", "", "", false, false},
        {NULL, "", "", false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_trace_header header;
        memset(&header, 'x', sizeof(header));
        CHECK_ROW(rows[i].text ? rows[i].text : "NULL");
        CHECK(shared_trace_header_read(&header, rows[i].text) == rows[i].whole);
        CHECK_TEXT(header.root, rows[i].root);
        CHECK_TEXT(header.parent, rows[i].parent);
        CHECK(header.sampled == rows[i].sampled);
    }
}

static void test_addresses(void)
{
    static const char *const good[] = {"127.0.0.1:%d", "tcp:127.0.0.1:1 udp:127.0.0.1:%d",
                                       "udp:127.0.0.1:%d tcp:127.0.0.1:1", "udp:127.0.0.1:%d"};
    static const char *const bad[] = {"",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.0.0.1:0",
                                      "127.0.0.1:65536",
                                      "127.0.0.1:-1",
                                      "127.0.0.1:2000x",
                                      "localhost:2000",
                                      "999.0.0.1:2000",
                                      "127.0.0.1.127.0.0.1.127.0.0.1:2000",
                                      ":2000",
                                      "[::1]:2000",
                                      "tcp:127.0.0.1:2000",
                                      "udp:",
                                      " ",
                                      "\xFF:\xFF"};
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        CHECK_ROW(good[i]);
        start_daemon(good[i]);
        int fd = shared_trace_connect();
        CHECK(fd >= 0 && send(fd, "x", 1, 0) == 1 && recv(daemon_fd, datagram, 1, 0) == 1);
        close(fd);
        close(daemon_fd);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        CHECK_ROW(bad[i]);
        setenv("AWS_XRAY_DAEMON_ADDRESS", bad[i], 1);
        CHECK_NUMBER(shared_trace_connect(), -1);
    }
    unsetenv("AWS_XRAY_DAEMON_ADDRESS");
    CHECK_NUMBER(shared_trace_connect(), -1);
}

static struct shared_trace begin(const char *header)
{
    struct shared_trace trace;
    start_daemon("127.0.0.1:%d");
    shared_trace_init(&trace, shared_trace_connect(), header);
    return trace;
}

static void end(struct shared_trace *trace)
{
    CHECK(silent());
    close(trace->fd);
    close(daemon_fd);
    shared_arena_clean_up(&arena);
}

static void test_subsegments(void)
{
    struct shared_trace trace = begin(HEADER);
    struct shared_segment outer, inner;
    struct shared_error err;
    char header[SHARED_TRACE_HEADER_BYTES], expected[128];
    shared_segment_open(&outer, &trace, NULL, "## handler", &arena);
    real_us += 1000, monotonic_us += 1000;
    shared_segment_open(&inner, &trace, &outer, "redis", &arena);
    inner.name_space = "remote";
    shared_segment_header(&inner, header);
    snprintf(expected, sizeof(expected), "Root=" ROOT ";Parent=%s;Sampled=1", inner.id);
    CHECK_TEXT(header, expected);
    shared_fail(&err, SHARED_ETIMEDOUT, 0, "no \"answer\"\n\xFF");
    real_us += 500, monotonic_us += 500;
    shared_segment_close(&inner, &err);
    shared_segment_close(&outer, NULL);
    shared_segment_close(&outer, NULL); /* does nothing */
    cJSON *first = received(), *second = received();
    CHECK_TEXT(text_at(first, "name"), "redis");
    CHECK_TEXT(text_at(first, "type"), "subsegment");
    CHECK_TEXT(text_at(first, "namespace"), "remote");
    CHECK_TEXT(text_at(first, "trace_id"), ROOT);
    CHECK_TEXT(text_at(first, "parent_id"), text_at(second, "id"));
    CHECK(is_id(text_at(first, "id")) && is_id(text_at(second, "id")) &&
          is_id(text_at(first, "cause.exceptions.0.id")));
    CHECK(cJSON_IsTrue(at(first, "fault")));
    CHECK_TEXT(text_at(first, "cause.exceptions.0.type"), "TimedOut");
    CHECK_TEXT(text_at(first, "cause.exceptions.0.message"), "no \"answer\"\n\xEF\xBF\xBD");
    CHECK_NUMBER(cJSON_GetNumberValue(at(first, "start_time")) * 1e6 + 0.5, 1478293361272000);
    CHECK_NUMBER(cJSON_GetNumberValue(at(first, "end_time")) * 1e6 + 0.5, 1478293361272500);
    CHECK_TEXT(text_at(second, "name"), "## handler");
    CHECK_TEXT(text_at(second, "parent_id"), PARENT);
    CHECK(!at(second, "fault") && !at(second, "annotations") && !at(second, "metadata") &&
          !at(second, "namespace"));
    cJSON_Delete(first);
    cJSON_Delete(second);
    end(&trace);
}

static void test_a_header_without_parent_makes_a_segment(void)
{
    struct shared_trace trace = begin("Root=" ROOT ";Sampled=1");
    struct shared_segment segment;
    shared_segment_open(&segment, &trace, NULL, "worker", &arena);
    shared_segment_close(&segment, NULL);
    cJSON *document = received();
    CHECK(!at(document, "type") && !at(document, "parent_id"));
    CHECK_TEXT(text_at(document, "trace_id"), ROOT);
    cJSON_Delete(document);
    end(&trace);
}

static void test_names(void)
{
    static char long_name[300];
    static const struct {
        const char *name, *expected;
    } rows[] = {{"## a.b:c/d%e&f#g=h+i\\j-k@l_m", "## a.b:c/d%e&f#g=h+i\\j-k@l_m"},
                {"a\"b<c>\n{\x01}", "a_b_c_____"},
                {"\xC3\xA9\xFF", "___"},
                {"", "_"},
                {NULL, "_"}};
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        shared_segment_open(&segment, &trace, NULL, rows[i].name, &arena);
        shared_segment_close(&segment, NULL);
        cJSON *document = received();
        CHECK_TEXT(text_at(document, "name"), rows[i].expected);
        cJSON_Delete(document);
    }
    memset(long_name, 'n', sizeof(long_name) - 1);
    shared_segment_open(&segment, &trace, NULL, long_name, &arena);
    shared_segment_close(&segment, NULL);
    cJSON *document = received();
    CHECK_NUMBER(strlen(text_at(document, "name")), 200);
    cJSON_Delete(document);
    end(&trace);
}

static void test_annotations_and_metadata(void)
{
    static char long_text[3000];
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    memset(long_text, 'k', sizeof(long_text) - 1);
    shared_segment_open(&segment, &trace, NULL, "s", &arena);
    shared_segment_annotate(&segment, "text", "a \"b\"\n\xFF");
    shared_segment_annotate(&segment, "odd key-\xC3\xA9", NULL);
    shared_segment_annotate(&segment, "", "x");
    shared_segment_annotate(&segment, NULL, "x");
    shared_segment_annotate(&segment, long_text, long_text);
    shared_segment_annotate_number(&segment, "n", 0.5);
    shared_segment_annotate_number(&segment, "nan", NAN);
    shared_segment_annotate_number(&segment, "inf", -INFINITY);
    shared_segment_annotate_bool(&segment, "yes", true);
    shared_segment_annotate_bool(&segment, "no", false);
    shared_segment_note(&segment, "note \xFF\n", "any \"text\"\x01");
    shared_segment_note(&segment, "none", NULL);
    shared_segment_note(&segment, NULL, "x");
    shared_segment_close(&segment, NULL);
    cJSON *document = received();
    const cJSON *annotations = at(document, "annotations");
    CHECK_NUMBER(cJSON_GetArraySize(annotations), 8);
    CHECK_TEXT(text_at(annotations, "text"), "a \"b\"\n\xEF\xBF\xBD");
    CHECK_TEXT(text_at(annotations, "odd_key___"), "");
    CHECK(cJSON_GetNumberValue(at(annotations, "n")) == 0.5);
    CHECK_TEXT(text_at(annotations, "nan"), "nan");
    CHECK_TEXT(text_at(annotations, "inf"), "-inf");
    CHECK(cJSON_IsTrue(at(annotations, "yes")) && cJSON_IsFalse(at(annotations, "no")));
    for (const cJSON *item = annotations ? annotations->child : NULL; item; item = item->next) {
        if (item->string[0] == 'k')
            CHECK(strlen(item->string) == 500 && strlen(item->valuestring) == 1000);
    }
    const cJSON *notes = at(document, "metadata.default");
    CHECK_NUMBER(cJSON_GetArraySize(notes), 2);
    CHECK_TEXT(text_at(notes, "note \xEF\xBF\xBD\n"), "any \"text\"\x01");
    CHECK(cJSON_IsNull(at(notes, "none")));
    cJSON_Delete(document);
    end(&trace);
}

static void test_fifty_annotations(void)
{
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    shared_segment_open(&segment, &trace, NULL, "s", &arena);
    for (int i = 0; i < 60; i++) {
        char key[16];
        snprintf(key, sizeof(key), "k%d", i);
        shared_segment_annotate_number(&segment, key, i);
    }
    shared_segment_close(&segment, NULL);
    cJSON *document = received();
    CHECK_NUMBER(cJSON_GetArraySize(at(document, "annotations")), 50);
    CHECK(at(document, "annotations.k49") && !at(document, "annotations.k50"));
    cJSON_Delete(document);
    end(&trace);
}

static void test_keys_again(void)
{
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    shared_segment_open(&segment, &trace, NULL, "s", &arena);
    for (int i = 0; i < 100; i++)
        shared_segment_annotate_number(&segment, "n", i);
    shared_segment_annotate(&segment, "n-", "first");
    shared_segment_annotate_bool(&segment, "n+", true); /* "n_" too */
    shared_segment_note(&segment, "a\":1,\"b", "first");
    shared_segment_note(&segment, "a", "alone");
    shared_segment_note(&segment, "a\":1,\"b", NULL);
    shared_segment_close(&segment, NULL);
    cJSON *document = received();
    CHECK_NUMBER(cJSON_GetArraySize(at(document, "annotations")), 2);
    CHECK(cJSON_GetNumberValue(at(document, "annotations.n")) == 99);
    CHECK(cJSON_IsTrue(at(document, "annotations.n_")));
    CHECK_NUMBER(cJSON_GetArraySize(at(document, "metadata.default")), 2);
    CHECK_TEXT(text_at(document, "metadata.default.a"), "alone");
    CHECK(cJSON_IsNull(at(document, "metadata.default.a\":1,\"b")));
    cJSON_Delete(document);
    end(&trace);
}

/* Over a datagram: first without metadata, then without annotations. */
static void test_large_documents(void)
{
    static char text[70000];
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    memset(text, 1, sizeof(text) - 1);
    for (int annotations = 0; annotations < 2; annotations++) {
        shared_segment_open(&segment, &trace, NULL, "s", &arena);
        shared_segment_note(&segment, "n", text);
        for (int i = 0; i < (annotations ? 50 : 1); i++) {
            const char key[] = {'a', (char)('0' + i / 10), (char)('0' + i % 10), '\0'};
            shared_segment_annotate(&segment, key, text);
        }
        shared_segment_close(&segment, NULL);
        cJSON *document = received();
        CHECK_TEXT(text_at(document, "name"), "s");
        CHECK(!at(document, "metadata"));
        CHECK(annotations ? !at(document, "annotations") : at(document, "annotations") != NULL);
        cJSON_Delete(document);
    }
    end(&trace);
}

static void test_where_nothing_is_sent(void)
{
    static const char *const headers[] = {NULL, "", "Root=x", "Root=" ROOT ";Parent=" PARENT ";Sampled=0"};
    for (size_t i = 0; i < sizeof(headers) / sizeof(*headers) + 2; i++) {
        struct shared_trace trace;
        struct shared_segment segment, inner;
        char header[SHARED_TRACE_HEADER_BYTES] = "x";
        bool no_daemon = i == sizeof(headers) / sizeof(*headers),
             no_trace = i > sizeof(headers) / sizeof(*headers);
        shared_trace_init(&trace, no_daemon ? -1 : 99, no_daemon ? HEADER : no_trace ? NULL : headers[i]);
        CHECK_NUMBER(trace.fd, -1);
        shared_segment_open(&segment, no_trace ? NULL : &trace, NULL, "s", &arena);
        shared_segment_open(&inner, &trace, &segment, "t", NULL);
        shared_segment_annotate(&inner, "a", "b");
        shared_segment_annotate_number(&segment, "a", 1);
        shared_segment_annotate_bool(&segment, "a", true);
        shared_segment_note(&segment, "a", "b");
        shared_segment_header(&segment, header);
        CHECK_TEXT(header, "");
        shared_segment_close(&inner, NULL);
        shared_segment_close(&segment, NULL);
        CHECK(!arena.newest);
    }
    shared_segment_annotate(NULL, "a", "b");
    shared_segment_annotate_number(NULL, "a", 1);
    shared_segment_annotate_bool(NULL, "a", true);
    shared_segment_note(NULL, "a", "b");
    shared_segment_close(NULL, NULL);
}

static void test_clocks_that_jump(void)
{
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    static const int64_t jumps[][2] = {{-3600000000, 2000}, {3600000000, 2000}, {0, -5000}, {-1, 0}};
    for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
        shared_segment_open(&segment, &trace, NULL, "s", &arena);
        real_us += jumps[i][0];
        monotonic_us += jumps[i][1];
        shared_segment_close(&segment, NULL);
        cJSON *document = received();
        double took =
            cJSON_GetNumberValue(at(document, "end_time")) - cJSON_GetNumberValue(at(document, "start_time"));
        CHECK(fabs(took - (jumps[i][1] > 0 ? jumps[i][1] / 1e6 : 0)) < 1e-6);
        cJSON_Delete(document);
    }
    end(&trace);
}

/* Whatever allocation fails: a document comes, or none, and never half of one. */
static void test_memory(void)
{
    static char text[4000];
    struct shared_trace trace = begin(HEADER);
    memset(text, 't', sizeof(text) - 1);
    for (long fail = 0; fail < 12; fail++) {
        struct shared_segment segment;
        left = fail;
        shared_segment_open(&segment, &trace, NULL, "s", &arena);
        shared_segment_annotate(&segment, "a", text);
        shared_segment_annotate(&segment, "b", text);
        shared_segment_note(&segment, "c", text);
        shared_segment_note(&segment, "d", text);
        shared_segment_close(&segment, NULL);
        left = -1;
        cJSON *document = received();
        CHECK_TEXT(text_at(document, "name"), "s");
        cJSON_Delete(document);
        shared_arena_clean_up(&arena);
    }
    end(&trace);
}

/* A daemon that has gone, or a descriptor that is closed, fails nothing. */
static void test_nobody_listens(void)
{
    struct shared_trace trace = begin(HEADER);
    struct shared_segment segment;
    close(daemon_fd);
    for (int i = 0; i < 100; i++) {
        if (i == 50)
            close(trace.fd);
        shared_segment_open(&segment, &trace, NULL, "s", &arena);
        shared_segment_close(&segment, NULL);
    }
    CHECK(!segment.trace);
    shared_arena_clean_up(&arena);
}

static void test_ids_differ(void)
{
    struct shared_trace trace = {.header = {.root = ROOT}, .fd = 99};
    struct shared_segment segments[64];
    for (int i = 0; i < 64; i++)
        shared_segment_open(&segments[i], &trace, NULL, "s", &arena);
    for (int i = 0; i < 64; i++) {
        CHECK(is_id(segments[i].id));
        for (int k = 0; k < i; k++)
            CHECK(strcmp(segments[i].id, segments[k].id) != 0);
    }
}

int main(void)
{
    CHECK_RUN(test_headers);
    CHECK_RUN(test_addresses);
    CHECK_RUN(test_subsegments);
    CHECK_RUN(test_a_header_without_parent_makes_a_segment);
    CHECK_RUN(test_names);
    CHECK_RUN(test_annotations_and_metadata);
    CHECK_RUN(test_fifty_annotations);
    CHECK_RUN(test_keys_again);
    CHECK_RUN(test_large_documents);
    CHECK_RUN(test_where_nothing_is_sent);
    CHECK_RUN(test_clocks_that_jump);
    CHECK_RUN(test_memory);
    CHECK_RUN(test_nobody_listens);
    CHECK_RUN(test_ids_differ);
    return check_report();
}
