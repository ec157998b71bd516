#include "pack_run.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/path.h"
#include "base/progress.h"
#include "command.h"
#include "image/image.h"
#include "limit/limit.h"
#include "link/link.h"
#include "manifest/manifest.h"
#include "report/report.h"
#include "zip/package.h"
#include "zip/zip_all.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first of libdeflate's levels that looks for the shortest parse: 3 % fewer bytes than zlib's best, in
 * its time. */
#define DEFLATE_LEVEL 10

/* Everything of one run; the arrays have an element for each function. */
struct pack {
    const struct pack_options *options;
    struct shared_arena arena;
    struct shared_error err;
    struct manifest manifest;
    const char *output, *state;
    struct limit_values limits;
    struct limit_region region;
    struct limit_findings findings;
    struct package *packages;
    struct linked *linked;
    struct image *images;
    struct limit_usage *usages;
    struct zip_task *tasks;
    struct report_function *functions;
    int state_lock, output_lock;
};

static void *allocate(struct pack *pack, size_t size)
{
    void *memory = shared_arena_alloc(&pack->arena, (pack->manifest.function_count + 1) * size);
    if (memory)
        memset(memory, 0, (pack->manifest.function_count + 1) * size);
    return memory;
}

static int no_memory(struct pack *pack)
{
    return shared_fail(&pack->err, SHARED_ENOMEM, 0, "%s: no memory to pack it", pack->options->manifest);
}

/* What the manifest says: a failure here is the user's to mend in it. */
static int read_manifest(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    int status = manifest_read(options->manifest, &pack->arena, &pack->manifest, &pack->err);
    if (status == 0)
        status = limit_values_read(&pack->manifest, &pack->arena, &pack->limits, &pack->err);
    if (status < 0)
        return status;
    pack->packages = allocate(pack, sizeof(*pack->packages));
    pack->linked = allocate(pack, sizeof(*pack->linked));
    pack->images = allocate(pack, sizeof(*pack->images));
    pack->usages = allocate(pack, sizeof(*pack->usages));
    pack->tasks = allocate(pack, sizeof(*pack->tasks));
    pack->functions = allocate(pack, sizeof(*pack->functions));
    const char *state = shared_arena_format(&pack->arena, ".demine/%s", pack->manifest.name);
    if (!pack->packages || !pack->linked || !pack->images || !pack->usages || !pack->tasks ||
        !pack->functions || !state)
        return no_memory(pack);
    pack->output = options->output ? options->output : path_join(&pack->arena, pack->manifest.folder, "dist");
    pack->state = options->state ? options->state : path_join(&pack->arena, pack->manifest.folder, state);
    return pack->output && pack->state ? 0 : no_memory(pack);
}

static int take_folder(struct pack *pack, const char *folder, int *lock)
{
    int status = file_make_folders(folder, &pack->err);
    if (status == 0)
        status = lock_folder(folder, false, lock, &pack->err);
    if (status == 1) {
        if (!pack->options->quiet)
            fprintf(stderr, "demine: another demine works in %s; waiting for it\n", folder);
        status = lock_folder(folder, true, lock, &pack->err);
    }
    return status;
}

