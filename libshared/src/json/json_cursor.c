#include "json/json_cursor.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

bool shared_json_take(struct shared_json_cursor *c, char byte)
{
    bool is = shared_json_next_is(c, byte);
    c->at += is;
    return is;
}

void shared_json_skip_space(struct shared_json_cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\r' || *c->at == '\n'))
        c->at++;
}

/* RFC 8259, section 7, what follows a backslash. */
static bool scan_escape(struct shared_json_cursor *c)
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

bool shared_json_take_string(struct shared_json_cursor *c)
{
    if (!shared_json_take(c, '"'))
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

static bool scan_digits(struct shared_json_cursor *c)
{
    const char *begin = c->at;
    while (c->at < c->end && is_digit(*c->at))
        c->at++;
    return c->at > begin;
}

/* RFC 8259, section 6. */
static bool scan_number(struct shared_json_cursor *c)
{
    shared_json_take(c, '-');
    if (!shared_json_take(c, '0') && !scan_digits(c))
        return false;
    if (shared_json_take(c, '.') && !scan_digits(c))
        return false;
    if (!shared_json_take(c, 'e') && !shared_json_take(c, 'E'))
        return true;
    if (!shared_json_take(c, '+'))
        shared_json_take(c, '-');
    return scan_digits(c);
}

static bool scan_word(struct shared_json_cursor *c, const char *word)
{
    while (*word && shared_json_take(c, *word))
        word++;
    return *word == '\0';
}

bool shared_json_take_scalar(struct shared_json_cursor *c)
{
    switch (c->at < c->end ? *c->at : '\0') {
    case '"':
        return shared_json_take_string(c);
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
