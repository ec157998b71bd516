#include "package/package_closure_find.h"

#include "base/file.h"
#include "base/job.h"
#include "base/path.h"
#include "check/checks.h"
#include "package/package_origin.h"

#include <string.h>

struct closure_answer {
    struct closure_answer *next;
    const char *name;
    const char *path; /* NULL: the compiler knows none of that name */
};

/* Where Debian, Fedora and cross toolchains keep shared objects of an architecture; the compiler knows most of them. */
static const char *const x86_64_folders[] = {"/usr/local/lib",
                                             "/lib/x86_64-linux-gnu",
                                             "/usr/lib/x86_64-linux-gnu",
                                             "/usr/lib64",
                                             "/lib64",
                                             "/usr/x86_64-linux-gnu/lib",
                                             "/usr/lib",
                                             "/lib",
                                             NULL};
static const char *const arm64_folders[] = {"/usr/local/lib",
                                            "/lib/aarch64-linux-gnu",
                                            "/usr/lib/aarch64-linux-gnu",
                                            "/usr/lib64",
                                            "/lib64",
                                            "/usr/aarch64-linux-gnu/lib",
                                            "/usr/lib",
                                            "/lib",
                                            NULL};

/* Takes a file of that name; one that does not fit is remembered for the message. */
static int try_path(struct package_closure *closure, struct closure_search *search, const char *path,
                    const struct closure_object **found, struct shared_error *err)
{
    const struct closure_object *object;
    if (!path)
        return closure_no_memory(search->name, err);
    if (!file_exists(path))
        return 0;
    int status = closure_read(closure, path, &object, err);
    if (status < 0)
        return status;
    if (!object->problem)
        *found = object;
    else if (!search->passed_over)
        search->passed_over = object->problem;
    return 0;
}

static int try_folder(struct package_closure *closure, struct closure_search *search, const char *folder,
                      const struct closure_object **found, struct shared_error *err)
{
    const char *path = folder ? path_join(closure->arena, folder, search->name) : NULL;
    return *found ? 0 : try_path(closure, search, path, found, err);
}

static const char *in_manifest(const struct package_closure *closure, const char *path)
{
    return path_join(closure->arena, closure->target->manifest->folder, path);
}

static int try_run_path(struct package_closure *closure, struct closure_search *search,
                        const struct closure_object **found, struct shared_error *err)
{
    const struct closure_object *needer = search->needer;
    struct shared_slice rest =
        shared_slice_from_text(needer->run_path ? needer->run_path : needer->search_path);
    int status = 0;
    while (status == 0 && !*found && rest.data) {
        const char *folder = shared_arena_copy(closure->arena, shared_slice_split(&rest, ':'));
        const char *below = folder ? package_after_origin(folder) : NULL;
        if (below && !search->origin)
            continue;
        if (below)
            folder = shared_arena_format(closure->arena, "%s%s", search->origin, below);
        /* One that is not absolute would be looked for from the current folder, whatever that is. */
        if (!folder || folder[0] == '/')
            status = try_folder(closure, search, folder, found, err);
    }
    return status;
}

/* A library's shared object may be called otherwise than what programs ask for: libz.so for libz.so.1. */
static int try_shared(struct package_closure *closure, struct closure_search *search, const char *shared,
                      const struct closure_object **found, struct shared_error *err)
{
    const struct closure_object *object;
    const char *path = in_manifest(closure, shared);
    if (!path)
        return closure_no_memory(search->name, err);
    int status = file_exists(path) ? closure_read(closure, path, &object, err) : 1;
    if (status == 0 && !object->problem && object->soname && strcmp(object->soname, search->name) == 0)
        *found = object;
    return status < 0 ? status : try_folder(closure, search, path_folder(closure->arena, path), found, err);
}

static int try_library(struct package_closure *closure, struct closure_search *search,
                       const struct manifest_library *library, const struct closure_object **found,
                       struct shared_error *err)
{
    int status = library->shared ? try_shared(closure, search, library->shared, found, err) : 0;
    for (size_t i = 0; status == 0 && !*found && i < library->archives.count; i++)
        if (strchr(library->archives.items[i], '/'))
            status = try_shared(closure, search, library->archives.items[i], found, err);
    return status;
}

