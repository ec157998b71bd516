#include "project_linkage_inner.h"

#include "base/cleanup.h"
#include "image/elf_needs.h"
#include "layer/layer_items.h"
#include "share/share_layer.h"

#include <stdlib.h>
#include <string.h>

/* The libraries that a program would bring along, alone of all that is in its package. */
static int find_files(struct linkage *all, const struct linkage_function *function, struct linkage_way *way,
                      struct shared_error *err)
{
    struct package package = {0};
    struct shared_error why = {0};
    int status = package_add_closure(&all->closure, function->function, way->linked.shipped, &package, &why);
    way->misses = status == SHARED_ENOTFOUND;
    if (status < 0 && !way->misses) {
        if (err)
            *err = why;
        return status;
    }
    way->files = linkage_allocate(all, package.count, sizeof(*way->files));
    if (!way->files)
        return linkage_no_memory(all, err);
    for (size_t i = 0; i < package.count; i++)
        way->files[way->file_count++] = (struct linkage_file){
            .place = package.entries[i].place,
            .source = package.entries[i].source,
            .may_move = function->may_move,
        };
    return 0;
}

static int measure_all(struct linkage *all, struct linkage_way *const *ways, size_t count,
                       struct shared_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        total += 1 + ways[i]->file_count;
    struct measure_file *files = linkage_allocate(all, total, sizeof(*files));
    if (!files)
        return linkage_no_memory(all, err);
    for (size_t i = 0; i < count; i++) {
        files[at++] = (struct measure_file){.path = ways[i]->linked.shipped, .program = true};
        for (size_t j = 0; j < ways[i]->file_count; j++)
            files[at++] = (struct measure_file){.path = ways[i]->files[j].source};
    }
    int status = project_measure(&all->measure, files, total, all->options->parallel, err);
    at = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        ways[i]->program_bytes = files[at++].bytes;
        for (size_t j = 0; j < ways[i]->file_count; j++)
            ways[i]->files[j].zip_bytes = layer_entry_bytes(ways[i]->files[j].place, files[at++].bytes);
    }
    return status;
}

int linkage_look(struct linkage *all, struct linkage_function *const *functions,
                 struct linkage_way *const *ways, size_t count, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = find_files(all, functions[i], ways[i], err);
    return status < 0 ? status : measure_all(all, ways, count, err);
}

static bool has_file(const struct linkage_way *way, const char *name)
{
    for (size_t i = 0; i < way->file_count; i++)
        if (strcmp(way->files[i].place + sizeof("lib/") - 1, name) == 0)
            return true;
    return false;
}

/* A library that is there as a shared object for another one, while the program has its parts. */
static const char *find_double(const struct linkage *all, const struct linkage_function *function)
{
    for (size_t i = 0; i < all->library_count; i++) {
        const struct linkage_library *library = &all->libraries[i];
        bool shared = library->chosen || library->is_tried;
        if (function->uses[i] && !shared && library->soname && has_file(&function->tried, library->soname))
            return library->report.library;
    }
    return NULL;
}

/* A file that is asked for by the program, and neither brought along nor the target's. */
static int find_missing(const struct linkage *all, const struct linkage_function *function, const char **name,
                        struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct elf_file file;
    struct elf_needs needs;
    int status = elf_file_read(function->tried.linked.shipped, &scratch, &file, err);
    if (status == 0)
        status = elf_needs_read(&file, &scratch, &needs, err);
    *name = NULL;
    for (size_t i = 0; status == 0 && !*name && i < needs.needed.count; i++) {
        for (size_t j = 0; j < all->library_count; j++) {
            const struct linkage_library *library = &all->libraries[j];
            struct manifest_texts versions;
            if ((library->chosen || library->is_tried) &&
                strcmp(library->soname, needs.needed.items[i]) == 0 &&
                !check_target_has(&all->checks, library->soname, &versions) &&
                !has_file(&function->tried, library->soname))
                *name = library->soname;
        }
    }
    return status;
}

static int judge_file(const struct linkage *all, const struct linkage_file *added, const char **why,
                      struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct elf_file file;
    struct elf_needs needs;
    int status = elf_file_read(added->source, &scratch, &file, err);
    if (status == 0)
        status = elf_needs_read(&file, &scratch, &needs, err);
    const char *newer = status == 0 ? share_find_newer(&all->checks, &needs) : NULL;
    if (!newer)
        return status;
    *why = shared_arena_format(all->arena, "%s, which it needs, asks for %s; %s has not that", added->place,
                               newer, manifest_runtime_name(all->manifest->runtime));
    return *why ? 0 : linkage_no_memory(all, err);
}

int linkage_judge(struct linkage *all, const struct linkage_function *function, const char **why,
                  struct shared_error *err)
{
    const char *name = function->function->name, *missing;
    const struct linkage_way *now = &function->now, *tried = &function->tried;
    *why = NULL;
    const char *twice = find_double(all, function);
    int status = find_missing(all, function, &missing, err);
    if (status < 0)
        return status;
    if (twice)
        *why = shared_arena_format(
            all->arena, "it would bring along the shared object of %s, of which %s has parts", twice, name);
    else if (missing)
        *why = shared_arena_format(all->arena, "no %s is found for %s", missing, name);
    else if (tried->misses && !now->misses)
        *why = shared_arena_format(all->arena, "a library that it needs is not found for %s", name);
    if ((twice || missing || (tried->misses && !now->misses)) && !*why)
        return linkage_no_memory(all, err);
    for (size_t i = 0; status == 0 && !*why && i < tried->file_count; i++)
        if (!has_file(now, tried->files[i].place + sizeof("lib/") - 1))
            status = judge_file(all, &tried->files[i], why, err);
    return status;
}

static int by_content(const void *a, const void *b)
{
    const struct linkage_file *left = *(const struct linkage_file *const *)a,
                              *right = *(const struct linkage_file *const *)b;
    int order = strcmp(left->place, right->place);
    return order ? order : strcmp(left->source, right->source);
}

static const struct linkage_way *way_of(const struct linkage_function *function, bool tried)
{
    return tried && function->tried.linked.shipped ? &function->tried : &function->now;
}

int linkage_files_cost(const struct linkage *all, bool tried, const char *place, uint64_t *bytes,
                       bool *in_layer, struct shared_error *err)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < all->function_count; i++)
        count += way_of(&all->functions[i], tried)->file_count;
    const struct linkage_file **files = linkage_allocate(all, count, sizeof(*files));
    if (!files)
        return linkage_no_memory(all, err);
    for (size_t i = 0; i < all->function_count; i++) {
        const struct linkage_way *way = way_of(&all->functions[i], tried);
        for (size_t j = 0; j < way->file_count; j++)
            files[at++] = &way->files[j];
    }
    qsort(files, count, sizeof(*files), by_content);
    *bytes = 0;
    *in_layer = false;
    for (size_t first = 0, end; first < count; first = end) {
        size_t movable = 0;
        for (end = first; end < count && by_content(&files[first], &files[end]) == 0; end++)
            movable += files[end]->may_move;
        uint64_t copies = end - first - movable + (movable > 0);
        *bytes += files[first]->zip_bytes * copies;
        *in_layer |= movable > 1 && strcmp(files[first]->place, place) == 0;
    }
    return 0;
}
