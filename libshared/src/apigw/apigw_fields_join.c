#include "apigw/apigw_fields.h"

static struct shared_apigw_pair *find(const struct shared_apigw_fields *fields,
                                      const struct shared_apigw_pair *wanted)
{
    for (size_t i = 0; i < fields->count; i++)
        if (shared_apigw_same_name(&fields->items[i], wanted))
            return &fields->items[i];
    return NULL;
}

int shared_apigw_fields_join(struct shared_apigw_fields *fields, struct shared_arena *arena,
                             struct shared_error *err)
{
    size_t count = fields->count;
    fields->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct shared_apigw_pair *field = &fields->items[i];
        struct shared_apigw_pair *first = shared_apigw_is_set_cookie(field) ? NULL : find(fields, field);
        if (!first) {
            fields->items[fields->count++] = *field;
            continue;
        }
        first->value = shared_arena_format(arena, "%s, %s", first->value, field->value);
        if (!first->value)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for header %.60s", first->name);
    }
    return 0;
}
