/* Child logs and held lines: what lines have beside the caller's fields, and when they come out. */
#include <shared/arena.h>
#include <shared/log.h>

#include "capture_pipe.h"
#include "exhaust.h"

#include "log/log_ring.h"

#include <pthread.h>
#include <stdlib.h>

static struct capture out;
static struct shared_arena arena;

static void test_null_logs_nothing(void)
{
    struct shared_log child;
    shared_log(NULL, SHARED_LOG_FATAL, "x");
    shared_log_with(NULL, SHARED_LOG_FATAL, "x", SHARED_LOG_FIELDS(shared_log_bool("a", true)));
    shared_log_release(NULL);
    CHECK(shared_log_child(&child, NULL, &arena, SHARED_LOG_FIELDS(shared_log_bool("a", true))));
    child.fd = capture_begin(&out);
    shared_log(&child, SHARED_LOG_FATAL, "x");
    shared_log_release(&child);
    CHECK_TEXT(capture_end(&out), "");
    CHECK(!arena.newest);
}

static void test_fields_of_child_and_grandchild(void)
{
    struct shared_log log = {.fd = capture_begin(&out), .request_id = "r"}, child, grandchild;
    char id[] = "o-1";
    CHECK(shared_log_child(&child, &log, &arena,
                           SHARED_LOG_FIELDS(shared_log_text("order", id), shared_log_number("n", 1))));
    memset(id, '?', sizeof(id) - 1); /* copied */
    CHECK(shared_log_child(&grandchild, &child, &arena,
                           SHARED_LOG_FIELDS(shared_log_real("ratio", 0.5), shared_log_text("none", NULL))));
    CHECK(shared_log_child(&child, &child, &arena,
                           SHARED_LOG_FIELDS(shared_log_milliseconds("took_ms", 12345))));
    shared_log(&log, SHARED_LOG_INFO, "parent");
    shared_log(&child, SHARED_LOG_INFO, "child");
    shared_log_with(&grandchild, SHARED_LOG_INFO, "grandchild",
                    SHARED_LOG_FIELDS(shared_log_bool("own", true)));
    capture_end(&out);
    static const char *const expected[] = {
        "\"requestId\":\"r\"}",
        "\"requestId\":\"r\",\"order\":\"o-1\",\"n\":1,\"took_ms\":12.345}",
        "\"requestId\":\"r\",\"order\":\"o-1\",\"n\":1,\"ratio\":0.5,\"none\":null,\"own\":true}",
    };
    for (int n = 0; n < 3; n++) {
        cJSON_Delete(capture_json(&out, n));
        struct shared_slice line = capture_line(&out, n);
        size_t size = strlen(expected[n]);
        if (CHECK(line.size_bytes > size))
            CHECK_SLICE(shared_slice_of(line.data + line.size_bytes - size, size), expected[n]);
    }
    shared_arena_clean_up(&arena);
}

static void test_no_byte_breaks_a_child(void)
{
    for (int byte = 1; byte < 256; byte++) {
        char text[] = {'<', (char)byte, '>', '\0'};
        struct shared_log log = {.fd = capture_begin(&out)};
        CHECK(shared_log_child(&log, &log, &arena, SHARED_LOG_FIELDS(shared_log_text(text, text))));
        shared_log_with(&log, SHARED_LOG_INFO, text,
                        SHARED_LOG_FIELDS(shared_log_slice("s", shared_slice_of(text, 4))));
        capture_end(&out);
        CHECK_NUMBER(capture_lines(&out), 1);
        cJSON *line = capture_json(&out, 0);
        CHECK_TEXT(capture_text(line, byte < 0x80 ? text : "<\xEF\xBF\xBD>"),
                   byte < 0x80 ? text : "<\xEF\xBF\xBD>");
        cJSON_Delete(line);
        shared_arena_clean_up(&arena);
    }
}

