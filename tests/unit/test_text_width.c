#include "check.h"

#include "base/text_width.h"
#include "image/printable.h"

static void test_characters(void)
{
    static const struct {
        const char *text;
        size_t bytes;
    } rows[] = {
        {"a", 1},
        {"\x7F", 1},
        {"\xC3\xA9", 2},
        {"\xE2\x82\xAC", 3},
        {"\xF0\x9F\x8E\xAC", 4},
        {"\x80", 0},
        {"\xC0\x80", 0},
        {"\xC1\xBF", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xE0\xA0\x80", 3},
        {"\xED\x9F\xBF", 3},
        {"\xED\xA0\x80", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF4\x8F\xBF\xBF", 4},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xFF", 0},
        {"\xC3", 0},
        {"\xE2\x82", 0},
        {"\xE2\x82x", 0},
        {"\xF0\x9F\x8E", 0},
        {"\xC3(", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(text_character_bytes(rows[i].text, strlen(rows[i].text)), rows[i].bytes);
    }
    CHECK_NUMBER(text_character_bytes("", 0), 0);
    CHECK_NUMBER(text_character_bytes("\0", 1), 1);
}

/* Some terminals take U+009B for the beginning of a sequence that they obey, as they take ESC [. */
static void test_control(void)
{
    char text[] = "a\x1B[1m\xC2\x9B"
                  "1m\xC2\x80\xC2\x9F\xC2\xA0\xC3\xA9\x7F\xFF\0b\n\xC2";
    CHECK(text_is_control("\xC2\x9Bx", 3) && text_is_control("\x7F", 1) && text_is_control("\0", 1));
    CHECK(!text_is_control("\xC2\x9B", 1) && !text_is_control("\xC2\xA0", 2) && !text_is_control("", 0));
    printable_clean(text, sizeof(text) - 1);
    CHECK_BYTES(shared_slice_of(text, sizeof(text) - 1),
                shared_slice_of("a?[1m??1m????\xC2\xA0\xC3\xA9??\0b??", sizeof(text) - 1));
}

static void test_width(void)
{
    CHECK_NUMBER(text_width(""), 0);
    CHECK_NUMBER(text_width("h\xC3\xA9llo"), 5);
    CHECK_NUMBER(text_width("\xF0\x9F\x8E\xAC\xE2\x82\xAC"), 2);
    CHECK_NUMBER(text_width("\xFFx\xC3"), 3);
}

static void test_fit(void)
{
    CHECK_NUMBER(text_fit("hello", 3), 3);
    CHECK_NUMBER(text_fit("hello", 9), 5);
    CHECK_NUMBER(text_fit("hello", 0), 0);
    CHECK_NUMBER(text_fit("h\xC3\xA9llo", 2), 3);
    CHECK_NUMBER(text_fit("\xF0\x9F\x8E\xAC\xE2\x82\xAC", 1), 4);
    CHECK_NUMBER(text_fit("\xF0\x9F\x8E", 1), 1);
}

int main(void)
{
    CHECK_RUN(test_characters);
    CHECK_RUN(test_control);
    CHECK_RUN(test_width);
    CHECK_RUN(test_fit);
    return check_report();
}
