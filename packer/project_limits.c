#include "project_limits.h"
#include "project_image.h"

#include "base/path.h"
#include "base/progress.h"
#include "content/content.h"
#include "limit/limit_usage.h"
#include "zip/zip_all.h"

#include <string.h>

/* What is found out on the way; the arrays have an element for each function. */
struct work {
    struct project *project;
    struct package *packages;
    struct image *images;
    struct zip_task *tasks;
    struct shared_error *err;
};

static int no_memory(struct work *work)
{
    return shared_fail(work->err, SHARED_ENOMEM, 0, "%s: no memory to hold it against the limits",
                       work->project->manifest.path);
}

static void *allocate(struct work *work, size_t size)
{
    size_t bytes = work->project->manifest.function_count * size;
    void *memory = shared_arena_alloc(&work->project->arena, bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}

static int collect(struct work *work, size_t i)
{
    struct project *project = work->project;
    const struct manifest_function *function = &project->manifest.functions[i];
    const struct linked *linked = &project->linked[i];
    int status =
        package_collect(&project->manifest, function, &project->arena, &work->packages[i], work->err);
    if (status == 0)
        status = project_read_image(project, i, &project->arena, &work->images[i], work->err);
    if (status == 0)
        status = package_add_bootstrap(&work->packages[i], linked->shipped, &project->arena, work->err);
    return status;
}

/* Where demine pack puts the zip, if it is current; else, with one more in *missing, a place that nobody reads. */
static int prepare(struct work *work, size_t i, size_t *missing)
{
    struct project *project = work->project;
    const char *name = project->manifest.functions[i].name;
    struct zip_task *task = &work->tasks[i];
    const char *file = shared_arena_format(&project->arena, "dist/%s.zip", name);
    *task = (struct zip_task){
        .name = shared_arena_format(&project->arena, "function %s", name),
        .package = &work->packages[i],
        .path = file ? path_join(&project->arena, project->manifest.folder, file) : NULL,
        .record = shared_arena_format(&project->arena, "%s/function/%s/zip.record", project->state, name),
    };
    bool current;
    if (!task->name || !task->path || !task->record)
        return no_memory(work);
    int status = zip_task_look(task, project->manifest.level, &current, work->err);
    if (status < 0 || current)
        return status;
    (*missing)++;
    task->path = shared_arena_format(&project->arena, "%s/function/%s/measured.zip", project->state, name);
    return task->path ? 0 : no_memory(work);
}

static void zip_advanced(void *user, double share)
{
    progress_update(user, share, "measuring");
}

static int write_zips(struct work *work, struct content_set *contents, const struct project_options *options)
{
    size_t count = work->project->manifest.function_count;
    struct progress progress;
    progress_init(&progress, stderr, !options->quiet);
    const struct zip_all_options zip = {.contents = contents,
                                        .level = work->project->manifest.level,
                                        .parallel = options->parallel,
                                        .progress = zip_advanced,
                                        .user = &progress};
    int status = content_deflate(contents, work->err);
    if (status == 0)
        status = zip_write_all(work->tasks, count, &zip, &work->project->arena, work->err);
    progress_clean_up(&progress);
    zip_abandon_all(work->tasks, count);
    return status;
}

static int measure(struct work *work, const struct project_options *options)
{
    struct project *project = work->project;
    const struct content_options content = {
        .state = project->state, .parallel = options->parallel, .level = project->manifest.level};
    struct content_set *contents = content_open(&content, work->err);
    if (!contents)
        return SHARED_EIO;
    size_t missing = 0;
    int status = content_read(contents, work->packages, project->manifest.function_count, work->err);
    for (size_t i = 0; status == 0 && i < project->manifest.function_count; i++)
        status = prepare(work, i, &missing);
    if (status == 0 && missing > 0)
        status = write_zips(work, contents, options);
    content_close(contents);
    return status;
}

static int check(struct work *work, const char *account, struct limit_usage *usages,
                 struct limit_findings *findings)
{
    struct project *project = work->project;
    size_t count = project->manifest.function_count;
    struct limit_region region = {.limit_bytes = LIMIT_NONE};
    struct limit_values limits;
    int status = limit_values_read(&project->manifest, &project->arena, &limits, work->err);
    if (status == 0 && account)
        status = limit_region_read(account, &project->arena, &region, work->err);
    struct limit_part *added = allocate(work, sizeof(*added));
    if (!added)
        return no_memory(work);
    for (size_t i = 0; status == 0 && i < count; i++) {
        const struct limit_input input = {.function = &project->manifest.functions[i],
                                          .package = &work->packages[i],
                                          .image = &work->images[i],
                                          .zip_bytes = work->tasks[i].zip.zip_bytes};
        status = limit_usage_make(&input, &project->arena, &usages[i], work->err);
        added[i] = (struct limit_part){input.function->name, input.zip_bytes};
    }
    region.added = added;
    region.added_count = count;
    return status < 0 ? status
                      : limit_check(&project->manifest, &limits, usages, count, &region, &project->arena,
                                    findings, work->err);
}

int project_limits_read(struct project *project, const struct project_options *options, const char *account,
                        struct limit_usage **usages, struct limit_findings *findings,
                        struct shared_error *err)
{
    struct work work = {.project = project, .err = err};
    work.packages = allocate(&work, sizeof(*work.packages));
    work.images = allocate(&work, sizeof(*work.images));
    work.tasks = allocate(&work, sizeof(*work.tasks));
    *usages = allocate(&work, sizeof(**usages));
    if (!work.packages || !work.images || !work.tasks || !*usages)
        return no_memory(&work);
    int status = 0;
    for (size_t i = 0; status == 0 && i < project->manifest.function_count; i++)
        status = collect(&work, i);
    if (status == 0)
        status = measure(&work, options);
    return status < 0 ? status : check(&work, account, *usages, findings);
}
