#include "apigw/apigw_read.h"
#include "apigw/apigw_split.h"

#include <string.h>

static const char *const event_names[] = {
    [SHARED_APIGW_REST] = "REST event",        [SHARED_APIGW_HTTP] = "HTTP API event",
    [SHARED_APIGW_URL] = "Function URL event", [SHARED_APIGW_ALB] = "load balancer event",
    [SHARED_APIGW_MAPPED] = "mapped event",
};

static void delete_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static bool has(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return item && !cJSON_IsNull(item);
}

static bool is_text_with(const cJSON *object, const char *name, const char *part)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text && strstr(text, part);
}

static bool is_version_2(const cJSON *event)
{
    const char *version = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, "version"));
    return version && strcmp(version, "2.0") == 0;
}

static enum shared_apigw_source detect(const cJSON *event)
{
    const cJSON *context = cJSON_GetObjectItemCaseSensitive(event, "requestContext");
    if (has(context, "http") || is_version_2(event))
        return is_text_with(context, "domainName", ".lambda-url.") ? SHARED_APIGW_URL : SHARED_APIGW_HTTP;
    if (has(context, "elb"))
        return SHARED_APIGW_ALB;
    return has(event, "httpMethod") ? SHARED_APIGW_REST : SHARED_APIGW_MAPPED;
}

static void read_by_source(struct shared_json_reader *reader, struct shared_slice event,
                           struct shared_apigw_request *request)
{
    if (request->source == SHARED_APIGW_MAPPED)
        shared_apigw_read_mapped(reader, event, request);
    else if (request->source == SHARED_APIGW_HTTP || request->source == SHARED_APIGW_URL)
        shared_apigw_read_v2(reader, request);
    else
        shared_apigw_read_v1(reader, request);
    if (reader->code == 0 && request->cookies.count == 0)
        reader->code =
            shared_apigw_split_cookies(&request->headers, reader->arena, &request->cookies, reader->err);
}

int shared_apigw_request_read(struct shared_apigw_request *request, struct shared_slice event,
                              struct shared_arena *arena, struct shared_error *err)
{
    *request = (struct shared_apigw_request){.arena = arena};
    cJSON *root __attribute__((cleanup(delete_json))) = NULL;
    int code = shared_json_parse_object(event, &root, err);
    if (code < 0) {
        shared_error_wrap(err, "event");
        return code;
    }
    struct shared_apigw_request read = {.source = detect(root),
                                        .method = "",
                                        .path = "",
                                        .stage = "",
                                        .resource = "",
                                        .source_address = "",
                                        .body = SHARED_SLICE_LITERAL(""),
                                        .arena = arena};
    struct shared_json_reader reader = {
        .arena = arena, .err = err, .root = root, .what = event_names[read.source]};
    read_by_source(&reader, event, &read);
    if (reader.code == 0)
        *request = read;
    return reader.code;
}
