#include "manifest/manifest.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "manifest/json_text.h"
#include "manifest/manifest_check.h"
#include "manifest/manifest_default.h"
#include "manifest/manifest_table.h"
#include "manifest/manifest_value.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(const char *path, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
}

static int start(struct manifest *manifest, const char *path, struct shared_arena *arena,
                 struct shared_error *err)
{
    const char **flags = shared_arena_alloc(arena, sizeof(*flags));
    *manifest = (struct manifest){
        .path = shared_arena_copy(arena, shared_slice_from_text(path)),
        .folder = path_folder(arena, path),
        .snapshot = "demine.sizes.txt",
        .lock = "demine.lock.json",
        .replan_percent = 10,
        .toolchain.flags = {flags, 1},
    };
    if (!flags || !manifest->path || !manifest->folder)
        return out_of_memory(path, err);
    flags[0] = "-Os";
    return 0;
}

static int complete_toolchain(struct manifest *manifest, struct shared_arena *arena, struct shared_error *err)
{
    struct manifest_toolchain *toolchain = &manifest->toolchain;
    if (!toolchain->compiler)
        toolchain->compiler = default_compiler(manifest->architecture);
    if (!toolchain->strip)
        toolchain->strip = default_strip(toolchain->compiler, manifest->architecture, arena);
    return toolchain->strip ? 0 : out_of_memory(manifest->path, err);
}

static void delete_tree(cJSON **root)
{
    cJSON_Delete(*root);
}

static int read_tree(struct manifest *manifest, struct shared_arena *arena, struct shared_error *err)
{
    CLEANUP(delete_tree) cJSON *root = json_text_parse(manifest->path, manifest->text, err);
    if (!root)
        return SHARED_ENOMEM;
    return manifest_value_read(manifest, root, arena, err);
}

int manifest_parse(const char *path, const char *text, size_t size_bytes, struct shared_arena *arena,
                   struct manifest *manifest, struct shared_error *err)
{
    int status = start(manifest, path, arena, err);
    if (status == 0 && size_bytes > MANIFEST_LIMIT_BYTES)
        status = shared_fail(err, SHARED_EINVAL, 0, "%s has %zu bytes; a manifest has at most %u", path,
                             size_bytes, MANIFEST_LIMIT_BYTES);
    if (status == 0)
        status = json_text_blank(path, shared_slice_of(text, size_bytes), arena, &manifest->text, err);
    if (status == 0)
        status = json_text_check(path, manifest->text, err);
    if (status == 0)
        status = read_tree(manifest, arena, err);
    if (status == 0)
        status = complete_toolchain(manifest, arena, err);
    if (status == 0)
        status = manifest_check(manifest, arena, err);
    return status;
}

int manifest_read(const char *path, struct shared_arena *arena, struct manifest *manifest,
                  struct shared_error *err)
{
    struct shared_slice text;
    int status = file_read(path, MANIFEST_LIMIT_BYTES, arena, &text, err);
    if (status == SHARED_ETOOBIG)
        return shared_fail(err, SHARED_EINVAL, 0, "%s is too large; a manifest has at most %u bytes", path,
                           MANIFEST_LIMIT_BYTES);
    if (status < 0)
        return status;
    return manifest_parse(path, text.data, text.size_bytes, arena, manifest, err);
}

static int compare_library(const void *name, const void *library)
{
    return strcmp(name, ((const struct manifest_library *)library)->name);
}

const struct manifest_library *manifest_find_library(const struct manifest *manifest, const char *name)
{
    if (manifest->library_count == 0)
        return NULL;
    return bsearch(name, manifest->libraries, manifest->library_count, sizeof(*manifest->libraries),
                   compare_library);
}

static int compare_function(const void *name, const void *function)
{
    return strcmp(name, ((const struct manifest_function *)function)->name);
}

const struct manifest_function *manifest_find_function(const struct manifest *manifest, const char *name)
{
    if (manifest->function_count == 0)
        return NULL;
    return bsearch(name, manifest->functions, manifest->function_count, sizeof(*manifest->functions),
                   compare_function);
}

bool manifest_is_program(const struct manifest_function *function)
{
    return !function->runtime;
}

const char *manifest_runtime_name(enum manifest_runtime runtime)
{
    return runtime_choices[runtime];
}

const char *manifest_architecture_name(enum manifest_architecture architecture)
{
    return architecture_choices[architecture];
}

const char *manifest_profile_name(enum manifest_profile profile)
{
    return profile_choices[profile];
}
