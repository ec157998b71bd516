#include "apigw/apigw_body.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "json/json_write.h"

#include <shared/apigw.h>

/* What shared_json_write_string writes at most for valid UTF-8. */
static size_t escaped_bytes(struct shared_slice text)
{
    size_t size = text.size_bytes;
    for (size_t i = 0; i < text.size_bytes; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\' || c == '\n')
            size += 1;
        else if (c < 0x20)
            size += 5;
    }
    return size;
}

struct shared_apigw_body shared_apigw_body_plan(struct shared_slice bytes, const char *content_type)
{
    struct shared_apigw_body body = {.bytes = bytes, .json_bytes = 2};
    body.is_base64 = bytes.size_bytes > 0 &&
                     !(shared_apigw_is_text(content_type) && shared_utf8_valid(bytes.data, bytes.size_bytes));
    body.json_bytes += body.is_base64 ? shared_base64_encoded_bytes(bytes.size_bytes) : escaped_bytes(bytes);
    return body;
}

void shared_apigw_body_write(struct shared_buffer *json, const struct shared_apigw_body *body)
{
    if (!body->is_base64) {
        shared_json_write_string(json, body->bytes);
        return;
    }
    shared_buffer_append(json, "\"", 1);
    shared_base64_append(json, body->bytes);
    shared_buffer_append(json, "\"", 1);
}
