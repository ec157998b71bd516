/* What a manifest that is wrong is told, word for word, with the line. */
#include "check.h"

#include "manifest/manifest.h"

#include <stdlib.h>

static struct shared_arena arena;

struct row {
    const char *name;
    const char *text;
    const char *message;
};

#define LITERAL_BYTES(text) (sizeof(text) - 1)

static void check_bytes_fail(const char *text, size_t size_bytes, const char *message)
{
    struct manifest manifest;
    struct shared_error err = {0};
    /* A copy of its exact size shows reads beyond the end to the address sanitizer. */
    char *copy = malloc(size_bytes ? size_bytes : 1);
    memcpy(copy, text, size_bytes);
    CHECK_NUMBER(manifest_parse("demine.json", copy, size_bytes, &arena, &manifest, &err), SHARED_EINVAL);
    CHECK_TEXT(err.text, message);
    CHECK_NUMBER(manifest_parse("demine.json", copy, size_bytes, &arena, &manifest, NULL), SHARED_EINVAL);
    free(copy);
    shared_arena_reset(&arena);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_ROW(rows[i].name);
        check_bytes_fail(rows[i].text, strlen(rows[i].text), rows[i].message);
    }
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_not_json(void)
{
    static const struct row rows[] = {
        {"empty", "", "demine.json:1: the text ends too early: a value is missing"},
        {"only a comment", "// x\n", "demine.json:2: the text ends too early: a value is missing"},
        {"open object", "{\n\"name\": \"p\"\n",
         "demine.json:3: the text ends too early: a comma or } is missing"},
        {"open list", "[1", "demine.json:1: the text ends too early: a comma or ] is missing"},
        {"comma before }", "{\n\"name\": \"p\",\n}",
         "demine.json:3: a comma before the closing }; remove it"},
        {"comma before ]", "{\"a\": [1,]}", "demine.json:1: a comma before the closing ]; remove it"},
        {"two commas", "{\"a\": 1,, \"b\": 2}", "demine.json:1: found ,, expected a name in double quotes"},
        {"missing comma", "{\"a\": 1\n\"b\": 2}", "demine.json:2: found \"b\", expected a comma or }"},
        {"missing colon", "{\"a\" 1}", "demine.json:1: found 1, expected a colon after the name"},
        {"wrong bracket", "{\"a\": [1}", "demine.json:1: found }, expected a comma or ]"},
        {"unquoted name", "{name: 1}",
         "demine.json:1: a word that is neither a number nor true, false or null; texts stand in double "
         "quotes"},
        {"number as name", "{1: 1}", "demine.json:1: found 1, expected a name in double quotes or }"},
        {"closed twice", "{}}", "demine.json:1: found }, expected nothing after the closing }"},
        {"comma first", "[,1]", "demine.json:1: found ,, expected a value or ]"},
        {"single quotes", "{'a': 1}", "demine.json:1: a single quote; texts stand in double quotes"},
        {"stray character", "{\"a\": 1;}",
         "demine.json:1: a character that JSON does not have outside strings; remove it"},
        {"leading zero", "[01]",
         "demine.json:1: a word that is neither a number nor true, false or null; texts stand in double "
         "quotes"},
        {"open string", "{\n\"name\": \"p\n}",
         "demine.json:2: a string does not end on its line; close it with a quote, write \\n for a new line"},
        {"open string at the end", "{\"name", "demine.json:1: a string does not end; close it with a quote"},
        {"tab in a string", "{\n\"a\tb\": 1}",
         "demine.json:2: a string holds a control character; write it as \\t or \\uXXXX"},
        {"wrong escape", "{\"C:\\dir\": 1}",
         "demine.json:1: a string has a backslash before a character that needs none; write \\\\ for the "
         "backslash "
         "itself"},
        {"short escape", "[\"\\u12\"]",
         "demine.json:1: a string has a backslash before a character that needs none; write \\\\ for the "
         "backslash "
         "itself"},
        {"escaped NUL", "{\n\n\"a\\u0000b\": 1}",
         "demine.json:3: a string holds \\u0000, which no name, path or value can have; remove it"},
        {"half a surrogate pair", "{\"name\":\n\"\\ud800\"}",
         "demine.json:2: a \\u escape that is half a character; write the character itself"},
        {"two first halves", "[\"\\ud800\\uD800\"]",
         "demine.json:1: a \\u escape that is half a character; write the character itself"},
        {"second half alone", "[\"\\uDFFFx\"]",
         "demine.json:1: a \\u escape that is half a character; write the character itself"},
        {"open comment", "{}\n/* x\n\n", "demine.json:2: a comment does not end; close it with */"},
        {"half a comment", "{}\n/",
         "demine.json:2: a character that JSON does not have outside strings; remove it"},
        {"not UTF-8", "{\n\"name\": \"\xE9\"}",
         "demine.json:2: a byte that is not UTF-8; save the file in UTF-8"},
        {"overlong", "\xC0\x80", "demine.json:1: a byte that is not UTF-8; save the file in UTF-8"},
    };
    CHECK_ROWS(rows);
    CHECK_ROW("raw NUL");
    static const char nul[] = "{\"a\":\n1\0}";
    check_bytes_fail(nul, LITERAL_BYTES(nul), "demine.json:2: a NUL byte; a manifest is a text in UTF-8");
}

