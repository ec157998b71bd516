/* Values found in JSON text where they stand: what counts as one, and that nothing else does. */
#include "json/json_scan.h"

#include <check.h>

#include <stdlib.h>

static struct shared_slice value_of(const char *text)
{
    struct shared_slice rest = shared_slice_from_text(text);
    return shared_json_scan_value(&rest);
}

static void test_values(void)
{
    static const char *const whole[] = {"{}",
                                        "[]",
                                        "0",
                                        "-0",
                                        "12",
                                        "1.5",
                                        "-1e9",
                                        "1E+9",
                                        "0.0e-1",
                                        "true",
                                        "false",
                                        "null",
                                        "\"\"",
                                        "\"a\\u00e9\\\\\\\"\\/\\b\\f\\n\\r\\t\"",
                                        "[[],[{}],{\"a\":[]}]",
                                        "{\"a\":1,\"a\":2}",
                                        "[ 1 , 2 ]",
                                        "{ \"a\" : { \"b\" : [ null ] } }",
                                        "\"\xff\xfe\"",
                                        "{\"\":\"\"}"};
    for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
        CHECK_ROW(whole[i]);
        CHECK_SLICE(value_of(whole[i]), whole[i]);
    }
}

static void test_no_values(void)
{
    static const char *const broken[] = {"",
                                         " ",
                                         "{",
                                         "[",
                                         "}",
                                         "]",
                                         ",",
                                         ":",
                                         "\"",
                                         "\"a",
                                         "\"\\\"",
                                         "\"\\x\"",
                                         "\"\\u12g4\"",
                                         "\"\\u12",
                                         "-",
                                         "+1",
                                         ".5",
                                         "1.",
                                         "1e",
                                         "1e+",
                                         "tru",
                                         "nul",
                                         "False",
                                         "'a'",
                                         "{a:1}",
                                         "{\"a\"}",
                                         "{\"a\":}",
                                         "{\"a\":1,}",
                                         "{,}",
                                         "[1,]",
                                         "[,1]",
                                         "[1 2]",
                                         "{\"a\":1 \"b\":2}",
                                         "[1}",
                                         "{\"a\":1]",
                                         "[[1]",
                                         "{\"a\":{\"b\":1}",
                                         "{1:2}",
                                         "\"a\nb\"",
                                         "[\"\t\"]",
                                         "NaN",
                                         "[01]",
                                         "{\"a\":01}",
                                         "[1.]",
                                         "\xef\xbb\xbf{}",
                                         "[--1]",
                                         "[1}]"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
        CHECK_ROW(broken[i]);
        struct shared_slice rest = shared_slice_from_text(broken[i]);
        CHECK(shared_json_scan_value(&rest).data == NULL);
        CHECK_SLICE(rest, broken[i]);
    }
    struct shared_slice none = {NULL, 0};
    CHECK(shared_json_scan_value(&none).data == NULL);
    CHECK(shared_json_scan_value(&(struct shared_slice){"\"\\\0\"", 4}).data == NULL);
    CHECK(shared_json_scan_value(&(struct shared_slice){"\"\0\"", 3}).data == NULL);
}

static void test_rest(void)
{
    struct shared_slice rest = shared_slice_from_text(" \r\n\t{\"a\":1} , 2");
    CHECK_SLICE(shared_json_scan_value(&rest), "{\"a\":1}");
    CHECK_SLICE(rest, " , 2");
    rest = shared_slice_from_text("truex");
    CHECK_SLICE(shared_json_scan_value(&rest), "true");
    CHECK_SLICE(rest, "x");
}

static void check_nested(char open, char close, size_t depth, bool whole)
{
    char text[2 * SHARED_JSON_SCAN_DEPTH + 2];
    memset(text, open, depth);
    memset(text + depth, close, depth);
    struct shared_slice all = shared_slice_of(text, 2 * depth), rest = all;
    CHECK_NUMBER(shared_json_scan_value(&rest).size_bytes, whole ? all.size_bytes : 0);
}

static void test_depth(void)
{
    check_nested('[', ']', 1, true);
    check_nested('[', ']', SHARED_JSON_SCAN_DEPTH, true);
    check_nested('[', ']', SHARED_JSON_SCAN_DEPTH + 1, false);
    check_nested('[', '}', 8, false);

    /* A bracket's kind is remembered through a mixture that crosses bytes. */
    char text[512], *end = text;
    for (int i = 0; i < 40; i++)
        end += sprintf(end, i % 3 ? "[" : "{\"k\":");
    *end++ = '0';
    for (int i = 39; i >= 0; i--)
        *end++ = i % 3 ? ']' : '}';
    struct shared_slice rest = shared_slice_of(text, (size_t)(end - text));
    CHECK_NUMBER(shared_json_scan_value(&rest).size_bytes, end - text);
    end[-1] = ']';
    rest = shared_slice_of(text, (size_t)(end - text));
    CHECK(shared_json_scan_value(&rest).data == NULL);
}

