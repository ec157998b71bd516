#include "project_graph.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/job.h"
#include "base/path.h"
#include "content/content.h"
#include "content/content_stream.h"
#include "graph/graph_record.h"

#include <stdio.h>
#include <string.h>

/* The largest program that is deflated to know its parts' shares, 256 MiB: Lambda takes none of that size. */
#define PROGRAM_LIMIT_BYTES ((size_t)256 << 20)

/* Whatever a graph depends on. */
struct key_parts {
    struct hash shipped, unstripped, map;
    struct hash libraries; /* the project's, and those of the function */
    struct hash self;
};

static const char *add_texts(const char *text, const struct manifest_texts *texts,
                             struct shared_arena *scratch)
{
    for (size_t i = 0; i < texts->count && text; i++)
        text = shared_arena_format(scratch, "%s\t%s", text, texts->items[i]);
    return text;
}

/* The names of origins come from the manifest's libraries; of two that have an archive of the same name, from the one
 * that the function asks for. */
static int hash_libraries(const struct manifest *manifest, const struct manifest_function *function,
                          struct shared_arena *scratch, struct hash *hash, struct shared_error *err)
{
    const char *text = add_texts("", &function->libraries, scratch);
    for (size_t i = 0; i < manifest->library_count && text; i++) {
        const struct manifest_library *library = &manifest->libraries[i];
        text = shared_arena_format(scratch, "%s\n%s", text, library->name);
        text = add_texts(text, &library->archives, scratch);
        text = text ? shared_arena_format(scratch, "%s\nneeds", text) : NULL;
        text = add_texts(text, &library->needs, scratch);
    }
    if (!text)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory to look into it", manifest->path);
    *hash = hash_bytes(shared_slice_from_text(text));
    return 0;
}

/* Another demine may see more in the same program, whatever its version says. Without /proc the version has to do. */
static struct hash self_of(struct project *project)
{
    if (!project->self_known && hash_file("/proc/self/exe", &project->self, NULL) < 0)
        project->self = hash_bytes(shared_slice_from_text(DEMINE_VERSION));
    project->self_known = true;
    return project->self;
}

static int make_key(struct project *project, size_t i, struct shared_arena *scratch, struct hash *key,
                    struct shared_error *err)
{
    const struct linked *linked = &project->linked[i];
    struct key_parts parts;
    memset(&parts, 0, sizeof(parts));
    int status =
        hash_libraries(&project->manifest, &project->manifest.functions[i], scratch, &parts.libraries, err);
    parts.self = self_of(project);
    if (status == 0)
        status = hash_file(linked->shipped, &parts.shipped, err);
    if (status == 0)
        status = hash_file(linked->unstripped, &parts.unstripped, err);
    if (status == 0 && linked->map)
        status = hash_file(linked->map, &parts.map, err);
    *key = hash_bytes(shared_slice_of(&parts, sizeof(parts)));
    return status;
}

static int read_graph(struct project *project, size_t i, struct shared_error *err)
{
    const struct linked *linked = &project->linked[i];
    const struct image_paths paths = {linked->shipped, linked->unstripped, linked->map};
    return graph_read(&project->manifest, &project->manifest.functions[i], &paths, &project->arena,
                      &project->graphs[i], err);
}

static int share_zip(struct project *project, size_t i, struct shared_arena *scratch,
                     struct shared_error *err)
{
    const char *shipped = project->linked[i].shipped;
    struct shared_slice content, stream;
    int status = file_read(shipped, PROGRAM_LIMIT_BYTES, scratch, &content, err);
    if (status == 0)
        status = content_stream_make(content, LEVEL_DEFAULT, true, scratch, &stream, err);
    return status < 0 ? status : graph_share_deflated(&project->graphs[i], shipped, stream, err);
}

/* The next run has to read the program again, and that is all: nothing that was asked for fails for it. */
static void keep_graph(struct project *project, const char *path, const struct hash *key,
                       const struct graph *graph)
{
    struct shared_error err = {0};
    if (graph_record_save(path, key, graph, &err) == 0 || project->forgetful)
        return;
    fprintf(stderr, "demine: warning: what is read from the programs is not kept for the next run: %s\n",
            err.text);
    project->forgetful = true;
}

/* Adds what a graph lacks, of which nothing may be there yet, and keeps it. */
static int complete_graph(struct project *project, size_t i, bool zip, const char *path,
                          struct shared_arena *scratch, struct shared_error *err)
{
    struct graph *graph = &project->graphs[i];
    struct hash key;
    int status = make_key(project, i, scratch, &key, err);
    if (status == 0 && graph->atom_count == 0)
        status = graph_record_load(path, &key, &project->arena, graph, err);
    bool known = graph->atom_count > 0, shares = zip && graph->deflated_bytes == 0;
    if (status < 0 || (known && !shares))
        return status < 0 ? status : 0;
    status = known ? 0 : read_graph(project, i, err);
    if (status == 0 && shares)
        status = share_zip(project, i, scratch, err);
    if (status == 0)
        keep_graph(project, path, &key, graph);
    else
        *graph = (struct graph){0};
    return status;
}

int project_read_graph(struct project *project, size_t i, bool zip, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const struct graph *graph = &project->graphs[i];
    const char *name = project->manifest.functions[i].name;
    if (graph->atom_count > 0 && (!zip || graph->deflated_bytes > 0))
        return 0;
    const char *path = shared_arena_format(&scratch, "%s/function/%s/graph.record", project->state, name);
    if (!path)
        return shared_fail(err, SHARED_ENOMEM, 0, "function %s: no memory to look into it", name);
    int status = complete_graph(project, i, zip, path, &scratch, err);
    return status < 0 ? shared_error_wrap(err, "function %s", name) : 0;
}

int project_read_graphs(struct project *project, struct shared_error *err)
{
    for (size_t i = 0; i < project->manifest.function_count; i++) {
        int status = project_read_graph(project, i, true, err);
        if (status < 0)
            return status;
    }
    return 0;
}
