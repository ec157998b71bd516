/* login_body.h - what is posted to /login: {"user":"ada"}. */
#ifndef SESSION_LOGIN_BODY_H
#define SESSION_LOGIN_BODY_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#define LOGIN_BODY_LIMIT_BYTES 1024
#define LOGIN_USER_LIMIT_BYTES 64

/*
 * Finds the user's name: 1 to 64 ASCII letters, digits and . _ @ + -, so that it stands in JSON as it is. The
 * arena owns it. Fails with SHARED_ETOOBIG, SHARED_EINVAL or SHARED_ENOMEM; the message is fit for whoever
 * posted it.
 */
int login_body_read(struct shared_slice body, struct shared_arena *arena, const char **user,
                    struct shared_error *err);

#endif
