#include "base/percent.h"
#include "router/router_tree.h"

#include <string.h>

/* NULL where a segment of a pattern is good, or what is wrong with it. */
static const char *complain(const char *text, size_t size)
{
    size_t braces = 0;
    if (size > SHARED_ROUTER_LITERAL_BYTES)
        return "has a segment of over 255 bytes";
    for (size_t i = 0; i < size; i++) {
        braces += text[i] == '{' || text[i] == '}';
        if (shared_percent_byte(text + i) == 0)
            return "holds %00, which no path can mean";
    }
    if (braces == 0)
        return NULL;
    if (braces != 2 || text[0] != '{' || text[size - 1] != '}')
        return "has a brace that is not around a whole segment, as in /{name}/; a literal one is %7B or %7D";
    bool is_rest = text[size - 2] == '+';
    return size - 2 - is_rest == 0 ? "has a parameter without a name" : NULL;
}

static bool is_method(const char *method)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return *method && method[strspn(method, good)] == '\0';
}

static const char *check_names(const char *pattern, struct shared_router_needs *needs)
{
    struct shared_slice names[SHARED_ROUTE_PARAMETERS];
    size_t count = 0;
    for (const char *at = pattern + 1; at;) {
        struct shared_router_piece piece = shared_router_piece_take(&at);
        if (piece.kind == SHARED_ROUTER_LITERAL)
            continue;
        if (piece.kind == SHARED_ROUTER_REST && at)
            return "has a catch-all that is not its last segment";
        for (size_t i = 0; i < count; i++)
            if (shared_slice_equal(names[i], piece.text))
                return "has two parameters of one name";
        if (count == SHARED_ROUTE_PARAMETERS)
            return "has more than 8 parameters";
        names[count++] = piece.text;
    }
    needs->names += count;
    return NULL;
}

static const char *check_pattern(const char *pattern, struct shared_router_needs *needs)
{
    size_t count = 0;
    if (*pattern != '/')
        return "does not begin with a slash";
    for (const char *slash = pattern; *slash; count++) {
        size_t size = strcspn(slash + 1, "/");
        const char *wrong = complain(slash + 1, size);
        if (wrong)
            return wrong;
        slash += 1 + size;
    }
    needs->segments += count;
    return count > SHARED_ROUTE_SEGMENTS ? "has more than 32 segments" : check_names(pattern, needs);
}

/* NULL where a route is good, or what is wrong with it. */
static const char *check(const struct shared_route *route, size_t size, struct shared_router_needs *needs)
{
    if (!route->pattern)
        return "has no pattern";
    if (size > SHARED_ROUTER_PATTERN_BYTES)
        return "has a pattern of over 16000 bytes";
    const char *wrong = check_pattern(route->pattern, needs);
    if (wrong)
        return wrong;
    if (route->method && !is_method(route->method))
        return "has a method that is not of capital letters, digits, - and _";
    return route->handler ? NULL : "has no handler";
}

int shared_router_route_check(const struct shared_route *route, size_t number,
                              struct shared_router_needs *needs, struct shared_error *err)
{
    const char *pattern = route->pattern ? route->pattern : "";
    size_t size = strlen(pattern);
    const char *wrong = check(route, size, needs);
    needs->bytes += size;
    if (!wrong)
        return 0;
    return shared_fail(err, size > SHARED_ROUTER_PATTERN_BYTES ? SHARED_ETOOBIG : SHARED_EINVAL, 0,
                       "route %zu (%.20s %.80s) %s", number, route->method ? route->method : "ANY", pattern,
                       wrong);
}
