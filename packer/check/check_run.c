#include "check/check_inner.h"

#include "base/cleanup.h"
#include "image/elf_dynamic.h"

#include <string.h>

/* The program is the first object. */
static int read_program(struct check_work *work, struct shared_error *err)
{
    struct elf_dynamic dynamic;
    work->objects = shared_arena_alloc(work->scratch, 8 * sizeof(*work->objects));
    if (!work->objects)
        return check_no_memory(work, err);
    work->object_capacity = 8;
    work->object_count = 1;
    struct check_object *program = &work->objects[0];
    *program = (struct check_object){0};
    int status = elf_file_read(work->input->paths.shipped, work->scratch, &program->file, err);
    if (status == 0)
        status = elf_needs_read(&program->file, work->scratch, &program->needs, err);
    if (status == 0)
        status = elf_dynamic_read(&program->file, work->arena, &dynamic, err);
    if (status == 0)
        work->interpreter = dynamic.interpreter;
    return status;
}

static int check_machine(struct check_work *work, struct shared_error *err)
{
    GElf_Half wanted = work->plan->manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    GElf_Half machine = work->objects[0].file.header.e_machine;
    if (machine == wanted)
        return 0;
    const char *name = elf_machine_name(machine, work->scratch);
    return check_add(work, CHECK_ARCHITECTURE,
                     shared_arena_format(work->arena, "is for %s; the target is %s",
                                         name ? name : "another machine",
                                         manifest_architecture_name(work->plan->manifest->architecture)),
                     "build it for the target, or change target.architecture", NULL, err);
}

int check_function(struct check_plan *plan, const struct check_input *input, struct check_report *report,
                   struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct check_work work = {
        .plan = plan, .input = input, .report = report, .arena = plan->arena, .scratch = &scratch};
    static int (*const checks[])(struct check_work *, struct shared_error *) = {
        read_program,    check_machine,  check_loader,        check_libraries,
        check_run_paths, check_segments, check_link_warnings, check_static_locale};
    *report = (struct check_report){0};
    int status = 0;
    for (size_t i = 0; status == 0 && i < sizeof(checks) / sizeof(checks[0]); i++)
        status = checks[i](&work, err);
    if (status == 0)
        check_turn_off(&work);
    return status;
}
