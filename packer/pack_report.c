#include "pack_inner.h"

/* The names of what a function attaches. */
static const char **layers_of(struct pack *pack, size_t i)
{
    const struct layer_set *attached = &pack->plan.attached[i];
    const char **names = pack_allocate(pack, attached->count, sizeof(*names));
    for (size_t j = 0; names && j < attached->count; j++)
        names[j] = pack->plan.layers[attached->items[j]].name;
    return names;
}

static int describe_functions(struct pack *pack, struct report_function *functions)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        const struct manifest_function *function = &pack->manifest.functions[i];
        bool program = manifest_is_program(function);
        functions[i] = (struct report_function){
            .function = function,
            .image = &pack->images[i],
            .package = &pack->zipped[i],
            .checks = program ? &pack->checked[i] : NULL,
            .zip = pack->tasks[i].path,
            .unstripped = program ? pack_function_path(pack, function->name, ".debug") : NULL,
            .zip_bytes = pack->zip_bytes[i],
            .unchanged = pack->unchanged[i],
            .layers = layers_of(pack, i),
            .layer_count = pack->plan.attached[i].count,
        };
        if (!functions[i].layers || (program && !functions[i].unstripped))
            return pack_no_memory(pack);
    }
    return 0;
}

static void describe_layers(struct pack *pack, struct report_layer *layers)
{
    for (size_t i = 0; i < pack->plan.count; i++) {
        size_t task = pack->manifest.function_count + i;
        const struct layer_planned *layer = &pack->plan.layers[i];
        layers[i] = (struct report_layer){
            .name = layer->name,
            .zip = pack->tasks[task].path,
            .zip_bytes = pack->zip_bytes[task],
            .unzipped_bytes = layer->unzipped_bytes,
            .users = layer->users,
            .items = layer->items.count,
            .kept = layer->kept,
            .unchanged = pack->unchanged[task],
        };
    }
}

int pack_print_report(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    size_t count = pack->manifest.function_count;
    struct report_function *functions = pack_allocate(pack, count, sizeof(*functions));
    struct report_layer *layers = pack_allocate(pack, pack->plan.count, sizeof(*layers));
    if (!functions || !layers)
        return pack_no_memory(pack);
    int status = describe_functions(pack, functions);
    if (status < 0)
        return status;
    describe_layers(pack, layers);
    const struct report report = {
        .manifest = &pack->manifest,
        .functions = functions,
        .function_count = count,
        .findings = &pack->findings,
        .region = &pack->region,
        .layers = layers,
        .layer_count = pack->plan.count,
        .linkages = &pack->linkages,
        .stale = pack->stale,
        .stored_bytes = pack->plan.stored_bytes,
        .unshared_bytes = pack->plan.unshared_bytes,
    };
    const struct report_style style = {.colour = options->colour};
    if (options->json)
        return report_json(stdout, &report, &pack->err);
    return options->quiet ? 0 : report_text(stdout, &report, &style, &pack->err);
}