static void test_deep(void)
{
    char text[1 << 16];
    memset(text, '[', sizeof(text));
    check_bytes_fail(text, sizeof(text), "demine.json:1: nested deeper than 100 levels; a manifest has five");
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    check_bytes_fail(text, 200, "demine.json:1: is a list, must be an object in { }");
}

static void test_huge(void)
{
    size_t size = MANIFEST_LIMIT_BYTES + 1;
    char *text = malloc(size);
    memset(text, ' ', size);
    check_bytes_fail(text, size, "demine.json has 16777217 bytes; a manifest has at most 16777216");
    free(text);
}

/* A manifest in which one thing is wrong. */
#define TOP(members) "{\n\"name\": \"p\",\n" members ",\n\"functions\": {\"f\": {\"sources\": [\"f.c\"]}}}"
#define FUNCTION(members) "{\"name\": \"p\", \"functions\": {\n\"hello\": {\n" members "\n}}}"

static void test_keys(void)
{
    static const struct row rows[] = {
        {"not an object", "3", "demine.json:1: is a number, must be an object in { }"},
        {"nothing", "{}", "demine.json:1: has no \"name\"; add it"},
        {"no functions", "{\"name\": \"p\"}", "demine.json:1: has no \"functions\"; add it"},
        {"empty functions", "{\"name\": \"p\",\n\"functions\": {}}",
         "demine.json:2: functions: is empty; add a function"},
        {"near", TOP("\"library\": {}"),
         "demine.json:3: library: is an unknown key; did you mean \"libraries\"?"},
        {"near, in a function", FUNCTION("\"sources\": [\"f.c\"],\n\"memory\": 128"),
         "demine.json:4: functions.hello.memory: is an unknown key; did you mean \"memory_mb\"?"},
        {"case", TOP("\"Target\": {}"), "demine.json:3: Target: is an unknown key; did you mean \"target\"?"},
        {"far", TOP("\"resources\": {}"),
         "demine.json:3: resources: is an unknown key; demine.schema.json has the 13 that are known here"},
        {"far, in a function", FUNCTION("\"role\": 1"),
         "demine.json:3: functions.hello.role: is an unknown key; demine.schema.json has the 20 that are "
         "known here"},
        {"far, in zip", TOP("\"zip\": {\"quality\": 1}"),
         "demine.json:3: zip.quality: is an unknown key; known here are level"},
        {"empty", TOP("\"\": 1"),
         "demine.json:3: [\"\"]: is an unknown key; demine.schema.json has the 13 that are known here"},
        {"line break in a key", TOP("\"a\\nb\": 1"),
         "demine.json:3: [\"a?b\"]: is an unknown key; demine.schema.json has the 13 that are known here"},
        {"twice", "{\n\"name\": \"p\",\n\"name\": \"q\"}",
         "demine.json:3: has \"name\" twice, in lines 2 and 3; remove one"},
        {"twice, one escaped", FUNCTION("\"binary\": \"a\",\n\"map\": \"m\",\n\"b\\u0069nary\": \"a\""),
         "demine.json:5: functions.hello: has \"binary\" twice, in lines 3 and 5; remove one"},
        {"function twice", "{\"name\": \"p\", \"functions\": {\n\"a\": {\"binary\": \"x\"},\n\"a\":\n{}}}",
         "demine.json:3: functions: has \"a\" twice, in lines 2 and 3; remove one"},
        {"place twice", FUNCTION("\"sources\": [\"f.c\"], \"assets\": {\"x\": \"y\",\n\"x\": \"z\"}"),
         "demine.json:4: functions.hello.assets: has \"x\" twice, in lines 3 and 4; remove one"},
    };
    CHECK_ROWS(rows);
}

