#include "apigw/apigw_read.h"

#include "base/url_decode.h"

#include <string.h>

/* Pairs that are being filled; items has room for all of them. */
struct filling {
    struct shared_json_reader *reader;
    const char *path; /* of the map in the event, for messages */
    bool url_encoded;
    struct shared_apigw_pair *items;
    size_t count;
};

static char *copy_text(struct filling *to, const char *text)
{
    char *copy = shared_json_copy(to->reader, text);
    if (!copy || !to->url_encoded || shared_url_decode(copy))
        return copy;
    to->reader->code = shared_fail(to->reader->err, SHARED_EPROTO, 0,
                                   "%s of the %s holds a NUL character (%%00)", to->path, to->reader->what);
    return NULL;
}

static void add(struct filling *to, const char *name, const cJSON *value)
{
    if (!name || !shared_json_expect(to->reader, value, cJSON_String, shared_slice_from_text(to->path), name))
        return;
    char *copy = copy_text(to, value->valuestring);
    if (copy)
        to->items[to->count++] = (struct shared_apigw_pair){name, copy};
}

static void add_all(struct filling *to, const cJSON *list)
{
    struct shared_slice path = shared_slice_from_text(to->path);
    if (!shared_json_expect(to->reader, list, cJSON_Array, path, list->string) || !list->child)
        return;
    const char *name = copy_text(to, list->string);
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, list) add(to, name, value);
}

/* AWS writes both maps in one order, so the name looked for is mostly that of *next. */
static bool holds(const cJSON *map, const char *name, const cJSON **next)
{
    const cJSON *item = *next;
    if (!item || strcmp(item->string, name) != 0)
        item = cJSON_GetObjectItemCaseSensitive(map, name);
    if (item)
        *next = item->next;
    return item != NULL;
}

static size_t count_values(const cJSON *map)
{
    size_t count = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, map) count += cJSON_IsArray(item) ? (size_t)cJSON_GetArraySize(item) : 1;
    return count;
}

struct shared_apigw_pairs shared_apigw_read_map(struct shared_json_reader *reader,
                                                struct shared_apigw_map map)
{
    const cJSON *single = shared_json_find(reader, map.single, cJSON_Object);
    const cJSON *multi = map.multi ? shared_json_find(reader, map.multi, cJSON_Object) : NULL;
    size_t count = count_values(single) + count_values(multi);
    struct filling to = {.reader = reader, .path = map.multi, .url_encoded = map.url_encoded};
    if (count > 0)
        to.items = shared_json_alloc(reader, count * sizeof *to.items);
    if (!to.items)
        return (struct shared_apigw_pairs){NULL, 0};

    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, multi) add_all(&to, item);
    to.path = map.single;
    const cJSON *next = multi ? multi->child : NULL;
    cJSON_ArrayForEach(item, single)
    {
        if (!multi || !holds(multi, item->string, &next))
            add(&to, copy_text(&to, item->string), item);
    }
    return (struct shared_apigw_pairs){to.items, to.count};
}

struct shared_apigw_pairs shared_apigw_read_list(struct shared_json_reader *reader, const char *path,
                                                 const char *name)
{
    const cJSON *list = shared_json_find(reader, path, cJSON_Array);
    struct filling to = {.reader = reader, .path = path};
    if (list && list->child)
        to.items = shared_json_alloc(reader, (size_t)cJSON_GetArraySize(list) * sizeof *to.items);
    if (!to.items)
        return (struct shared_apigw_pairs){NULL, 0};
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, list) add(&to, name, value);
    return (struct shared_apigw_pairs){to.items, to.count};
}
