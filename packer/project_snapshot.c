#include "project_snapshot.h"

#include "base/path.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

const char *project_snapshot_path(const struct manifest *manifest, struct shared_arena *arena)
{
    return path_join(arena, manifest->folder, manifest->snapshot);
}

const char *project_snapshot_named(const char *argument)
{
    return strcmp(argument, "-") == 0 ? "/dev/stdin" : argument;
}

int project_snapshot(struct project *project, struct snapshot *snapshot, struct shared_error *err)
{
    const struct manifest *manifest = &project->manifest;
    *snapshot = (struct snapshot){
        .depth = SNAPSHOT_SYMBOL,
        .functions =
            shared_arena_alloc(&project->arena, manifest->function_count * sizeof(*snapshot->functions)),
    };
    if (!snapshot->functions)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory for its sizes", manifest->path);
    for (size_t i = 0; i < manifest->function_count; i++) {
        struct snapshot_function *function = &snapshot->functions[snapshot->function_count++];
        int status = snapshot_of_graph(&project->graphs[i], manifest->functions[i].name, &project->arena,
                                       function, err);
        if (status < 0)
            return status;
    }
    return 0;
}

void project_snapshot_filter(struct snapshot *snapshot, char *const *patterns, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < snapshot->function_count; i++) {
        bool wanted = false;
        for (size_t j = 0; j < count && !wanted; j++)
            wanted = fnmatch(patterns[j], snapshot->functions[i].name, 0) == 0;
        if (wanted)
            snapshot->functions[kept++] = snapshot->functions[i];
    }
    snapshot->function_count = kept;
}
