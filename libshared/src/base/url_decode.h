/* url_decode.h - application/x-www-form-urlencoded (URL Standard, section 5), as it stands in a query. */
#ifndef SHARED_BASE_URL_DECODE_H
#define SHARED_BASE_URL_DECODE_H

#include <stdbool.h>

/*
 * Decodes a NUL-terminated text in place: %xx becomes its byte and + a space; a % without two hexadecimal
 * digits stays. Returns false where %00 would end the text early; the text is then of no use.
 */
bool shared_url_decode(char *text);

#endif
