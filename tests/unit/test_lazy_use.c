/* What an invocation that makes a lazy value says of it, in its log and in its metrics. */
#include <shared/lazy.h>
#include <shared/log.h>
#include <shared/metrics.h>
#include <shared/runtime.h>

#include <check.h>

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static int64_t monotonic_us = 5000000;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock != CLOCK_MONOTONIC)
        return __real_clock_gettime(clock, now);
    *now = (struct timespec){.tv_sec = (time_t)(monotonic_us / 1000000),
                             .tv_nsec = monotonic_us % 1000000 * 1000};
    return 0;
}

static int failures_left;

static int make_number(void *user, void **value, struct shared_error *err)
{
    monotonic_us += 12500;
    *value = user;
    return failures_left-- > 0 ? shared_fail(err, SHARED_EIO, 0, "connection refused") : 0;
}

/* An invocation whose log and metrics go to a pipe each. */
struct invocation {
    struct shared_arena arena;
    struct shared_log log;
    struct shared_metrics metrics;
    struct shared_context context;
    int log_end, metrics_end; /* to read from */
};

static bool begin(struct invocation *invocation)
{
    int log_ends[2], metrics_ends[2];
    if (!CHECK_NUMBER(pipe2(log_ends, O_NONBLOCK), 0) || !CHECK_NUMBER(pipe2(metrics_ends, O_NONBLOCK), 0))
        return false;
    *invocation = (struct invocation){.log_end = log_ends[0], .metrics_end = metrics_ends[0]};
    invocation->log = (struct shared_log){.fd = log_ends[1], .level = SHARED_LOG_INFO};
    shared_metrics_init(&invocation->metrics, "test", &invocation->arena);
    invocation->metrics.fd = metrics_ends[1];
    invocation->context = (struct shared_context){.request_id = "id",
                                                  .arena = &invocation->arena,
                                                  .log = &invocation->log,
                                                  .metrics = &invocation->metrics};
    return true;
}

/* What was said, as JSON; NULL for nothing. The caller deletes it. */
static cJSON *take_line(int end)
{
    static char line[16384];
    ssize_t size = read(end, line, sizeof(line));
    cJSON *json = size > 0 ? cJSON_ParseWithLength(line, (size_t)size) : NULL;
    CHECK(size <= 0 || json);
    return json;
}

static cJSON *take_log(struct invocation *invocation)
{
    return take_line(invocation->log_end);
}

static cJSON *take_metrics(struct invocation *invocation)
{
    struct shared_error err = {0};
    CHECK_NUMBER(shared_metrics_flush(&invocation->metrics, &err), 0);
    return take_line(invocation->metrics_end);
}

