#include "login_body.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <string.h>

#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-"

static bool is_name(const char *text)
{
    size_t size = strlen(text);
    return size && size <= LOGIN_USER_LIMIT_BYTES && strspn(text, NAME_BYTES) == size;
}

/* cJSON ends a text where it holds \u0000: what follows would go unseen. */
static bool hides_something(struct shared_slice body)
{
    return memchr(body.data, '\0', body.size_bytes) || memmem(body.data, body.size_bytes, "\\u0000", 6);
}

int login_body_read(struct shared_slice body, struct shared_arena *arena, const char **user,
                    struct shared_error *err)
{
    if (body.size_bytes > LOGIN_BODY_LIMIT_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "more than %d bytes", LOGIN_BODY_LIMIT_BYTES);
    if (!body.size_bytes || hides_something(body))
        return shared_fail(err, SHARED_EINVAL, 0, "expected a JSON object with a user");

    /* The NUL that follows a request's body is given too, so that cJSON sees that nothing else follows the
     * object. */
    cJSON *json = cJSON_ParseWithLengthOpts(body.data, body.size_bytes + 1, NULL, true);
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "user");
    bool good = cJSON_IsObject(json) && cJSON_IsString(name) && is_name(name->valuestring);
    *user = good ? shared_arena_copy(arena, shared_slice_from_text(name->valuestring)) : NULL;
    cJSON_Delete(json);
    if (!good)
        return shared_fail(err, SHARED_EINVAL, 0, "user: expected 1 to %d letters, digits and . _ @ + -",
                           LOGIN_USER_LIMIT_BYTES);
    return *user ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "read the user");
}
