#include "project_check.h"

int project_check(struct check_plan *plan, const struct manifest_function *function,
                  const struct linked *linked, const struct package *package, struct check_report *report,
                  struct shared_error *err)
{
    struct check_file *files = shared_arena_alloc(plan->arena, package->count * sizeof(*files));
    if (!files)
        return shared_fail(err, SHARED_ENOMEM, 0, "function %s: no memory to check it", function->name);
    for (size_t i = 0; i < package->count; i++)
        files[i] = (struct check_file){package->entries[i].place, package->entries[i].source};
    const struct check_input input = {
        .function = function,
        .paths = {linked->shipped, linked->unstripped, linked->map},
        .files = files,
        .file_count = package->count,
    };
    return check_function(plan, &input, report, err);
}
