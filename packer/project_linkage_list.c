#include "project_linkage_inner.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "image/elf_needs.h"
#include "layer/lock_file.h"
#include "limit/limit.h"
#include "share/share_layer.h"

#include <stdlib.h>
#include <string.h>

int linkage_no_memory(const struct linkage *all, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory to choose how libraries are linked",
                       all->manifest->path);
}

void *linkage_allocate(const struct linkage *all, size_t count, size_t size)
{
    /* One more, so that none of nothing is no failure. */
    void *memory = shared_arena_alloc(all->arena, (count + 1) * size);
    return memory ? memset(memory, 0, (count + 1) * size) : NULL;
}

static bool is_auto(const struct manifest_function *function)
{
    return manifest_is_program(function) && function->linkage == LINKAGE_AUTO;
}

bool project_has_choices(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->function_count; i++)
        if (is_auto(&manifest->functions[i]))
            return true;
    return false;
}

/* All libraries of functions of linkage auto, each before what it needs, as if one function had them all. */
static int order_libraries(const struct linkage *all, const struct manifest_library ***order, size_t *count,
                           struct shared_error *err)
{
    const struct manifest *manifest = all->manifest;
    struct manifest_function every = {.name = manifest->name};
    size_t names = 0;
    for (size_t i = 0; i < manifest->function_count; i++)
        names += is_auto(&manifest->functions[i]) ? manifest->functions[i].libraries.count : 0;
    every.libraries.items = linkage_allocate(all, names, sizeof(*every.libraries.items));
    if (!every.libraries.items)
        return linkage_no_memory(all, err);
    for (size_t i = 0; i < manifest->function_count; i++) {
        const struct manifest_texts *libraries = &manifest->functions[i].libraries;
        for (size_t j = 0; is_auto(&manifest->functions[i]) && j < libraries->count; j++) {
            size_t k = 0;
            while (k < every.libraries.count && strcmp(every.libraries.items[k], libraries->items[j]) != 0)
                k++;
            every.libraries.items[k] = libraries->items[j];
            every.libraries.count += k == every.libraries.count;
        }
    }
    return manifest_link_order(manifest, &every, all->arena, order, count, err);
}

/* Commands run in the manifest's folder: the path has to be absolute. Its last part stays as it is, and so its
 * neighbours. */
static const char *absolute_path(const struct linkage *all, const char *path)
{
    const char *folder = path_folder(all->arena, path);
    CLEANUP_FREE char *real = folder ? realpath(folder, NULL) : NULL;
    return real ? path_join(all->arena, shared_arena_copy(all->arena, shared_slice_from_text(real)),
                            path_base(path))
                : NULL;
}

/* What the file says of itself; fails where it is none that could be taken. */
static int read_object(const struct linkage *all, const char *path, struct linkage_library *library,
                       struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    GElf_Half wanted = all->manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    struct elf_file file;
    struct elf_needs needs;
    int status = elf_file_read(path, &scratch, &file, err);
    if (status == 0 && file.header.e_type != ET_DYN)
        return shared_fail(err, SHARED_EPROTO, 0, "%s is no shared object", path);
    if (status == 0 && file.header.e_machine != wanted)
        return shared_fail(err, SHARED_EINVAL, 0, "%s is for another machine", path);
    if (status == 0)
        status = elf_needs_read(&file, &scratch, &needs, err);
    if (status < 0)
        return status;
    /* Programs would ask for it by the path that it has on this machine. */
    if (!needs.soname || !needs.soname[0] || strchr(needs.soname, '/'))
        return shared_fail(err, SHARED_EPROTO, 0, "%s has no name to be loaded by (DT_SONAME)", path);
    const char *newer = share_find_newer(&all->checks, &needs);
    if (newer)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "%s asks for %s, which is newer than what %s has",
                           path, newer, manifest_runtime_name(all->manifest->runtime));
    library->soname = shared_arena_copy(all->arena, shared_slice_from_text(needs.soname));
    library->needed.items = linkage_allocate(all, needs.needed.count, sizeof(*library->needed.items));
    if (!library->soname || !library->needed.items)
        return linkage_no_memory(all, err);
    for (size_t i = 0; i < needs.needed.count; i++) {
        const char *name = shared_arena_copy(all->arena, shared_slice_from_text(needs.needed.items[i]));
        if (!name)
            return linkage_no_memory(all, err);
        library->needed.items[library->needed.count++] = name;
    }
    return 0;
}

/* "libm.so.6" of "libm.a", where that is one of the target's; NULL: it is none. */
static const char *target_name(const struct linkage *all, const struct manifest_library *library)
{
    static const char *const endings[] = {".so.6", ".so.2", ".so.1", ".so.0"};
    const char *archive = library->archives.count == 1 ? library->archives.items[0] : "";
    size_t size = strlen(archive);
    if (strchr(archive, '/') || size < 2 || strcmp(archive + size - 2, ".a") != 0)
        return NULL;
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        const char *name = shared_arena_format(all->arena, "%.*s%s", (int)(size - 2), archive, endings[i]);
        struct manifest_texts versions;
        if (name && check_target_has(&all->checks, name, &versions))
            return name;
    }
    return NULL;
}

/* Part of the target's C library: there is nothing to choose, and glibc's libm.a cannot be linked into a dynamic program.
 * What linkers find is a script of theirs. */
