#include "share/share_layer.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/job.h"
#include "base/path.h"
#include "content/content.h"
#include "content/content_stream.h"
#include "image/elf_needs.h"

#include <string.h>

#define OBJECT_LIMIT_BYTES ((size_t)256 << 20) /* Lambda takes none of that size */
#define CLOSURE_LIMIT 64
#define RELR_VERSION "GLIBC_2.36" /* glibc reads packed relocations (DT_RELR) from there on */

static int no_memory(const char *library, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "library %s: no memory to find its shared object", library);
}

int share_ask_compiler(const struct manifest *manifest, const char *name, struct shared_arena *arena,
                       const char **path, struct shared_error *err)
{
    const char *compiler = manifest->toolchain.compiler;
    if (strchr(compiler, '/'))
        compiler = path_join(arena, manifest->folder, compiler);
    const char *const argv[] = {compiler, shared_arena_format(arena, "-print-file-name=%s", name), NULL};
    struct job job = {.argv = argv, .folder = "."};
    *path = NULL;
    if (!compiler || !argv[1])
        return no_memory(name, err);
    int status = job_run_all(&job, 1, 1, arena, NULL, NULL, err);
    struct shared_slice answer = shared_slice_trim(job.output);
    if (status == 0 && job.status == 0 && answer.size_bytes > 0 && answer.data[0] == '/') {
        *path = shared_arena_copy(arena, answer);
        return *path ? 0 : no_memory(name, err);
    }
    return status;
}

/* "libz.so" of "libz.a"; NULL where the name is another. */
static const char *shared_name(const char *archive, struct shared_arena *arena)
{
    size_t size = strlen(archive);
    return size > 2 && strcmp(archive + size - 2, ".a") == 0
               ? shared_arena_format(arena, "%.*s.so", (int)(size - 2), archive)
               : NULL;
}

/* Beside the archive, else where the compiler has it. */
static int find_beside(const struct manifest *manifest, const char *archive, struct shared_arena *arena,
                       const char **path, struct shared_error *err)
{
    const char *name = shared_name(archive, arena);
    *path = NULL;
    if (!name)
        return 0;
    const char *beside = strchr(name, '/') ? path_join(arena, manifest->folder, name) : NULL;
    if (beside && file_exists(beside)) {
        *path = beside;
        return 0;
    }
    return share_ask_compiler(manifest, path_base(name), arena, path, err);
}

/* One of an archive that the manifest does not list is called as the archive, without its ending. */
int share_find_path(const struct manifest *manifest, const char *name, struct shared_arena *arena,
                    const char **path, struct shared_error *err)
{
    const struct manifest_library *library = manifest_find_library(manifest, name);
    int status = 0;
    *path = NULL;
    if (library && library->shared) {
        *path = path_join(arena, manifest->folder, library->shared);
        return *path ? 0 : no_memory(name, err);
    }
    for (size_t i = 0; library && status == 0 && !*path && i < library->archives.count; i++)
        status = find_beside(manifest, library->archives.items[i], arena, path, err);
    if (library || strncmp(name, "lib", 3) != 0)
        return status;
    const char *archive = shared_arena_format(arena, "%s.a", name);
    return archive ? find_beside(manifest, archive, arena, path, err) : no_memory(name, err);
}

static bool has_symbols(const struct elf_file *file)
{
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].header.sh_type == SHT_SYMTAB)
            return true;
    return false;
}

/* As demine strips programs; into a file of the state folder. */
static int strip_object(const struct manifest *manifest, const char *state, const char *path,
                        struct shared_arena *arena, struct elf_file *file, struct shared_error *err)
{
    const char *folder = path_join(arena, state, "share");
    const char *output = folder ? path_join(arena, folder, path_base(path)) : NULL;
    const char *strip = strchr(manifest->toolchain.strip, '/')
                            ? path_join(arena, manifest->folder, manifest->toolchain.strip)
                            : manifest->toolchain.strip;
    const char *const argv[] = {strip, "-o", output, path, NULL};
    struct job job = {.argv = argv, .folder = "."};
    if (!output || !strip)
        return no_memory(path, err);
    int status = file_make_folders(folder, err);
    if (status == 0)
        status = job_run_all(&job, 1, 1, arena, NULL, NULL, err);
    if (status == 0 && job.status != 0)
        return shared_fail(err, SHARED_EIO, 0, "%s cannot strip %s: %.*s", manifest->toolchain.strip, path,
                           (int)job.output.size_bytes, job.output.data ? job.output.data : "");
    return status < 0 ? status : elf_file_read(output, arena, file, err);
}