static void end(struct invocation *invocation)
{
    close(invocation->log.fd);
    close(invocation->metrics.fd);
    close(invocation->log_end);
    close(invocation->metrics_end);
    shared_arena_clean_up(&invocation->arena);
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

/* A number, or the one value of a list; -1 where there is none. */
static double number_of(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
    if (cJSON_IsArray(item) && cJSON_GetArraySize(item) == 1)
        item = item->child;
    return cJSON_IsNumber(item) ? item->valuedouble : -1;
}

static void test_made(void)
{
    int number = 7;
    struct shared_lazy lazy = SHARED_LAZY("titles", make_number, &number);
    struct invocation invocation;
    struct shared_error err = {0};
    void *value = NULL;
    if (!begin(&invocation))
        return;
    failures_left = 0;
    CHECK_NUMBER(shared_lazy_use(&lazy, &invocation.context, &value, &err), 0);
    CHECK(value == &number);
    cJSON *line = take_log(&invocation), *document = take_metrics(&invocation);
    CHECK_TEXT(text_of(line, "level"), "INFO");
    CHECK_TEXT(text_of(line, "message"), "lazy value made");
    CHECK_TEXT(text_of(line, "lazy"), "titles");
    CHECK(number_of(line, "took_ms") == 12.5);
    CHECK(!cJSON_HasObjectItem(line, "errorType"));
    CHECK(number_of(document, "LazyMade") == 12.5);
    CHECK(!cJSON_HasObjectItem(document, "LazyFailed"));
    CHECK_TEXT(text_of(document, "lazy_titles"), "made");
    cJSON_Delete(line);
    cJSON_Delete(document);

    value = NULL; /* who finds it made has nothing to say */
    CHECK_NUMBER(shared_lazy_use(&lazy, &invocation.context, &value, NULL), 0);
    CHECK(value == &number);
    CHECK(!take_log(&invocation) && !take_metrics(&invocation));
    end(&invocation);
}

static void test_failed(void)
{
    struct shared_lazy lazy = SHARED_LAZY("redis", make_number, NULL);
    struct invocation invocation;
    struct shared_error err = {0};
    void *value;
    if (!begin(&invocation))
        return;
    failures_left = 2;
    CHECK_NUMBER(shared_lazy_use(&lazy, &invocation.context, &value, &err), SHARED_EIO);
    CHECK_TEXT(err.text, "connection refused");
    cJSON *line = take_log(&invocation), *document = take_metrics(&invocation);
    CHECK_TEXT(text_of(line, "level"), "WARN");
    CHECK_TEXT(text_of(line, "message"), "lazy value failed");
    CHECK_TEXT(text_of(line, "lazy"), "redis");
    CHECK(number_of(line, "took_ms") == 12.5);
    CHECK_TEXT(text_of(line, "errorType"), "InputOutput");
    CHECK_TEXT(text_of(line, "error"), "connection refused");
    CHECK(number_of(document, "LazyFailed") == 12.5);
    CHECK_TEXT(text_of(document, "lazy_redis"), "failed");
    cJSON_Delete(line);
    cJSON_Delete(document);

    /* Without an error of the caller's the log has it all the same; then it can be made. */
    CHECK_NUMBER(shared_lazy_use(&lazy, &invocation.context, &value, NULL), SHARED_EIO);
    line = take_log(&invocation);
    CHECK_TEXT(text_of(line, "error"), "connection refused");
    cJSON_Delete(line);
    CHECK_NUMBER(shared_lazy_use(&lazy, &invocation.context, &value, &err), 0);
    line = take_log(&invocation);
    document = take_metrics(&invocation);
    CHECK_TEXT(text_of(line, "message"), "lazy value made");
    CHECK(number_of(document, "LazyFailed") == 12.5 && number_of(document, "LazyMade") == 12.5);
    CHECK_TEXT(text_of(document, "lazy_redis"), "made");
    cJSON_Delete(line);
    cJSON_Delete(document);
    end(&invocation);
}

/* In a function without middleware, and outside of any, it is as shared_lazy_get. */
static void test_bare(void)
{
    int number = 7;
    struct shared_lazy a = SHARED_LAZY("a", make_number, &number), b = SHARED_LAZY("b", make_number, &number);
    struct shared_context context = {.request_id = "id"};
    struct shared_error err = {0};
    void *value = NULL;
    failures_left = 0;
    CHECK_NUMBER(shared_lazy_use(&a, &context, &value, &err), 0);
    CHECK(value == &number);
    value = NULL;
    CHECK_NUMBER(shared_lazy_use(&b, NULL, &value, NULL), 0);
    CHECK(value == &number);
}

/* Any name is good for a line; what metrics do not take is refused there, at the flush, and no harm is done. */
static void test_odd_names(void)
{
    char long_name[600];
    memset(long_name, 'x', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    const char *const names[] = {long_name, "", "\xff\xfe", "a\nb \"c\""};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct shared_lazy lazy = SHARED_LAZY(names[i], make_number, NULL);
        struct invocation invocation;
        void *value;
        CHECK_ROW(names[i]);
        if (!begin(&invocation))
            return;
        failures_left = 0;
        CHECK_NUMBER(shared_lazy_use(&lazy, &invocation.context, &value, NULL), 0);
        cJSON *line = take_log(&invocation);
        CHECK(text_of(line, "lazy") != NULL);
        cJSON_Delete(line);
        shared_metrics_flush(&invocation.metrics, NULL);
        cJSON *document = take_line(invocation.metrics_end);
        CHECK(number_of(document, "LazyMade") == 12.5);
        cJSON_Delete(document);
        end(&invocation);
    }
}

int main(void)
{
    CHECK_RUN(test_made);
    CHECK_RUN(test_failed);
    CHECK_RUN(test_bare);
    CHECK_RUN(test_odd_names);
    return check_report();
}
