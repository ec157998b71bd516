/*
 * apigw.h - one request and one response for the four ways in which HTTP reaches a function.
 *
 * API Gateway REST (payload 1.0), HTTP API (payload 2.0), Function URL and Application Load Balancer each
 * have their own JSON for a request and for its response (API Gateway developer guide, "Working with AWS
 * Lambda proxy integrations"; Lambda developer guide, "Invoking Lambda function URLs"; ELB user guide,
 * "Lambda functions as targets"; all 2025). A request remembers where it came from, so that the response
 * takes the right shape. A fifth kind, MAPPED, is every other JSON object: what a mapping template of an old,
 * non-proxy integration made, see shared/fault.h.
 *
 * Everything that is read is copied into the arena given; nothing refers to the event afterwards.
 */
#ifndef SHARED_APIGW_H
#define SHARED_APIGW_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/runtime.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The largest response, as JSON, that a load balancer takes: 1 MB (ELB user guide, "Lambda functions as
 * targets", 2025). */
#define SHARED_APIGW_ALB_LIMIT_BYTES 1048576

enum shared_apigw_source {
    SHARED_APIGW_REST,   /* API Gateway REST API, proxy integration, payload 1.0 */
    SHARED_APIGW_HTTP,   /* API Gateway HTTP API, payload 2.0 */
    SHARED_APIGW_URL,    /* Lambda Function URL, payload 2.0 */
    SHARED_APIGW_ALB,    /* Application Load Balancer */
    SHARED_APIGW_MAPPED, /* any other object: a mapping template of a non-proxy integration */
};

/* A name with one value. A name that came with several values is there once for each, in order. */
struct shared_apigw_pair {
    const char *name;
    const char *value;
};

struct shared_apigw_pairs {
    const struct shared_apigw_pair *items;
    size_t count;
};

struct shared_apigw_request {
    enum shared_apigw_source source;
    bool multi_value;     /* ALB: multi-value headers are on, and the response must use them too */
    const char *method;   /* "GET"; "" where unknown (MAPPED) */
    const char *path;     /* "/titles/tt0017136", without the stage of an HTTP API; "" where unknown */
    const char *stage;    /* "prod", "$default"; "" where there is none */
    const char *resource; /* REST: "/titles/{id}", HTTP API: routeKey "GET /titles/{id}"; "" where unknown */
    const char *source_address; /* the client's, "203.0.113.7"; ALB: last of X-Forwarded-For; or "" */
    struct shared_apigw_pairs path_parameters;
    struct shared_apigw_pairs query;   /* URL-decoded, whatever the source */
    struct shared_apigw_pairs headers; /* names as they came; look-up ignores case */
    struct shared_apigw_pairs cookies; /* from "cookies" or the Cookie header, as sent */
    struct shared_slice body;          /* base64 undone; a NUL follows that is not counted */
    struct shared_arena *arena;        /* the one given to shared_apigw_request_read */
};

/*
 * Reads an event. Fails with SHARED_EPROTO where it is not a JSON object, or a field has another type than
 * its format says (the message names the field), holds a NUL character (\u0000) or is base64 that does not
 * decode; with SHARED_ENOMEM. On failure *request is all zero but for the arena. Any thread, one arena each.
 */
int shared_apigw_request_read(struct shared_apigw_request *request, struct shared_slice event,
                              struct shared_arena *arena, struct shared_error *err);

/*
 * What a MAPPED request holds: the parts that the template "method request passthrough" of API Gateway's
 * console writes ("params", "context", and "body-json" as the body, a JSON text without white space between
 * tokens; where it is a string, that string); in their absence those that have a proxy integration's name and
 * type. Without "body-json" and a string "body" the whole event is the body.
 */

/* The first value under a name, or NULL. Header names match whatever their case; all others exactly. */
const char *shared_apigw_header(const struct shared_apigw_request *request, const char *name);
const char *shared_apigw_query(const struct shared_apigw_request *request, const char *name);
const char *shared_apigw_path_parameter(const struct shared_apigw_request *request, const char *name);
const char *shared_apigw_cookie(const struct shared_apigw_request *request, const char *name);

/* What goes back. All texts are borrowed for the call. */
struct shared_apigw_response {
    int status;                        /* 100 to 599; 0 means 200 */
    const char *content_type;          /* NULL: application/json where there is a body, else none */
    struct shared_apigw_pairs headers; /* a name may occur again: each value is sent */
    const char *const *cookies;        /* whole Set-Cookie values */
    size_t cookie_count;
    struct shared_slice body; /* sent as text or base64, see shared_apigw_is_text */
};

/*
 * Writes the response in the shape that the request's source wants into answer->body, in the request's arena.
 * The body is sent as it is where its content type is a text and its bytes are valid UTF-8, else in base64.
 * A header name or value with a control character is refused with SHARED_EINVAL (it could split the
 * response), so is a status out of range, a name that is not a token (RFC 9110) and a value that is not
 * UTF-8. A header that occurs several times goes into multiValueHeaders where the shape has them; elsewhere
 * its values are joined by ", ", but Set-Cookie goes into the cookies of an HTTP API and a Function URL, and
 * a load balancer without multi-value headers takes only one (SHARED_EINVAL) and at most
 * SHARED_APIGW_ALB_LIMIT_BYTES (SHARED_ETOOBIG). For a MAPPED request the body itself is the answer: status
 * and headers are API Gateway's there (shared/fault.h raises anything but the default). Any thread.
 */
int shared_apigw_respond(const struct shared_apigw_request *request,
                         const struct shared_apigw_response *response, struct shared_answer *answer,
                         struct shared_error *err);

/*
 * Whether a content type is sent as text: text/…, application/{json,javascript,xml,yaml} and anything ending
 * in +json, +xml or +yaml, parameters such as charset ignored. content_type may be NULL: false.
 */
bool shared_apigw_is_text(const char *content_type);

#ifdef __cplusplus
}
#endif

#endif