static void test_values(void)
{
    static const struct row rows[] = {
        {"number for a text", "{\"name\": 3}",
         "demine.json:1: name: is a number, must be a text in double quotes"},
        {"schema", TOP("\"$schema\": []"),
         "demine.json:3: $schema: is a list, must be a text in double quotes"},
        {"text for an object", TOP("\"target\": \"arm64\""),
         "demine.json:3: target: is a text, must be an object in { }"},
        {"null for an object", TOP("\"libraries\": null"),
         "demine.json:3: libraries: is null, must be an object in { }"},
        {"text for a list", FUNCTION("\"sources\": \"f.c\""),
         "demine.json:3: functions.hello.sources: is a text, must be a list of texts"},
        {"number in a list", FUNCTION("\"sources\": [\"a.c\",\n\"b.c\",\n3]"),
         "demine.json:5: functions.hello.sources[2]: is a number, must be a text in double quotes"},
        {"empty text in a list", FUNCTION("\"sources\": [\"a.c\",\n\"\"]"),
         "demine.json:4: functions.hello.sources[1]: is empty; give it a value or remove it"},
        {"empty list", FUNCTION("\"objects\": []"),
         "demine.json:3: functions.hello.objects: is empty; fill it or remove it"},
        {"source twice", FUNCTION("\"sources\": [\"a.c\", \"b.c\",\n\"a.c\"]"),
         "demine.json:4: functions.hello.sources: has \"a.c\" twice, in lines 3 and 4; remove one"},
        {"empty compiler", TOP("\"toolchain\": {\n\"compiler\": \"\"}"),
         "demine.json:4: toolchain.compiler: is empty; give it a value or remove it"},
        {"choice", TOP("\"target\": {\n\"architecture\": \"arm\"}"),
         "demine.json:4: target.architecture: is \"arm\", must be one of x86_64, arm64"},
        {"choice of another type", TOP("\"limits\": {\"profile\": 2016}"),
         "demine.json:3: limits.profile: is a number, must be one of the texts today, 2016"},
        {"escape sequence in a choice", TOP("\"toolchain\": {\"linker\": \"\\u001b[31m\\n\"}"),
         "demine.json:3: toolchain.linker: is \"?[31m?\", must be one of bfd, lld, mold"},
        {"linker", TOP("\"toolchain\": {\"linker\": \"gold\"}"),
         "demine.json:3: toolchain.linker: is \"gold\", must be one of bfd, lld, mold"},
        {"fraction", FUNCTION("\"memory_mb\": 128.5"),
         "demine.json:3: functions.hello.memory_mb: is 128.5, must be a whole number"},
        {"zero", FUNCTION("\"timeout_s\": 0"),
         "demine.json:3: functions.hello.timeout_s: is 0, must be 1 to 9007199254740991"},
        {"negative", TOP("\"limits\": {\"overrides\": {\"zip_bytes\": -1}}"),
         "demine.json:3: limits.overrides.zip_bytes: is -1, must be 0 to 9007199254740991"},
        {"infinite", FUNCTION("\"memory_mb\": 1e999"),
         "demine.json:3: functions.hello.memory_mb: is inf, must be 1 to 9007199254740991"},
        {"2^53", FUNCTION("\"memory_mb\": 9007199254740992"),
         "demine.json:3: functions.hello.memory_mb: is 9007199254740992, must be 1 to 9007199254740991"},
        {"number as text", FUNCTION("\"memory_mb\": \"128\""),
         "demine.json:3: functions.hello.memory_mb: is a text, must be a whole number"},
        {"true", FUNCTION("\"memory_mb\": true"),
         "demine.json:3: functions.hello.memory_mb: is true or false, must be a whole number"},
        {"bucket", TOP("\"limits\": {\"s3_bucket\": \"s3://code/x\"}"),
         "demine.json:3: limits.s3_bucket: is \"s3://code/x\", must be a bucket's name alone, without s3:// "
         "and "
         "folder"},
    };
    CHECK_ROWS(rows);
}

