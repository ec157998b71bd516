#include "json/json_read.h"

#include <string.h>

static const char *type_name(int types)
{
    if (types & (cJSON_True | cJSON_False))
        return "true or false";
    if (types & cJSON_String)
        return "a string";
    if (types & cJSON_Array)
        return "an array";
    if (types & cJSON_Object)
        return "an object";
    return types & cJSON_NULL ? "null" : "a number";
}

bool shared_json_expect(struct shared_json_reader *reader, const cJSON *item, int types,
                        struct shared_slice path, const char *entry)
{
    if (item->type & types)
        return true;
    if (!reader->lenient && reader->code == 0)
        reader->code =
            shared_fail(reader->err, SHARED_EPROTO, 0, "%.*s%s%.60s of the %s is %s; it must be %s",
                        (int)path.size_bytes, path.data, entry ? "." : "", entry ? entry : "", reader->what,
                        type_name(item->type), type_name(types));
    return false;
}

static const cJSON *member(const cJSON *object, struct shared_slice name)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, object)
    {
        if (shared_slice_equal(shared_slice_from_text(item->string), name))
            return item;
    }
    return NULL;
}

const cJSON *shared_json_find(struct shared_json_reader *reader, const char *path, int types)
{
    const cJSON *item = reader->root;
    struct shared_slice rest = shared_slice_from_text(path);
    while (rest.data) {
        struct shared_slice name = shared_slice_split(&rest, '.');
        struct shared_slice done = shared_slice_of(path, (size_t)(name.data + name.size_bytes - path));
        item = member(item, name);
        if (!item || cJSON_IsNull(item))
            return NULL;
        if (!shared_json_expect(reader, item, rest.data ? cJSON_Object : types, done, NULL))
            return NULL;
    }
    return item;
}

void *shared_json_alloc(struct shared_json_reader *reader, size_t size_bytes)
{
    void *memory = reader->code == 0 ? shared_arena_alloc(reader->arena, size_bytes) : NULL;
    if (!memory && reader->code == 0)
        reader->code = shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory for the %s", reader->what);
    return memory;
}

char *shared_json_copy(struct shared_json_reader *reader, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = shared_json_alloc(reader, size);
    return copy ? memcpy(copy, text, size) : NULL;
}

const char *shared_json_text(struct shared_json_reader *reader, const char *path)
{
    const cJSON *item = shared_json_find(reader, path, cJSON_String);
    const char *copy = item ? shared_json_copy(reader, item->valuestring) : NULL;
    return copy ? copy : "";
}

bool shared_json_is_true(struct shared_json_reader *reader, const char *path)
{
    return cJSON_IsTrue(shared_json_find(reader, path, cJSON_True | cJSON_False));
}
