#include "check/check_inner.h"

#include <inttypes.h>
#include <string.h>

/* System V ABI, AMD64 supplement, 5.2.1; the one for AArch64 is that of glibc's sysdeps/aarch64. */
static const char *loader_of(enum manifest_architecture architecture)
{
    return architecture == ARCHITECTURE_ARM64 ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";
}

int check_loader(struct check_work *work, struct shared_error *err)
{
    const struct manifest *manifest = work->plan->manifest;
    const struct manifest_texts *needed = &work->objects[0].needs.needed;
    const char *expected = loader_of(manifest->architecture);
    if (!work->interpreter && needed->count > 0)
        return check_add(work, CHECK_LOADER,
                         shared_arena_format(work->arena,
                                             "needs %s, but names no dynamic loader that would find it",
                                             needed->items[0]),
                         "link it with the compiler, or statically", NULL, err);
    if (work->interpreter && strcmp(work->interpreter, expected) != 0)
        return check_add(work, CHECK_LOADER,
                         shared_arena_format(work->arena, "is loaded by %s; %s has %s", work->interpreter,
                                             manifest_runtime_name(manifest->runtime), expected),
                         "link it statically, or against glibc", NULL, err);
    return 0;
}

static const char *name_of(const struct check_object *object)
{
    return object->place ? object->place : "the program";
}

/*
 * Without PT_GNU_STACK glibc takes DEFAULT_STACK_PERMS, which are executable (elf/dl-load.c,
 * csu/libc-start.c), for threads too.
 */
static int check_stack(struct check_work *work, const struct check_object *object, struct shared_error *err)
{
    const GElf_Phdr *stack = elf_file_segment(&object->file, PT_GNU_STACK);
    if (stack && (stack->p_flags & PF_X) == 0)
        return 0;
    const char *input = object->place ? NULL : check_stack_input(work);
    const char *why =
        stack ? "asks for an executable stack" : "does not say that its stack is not executable";
    const char *what = input ? shared_arena_format(work->arena, "%s %s, for %s", name_of(object), why, input)
                             : shared_arena_format(work->arena, "%s %s", name_of(object), why);
    return check_add(
        work, CHECK_EXECUTABLE_STACK, what,
        input ? "add .section .note.GNU-stack,\"\",%progbits to its assembly, and no nested function "
                "whose address is taken"
              : "link with -z noexecstack",
        NULL, err);
}

static int check_writable(struct check_work *work, const struct check_object *object,
                          struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < object->file.segment_count; i++) {
        const GElf_Phdr *segment = &object->file.segments[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & (PF_W | PF_X)) != (PF_W | PF_X))
            continue;
        status = check_add(work, CHECK_WRITABLE_CODE,
                           shared_arena_format(work->arena,
                                               "segment %zu of %s, %" PRIu64 " bytes at 0x%" PRIx64
                                               ", is writable and executable",
                                               i, name_of(object), (uint64_t)segment->p_memsz,
                                               (uint64_t)segment->p_vaddr),
                           "link without -N, -z rwx or a script that joins code and data", NULL, err);
    }
    return status;
}

int check_segments(struct check_work *work, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < work->object_count; i++) {
        status = check_stack(work, &work->objects[i], err);
        if (status == 0)
            status = check_writable(work, &work->objects[i], err);
    }
    return status;
}
