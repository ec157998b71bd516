#include "pack_inner.h"

#include "limit/limit_usage.h"

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

/* Every zip of a function, and the layers that were not there before. */
static int add_up_publish(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    struct limit_part *added = pack_allocate(pack, count + pack->plan.count, sizeof(*added));
    if (!added)
        return pack_no_memory(pack);
    pack->region.added = added;
    pack->region.added_count = 0;
    for (size_t i = 0; i < count + pack->plan.count; i++) {
        const struct layer_planned *layer = i < count ? NULL : &pack->plan.layers[i - count];
        const char *name = layer ? layer->name : pack->manifest.functions[i].name;
        if (pack->zip_bytes[i] > 0 && !(layer && layer->kept))
            added[pack->region.added_count++] = (struct limit_part){name, pack->zip_bytes[i]};
    }
    return 0;
}

int pack_check_limits(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    int status = add_up_publish(pack);
    for (size_t i = 0; status == 0 && i < count; i++)
        status = weigh(pack, i);
    if (status == 0)
        status = limit_check(&pack->manifest, &pack->limits, pack->usages, count, &pack->region, &pack->arena,
                             &pack->findings, &pack->err);
    return status < 0 ? status : pack->findings.exceeded > 0;
}
