/*
 * scan_files.c - what demine pack does before it compresses anything, for the script bench_pack, which times it: lists
 * what the functions of a manifest hold, hashes all of it and compares what has the same hash.
 *
 *     scan_files MANIFEST STATE
 *
 * STATE is a folder that is empty: nothing is known of the files. Prints how many files there are that hold something,
 * how many distinct contents they have, and their bytes.
 */
#include "base/pool.h"
#include "content/content.h"
#include "manifest/manifest.h"
#include "package/package.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Of those that are empty there is nothing to be found out. */
static void print_counts(const struct package *packages, size_t count, const struct content_set *set)
{
    size_t files = 0, empty = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < packages[i].count; k++) {
            const struct content *content = packages[i].entries[k].content;
            files += content && content->size_bytes > 0;
            empty |= content && content->size_bytes == 0;
            bytes += content ? content->size_bytes : 0;
        }
    }
    printf("%zu %zu %" PRIu64 "\n", files, content_counts(set).contents - empty, bytes);
}

static int scan(const char *path, const char *state, struct shared_arena *arena, struct shared_error *err)
{
    struct manifest manifest;
    if (manifest_read(path, arena, &manifest, err) < 0)
        return -1;
    const struct content_options options = {.state = state, .cache = "", .level = LEVEL_DEFAULT};
    struct package *packages = calloc(manifest.function_count + 1, sizeof(*packages));
    struct shared_arena *arenas = calloc(manifest.function_count + 1, sizeof(*arenas));
    struct content_set *set = packages && arenas ? content_open(&options, err) : NULL;
    int status = set ? package_collect_all(&manifest, NULL, pool_threads(0), arenas, packages, err) : -1;
    if (status == 0)
        status = content_read(set, packages, manifest.function_count, err);
    if (status == 0)
        print_counts(packages, manifest.function_count, set);
    content_close(set);
    for (size_t i = 0; arenas && i < manifest.function_count; i++)
        shared_arena_clean_up(&arenas[i]);
    free(arenas);
    free(packages);
    return status;
}

int main(int argc, char **argv)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    if (argc != 3) {
        fputs("usage: scan_files MANIFEST STATE\n", stderr);
        return 2;
    }
    int status = scan(argv[1], argv[2], &arena, &err);
    if (status < 0)
        fprintf(stderr, "scan_files: %s\n", err.text);
    shared_arena_clean_up(&arena);
    return status < 0 ? 1 : 0;
}
