#include "snapshot/snapshot_inner.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int no_memory(const char *name, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the sizes of function %s", name);
}

static bool same_row(const struct snapshot_row *a, const struct snapshot_row *b)
{
    return a->library == b->library && strcmp(a->member, b->member) == 0 && strcmp(a->symbol, b->symbol) == 0;
}

/* Sums up equal rows, which follow each other; returns how many are left. */
static size_t sum_up(struct snapshot_row *rows, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && same_row(&rows[kept - 1], &rows[i]))
            snapshot_add(&rows[kept - 1].sizes, &rows[i].sizes);
        else
            rows[kept++] = rows[i];
    }
    return kept;
}

static size_t count_libraries(const struct snapshot_row *rows, size_t count)
{
    size_t libraries = 0;
    for (size_t i = 0; i < count; i++)
        libraries += i == 0 || rows[i].library != rows[i - 1].library;
    return libraries;
}

int snapshot_fill(struct snapshot_function *function, struct snapshot_row *rows, size_t count,
                  const char *const *names, struct shared_arena *arena, struct shared_error *err)
{
    count = sum_up(rows, count);
    *function = (struct snapshot_function){.name = function->name, .rows = rows, .row_count = count};
    function->libraries =
        shared_arena_alloc(arena, count_libraries(rows, count) * sizeof(*function->libraries));
    if (!function->libraries)
        return no_memory(function->name, err);
    struct snapshot_library *library = NULL;
    uint32_t last = 0;
    for (size_t i = 0; i < count; i++) {
        if (!library || rows[i].library != last) {
            library = &function->libraries[function->library_count++];
            last = rows[i].library;
            *library = (struct snapshot_library){.name = names[last], .row_start = i};
        }
        rows[i].library = (uint32_t)(function->library_count - 1);
        library->row_count++;
        snapshot_add(&library->sizes, &rows[i].sizes);
        snapshot_add(&function->sizes, &rows[i].sizes);
    }
    return 0;
}

static int reduce(struct snapshot_function *function, enum snapshot_depth depth, struct shared_arena *arena,
                  struct shared_error *err)
{
    struct snapshot_row *rows = shared_arena_alloc(arena, function->row_count * sizeof(*rows));
    const char **names = shared_arena_alloc(arena, function->library_count * sizeof(*names));
    if (!rows || !names)
        return no_memory(function->name, err);
    for (size_t i = 0; i < function->library_count; i++)
        names[i] = function->libraries[i].name;
    for (size_t i = 0; i < function->row_count; i++) {
        rows[i] = function->rows[i];
        rows[i].symbol = SNAPSHOT_WHOLE;
        if (depth == SNAPSHOT_LIBRARY)
            rows[i].member = SNAPSHOT_WHOLE;
    }
    return snapshot_fill(function, rows, function->row_count, names, arena, err);
}

int snapshot_reduce(struct snapshot *snapshot, enum snapshot_depth depth, struct shared_arena *arena,
                    struct shared_error *err)
{
    if (depth >= snapshot->depth)
        return 0;
    struct snapshot_function *functions =
        shared_arena_alloc(arena, snapshot->function_count * sizeof(*functions));
    if (!functions)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to sum up a snapshot");
    for (size_t i = 0; i < snapshot->function_count; i++) {
        functions[i] = snapshot->functions[i];
        int status = reduce(&functions[i], depth, arena, err);
        if (status < 0)
            return status;
    }
    *snapshot = (struct snapshot){depth, functions, snapshot->function_count};
    return 0;
}

static int compare_function(const void *name, const void *function)
{
    return strcmp(name, ((const struct snapshot_function *)function)->name);
}

const struct snapshot_function *snapshot_find_function(const struct snapshot *snapshot, const char *name)
{
    if (snapshot->function_count == 0)
        return NULL;
    return bsearch(name, snapshot->functions, snapshot->function_count, sizeof(*snapshot->functions),
                   compare_function);
}

static int compare_library(const void *name, const void *library)
{
    return strcmp(name, ((const struct snapshot_library *)library)->name);
}

const struct snapshot_library *snapshot_find_library(const struct snapshot_function *function,
                                                     const char *name)
{
    if (function->library_count == 0)
        return NULL;
    return bsearch(name, function->libraries, function->library_count, sizeof(*function->libraries),
                   compare_library);
}