/* What leaves no room in a line is left out of it as a whole, and the line says so. */
static void test_long_members(void)
{
    static char text[300000];
    memset(text, 'm', sizeof(text) - 1);
    struct shared_log log = {.fd = capture_begin(&out)}, child, full;
    CHECK(!shared_log_child(&child, &log, &arena,
                            SHARED_LOG_FIELDS(shared_log_number("kept", 1), shared_log_text("lost", text))));
    text[200000] = '\0';
    CHECK(shared_log_child(&full, &child, &arena, SHARED_LOG_FIELDS(shared_log_text("long", text))));
    shared_log(&child, SHARED_LOG_INFO, "m");
    shared_log(&full, SHARED_LOG_INFO, "m");
    shared_log_with(&full, SHARED_LOG_INFO, text, SHARED_LOG_FIELDS(shared_log_bool("own", true)));
    capture_end(&out);
    cJSON *first = capture_json(&out, 0), *second = capture_json(&out, 1), *third = capture_json(&out, 2);
    CHECK(cJSON_GetObjectItem(first, "kept") && !cJSON_GetObjectItem(first, "lost"));
    CHECK_NUMBER(strlen(capture_text(second, "long")), 200000);
    CHECK(!cJSON_GetObjectItem(second, "truncated"));
    CHECK_NUMBER(strlen(capture_text(third, "message")), 200000);
    CHECK(!cJSON_GetObjectItem(third, "long") && cJSON_IsTrue(cJSON_GetObjectItem(third, "truncated")));
    CHECK(capture_line(&out, 2).size_bytes < SHARED_LOG_LINE_BYTES);
    cJSON_Delete(first);
    cJSON_Delete(second);
    cJSON_Delete(third);
    shared_arena_clean_up(&arena);
}

static void test_child_without_memory(void)
{
    struct shared_log log = {.fd = capture_begin(&out)}, child;
    left = 0;
    CHECK(!shared_log_child(&child, &log, &arena, SHARED_LOG_FIELDS(shared_log_number("n", 1))));
    left = -1;
    shared_log(&child, SHARED_LOG_INFO, "m");
    capture_end(&out);
    cJSON *line = capture_json(&out, 0);
    CHECK_TEXT(capture_text(line, "message"), "m");
    CHECK(!cJSON_GetObjectItem(line, "n"));
    cJSON_Delete(line);
    shared_arena_clean_up(&arena);
}

static void check_messages(const char *const *expected, int count)
{
    capture_end(&out);
    CHECK_NUMBER(capture_lines(&out), count);
    for (int n = 0; n < count && n < capture_lines(&out); n++) {
        cJSON *line = capture_json(&out, n);
        CHECK_TEXT(capture_text(line, "message"), expected[n]);
        cJSON_Delete(line);
    }
}

static void test_held_lines(void)
{
    char bytes[4096];
    struct shared_log_ring ring;
    struct shared_log log = {.fd = capture_begin(&out), .level = SHARED_LOG_INFO};
    shared_log_ring_init(&ring, &log, SHARED_LOG_DEBUG, bytes, sizeof(bytes));
    shared_log(&log, SHARED_LOG_TRACE, "never");
    shared_log(&log, SHARED_LOG_DEBUG, "held");
    shared_log(&log, SHARED_LOG_ERROR, "error");
    shared_log_release(&log);
    shared_log_release(&log);
    shared_log(&log, SHARED_LOG_DEBUG, "forgotten");
    check_messages((const char *const[]){"error", "held"}, 2);
}

static void test_an_error_brings_out_what_is_held(void)
{
    char bytes[4096];
    struct shared_log_ring ring;
    struct shared_log log = {.fd = capture_begin(&out), .level = SHARED_LOG_INFO};
    shared_log_ring_init(&ring, &log, SHARED_LOG_TRACE, bytes, sizeof(bytes));
    ring.released_by_error = true;
    shared_log(&log, SHARED_LOG_DEBUG, "held");
    shared_log(&log, SHARED_LOG_WARN, "warning");
    shared_log(&log, SHARED_LOG_ERROR, "error");
    shared_log(&log, SHARED_LOG_TRACE, "forgotten");
    check_messages((const char *const[]){"warning", "held", "error"}, 3);
}

