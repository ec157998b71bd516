/*
 * template.h - a SAM template for a project's functions and layers, and the settings to deploy it with.
 *
 * AWS SAM developer guide, "AWS::Serverless::Function", "AWS::Serverless::LayerVersion", "ScheduleV2", "AWS SAM CLI
 * configuration file", 2025. Functions have no names of their own, so that one account may have several stacks of them;
 * layers have those of their content, so that SAM publishes one when it is another one, and never else.
 */
#ifndef PACKER_TEMPLATE_H
#define PACKER_TEMPLATE_H

#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* The first line of what is written begins so; a file that does not is somebody's own. */
#define TEMPLATE_MARK "# Made by demine template"

struct template_layer {
    const char *name;
    const char *zip;    /* from the template's folder */
    const char *digest; /* of what is in it, hex */
};

struct template_function {
    const struct manifest_function *function;
    const char *zip; /* from the template's folder */
    const size_t
        *layers; /* places among the layers, in the order of attachment; pinned ones come after them */
    size_t layer_count;
};

struct template_input {
    const struct manifest *manifest;
    const struct template_function *functions;
    size_t function_count;
    const struct template_layer *layers;
    size_t layer_count;
};

/* template.yaml and samconfig.toml, in the arena; the same input gives the same texts. SHARED_ENOMEM. */
int template_make(const struct template_input *input, struct shared_arena *arena, struct shared_slice *text,
                  struct shared_error *err);
int template_config_make(const struct manifest *manifest, struct shared_arena *arena,
                         struct shared_slice *text, struct shared_error *err);

/*
 * Names for CloudFormation, letters and digits alone: "video-api" is VideoApiFunction with the ending "Function". Where
 * two names give the same one, the first has it and the others end in a hash of their names. Ids in the order of names;
 * NULL where memory is exhausted.
 */
const char **template_ids(const char *const *names, size_t count, const char *ending,
                          struct shared_arena *arena);

/* "my_project" as a stack's name, letters, digits and "-", with a letter first. NULL where memory is exhausted. */
char *template_stack_name(const char *project, struct shared_arena *arena);

/* path as it is reached from folder; both are absolute and have no "." or "..". NULL where memory is exhausted. */
char *relative_path(const char *folder, const char *path, struct shared_arena *arena);

#endif
