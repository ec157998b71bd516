#include "manifest/manifest_value.h"

#include "base/nearest.h"
#include "base/text_width.h"
#include "manifest/json_locate.h"
#include "manifest/manifest_entry.h"
#include "manifest/manifest_fail.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#define SHOWN_COLUMNS 40 /* of a value in a message */
#define KEYS_BYTES 90    /* of a list of keys in a message */

/* One value on its way into a struct. */
struct reader {
    struct manifest *manifest;
    const cJSON *root;
    struct shared_arena *arena;
    struct shared_error *err;
};

static int read_value(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                      void *base);

static int out_of_memory(struct reader *reader)
{
    return shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory to read %s", reader->manifest->path);
}

__attribute__((format(printf, 3, 4))) static int fail(struct reader *reader, const char *path,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = manifest_vfail(reader->manifest, 0, path, reader->err, format, arguments);
    va_end(arguments);
    return status;
}

__attribute__((format(printf, 4, 5))) static int fail_at(struct reader *reader, size_t line, const char *path,
                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = manifest_vfail(reader->manifest, line, path, reader->err, format, arguments);
    va_end(arguments);
    return status;
}

static const char *kind_of(const cJSON *item)
{
    if (cJSON_IsString(item))
        return "a text";
    if (cJSON_IsNumber(item))
        return "a number";
    if (cJSON_IsArray(item))
        return "a list";
    if (cJSON_IsObject(item))
        return "an object";
    return cJSON_IsNull(item) ? "null" : "true or false";
}

static int wrong_kind(struct reader *reader, const cJSON *item, const char *path, const char *wanted)
{
    return fail(reader, path, "is %s, must be %s", kind_of(item), wanted);
}

static int read_text(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                     const char **text)
{
    if (!cJSON_IsString(item))
        return wrong_kind(reader, item, path, "a text in double quotes");
    const char *value = item->valuestring;
    const char *why = key->refuse ? key->refuse(value) : NULL;
    if (why)
        return fail(reader, path, "is \"%.*s\", %s", (int)text_fit(value, SHOWN_COLUMNS), value, why);
    if (strlen(value) < key->least)
        return fail(reader, path, "is empty; give it a value or remove it");
    *text = shared_arena_copy(reader->arena, shared_slice_from_text(value));
    return *text ? 0 : out_of_memory(reader);
}

static int refuse_twins(struct reader *reader, const struct manifest_entry *entries, size_t count,
                        const char *path)
{
    struct shared_slice text = reader->manifest->text;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(entries[i - 1].text, entries[i].text) != 0)
            continue;
        const char *name = entries[i].text;
        size_t first = json_locate(text, reader->root, entries[i - 1].item);
        size_t second = json_locate(text, reader->root, entries[i].item);
        return fail_at(reader, second, path, "has \"%.*s\" twice, in lines %zu and %zu; remove one",
                       (int)text_fit(name, SHOWN_COLUMNS), name, first, second);
    }
    return 0;
}

static int refuse_twin_members(struct reader *reader, const cJSON *object, const char *path)
{
    size_t count = (size_t)cJSON_GetArraySize(object);
    struct manifest_entry *entries = manifest_entries_sort(object, count, reader->arena);
    return entries ? refuse_twins(reader, entries, count, path) : out_of_memory(reader);
}

static int read_texts(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                      struct manifest_texts *texts)
{
    if (!cJSON_IsArray(item))
        return wrong_kind(reader, item, path, "a list of texts");
    size_t count = (size_t)cJSON_GetArraySize(item);
    if (count < key->least)
        return fail(reader, path, "is empty; fill it or remove it");
    const char **items = shared_arena_alloc(reader->arena, count * sizeof(*items));
    if (!items)
        return out_of_memory(reader);

    const struct key element = {.kind = KEY_TEXT, .least = 1, .refuse = key->refuse};
    size_t index = 0;
    for (const cJSON *child = item->child; child; child = child->next, index++) {
        /* The path is only for a failure, and a list may be long. */
        if (cJSON_IsString(child) && child->valuestring[0] && !key->refuse) {
            items[index] = shared_arena_copy(reader->arena, shared_slice_from_text(child->valuestring));
            if (!items[index])
                return out_of_memory(reader);
            continue;
        }
        const char *child_path = json_path_element(reader->arena, path, index);
        if (!child_path)
            return out_of_memory(reader);
        int status = read_text(reader, &element, child, child_path, &items[index]);
        if (status < 0)
            return status;
    }
    *texts = (struct manifest_texts){items, count};
    if (!key->unique)
        return 0;
    struct manifest_entry *entries = manifest_entries_sort(item, count, reader->arena);
    return entries ? refuse_twins(reader, entries, count, path) : out_of_memory(reader);
}

