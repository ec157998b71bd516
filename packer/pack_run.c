#include "pack_inner.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "base/progress.h"
#include "command.h"
#include "content/content.h"
#include "limit/limit_usage.h"
#include "project.h"
#include "project_check.h"
#include "project_image.h"
#include "report/report_check.h"

#include <string.h>

int pack_no_memory(struct pack *pack)
{
    return shared_fail(&pack->err, SHARED_ENOMEM, 0, "%s: no memory to pack it", pack->options->manifest);
}

static void *allocate(struct pack *pack, size_t size)
{
    void *memory = shared_arena_alloc(&pack->arena, (pack->manifest.function_count + 1) * size);
    if (memory)
        memset(memory, 0, (pack->manifest.function_count + 1) * size);
    return memory;
}

/* What the manifest says: a failure here is the user's to mend in it. */
static int read_manifest(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    int status = manifest_read(options->manifest, &pack->arena, &pack->manifest, &pack->err);
    if (status == 0)
        status = limit_values_read(&pack->manifest, &pack->arena, &pack->limits, &pack->err);
    if (status == 0)
        status = check_plan_make(&pack->manifest, &pack->arena, &pack->checks, &pack->err);
    if (status < 0)
        return status;
    pack->packages = allocate(pack, sizeof(*pack->packages));
    pack->linked = allocate(pack, sizeof(*pack->linked));
    pack->images = allocate(pack, sizeof(*pack->images));
    pack->checked = allocate(pack, sizeof(*pack->checked));
    pack->usages = allocate(pack, sizeof(*pack->usages));
    pack->tasks = allocate(pack, sizeof(*pack->tasks));
    pack->functions = allocate(pack, sizeof(*pack->functions));
    if (!pack->packages || !pack->linked || !pack->images || !pack->checked || !pack->usages ||
        !pack->tasks || !pack->functions)
        return pack_no_memory(pack);
    pack->output = options->output ? options->output : path_join(&pack->arena, pack->manifest.folder, "dist");
    pack->state = project_state(&pack->manifest, options->state, &pack->arena);
    return pack->output && pack->state ? 0 : pack_no_memory(pack);
}

/* Holds what is known against the limits. Returns 0, a negative code, or 1 where one is exceeded. */
static int check_limits(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    struct limit_part *added = allocate(pack, sizeof(*added));
    int status = added ? 0 : pack_no_memory(pack);
    for (size_t i = 0; status == 0 && i < count; i++) {
        const struct limit_input input = {.function = &pack->manifest.functions[i],
                                          .package = &pack->packages[i],
                                          .image = &pack->images[i],
                                          .zip_bytes = pack->tasks[i].zip.zip_bytes};
        status = limit_usage_make(&input, &pack->arena, &pack->usages[i], &pack->err);
        added[i] = (struct limit_part){input.function->name, input.zip_bytes};
    }
    pack->region.added = added;
    pack->region.added_count = count;
    if (status == 0)
        status = limit_check(&pack->manifest, &pack->limits, pack->usages, count, &pack->region, &pack->arena,
                             &pack->findings, &pack->err);
    return status < 0 ? status : pack->findings.exceeded > 0;
}

static int collect(struct pack *pack)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < pack->manifest.function_count; i++)
        status = package_collect(&pack->manifest, &pack->manifest.functions[i], &pack->arena,
                                 &pack->packages[i], &pack->err);
    return status;
}

static void zip_advanced(void *user, double share)
{
    progress_update(user, share, "packing");
}

static int link_all(struct pack *pack)
{
    const struct project_link options = {
        .state = pack->state, .parallel = pack->options->parallel, .progress = pack->options->progress};
    return project_link(&pack->manifest, &options, &pack->arena, pack->linked, &pack->err);
}

/* Says what the checks of the target found. Returns 0, also where that is warnings alone, or a negative code. */
static int check_target(struct pack *pack, size_t i)
{
    const struct manifest_function *function = &pack->manifest.functions[i];
    struct check_report *report = &pack->checked[i];
    int status =
        project_check(&pack->checks, function, &pack->linked[i], &pack->packages[i], report, &pack->err);
    if (status == 0)
        status = report_check_findings(stderr, pack->manifest.path, function->name, report, &pack->arena,
                                       &pack->err);
    pack->refused += status == 0 && check_errors(report) > 0;
    return status;
}

/* Looks into each program, and whether the target can run it. */
static int read_images(struct pack *pack)
{
    pack->look = (struct project){
        .manifest = pack->manifest,
        .state = pack->state,
        .state_lock = -1,
        .linked = pack->linked,
        .graphs = allocate(pack, sizeof(*pack->look.graphs)),
    };
    if (!pack->look.graphs)
        return pack_no_memory(pack);
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        int status = project_read_image(&pack->look, i, &pack->arena, &pack->images[i], &pack->err);
        if (status == 0)
            status = check_target(pack, i);
        if (status == 0)
            status =
                package_add_bootstrap(&pack->packages[i], pack->linked[i].shipped, &pack->arena, &pack->err);
        if (status < 0)
            return status;
    }
    return pack->refused == 0
               ? 0
               : shared_fail(&pack->err, SHARED_EUNSUPPORTED, 0, "%zu of %zu functions would not run on %s",
                             pack->refused, pack->manifest.function_count,
                             manifest_runtime_name(pack->manifest.runtime));
}

