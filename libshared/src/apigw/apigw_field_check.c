#include "apigw/apigw_fields.h"
#include "apigw/apigw_token.h"
#include "base/utf8.h"

#include <string.h>

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

int shared_apigw_field_check(const char *name, const char *value, struct shared_error *err)
{
    if (!name || !shared_apigw_is_token(name))
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
