#include "manifest/json_text.h"

#include "base/text_width.h"
#include "manifest/json_token.h"

#include <stdbool.h>
#include <string.h>

static int fail_at(struct shared_error *err, const char *path, struct shared_slice text, size_t at,
                   const char *what)
{
    return shared_fail(err, SHARED_EINVAL, 0, "%s:%zu: %s", path, json_line(text, at), what);
}

static int check_characters(const char *path, struct shared_slice text, struct shared_error *err)
{
    for (size_t at = 0; at < text.size_bytes;) {
        size_t size = text_character_bytes(text.data + at, text.size_bytes - at);
        if (size == 0)
            return fail_at(err, path, text, at, "a byte that is not UTF-8; save the file in UTF-8");
        if (text.data[at] == '\0')
            return fail_at(err, path, text, at, "a NUL byte; a manifest is a text in UTF-8");
        at += size;
    }
    return 0;
}

static size_t string_end(const char *data, size_t size, size_t at)
{
    for (at++; at < size && data[at] != '"' && data[at] != '\n'; at++) {
        if (data[at] == '\\')
            at++;
    }
    return at + 1;
}

static size_t comment_end(const char *data, size_t size, size_t at)
{
    const char *end;
    if (data[at + 1] == '/') {
        end = memchr(data + at, '\n', size - at);
        return end ? (size_t)(end - data) : size;
    }
    end = memmem(data + at + 2, size - at - 2, "*/", 2);
    return end ? (size_t)(end - data) + 2 : 0;
}

static void blank(char *data, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (data[i] != '\n')
            data[i] = ' ';
    }
}

int json_text_blank(const char *path, struct shared_slice text, struct shared_arena *arena,
                    struct shared_slice *blanked, struct shared_error *err)
{
    int status = check_characters(path, text, err);
    if (status < 0)
        return status;
    char *data = shared_arena_copy(arena, text);
    if (!data)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);

    size_t size = text.size_bytes;
    if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        blank(data, 0, 3);
    for (size_t at = 0; at < size;) {
        bool comment = data[at] == '/' && at + 1 < size && (data[at + 1] == '/' || data[at + 1] == '*');
        size_t end = comment ? comment_end(data, size, at) : at + 1;
        if (end == 0)
            return fail_at(err, path, text, at, "a comment does not end; close it with */");
        if (comment)
            blank(data, at, end);
        at = data[at] == '"' ? string_end(data, size, at) : end;
    }
    *blanked = shared_slice_of(data, size);
    return 0;
}

enum expected { VALUE, VALUE_OR_CLOSE, NAME, NAME_OR_CLOSE, COLON, COMMA_OR_CLOSE, NOTHING };

struct grammar {
    enum expected expected;
    char closers[JSON_TEXT_DEPTH];
    size_t depth;
};

static const char *wanted(const struct grammar *grammar)
{
    bool array = grammar->depth > 0 && grammar->closers[grammar->depth - 1] == ']';
    switch (grammar->expected) {
    case VALUE:
        return "a value";
    case VALUE_OR_CLOSE:
        return "a value or ]";
    case NAME:
        return "a name in double quotes";
    case NAME_OR_CLOSE:
        return "a name in double quotes or }";
    case COLON:
        return "a colon after the name";
    case COMMA_OR_CLOSE:
        return array ? "a comma or ]" : "a comma or }";
    case NOTHING:
        break;
    }
    return "nothing after the closing }";
}

static enum expected after_value(const struct grammar *grammar)
{
    return grammar->depth ? COMMA_OR_CLOSE : NOTHING;
}

static bool takes_value(const struct grammar *grammar)
{
    return grammar->expected == VALUE || grammar->expected == VALUE_OR_CLOSE;
}

static bool take_mark(struct grammar *grammar, char mark)
{
    bool array = grammar->depth > 0 && grammar->closers[grammar->depth - 1] == ']';
    if (mark == '{' || mark == '[') {
        if (!takes_value(grammar))
            return false;
        grammar->closers[grammar->depth++] = mark == '{' ? '}' : ']';
        grammar->expected = mark == '{' ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
    } else if (mark == ':') {
        if (grammar->expected != COLON)
            return false;
        grammar->expected = VALUE;
    } else if (mark == ',') {
        if (grammar->expected != COMMA_OR_CLOSE)
            return false;
        grammar->expected = array ? VALUE : NAME;
    } else {
        bool may_close = grammar->expected == COMMA_OR_CLOSE ||
                         grammar->expected == (array ? VALUE_OR_CLOSE : NAME_OR_CLOSE);
        if (!may_close || grammar->closers[grammar->depth - 1] != mark)
            return false;
        grammar->depth--;
        grammar->expected = after_value(grammar);
    }
    return true;
}

static bool take(struct grammar *grammar, struct json_token token, char first)
{
    if (token.kind == JSON_TOKEN_MARK)
        return take_mark(grammar, first);
    if (token.kind == JSON_TOKEN_STRING &&
        (grammar->expected == NAME || grammar->expected == NAME_OR_CLOSE)) {
        grammar->expected = COLON;
        return true;
    }
    if (token.kind == JSON_TOKEN_END || !takes_value(grammar))
        return token.kind == JSON_TOKEN_END && grammar->expected == NOTHING;
    grammar->expected = after_value(grammar);
    return true;
}

static int fail_unexpected(struct shared_error *err, const char *path, struct shared_slice text,
                           const struct grammar *grammar, struct json_token token, bool after_comma)
{
    size_t line = json_line(text, token.at);
    const char *what = wanted(grammar);
    if (token.kind == JSON_TOKEN_END)
        return shared_fail(err, SHARED_EINVAL, 0, "%s:%zu: the text ends too early: %s is missing", path,
                           line, what);
    char first = text.data[token.at];
    if (after_comma && (first == ']' || first == '}'))
        return shared_fail(err, SHARED_EINVAL, 0, "%s:%zu: a comma before the closing %c; remove it", path,
                           line, first);
    const char *cut = token.size_bytes > 40 ? "…" : "";
    int size = (int)(*cut ? text_character_bytes(text.data + token.at, token.size_bytes) : token.size_bytes);
    return shared_fail(err, SHARED_EINVAL, 0, "%s:%zu: found %.*s%s, expected %s", path, line, size,
                       text.data + token.at, cut, what);
}

int json_text_check(const char *path, struct shared_slice blanked, struct shared_error *err)
{
    struct grammar grammar = {.expected = VALUE};
    bool after_comma = false;
    for (size_t at = 0;;) {
        struct json_token token = json_token_next(blanked, at);
        if (token.kind == JSON_TOKEN_BAD)
            return fail_at(err, path, blanked, token.at, token.problem);
        char first = token.kind == JSON_TOKEN_END ? '\0' : blanked.data[token.at];
        if (grammar.depth == JSON_TEXT_DEPTH && (first == '{' || first == '['))
            return shared_fail(err, SHARED_EINVAL, 0,
                               "%s:%zu: nested deeper than %d levels; a manifest has five", path,
                               json_line(blanked, token.at), JSON_TEXT_DEPTH);
        if (!take(&grammar, token, first))
            return fail_unexpected(err, path, blanked, &grammar, token, after_comma);
        if (token.kind == JSON_TOKEN_END)
            return 0;
        after_comma = first == ',';
        at = token.at + token.size_bytes;
    }
}

cJSON *json_text_parse(const char *path, struct shared_slice blanked, struct shared_error *err)
{
    cJSON *root = cJSON_ParseWithLengthOpts(blanked.data, blanked.size_bytes + 1, NULL, true);
    if (!root) /* what cJSON refuses, the check has refused before */
        shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
    return root;
}
