#include <shared/log.h>
#include <shared/log_report.h>

#include "check.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* What one call writes, as text, read back through a pipe; a line is at most a pipe's 1 MiB. */
static char written[1 << 20];

static void capture(struct shared_log *log, int ends[2])
{
    CHECK(pipe(ends) == 0);
    CHECK(fcntl(ends[1], F_SETPIPE_SZ, sizeof(written)) > 0);
    log->fd = ends[1];
}

static size_t captured(int ends[2])
{
    close(ends[1]);
    size_t size = 0;
    ssize_t got;
    while ((got = read(ends[0], written + size, sizeof(written) - 1 - size)) > 0)
        size += (size_t)got;
    written[size] = '\0';
    close(ends[0]);
    return size;
}

static cJSON *captured_line(int ends[2])
{
    size_t size = captured(ends);
    CHECK(size > 0 && written[size - 1] == '\n');
    CHECK(memchr(written, '\n', size) == written + size - 1);
    cJSON *line = cJSON_ParseWithLength(written, size);
    CHECK(line != NULL);
    return line;
}

static const char *text_of(const cJSON *line, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, key));
}

static void test_keys_and_fields(void)
{
    struct shared_log log = {.level = SHARED_LOG_INFO, .request_id = "r-1", .function_name = "catalog"};
    int ends[2];
    capture(&log, ends);
    shared_log_with(&log, SHARED_LOG_WARN, "a \"quoted\"\nline",
                    SHARED_LOG_FIELDS(shared_log_text("id", "tt0017136"), shared_log_number("n", INT64_MIN),
                                      shared_log_real("ratio", 0.1), shared_log_real("bad", NAN),
                                      shared_log_bool("hit", true), shared_log_text("none", NULL)));
    cJSON *line = captured_line(ends);
    CHECK_TEXT(text_of(line, "level"), "WARN");
    CHECK_TEXT(text_of(line, "message"), "a \"quoted\"\nline");
    CHECK_TEXT(text_of(line, "requestId"), "r-1");
    CHECK_TEXT(text_of(line, "functionName"), "catalog");
    CHECK_TEXT(text_of(line, "id"), "tt0017136");
    CHECK(strstr(written, "\"n\":-9223372036854775808") != NULL);
    CHECK(cJSON_GetNumberValue(cJSON_GetObjectItem(line, "ratio")) == 0.1);
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(line, "bad")));
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(line, "hit")));
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(line, "none")));
    const char *stamp = text_of(line, "timestamp");
    int year, part[5], ms;
    CHECK(stamp && strlen(stamp) == 24 &&
          sscanf(stamp, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &year, &part[0], &part[1], &part[2], &part[3],
                 &part[4], &ms) == 7);
    cJSON_Delete(line);
}

/* Against gmtime: the clock is the test's own, interposed before libc's. */
static struct timespec fake_now;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    *now = fake_now;
    return 0;
}

static void test_timestamp_is_the_date_that_gmtime_gives(void)
{
    for (int64_t second = 0; second < 253402300800; second += 86400 * 13 + 3599) {
        struct shared_log log = {.level = SHARED_LOG_INFO};
        int ends[2];
        char expected[64];
        struct tm utc;
        fake_now = (struct timespec){.tv_sec = second, .tv_nsec = 7999999};
        gmtime_r(&fake_now.tv_sec, &utc);
        strftime(expected, sizeof(expected), "\"timestamp\":\"%Y-%m-%dT%H:%M:%S.007Z\"", &utc);
        capture(&log, ends);
        shared_log(&log, SHARED_LOG_INFO, "now");
        captured(ends);
        if (!strstr(written, expected))
            CHECK_TEXT(written, expected);
    }
    CHECK(true);
}

static void test_level_comes_from_the_environment(void)
{
    static const struct {
        const char *value;
        enum shared_log_level level;
    } rows[] = {{NULL, SHARED_LOG_INFO},     {"", SHARED_LOG_INFO},       {"verbose", SHARED_LOG_INFO},
                {"TRACE", SHARED_LOG_TRACE}, {"DEBUG", SHARED_LOG_DEBUG}, {"INFO", SHARED_LOG_INFO},
                {"WARN", SHARED_LOG_WARN},   {"ERROR", SHARED_LOG_ERROR}, {"FATAL", SHARED_LOG_FATAL}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].value);
        if (rows[i].value)
            setenv("AWS_LAMBDA_LOG_LEVEL", rows[i].value, 1);
        else
            unsetenv("AWS_LAMBDA_LOG_LEVEL");
        struct shared_log log;
        shared_log_init(&log, NULL);
        CHECK_NUMBER(log.level, rows[i].level);
    }
    unsetenv("AWS_LAMBDA_LOG_LEVEL");
}

static void test_lower_levels_are_not_written(void)
{
    struct shared_log log = {.level = SHARED_LOG_ERROR};
    int ends[2];
    capture(&log, ends);
    shared_log(&log, SHARED_LOG_WARN, "quiet");
    CHECK_NUMBER(captured(ends), 0);
}

/* Every byte alone, in a message, a name and a text: the line stays one line of valid JSON. */
static void test_no_byte_breaks_a_line(void)
{
    for (int byte = 1; byte < 256; byte++) {
        char text[] = {'<', (char)byte, '>', '\0'};
        struct shared_log log = {.request_id = text};
        int ends[2];
        capture(&log, ends);
        shared_log_with(&log, SHARED_LOG_INFO, text, SHARED_LOG_FIELDS(shared_log_text(text, text)));
        cJSON *line = captured_line(ends);
        const char *message = text_of(line, "message");
        CHECK_TEXT(message, byte < 0x80 ? text : "<\xEF\xBF\xBD>");
        cJSON_Delete(line);
    }
}

