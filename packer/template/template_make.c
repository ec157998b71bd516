#include "template/template.h"

#include "base/cleanup.h"
#include "template/yaml_text.h"

#include <inttypes.h>
#include <string.h>

#define WARM_INPUT "{\"warm\":true}" /* shared/prewarm.h */
#define MOST_RUNTIMES 15             /* Lambda API reference, PublishLayerVersion, CompatibleRuntimes */

struct writing {
    FILE *out;
    const struct template_input *input;
    const char **functions, **layers; /* logical ids */
};

static const char *runtime_of(const struct writing *writing, const struct manifest_function *function)
{
    return manifest_is_program(function) ? manifest_runtime_name(writing->input->manifest->runtime)
                                         : function->runtime;
}

static bool has_programs(const struct template_input *input)
{
    for (size_t i = 0; i < input->function_count; i++)
        if (manifest_is_program(input->functions[i].function))
            return true;
    return false;
}

static void write_value(FILE *out, const char *before, const char *text)
{
    fputs(before, out);
    yaml_text(out, text);
    fputc('\n', out);
}

/*
 * A text that is meant as it is, "${AWS::Region}" too: CloudFormation leaves it alone outside of Fn::Sub, but linters, and
 * readers, take it for a Fn::Sub that was forgotten (cfn-lint E1029). Put together from its parts, "$" and "{AWS::Region}", it
 * is nothing else to anybody; an escape of Fn::Sub's would not do for all texts ("${", "${!x}").
 */
static void write_literal(FILE *out, const char *before, const char *text)
{
    const char *found = strstr(text, "${");
    if (!found) {
        write_value(out, before, text);
        return;
    }
    fprintf(out, "%s{\"Fn::Join\": [\"\", [", before);
    for (; found; found = strstr(text, "${")) {
        yaml_text_part(out, text, (size_t)(found - text) + 1);
        fputs(", ", out);
        text = found + 1;
    }
    yaml_text(out, text);
    fputs("]]}\n", out);
}

static void write_globals(const struct writing *writing)
{
    const struct manifest *manifest = writing->input->manifest;
    fputs("Globals:\n  Function:\n", writing->out);
    if (has_programs(writing->input))
        fprintf(writing->out, "    Runtime: %s\n    Handler: bootstrap\n",
                manifest_runtime_name(manifest->runtime));
    fprintf(writing->out, "    Architectures:\n      - %s\n",
            manifest_architecture_name(manifest->architecture));
}

static void write_environment(FILE *out, const struct manifest_function *function)
{
    if (function->environment_count == 0)
        return;
    fputs("      Environment:\n        Variables:\n", out);
    for (size_t i = 0; i < function->environment_count; i++) {
        fputs("          ", out);
        yaml_text(out, function->environment[i].name);
        write_literal(out, ": ", function->environment[i].value);
    }
}

static void write_layers(const struct writing *writing, const struct template_function *function)
{
    FILE *out = writing->out;
    const struct manifest_function *described = function->function;
    if (function->layer_count + described->layer_count == 0)
        return;
    fputs("      Layers:\n", out);
    for (size_t i = 0; i < function->layer_count; i++)
        fprintf(out, "        - !Ref %s\n", writing->layers[function->layers[i]]);
    for (size_t i = 0; i < described->layer_count; i++)
        write_value(out, "        - ", described->layers[i].arn);
}

static void write_prewarm(FILE *out, const struct manifest_function *function)
{
    if (!function->prewarm)
        return;
    fputs("      Events:\n        Warm:\n          Type: ScheduleV2\n          Properties:\n", out);
    write_value(out, "            ScheduleExpression: ", function->prewarm);
    write_value(out, "            Input: ", WARM_INPUT);
}

