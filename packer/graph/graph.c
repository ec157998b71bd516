#include "graph/graph.h"

#include "base/cleanup.h"
#include "graph/graph_inner.h"

int graph_no_memory(const struct graph_work *work, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the graph of %s", work->file->path);
}

/* What is in the program, then what refers to what. */
static int make_graph(struct graph_work *work, struct shared_error *err)
{
    int status = graph_read_symbols(work, err);
    if (status == 0)
        status = graph_place_runs(work, err);
    if (status == 0)
        status = graph_make_members(work, err);
    if (status == 0)
        status = graph_find_merged(work, err);
    if (status == 0)
        status = graph_read_relocations(work, err);
    if (status == 0)
        status = graph_read_branches(work, err);
    if (status == 0)
        status = graph_make_atoms(work, err);
    if (status == 0)
        status = graph_add_roots(work, err);
    if (status == 0)
        status = graph_make_edges(work, err);
    shared_arena_clean_up(work->early);
    if (status == 0)
        status = graph_read_frames(work, err);
    if (status == 0)
        status = graph_join_strings(work, err);
    if (status == 0)
        status = graph_sort_edges(work, work->scratch, err);
    if (status == 0)
        status = graph_reach(work, err);
    if (status == 0)
        status = graph_sort_edges(work, work->arena, err); /* with those that were added on the way */
    if (status == 0)
        graph_own_strings(work);
    if (status == 0)
        status = graph_account(work, err);
    return status < 0 ? status : graph_keep_texts(work, err);
}

int graph_read_layout(const struct image_layout *layout, struct shared_arena *scratch,
                      struct shared_arena *arena, struct graph *graph, struct shared_error *err)
{
    *graph = (struct graph){0};
    if (layout->map.piece_count == 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "%s came without a link map: name one in the manifest (\"map\")",
                           layout->unstripped.path);
    CLEANUP(shared_arena_clean_up) struct shared_arena early = {0};
    struct graph_work work = {
        .file_bytes = layout->shipped.content.size_bytes,
        .header_bytes = sizeof(Elf64_Ehdr) + layout->shipped.segment_count * sizeof(Elf64_Phdr),
        .layout = layout,
        .file = &layout->unstripped,
        .arena = arena,
        .scratch = scratch,
        .early = &early,
        .graph = graph,
    };
    return make_graph(&work, err);
}

int graph_weigh(struct graph *graph, const char *path, struct shared_error *err)
{
    int status = graph_dominate(graph);
    if (status == 0)
        status = graph_retain_groups(graph);
    return status < 0 ? shared_fail(err, status, 0, "no memory for what each part of %s retains", path) : 0;
}

int graph_read(const struct manifest *manifest, const struct manifest_function *function,
               const struct image_paths *paths, struct shared_arena *arena, struct graph *graph,
               struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct image_layout layout;
    *graph = (struct graph){0};
    int status = image_layout_read(manifest, function, paths, false, &scratch, arena, &layout, err);
    if (status == 0)
        status = graph_read_layout(&layout, &scratch, arena, graph, err);
    shared_arena_clean_up(&scratch); /* program and map, which are far larger than the graph of them */
    return status < 0 ? status
                      : graph_weigh(graph, paths->unstripped ? paths->unstripped : paths->shipped, err);
}
