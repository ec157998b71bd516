/* yaml_text.h - texts in YAML (YAML 1.1, 2005: what CloudFormation and PyYAML read). */
#ifndef PACKER_YAML_TEXT_H
#define PACKER_YAML_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Writes a UTF-8 text in double quotes, so that nothing of it is anything but a text: yes, 0123, ": ", "#". What YAML
 * 1.1 does not print, and what is beyond U+FFFF, is escaped; a byte that is not UTF-8 becomes "?".
 */
void yaml_text(FILE *out, const char *text);

/* The same of a part of a text, which ends between characters. */
void yaml_text_part(FILE *out, const char *text, size_t size_bytes);

#endif
