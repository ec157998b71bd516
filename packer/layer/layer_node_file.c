#include "layer/layer_node_file.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <cjson/cJSON.h>
#include <string.h>

#define MOST_JSON_BYTES ((size_t)4 << 20)
#define MOST_SCRIPT_BYTES ((size_t)64 << 20)

static void delete_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static size_t part_size(const char *path)
{
    size_t size = strcspn(path, "/");
    return size == 0 || path[0] == '.' ? 0 : size;
}

size_t layer_node_name_size(const char *path)
{
    size_t size = part_size(path);
    if (size == 0 || path[0] != '@')
        return size;
    size_t name = path[size] == '/' ? part_size(path + size + 1) : 0;
    return name ? size + 1 + name : 0;
}

static bool is_package_name(const char *name)
{
    size_t size = layer_node_name_size(name);
    return size > 0 && name[size] == '\0';
}

static bool ends_with(const cJSON *item, const char *end)
{
    size_t size = cJSON_IsString(item) ? strlen(item->valuestring) : 0, end_size = strlen(end);
    return size >= end_size && strcmp(item->valuestring + size - end_size, end) == 0;
}

/* Whether "exports" leads somewhere for require(): by its name, or to a file that is CommonJS by its own. */
static bool has_require(const cJSON *exports)
{
    if (ends_with(exports, ".cjs"))
        return true;
    for (const cJSON *item = exports ? exports->child : NULL; item; item = item->next)
        if ((item->string && strcmp(item->string, "require") == 0) || has_require(item))
            return true;
    return false;
}

static bool is_import_only(const cJSON *root, bool is_module)
{
    const cJSON *exports = cJSON_GetObjectItemCaseSensitive(root, "exports");
    const cJSON *main = cJSON_GetObjectItemCaseSensitive(root, "main");
    if (exports)
        return is_module && !has_require(exports);
    return is_module ? !ends_with(main, ".cjs") && !ends_with(main, ".node") : ends_with(main, ".mjs");
}

/* Peers that may be missing stand in peerDependenciesMeta, some of them there alone. */
static int read_needs(const cJSON *root, struct shared_arena *arena, struct manifest_texts *needs,
                      struct shared_error *err)
{
    static const char *const lists[] = {"dependencies", "optionalDependencies", "peerDependencies",
                                        "peerDependenciesMeta"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        count += (size_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(root, lists[i]));
    needs->items = shared_arena_alloc(arena, count * sizeof(*needs->items));
    if (!needs->items)
        return layer_unit_no_memory(err);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, lists[i]);
        for (const cJSON *item = cJSON_IsObject(list) ? list->child : NULL; item; item = item->next) {
            if (!is_package_name(item->string))
                continue;
            const char *name = shared_arena_copy(arena, shared_slice_from_text(item->string));
            if (!name)
                return layer_unit_no_memory(err);
            needs->items[needs->count++] = name;
        }
    }
    return 0;
}

int layer_node_file_read(const char *path, struct shared_arena *arena, struct layer_node_file *file,
                         struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice text;
    *file = (struct layer_node_file){0};
    int status = file_read(path, MOST_JSON_BYTES, &scratch, &text, err);
    if (status < 0)
        return status == SHARED_ENOMEM ? status : 0;
    CLEANUP(delete_json) cJSON *root = cJSON_ParseWithLength(text.data, text.size_bytes);
    if (!cJSON_IsObject(root))
        return 0;
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(root, "type");
    file->readable = true;
    file->is_module = cJSON_IsString(type) && strcmp(type->valuestring, "module") == 0;
    file->import_only = is_import_only(root, file->is_module);
    return read_needs(root, arena, &file->needs, err);
}

int layer_node_script_read(const char *path, bool *imports, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice text;
    int status = file_read(path, MOST_SCRIPT_BYTES, &scratch, &text, err);
    *imports = status < 0 || layer_node_script_imports(text);
    return status == SHARED_ENOMEM ? status : 0;
}
