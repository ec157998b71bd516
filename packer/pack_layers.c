#include "pack_inner.h"

#include "layer/lock_names.h"

#include <stdlib.h>
#include <string.h>

#define END_BYTES 22 /* end of central directory record: APPNOTE 4.3.16 */

static uint64_t entry_bytes(const struct package_entry *entry)
{
    return layer_entry_bytes(entry->place,
                             entry->content ? entry->content->deflated_bytes : entry->size_bytes);
}

/* Of its zip, to the byte but for what zip64 adds to a zip that is over every limit. */
static uint64_t zip_bytes_of(const struct package *package)
{
    uint64_t bytes = END_BYTES;
    for (size_t i = 0; i < package->count; i++)
        bytes += entry_bytes(&package->entries[i]);
    return package->count ? bytes : 0;
}

static int compare_items(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static unsigned slots_of(const struct pack *pack, const struct manifest_function *function)
{
    uint64_t most = pack->limits.values[LIMIT_LAYERS];
    if (pack->manifest.layer_plan == LAYERS_OFF || most == LIMIT_NONE || most <= function->layer_count)
        return 0;
    uint64_t slots = most - function->layer_count;
    return slots < UINT32_MAX ? (unsigned)slots : UINT32_MAX;
}

static int describe_function(struct pack *pack, size_t i, struct layer_function *described)
{
    const struct manifest_function *function = &pack->manifest.functions[i];
    const struct layer_holding *holding = &pack->items.functions[i];
    const struct package *package = &pack->packages[i];
    size_t *items = pack_allocate(pack, holding->count, sizeof(*items));
    if (!items)
        return pack_no_memory(pack);
    *described = (struct layer_function){
        .name = function->name,
        .items = {items, holding->count},
        .slots = slots_of(pack, function),
        .unzipped_bytes = package->unzipped_bytes,
        .rest_zip_bytes = zip_bytes_of(package),
    };
    for (size_t j = 0; j < function->layer_count; j++)
        if (__builtin_add_overflow(described->unzipped_bytes, function->layers[j].unzipped_bytes,
                                   &described->unzipped_bytes))
            described->unzipped_bytes = UINT64_MAX;
    for (size_t j = 0; j < holding->count; j++) {
        const struct layer_carried *carried = &holding->carried[j];
        items[j] = carried->item;
        for (size_t k = 0; k < carried->count; k++)
            described->rest_zip_bytes -= entry_bytes(&package->entries[carried->entries[k]]);
    }
    qsort(items, holding->count, sizeof(*items), compare_items);
    return 0;
}

static int describe(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    struct layer_function *functions = pack_allocate(pack, count, sizeof(*functions));
    if (!functions)
        return pack_no_memory(pack);
    uint64_t extra = pack->options->plan.extra_bytes;
    pack->problem = (struct layer_problem){
        .project = pack->manifest.name,
        .items = pack->items.items,
        .item_count = pack->items.count,
        .needs = pack->items.needs,
        .needs_count = pack->items.count,
        .functions = functions,
        .function_count = count,
        .unzipped_limit_bytes = pack->limits.values[LIMIT_UNZIPPED_BYTES],
        .extra_bytes = extra == MANIFEST_NO_NUMBER ? pack->manifest.layer_extra_bytes : extra,
        .layer_overhead_bytes = END_BYTES,
        .replan = pack->options->plan.replan,
        .replan_percent = pack->manifest.replan_percent,
    };
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = describe_function(pack, i, &functions[i]);
    return status;
}

static int make_packages(struct pack *pack)
{
    size_t functions = pack->manifest.function_count;
    pack->layers = pack_allocate(pack, pack->plan.count, sizeof(*pack->layers));
    pack->zip_bytes = pack_allocate(pack, functions + pack->plan.count, sizeof(*pack->zip_bytes));
    if (!pack->layers || !pack->zip_bytes)
        return pack_no_memory(pack);
    int status = layer_packages_make(&pack->manifest, pack->packages, &pack->items, &pack->plan, &pack->arena,
                                     pack->zipped, pack->layers, &pack->err);
    for (size_t i = 0; status == 0 && i < functions; i++)
        pack->zip_bytes[i] = zip_bytes_of(&pack->zipped[i]);
    for (size_t i = 0; status == 0 && i < pack->plan.count; i++)
        pack->zip_bytes[functions + i] = zip_bytes_of(&pack->layers[i]);
    return status;
}

/* Layers for another architecture are none of ours; who plans afresh has no use for those that a name lies about. */
static int take_last_plan(struct pack *pack)
{
    const char *architecture = pack->last.architecture;
    struct lock_file last = {0};
    int status = 0;
    if (architecture && strcmp(architecture, manifest_architecture_name(pack->manifest.architecture)) == 0)
        last = pack->last;
    if (pack->options->plan.replan)
        status = lock_names_keep(&last, &pack->arena, &last, &pack->err);
    return status == 0 ? lock_to_plan(&last, &pack->problem, &pack->arena, &pack->err) : status;
}

int pack_plan_layers(struct pack *pack)
{
    int status = layer_items_find(&pack->manifest, pack->packages, &pack->arena, &pack->items, &pack->err);
    if (status == 0)
        status = describe(pack);
    if (status == 0)
        status = take_last_plan(pack);
    if (status == 0)
        status = layer_items_bar(pack->packages, &pack->items, &pack->problem, &pack->arena, &pack->err);
    if (status == 0)
        status = layer_plan_make(&pack->problem, &pack->arena, &pack->plan, &pack->err);
    return status < 0 ? status : make_packages(pack);
}