/* A megabyte of brackets that never close costs neither stack nor much time. */
static void test_hostile(void)
{
    size_t size = 1 << 20;
    char *text = malloc(size);
    if (!CHECK(text != NULL))
        return;
    memset(text, '[', size);
    struct shared_slice rest = shared_slice_of(text, size);
    CHECK(shared_json_scan_value(&rest).data == NULL);
    memset(text, '"', size);
    rest = shared_slice_of(text, size);
    CHECK_SLICE(shared_json_scan_value(&rest), "\"\"");
    free(text);
}

static void test_walk_object(void)
{
    struct shared_json_walk walk = {
        .rest = SHARED_SLICE_LITERAL(" { \"a\" : 1 , \"b\\n\":[2], \"a\":null } tail")};
    struct shared_slice name, value;
    static const char *const items[][2] = {{"\"a\"", "1"}, {"\"b\\n\"", "[2]"}, {"\"a\"", "null"}};
    for (size_t i = 0; i < 3; i++) {
        CHECK_NUMBER(shared_json_scan_next(&walk, &name, &value), SHARED_JSON_ITEM);
        CHECK_SLICE(name, items[i][0]);
        CHECK_SLICE(value, items[i][1]);
    }
    CHECK_NUMBER(shared_json_scan_next(&walk, &name, &value), SHARED_JSON_END);
    CHECK_SLICE(walk.rest, " tail");
}

static void test_walk_array(void)
{
    struct shared_json_walk walk = {.rest = SHARED_SLICE_LITERAL("[1,\"x\"]")};
    struct shared_slice value;
    CHECK_NUMBER(shared_json_scan_next(&walk, NULL, &value), SHARED_JSON_ITEM);
    CHECK_SLICE(value, "1");
    CHECK_NUMBER(shared_json_scan_next(&walk, NULL, &value), SHARED_JSON_ITEM);
    CHECK_SLICE(value, "\"x\"");
    CHECK_NUMBER(shared_json_scan_next(&walk, NULL, &value), SHARED_JSON_END);
    CHECK_NUMBER(walk.rest.size_bytes, 0);
}

/* How many items a walk gives, and 1,000 more where it ends broken. */
static int items(const char *text, bool object)
{
    struct shared_json_walk walk = {.rest = shared_slice_from_text(text)};
    struct shared_slice name, value;
    int count = 0;
    for (;; count++) {
        enum shared_json_step step = shared_json_scan_next(&walk, object ? &name : NULL, &value);
        if (step != SHARED_JSON_ITEM)
            return step == SHARED_JSON_END ? count : count + 1000;
    }
}

static void test_walk_broken(void)
{
    static const struct {
        const char *text;
        bool object;
        int items;
    } rows[] = {
        {"{}", true, 0},          {"[]", false, 0},          {"[]", true, 1000},
        {"{}", false, 1000},      {"", true, 1000},          {",\"a\":1}", true, 1000},
        {"}", true, 1000},        {",1]", false, 1000},      {"{\"a\":1,}", true, 1001},
        {"{\"a\":1", true, 1000}, {"{\"a\":1]", true, 1000}, {"{\"a\":1{\"b\":1}", true, 1000},
        {"{\"a\":1}}", true, 1},  {"{\"a\" 1}", true, 1000}, {"[1,2,x]", false, 1002},
        {"[1 2]", false, 1000},   {NULL, true, 1000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(items(rows[i].text, rows[i].object), rows[i].items);
    }
}

static void test_path(void)
{
    static const char event[] =
        "{\"version\":\"2.0\",\"headers\":{\"X-Id\":\"up\",\"x-id\":\"low\",\"x\\u002dy\":1},"
        "\"Records\":[{\"id\":\"r0\"},{\"id\":\"r1\",\"n\":[[7,8]]}],\"a\":{\"a\":{\"a\":-1.5e3}},\"0\":"
        "\"zero\","
        "\"\":{\"\":true},\"t\":\"a.b\",\"end\":null} garbage behind";
    static const struct {
        const char *path;
        bool ignore_case;
        const char *value;
    } rows[] = {
        {"version", false, "\"2.0\""},
        {"headers.x-id", false, "\"low\""},
        {"headers.x-id", true, "\"up\""},
        {"headers.X-ID", true, "\"up\""},
        {"Headers.x-id", true, NULL},
        {"headers.x-y", false, "1"},
        {"headers.X-Y", false, NULL},
        {"Records.0.id", false, "\"r0\""},
        {"Records.1.id", false, "\"r1\""},
        {"Records.1.n.0.1", false, "8"},
        {"Records.2.id", false, NULL},
        {"Records.-1.id", false, NULL},
        {"Records.18446744073709551616", false, NULL},
        {"Records.x", false, NULL},
        {"a.a.a", false, "-1.5e3"},
        {"a.a", false, "{\"a\":-1.5e3}"},
        {"a.a.a.a", false, NULL},
        {"0", false, "\"zero\""},
        {".", false, "true"},
        {"", false, "{\"\":true}"},
        {"t.x", false, NULL},
        {"end", false, "null"},
        {"end.", false, NULL},
        {"none", true, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].path);
        struct shared_slice found =
            shared_json_scan_path(shared_slice_from_text(event), rows[i].path, rows[i].ignore_case);
        if (rows[i].value)
            CHECK_SLICE(found, rows[i].value);
        else
            CHECK(found.data == NULL);
    }
}

