#include "apigw/apigw_read.h"
#include "base/base64.h"

#include <string.h>

static void decode(struct shared_json_reader *reader, struct shared_slice text, struct shared_slice *body)
{
    char *out = shared_json_alloc(reader, shared_base64_decoded_bytes(text.size_bytes) + 1);
    size_t size = 0;
    if (!out)
        return;
    if (!shared_base64_decode(out, &size, text)) {
        reader->code =
            shared_fail(reader->err, SHARED_EPROTO, 0,
                        "body of the %s is not base64, though its isBase64Encoded is true", reader->what);
        return;
    }
    out[size] = '\0';
    *body = shared_slice_of(out, size);
}

bool shared_apigw_read_body(struct shared_json_reader *reader, struct shared_slice *body)
{
    bool is_base64 = shared_json_is_true(reader, "isBase64Encoded");
    const cJSON *item = shared_json_find(reader, "body", cJSON_String);
    if (!item)
        return false;
    struct shared_slice text = shared_slice_from_text(item->valuestring);
    if (is_base64) {
        decode(reader, text, body);
        return true;
    }
    char *copy = shared_json_alloc(reader, text.size_bytes + 1);
    if (copy)
        *body = shared_slice_of(memcpy(copy, text.data, text.size_bytes + 1), text.size_bytes);
    return true;
}
