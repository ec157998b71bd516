#include "base/buffer.h"
#include "router/router_answer.h"

#include <string.h>

static void append_encoded(struct shared_buffer *path, const char *value, bool is_rest)
{
    for (; *value; value++) {
        if (*value == '%')
            shared_buffer_append(path, "%25", 3);
        else if (*value == '/' && !is_rest)
            shared_buffer_append(path, "%2F", 3);
        else
            shared_buffer_append(path, value, 1);
    }
}

/* Writes what stands for "name}" or "name+}" at the beginning of text. Returns the bytes of that, 0 where it
 * is no parameter of the request's. */
static size_t append_parameter(struct shared_buffer *path, const struct shared_apigw_request *request,
                               const char *text)
{
    size_t size = strcspn(text, "}/");
    if (size == 0 || text[size] != '}')
        return 0;
    bool is_rest = text[size - 1] == '+';
    struct shared_slice name = shared_slice_of(text, size - is_rest);
    for (size_t i = 0; i < request->path_parameters.count; i++) {
        const struct shared_apigw_pair *pair = &request->path_parameters.items[i];
        if (!shared_slice_equal(shared_slice_from_text(pair->name), name))
            continue;
        append_encoded(path, pair->value, is_rest);
        return size + 1;
    }
    return 0;
}

static const char *path_of_resource(const struct shared_apigw_request *request)
{
    struct shared_buffer path = {.arena = request->arena};
    for (const char *at = request->resource; *at;) {
        size_t taken = *at == '{' ? append_parameter(&path, request, at + 1) : 0;
        if (taken == 0)
            shared_buffer_append(&path, at, 1);
        at += 1 + taken;
    }
    shared_buffer_append(&path, "", 1);
    return path.failed ? NULL : path.data;
}

/* What of an HTTP API's path looks percent-encoded is what it says: rawPath is decoded, against its name
 * (aws/aws-lambda-dotnet, pull request 1901, 2024), while REST APIs, Function URLs and load balancers hand a
 * path on as it came. */
static const char *encoded_path(const struct shared_apigw_request *request)
{
    if (request->source != SHARED_APIGW_HTTP || !strchr(request->path, '%'))
        return request->path;
    struct shared_buffer path = {.arena = request->arena};
    append_encoded(&path, request->path, true);
    shared_buffer_append(&path, "", 1);
    return path.failed ? NULL : path.data;
}

const char *shared_router_path(const struct shared_router *router, const struct shared_apigw_request *request)
{
    if (request->source == SHARED_APIGW_MAPPED && !*request->path)
        return path_of_resource(request);
    const char *path = encoded_path(request);
    size_t size = router->prefix ? strlen(router->prefix) : 0;
    if (!path || size == 0 || strncmp(path, router->prefix, size) != 0)
        return path;
    const char *rest = path + size;
    return *rest == '/' ? rest : *rest ? path : "/";
}