static bool take_targets(const struct linkage *all, const char *path, struct linkage_library *library)
{
    library->soname = target_name(all, library->library);
    library->shared =
        (struct link_shared){library->library, library->soname ? absolute_path(all, path) : NULL};
    if (!library->shared.path)
        return false;
    library->chosen = library->report.shared = true;
    library->report.why_not = "the target has it";
    return true;
}

/* Whatever is wrong with a shared object is why parts are linked. */
static int find_object(const struct linkage *all, struct linkage_library *library, struct shared_error *err)
{
    struct shared_error why = {0};
    const char *path;
    library->report.why_not = "no shared object of it is known; \"shared\" in the manifest names one";
    int status = share_find_path(all->manifest, library->library->name, all->arena, &path, err);
    if (status < 0 || !path)
        return status;
    status = read_object(all, path, library, &why);
    if (status == SHARED_ENOMEM)
        return linkage_no_memory(all, err);
    if (status == SHARED_EPROTO && take_targets(all, path, library))
        return 0;
    library->report.why_not =
        status < 0 ? shared_arena_copy(all->arena, shared_slice_from_text(why.text)) : NULL;
    library->shared = (struct link_shared){library->library, status < 0 ? NULL : absolute_path(all, path)};
    return (status < 0 ? library->report.why_not : library->shared.path) ? 0 : linkage_no_memory(all, err);
}

static bool layer_has(const struct lock_layer *layer, const char *soname)
{
    for (size_t i = 0; layer && i < layer->item_count; i++)
        if (strncmp(layer->items[i].place, "lib/", 4) == 0 && strcmp(layer->items[i].place + 4, soname) == 0)
            return true;
    return false;
}

/* What the last pack chose shows in what the layers of a function have. */
static void find_last(const struct linkage *all, const struct lock_file *lock,
                      struct linkage_library *library)
{
    size_t at = (size_t)(library - all->libraries);
    for (size_t i = 0; library->soname && i < all->function_count; i++) {
        const struct linkage_function *function = &all->functions[i];
        const struct lock_function *known =
            function->uses && function->uses[at] ? lock_find_function(lock, function->function->name) : NULL;
        if (known && library->last == LINKAGE_NO_LAST)
            library->last = LINKAGE_LAST_PARTS;
        for (size_t j = 0; known && j < known->layer_count; j++)
            if (layer_has(lock_find_layer(lock, known->layers[j]), library->soname))
                library->last = LINKAGE_LAST_SHARED;
    }
}

static int list_uses(struct linkage *all, struct linkage_function *function, struct shared_error *err)
{
    const struct manifest_library **order;
    size_t count;
    function->uses = linkage_allocate(all, all->library_count, sizeof(*function->uses));
    if (!function->uses)
        return linkage_no_memory(all, err);
    int status = manifest_link_order(all->manifest, function->function, all->arena, &order, &count, err);
    for (size_t i = 0; status == 0 && i < count; i++) {
        for (size_t j = 0; j < all->library_count; j++) {
            if (all->libraries[j].library != order[i])
                continue;
            function->uses[j] = true;
            all->libraries[j].report.functions++;
        }
    }
    return status;
}

static int list_functions(struct linkage *all, struct shared_error *err)
{
    const struct manifest *manifest = all->manifest;
    struct limit_values limits;
    int status = limit_values_read(manifest, all->arena, &limits, err);
    all->functions = linkage_allocate(all, manifest->function_count, sizeof(*all->functions));
    if (status == 0 && !all->functions)
        return linkage_no_memory(all, err);
    for (size_t i = 0; status == 0 && i < manifest->function_count; i++) {
        const struct manifest_function *function = &manifest->functions[i];
        if (!manifest_is_program(function))
            continue;
        uint64_t most = limits.values[LIMIT_LAYERS];
        struct linkage_function *listed = &all->functions[all->function_count++];
        listed->function = function;
        listed->may_move =
            manifest->layer_plan != LAYERS_OFF && most != LIMIT_NONE && most > function->layer_count;
        if (is_auto(function))
            status = list_uses(all, listed, err);
    }
    return status;
}

int linkage_list(struct linkage *all, struct shared_error *err)
{
    struct lock_file lock = {0};
    const struct manifest_library **order;
    const char *path = path_join(all->arena, all->manifest->folder, all->manifest->lock);
    int status = path ? order_libraries(all, &order, &all->library_count, err) : linkage_no_memory(all, err);
    if (status < 0)
        return status;
    /* A lock that cannot be read is for those to tell of who need what it says. */
    if (lock_file_read(path, all->arena, &lock, NULL) < 0)
        lock = (struct lock_file){0};
    all->libraries = linkage_allocate(all, all->library_count, sizeof(*all->libraries));
    if (!all->libraries)
        return linkage_no_memory(all, err);
    for (size_t i = 0; status == 0 && i < all->library_count; i++) {
        all->libraries[i].library = order[i];
        all->libraries[i].report.library = order[i]->name;
        status = find_object(all, &all->libraries[i], err);
    }
    if (status == 0)
        status = list_functions(all, err);
    for (size_t i = 0; status == 0 && i < all->library_count; i++)
        find_last(all, &lock, &all->libraries[i]);
    return status;
}
