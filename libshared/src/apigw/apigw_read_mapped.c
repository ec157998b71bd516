#include "apigw/apigw_read.h"
#include "json/json_raw.h"

#include <string.h>

/*
 * The template "method request passthrough" that API Gateway's console offers (API Gateway developer guide,
 * "Mapping templates"), first; then the same under the names of a proxy integration, as hand-written
 * templates often have it.
 */
static const char *either(struct shared_json_reader *reader, const char *path, const char *other)
{
    const char *text = shared_json_text(reader, path);
    return *text ? text : shared_json_text(reader, other);
}

static struct shared_apigw_pairs either_map(struct shared_json_reader *reader, const char *path,
                                            struct shared_apigw_map other)
{
    struct shared_apigw_map map = {.single = path};
    return shared_apigw_read_map(reader, shared_json_find(reader, path, cJSON_Object) ? map : other);
}

static size_t place_in(const cJSON *object, const cJSON *item)
{
    size_t place = 0;
    for (const cJSON *other = object->child; other != item; other = other->next)
        place++;
    return place;
}

static void set_json_body(struct shared_json_reader *reader, struct shared_slice json,
                          struct shared_apigw_request *request)
{
    char *copy = shared_json_alloc(reader, json.size_bytes + 1);
    if (!copy)
        return;
    size_t size = shared_json_compact(copy, json);
    copy[size] = '\0';
    request->body = shared_slice_of(copy, size);
}

static void set_whole_body(struct shared_json_reader *reader, struct shared_slice event,
                           struct shared_apigw_request *request)
{
    char *copy = shared_json_alloc(reader, event.size_bytes + 1);
    if (!copy)
        return;
    memcpy(copy, event.data, event.size_bytes);
    copy[event.size_bytes] = '\0';
    request->body = shared_slice_of(copy, event.size_bytes);
}

static void set_text_body(struct shared_json_reader *reader, const char *text,
                          struct shared_apigw_request *request)
{
    request->body = shared_slice_from_text(shared_json_copy(reader, text));
}

void shared_apigw_read_mapped(struct shared_json_reader *reader, struct shared_slice event,
                              struct shared_apigw_request *request)
{
    reader->lenient = true;
    request->method = shared_json_text(reader, "context.http-method");
    request->path = either(reader, "context.path", "path");
    request->resource = either(reader, "context.resource-path", "resource");
    request->stage = either(reader, "context.stage", "requestContext.stage");
    request->source_address = either(reader, "context.source-ip", "requestContext.identity.sourceIp");
    request->path_parameters =
        either_map(reader, "params.path", (struct shared_apigw_map){.single = "pathParameters"});
    request->query = either_map(reader, "params.querystring",
                                (struct shared_apigw_map){.single = "queryStringParameters",
                                                          .multi = "multiValueQueryStringParameters"});
    request->headers =
        either_map(reader, "params.header",
                   (struct shared_apigw_map){.single = "headers", .multi = "multiValueHeaders"});

    const cJSON *passed = cJSON_GetObjectItemCaseSensitive(reader->root, "body-json");
    if (cJSON_IsString(passed))
        set_text_body(reader, passed->valuestring, request);
    else if (passed)
        set_json_body(reader, shared_json_member_text(event, place_in(reader->root, passed)), request);
    else if (!shared_apigw_read_body(reader, &request->body))
        set_whole_body(reader, event, request);
}
