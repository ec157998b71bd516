#include "layer/layer_unit.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "layer/layer_node_file.h"

#include <string.h>

#define FIRST_CAPACITY 64

struct layer_known_file {
    const struct content *content;
    struct layer_elf *elf; /* each NULL: not read yet */
    struct layer_node_file *node;
    bool *imports;
};

static int find_file(struct layer_known *known, const struct package_entry *entry,
                     struct layer_known_file **file, struct shared_error *err)
{
    uint64_t key = layer_index_pointer_key(entry->content);
    known->index.arena = known->arena;
    for (size_t at = 0, value; (value = layer_index_next(&known->index, key, &at)) != LAYER_NONE;)
        if (known->files[value].content == entry->content) {
            *file = &known->files[value];
            return 0;
        }
    if (known->count == known->capacity) {
        size_t capacity = known->capacity ? 2 * known->capacity : FIRST_CAPACITY, bytes = sizeof(**file);
        struct layer_known_file *files =
            shared_arena_resize(known->arena, known->files, known->capacity * bytes, capacity * bytes);
        if (!files)
            return layer_unit_no_memory(err);
        known->files = files;
        known->capacity = capacity;
    }
    *file = &known->files[known->count];
    **file = (struct layer_known_file){.content = entry->content};
    return layer_index_add(&known->index, key, known->count++, err);
}

int layer_known_elf(struct layer_known *known, const struct package_entry *entry,
                    const struct layer_elf **elf, struct shared_error *err)
{
    struct layer_known_file *file;
    int status = find_file(known, entry, &file, err);
    if (status == 0 && !file->elf) {
        struct layer_elf *read = shared_arena_alloc(known->arena, sizeof(*read));
        status = read ? layer_elf_read(entry->source, known->arena, read, err) : layer_unit_no_memory(err);
        file->elf = read;
    }
    if (status == 0)
        *elf = file->elf;
    return status;
}

int layer_known_node(struct layer_known *known, const struct package_entry *entry,
                     const struct layer_node_file **node, struct shared_error *err)
{
    struct layer_known_file *file;
    int status = find_file(known, entry, &file, err);
    if (status == 0 && !file->node) {
        struct layer_node_file *read = shared_arena_alloc(known->arena, sizeof(*read));
        status =
            read ? layer_node_file_read(entry->source, known->arena, read, err) : layer_unit_no_memory(err);
        file->node = read;
    }
    if (status == 0)
        *node = file->node;
    return status;
}

int layer_known_import(struct layer_known *known, const struct package_entry *entry, bool *imports,
                       struct shared_error *err)
{
    struct layer_known_file *file;
    int status = find_file(known, entry, &file, err);
    if (status == 0 && !file->imports) {
        bool *read = shared_arena_alloc(known->arena, sizeof(*read));
        status = read ? layer_node_script_read(entry->source, read, err) : layer_unit_no_memory(err);
        file->imports = read;
    }
    if (status == 0)
        *imports = *file->imports;
    return status;
}
