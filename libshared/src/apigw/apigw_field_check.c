#include "apigw/apigw_fields.h"
#include "base/utf8.h"

#include <string.h>

/* RFC 9110, section 5.6.2. */
static bool is_token(const char *text)
{
    const char *at = text;
    for (; *at; at++) {
        char c = *at;
        bool is_letter_or_digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_letter_or_digit && !strchr("!#$%&'*+-.^_`|~", c))
            return false;
    }
    return at > text;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

int shared_apigw_field_check(const char *name, const char *value, struct shared_error *err)
{
    if (!name || !is_token(name))
        return shared_fail(err, SHARED_EINVAL, 0, "header name \"%.60s\" is not a token (letters, digits, -)",
                           name ? name : "");
    if (!value)
        return shared_fail(err, SHARED_EINVAL, 0, "header %.60s has no value; an empty one is \"\"", name);
    if (has_control(value))
        return shared_fail(err, SHARED_EINVAL, 0, "header %.60s holds a control character; encode its value",
                           name);
    if (!shared_utf8_valid(value, strlen(value)))
        return shared_fail(err, SHARED_EINVAL, 0, "header %.60s is not UTF-8; encode its value", name);
    return 0;
}
