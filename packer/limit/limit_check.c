#include "limit/limit.h"

#include "limit/limit_message.h"

struct check {
    const struct manifest *manifest;
    const struct limit_values *limits;
    struct shared_arena *arena;
    struct limit_findings *findings;
};

/* Returns whether a usage has a value for a limit. */
static bool value_of(const struct limit_usage *usage, enum limit_id id, uint64_t *value)
{
    switch (id) {
    case LIMIT_ZIP_BYTES:
        *value = usage->zip_bytes;
        return usage->zipped;
    case LIMIT_UNZIPPED_BYTES:
        *value = usage->unzipped_bytes;
        return true;
    case LIMIT_LAYERS:
        *value = usage->layers;
        return true;
    case LIMIT_ENVIRONMENT_BYTES:
        *value = usage->environment_bytes;
        return true;
    case LIMIT_MEMORY_MIN_MB:
    case LIMIT_MEMORY_MAX_MB:
        *value = usage->memory_mb;
        return true;
    case LIMIT_TIMEOUT_S:
        *value = usage->timeout_s;
        return true;
    default:
        return false;
    }
}

static bool is_taken_by_s3(const struct check *check, enum limit_id id)
{
    return (id == LIMIT_ZIP_BYTES || id == LIMIT_LAYER_ZIP_BYTES) && check->manifest->s3_bucket &&
           check->manifest->profile != PROFILE_2016 && !check->limits->overridden[id];
}

static int add_finding(const struct check *check, const struct limit_finding *finding,
                       struct limit_case *exceeded, struct shared_error *err)
{
    struct limit_finding *added = &check->findings->items[check->findings->count++];
    *added = *finding;
    bool over =
        finding->limit->minimum ? finding->value < finding->allowed : finding->value > finding->allowed;
    enum limit_id id = (enum limit_id)(finding->limit - limit_table);
    added->via_s3 = over && is_taken_by_s3(check, id);
    added->exceeded = over && !added->via_s3;
    if (!added->exceeded)
        return 0;
    check->findings->exceeded++;
    exceeded->manifest = check->manifest;
    exceeded->finding = added;
    /* The account's own limit may have taken the override's place. */
    exceeded->overridden = check->limits->overridden[id] && finding->allowed == check->limits->values[id];
    added->message = limit_message(exceeded, check->arena);
    return added->message ? 0
                          : shared_fail(err, SHARED_ENOMEM, 0, "no memory to say which limit is exceeded");
}

static int check_function(const struct check *check, const struct limit_usage *usage,
                          struct shared_error *err)
{
    for (size_t i = 0; i < limit_count; i++) {
        struct limit_finding finding = {
            .limit = &limit_table[i], .function = usage->function, .allowed = check->limits->values[i]};
        if (finding.allowed == LIMIT_NONE || !value_of(usage, (enum limit_id)i, &finding.value))
            continue;
        bool zip = i == LIMIT_ZIP_BYTES;
        struct limit_case exceeded = {.usage = usage,
                                      .parts = zip ? usage->zip_parts : usage->parts,
                                      .part_count = zip ? usage->zip_part_count : usage->part_count};
        int status = add_finding(check, &finding, &exceeded, err);
        if (status < 0)
            return status;
    }
    return 0;
}

static int check_layer(const struct check *check, const struct limit_layer *layer, struct shared_error *err)
{
    const struct limit_finding finding = {
        .limit = &limit_table[LIMIT_LAYER_ZIP_BYTES],
        .layer = layer->name,
        .value = layer->zip_bytes,
        .allowed = check->limits->values[LIMIT_LAYER_ZIP_BYTES],
    };
    struct limit_case exceeded = {.parts = layer->zip_parts, .part_count = layer->zip_part_count};
    return add_finding(check, &finding, &exceeded, err);
}

static uint64_t add_up(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t allowed_in_region(const struct check *check, const struct limit_region *region)
{
    uint64_t value = check->limits->values[LIMIT_CODE_STORAGE_BYTES];
    if (region->limit_bytes == LIMIT_NONE)
        return value;
    return check->limits->overridden[LIMIT_CODE_STORAGE_BYTES] && value < region->limit_bytes
               ? value
               : region->limit_bytes;
}

static int check_region(const struct check *check, const struct limit_region *region,
                        struct shared_error *err)
{
    struct limit_finding finding = {.limit = &limit_table[LIMIT_CODE_STORAGE_BYTES],
                                    .allowed = allowed_in_region(check, region)};
    struct limit_case exceeded = {
        .region = region, .parts = region->added, .part_count = region->added_count};
    for (size_t i = 0; i < region->added_count; i++)
        exceeded.added_bytes = add_up(exceeded.added_bytes, region->added[i].bytes);
    finding.value = add_up(region->used_bytes, exceeded.added_bytes);
    return add_finding(check, &finding, &exceeded, err);
}

int limit_check(const struct manifest *manifest, const struct limit_values *limits,
                const struct limit_held *held, struct shared_arena *arena, struct limit_findings *findings,
                struct shared_error *err)
{
    struct check check = {manifest, limits, arena, findings};
    size_t room = held->usage_count * limit_count + held->layer_count + 1;
    *findings = (struct limit_findings){.items = shared_arena_alloc(arena, room * sizeof(*findings->items))};
    if (!findings->items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to check the limits of %zu functions",
                           held->usage_count);
    int status = 0;
    for (size_t i = 0; status == 0 && i < held->usage_count; i++)
        status = check_function(&check, &held->usages[i], err);
    for (size_t i = 0; status == 0 && i < held->layer_count; i++)
        status = check_layer(&check, &held->layers[i], err);
    return status == 0 && held->region ? check_region(&check, held->region, err) : status;
}
