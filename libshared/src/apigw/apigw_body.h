/* apigw_body.h - a response's body as a JSON string. */
#ifndef SHARED_APIGW_BODY_H
#define SHARED_APIGW_BODY_H

#include "base/buffer.h"

#include <shared/slice.h>

#include <stdbool.h>

struct shared_apigw_body {
    struct shared_slice bytes;
    bool is_base64;
    size_t json_bytes; /* at most so many are appended, in base64 exactly */
};

/* Whether the body goes as text or base64, and its size. */
struct shared_apigw_body shared_apigw_body_plan(struct shared_slice bytes, const char *content_type);

void shared_apigw_body_write(struct shared_buffer *json, const struct shared_apigw_body *body);

#endif
