#include "package/package.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "base/pool.h"
#include "package/package_list.h"
#include "package/package_shown.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char bootstrap[] = "bootstrap";

static uint64_t sum_of_sizes(const struct package *package)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < package->count; i++) {
        /* Sparse files can claim any size. */
        if (__builtin_add_overflow(sum, package->entries[i].size_bytes, &sum))
            return UINT64_MAX;
    }
    return sum;
}

/* The failure of a step, in the words of the manifest's reader: with file, line and place in it. */
static int fail_in_manifest(const struct manifest *manifest, const char *json_path, const char *member,
                            const struct shared_error *failure, struct shared_error *err)
{
    manifest_fail(manifest, json_path, member, err, "%s", failure->text);
    if (err) {
        err->code = failure->code;
        err->sys_errno = failure->sys_errno;
    }
    return failure->code;
}

static int collect_asset(struct package_list *list, const struct manifest *manifest,
                         const struct manifest_asset *asset, struct shared_error *err)
{
    struct shared_error failure;
    const char *source = path_join(list->arena, manifest->folder, asset->source);
    if (!source)
        return package_no_memory(err);
    if (package_asset_add(list, source, asset, &failure) < 0)
        return fail_in_manifest(manifest, asset->json_path, NULL, &failure, err);
    return 0;
}

static int collect(const struct manifest *manifest, const struct manifest_function *function,
                   const struct package_own *own, unsigned threads, struct shared_arena *arena,
                   struct package *package, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena growth = {0};
    struct package_list list = {.arena = arena,
                                .growth = &growth,
                                .self = geteuid(),
                                .threads = threads,
                                .program = manifest_is_program(function),
                                .manifest = manifest,
                                .own = own};
    struct shared_error failure;
    for (size_t i = 0; i < function->asset_count; i++) {
        int status = collect_asset(&list, manifest, &function->assets[i], err);
        if (status < 0)
            return status;
    }
    package_list_replace_links(&list, function);
    if (package_clash_check(&list, &failure) < 0 || package_link_check(&list, &failure) < 0)
        return fail_in_manifest(manifest, function->json_path, "assets", &failure, err);
    *package = (struct package){.entries = list.items, .count = list.count};
    package->unzipped_bytes = sum_of_sizes(package);
    return 0;
}

int package_collect(const struct manifest *manifest, const struct manifest_function *function,
                    const struct package_own *own, struct shared_arena *arena, struct package *package,
                    struct shared_error *err)
{
    return collect(manifest, function, own, 1, arena, package, err);
}

struct collecting {
    const struct manifest *manifest;
    const struct package_own *own;
    unsigned threads; /* for each function */
    struct shared_arena *arenas;
    struct package *packages;
};

static int collect_one(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    const struct collecting *all = user;
    (void)worker;
    return collect(all->manifest, &all->manifest->functions[index], all->own, all->threads,
                   &all->arenas[index], &all->packages[index], err);
}

int package_collect_all(const struct manifest *manifest, const struct package_own *own, unsigned threads,
                        struct shared_arena *arenas, struct package *packages, struct shared_error *err)
{
    size_t count = manifest->function_count;
    /* A walk has the asset's folder open, and one for each of its threads. */
    unsigned at_once = threads > POOL_THREADS_OF_TWO ? POOL_THREADS_OF_TWO : threads;
    if (at_once > count)
        at_once = count ? (unsigned)count : 1;
    struct collecting all = {manifest, own, threads / at_once, arenas, packages};
    return pool_run(at_once, count, collect_one, &all, err);
}

struct package_print package_print_of(const struct stat *st)
{
    static const int64_t second_ns = 1000000000;
    return (struct package_print){
        .inode = st->st_ino,
        .device = st->st_dev,
        .modified_ns = st->st_mtim.tv_sec * second_ns + st->st_mtim.tv_nsec,
        .changed_ns = st->st_ctim.tv_sec * second_ns + st->st_ctim.tv_nsec,
    };
}

int package_add_bootstrap(struct package *package, const char *source, struct shared_arena *arena,
                          struct shared_error *err)
{
    struct stat st;
    if (stat(source, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "bootstrap: look at %s", package_shown(source).text);
    if (!S_ISREG(st.st_mode))
        return shared_fail(err, SHARED_EINVAL, 0, "bootstrap: %s is %s, not a file",
                           package_shown(source).text,
                           S_ISDIR(st.st_mode) ? "a folder" : "a device, socket or pipe");
    size_t before = 0;
    while (before < package->count && strcmp(package->entries[before].place, bootstrap) < 0)
        before++;
    if (before < package->count && strcmp(package->entries[before].place, bootstrap) == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "bootstrap: the package has one already, from %s",
                           package_shown(package->entries[before].source).text);

    struct package_entry *entries = shared_arena_alloc(arena, (package->count + 1) * sizeof(*entries));
    const char *kept = shared_arena_copy(arena, shared_slice_from_text(source));
    if (!entries || !kept)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to add %s", package_shown(source).text);
    for (size_t i = 0; i < package->count; i++)
        entries[i + (i >= before)] = package->entries[i];
    entries[before] = (struct package_entry){.place = bootstrap,
                                             .source = kept,
                                             .kind = PACKAGE_EXECUTABLE,
                                             .size_bytes = (uint64_t)st.st_size,
                                             .print = package_print_of(&st)};
    package->entries = entries;
    package->count++;
    package->unzipped_bytes = sum_of_sizes(package);
    return 0;
}