static int read_number(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                       uint64_t *number)
{
    static const double beyond = 9007199254740992.0; /* 2^53 */
    if (!cJSON_IsNumber(item))
        return wrong_kind(reader, item, path, "a whole number");
    double value = item->valuedouble;
    if (value < (double)key->least || value >= beyond)
        return fail(reader, path, "is %.16g, must be %zu to %.0f", value, key->least, beyond - 1);
    if ((double)(uint64_t)value < value)
        return fail(reader, path, "is %.16g, must be a whole number", value);
    *number = (uint64_t)value;
    return 0;
}

/* "a, b, c" for messages; cut short where memory is exhausted. */
static const char *joined(struct shared_arena *arena, const char *const *names, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++) {
        const char *more = shared_arena_format(arena, "%s%s%s", all, i ? ", " : "", names[i]);
        all = more ? more : all;
    }
    return all;
}

static int read_choice(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                       unsigned *choice)
{
    size_t count = 0;
    while (key->choices[count])
        count++;
    const char *all = joined(reader->arena, key->choices, count);
    if (!cJSON_IsString(item))
        return fail(reader, path, "is %s, must be one of the texts %s", kind_of(item), all);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(item->valuestring, key->choices[i]) == 0) {
            *choice = (unsigned)i;
            return 0;
        }
    }
    return fail(reader, path, "is \"%.*s\", must be one of %s",
                (int)text_fit(item->valuestring, SHOWN_COLUMNS), item->valuestring, all);
}

static int unknown_key(struct reader *reader, const struct key_table *table, const char *name,
                       const char *path)
{
    const char *names[32];
    size_t count = 0;
    for (; count < table->count && count < sizeof(names) / sizeof(names[0]); count++)
        names[count] = table->keys[count].name;
    const char *near = nearest_name(name, names, count);
    if (near)
        return fail(reader, path, "is an unknown key; did you mean \"%s\"?", near);
    const char *all = joined(reader->arena, names, count);
    if (strlen(all) > KEYS_BYTES)
        return fail(reader, path, "is an unknown key; demine.schema.json has the %zu that are known here",
                    count);
    return fail(reader, path, "is an unknown key; known here are %s", all);
}

static const struct key *find_key(const struct key_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->keys[i].name, name) == 0)
            return &table->keys[i];
    }
    return NULL;
}

static int read_object(struct reader *reader, const struct key_table *table, const cJSON *item,
                       const char *path, void *base)
{
    if (!cJSON_IsObject(item))
        return wrong_kind(reader, item, path, "an object in { }");
    int status = refuse_twin_members(reader, item, path);
    for (const cJSON *child = item->child; child && status == 0; child = child->next) {
        const char *child_path = json_path_member(reader->arena, path, child->string);
        const struct key *key = find_key(table, child->string);
        if (!child_path)
            return out_of_memory(reader);
        status = key ? read_value(reader, key, child, child_path, base)
                     : unknown_key(reader, table, child->string, child_path);
    }
    for (size_t i = 0; i < table->count && status == 0; i++) {
        const char *name = table->keys[i].name;
        if (table->keys[i].required && !cJSON_GetObjectItemCaseSensitive(item, name))
            status = fail(reader, path, "has no \"%s\"; add it", name);
    }
    return status;
}

static void *at(void *base, size_t offset)
{
    return (char *)base + offset;
}

static void begin_item(const struct key_map *map, const char *path, void *target)
{
    memset(target, 0, map->item_bytes);
    if (map->fresh)
        memcpy(target, map->fresh, map->item_bytes);
    if (map->json_path_offset != KEY_NO_OFFSET)
        *(const char **)at(target, map->json_path_offset) = path;
}

