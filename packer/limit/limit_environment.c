#include "limit/limit.h"

/* RFC 8259 section 7: what must be escaped, in the shortest form that there is. */
static uint64_t escaped_bytes(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '\b':
    case '\f':
    case '\n':
    case '\r':
    case '\t':
        return 2;
    default:
        return c < 0x20 ? 6 : 1;
    }
}

static uint64_t string_bytes(const char *text)
{
    uint64_t bytes = 2;
    for (; *text; text++)
        bytes += escaped_bytes((unsigned char)*text);
    return bytes;
}

uint64_t limit_environment_bytes(const struct manifest_function *function)
{
    if (function->environment_count == 0)
        return 0;
    /* The braces, and a colon for each variable and a comma for all but one. */
    uint64_t bytes = 2 + 2 * (uint64_t)function->environment_count - 1;
    for (size_t i = 0; i < function->environment_count; i++)
        bytes += string_bytes(function->environment[i].name) + string_bytes(function->environment[i].value);
    return bytes;
}
