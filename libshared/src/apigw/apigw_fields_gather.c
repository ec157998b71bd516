#include "apigw/apigw_fields.h"

static const struct shared_apigw_pair set_cookie = {"Set-Cookie", ""};
static const struct shared_apigw_pair content_type = {"Content-Type", ""};

bool shared_apigw_same_name(const struct shared_apigw_pair *a, const struct shared_apigw_pair *b)
{
    return shared_slice_equal_ignore_case(shared_slice_from_text(a->name), shared_slice_from_text(b->name));
}

bool shared_apigw_is_set_cookie(const struct shared_apigw_pair *field)
{
    return shared_apigw_same_name(field, &set_cookie);
}

static int add(struct shared_apigw_fields *fields, const char *name, const char *value,
               struct shared_error *err)
{
    int code = shared_apigw_field_check(name, value, err);
    if (code == 0)
        fields->items[fields->count++] = (struct shared_apigw_pair){name, value};
    return code;
}

/* A Content-Type among the headers wins; the first, should there be several. */
static int add_content_type(struct shared_apigw_fields *fields, const struct shared_apigw_response *response,
                            struct shared_error *err)
{
    for (size_t i = 0; i < fields->count && !fields->content_type; i++)
        if (shared_apigw_same_name(&fields->items[i], &content_type))
            fields->content_type = fields->items[i].value;
    if (fields->content_type)
        return 0;
    fields->content_type = response->content_type;
    if (!fields->content_type && response->body.size_bytes > 0)
        fields->content_type = "application/json";
    return fields->content_type ? add(fields, content_type.name, fields->content_type, err) : 0;
}

int shared_apigw_fields_gather(struct shared_apigw_fields *fields,
                               const struct shared_apigw_response *response, struct shared_arena *arena,
                               struct shared_error *err)
{
    size_t most = response->headers.count + response->cookie_count + 1;
    *fields = (struct shared_apigw_fields){.items = shared_arena_alloc(arena, most * sizeof *fields->items)};
    if (!fields->items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu headers", most);
    int code = 0;
    for (size_t i = 0; code == 0 && i < response->headers.count; i++)
        code = add(fields, response->headers.items[i].name, response->headers.items[i].value, err);
    if (code == 0)
        code = add_content_type(fields, response, err);
    for (size_t i = 0; code == 0 && i < response->cookie_count; i++)
        code = add(fields, set_cookie.name, response->cookies[i], err);
    return code;
}
