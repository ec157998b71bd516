/* test_runtime_log.c - what a function logs, and what the runtime has to say, are JSON lines that Lambda can
 * filter. */
#include "e2e_check.h"

#include <cjson/cJSON.h>

#include <regex.h>

/* The n-th line on standard error, from 0, as JSON; NULL where there is none. The caller deletes it. */
static cJSON *line_of(const struct emulator_run *run, int n)
{
    const char *line = e2e_said(run);
    for (; n && line; n--)
        line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
    return line ? cJSON_ParseWithLength(line, strcspn(line, "\n")) : NULL;
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

/* RFC 3339, in UTC. */
static bool is_timestamp(const char *text)
{
    regex_t pattern;
    if (!text || regcomp(&pattern, "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
                         REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool matches = regexec(&pattern, text, 0, NULL, 0) == 0;
    regfree(&pattern);
    return matches;
}

static void test_lines(void)
{
    struct emulator_run run = {0};
    if (e2e_play("function_log", NULL,
                 "next id=8476a536-0001 event=\"a \\\"b\\\"\\n\\xFF\"\nresponse\nnext id=8476a536-0002 "
                 "event=x\nresponse status=410" E2E_END,
                 &run)) {
        cJSON *first = line_of(&run, 0), *second = line_of(&run, 1), *trouble = line_of(&run, 2);
        CHECK_NUMBER(e2e_lines(&run), 4); /* and one of the end */
        CHECK_TEXT(text_of(first, "level"), "INFO");
        CHECK_TEXT(text_of(first, "message"), "an event");
        CHECK_TEXT(text_of(first, "requestId"), "8476a536-0001");
        CHECK_TEXT(text_of(first, "functionName"), "test");
        CHECK_TEXT(text_of(first, "event"), "a \"b\"\n\xEF\xBF\xBD");
        CHECK_NUMBER(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(first, "bytes")), 7);
        CHECK(is_timestamp(text_of(first, "timestamp")));
        CHECK_TEXT(text_of(second, "requestId"), "8476a536-0002");
        CHECK_TEXT(text_of(trouble, "level"), "WARN");
        CHECK(is_timestamp(text_of(trouble, "timestamp")));
        CHECK(text_of(trouble, "message") && strstr(text_of(trouble, "message"), "410"));
        cJSON_Delete(first);
        cJSON_Delete(second);
        cJSON_Delete(trouble);
    }
    emulator_run_clean_up(&run);
}

static void test_levels(void)
{
    static const struct {
        const char *variable;
        int lines; /* of two invocations and the end, which is a WARN */
    } rows[] = {{"AWS_LAMBDA_LOG_LEVEL=TRACE", 5},
                {"AWS_LAMBDA_LOG_LEVEL=DEBUG", 5},
                {"AWS_LAMBDA_LOG_LEVEL=INFO", 3},
                {"AWS_LAMBDA_LOG_LEVEL=WARN", 1},
                {"AWS_LAMBDA_LOG_LEVEL=whatever", 3}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *const env[] = {rows[i].variable, NULL};
        const struct emulator_options options = {.env = env};
        struct emulator_run run = {0};
        CHECK_ROW(rows[i].variable);
        if (e2e_play("function_log", &options, "next event=x\nresponse\nnext event=y\nresponse" E2E_END,
                     &run))
            CHECK_NUMBER(e2e_lines(&run), rows[i].lines);
        emulator_run_clean_up(&run);
    }
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_lines);
    CHECK_RUN(test_levels);
    return check_report();
}
