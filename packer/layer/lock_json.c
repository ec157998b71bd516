#include "layer/lock_json.h"

#include "base/text_width.h"
#include "manifest/json_locate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PATH_COLUMNS 80
#define SHOWN_COLUMNS 40

/* A message quotes what a text holds, and that may be an escape sequence of a terminal, or no UTF-8. */
static void hide_controls(char *text)
{
    for (size_t left = strlen(text), size; left > 0; text += size, left -= size) {
        size = text_character_bytes(text, left);
        if (size == 0 || text_is_control(text, left)) {
            size = size ? size : 1;
            memset(text, '?', size);
        }
    }
}

/* functions.hello.layers[2], in an arena; "" where memory is exhausted. */
static char *path_of(const struct lock_reader *reader, struct shared_arena *arena)
{
    char *path = shared_arena_copy(arena, shared_slice_from_text(""));
    for (size_t i = 0; path && i < reader->depth; i++) {
        const struct lock_step *step = &reader->steps[i];
        const char *name = step->name.data ? shared_arena_copy(arena, step->name) : NULL;
        if (!step->name.data)
            path = json_path_element(arena, path, step->index);
        else
            path = name ? json_path_member(arena, path, name) : NULL;
    }
    return path;
}

static int fail(struct lock_reader *reader, enum shared_error_code code, size_t at, const char *remedy,
                const char *format, va_list arguments)
{
    char what[SHARED_ERROR_TEXT_BYTES];
    struct shared_arena scratch = {0};
    vsnprintf(what, sizeof(what), format, arguments);
    hide_controls(what);
    char *path = path_of(reader, &scratch);
    if (path)
        hide_controls(path);
    size_t width = path ? text_width(path) : 0;
    const char *shown = width > PATH_COLUMNS ? path + text_fit(path, width - PATH_COLUMNS) : path;
    bool named = path && *path;
    shared_fail(reader->err, code, 0, "%s:%zu: %s%s%s%s%s", reader->path, json_line(reader->text, at),
                shown == path ? "" : "…", named ? shown : "", named ? ": " : "", what, remedy);
    shared_arena_clean_up(&scratch);
    return code;
}

int lock_fail(struct lock_reader *reader, size_t at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = fail(reader, SHARED_EINVAL, at, reader->remedy ? reader->remedy : "", format, arguments);
    va_end(arguments);
    return status;
}

int lock_fail_as(struct lock_reader *reader, enum shared_error_code code, size_t at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = fail(reader, code, at, "", format, arguments);
    va_end(arguments);
    return status;
}

int lock_no_memory(struct lock_reader *reader)
{
    return shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory to read %s", reader->path);
}

/* What git writes where both sides changed a line: seven of a kind at its start. */
static bool is_merge_mark(struct shared_slice text, size_t at)
{
    if (at + 7 > text.size_bytes || (at > 0 && text.data[at - 1] != '\n'))
        return false;
    for (size_t i = 0; i < 7; i++)
        if (text.data[at + i] != text.data[at] || !strchr("<=>|", text.data[at]))
            return false;
    return true;
}

/* Looks at the token from an offset on. */
static int look(struct lock_reader *reader, size_t from)
{
    reader->token = json_token_next(reader->text, from);
    if (reader->token.kind != JSON_TOKEN_BAD)
        return 0;
    reader->depth = 0;
    if (is_merge_mark(reader->text, reader->token.at))
        return lock_fail_as(
            reader, SHARED_EINVAL, reader->token.at,
            "a merge conflict: take one side whole, but in the ledger the lines of both, with a "
            "comma after each but the last; then run demine pack");
    return lock_fail(reader, reader->token.at, "%s", reader->token.problem);
}

static int advance(struct lock_reader *reader)
{
    return look(reader, reader->token.at + reader->token.size_bytes);
}

int lock_reader_start(struct lock_reader *reader)
{
    return look(reader, 0);
}

static int expected(struct lock_reader *reader, const char *what)
{
    const struct json_token *token = &reader->token;
    if (token->kind == JSON_TOKEN_END)
        return lock_fail(reader, token->at, "the text ends too early: %s is missing", what);
    const char *start = reader->text.data + token->at;
    char found[4 * SHOWN_COLUMNS + 1];
    snprintf(found, sizeof(found), "%.*s", (int)token->size_bytes, start);
    found[text_fit(found, SHOWN_COLUMNS)] = '\0';
    return lock_fail(reader, token->at, "found %s%s, expected %s", found,
                     strlen(found) < token->size_bytes ? "…" : "", what);
}

static bool is_mark(const struct lock_reader *reader, char mark)
{
    return reader->token.kind == JSON_TOKEN_MARK && reader->text.data[reader->token.at] == mark;
}

int lock_open(struct lock_reader *reader, char bracket)
{
    if (!is_mark(reader, bracket))
        return expected(reader, bracket == '{' ? "an object" : "a list");
    if (reader->depth == LOCK_DEPTH)
        return lock_fail(reader, reader->token.at, "is nested deeper than a lock can be");
    int status = advance(reader);
    reader->steps[reader->depth++] = (struct lock_step){0};
    return status;
}

