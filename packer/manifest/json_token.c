#include "manifest/json_token.h"

#include <stdbool.h>
#include <string.h>

static struct json_token bad(size_t at, const char *problem)
{
    return (struct json_token){JSON_TOKEN_BAD, at, 0, problem};
}

/* The four hex digits of \uXXXX; -1 where text does not begin with one. */
static int code_unit(const char *text, size_t size_bytes)
{
    if (size_bytes < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (!digit)
            return -1;
        unit = unit * 16 + (int)((digit - digits) % 16);
    }
    return unit;
}

/* The bytes of an escape from its backslash; 0, and why, where there is none. RFC 8259, section 7. */
static size_t escape_bytes(const char *text, size_t size_bytes, const char **problem)
{
    if (size_bytes >= 2 && text[1] && strchr("\"\\/bfnrt", text[1]))
        return 2;
    int unit = code_unit(text, size_bytes);
    if (unit < 0)
        *problem = "a string has a backslash before a character that needs none; write \\\\ for the "
                   "backslash itself";
    else if (unit == 0)
        *problem = "a string holds \\u0000, which no name, path or value can have; remove it";
    else if (unit < 0xD800 || unit > 0xDFFF)
        return 6;
    else {
        int second = code_unit(text + 6, size_bytes - 6);
        if (unit < 0xDC00 && second >= 0xDC00 && second <= 0xDFFF)
            return 12;
        *problem = "a \\u escape that is half a character; write the character itself";
    }
    return 0;
}

static struct json_token string_token(struct shared_slice text, size_t start)
{
    const char *problem;
    for (size_t at = start + 1; at < text.size_bytes;) {
        char c = text.data[at];
        if (c == '"')
            return (struct json_token){JSON_TOKEN_STRING, start, at + 1 - start, NULL};
        if (c == '\n' || c == '\r')
            return bad(start,
                       "a string does not end on its line; close it with a quote, write \\n for a new line");
        if ((unsigned char)c < 0x20)
            return bad(at, "a string holds a control character; write it as \\t or \\uXXXX");
        size_t size = c == '\\' ? escape_bytes(text.data + at, text.size_bytes - at, &problem) : 1;
        if (size == 0)
            return bad(at, problem);
        at += size;
    }
    return bad(start, "a string does not end; close it with a quote");
}

static bool is_word_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("+-._", c));
}

static size_t digits(const char **p, const char *end)
{
    const char *start = *p;
    while (*p < end && **p >= '0' && **p <= '9')
        ++*p;
    return (size_t)(*p - start);
}

/* RFC 8259, section 6. */
static bool is_number(const char *p, size_t size_bytes)
{
    const char *end = p + size_bytes;
    if (p < end && *p == '-')
        p++;
    bool zero = p < end && *p == '0';
    size_t whole = digits(&p, end);
    if (whole == 0 || (zero && whole > 1))
        return false;
    if (p < end && *p == '.' && (p++, digits(&p, end) == 0))
        return false;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        if (digits(&p, end) == 0)
            return false;
    }
    return p == end;
}

static struct json_token word_token(struct shared_slice text, size_t start)
{
    size_t end = start;
    while (end < text.size_bytes && is_word_character(text.data[end]))
        end++;
    struct shared_slice word = shared_slice_of(text.data + start, end - start);
    bool known = shared_slice_equal(word, shared_slice_from_text("true")) ||
                 shared_slice_equal(word, shared_slice_from_text("false")) ||
                 shared_slice_equal(word, shared_slice_from_text("null"));
    if (!known && !is_number(word.data, word.size_bytes))
        return bad(start,
                   "a word that is neither a number nor true, false or null; texts stand in double quotes");
    return (struct json_token){JSON_TOKEN_WORD, start, word.size_bytes, NULL};
}

struct json_token json_token_next(struct shared_slice text, size_t from)
{
    while (from < text.size_bytes && text.data[from] && strchr(" \t\r\n", text.data[from]))
        from++;
    if (from >= text.size_bytes)
        return (struct json_token){JSON_TOKEN_END, text.size_bytes, 0, NULL};
    char c = text.data[from];
    if (c && strchr("{}[]:,", c))
        return (struct json_token){JSON_TOKEN_MARK, from, 1, NULL};
    if (c == '"')
        return string_token(text, from);
    if (is_word_character(c))
        return word_token(text, from);
    if (c == '\'')
        return bad(from, "a single quote; texts stand in double quotes");
    return bad(from, "a character that JSON does not have outside strings; remove it");
}

size_t json_line(struct shared_slice text, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset && i < text.size_bytes; i++)
        line += text.data[i] == '\n';
    return line;
}
