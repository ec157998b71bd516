#include "check/check_inner.h"

#include "base/path.h"

#include <string.h>

/* Where Lambda puts the package, and what of LD_LIBRARY_PATH lies in it. */
#define PACKAGE_FOLDER "/var/task"
static const char *const searched[] = {"", "lib/"};

static const char *find_file(const struct check_work *work, const char *place)
{
    for (size_t i = 0; i < work->input->file_count; i++)
        if (strcmp(work->input->files[i].place, place) == 0)
            return work->input->files[i].place;
    return NULL;
}

/*
 * Where a folder of RPATH or RUNPATH lies in the package, "lib/"; NULL: elsewhere. $ORIGIN is the object's
 * folder.
 */
static const char *package_folder(const struct check_object *object, struct shared_slice folder,
                                  struct shared_arena *arena)
{
    const char *text = shared_arena_copy(arena, folder);
    const char *origin = object->place && strchr(object->place, '/') ? path_folder(arena, object->place) : "";
    if (!text || !origin)
        return NULL;
    const char *rest = NULL;
    if (strncmp(text, "$ORIGIN", 7) == 0)
        rest = text + 7;
    else if (strncmp(text, "${ORIGIN}", 9) == 0)
        rest = text + 9;
    else if (strncmp(text, PACKAGE_FOLDER, strlen(PACKAGE_FOLDER)) == 0) {
        rest = text + strlen(PACKAGE_FOLDER);
        origin = "";
    }
    if (!rest || (*rest && *rest != '/'))
        return NULL;
    for (; *rest == '/'; rest++)
        ;
    while (strncmp(rest, "../", 3) == 0 || strcmp(rest, "..") == 0) {
        if (!*origin)
            return NULL;
        origin = strchr(origin, '/') ? path_folder(arena, origin) : "";
        rest += rest[2] ? 3 : 2;
        if (!origin)
            return NULL;
    }
    const char *folder_text = shared_arena_format(arena, "%s%s%s", origin, *origin && *rest ? "/" : "", rest);
    if (!folder_text || !*folder_text)
        return folder_text;
    return folder_text[strlen(folder_text) - 1] == '/' ? folder_text
                                                       : shared_arena_format(arena, "%s/", folder_text);
}

