/*
 * Whether a script imports ES modules (ECMA-262, "Imports", "Exports", "Import Calls"). Where a regular expression, a
 * template or a comment ends, only a parser of the whole script knows, and one that errs misses what follows. So each
 * "import" and "export" is looked at for itself, wherever it stands: it counts where what surrounds it is what code
 * would have there. In doubt a script imports, for then no more is lost than a layer.
 */
#include "layer/layer_node_file.h"

#include <string.h>

#define WORD_BYTES 6 /* of "import" and "export" */
#define P_AT 2       /* in both */

struct script {
    struct shared_slice text;
    size_t at; /* what is read next */
};

static bool starts(const struct script *script, const char *text)
{
    size_t size = strlen(text);
    return script->text.size_bytes - script->at >= size &&
           memcmp(script->text.data + script->at, text, size) == 0;
}

/* The bytes of a blank or an end of a line (ECMA-262, "White Space", "Line Terminators"); 0: there is none. */
static size_t blank_size(struct shared_slice text, size_t at)
{
    const unsigned char *c = (const unsigned char *)text.data + at;
    size_t left = text.size_bytes - at;
    if (left > 0 && (c[0] == ' ' || (c[0] >= '\t' && c[0] <= '\r')))
        return 1;
    if (left > 1 && c[0] == 0xC2 && c[1] == 0xA0)
        return 2;
    if (left < 3 || c[0] < 0xE1)
        return 0;
    unsigned code = (unsigned)c[0] << 16 | (unsigned)c[1] << 8 | c[2];
    bool is_blank = (code >= 0xE28080 && code <= 0xE2808A) || code == 0xE19A80 || code == 0xE280A8 ||
                    code == 0xE280A9 || code == 0xE280AF || code == 0xE2819F || code == 0xE38080 ||
                    code == 0xEFBBBF;
    return is_blank ? 3 : 0;
}

static bool is_end_of_line(const struct script *script)
{
    char c = script->text.data[script->at];
    return c == '\n' || c == '\r' || starts(script, "\u2028") || starts(script, "\u2029");
}

static bool is_of_word(struct shared_slice text, size_t at)
{
    if (at >= text.size_bytes)
        return false;
    char c = text.data[at];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || ((unsigned char)c >= 0x80 && blank_size(text, at) == 0);
}

static void skip_comment(struct script *script)
{
    size_t size = script->text.size_bytes;
    bool of_line = script->text.data[script->at + 1] == '/';
    script->at += 2;
    while (script->at < size && !(of_line ? is_end_of_line(script) : starts(script, "*/")))
        script->at++;
    if (!of_line && script->at < size)
        script->at += 2;
}

static void skip_blanks(struct script *script)
{
    for (size_t size;;) {
        while ((size = blank_size(script->text, script->at)) > 0)
            script->at += size;
        if (!starts(script, "/*") && !starts(script, "//"))
            return;
        skip_comment(script);
    }
}

/* The byte of what comes after blanks and comments; 0 at the end. */
static char next(struct script *script)
{
    skip_blanks(script);
    return script->at < script->text.size_bytes ? script->text.data[script->at] : '\0';
}

static struct shared_slice read_word(struct script *script)
{
    size_t from = script->at;
    while (is_of_word(script->text, script->at))
        script->at++;
    return shared_slice_of(script->text.data + from, script->at - from);
}

static void skip_string(struct script *script)
{
    char quote = script->text.data[script->at++];
    while (script->at < script->text.size_bytes && !is_end_of_line(script)) {
        char c = script->text.data[script->at++];
        if (c == quote)
            return;
        script->at += c == '\\' && script->at < script->text.size_bytes;
    }
}

/*
 * Whether names, "*" and lists in braces end with the text that a module's name is: after "from", or at once, where
 * ready. A name with an escape is taken for the end of it.
 */
static bool ends_with_module(struct script *script, bool ready)
{
    bool in_list = false;
    for (;;) {
        char c = next(script);
        if (is_of_word(script->text, script->at)) {
            ready = shared_slice_equal(read_word(script), shared_slice_from_text("from"));
            continue;
        }
        if ((c == '"' || c == '\'') && (in_list || !ready)) {
            skip_string(script);
            continue;
        }
        if (c == '"' || c == '\'' || c == '\\')
            return true;
        if (c != '*' && c != ',' && c != (in_list ? '}' : '{'))
            return false;
        in_list = c == '{' || (in_list && c != '}');
        ready = false;
        script->at++;
    }
}

/*
 * Whether a statement may begin at an offset: with the text, on a line of its own, or after another one or a comment.
 * What ends with a parenthesis is a loop: do … while (x) import "y".
 */
static bool may_begin(struct shared_slice text, size_t at)
{
    while (at > 0 && strchr(" \t\v\f", text.data[at - 1]) && text.data[at - 1])
        at--;
    if (at == 0 || (text.data[at - 1] && strchr("\n\r;})", text.data[at - 1])))
        return true;
    bool comment = at > 1 && memcmp(text.data + at - 2, "*/", 2) == 0;
    return comment || (at > 1 && blank_size(text, at - 2) == 2) || (at > 2 && blank_size(text, at - 3) == 3);
}

/* Whether one of the words stands at an offset, and is no member's name: x.import, but [...import("y")]. */
static bool is_word_at(struct shared_slice text, size_t at)
{
    bool is_one = text.size_bytes - at >= WORD_BYTES && (memcmp(text.data + at, "import", WORD_BYTES) == 0 ||
                                                         memcmp(text.data + at, "export", WORD_BYTES) == 0);
    if (!is_one || is_of_word(text, at + WORD_BYTES))
        return false;
    if (at == 0)
        return true;
    if (text.data[at - 1] == '.')
        return at > 1 && text.data[at - 2] == '.';
    bool blank = (at > 1 && blank_size(text, at - 2) == 2) || (at > 2 && blank_size(text, at - 3) == 3);
    return blank || !is_of_word(text, at - 1);
}

/* import("y") stands anywhere, in CommonJS as well; so would import.defer("y"). */
static bool is_call(struct script *script)
{
    if (next(script) == '.') {
        script->at++;
        skip_blanks(script);
        read_word(script);
    }
    return next(script) == '(';
}

/* Leaves the script at the end of what was read. */
static bool imports_at(struct script *script, size_t at)
{
    bool is_import = script->text.data[at] == 'i';
    script->at = at + WORD_BYTES;
    if (is_import && is_call(script))
        return true;
    size_t called = script->at;
    if (!may_begin(script->text, at))
        return false;
    script->at = at + WORD_BYTES;
    bool imports = ends_with_module(script, is_import);
    if (script->at < called)
        script->at = called;
    return imports;
}

bool layer_node_script_imports(struct shared_slice text)
{
    struct script script = {.text = text};
    const char *end = text.data + text.size_bytes;
    /* What is read for one word is seldom read for another; a text that is made for it ends the search. */
    size_t steps = text.size_bytes < SIZE_MAX / 4 ? 4 * text.size_bytes : SIZE_MAX;
    for (const char *at = text.data; at && (at = memchr(at, 'p', (size_t)(end - at))) != NULL; at++) {
        size_t offset = (size_t)(at - text.data);
        if (offset < P_AT || !is_word_at(text, offset - P_AT))
            continue;
        if (imports_at(&script, offset - P_AT))
            return true;
        size_t taken = script.at - offset;
        if (taken > steps)
            return true;
        steps -= taken;
    }
    return false;
}