static void test_ill_formed_utf8_is_replaced(void)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAC", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAC"},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                 /* overlong */
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                 /* surrogate */
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* over U+10FFFF */
        {"a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD"},                               /* cut off */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].expected);
        struct shared_log log = {0};
        int ends[2];
        capture(&log, ends);
        shared_log(&log, SHARED_LOG_INFO, rows[i].text);
        cJSON *line = captured_line(ends);
        CHECK_TEXT(text_of(line, "message"), rows[i].expected);
        cJSON_Delete(line);
    }
}

static void test_a_long_line_loses_its_last_fields(void)
{
    size_t size = 400000;
    char *text = malloc(size + 1);
    memset(text, 1, size); /* each becomes six bytes */
    text[size] = '\0';
    struct shared_log log = {.request_id = "r"};
    int ends[2];
    capture(&log, ends);
    shared_log_with(&log, SHARED_LOG_INFO, text,
                    SHARED_LOG_FIELDS(shared_log_number("kept", 1), shared_log_text("lost", text),
                                      shared_log_number("after", 1)));
    cJSON *line = captured_line(ends);
    CHECK(strlen(written) <= SHARED_LOG_LINE_BYTES);
    CHECK(cJSON_GetObjectItem(line, "kept") != NULL);
    CHECK(cJSON_GetObjectItem(line, "lost") == NULL);
    CHECK(cJSON_GetObjectItem(line, "after") == NULL);
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(line, "truncated")));
    cJSON_Delete(line);
    free(text);
}

/* Nothing is taken from a line that is short enough, and nothing without a word. */
static void test_a_long_message_is_cut_only_where_it_must_be(void)
{
    static const struct {
        const char *name;
        size_t size_bytes;
        char byte;
        bool cut;
    } rows[] = {{"200 KiB of letters", 200u << 10, 'm', false},
                {"40 KiB of control characters", 40u << 10, 1, false},
                {"250 KiB of letters", 250u << 10, 'm', false},
                {"255 KiB of letters", SHARED_LOG_LINE_BYTES, 'm', true},
                {"250 KiB of control characters", 250u << 10, 1, true},
                {"1 MiB of letters", 1u << 20, 'm', true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *text = malloc(rows[i].size_bytes + 1);
        struct shared_log log = {.request_id = "r"};
        int ends[2];
        memset(text, rows[i].byte, rows[i].size_bytes);
        text[rows[i].size_bytes] = '\0';
        CHECK_ROW(rows[i].name);
        capture(&log, ends);
        shared_log_with(&log, SHARED_LOG_INFO, text, SHARED_LOG_FIELDS(shared_log_number("n", 1)));
        cJSON *line = captured_line(ends);
        size_t kept = strlen(text_of(line, "message"));
        CHECK(strlen(written) <= SHARED_LOG_LINE_BYTES);
        CHECK(rows[i].cut ? kept > 30000 : kept == rows[i].size_bytes);
        CHECK_NUMBER(cJSON_IsTrue(cJSON_GetObjectItem(line, "truncated")), rows[i].cut);
        CHECK(cJSON_GetObjectItem(line, "n") != NULL);
        CHECK_TEXT(text_of(line, "requestId"), "r");
        cJSON_Delete(line);
        free(text);
    }
}

/* No memory: the library's come through here, see CMakeLists.txt. */
static bool no_memory;
void *__real_realloc(void *old, size_t size_bytes);
void *__wrap_realloc(void *old, size_t size_bytes);
void *__real_malloc(size_t size_bytes);
void *__wrap_malloc(size_t size_bytes);
void *__wrap_malloc(size_t size_bytes)
{
    return no_memory ? NULL : __real_malloc(size_bytes);
}

void *__wrap_realloc(void *old, size_t size_bytes)
{
    return no_memory ? NULL : __real_realloc(old, size_bytes);
}

/* A field that finds no memory is lost; with a message that finds none the line is, and never half of one. */
static void test_no_memory(void)
{
    static char text[5000];
    memset(text, 'm', sizeof(text) - 1);
    for (int i = 0; i < 2; i++) {
        struct shared_log log = {.request_id = "r"};
        int ends[2];
        CHECK_ROW(i ? "message" : "field");
        capture(&log, ends);
        no_memory = true;
        shared_log_with(&log, SHARED_LOG_INFO, i ? text : "short",
                        SHARED_LOG_FIELDS(shared_log_text("field", text), shared_log_number("n", 1)));
        no_memory = false;
        if (i == 1) {
            CHECK_NUMBER(captured(ends), 0);
            continue;
        }
        cJSON *line = captured_line(ends);
        CHECK_TEXT(text_of(line, "message"), "short");
        CHECK(cJSON_GetObjectItem(line, "field") == NULL);
        CHECK(cJSON_IsTrue(cJSON_GetObjectItem(line, "truncated")));
        cJSON_Delete(line);
    }
}

static void test_what_cannot_be_written_is_lost(void)
{
    struct shared_log log = {.fd = -1};
    shared_log(&log, SHARED_LOG_FATAL, "nowhere");
    CHECK(true);
}

int main(void)
{
    CHECK_RUN(test_keys_and_fields);
    CHECK_RUN(test_timestamp_is_the_date_that_gmtime_gives);
    CHECK_RUN(test_level_comes_from_the_environment);
    CHECK_RUN(test_lower_levels_are_not_written);
    CHECK_RUN(test_no_byte_breaks_a_line);
    CHECK_RUN(test_ill_formed_utf8_is_replaced);
    CHECK_RUN(test_a_long_line_loses_its_last_fields);
    CHECK_RUN(test_a_long_message_is_cut_only_where_it_must_be);
    CHECK_RUN(test_no_memory);
    CHECK_RUN(test_what_cannot_be_written_is_lost);
    return check_report();
}
