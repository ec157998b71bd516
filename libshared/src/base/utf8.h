/* utf8.h - UTF-8 as RFC 3629 has it: no surrogates, nothing over U+10FFFF, no overlong forms. */
#ifndef SHARED_BASE_UTF8_H
#define SHARED_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The size of the well-formed sequence that text begins with, 1 to 4, or 0 where there is none. */
size_t shared_utf8_size(const char *text, size_t size_bytes);

/* True where all of it is well-formed. */
bool shared_utf8_valid(const char *text, size_t size_bytes);

#endif
