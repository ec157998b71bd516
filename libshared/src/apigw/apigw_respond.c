#include "apigw/apigw_body.h"
#include "apigw/apigw_fields.h"
#include "json/json_write.h"

#include <string.h>

static int respond_as_it_is(const struct shared_apigw_response *response, struct shared_arena *arena,
                            struct shared_answer *answer, struct shared_error *err)
{
    const char *body = shared_arena_copy(arena, response->body);
    const char *type = NULL;
    if (response->content_type)
        type = shared_arena_copy(arena, shared_slice_from_text(response->content_type));
    if (!body || (response->content_type && !type))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a body of %zu bytes",
                           response->body.size_bytes);
    answer->body = shared_slice_of(body, response->body.size_bytes);
    answer->content_type = type;
    return 0;
}

static int fit_fields(struct shared_apigw_fields *fields, const struct shared_apigw_request *request,
                      struct shared_error *err)
{
    bool is_alb = request->source == SHARED_APIGW_ALB;
    if (request->source == SHARED_APIGW_REST || (is_alb && request->multi_value))
        return 0;
    size_t cookies = 0;
    for (size_t i = 0; is_alb && i < fields->count; i++)
        cookies += shared_apigw_is_set_cookie(&fields->items[i]);
    if (cookies > 1)
        return shared_fail(
            err, SHARED_EINVAL, 0,
            "%zu cookies, but this load balancer takes one; switch on the target group's attribute "
            "lambda.multi_value_headers.enabled",
            cookies);
    return shared_apigw_fields_join(fields, request->arena, err);
}

static void write_status(struct shared_buffer *json, int status, enum shared_apigw_source source)
{
    shared_json_write_key(json, "statusCode");
    shared_apigw_status_write(json, status);
    if (source != SHARED_APIGW_ALB)
        return;
    shared_json_write_key(json, "statusDescription");
    shared_buffer_append(json, "\"", 1);
    shared_apigw_status_write(json, status);
    shared_buffer_append(json, " ", 1);
    shared_buffer_append_text(json, shared_apigw_status_text(status));
    shared_buffer_append(json, "\"", 1);
}

/* Room for all of it at once where nothing but the body needs escapes; the buffer grows otherwise. */
static struct shared_buffer make_buffer(struct shared_arena *arena, const struct shared_apigw_fields *fields,
                                        const struct shared_apigw_body *body)
{
    size_t size = 160 + body->json_bytes;
    for (size_t i = 0; i < fields->count; i++)
        size += strlen(fields->items[i].name) + strlen(fields->items[i].value) + 8;
    struct shared_buffer json = {
        .arena = arena, .data = shared_arena_alloc(arena, size), .capacity_bytes = size};
    json.failed = !json.data;
    return json;
}

static int check_size(const struct shared_apigw_request *request, size_t size, struct shared_error *err)
{
    if (request->source != SHARED_APIGW_ALB || size <= SHARED_APIGW_ALB_LIMIT_BYTES)
        return 0;
    return shared_fail(
        err, SHARED_ETOOBIG, 0,
        "the response has %zu bytes of JSON; a load balancer takes %d: send a smaller or compressed one, "
        "or redirect to an object in S3",
        size, SHARED_APIGW_ALB_LIMIT_BYTES);
}

static int write_response(const struct shared_apigw_request *request, int status,
                          const struct shared_apigw_fields *fields, const struct shared_apigw_body *body,
                          struct shared_buffer *json, struct shared_error *err)
{
    shared_buffer_append(json, "{", 1);
    write_status(json, status, request->source);
    shared_apigw_fields_write(json, fields, request);
    shared_json_write_key(json, "isBase64Encoded");
    shared_buffer_append_text(json, body->is_base64 ? "true" : "false");
    shared_json_write_key(json, "body");
    shared_apigw_body_write(json, body);
    shared_buffer_append(json, "}", 1);
    if (json->failed)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a response of %zu bytes", body->json_bytes);
    return check_size(request, json->size_bytes, err);
}

int shared_apigw_respond(const struct shared_apigw_request *request,
                         const struct shared_apigw_response *response, struct shared_answer *answer,
                         struct shared_error *err)
{
    int status = response->status ? response->status : 200;
    struct shared_apigw_fields fields;
    int code = shared_apigw_status_check(status, err);
    if (code == 0)
        code = shared_apigw_fields_gather(&fields, response, request->arena, err);
    if (code < 0)
        return code;
    if (request->source == SHARED_APIGW_MAPPED)
        return respond_as_it_is(response, request->arena, answer, err);
    code = fit_fields(&fields, request, err);
    if (code < 0)
        return code;

    struct shared_apigw_body body = shared_apigw_body_plan(response->body, fields.content_type);
    code = check_size(request, body.is_base64 ? body.json_bytes : body.bytes.size_bytes, err);
    if (code < 0)
        return code;
    struct shared_buffer json = make_buffer(request->arena, &fields, &body);
    code = write_response(request, status, &fields, &body, &json, err);
    if (code == 0)
        answer->body = shared_slice_of(json.data, json.size_bytes);
    return code;
}