static bool is_same_folder(const char *a, const char *b)
{
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

/* Removes what killed runs left. */
static int sweep(struct pack *pack)
{
    const char *objects = path_join(&pack->arena, pack->state, "object");
    if (!objects)
        return no_memory(pack);
    int status = zip_sweep(pack->output, &pack->err);
    if (status == 0)
        status = zip_sweep(objects, &pack->err);
    for (size_t i = 0; status == 0 && i < pack->manifest.function_count; i++) {
        const char *folder = shared_arena_format(&pack->arena, "%s/function/%s", pack->state,
                                                 pack->manifest.functions[i].name);
        status = folder ? zip_sweep(folder, &pack->err) : no_memory(pack);
    }
    return status;
}

/* The folders are this run's from here on. */
static int take_folders(struct pack *pack)
{
    int status = take_folder(pack, pack->state, &pack->state_lock);
    /* One lock is enough for one folder: a second would wait for the first for ever. */
    if (status == 0 && !is_same_folder(pack->state, pack->output))
        status = take_folder(pack, pack->output, &pack->output_lock);
    return status == 0 ? sweep(pack) : status;
}

/* What a function weighs as far as it is known: its assets, then its program by origin too, then its zip. */
static int fill_usage(struct pack *pack, size_t i)
{
    const struct manifest_function *function = &pack->manifest.functions[i];
    const struct package *package = &pack->packages[i];
    const struct image *image = &pack->images[i];
    struct limit_part *parts =
        shared_arena_alloc(&pack->arena, (package->count + image->origin_count) * sizeof(*parts));
    if (!parts)
        return no_memory(pack);
    struct limit_usage *usage = &pack->usages[i];
    *usage = (struct limit_usage){
        .function = function->name,
        .unzipped_bytes = package->unzipped_bytes,
        .environment_bytes = limit_environment_bytes(function),
        .memory_mb = function->memory_mb,
        .timeout_s = function->timeout_s,
        .parts = parts,
    };
    for (size_t j = 0; j < package->count; j++) {
        if (image->file_bytes == 0 || strcmp(package->entries[j].place, "bootstrap") != 0)
            parts[usage->part_count++] =
                (struct limit_part){package->entries[j].place, package->entries[j].size_bytes};
    }
    for (size_t j = 0; j < image->origin_count; j++)
        parts[usage->part_count++] = (struct limit_part){image->origins[j].name, image->origins[j].bytes};
    usage->zipped = pack->tasks[i].zip_bytes > 0;
    usage->zip_bytes = pack->tasks[i].zip_bytes;
    return 0;
}

/* Holds what is known against the limits. Returns 0, a negative code, or 1 where one is exceeded. */
static int check_limits(struct pack *pack)
{
    size_t count = pack->manifest.function_count;
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = fill_usage(pack, i);
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

static void print_messages(const struct step_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        const struct step_message *message = &messages->items[i];
        fprintf(stderr, "%s%s:\n%.*s", message->title, message->status ? "" : " (warning)",
                (int)message->text.size_bytes, message->text.data ? message->text.data : "");
        if (message->text.size_bytes == 0)
            fprintf(stderr, "  exit status %d and no word about it\n", message->status);
        else if (message->text.data[message->text.size_bytes - 1] != '\n')
            fputc('\n', stderr);
    }
}

static void link_advanced(void *user, size_t done, size_t count)
{
    progress_update(user, (double)done / (double)count, "linking");
}

static void zip_advanced(void *user, double share)
{
    progress_update(user, share, "packing");
}

static int link_all(struct pack *pack)
{
    struct step_messages messages = {0};
    struct progress progress;
    progress_init(&progress, stderr, pack->options->progress);
    const struct link_options options = {
        .state = pack->state,
        .parallel = pack->options->parallel,
        .progress = link_advanced,
        .user = &progress,
    };
    int status = link_functions(&pack->manifest, &options, &pack->arena, pack->linked, &messages, &pack->err);
    progress_clean_up(&progress);
    print_messages(&messages);
    return status;
}

static const char **places_of(struct pack *pack, const struct package *package)
{
    const char **places = shared_arena_alloc(&pack->arena, package->count * sizeof(*places));
    for (size_t i = 0; places && i < package->count; i++)
        places[i] = package->entries[i].place;
    return places;
}

/* Looks into each program, and whether the target can run it. */
static int read_images(struct pack *pack)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        const struct manifest_function *function = &pack->manifest.functions[i];
        const struct image_paths paths = {pack->linked[i].shipped, pack->linked[i].unstripped,
                                          pack->linked[i].map};
        const char **places = places_of(pack, &pack->packages[i]);
        if (!places)
            return no_memory(pack);
        int status =
            image_read(&pack->manifest, function, &paths, &pack->arena, &pack->images[i], &pack->err);
        if (status == 0)
            status = image_check_target(&pack->manifest, function->name, &pack->images[i], places,
                                        pack->packages[i].count, &pack->err);
        if (status == 0)
            status =
                package_add_bootstrap(&pack->packages[i], pack->linked[i].shipped, &pack->arena, &pack->err);
        if (status < 0)
            return status;
    }
    return 0;
}

static const char *output_path(struct pack *pack, size_t i, const char *ending)
{
    const char *name = pack->manifest.functions[i].name;
    return shared_arena_format(&pack->arena, "%s/%s%s", pack->output, name, ending);
}

static int zip_all(struct pack *pack)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        const char *name = pack->manifest.functions[i].name;
        pack->tasks[i] = (struct zip_task){
            .name = name,
            .package = &pack->packages[i],
            .path = output_path(pack, i, ".zip"),
            .record = shared_arena_format(&pack->arena, "%s/function/%s/zip.record", pack->state, name),
        };
        if (!pack->tasks[i].path || !pack->tasks[i].record)
            return no_memory(pack);
    }
    struct progress progress;
    progress_init(&progress, stderr, pack->options->progress);
    const struct zip_all_options options = {.level = DEFLATE_LEVEL,
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
            .zip = pack->tasks[i].path,
            .unstripped = output_path(pack, i, ".debug"),
            .zip_bytes = pack->tasks[i].zip_bytes,
            .unchanged = !pack->tasks[i].temporary,
        };
        if (!function->unstripped)
            return no_memory(pack);
        int status = file_copy(pack->linked[i].unstripped, function->unstripped, &pack->err);
        if (status < 0)
            return status;
    }
    return zip_commit_all(pack->tasks, pack->manifest.function_count, &pack->err);
}

/* Nothing may be left that could be uploaded by mistake: the zips of an earlier run neither. */
static void remove_zips(struct pack *pack)
{
    zip_abandon_all(pack->tasks, pack->manifest.function_count);
    for (size_t i = 0; i < pack->manifest.function_count; i++) {
        const char *path = output_path(pack, i, ".zip");
        if (path && unlink(path) < 0 && errno != ENOENT)
            fprintf(stderr, "demine: %s exceeds a limit, but cannot be removed: %m\n", path);
    }
}

/* The stages, in order; the limits are looked at as soon as there is something new to hold against them.
 * Returns 0, a negative code, or 1 where a limit is exceeded. */
static int run_stages(struct pack *pack)
{
    int status = take_folders(pack);
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
        status = zip_all(pack);
    if (status == 0)
        status = check_limits(pack);
    if (status == 0)
        status = commit(pack);
    if (status < 0)
        zip_abandon_all(pack->tasks, pack->manifest.function_count);
    if (status > 0)
        remove_zips(pack);
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
    if (status == 0)
        status = print_report(pack);
    for (size_t i = 0; status > 0 && i < pack->findings.count; i++) {
        if (pack->findings.items[i].exceeded)
            fprintf(stderr, "demine: %s\n", pack->findings.items[i].message);
    }
    if (status > 0)
        fprintf(stderr, "demine: no zip of %s is left in %s\n", pack->manifest.name, pack->output);
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
    close_fd(&pack.output_lock);
    close_fd(&pack.state_lock);
    shared_arena_clean_up(&pack.arena);
    return result;
}
