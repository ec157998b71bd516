#include "route.h"

#include <string.h>

#define ID "{id}"

/* A REST resource is "/titles/{id}"; the route key of an HTTP API has the method before it. */
static bool is_resource(const char *given, const char *resource)
{
    const char *space = strchr(given, ' ');
    return strcmp(space ? space + 1 : given, resource) == 0;
}

static bool path_matches(const char *path, const char *resource, struct shared_slice *id)
{
    while (*resource) {
        if (strncmp(resource, ID, strlen(ID)) == 0) {
            *id = shared_slice_of(path, strcspn(path, "/"));
            if (!id->size_bytes)
                return false;
            path += id->size_bytes;
            resource += strlen(ID);
        } else if (*path++ != *resource++) {
            return false;
        }
    }
    return !*path;
}

bool route_matches(const struct shared_apigw_request *request, const char *resource, const char **id)
{
    bool wants_id = strstr(resource, ID) != NULL;
    if (is_resource(request->resource, resource) || request->source == SHARED_APIGW_MAPPED) {
        const char *given = shared_apigw_path_parameter(request, "id");
        if (id)
            *id = given;
        return given || !wants_id;
    }
    struct shared_slice part = {0};
    if (!path_matches(request->path, resource, &part))
        return false;
    if (id)
        *id = wants_id ? shared_arena_copy(request->arena, part) : NULL;
    return true;
}

bool route_allows(const struct shared_apigw_request *request, const char *methods)
{
    const char *found = *request->method ? strstr(methods, request->method) : methods;
    size_t size = strlen(request->method);
    return found &&
           (!size || ((found == methods || found[-1] == ' ') && (!found[size] || found[size] == ',')));
}