static const char *find_on_path(const struct check_work *work, const struct check_object *object,
                                const char *path, const char *name)
{
    struct shared_slice rest = shared_slice_from_text(path);
    while (rest.data) {
        const char *folder = package_folder(object, shared_slice_split(&rest, ':'), work->scratch);
        const char *place = folder ? shared_arena_format(work->scratch, "%s%s", folder, name) : NULL;
        const char *found = place ? find_file(work, place) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

/*
 * In the dynamic loader's order (ld.so(8)): DT_RPATH, LD_LIBRARY_PATH, DT_RUNPATH. A name with a slash is
 * a path from the current folder, the package's too.
 */
const char *check_find_place(const struct check_work *work, const struct check_object *object,
                             const char *name)
{
    const char *found = NULL;
    if (strchr(name, '/'))
        return find_file(work, name);
    if (object->needs.search_path && !object->needs.run_path)
        found = find_on_path(work, object, object->needs.search_path, name);
    for (size_t i = 0; !found && i < sizeof(searched) / sizeof(searched[0]); i++) {
        const char *place = shared_arena_format(work->scratch, "%s%s", searched[i], name);
        found = place ? find_file(work, place) : NULL;
    }
    if (!found && object->needs.run_path)
        found = find_on_path(work, object, object->needs.run_path, name);
    return found;
}

static bool is_listed(const struct check_work *work, const char *place)
{
    for (size_t i = 1; i < work->object_count; i++)
        if (strcmp(work->objects[i].place, place) == 0)
            return true;
    return false;
}

static int grow(struct check_work *work, struct shared_error *err)
{
    if (work->object_count < work->object_capacity)
        return 0;
    size_t larger = work->object_capacity ? 2 * work->object_capacity : 8;
    struct check_object *objects = shared_arena_resize(
        work->scratch, work->objects, work->object_capacity * sizeof(*objects), larger * sizeof(*objects));
    if (!objects)
        return check_no_memory(work, err);
    work->objects = objects;
    work->object_capacity = larger;
    return 0;
}

static const char *path_of(const struct check_work *work, const char *place)
{
    for (size_t i = 0; i < work->input->file_count; i++)
        if (strcmp(work->input->files[i].place, place) == 0)
            return work->input->files[i].path;
    return place;
}

/* Reads a library of the package, and whether the target can load it. */
static int add_object(struct check_work *work, const char *place, struct shared_error *err)
{
    struct check_object object = {.place = place};
    struct shared_error why = {0};
    GElf_Half wanted = work->plan->manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    int status = elf_file_read(path_of(work, place), work->scratch, &object.file, &why);
    if (status == 0)
        status = elf_needs_read(&object.file, work->scratch, &object.needs, &why);
    if (status == 0 && object.file.header.e_machine != wanted) {
        const char *name = elf_machine_name(object.file.header.e_machine, work->scratch);
        status = shared_fail(&why, SHARED_EINVAL, 0, "it is for %s", name ? name : "another machine");
    }
    if (status == SHARED_ENOMEM)
        return check_no_memory(work, err);
    if (status < 0)
        return check_add(
            work, CHECK_NEEDED_LIBRARIES,
            shared_arena_format(work->arena, "%s of the package cannot be loaded: %s", place, why.text),
            "put a shared object for the target there", NULL, err);
    status = grow(work, err);
    if (status == 0)
        work->objects[work->object_count++] = object;
    return status;
}

static bool has_versions(const struct elf_needs *needs, const char *library)
{
    for (size_t i = 0; i < needs->need_count; i++)
        if (strcmp(needs->needs[i].library, library) == 0)
            return true;
    return false;
}

/* Of libraries without versions nothing says which defines a symbol, unless there is only one. */
static const char *symbol_without_version(const struct elf_needs *needs)
{
    size_t libraries = 0;
    for (size_t i = 0; i < needs->needed.count; i++)
        libraries += !has_versions(needs, needs->needed.items[i]);
    for (size_t i = 0; libraries == 1 && i < needs->import_count; i++)
        if (needs->imports[i].need == ELF_NO_VERSION && !needs->imports[i].weak)
            return needs->imports[i].symbol;
    return NULL;
}

/* The first symbol that is asked of a library; NULL: none is known. */
static const char *symbol_of(const struct elf_needs *needs, const char *library)
{
    if (!has_versions(needs, library))
        return symbol_without_version(needs);
    for (size_t i = 0; i < needs->import_count; i++) {
        uint32_t need = needs->imports[i].need;
        if (need != ELF_NO_VERSION && strcmp(needs->needs[need].library, library) == 0)
            return needs->imports[i].symbol;
    }
    return NULL;
}

/* A library of the package is named; what the program itself asks for has its chain. */
static int add_missing(struct check_work *work, size_t index, const char *name, struct shared_error *err)
{
    const struct check_object *object = &work->objects[index];
    const char *runtime = manifest_runtime_name(work->plan->manifest->runtime);
    const char *symbol = symbol_of(&object->needs, name);
    struct check_finding finding = {0};
    int status = index == 0 && symbol ? check_chain_of_import(work, symbol, &finding, err) : 0;
    const char *what =
        object->place ? shared_arena_format(work->arena, "%s of the package needs %s, which %s does not have",
                                            object->place, name, runtime)
                      : shared_arena_format(work->arena, "needs %s, which %s does not have", name, runtime);
    if (status < 0)
        return status;
    return check_add(work, CHECK_NEEDED_LIBRARIES, what,
                     work->plan->manifest->policy
                         ? "add it under lib/ as an asset, link it statically, or list it in the policy file"
                         : "add it under lib/ as an asset or link it statically",
                     &finding, err);
}

/* What the target has goes first: its folders stand before the package's in LD_LIBRARY_PATH. */
static int check_object_needs(struct check_work *work, size_t index, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->objects[index].needs.needed.count; i++) {
        const char *name = work->objects[index].needs.needed.items[i];
        struct manifest_texts versions;
        if (strchr(name, '/') == NULL && check_target_has(work->plan, name, &versions))
            continue;
        const char *place = check_find_place(work, &work->objects[index], name);
        if (!place)
            status = add_missing(work, index, name, err);
        else if (!is_listed(work, place))
            status = add_object(work, place, err);
    }
    return status;
}

int check_libraries(struct check_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->object_count; i++) {
        if (work->objects[i].needs.needed.count > 0 && (i > 0 || work->interpreter))
            status = check_object_needs(work, i, err);
        if (status == 0)
            status = check_versions(work, &work->objects[i], err);
    }
    return status;
}

/* A library that is in the package, but found only after one of the target's would be. */
static int check_shadow(struct check_work *work, const struct check_object *object, const char *name,
                        struct shared_error *err)
{
    struct manifest_texts versions;
    const char *place = check_find_place(work, object, name);
    const char *runtime = manifest_runtime_name(work->plan->manifest->runtime);
    if (!place || strchr(name, '/') || (object->needs.search_path && !object->needs.run_path))
        return 0;
    const char *who = object->place ? object->place : "the program";
    if (check_target_has(work->plan, name, &versions))
        return check_add(work, CHECK_RUNPATH,
                         shared_arena_format(work->arena,
                                             "%s of the package is not what %s loads: %s has %s, and its "
                                             "folders stand first in LD_LIBRARY_PATH",
                                             place, who, runtime, name),
                         "leave it out, or link with -Wl,--disable-new-dtags,-rpath,'$ORIGIN/lib'", NULL,
                         err);
    if (!object->needs.run_path)
        return 0;
    return check_add(work, CHECK_RUNPATH,
                     shared_arena_format(work->arena,
                                         "RUNPATH %s of %s is searched after LD_LIBRARY_PATH: a %s of "
                                         "the runtime's would be loaded before %s",
                                         object->needs.run_path, who, name, place),
                     "link with -Wl,--disable-new-dtags, which makes it an RPATH", NULL, err);
}

int check_run_paths(struct check_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; i < work->object_count; i++)
        for (size_t j = 0; status == 0 && j < work->objects[i].needs.needed.count; j++)
            status = check_shadow(work, &work->objects[i], work->objects[i].needs.needed.items[j], err);
    return status;
}
