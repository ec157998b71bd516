#include "link/compile.h"

#include "base/path.h"
#include "link/argv.h"

#include <string.h>

static int no_memory(const char *source, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compile %s", source);
}

/* The debugging information names sources below the project's name, wherever the manifest lies. */
static void add_flags(struct argv *argv, const struct link_work *work,
                      const struct manifest_function *function,
                      const struct manifest_library *const *libraries, size_t library_count)
{
    const char *folder = work->toolchain->folder;
    argv_add(argv, work->toolchain->compiler);
    argv_add(argv, "-g");
    argv_add(argv, "-fno-pie");
    argv_add(argv, "-ffunction-sections");
    argv_add(argv, "-fdata-sections");
    argv_add(argv, "-Wdate-time"); /* __DATE__ makes other bytes each time */
    argv_add(argv,
             shared_arena_format(work->arena, "-ffile-prefix-map=%s=/%s", folder, work->manifest->name));
    argv_add_all(argv, &work->manifest->toolchain.flags);
    argv_add_all(argv, &function->flags);
    for (size_t i = 0; i < library_count; i++) {
        for (size_t j = 0; j < libraries[i]->include.count; j++)
            argv_add_joined(argv, "-I", libraries[i]->include.items[j]);
    }
}

/* An object is named after its source and its command: what two functions compile alike is compiled once. */
static const char *object_path(const struct link_work *work, const struct argv *argv, const char *source)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash = {{0}};
    for (size_t i = 0; i < argv->count; i++) {
        struct hash parts[2] = {hash, hash_bytes(shared_slice_from_text(argv->items[i]))};
        hash = hash_bytes(shared_slice_of(parts, sizeof(parts)));
    }
    hash_to_text(&hash, text);
    return shared_arena_format(work->arena, "%s/object/%s-%.16s.o", work->state, path_base(source), text);
}

/* Where the compiler looks for a header, in order: the source's folder, each -I, then the system's (gcc's manual,
 * "Directory Options"). NULL where memory is exhausted. */
static const char *const *search_folders(const struct argv *command, const char *source)
{
    struct argv search = {.arena = command->arena};
    argv_add(&search, path_folder(command->arena, source));
    for (size_t i = 1; i < command->count; i++) {
        const char *item = command->items[i];
        if (strncmp(item, "-I", 2) != 0)
            continue;
        if (item[2])
            argv_add(&search, item + 2);
        else if (i + 1 < command->count)
            argv_add(&search, command->items[i + 1]);
    }
    argv_add(&search, "/usr/local/include");
    argv_add(&search, "/usr/include");
    return search.failed ? NULL : search.items;
}

static const struct step *find_step(const struct compile_plan *plan, const char *output)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->steps[i].output, output) == 0)
            return &plan->steps[i];
    }
    return NULL;
}

static int add_source(const struct link_work *work, const struct manifest_function *function,
                      const struct manifest_library *const *libraries, size_t library_count,
                      const char *source, struct compile_plan *plan, const char **object,
                      struct shared_error *err)
{
    struct argv argv = {.arena = work->arena};
    add_flags(&argv, work, function, libraries, library_count);
    argv_add(&argv, "-c");
    argv_add_path(&argv, source);
    *object = argv.failed ? NULL : object_path(work, &argv, source);
    if (!*object)
        return no_memory(source, err);
    if (find_step(plan, *object))
        return 0;

    const char *depfile = shared_arena_format(work->arena, "%s.d", *object);
    const char *title = shared_arena_format(work->arena, "function %s: compile %s", function->name, source);
    const char *const *search = search_folders(&argv, source);
    argv_add(&argv, "-MD");
    argv_add(&argv, "-MF");
    argv_add(&argv, depfile);
    argv_add(&argv, "-o");
    argv_add(&argv, *object);
    if (argv.failed || !title || !search)
        return no_memory(source, err);
    plan->steps[plan->count++] = (struct step){
        .title = title,
        .argv = argv.items,
        .folder = work->toolchain->folder,
        .key = work->toolchain->key,
        .output = *object,
        .depfile = depfile,
        .search = search,
    };
    return 0;
}

int compile_plan_add(const struct link_work *work, const struct manifest_function *function,
                     const struct manifest_library *const *libraries, size_t library_count,
                     struct compile_plan *plan, const char ***objects, struct shared_error *err)
{
    *objects = shared_arena_alloc(work->arena, function->sources.count * sizeof(**objects));
    if (!*objects)
        return no_memory(function->name, err);
    for (size_t i = 0; i < function->sources.count; i++) {
        int status = add_source(work, function, libraries, library_count, function->sources.items[i], plan,
                                &(*objects)[i], err);
        if (status < 0)
            return status;
    }
    return 0;
}