static void test_names(void)
{
    static const struct row rows[] = {
        {"project", "{\"name\": \"my project\"}",
         "demine.json:1: name: is \"my project\", must be 1 to 64 letters, digits, \"_\" or \"-\""},
        {"empty project", "{\"name\": \"\"}",
         "demine.json:1: name: is \"\", must be 1 to 64 letters, digits, \"_\" or \"-\""},
        {"function", "{\"name\": \"p\", \"functions\": {\n\"a/b\": {\"binary\": \"x\"}}}",
         "demine.json:2: functions[\"a/b\"]: the name must be 1 to 64 letters, digits, \"_\" or \"-\""},
        {"long function",
         "{\"name\": \"p\", \"functions\": "
         "{\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg\": {\"binary\": \"x\"}}}",
         "demine.json:1: functions.aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg: the "
         "name must be "
         "1 to 64 letters, digits, \"_\" or \"-\""},
        {"library", TOP("\"libraries\": {\n\"a b\": {}}"),
         "demine.json:4: libraries[\"a b\"]: the name must be 1 to 64 letters, digits, \"_\", \"-\", \".\" "
         "or \"+\""},
        {"library of the report", TOP("\"libraries\": {\"libc\": {}}"),
         "demine.json:3: libraries.libc: the name is a word of the report (own, libc, linker, lto); give the "
         "library "
         "another name"},
        {"environment", FUNCTION("\"environment\": {\n\"A-B\": \"\"}"),
         "demine.json:4: functions.hello.environment.A-B: the name must be a letter and then at least one "
         "letter, "
         "digit or \"_\""},
        {"environment, one letter", FUNCTION("\"environment\": {\"A\": \"\"}"),
         "demine.json:3: functions.hello.environment.A: the name must be a letter and then at least one "
         "letter, digit "
         "or \"_\""},
        {"reserved", FUNCTION("\"environment\": {\"AWS_REGION\": \"eu-west-1\"}"),
         "demine.json:3: functions.hello.environment.AWS_REGION: the name is set by Lambda itself and cannot "
         "be set "
         "here; remove it"},
        {"reserved, first byte", FUNCTION("\"environment\": {\"_HANDLER\": \"x\"}"),
         "demine.json:3: functions.hello.environment._HANDLER: the name is set by Lambda itself and cannot "
         "be set "
         "here; remove it"},
        {"empty place", FUNCTION("\"assets\": {\"\": \"x\"}"),
         "demine.json:3: functions.hello.assets[\"\"]: the name is empty; give it one"},
        {"asset without source", FUNCTION("\"assets\": {\"a\\\"b\\\\\":\n\"\"}"),
         "demine.json:3: functions.hello.assets[\"a\\\"b\\\\\"]: is empty; give it a value or remove it"},
        {"long path",
         FUNCTION("\"assets\": {\"share/aaaaaaaaaa/bbbbbbbbbb/cccccccccc/dddddddddd/eeeeeeeeee/ffffffffff/"
                  "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\": 1}"),
         "demine.json:3: …[\"share/aaaaaaaaaa/bbbbbbbbbb/cccccccccc/dddddddddd/eeeeeeeeee/ffffffffff/"
         "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"]: is a number, must be a text in double quotes"},
    };
    CHECK_ROWS(rows);
}