static void write_function(const struct writing *writing, size_t i)
{
    FILE *out = writing->out;
    const struct template_function *function = &writing->input->functions[i];
    const struct manifest_function *described = function->function;
    fprintf(out, "  %s:\n    Type: AWS::Serverless::Function\n    Properties:\n", writing->functions[i]);
    write_value(out, "      CodeUri: ", function->zip);
    if (!manifest_is_program(described)) {
        write_value(out, "      Runtime: ", described->runtime);
        write_literal(out, "      Handler: ", described->handler);
    }
    fprintf(out, "      MemorySize: %" PRIu64 "\n      Timeout: %" PRIu64 "\n", described->memory_mb,
            described->timeout_s);
    write_environment(out, described);
    write_layers(writing, function);
    write_prewarm(out, described);
}

static bool attaches(const struct template_function *function, size_t layer)
{
    for (size_t i = 0; i < function->layer_count; i++)
        if (function->layers[i] == layer)
            return true;
    return false;
}

/* Those of the functions that attach it, each once, in the functions' order. */
static void write_runtimes(const struct writing *writing, size_t layer)
{
    const char *seen[MOST_RUNTIMES];
    size_t count = 0;
    for (size_t i = 0; i < writing->input->function_count; i++) {
        const struct template_function *function = &writing->input->functions[i];
        const char *runtime = runtime_of(writing, function->function);
        bool known = !attaches(function, layer);
        for (size_t j = 0; j < count; j++)
            known |= strcmp(seen[j], runtime) == 0;
        if (known || count == MOST_RUNTIMES)
            continue;
        fputs(count ? "" : "      CompatibleRuntimes:\n", writing->out);
        write_value(writing->out, "        - ", runtime);
        seen[count++] = runtime;
    }
}

static void write_layer(const struct writing *writing, size_t i)
{
    FILE *out = writing->out;
    const struct template_layer *layer = &writing->input->layers[i];
    fprintf(out, "  %s:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n", writing->layers[i]);
    write_value(out, "      LayerName: ", layer->name);
    fprintf(out, "      Description: \"content %s\"\n", layer->digest);
    write_value(out, "      ContentUri: ", layer->zip);
    fprintf(out, "      CompatibleArchitectures:\n        - %s\n",
            manifest_architecture_name(writing->input->manifest->architecture));
    write_runtimes(writing, i);
    fputs("      RetentionPolicy: Retain\n", out);
}

static void write_template(const struct writing *writing)
{
    fputs(TEMPLATE_MARK ", which writes this file anew: take the first line out to keep your changes.\n"
                        "AWSTemplateFormatVersion: \"2010-09-09\"\n"
                        "Transform: AWS::Serverless-2016-10-31\n",
          writing->out);
    write_value(writing->out, "Description: ", writing->input->manifest->name);
    write_globals(writing);
    fputs("Resources:\n", writing->out);
    for (size_t i = 0; i < writing->input->function_count; i++)
        write_function(writing, i);
    for (size_t i = 0; i < writing->input->layer_count; i++)
        write_layer(writing, i);
}

static const char **ids_of(const struct template_input *input, bool layers, struct shared_arena *arena)
{
    size_t count = layers ? input->layer_count : input->function_count;
    const char **names = shared_arena_alloc(arena, count * sizeof(*names));
    for (size_t i = 0; names && i < count; i++)
        names[i] = layers ? input->layers[i].name : input->functions[i].function->name;
    return names ? template_ids(names, count, layers ? "Layer" : "Function", arena) : NULL;
}

int template_make(const struct template_input *input, struct shared_arena *arena, struct shared_slice *text,
                  struct shared_error *err)
{
    CLEANUP_FREE char *made = NULL;
    size_t size = 0;
    struct writing writing = {open_memstream(&made, &size), input, ids_of(input, false, arena),
                              ids_of(input, true, arena)};
    bool good = writing.out && writing.functions && writing.layers;
    if (good)
        write_template(&writing);
    good = good && !ferror(writing.out);
    if (writing.out && fclose(writing.out) != 0)
        good = false;
    const char *kept = good ? shared_arena_copy(arena, shared_slice_of(made, size)) : NULL;
    if (!kept)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for template.yaml");
    *text = shared_slice_of(kept, size);
    return 0;
}
