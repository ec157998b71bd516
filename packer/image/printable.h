/* printable.h - texts from files of others, before they are shown on a terminal. */
#ifndef PACKER_PRINTABLE_H
#define PACKER_PRINTABLE_H

#include <stddef.h>

/* Puts "?" in place of the bytes of control characters but NUL, and of bytes that are not UTF-8. */
void printable_clean(char *text, size_t size_bytes);

#endif
