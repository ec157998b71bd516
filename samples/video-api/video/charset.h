/* charset.h - subtitles come in many encodings; what leaves is UTF-8. */
#ifndef VIDEO_CHARSET_H
#define VIDEO_CHARSET_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>

/* Whether bytes are well-formed UTF-8 as RFC 3629 has it: no surrogates, no overlong forms. */
bool charset_is_utf8(struct shared_slice text);

/*
 * Well-formed UTF-8 is taken as it is, without its byte order mark. Anything else is read as windows-1252, as
 * the Encoding Standard (https://encoding.spec.whatwg.org, 2025) reads Latin-1, and converted in the arena.
 * *name says which it was. UTF-16 and UTF-32, known by their byte order mark, fail with SHARED_EUNSUPPORTED;
 * also SHARED_ENOMEM.
 */
int charset_to_utf8(struct shared_slice text, struct shared_arena *arena, struct shared_slice *utf8,
                    const char **name, struct shared_error *err);

#endif