static void test_relations(void)
{
    static const struct row rows[] = {
        {"nothing to make it of", FUNCTION("\"memory_mb\": 128"),
         "demine.json:2: functions.hello: has nothing to be made of; add \"sources\", \"objects\" or a "
         "\"binary\", or a \"runtime\" for files alone"},
        {"files and sources", FUNCTION("\"runtime\": \"nodejs22.x\",\n\"sources\": [\"f.c\"]"),
         "demine.json:4: functions.hello.sources: is for programs; remove it, or the \"runtime\", which "
         "makes this "
         "a function of files"},
        {"files without handler", FUNCTION("\"runtime\": \"nodejs22.x\", \"assets\": {\".\": \"src\"}"),
         "demine.json:2: functions.hello: has a \"runtime\" but no \"handler\"; add it"},
        {"files without files", FUNCTION("\"runtime\": \"python3.13\", \"handler\": \"a.b\""),
         "demine.json:2: functions.hello: has nothing that its runtime could read; add \"assets\""},
        {"a handler alone", FUNCTION("\"sources\": [\"f.c\"], \"handler\": \"a.b\""),
         "demine.json:3: functions.hello.handler: is for a function of files; add a \"runtime\" or remove "
         "it"},
        {"runtime of a program", FUNCTION("\"runtime\": \"provided.al2\""),
         "demine.json:3: functions.hello.runtime: is \"provided.al2\", is that of a program: remove it here "
         "and "
         "write it to \"target\""},
        {"layer that is none", FUNCTION("\"layers\": {\"arn:aws:lambda:eu-west-1:1:layer:x:1\": 1}"),
         "demine.json:3: functions.hello.layers[\"arn:aws:lambda:eu-west-1:1:layer:x:1\"]: the name must be "
         "a layer "
         "version's: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION"},
        {"schedule that is none", FUNCTION("\"prewarm\": \"5 minutes\""),
         "demine.json:3: functions.hello.prewarm: is \"5 minutes\", must be a schedule, as \"rate(5 "
         "minutes)\" or "
         "\"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"rate()", FUNCTION("\"prewarm\": \"rate()\""),
         "demine.json:3: functions.hello.prewarm: is \"rate()\", must be a schedule, as \"rate(5 minutes)\" "
         "or \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"rate(5 minutes", FUNCTION("\"prewarm\": \"rate(5 minutes\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(5 minutes\", must be a schedule, as \"rate(5 "
         "minutes)\" or \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"Rate(5 minutes)", FUNCTION("\"prewarm\": \"Rate(5 minutes)\""),
         "demine.json:3: functions.hello.prewarm: is \"Rate(5 minutes)\", must be a schedule, as \"rate(5 "
         "minutes)\" or \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"at(2030-01-01T00:00:00)", FUNCTION("\"prewarm\": \"at(2030-01-01T00:00:00)\""),
         "demine.json:3: functions.hello.prewarm: is \"at(2030-01-01T00:00:00)\", must be a schedule, as "
         "\"rate(5 minutes)\" or \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"rate(0 minutes)", FUNCTION("\"prewarm\": \"rate(0 minutes)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(0 minutes)\", must be a rate of minutes, hours "
         "or days, as \"rate(1 minute)\" or \"rate(5 minutes)\""},
        {"rate(5 parsecs)", FUNCTION("\"prewarm\": \"rate(5 parsecs)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(5 parsecs)\", must be a rate of minutes, hours "
         "or days, as \"rate(1 minute)\" or \"rate(5 minutes)\""},
        {"rate(minutes)", FUNCTION("\"prewarm\": \"rate(minutes)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(minutes)\", must be a rate of minutes, hours or "
         "days, as \"rate(1 minute)\" or \"rate(5 minutes)\""},
        {"rate(5)", FUNCTION("\"prewarm\": \"rate(5)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(5)\", must be a rate of minutes, hours or days, "
         "as \"rate(1 minute)\" or \"rate(5 minutes)\""},
        {"rate(5 minutes x)", FUNCTION("\"prewarm\": \"rate(5 minutes x)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(5 minutes x)\", must be a rate of minutes, hours "
         "or days, as \"rate(1 minute)\" or \"rate(5 minutes)\""},
        {"rate(-1 minutes)", FUNCTION("\"prewarm\": \"rate(-1 minutes)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(-1 minutes)\", must be a rate of minutes, hours "
         "or days, as \"rate(1 minute)\" or \"rate(5 minutes)\""},
        {"rate(1 minutes)", FUNCTION("\"prewarm\": \"rate(1 minutes)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(1 minutes)\", its unit must be in the singular: "
         "1 minute, 1 hour, 1 day"},
        {"rate(5 minute)", FUNCTION("\"prewarm\": \"rate(5 minute)\""),
         "demine.json:3: functions.hello.prewarm: is \"rate(5 minute)\", its unit must be in the plural: "
         "minutes, hours, days"},
        {"cron(x)", FUNCTION("\"prewarm\": \"cron(x)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(x)\", its minutes must be 0 to 59, with * , - "
         "and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 * * ?)", FUNCTION("\"prewarm\": \"cron(0 10 * * ?)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 * * ?)\", must have six fields: minutes, "
         "hours, day of the month, month, day of the week, year, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 * * ? * *)", FUNCTION("\"prewarm\": \"cron(0 10 * * ? * *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 * * ? * *)\", must have six fields: "
         "minutes, hours, day of the month, month, day of the week, year, as in \"cron(0/5 8-18 ? * MON-FRI "
         "*)\""},
        {"cron(60 10 * * ? *)", FUNCTION("\"prewarm\": \"cron(60 10 * * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(60 10 * * ? *)\", its minutes must be 0 to 59, "
         "with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(*/0 10 * * ? *)", FUNCTION("\"prewarm\": \"cron(*/0 10 * * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(*/0 10 * * ? *)\", its minutes must be 0 to 59, "
         "with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(5- 10 * * ? *)", FUNCTION("\"prewarm\": \"cron(5- 10 * * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(5- 10 * * ? *)\", its minutes must be 0 to 59, "
         "with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(5, 10 * * ? *)", FUNCTION("\"prewarm\": \"cron(5, 10 * * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(5, 10 * * ? *)\", its minutes must be 0 to 59, "
         "with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(? 10 * * ? *)", FUNCTION("\"prewarm\": \"cron(? 10 * * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(? 10 * * ? *)\", its minutes must be 0 to 59, "
         "with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 24 * * ? *)", FUNCTION("\"prewarm\": \"cron(0 24 * * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 24 * * ? *)\", its hours must be 0 to 23, with "
         "* , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 0 * ? *)", FUNCTION("\"prewarm\": \"cron(0 10 0 * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 0 * ? *)\", its day of the month must be 1 "
         "to 31, with * , - / ? L and W, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 6L * ? *)", FUNCTION("\"prewarm\": \"cron(0 10 6L * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 6L * ? *)\", its day of the month must be 1 "
         "to 31, with * , - / ? L and W, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? JANUARY * *)", FUNCTION("\"prewarm\": \"cron(0 10 ? JANUARY * *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? JANUARY * *)\", its month must be 1 to 12 "
         "or JAN to DEC, with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? * 6#9 *)", FUNCTION("\"prewarm\": \"cron(0 10 ? * 6#9 *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? * 6#9 *)\", its day of the week must be 1 "
         "to 7 or SUN to SAT, with * , - / ? L and #, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? * 8 *)", FUNCTION("\"prewarm\": \"cron(0 10 ? * 8 *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? * 8 *)\", its day of the week must be 1 "
         "to 7 or SUN to SAT, with * , - / ? L and #, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? * , *)", FUNCTION("\"prewarm\": \"cron(0 10 ? * , *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? * , *)\", its day of the week must be 1 "
         "to 7 or SUN to SAT, with * , - / ? L and #, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? * 5W *)", FUNCTION("\"prewarm\": \"cron(0 10 ? * 5W *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? * 5W *)\", its day of the week must be 1 "
         "to 7 or SUN to SAT, with * , - / ? L and #, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? * * 1969)", FUNCTION("\"prewarm\": \"cron(0 10 ? * * 1969)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? * * 1969)\", its year must be 1970 to "
         "2199, with * , - and /, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 * * * *)", FUNCTION("\"prewarm\": \"cron(0 10 * * * *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 * * * *)\", must have \"?\" for the day of "
         "the month or for that of the week, and not for both, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"cron(0 10 ? * ? *)", FUNCTION("\"prewarm\": \"cron(0 10 ? * ? *)\""),
         "demine.json:3: functions.hello.prewarm: is \"cron(0 10 ? * ? *)\", must have \"?\" for the day of "
         "the month or for that of the week, and not for both, as in \"cron(0/5 8-18 ? * MON-FRI *)\""},
        {"two versions of a layer",
         FUNCTION("\"binary\": \"b\", \"layers\": {\"arn:aws:lambda:eu-west-1:123456789012:layer:t:10\": "
                  "1,\n\"arn:aws:lambda:eu-west-1:123456789012:layer:t2:1\": "
                  "1,\n\"arn:aws:lambda:eu-west-1:123456789012:layer:t:9\": 1}"),
         "demine.json:5: functions.hello.layers[\"arn:aws:lambda:eu-west-1:123456789012:layer:t:9\"]: "
         "version 10 of that layer is attached already, and Lambda takes one alone; remove one of them"},
        {"layers of two regions",
         FUNCTION("\"binary\": \"b\", \"layers\": {\"arn:aws:lambda:eu-west-1:123456789012:layer:t:1\": "
                  "1,\n\"arn:aws:lambda:eu-west-2:123456789012:layer:u:1\": 1}"),
         "demine.json:4: functions.hello.layers[\"arn:aws:lambda:eu-west-2:123456789012:layer:u:1\"]: is not "
         "in arn:aws:lambda:eu-west-1 as another one is, and Lambda attaches layers of the function's own "
         "region alone; remove one"},
        {"binary and sources", FUNCTION("\"binary\": \"x\",\n\"sources\": [\"f.c\"]"),
         "demine.json:4: functions.hello.sources: cannot go with \"binary\", which is linked already; remove "
         "one"},
        {"binary and objects", FUNCTION("\"objects\": [\"f.o\"],\n\"binary\": \"x\""),
         "demine.json:3: functions.hello.objects: cannot go with \"binary\", which is linked already; remove "
         "one"},
        {"binary and flags", FUNCTION("\"binary\": \"x\",\n\"flags\": [\"-g\"]"),
         "demine.json:4: functions.hello.flags: cannot go with \"binary\", which is linked already; remove "
         "one"},
        {"map alone", FUNCTION("\"sources\": [\"f.c\"],\n\"map\": \"f.map\""),
         "demine.json:4: functions.hello.map: is only for a \"binary\"; remove it"},
        {"library not there", FUNCTION("\"sources\": [\"f.c\"],\n\"libraries\": [\"zlib\"]"),
         "demine.json:4: functions.hello.libraries[0]: no library \"zlib\"; add it to \"libraries\""},
        {"library misspelt",
         "{\"name\": \"p\", \"libraries\": {\"libshared\": {}},\n\"functions\": {\"f\": {\"sources\": "
         "[\"f.c\"],\n"
         "\"libraries\": [\"libshard\"]}}}",
         "demine.json:3: functions.f.libraries[0]: no library \"libshard\"; did you mean \"libshared\"?"},
        {"need not there", TOP("\"libraries\": {\"png\": {\n\"needs\": [\n\"z\"]}}"),
         "demine.json:5: libraries.png.needs[0]: no library \"z\"; add it to \"libraries\""},
        {"library that needs itself", TOP("\"libraries\": {\"a\": {\n\"needs\": [\"a\"]}}"),
         "demine.json:4: libraries.a.needs[0]: closes a circle; remove one need of a → a"},
        {"circle",
         TOP("\"libraries\": {\"x\": {\"needs\": [\"a\"]},\n\"a\": {\"needs\": [\"b\"]},\n\"b\": {\"needs\": "
             "[\"c\"]},\n"
             "\"c\": {\"needs\":\n[\"a\"]}}"),
         "demine.json:7: libraries.c.needs[0]: closes a circle; remove one need of a → b → c → a"},
    };
    CHECK_ROWS(rows);
}

int main(void)
{
    CHECK_RUN(test_not_json);
    CHECK_RUN(test_deep);
    CHECK_RUN(test_huge);
    CHECK_RUN(test_keys);
    CHECK_RUN(test_values);
    CHECK_RUN(test_names);
    CHECK_RUN(test_relations);
    shared_arena_clean_up(&arena);
    return check_report();
}
