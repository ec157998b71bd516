/* apigw_token.h - the bytes of a token (RFC 9110, section 5.6.2). */
#ifndef SHARED_APIGW_TOKEN_H
#define SHARED_APIGW_TOKEN_H

#include <stdbool.h>
#include <string.h>

/* Whether a byte other than NUL may stand in a token. */
static inline bool shared_apigw_is_token_byte(char c)
{
    bool is_letter_or_digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_letter_or_digit || strchr("!#$%&'*+-.^_`|~", c);
}

static inline bool shared_apigw_is_token(const char *text)
{
    const char *at = text;
    while (*at && shared_apigw_is_token_byte(*at))
        at++;
    return at > text && !*at;
}

#endif