static int read_member(struct reader *reader, const struct key_map *map, const cJSON *item, const char *path,
                       void *target)
{
    const char *member_path = json_path_member(reader->arena, path, item->string);
    const char *name = shared_arena_copy(reader->arena, shared_slice_from_text(item->string));
    if (!member_path || !name)
        return out_of_memory(reader);
    const char *why = map->refuse_name ? map->refuse_name(name) : NULL;
    if (why)
        return fail(reader, member_path, "the name %s", why);
    if (!*name)
        return fail(reader, member_path, "the name is empty; give it one");
    begin_item(map, member_path, target);
    *(const char **)at(target, map->name_offset) = name;
    return read_value(reader, &map->value, item, member_path, target);
}

/* Members are read in the text's order, so that the first wrong one is told of, into their places by name. */
static int read_map(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                    void *base)
{
    const struct key_map *map = key->map;
    if (!cJSON_IsObject(item))
        return wrong_kind(reader, item, path, "an object in { }");
    size_t count = (size_t)cJSON_GetArraySize(item);
    if (count < key->least)
        return fail(reader, path, "is empty; add a %s", map->what);

    struct manifest_entry *entries = manifest_entries_sort(item, count, reader->arena);
    size_t *ranks = shared_arena_alloc(reader->arena, count * sizeof(*ranks));
    char *items = shared_arena_alloc(reader->arena, count * map->item_bytes);
    if (!entries || !ranks || !items)
        return out_of_memory(reader);
    int status = refuse_twins(reader, entries, count, path);
    for (size_t i = 0; i < count; i++)
        ranks[entries[i].index] = i;
    size_t index = 0;
    for (const cJSON *child = item->child; child && status == 0; child = child->next, index++)
        status = read_member(reader, map, child, path, items + ranks[index] * map->item_bytes);
    memcpy(at(base, key->offset), &items, sizeof(items)); /* a pointer of the item's type there */
    *(size_t *)at(base, map->count_offset) = count;
    return status;
}

static int read_list(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                     void *base)
{
    const struct key_map *map = key->map;
    if (!cJSON_IsArray(item))
        return wrong_kind(reader, item, path, "a list in [ ]");
    size_t count = (size_t)cJSON_GetArraySize(item), index = 0;
    char *items = shared_arena_alloc(reader->arena, count * map->item_bytes);
    if (!items)
        return out_of_memory(reader);
    int status = 0;
    for (const cJSON *child = item->child; child && status == 0; child = child->next, index++) {
        void *target = items + index * map->item_bytes;
        const char *child_path = json_path_element(reader->arena, path, index);
        if (!child_path)
            return out_of_memory(reader);
        begin_item(map, child_path, target);
        status = read_value(reader, &map->value, child, child_path, target);
    }
    memcpy(at(base, key->offset), &items, sizeof(items));
    *(size_t *)at(base, map->count_offset) = count;
    return status;
}

_Static_assert(sizeof(enum manifest_runtime) == sizeof(unsigned), "choices are stored as unsigned");

static int read_value(struct reader *reader, const struct key *key, const cJSON *item, const char *path,
                      void *base)
{
    const char *ignored;
    void *target = at(base, key->offset);
    switch (key->kind) {
    case KEY_IGNORED:
        return read_text(reader, key, item, path, &ignored);
    case KEY_TEXT:
        return read_text(reader, key, item, path, target);
    case KEY_TEXTS:
        return read_texts(reader, key, item, path, target);
    case KEY_NUMBER:
        return read_number(reader, key, item, path, target);
    case KEY_CHOICE:
        return read_choice(reader, key, item, path, target);
    case KEY_OBJECT:
        return read_object(reader, key->table, item, path, target);
    case KEY_MAP:
        return read_map(reader, key, item, path, base);
    case KEY_LIST:
        return read_list(reader, key, item, path, base);
    }
    return 0;
}

int manifest_value_read_as(struct manifest *document, const cJSON *root, const struct key_table *table,
                           void *base, struct shared_arena *arena, struct shared_error *err)
{
    struct reader reader = {document, root, arena, err};
    return read_object(&reader, table, root, "", base);
}

int manifest_value_read(struct manifest *manifest, const cJSON *root, struct shared_arena *arena,
                        struct shared_error *err)
{
    return manifest_value_read_as(manifest, root, &manifest_table, manifest, arena, err);
}
