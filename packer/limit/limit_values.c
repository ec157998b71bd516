#include "limit/limit.h"

#include "base/nearest.h"

#include <string.h>

#define MOST_NAMES 32

static const struct limit *find(const char *name)
{
    for (size_t i = 0; i < limit_count; i++) {
        if (strcmp(limit_table[i].name, name) == 0)
            return &limit_table[i];
    }
    return NULL;
}

static int fail_on_name(const struct manifest *manifest, const struct manifest_override *override,
                        struct shared_error *err)
{
    const char *names[MOST_NAMES];
    size_t count = 0;
    for (; count < limit_count && count < MOST_NAMES; count++)
        names[count] = limit_table[count].name;
    const char *nearest = nearest_name(override->name, names, count);
    if (nearest)
        return manifest_fail(manifest, override->json_path, NULL, err,
                             "no limit has this name; did you mean \"%s\"?", nearest);
    return manifest_fail(
        manifest, override->json_path, NULL, err,
        "no limit has this name; there are zip_bytes, unzipped_bytes, layers, environment_bytes, "
        "memory_max_mb, timeout_s, code_storage_bytes and others");
}

int limit_values_read(const struct manifest *manifest, struct shared_arena *arena,
                      struct limit_values *limits, struct shared_error *err)
{
    limits->values = shared_arena_alloc(arena, limit_count * sizeof(*limits->values));
    limits->overridden = shared_arena_alloc(arena, limit_count * sizeof(*limits->overridden));
    if (!limits->values || !limits->overridden)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the limits");
    for (size_t i = 0; i < limit_count; i++) {
        limits->values[i] = manifest->profile == PROFILE_2016 ? limit_table[i].in_2016 : limit_table[i].today;
        limits->overridden[i] = false;
    }
    for (size_t i = 0; i < manifest->override_count; i++) {
        const struct limit *limit = find(manifest->overrides[i].name);
        if (!limit)
            return fail_on_name(manifest, &manifest->overrides[i], err);
        limits->values[limit - limit_table] = manifest->overrides[i].value;
        limits->overridden[limit - limit_table] = true;
    }
    return 0;
}
