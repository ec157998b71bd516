/*
 * router.h - one function, many routes: method and path to handler.
 *
 *     static int get_title(const struct shared_route_call *call, struct shared_apigw_response *response,
 *                          struct shared_error *err);
 *
 *     static const struct shared_route routes[] = {
 *         {"GET", "/titles", list_titles},
 *         {"GET", "/titles/{id}", get_title},
 *         {"PUT", "/titles/{id}", put_title},
 *         {"GET", "/assets/{path+}", get_asset},
 *     };
 *     static struct shared_router router;
 *
 *     init:     shared_router_init(&router, routes, SHARED_ROUTES_COUNT(routes), NULL, err)
 *     handler:  shared_router_serve(&router, context, event, answer, err)
 *
 * A pattern is made of segments between slashes: a literal, "{name}" for one segment that is not empty, and,
 * as the last, "{name+}" for all that is left, slashes included, at least one byte (the patterns of API
 * Gateway). A literal goes before a parameter, a parameter before a catch-all; where a literal leads nowhere,
 * or only to routes of other methods, the others are tried. A slash at the end is a segment of its own.
 * Segments are compared percent-decoded: %2F stands for a slash within one. An HTTP API has decoded the path
 * (its payload 2.0), a slash within a segment too: nothing is decoded again there. "." and ".." are segments
 * like others, so what a catch-all gives is no file name yet (shared/asset.h refuses "..").
 *
 * What is matched is turned once, at init, into a tree of hashed segments: the time of a match depends on the
 * path, not on how many routes there are, and nothing is allocated for it. No path, however hostile, makes a
 * match look at a node of the tree twice.
 */
#ifndef SHARED_ROUTER_H
#define SHARED_ROUTER_H

#include <shared/apigw.h>
#include <shared/error.h>
#include <shared/fault.h>
#include <shared/runtime.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Parameters of one pattern, and segments of one path; beyond them a pattern is refused, and a path matches
 * only a catch-all or nothing. */
#define SHARED_ROUTE_PARAMETERS 8
#define SHARED_ROUTE_SEGMENTS 32

/* What a route's handler is given. All of it lives until the answer has been sent. */
struct shared_route_call {
    const struct shared_context *context;
    const struct shared_apigw_request *request;
    const struct shared_route *route;
    size_t parameter_count;
    struct shared_route_parameter {
        struct shared_slice name;
        struct shared_slice text; /* as it stands in the path, percent-encoded */
    } parameters[SHARED_ROUTE_PARAMETERS];
};

/*
 * Fills *response, which is all zero, and returns 0; the router sends it in the shape of the request's
 * source, without its body for HEAD. A fault is a response too: return shared_route_fault(…). A negative code
 * fails the invocation; a positive one says that the answer has been sent already (shared/stream.h). What the
 * response names lives in the request's arena, or longer.
 */
typedef int shared_route_handler(const struct shared_route_call *call, struct shared_apigw_response *response,
                                 struct shared_error *err);

struct shared_route {
    const char *method;  /* "GET", which serves HEAD too where its path has no route for it; NULL: any */
    const char *pattern; /* "/titles/{id}" */
    shared_route_handler *handler;
};

#define SHARED_ROUTES_COUNT(routes) (sizeof(routes) / sizeof((routes)[0]))

/* Cross-origin resource sharing (Fetch standard, "CORS protocol"). All texts outlive the router. */
struct shared_route_cors {
    const char *const *origins; /* "https://app.example"; one that is "*" allows all; origin_count of them */
    size_t origin_count;
    const char *headers; /* allowed ones, "Content-Type, Authorization"; NULL: those asked for */
    const char *exposed; /* readable ones; NULL: none beside the standard's */
    int max_age_s;       /* how long a preflight may be kept; 0: not said */
    bool
        credentials; /* the origin is then named, never "*": with "*" above, every site there is may act in the
                          * name of its visitors */
};

struct shared_router_tree;

/* Caller-owned. */
struct shared_router {
    /* The caller's, to be set after shared_router_init; NULL: none. */
    const char *prefix;           /* "/payment", in front of every path: the mapping of a custom domain */
    shared_route_handler *failed; /* called after a handler has failed, with its error in err: fills the
                                   * response and returns 0, or returns the error's code */

    /* Private. */
    const struct shared_route *routes;
    const struct shared_route_cors *cors;
    const struct shared_router_tree *tree;
    struct shared_arena arena; /* of the tree */
};

/*
 * Makes the tree. routes and cors (may be NULL) are borrowed and outlive the router. Fails with
 * SHARED_EINVAL, naming the route, where a pattern does not begin with a slash, has an empty or unclosed
 * parameter, a parameter twice or too many, a catch-all that is not last, a segment of over 255 bytes, or
 * %00, a method is not made of capital letters, digits, "-" and "_", a method and pattern (but for the names
 * of parameters) stand there twice, or a handler is missing; SHARED_ETOOBIG over 65,000 routes, 65,000
 * different beginnings of patterns, 16,000 bytes in a pattern or 50 methods; SHARED_ENOMEM. The router is
 * then as after shared_router_clean_up.
 */
int shared_router_init(struct shared_router *router, const struct shared_route *routes, size_t count,
                       const struct shared_route_cors *cors, struct shared_error *err);
void shared_router_clean_up(struct shared_router *router);

enum shared_route_match {
    SHARED_ROUTE_FOUND,
    SHARED_ROUTE_NOT_FOUND,         /* 404 */
    SHARED_ROUTE_METHOD_NOT_ALLOWED /* 405: the path is there under other methods */
};

/*
 * Finds the route of a method and a path; sets call->route and its parameters where found. An empty method,
 * one that nobody told, is any. allow, of allow_bytes, receives the methods of the path, "GET, HEAD, OPTIONS,
 * PUT", sorted, where it is found under any, else "", and may be NULL; those that have no room are left out.
 * A route of any method stands for the seven of API Gateway's ANY there. Allocates nothing. Any thread.
 */
enum shared_route_match shared_router_match(const struct shared_router *router, const char *method,
                                            const char *path, struct shared_route_call *call, char *allow,
                                            size_t allow_bytes);

/*
 * Reads the event as shared_apigw_request_read does, finds the route, calls its handler and sends the
 * response; answers itself with 404, with 405 and Allow, with 204 and Allow to OPTIONS where no route takes
 * it, and to a preflight where there is a cors. Where there is one every response gets its headers and Vary:
 * Origin, but for one that has an Access-Control-Allow-Origin of its own. To be returned by a handler. Any
 * thread.
 *
 * A MAPPED request that tells no path is found by its resource and path parameters. Its response is the body
 * alone, but with a status of 300 or more it travels as shared/fault.h tells.
 */
int shared_router_serve(const struct shared_router *router, const struct shared_context *context,
                        struct shared_slice event, struct shared_answer *answer, struct shared_error *err);

/* The same with a request that has been read. */
int shared_router_respond(const struct shared_router *router, const struct shared_context *context,
                          const struct shared_apigw_request *request, struct shared_answer *answer,
                          struct shared_error *err);

/* A parameter, percent-decoded, in the request's arena; NULL where there is none of that name, it holds a NUL
 * or memory is exhausted. */
const char *shared_route_parameter_text(const struct shared_route_call *call, const char *name);

/* Makes a fault the response: status, location, body. What it makes lies in the request's arena, what the
 * fault names is borrowed until the answer has been sent. Returns 0 or SHARED_ENOMEM. */
int shared_route_fault(const struct shared_route_call *call, const struct shared_fault *fault,
                       struct shared_apigw_response *response, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