static int try_libraries(struct package_closure *closure, struct closure_search *search,
                         const struct closure_object **found, struct shared_error *err)
{
    const struct manifest_library **order;
    size_t count;
    int status = *found ? 1
                        : manifest_link_order(closure->target->manifest, search->function, closure->arena,
                                              &order, &count, err);
    for (size_t i = 0; status == 0 && !*found && i < count; i++)
        status = try_library(closure, search, order[i], found, err);
    return status < 0 ? status : 0;
}

/* "-Lfolder" and "-L folder"; the linker runs in the manifest's folder. */
static int try_flags(struct package_closure *closure, struct closure_search *search,
                     const struct closure_object **found, struct shared_error *err)
{
    const struct manifest_texts *flags = &closure->target->manifest->toolchain.link_flags;
    int status = 0;
    for (size_t i = 0; status == 0 && !*found && i < flags->count; i++) {
        const char *flag = flags->items[i];
        if (strncmp(flag, "-L", 2) != 0 || (!flag[2] && i + 1 == flags->count))
            continue;
        flag = flag[2] ? flag + 2 : flags->items[++i];
        status = try_folder(closure, search, in_manifest(closure, flag), found, err);
    }
    return status;
}

/* Asks the compiler where the linker would find a file. */
static int ask_compiler(struct package_closure *closure, const char *name, struct closure_answer *answer,
                        struct shared_error *err)
{
    const struct manifest *manifest = closure->target->manifest;
    const char *compiler = manifest->toolchain.compiler;
    if (strchr(compiler, '/'))
        compiler = path_join(closure->arena, manifest->folder, compiler);
    const char *const argv[] = {compiler, shared_arena_format(closure->arena, "-print-file-name=%s", name),
                                NULL};
    struct job job = {.argv = argv, .folder = "."};
    if (!compiler || !argv[1])
        return closure_no_memory(name, err);
    int status = job_run_all(&job, 1, 1, closure->arena, NULL, NULL, err);
    struct shared_slice said = shared_slice_trim(job.output);
    if (status < 0 || job.status != 0 || said.size_bytes == 0 || said.data[0] != '/')
        return status;
    answer->path = shared_arena_copy(closure->arena, said);
    return answer->path ? 0 : closure_no_memory(name, err);
}

static int try_compiler(struct package_closure *closure, struct closure_search *search,
                        const struct closure_object **found, struct shared_error *err)
{
    struct closure_answer *answer = *found ? NULL : closure->answers;
    while (answer && strcmp(answer->name, search->name) != 0)
        answer = answer->next;
    if (!*found && !answer) {
        answer = shared_arena_alloc(closure->arena, sizeof(*answer));
        if (!answer)
            return closure_no_memory(search->name, err);
        *answer = (struct closure_answer){.next = closure->answers, .name = search->name};
        int status = ask_compiler(closure, search->name, answer, err);
        if (status < 0)
            return status;
        closure->answers = answer;
    }
    return answer && answer->path ? try_path(closure, search, answer->path, found, err) : 0;
}

static int try_system(struct package_closure *closure, struct closure_search *search,
                      const struct closure_object **found, struct shared_error *err)
{
    const char *const *folders =
        closure->target->manifest->architecture == ARCHITECTURE_ARM64 ? arm64_folders : x86_64_folders;
    int status = search->origin ? try_folder(closure, search, search->origin, found, err) : 0;
    for (; status == 0 && !*found && *folders; folders++)
        status = try_folder(closure, search, *folders, found, err);
    return status;
}

int closure_find(struct package_closure *closure, struct closure_search *search,
                 const struct closure_object **found, struct shared_error *err)
{
    *found = NULL;
    search->passed_over = NULL;
    int status = try_run_path(closure, search, found, err);
    if (status == 0)
        status = try_libraries(closure, search, found, err);
    if (status == 0)
        status = try_flags(closure, search, found, err);
    if (status == 0)
        status = try_compiler(closure, search, found, err);
    return status < 0 ? status : try_system(closure, search, found, err);
}
