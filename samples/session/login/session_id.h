/* session_id.h - the name of a session, which is all that a browser has to show. */
#ifndef SESSION_SESSION_ID_H
#define SESSION_SESSION_ID_H

#include <shared/error.h>

#include <stdbool.h>

/* 128 bits of the kernel's randomness as hexadecimal digits, and a NUL. */
#define SESSION_ID_BYTES 33

int session_id_make(char id[SESSION_ID_BYTES], struct shared_error *err);

/* Whether a text, NULL too, could be one: what could not be is never asked for in Redis. */
bool session_id_is_valid(const char *text);

#endif
