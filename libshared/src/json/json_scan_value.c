#include "json/json_scan.h"

#include <string.h>

struct cursor {
    const char *at, *end;
};

/* The brackets that are open: of each, whether it is an object's. */
struct nesting {
    unsigned char is_object[SHARED_JSON_SCAN_DEPTH / 8];
    size_t depth;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool next_is(const struct cursor *c, char byte)
{
    return c->at < c->end && *c->at == byte;
}

static bool take(struct cursor *c, char byte)
{
    bool is = next_is(c, byte);
    c->at += is;
    return is;
}

static void skip_space(struct cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\r' || *c->at == '\n'))
        c->at++;
}

/* RFC 8259, section 7, what follows a backslash. */
static bool scan_escape(struct cursor *c)
{
    if (c->at == c->end || *c->at == '\0' || !strchr("\"\\/bfnrtu", *c->at))
        return false;
    if (*c->at++ != 'u')
        return true;
    if (c->end - c->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        if (!is_hex(*c->at++))
            return false;
    }
    return true;
}

static bool scan_string(struct cursor *c)
{
    if (!take(c, '"'))
        return false;
    while (c->at < c->end) {
        char byte = *c->at++;
        if (byte == '"')
            return true;
        if ((unsigned char)byte < ' ' || (byte == '\\' && !scan_escape(c)))
            return false;
    }
    return false;
}

static bool scan_digits(struct cursor *c)
{
    const char *begin = c->at;
    while (c->at < c->end && is_digit(*c->at))
        c->at++;
    return c->at > begin;
}

/* RFC 8259, section 6. */
static bool scan_number(struct cursor *c)
{
    take(c, '-');
    if (!take(c, '0') && !scan_digits(c))
        return false;
    if (take(c, '.') && !scan_digits(c))
        return false;
    if (!take(c, 'e') && !take(c, 'E'))
        return true;
    if (!take(c, '+'))
        take(c, '-');
    return scan_digits(c);
}

static bool scan_word(struct cursor *c, const char *word)
{
    while (*word && take(c, *word))
        word++;
    return *word == '\0';
}

static bool scan_scalar(struct cursor *c)
{
    switch (c->at < c->end ? *c->at : '\0') {
    case '"':
        return scan_string(c);
    case 't':
        return scan_word(c, "true");
    case 'f':
        return scan_word(c, "false");
    case 'n':
        return scan_word(c, "null");
    default:
        return scan_number(c);
    }
}

/* The name of a member and its colon. */
static bool scan_name(struct cursor *c, struct shared_slice *name)
{
    skip_space(c);
    const char *begin = c->at;
    if (!scan_string(c))
        return false;
    *name = shared_slice_of(begin, (size_t)(c->at - begin));
    skip_space(c);
    return take(c, ':');
}

static bool in_object(const struct nesting *nesting)
{
    size_t i = nesting->depth - 1;
    return nesting->is_object[i / 8] >> i % 8 & 1;
}

static bool open_bracket(struct nesting *nesting, bool is_object)
{
    size_t i = nesting->depth;
    if (i == SHARED_JSON_SCAN_DEPTH)
        return false;
    unsigned char bit = (unsigned char)(1u << i % 8);
    nesting->is_object[i / 8] = (unsigned char)((nesting->is_object[i / 8] & ~bit) | (is_object ? bit : 0));
    nesting->depth++;
    return true;
}

/* After a value: closes what ends here. Returns false where the text is broken; else the next value follows, or
 * all is closed. */
static bool close_brackets(struct cursor *c, struct nesting *nesting)
{
    struct shared_slice name;
    while (nesting->depth > 0) {
        skip_space(c);
        if (take(c, in_object(nesting) ? '}' : ']'))
            nesting->depth--;
        else
            return take(c, ',') && (!in_object(nesting) || scan_name(c, &name));
    }
    return true;
}

/* No recursion: the depth of an event must not be that of the stack. */
static bool scan_value(struct cursor *c)
{
    struct nesting nesting;
    struct shared_slice name;
    nesting.depth = 0;
    do {
        skip_space(c);
        bool is_object = next_is(c, '{');
        if (!is_object && !next_is(c, '[')) {
            if (!scan_scalar(c))
                return false;
        } else {
            if (!open_bracket(&nesting, is_object))
                return false;
            c->at++;
            skip_space(c);
            if (!next_is(c, is_object ? '}' : ']')) {
                if (is_object && !scan_name(c, &name))
                    return false;
                continue;
            }
        }
        if (!close_brackets(c, &nesting))
            return false;
    } while (nesting.depth > 0);
    return true;
}

static struct shared_slice value_at(struct cursor *c)
{
    skip_space(c);
    const char *begin = c->at;
    if (!scan_value(c))
        return shared_slice_of(NULL, 0);
    return shared_slice_of(begin, (size_t)(c->at - begin));
}

struct shared_slice shared_json_scan_value(struct shared_slice *rest)
{
    if (!rest->data)
        return *rest;
    struct cursor c = {rest->data, rest->data + rest->size_bytes};
    struct shared_slice value = value_at(&c);
    if (value.data)
        *rest = shared_slice_of(c.at, (size_t)(c.end - c.at));
    return value;
}

enum shared_json_step shared_json_scan_next(struct shared_json_walk *walk, struct shared_slice *name,
                                            struct shared_slice *value)
{
    if (!walk->rest.data)
        return SHARED_JSON_BROKEN;
    struct cursor c = {walk->rest.data, walk->rest.data + walk->rest.size_bytes};
    char close = name ? '}' : ']';
    bool first = !walk->begun;
    skip_space(&c);
    if (first && !take(&c, name ? '{' : '['))
        return SHARED_JSON_BROKEN;
    skip_space(&c);
    bool ends = take(&c, close);
    if (!ends) {
        if ((!first && !take(&c, ',')) || (name && !scan_name(&c, name)))
            return SHARED_JSON_BROKEN;
        *value = value_at(&c);
        skip_space(&c);
        if (!value->data || (!next_is(&c, ',') && !next_is(&c, close)))
            return SHARED_JSON_BROKEN;
    }
    *walk = (struct shared_json_walk){shared_slice_of(c.at, (size_t)(c.end - c.at)), true};
    return ends ? SHARED_JSON_END : SHARED_JSON_ITEM;
}
