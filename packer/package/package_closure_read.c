#include "package/package_closure_find.h"

#include "base/cleanup.h"
#include "check/checks.h"
#include "image/elf_file.h"
#include "image/elf_needs.h"

#include <stdlib.h>
#include <string.h>

int closure_no_memory(const char *name, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for %s", name);
}

static bool copy_text(struct shared_arena *arena, const char *text, const char **copy)
{
    *copy = text ? shared_arena_copy(arena, shared_slice_from_text(text)) : NULL;
    return *copy || !text;
}

static bool keep(struct closure_object *object, const struct elf_needs *needs, struct shared_arena *arena)
{
    size_t count = needs->needed.count;
    object->needed.items = shared_arena_alloc(arena, count * sizeof(*object->needed.items));
    if (!object->needed.items || !copy_text(arena, needs->soname, &object->soname) ||
        !copy_text(arena, needs->run_path, &object->run_path) ||
        !copy_text(arena, needs->search_path, &object->search_path))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy_text(arena, needs->needed.items[i], &object->needed.items[object->needed.count++]))
            return false;
    return true;
}

/* A file as a whole is needed only while its tables are read. */
static int read_object(const struct package_closure *closure, struct closure_object *object,
                       struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    GElf_Half wanted = closure->target->manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    struct elf_file file;
    struct elf_needs needs;
    int status = elf_file_read(object->path, &scratch, &file, err);
    if (status == 0 && file.header.e_machine != wanted) {
        const char *machine = elf_machine_name(file.header.e_machine, &scratch);
        return shared_fail(err, SHARED_EINVAL, 0, "%s is for %s", object->path,
                           machine ? machine : "another machine");
    }
    if (status == 0)
        status = elf_needs_read(&file, &scratch, &needs, err);
    if (status < 0)
        return status;
    object->interpreted = elf_file_segment(&file, PT_INTERP) != NULL;
    object->size_bytes = file.content.size_bytes;
    return keep(object, &needs, closure->arena) ? 0 : closure_no_memory(object->path, err);
}

static int resolve(const struct package_closure *closure, struct closure_object *object)
{
    CLEANUP_FREE char *file = realpath(object->path, NULL);
    object->file = file ? shared_arena_copy(closure->arena, shared_slice_from_text(file)) : object->path;
    return object->file ? 0 : SHARED_ENOMEM;
}

int closure_read(struct package_closure *closure, const char *path, const struct closure_object **object,
                 struct shared_error *err)
{
    struct shared_error why = {0};
    struct closure_object *known = closure->objects;
    while (known && strcmp(known->path, path) != 0)
        known = known->next;
    if (!known) {
        known = shared_arena_alloc(closure->arena, sizeof(*known));
        if (!known)
            return closure_no_memory(path, err);
        *known = (struct closure_object){.next = closure->objects};
        known->path = shared_arena_copy(closure->arena, shared_slice_from_text(path));
        int status = known->path ? read_object(closure, known, &why) : SHARED_ENOMEM;
        if (status < 0 && status != SHARED_ENOMEM)
            known->problem = shared_arena_copy(closure->arena, shared_slice_from_text(why.text));
        if (status == SHARED_ENOMEM || (status < 0 && !known->problem) || resolve(closure, known) < 0)
            return closure_no_memory(path, err);
        closure->objects = known;
    }
    *object = known;
    return 0;
}
