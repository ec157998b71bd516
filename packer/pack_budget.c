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
static int read_now(struct pack *pack, struct snapshot *now)
{
    struct project *look = &pack->look;
    size_t count = pack->manifest.function_count;
    *now = (struct snapshot){.depth = SNAPSHOT_SYMBOL,
                             .functions = shared_arena_alloc(&look->arena, count * sizeof(*now->functions))};
    if (!now->functions)
        return pack_no_memory(pack);
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        const char *name = pack->manifest.functions[i].name;
        if (!manifest_is_program(&pack->manifest.functions[i]) || !budget_is_for(&pack->manifest, name))
            continue;
        status = project_read_graph(look, i, true, &pack->err);
        if (status == 0)
            status = snapshot_of_graph(&look->graphs[i], name, &look->arena,
                                       &now->functions[now->function_count++], &pack->err);
    }
    return status;
}

int pack_check_budgets(struct pack *pack)
{
    if (pack->manifest.budget_count == 0)
        return 0;
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    bool growth = budget_needs_snapshot(&pack->manifest);
    struct snapshot now, before;
    const char *path = NULL;
    int status = growth ? read_before(pack, &scratch, &path, &before) : 0;
    if (status == 0)
        status = read_now(pack, &now);
    if (status == 0)
        status = budget_check(&pack->manifest, &now, growth ? &before : NULL, path, &pack->arena,
                              &pack->budgets, &pack->err);
    return status < 0 ? status : pack->budgets.count > 0;
}
