#include "pack_inner.h"

#include "command.h"
#include "package/package_closure.h"
#include "project_check.h"
#include "project_image.h"
#include "report/report_check.h"

static int link_all(struct pack *pack)
{
    const struct project_link options = {.state = pack->state,
                                         .parallel = pack->options->parallel,
                                         .progress = pack->options->progress,
                                         .again = pack->options->again,
                                         .linkages = &pack->linkages};
    return project_link(&pack->manifest, &options, &pack->arena, pack->linked, &pack->err);
}

/* Says what the checks of the target found. Returns 0, also where that is warnings alone, or a negative code. */
static int check_target(struct pack *pack, size_t i)
{
    const struct manifest_function *function = &pack->manifest.functions[i];
    struct check_report *report = &pack->checked[i];
    int status =
        project_check(&pack->checks, function, &pack->linked[i], &pack->packages[i], report, &pack->err);
    if (status == 0 && !(pack->options->again && check_errors(report) == 0))
        status = report_check_findings(stderr, pack->manifest.path, function->name, report, &pack->arena,
                                       &pack->err);
    pack->refused += status == 0 && check_errors(report) > 0;
    return status;
}

/* What is not found is for the checks to tell of, with what asks for it; but the search has something to say too. */
static int add_libraries(struct pack *pack, size_t i, struct package_closure *closure)
{
    struct shared_error err = {0};
    int status = package_add_closure(closure, &pack->manifest.functions[i], pack->linked[i].shipped,
                                     &pack->packages[i], &err);
    if (status == SHARED_ENOTFOUND) {
        if (!pack->options->again)
            command_complain(&err);
        return 0;
    }
    pack->err = err;
    return status;
}

/* A program with the libraries that it needs, looked into, and whether the target can run it. */
static int add_program(struct pack *pack, size_t i, struct package_closure *closure)
{
    int status = project_read_image(&pack->look, i, &pack->arena, &pack->images[i], &pack->err);
    if (status == 0)
        status = add_libraries(pack, i, closure);
    if (status == 0)
        status = check_target(pack, i);
    if (status == 0)
        status = package_add_bootstrap(&pack->packages[i], pack->linked[i].shipped, &pack->arena, &pack->err);
    return status;
}

static int prepare_look(struct pack *pack)
{
    pack->look = (struct project){
        .manifest = pack->manifest,
        .state = pack->state,
        .state_lock = -1,
        .forgetful = pack->options->again,
        .linked = pack->linked,
        .graphs = pack_allocate(pack, pack->manifest.function_count, sizeof(*pack->look.graphs)),
    };
    return pack->look.graphs ? 0 : pack_no_memory(pack);
}

int pack_link_programs(struct pack *pack)
{
    struct package_closure closure = {.target = &pack->checks, .arena = &pack->arena};
    size_t programs = 0;
    int status = link_all(pack);
    if (status == 0)
        status = prepare_look(pack);
    for (size_t i = 0; status == 0 && i < pack->manifest.function_count; i++) {
        if (!manifest_is_program(&pack->manifest.functions[i]))
            continue;
        programs++;
        status = add_program(pack, i, &closure);
    }
    return status < 0 || pack->refused == 0
               ? status
               : shared_fail(&pack->err, SHARED_EUNSUPPORTED, 0, "%zu of %zu functions would not run on %s",
                             pack->refused, programs, manifest_runtime_name(pack->manifest.runtime));
}