/* Rings of many sizes that hold any line here: what comes out is always the latest lines that fit, whole and in order. */
static void test_the_latest_are_kept(void)
{
    static char bytes[1200];
    for (size_t capacity = 160; capacity < sizeof(bytes); capacity += 7) {
        struct shared_log_ring ring;
        struct shared_log log = {.fd = capture_begin(&out), .level = SHARED_LOG_INFO};
        size_t sizes[40], fits = 0, sum = 0;
        shared_log_ring_init(&ring, &log, SHARED_LOG_DEBUG, bytes, capacity);
        for (int i = 0; i < 40; i++) {
            char message[128];
            int padding = i * 37 % 50;
            snprintf(message, sizeof(message), "%d %.*s", i, padding,
                     "..................................................");
            sizes[i] =
                strlen(message) +
                sizeof(
                    "{\"level\":\"DEBUG\",\"timestamp\":\"2026-01-31T12:00:00.123Z\",\"message\":\"\"}\n") -
                1;
            shared_log(&log, SHARED_LOG_DEBUG, message);
        }
        while (fits < 40 && sum + sizes[39 - fits] <= capacity)
            sum += sizes[39 - fits++];
        CHECK_NUMBER(ring.lost, 40 - fits);
        shared_log_release(&log);
        capture_end(&out);
        CHECK_NUMBER(out.size_bytes, sum);
        CHECK_NUMBER(capture_lines(&out), fits);
        for (int n = 0; n < (int)fits; n++) {
            cJSON *line = capture_json(&out, n);
            CHECK_NUMBER(atoi(capture_text(line, "message")), 40 - (int)fits + n);
            cJSON_Delete(line);
        }
    }
}

static void test_what_cannot_be_held(void)
{
    char bytes[256];
    static char text[5000];
    struct shared_log_ring ring;
    struct shared_log log = {.fd = capture_begin(&out), .level = SHARED_LOG_INFO};
    memset(text, 'm', sizeof(text) - 1);
    shared_log_ring_init(&ring, &log, SHARED_LOG_DEBUG, bytes, sizeof(bytes));
    shared_log(&log, SHARED_LOG_DEBUG, text); /* longer than the ring */
    left = 0;
    shared_log(&log, SHARED_LOG_DEBUG, text); /* no memory for it */
    left = 0;
    shared_log(&log, SHARED_LOG_ERROR, text);
    left = -1;
    CHECK_NUMBER(ring.lost, 2);
    shared_log(&log, SHARED_LOG_DEBUG, "short");
    shared_log_release(&log);
    check_messages((const char *const[]){"short"}, 1);

    struct shared_log plain = {.fd = capture_begin(&out), .level = SHARED_LOG_INFO};
    shared_log_ring_init(&ring, &plain, SHARED_LOG_DEBUG, NULL, 100); /* no memory for a ring */
    shared_log(&plain, SHARED_LOG_DEBUG, "lost");
    shared_log(&plain, SHARED_LOG_INFO, "written");
    shared_log_release(&plain);
    check_messages((const char *const[]){"written"}, 1);
}

static struct shared_log shared;

static void *log_much(void *name)
{
    for (int i = 0; i < 500; i++) {
        shared_log_with(&shared, i % 50 == 49 ? SHARED_LOG_INFO : SHARED_LOG_DEBUG, "m",
                        SHARED_LOG_FIELDS(shared_log_text("thread", name), shared_log_number("i", i)));
        if (i == 250)
            shared_log_release(&shared);
    }
    return NULL;
}

/* Several threads of one invocation: all that comes out is whole lines. */
static void test_threads(void)
{
    static char bytes[8192];
    struct shared_log_ring ring;
    pthread_t threads[8];
    shared = (struct shared_log){.fd = capture_begin(&out), .level = SHARED_LOG_INFO};
    shared_log_ring_init(&ring, &shared, SHARED_LOG_DEBUG, bytes, sizeof(bytes));
    for (int i = 0; i < 8; i++)
        CHECK_NUMBER(pthread_create(&threads[i], NULL, log_much, (void *)"t"), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    shared_log_release(&shared);
    capture_end(&out);
    for (int n = 0; n < capture_lines(&out); n++)
        cJSON_Delete(capture_json(&out, n));
    CHECK_NUMBER((size_t)capture_lines(&out) + ring.lost, 8 * 500);
}

int main(void)
{
    CHECK_RUN(test_null_logs_nothing);
    CHECK_RUN(test_fields_of_child_and_grandchild);
    CHECK_RUN(test_no_byte_breaks_a_child);
    CHECK_RUN(test_long_members);
    CHECK_RUN(test_child_without_memory);
    CHECK_RUN(test_held_lines);
    CHECK_RUN(test_an_error_brings_out_what_is_held);
    CHECK_RUN(test_the_latest_are_kept);
    CHECK_RUN(test_what_cannot_be_held);
    CHECK_RUN(test_threads);
    return check_report();
}