static int measure(const struct check_plan *plan, const char *state, const char *path,
                   struct shared_arena *arena, struct elf_file *file, struct share_bytes *bytes,
                   struct shared_error *err)
{
    struct shared_slice stream;
    int status = has_symbols(file) ? strip_object(plan->manifest, state, path, arena, file, err) : 0;
    if (status == 0 && file->content.size_bytes > OBJECT_LIMIT_BYTES)
        return shared_fail(err, SHARED_ETOOBIG, 0, "%s is too large for a layer", path);
    if (status == 0)
        status = content_stream_make(file->content, LEVEL_DEFAULT, true, arena, &stream, err);
    if (status == 0)
        *bytes = (struct share_bytes){file->content.size_bytes, stream.size_bytes};
    return status;
}

const char *share_find_newer(const struct check_plan *plan, const struct elf_needs *needs)
{
    for (size_t i = 0; i < needs->need_count; i++) {
        struct manifest_texts versions;
        const char *has;
        if (check_target_has(plan, needs->needs[i].library, &versions) &&
            check_is_newer(&versions, needs->needs[i].version, &has))
            return needs->needs[i].version;
    }
    const char *has;
    struct manifest_texts versions;
    if (needs->packed_relocations && check_target_has(plan, "libc.so.6", &versions) &&
        check_is_newer(&versions, RELR_VERSION, &has))
        return RELR_VERSION;
    return NULL;
}

static bool is_listed(const struct manifest_texts *texts, const char *name)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], name) == 0)
            return true;
    return false;
}

/* Adds what an object needs and the target does not have. */
static void add_needs(const struct check_plan *plan, const struct elf_needs *needs, struct share_layer *layer)
{
    struct manifest_texts versions;
    for (size_t i = 0; i < needs->needed.count; i++) {
        const char *name = needs->needed.items[i];
        if (layer->needs.count < CLOSURE_LIMIT && !check_target_has(plan, name, &versions) &&
            strcmp(name, layer->soname) != 0 && !is_listed(&layer->needs, name))
            layer->needs.items[layer->needs.count++] = name;
    }
}

/* Adds one object; *needs is what it asks for. */
static int add_object(const struct check_plan *plan, const char *state, const char *path,
                      struct shared_arena *arena, struct share_layer *layer, struct elf_needs *needs,
                      struct share_bytes *bytes, struct shared_error *err)
{
    struct elf_file file;
    int status = elf_file_read(path, arena, &file, err);
    if (status == 0 && file.header.e_type != ET_DYN)
        status = shared_fail(err, SHARED_EPROTO, 0, "%s is no shared object", path);
    GElf_Half wanted = plan->manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    if (status == 0 && file.header.e_machine != wanted)
        status = shared_fail(err, SHARED_EINVAL, 0, "%s is for another machine", path);
    if (status == 0)
        status = elf_needs_read(&file, arena, needs, err);
    if (status == 0)
        status = measure(plan, state, path, arena, &file, bytes, err);
    if (status < 0)
        return status;
    layer->with.file += bytes->file;
    layer->with.zip += bytes->zip;
    layer->relocations += needs->relocation_count;
    if (!layer->too_new)
        layer->too_new = share_find_newer(plan, needs);
    return 0;
}

/* What does not fit is why there is none: a linker script, a library for another machine. */
static int refuse(struct share_layer *layer, struct shared_arena *arena, int status, struct shared_error *why,
                  struct shared_error *err)
{
    if (status == SHARED_ENOMEM) {
        if (err)
            *err = *why;
        return status;
    }
    *layer = (struct share_layer){.why_not = shared_arena_copy(arena, shared_slice_from_text(why->text))};
    return layer->why_not ? 0 : no_memory("", err);
}

int share_find_layer(const struct check_plan *plan, const char *state, const char *library,
                     struct shared_arena *arena, struct share_layer *layer, struct shared_error *err)
{
    struct shared_error why = {0};
    struct elf_needs needs;
    struct share_bytes bytes;
    const char *path;
    *layer = (struct share_layer){
        .why_not = "no shared object of it is known; \"shared\" in the manifest names one"};
    int status = share_find_path(plan->manifest, library, arena, &path, err);
    if (status < 0 || !path)
        return status;
    layer->needs.items = shared_arena_alloc(arena, CLOSURE_LIMIT * sizeof(*layer->needs.items));
    if (!layer->needs.items)
        return no_memory(library, err);
    status = add_object(plan, state, path, arena, layer, &needs, &layer->own, &why);
    if (status < 0)
        return refuse(layer, arena, status, &why, err);
    layer->path = path;
    layer->why_not = NULL;
    layer->soname = needs.soname ? needs.soname : path_base(path);
    add_needs(plan, &needs, layer);
    for (size_t i = 0; i < layer->needs.count; i++) {
        status = share_ask_compiler(plan->manifest, layer->needs.items[i], arena, &path, err);
        if (status < 0)
            return status;
        status = path ? add_object(plan, state, path, arena, layer, &needs, &bytes, &why)
                      : shared_fail(&why, SHARED_ENOTFOUND, 0, "%s, which %s needs, is nowhere",
                                    layer->needs.items[i], layer->soname);
        if (status < 0)
            return refuse(layer, arena, status, &why, err);
        add_needs(plan, &needs, layer);
    }
    return 0;
}