/* The end, a comma, or nothing before the first value: 0, 1, or a negative code. */
static int go_on(struct lock_reader *reader, size_t count, char closing)
{
    if (is_mark(reader, closing)) {
        reader->depth--;
        return advance(reader);
    }
    if (count == 0)
        return 1;
    if (!is_mark(reader, ','))
        return expected(reader, closing == '}' ? "a comma or }" : "a comma or ]");
    int status = advance(reader);
    if (status == 0 && is_mark(reader, closing))
        return lock_fail(reader, reader->token.at, "a comma before the closing %c", closing);
    return status < 0 ? status : 1;
}

static struct shared_slice within_quotes(const struct lock_reader *reader)
{
    return shared_slice_of(reader->text.data + reader->token.at + 1, reader->token.size_bytes - 2);
}

int lock_member(struct lock_reader *reader, size_t count)
{
    int status = go_on(reader, count, '}');
    if (status <= 0)
        return status;
    struct lock_step *step = &reader->steps[reader->depth - 1];
    *step = (struct lock_step){.index = count};
    if (reader->token.kind != JSON_TOKEN_STRING) {
        reader->depth--;
        return expected(reader, "a name in double quotes");
    }
    step->name = within_quotes(reader);
    status = advance(reader);
    if (status == 0 && !is_mark(reader, ':'))
        return expected(reader, "a colon after the name");
    if (status == 0)
        status = advance(reader);
    return status < 0 ? status : 1;
}

size_t lock_member_at(const struct lock_reader *reader)
{
    return (size_t)(reader->steps[reader->depth - 1].name.data - reader->text.data) - 1;
}

int lock_element(struct lock_reader *reader, size_t count)
{
    int status = go_on(reader, count, ']');
    if (status > 0)
        reader->steps[reader->depth - 1] = (struct lock_step){.index = count};
    return status;
}

int lock_end(struct lock_reader *reader)
{
    return reader->token.kind == JSON_TOKEN_END ? 0 : expected(reader, "nothing after the closing }");
}

int lock_number(struct lock_reader *reader, uint64_t most, uint64_t *number)
{
    struct shared_slice word =
        shared_slice_of(reader->text.data + reader->token.at, reader->token.size_bytes);
    unsigned long long value;
    if (reader->token.kind != JSON_TOKEN_WORD || !shared_slice_to_number(word, most, &value)) {
        char what[80];
        snprintf(what, sizeof(what), "a whole number from 0 to %llu", (unsigned long long)most);
        return expected(reader, what);
    }
    *number = value;
    return advance(reader);
}

int lock_truth(struct lock_reader *reader, bool *truth)
{
    const char *start = reader->text.data + reader->token.at;
    bool word = reader->token.kind == JSON_TOKEN_WORD;
    if (!word || (*start != 't' && *start != 'f'))
        return expected(reader, "true or false");
    *truth = *start == 't';
    return advance(reader);
}

int lock_plain(struct lock_reader *reader, struct shared_slice *text)
{
    if (reader->token.kind != JSON_TOKEN_STRING)
        return expected(reader, "a text in double quotes");
    *text = within_quotes(reader);
    return advance(reader);
}

static unsigned read_unit(const char *digits)
{
    unsigned unit = 0;
    for (size_t i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)digits[i];
        unit = unit * 16 + (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

/* A \uXXXX, or two of them, as UTF-8 (RFC 3629, section 3); the tokens have checked it. Moves *in past it. */
static char *write_character(char *out, const char **in)
{
    unsigned code = read_unit(*in + 2);
    *in += 6;
    if (code >= 0xD800 && code <= 0xDFFF) {
        code = 0x10000 + ((code - 0xD800) << 10) + (read_unit(*in + 2) - 0xDC00);
        *in += 6;
    }
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (char)(first[more] | code >> (6 * more));
    while (more-- > 0)
        *out++ = (char)(0x80 | (code >> (6 * more) & 0x3F));
    return out;
}

static void unescape(char *text)
{
    static const char escapes[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    char *out = text;
    for (const char *in = text; *in;) {
        if (*in != '\\') {
            *out++ = *in++;
            continue;
        }
        if (in[1] == 'u') {
            out = write_character(out, &in);
            continue;
        }
        const char *escape = strchr(escapes, in[1]);
        *out++ = escape ? meanings[escape - escapes] : in[1];
        in += 2;
    }
    *out = '\0';
}

static int copy_text(struct lock_reader *reader, struct shared_slice slice, const char **text)
{
    char *copy = shared_arena_copy(reader->arena, slice);
    if (!copy)
        return lock_no_memory(reader);
    if (memchr(copy, '\\', slice.size_bytes))
        unescape(copy);
    *text = copy;
    return 0;
}

int lock_text(struct lock_reader *reader, const char **text)
{
    struct shared_slice slice;
    int status = lock_plain(reader, &slice);
    return status < 0 ? status : copy_text(reader, slice, text);
}

int lock_member_name(struct lock_reader *reader, const char **name)
{
    return copy_text(reader, reader->steps[reader->depth - 1].name, name);
}
