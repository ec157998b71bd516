#include "pack_inner.h"

#include "base/date.h"
#include "layer/lock_ledger.h"
#include "limit/limit_usage.h"
#include "zip/zip_package_digest.h"

#include <string.h>

/* The layers of a function, as parts of what it weighs. */
static struct limit_part *layers_of(struct pack *pack, size_t i, size_t *count)
{
    const struct layer_set *attached = pack->plan.attached ? &pack->plan.attached[i] : NULL;
    *count = attached ? attached->count : 0;
    struct limit_part *parts = pack_allocate(pack, *count, sizeof(*parts));
    for (size_t j = 0; parts && j < *count; j++) {
        const struct layer_planned *layer = &pack->plan.layers[attached->items[j]];
        parts[j] = (struct limit_part){layer->name, layer->unzipped_bytes};
    }
    return parts;
}

static int weigh(struct pack *pack, size_t i)
{
    size_t layer_count;
    const struct limit_part *layers = layers_of(pack, i, &layer_count);
    const struct limit_input input = {
        .function = &pack->manifest.functions[i],
        .package = pack->plan.attached ? &pack->zipped[i] : &pack->packages[i],
        .image = &pack->images[i],
        .zip_bytes = pack->zip_bytes[i],
        .layers = layers,
        .layer_count = layer_count,
    };
    return layers ? limit_usage_make(&input, &pack->arena, &pack->usages[i], &pack->err)
                  : pack_no_memory(pack);
}

/* None as long as their zips are not known. */
static int weigh_layers(struct pack *pack)
{
    size_t functions = pack->manifest.function_count, count = pack->plan.attached ? pack->plan.count : 0;
    struct limit_layer *layers = pack_allocate(pack, count, sizeof(*layers));
    int status = layers ? 0 : pack_no_memory(pack);
    for (size_t i = 0; status == 0 && i < count; i++)
        status = limit_layer_make(pack->plan.layers[i].name, &pack->layers[i], pack->zip_bytes[functions + i],
                                  &pack->arena, &layers[i], &pack->err);
    pack->held = (struct limit_held){.usages = pack->usages,
                                     .usage_count = functions,
                                     .layers = layers,
                                     .layer_count = count,
                                     .region = &pack->region};
    return status;
}

/* Which layers a function has, as the lock will name them. */
static int find_attached(struct pack *pack, size_t i, struct lock_attached *attached)
{
    const struct layer_set *set = &pack->plan.attached[i];
    const char **names = pack_allocate(pack, set->count, sizeof(*names));
    if (!names)
        return pack_no_memory(pack);
    for (size_t j = 0; j < set->count; j++)
        names[j] = pack->plan.layers[set->items[j]].name;
    *attached = lock_attached_make(names, set->count);
    return 0;
}

/* One of the packages that a publish may add; task is NULL until zips are written. */
static int describe_zip(struct pack *pack, size_t i, const struct zip_task *task, struct limit_zip *zip)
{
    size_t functions = pack->manifest.function_count;
    bool is_layer = i >= functions;
    const struct package *package = is_layer ? &pack->layers[i - functions] : &pack->zipped[i];
    *zip = (struct limit_zip){
        .kind = is_layer ? LOCK_LAYER : LOCK_FUNCTION,
        .name = is_layer ? pack->plan.layers[i - functions].name : pack->manifest.functions[i].name,
        .zip_bytes = pack->zip_bytes[i],
        .sha256 = task ? task->zip.sha256 : NULL,
    };
    int status = is_layer ? 0 : find_attached(pack, i, &zip->attached);
    return status < 0 ? status : zip_package_digest(package, &zip->content, &pack->err);
}

/* Nothing as long as the zips are not known. */
static int add_up_publish(struct pack *pack)
{
    size_t functions = pack->manifest.function_count;
    size_t count = pack->plan.attached ? functions + pack->plan.count : 0;
    struct limit_zip *zips = pack_allocate(pack, count, sizeof(*zips));
    char *today = pack_allocate(pack, 1, DATE_BYTES);
    if (!zips || !today)
        return pack_no_memory(pack);
    int status = date_today(today, &pack->err);
    for (size_t i = 0; status == 0 && i < count; i++)
        status = describe_zip(pack, i, pack->tasks ? &pack->tasks[i] : NULL, &zips[i]);
    if (status < 0)
        return status;
    pack->published = count > 0 ? zips : NULL;
    limit_ledger_apply(&pack->last, pack->manifest.lock, today, &pack->region);
    return limit_ledger_add(&pack->last, zips, count, &pack->arena, &pack->region, &pack->err);
}

int pack_check_limits(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    int status = add_up_publish(pack);
    for (size_t i = 0; status == 0 && i < count; i++)
        status = weigh(pack, i);
    if (status == 0)
        status = weigh_layers(pack);
    if (status == 0)
        status = limit_check(&pack->manifest, &pack->limits, &pack->held, &pack->arena, &pack->findings,
                             &pack->err);
    return status < 0 ? status : pack->findings.exceeded > 0;
}
