#include "limit/limit_usage.h"

#include <string.h>

int limit_usage_make(const struct manifest_function *function, const struct package *package,
                     const struct image *image, uint64_t zip_bytes, struct shared_arena *arena,
                     struct limit_usage *usage, struct shared_error *err)
{
    struct limit_part *parts =
        shared_arena_alloc(arena, (package->count + image->origin_count) * sizeof(*parts));
    if (!parts)
        return shared_fail(err, SHARED_ENOMEM, 0, "function %s: no memory to hold it against the limits",
                           function->name);
    *usage = (struct limit_usage){
        .function = function->name,
        .unzipped_bytes = package->unzipped_bytes,
        .environment_bytes = limit_environment_bytes(function),
        .memory_mb = function->memory_mb,
        .timeout_s = function->timeout_s,
        .parts = parts,
        .zipped = zip_bytes > 0,
        .zip_bytes = zip_bytes,
    };
    for (size_t i = 0; i < package->count; i++) {
        const struct package_entry *entry = &package->entries[i];
        if (image->file_bytes == 0 || strcmp(entry->place, "bootstrap") != 0)
            parts[usage->part_count++] = (struct limit_part){entry->place, entry->size_bytes};
    }
    for (size_t i = 0; i < image->origin_count; i++)
        parts[usage->part_count++] = (struct limit_part){image->origins[i].name, image->origins[i].bytes};
    return 0;
}
