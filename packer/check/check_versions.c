#include "check/check_inner.h"

#include <string.h>

#define PACKED_RELOCATIONS "GLIBC_ABI_DT_RELR"

static const char *runtime_of(const struct check_work *work)
{
    return manifest_runtime_name(work->plan->manifest->runtime);
}

/* " of lib/libpng16.so.16", for what a library of the package asks for. */
static const char *owner_text(const struct check_work *work, const struct check_object *object)
{
    return object->place ? shared_arena_format(work->arena, " of %s", object->place) : "";
}

static int add_newer(struct check_work *work, const struct check_object *object, const char *symbol,
                     const struct elf_need *need, const char *has, struct shared_error *err)
{
    struct check_finding finding = {0};
    const char *owner = owner_text(work, object);
    bool glibc = strncmp(need->version, "GLIBC_", 6) == 0;
    int status = object->place ? 0 : check_chain_of_import(work, symbol, &finding, err);
    if (status < 0)
        return status;
    if (!owner)
        return check_no_memory(work, err);
    if (!glibc)
        return check_add(work, CHECK_NEEDED_LIBRARIES,
                         shared_arena_format(work->arena, "%s%s asks for %s of %s; %s has %s", symbol, owner,
                                             need->version, need->library, runtime_of(work), has),
                         "build against an older one, or link it statically", &finding, err);
    return check_add(work, CHECK_GLIBC_CEILING,
                     shared_arena_format(work->arena, "%s%s asks for %s; %s has %s", symbol, owner,
                                         need->version, runtime_of(work), has + 6),
                     object->place ? "build it against an older glibc"
                                   : "link it statically, or build against an older glibc",
                     &finding, err);
}

/* Each symbol whose version is too new; a version that no symbol has is told of by itself. */
static int check_need(struct check_work *work, const struct check_object *object, uint32_t index,
                      struct shared_error *err)
{
    const struct elf_needs *needs = &object->needs;
    const struct elf_need *need = &needs->needs[index];
    struct manifest_texts versions;
    const char *has;
    bool named = false;
    int status = 0;
    if (!check_target_has(work->plan, need->library, &versions) ||
        !check_is_newer(&versions, need->version, &has))
        return 0;
    for (size_t i = 0; status == 0 && i < needs->import_count; i++) {
        if (needs->imports[i].need != index)
            continue;
        named = true;
        status = add_newer(work, object, needs->imports[i].symbol, need, has, err);
    }
    return status < 0 || named ? status : add_newer(work, object, "it", need, has, err);
}

/* glibc reads packed relocations from 2.36 on; a static-pie program relocates itself. */
static int check_packed(struct check_work *work, const struct check_object *object, struct shared_error *err)
{
    struct manifest_texts versions;
    const char *has, *owner = owner_text(work, object);
    bool packed = object->needs.packed_relocations && (object->place || work->interpreter);
    for (size_t i = 0; i < object->needs.need_count; i++)
        packed |= strcmp(object->needs.needs[i].version, PACKED_RELOCATIONS) == 0;
    if (!packed || !check_target_has(work->plan, "libc.so.6", &versions) ||
        !check_is_newer(&versions, "GLIBC_2.36", &has))
        return 0;
    if (!owner)
        return check_no_memory(work, err);
    return check_add(
        work, CHECK_DT_RELR,
        shared_arena_format(work->arena,
                            "the relocations%s are packed (DT_RELR), which glibc reads from 2.36 on; "
                            "%s has %s",
                            owner, runtime_of(work), has + 6),
        "link it without -z pack-relative-relocs", NULL, err);
}

int check_versions(struct check_work *work, const struct check_object *object, struct shared_error *err)
{
    int status = check_packed(work, object, err);
    for (uint32_t i = 0; status == 0 && i < object->needs.need_count; i++)
        status = check_need(work, object, i, err);
    return status;
}