static void test_path_broken(void)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "\"a\"",
                                        "[",
                                        "{\"b\":{\"a\":1}",
                                        "{\"b\":x,\"a\":1}",
                                        ",\"a\":1}",
                                        "{\"b\":\"\"a\":1}",
                                        "{\"a\":1",
                                        "{\"a\":tru}",
                                        "{\"b\":\"\\\",\"a\":1}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        CHECK_ROW(texts[i]);
        CHECK(shared_json_scan_path(shared_slice_from_text(texts[i]), "a", false).data == NULL);
    }
    CHECK(shared_json_scan_path(shared_slice_of(NULL, 0), "a", false).data == NULL);
}

static void test_string_is(void)
{
    static const struct {
        const char *string, *text;
        bool ignore_case, is;
    } rows[] = {
        {"\"warm\"", "warm", false, true},
        {"\"w\\u0061rm\"", "warm", false, true},
        {"\"w\\u0041rm\"", "warm", false, false},
        {"\"w\\u0041rm\"", "WaRM", true, true},
        {"\"warm\"", "war", false, false},
        {"\"warm\"", "warmer", false, false},
        {"\"warm\"", "Warm", false, false},
        {"\"\"", "", false, true},
        {"\"a\\/b\"", "a/b", false, true},
        {"\"\\\\u0061\"", "\\u0061", false, true},
        {"\"\\u00e9\"", "\xc3\xa9", false, true},
        {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", false, true},
        {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98", false, false},
        {"warm", "warm", false, false},
        {"\"", "", false, false},
        {"12", "12", false, false},
        {"", "", false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].string);
        CHECK_NUMBER(shared_json_string_is(shared_slice_from_text(rows[i].string),
                                           shared_slice_from_text(rows[i].text), rows[i].ignore_case),
                     rows[i].is);
    }
    CHECK(!shared_json_string_is(shared_slice_of(NULL, 0), shared_slice_from_text(""), false));
    CHECK(!shared_json_string_is(shared_slice_from_text("\"warm\\u0000\""), shared_slice_from_text("warm"),
                                 false));
}

static void test_unescape(void)
{
    static const struct {
        const char *string;
        struct shared_slice text;
    } rows[] = {
        {"\"plain\"", SHARED_SLICE_LITERAL("plain")},
        {"\"\"", SHARED_SLICE_LITERAL("")},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", SHARED_SLICE_LITERAL("\"\\/\b\f\n\r\t")},
        {"\"\\u0000\\u007f\\u0080\\u07ff\\u0800\\uFFFF\"",
         SHARED_SLICE_LITERAL("\0\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf")},
        {"\"\\ud800\\udc00\\uDBFF\\uDFFF\"", SHARED_SLICE_LITERAL("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")},
        {"\"\\ud800\"", SHARED_SLICE_LITERAL("\xef\xbf\xbd")},
        {"\"\\udc00\\ud800x\"", SHARED_SLICE_LITERAL("\xef\xbf\xbd\xef\xbf\xbdx")},
        {"\"\\ud800\\ud800\\udc00\"", SHARED_SLICE_LITERAL("\xef\xbf\xbd\xf0\x90\x80\x80")},
        {"\"\xff\xc3\"", SHARED_SLICE_LITERAL("\xff\xc3")},
        {"\"\\u006@\\u006`\\u006:\"", SHARED_SLICE_LITERAL("u006@u006`u006:")},
        {"\"\\u12\"", SHARED_SLICE_LITERAL("u12")},
        {"\"\\\"", SHARED_SLICE_LITERAL("\\")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].string);
        char out[64];
        size_t size;
        struct shared_slice string = shared_slice_from_text(rows[i].string);
        CHECK(shared_json_unescape(string, out, sizeof(out), &size));
        CHECK_BYTES(shared_slice_of(out, size), rows[i].text);
        CHECK(size <= string.size_bytes);
        CHECK(shared_json_unescape(string, out, rows[i].text.size_bytes, &size));
        if (rows[i].text.size_bytes > 0)
            CHECK(!shared_json_unescape(string, out, rows[i].text.size_bytes - 1, &size));
        CHECK(shared_json_string_is(string, rows[i].text, false));
    }
    size_t size;
    CHECK(!shared_json_unescape(shared_slice_from_text("12"), NULL, 0, &size));
    CHECK(!shared_json_unescape(shared_slice_of(NULL, 0), NULL, 0, &size));
}

int main(void)
{
    CHECK_RUN(test_values);
    CHECK_RUN(test_no_values);
    CHECK_RUN(test_rest);
    CHECK_RUN(test_depth);
    CHECK_RUN(test_hostile);
    CHECK_RUN(test_walk_object);
    CHECK_RUN(test_walk_array);
    CHECK_RUN(test_walk_broken);
    CHECK_RUN(test_path);
    CHECK_RUN(test_path_broken);
    CHECK_RUN(test_string_is);
    CHECK_RUN(test_unescape);
    return check_report();
}
