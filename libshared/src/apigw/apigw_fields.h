/* apigw_fields.h - the header fields of a response, checked and brought together. */
#ifndef SHARED_APIGW_FIELDS_H
#define SHARED_APIGW_FIELDS_H

#include "base/buffer.h"

#include <shared/apigw.h>

/* Content-Type, the response's headers and its cookies as Set-Cookie. Names and values are borrowed. */
struct shared_apigw_fields {
    struct shared_apigw_pair *items;
    size_t count;
    const char *content_type; /* the one that is sent, or NULL */
};

/* Refuses with SHARED_EINVAL what could split a response or would not arrive as it is. NULL is refused too.
 */
int shared_apigw_field_check(const char *name, const char *value, struct shared_error *err);

bool shared_apigw_is_set_cookie(const struct shared_apigw_pair *field);

/* Whether two fields have the same name, whatever its case. */
bool shared_apigw_same_name(const struct shared_apigw_pair *a, const struct shared_apigw_pair *b);

/* Checks and gathers the fields in the arena. Returns 0, SHARED_EINVAL or SHARED_ENOMEM. */
int shared_apigw_fields_gather(struct shared_apigw_fields *fields,
                               const struct shared_apigw_response *response, struct shared_arena *arena,
                               struct shared_error *err);

/* Joins by ", " what has one name, RFC 9110, section 5.2; Set-Cookie, which cannot be joined, stays. */
int shared_apigw_fields_join(struct shared_apigw_fields *fields, struct shared_arena *arena,
                             struct shared_error *err);

/* Appends "headers", "multiValueHeaders" and "cookies" as the request's source wants them; what is empty is
 * left out. */
void shared_apigw_fields_write(struct shared_buffer *json, const struct shared_apigw_fields *fields,
                               const struct shared_apigw_request *request);

/* Refuses with SHARED_EINVAL what is not an HTTP status. */
int shared_apigw_status_check(int status, struct shared_error *err);

/* Appends the three digits of a status that was checked. */
void shared_apigw_status_write(struct shared_buffer *json, int status);

/* "OK"; for a status without a name of its own that of its class, "Client Error". Never NULL. Static. */
const char *shared_apigw_status_text(int status);

#endif