static void warn(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "demine: %s\n", text);
}

/* Each distinct file of the packages is read and deflated once. */
static int read_contents(struct pack *pack)
{
    const struct content_options options = {.state = pack->state,
                                            .parallel = pack->options->parallel,
                                            .level = pack->manifest.level,
                                            .warn = warn};
    pack->contents = content_open(&options, &pack->err);
    int status = pack->contents ? 0 : SHARED_EIO;
    if (status == 0)
        status = content_read(pack->contents, pack->packages, pack->manifest.function_count, &pack->err);
    return status < 0 ? status : content_deflate(pack->contents, &pack->err);
}

static int zip_all(struct pack *pack)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        const char *name = pack->manifest.functions[i].name;
        pack->tasks[i] = (struct zip_task){
            .name = shared_arena_format(&pack->arena, "function %s", name),
            .package = &pack->packages[i],
            .path = pack_output_path(pack, i, ".zip"),
            .record = shared_arena_format(&pack->arena, "%s/function/%s/zip.record", pack->state, name),
        };
        if (!pack->tasks[i].name || !pack->tasks[i].path || !pack->tasks[i].record)
            return pack_no_memory(pack);
    }
    struct progress progress;
    progress_init(&progress, stderr, pack->options->progress);
    const struct zip_all_options options = {.contents = pack->contents,
                                            .level = pack->manifest.level,
                                            .parallel = pack->options->parallel,
                                            .progress = zip_advanced,
                                            .user = &progress};
    int status =
        zip_write_all(pack->tasks, pack->manifest.function_count, &options, &pack->arena, &pack->err);
    progress_clean_up(&progress);
    return status;
}

/* Moves zips into place, and the programs with their symbols beside them. */
static int commit(struct pack *pack)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        struct report_function *function = &pack->functions[i];
        *function = (struct report_function){
            .function = &pack->manifest.functions[i],
            .image = &pack->images[i],
            .package = &pack->packages[i],
            .checks = &pack->checked[i],
            .zip = pack->tasks[i].path,
            .unstripped = pack_output_path(pack, i, ".debug"),
            .zip_bytes = pack->tasks[i].zip.zip_bytes,
            .unchanged = !pack->tasks[i].temporary,
        };
        if (!function->unstripped)
            return pack_no_memory(pack);
        int status =
            build_id_copy(pack->linked[i].unstripped, function->unstripped, &pack->linked[i].id, &pack->err);
        if (status < 0)
            return status;
    }
    return zip_commit_all(pack->tasks, pack->manifest.function_count, &pack->err);
}

/* The stages, in order; the limits are looked at as soon as there is something new to hold against them.
 * Returns 0, a negative code, or 1 where a limit is exceeded or a budget broken. */
static int run_stages(struct pack *pack)
{
    int status = pack_take_folders(pack);
    if (status == 0)
        status = collect(pack);
    if (status == 0)
        status = check_limits(pack);
    if (status == 0)
        status = link_all(pack);
    if (status == 0)
        status = read_images(pack);
    if (status == 0)
        status = check_limits(pack);
    if (status == 0)
        status = pack_check_budgets(pack);
    if (status == 0)
        status = read_contents(pack);
    if (status == 0)
        status = zip_all(pack);
    if (status == 0)
        status = check_limits(pack);
    if (status == 0)
        status = commit(pack);
    if (status < 0)
        zip_abandon_all(pack->tasks, pack->manifest.function_count);
    return status;
}

static int print_report(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    const struct report report = {
        .manifest = &pack->manifest,
        .functions = pack->functions,
        .function_count = pack->manifest.function_count,
        .findings = &pack->findings,
        .region = &pack->region,
    };
    const struct report_style style = {.colour = options->colour};
    if (options->json)
        return report_json(stdout, &report, &pack->err);
    return options->quiet ? 0 : report_text(stdout, &report, &style, &pack->err);
}

static int finish(struct pack *pack, int status)
{
    if (status == 0) {
        pack_release_folders(pack);
        status = print_report(pack);
    }
    for (size_t i = 0; status > 0 && i < pack->findings.count; i++) {
        if (pack->findings.items[i].exceeded)
            fprintf(stderr, "demine: %s\n", pack->findings.items[i].message);
    }
    for (size_t i = 0; status > 0 && i < pack->budgets.count; i++)
        fprintf(stderr, "demine: %s\n", pack->budgets.items[i].message);
    if (status > 0)
        pack_remove_zips(pack);
    if (status < 0)
        command_complain(&pack->err);
    return status == 0 ? EXIT_DONE : status > 0 ? EXIT_LIMIT : EXIT_FAILED;
}

int pack_run(const struct pack_options *options)
{
    struct pack pack = {.options = options, .state_lock = -1, .output_lock = -1};
    int status = read_manifest(&pack), result = EXIT_FAILED;
    if (status < 0) {
        command_complain(&pack.err);
        result = status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    } else {
        pack.region = (struct limit_region){.limit_bytes = LIMIT_NONE};
        if (options->account)
            status = limit_region_read(options->account, &pack.arena, &pack.region, &pack.err);
        result = finish(&pack, status < 0 ? status : run_stages(&pack));
    }
    content_close(pack.contents);
    pack_release_folders(&pack);
    shared_arena_clean_up(&pack.look.arena);
    shared_arena_clean_up(&pack.arena);
    return result;
}
