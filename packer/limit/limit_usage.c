#include "limit/limit_usage.h"

#include "content/content.h"

#include <string.h>

static uint64_t add_up(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static void add_files(const struct limit_input *input, struct limit_usage *usage, struct limit_part *parts)
{
    const struct package *package = input->package;
    for (size_t i = 0; i < package->count; i++) {
        const struct package_entry *entry = &package->entries[i];
        if (input->image->file_bytes == 0 || strcmp(entry->place, "bootstrap") != 0)
            parts[usage->part_count++] = (struct limit_part){entry->place, entry->size_bytes};
    }
    for (size_t i = 0; i < input->image->origin_count; i++)
        parts[usage->part_count++] =
            (struct limit_part){input->image->origins[i].name, input->image->origins[i].bytes};
}

/* What a zip holds: streams are known once zip_bytes is. NULL where memory is exhausted. */
static const struct limit_part *zip_parts_of(const struct package *package, struct shared_arena *arena)
{
    struct limit_part *parts = shared_arena_alloc(arena, package->count * sizeof(*parts));
    for (size_t i = 0; parts && i < package->count; i++) {
        const struct package_entry *entry = &package->entries[i];
        parts[i] = (struct limit_part){entry->place,
                                       entry->content ? entry->content->deflated_bytes : entry->size_bytes};
    }
    return parts;
}

static void add_layer(struct limit_usage *usage, struct limit_part *parts, const char *name, uint64_t bytes)
{
    parts[usage->part_count++] = (struct limit_part){name, bytes};
    usage->layers++;
    usage->layer_bytes = add_up(usage->layer_bytes, bytes);
    usage->unzipped_bytes = add_up(usage->unzipped_bytes, bytes);
}

int limit_usage_make(const struct limit_input *input, struct shared_arena *arena, struct limit_usage *usage,
                     struct shared_error *err)
{
    const struct manifest_function *function = input->function;
    size_t most =
        input->package->count + input->image->origin_count + input->layer_count + function->layer_count;
    struct limit_part *parts = shared_arena_alloc(arena, most * sizeof(*parts));
    bool zipped = input->zip_bytes > 0;
    const struct limit_part *zip_parts = zipped ? zip_parts_of(input->package, arena) : NULL;
    if (!parts || (zipped && !zip_parts))
        return shared_fail(err, SHARED_ENOMEM, 0, "function %s: no memory to hold it against the limits",
                           function->name);
    *usage = (struct limit_usage){
        .function = function->name,
        .unzipped_bytes = input->package->unzipped_bytes,
        .environment_bytes = limit_environment_bytes(function),
        .memory_mb = function->memory_mb,
        .timeout_s = function->timeout_s,
        .parts = parts,
        .zip_parts = zip_parts,
        .zip_part_count = zipped ? input->package->count : 0,
        .zipped = zipped,
        .zip_bytes = input->zip_bytes,
    };
    add_files(input, usage, parts);
    for (size_t i = 0; i < input->layer_count; i++)
        add_layer(usage, parts, input->layers[i].name, input->layers[i].bytes);
    for (size_t i = 0; i < function->layer_count; i++)
        add_layer(usage, parts, function->layers[i].arn, function->layers[i].unzipped_bytes);
    return 0;
}

int limit_layer_make(const char *name, const struct package *package, uint64_t zip_bytes,
                     struct shared_arena *arena, struct limit_layer *layer, struct shared_error *err)
{
    const struct limit_part *parts = zip_parts_of(package, arena);
    if (!parts)
        return shared_fail(err, SHARED_ENOMEM, 0, "layer %s: no memory to hold it against the limits", name);
    *layer = (struct limit_layer){
        .name = name, .zip_bytes = zip_bytes, .zip_parts = parts, .zip_part_count = package->count};
    return 0;
}
