#include "json/json_read.h"

#include <errno.h>
#include <string.h>

/* A backslash that is itself escaped does not begin an escape. */
static bool begins_escape(const char *text, const char *backslash)
{
    const char *run = backslash;
    while (run > text && run[-1] == '\\')
        run--;
    return (backslash - run) % 2 == 0;
}

static bool holds_nul(struct shared_slice text)
{
    static const char escape[] = "\\u0000";
    const char *end = text.data + text.size_bytes;
    if (memchr(text.data, '\0', text.size_bytes))
        return true;
    for (const char *at = text.data; (at = memmem(at, (size_t)(end - at), escape, 6)); at += 6)
        if (begins_escape(text.data, at))
            return true;
    return false;
}

static bool is_blank(const char *text, const char *end)
{
    while (text < end && strchr(" \t\r\n", *text))
        text++;
    return text == end;
}

int shared_json_parse_object(struct shared_slice text, cJSON **object, struct shared_error *err)
{
    *object = NULL;
    if (text.size_bytes == 0)
        return shared_fail(err, SHARED_EPROTO, 0, "empty; a JSON object is wanted");
    if (holds_nul(text))
        return shared_fail(err, SHARED_EPROTO, 0, "holds a NUL character (\\u0000); texts must do without");

    const char *end = NULL;
    errno = 0;
    cJSON *root = cJSON_ParseWithLengthOpts(text.data, text.size_bytes, &end, 0);
    if (!root && errno == ENOMEM)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to parse %zu bytes of JSON", text.size_bytes);
    if (!root)
        return shared_fail(err, SHARED_EPROTO, 0, "not valid JSON at byte %zu of %zu",
                           end ? (size_t)(end - text.data) : 0, text.size_bytes);
    if (!cJSON_IsObject(root) || !is_blank(end, text.data + text.size_bytes)) {
        bool is_object = cJSON_IsObject(root);
        cJSON_Delete(root);
        if (is_object)
            return shared_fail(err, SHARED_EPROTO, 0, "something follows the JSON object at byte %zu of %zu",
                               (size_t)(end - text.data), text.size_bytes);
        return shared_fail(err, SHARED_EPROTO, 0, "not a JSON object");
    }
    *object = root;
    return 0;
}
