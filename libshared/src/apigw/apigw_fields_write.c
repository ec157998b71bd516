#include "apigw/apigw_fields.h"
#include "json/json_write.h"

enum place { IN_HEADERS, IN_LISTS, IN_COOKIES };

static bool occurs_again(const struct shared_apigw_fields *fields, size_t index)
{
    for (size_t i = 0; i < fields->count; i++)
        if (i != index && shared_apigw_same_name(&fields->items[i], &fields->items[index]))
            return true;
    return false;
}

static enum place place_of(const struct shared_apigw_fields *fields, size_t index,
                           const struct shared_apigw_request *request)
{
    bool is_cookie = shared_apigw_is_set_cookie(&fields->items[index]);
    if (request->source == SHARED_APIGW_HTTP || request->source == SHARED_APIGW_URL)
        return is_cookie ? IN_COOKIES : IN_HEADERS;
    if (request->source == SHARED_APIGW_ALB)
        return request->multi_value ? IN_LISTS : IN_HEADERS;
    return is_cookie || occurs_again(fields, index) ? IN_LISTS : IN_HEADERS;
}

static void begin(struct shared_buffer *json, bool *is_open, const char *key, const char *bracket)
{
    if (*is_open)
        return;
    shared_json_write_key(json, key);
    shared_buffer_append_text(json, bracket);
    *is_open = true;
}

static void write_headers(struct shared_buffer *json, const struct shared_apigw_fields *fields,
                          const struct shared_apigw_request *request)
{
    bool is_open = false;
    for (size_t i = 0; i < fields->count; i++) {
        if (place_of(fields, i, request) != IN_HEADERS)
            continue;
        begin(json, &is_open, "headers", "{");
        shared_json_write_member(json, fields->items[i].name, fields->items[i].value);
    }
    if (is_open)
        shared_buffer_append(json, "}", 1);
}

/* The values of the name at first, from there on, as elements of a list that is open. */
static void write_values(struct shared_buffer *json, const struct shared_apigw_fields *fields, size_t first)
{
    for (size_t i = first; i < fields->count; i++) {
        if (!shared_apigw_same_name(&fields->items[i], &fields->items[first]))
            continue;
        if (i != first)
            shared_buffer_append(json, ",", 1);
        shared_json_write_string(json, shared_slice_from_text(fields->items[i].value));
    }
    shared_buffer_append(json, "]", 1);
}

static bool is_first(const struct shared_apigw_fields *fields, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (shared_apigw_same_name(&fields->items[i], &fields->items[index]))
            return false;
    return true;
}

static void write_lists(struct shared_buffer *json, const struct shared_apigw_fields *fields,
                        const struct shared_apigw_request *request)
{
    bool is_open = false;
    for (size_t i = 0; i < fields->count; i++) {
        if (place_of(fields, i, request) != IN_LISTS || !is_first(fields, i))
            continue;
        begin(json, &is_open, "multiValueHeaders", "{");
        shared_json_write_key(json, fields->items[i].name);
        shared_buffer_append(json, "[", 1);
        write_values(json, fields, i);
    }
    if (is_open)
        shared_buffer_append(json, "}", 1);
}

static void write_cookies(struct shared_buffer *json, const struct shared_apigw_fields *fields,
                          const struct shared_apigw_request *request)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (place_of(fields, i, request) != IN_COOKIES)
            continue;
        shared_json_write_key(json, "cookies");
        shared_buffer_append(json, "[", 1);
        write_values(json, fields, i);
        return;
    }
}

void shared_apigw_fields_write(struct shared_buffer *json, const struct shared_apigw_fields *fields,
                               const struct shared_apigw_request *request)
{
    write_headers(json, fields, request);
    write_lists(json, fields, request);
    write_cookies(json, fields, request);
}
