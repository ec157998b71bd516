/* json_token.h - the words of a JSON text (RFC 8259), one after the other; comments are blanked before. */
#ifndef PACKER_JSON_TOKEN_H
#define PACKER_JSON_TOKEN_H

#include <shared/slice.h>

#include <stddef.h>

enum json_token_kind {
    JSON_TOKEN_END,    /* of the text */
    JSON_TOKEN_MARK,   /* one of { } [ ] : , */
    JSON_TOKEN_STRING, /* with its quotes */
    JSON_TOKEN_WORD,   /* a number, true, false or null */
    JSON_TOKEN_BAD     /* problem says what is wrong */
};

struct json_token {
    enum json_token_kind kind;
    size_t at; /* of its first byte; BAD: of the byte that is wrong */
    size_t size_bytes;
    const char *problem; /* static text */
};

/* The token at or after an offset; the next one is looked for at token.at + token.size_bytes. */
struct json_token json_token_next(struct shared_slice text, size_t from);

/* The line, from 1, that an offset lies in. */
size_t json_line(struct shared_slice text, size_t offset);

#endif
