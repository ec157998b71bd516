/* json_out.h - JSON written as it is made, for documents that are too large to be held twice. */
#ifndef PACKER_JSON_OUT_H
#define PACKER_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Where a value stands: commas are put before all but the first of an object or array. {.out = …} begins a document.
 * Whether writing failed is the stream's to say (ferror). */
struct json_out {
    FILE *out;
    bool follows; /* a value of the same object or array stands before */
};

/* name NULL: an element of an array, or the document itself. */
void json_out_open(struct json_out *json, const char *name, char bracket); /* '{' or '[' */
void json_out_close(struct json_out *json, char bracket);                  /* '}' or ']' */
void json_out_number(struct json_out *json, const char *name, uint64_t number);
void json_out_signed(struct json_out *json, const char *name, int64_t number);
void json_out_bool(struct json_out *json, const char *name, bool truth);

/* Bytes that are not UTF-8 (RFC 8259, section 8.1) become "?"; NULL becomes null. */
void json_out_text(struct json_out *json, const char *name, const char *text);

#endif
