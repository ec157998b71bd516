#include "base/base64.h"
#include "base/url_decode.h"
#include "check.h"
#include "json/json_raw.h"

#include <stdlib.h>

/* RFC 4648, section 10, and all values of a byte. */
static void test_both_ways(void)
{
    static const struct {
        const char *plain, *encoded;
    } rows[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"},
                {"\xFB\xFF\xFE", "+//+"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char encoded[16], decoded[16];
        size_t size = 99;
        CHECK_ROW(rows[i].encoded);
        shared_base64_encode(encoded, shared_slice_from_text(rows[i].plain));
        CHECK_SLICE(shared_slice_of(encoded, shared_base64_encoded_bytes(strlen(rows[i].plain))),
                    rows[i].encoded);
        CHECK(shared_base64_decode(decoded, &size, shared_slice_from_text(rows[i].encoded)));
        CHECK_SLICE(shared_slice_of(decoded, size), rows[i].plain);
    }
}

static void test_every_size(void)
{
    for (size_t size = 0; size < 300; size++) {
        unsigned char *plain = malloc(size + 1);
        size_t encoded_bytes = shared_base64_encoded_bytes(size), decoded_bytes = 0;
        char *encoded = malloc(encoded_bytes + 1),
             *decoded = malloc(shared_base64_decoded_bytes(encoded_bytes) + 1);
        if (!plain || !encoded || !decoded)
            exit(2);
        for (size_t i = 0; i < size; i++)
            plain[i] = (unsigned char)(i * 7 + size);
        shared_base64_encode(encoded, shared_slice_of(plain, size));
        CHECK(shared_base64_decode(decoded, &decoded_bytes, shared_slice_of(encoded, encoded_bytes)));
        CHECK_BYTES(shared_slice_of(decoded, decoded_bytes), shared_slice_of(plain, size));
        free(plain);
        free(encoded);
        free(decoded);
    }
}

static void test_not_base64(void)
{
    static const char *const rows[] = {"Z",    "Zg",       "Zg=",       "Zg=a",    "=",    "====",
                                       "a===", "Zg==Zg==", "Zm9v\n",    "Zm 9",    "Zm-_", "Zm9\xC3",
                                       "Z=9v", "=m9v",     "Zm9vYm=FY", "Zm9=Ym9v"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char decoded[16];
        size_t size;
        CHECK_ROW(rows[i]);
        CHECK(!shared_base64_decode(decoded, &size, shared_slice_from_text(rows[i])));
    }
}

static void test_append(void)
{
    char storage[9];
    struct shared_buffer buffer = {.data = storage, .capacity_bytes = sizeof storage};
    shared_base64_append(&buffer, shared_slice_from_text("foo"));
    shared_base64_append(&buffer, shared_slice_from_text("f"));
    CHECK_SLICE(shared_slice_of(buffer.data, buffer.size_bytes), "Zm9vZg==");
    shared_base64_append(&buffer, shared_slice_from_text("f"));
    CHECK(buffer.failed);
}

static void test_url_decode(void)
{
    static const struct {
        const char *text, *decoded;
    } rows[] = {{"", ""},         {"a+b", "a b"}, {"%61%62c", "abc"}, {"%C3%a9", "\xC3\xA9"},
                {"100%", "100%"}, {"%4", "%4"},   {"%zz", "%zz"},     {"%4g", "%4g"},
                {"%%41", "%A"},   {"%2B+", "+ "}, {"%2541", "%41"},   {"%\xC1", "%\xC1"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = strdup(rows[i].text);
        CHECK_ROW(rows[i].text);
        CHECK(text && shared_url_decode(text));
        CHECK_TEXT(text, rows[i].decoded);
        free(text);
    }
    char nul[] = "a%00b";
    CHECK(!shared_url_decode(nul));
}

static void test_member_text(void)
{
    static const struct {
        const char *object;
        size_t index;
        const char *text; /* NULL: none */
    } rows[] = {{"{\"a\":1}", 0, "1"},
                {"{\"a\":1}", 1, NULL},
                {"{}", 0, NULL},
                {"{\"a:{,\\\"\":[1,{\"b\":2}],\"c\":\"x,}\"}", 0, "[1,{\"b\":2}]"},
                {"{\"a:{,\\\"\":[1,{\"b\":2}],\"c\":\"x,}\"}", 1, "\"x,}\""},
                {"\xEF\xBB\xBF {\"a\" : true }", 0, " true "},
                {"", 0, NULL},
                {"{\"a", 0, NULL},
                {"{\"a\\", 0, NULL},
                {"{\"a\":", 0, NULL},
                {"{\"a\":1", 0, NULL},
                {"{]]]}:,", 0, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(rows[i].object);
        struct shared_slice text =
            shared_json_member_text(shared_slice_from_text(rows[i].object), rows[i].index);
        if (rows[i].text)
            CHECK_SLICE(text, rows[i].text);
        else
            CHECK(text.data == NULL);
    }
}

int main(void)
{
    CHECK_RUN(test_both_ways);
    CHECK_RUN(test_every_size);
    CHECK_RUN(test_not_base64);
    CHECK_RUN(test_append);
    CHECK_RUN(test_url_decode);
    CHECK_RUN(test_member_text);
    return check_report();
}
