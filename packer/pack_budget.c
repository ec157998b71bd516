#include "pack_inner.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "project.h"
#include "project_graph.h"
#include "project_snapshot.h"

#include <string.h>

/* Reads the snapshot that growth is measured from. */
static int read_before(struct pack *pack, struct shared_arena *arena, const char **path,
                       struct snapshot *before)
{
    const struct manifest *manifest = &pack->manifest;
    *path = project_snapshot_path(manifest, arena);
    if (!*path)
        return pack_no_memory(pack);
    if (!file_exists(*path))
        return shared_fail(
            &pack->err, SHARED_ENOTFOUND, 0,
            "there is no %s that budgets could measure growth from; write it with demine snapshot -m %s",
            *path, manifest->path);
    return snapshot_read(*path, arena, before, &pack->err);
}

/* The sizes of the functions that a budget is for: others need not be such that they can be looked into. */
static int read_now(struct pack *pack, struct project *project, struct snapshot *now)
{
    size_t count = pack->manifest.function_count;
    *now =
        (struct snapshot){.depth = SNAPSHOT_SYMBOL,
                          .functions = shared_arena_alloc(&project->arena, count * sizeof(*now->functions))};
    project->graphs = shared_arena_alloc(&project->arena, count * sizeof(*project->graphs));
    if (!now->functions || !project->graphs)
        return pack_no_memory(pack);
    memset(project->graphs, 0, count * sizeof(*project->graphs));
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        const char *name = pack->manifest.functions[i].name;
        if (!budget_is_for(&pack->manifest, name))
            continue;
        status = project_read_graph(project, i, &pack->err);
        if (status == 0)
            status = snapshot_of_graph(&project->graphs[i], name, &project->arena,
                                       &now->functions[now->function_count++], &pack->err);
    }
    return status;
}

int pack_check_budgets(struct pack *pack)
{
    if (pack->manifest.budget_count == 0)
        return 0;
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct project project = {
        .manifest = pack->manifest, .state = pack->state, .state_lock = -1, .linked = pack->linked};
    bool growth = budget_needs_snapshot(&pack->manifest);
    struct snapshot now, before;
    const char *path = NULL;
    int status = growth ? read_before(pack, &scratch, &path, &before) : 0;
    if (status == 0)
        status = read_now(pack, &project, &now);
    if (status == 0)
        status = budget_check(&pack->manifest, &now, growth ? &before : NULL, path, &pack->arena,
                              &pack->budgets, &pack->err);
    shared_arena_clean_up(&project.arena);
    return status < 0 ? status : pack->budgets.count > 0;
}
