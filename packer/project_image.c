#include "project_image.h"

#include "project_graph.h"

/* A binary that came without map or relocations has the image's account alone. */
static int read_by_map(const struct project *project, size_t i, struct shared_arena *arena,
                       struct image *image, struct shared_error *err)
{
    const struct linked *linked = &project->linked[i];
    const struct image_paths paths = {linked->shipped, linked->unstripped, linked->map};
    return image_read(&project->manifest, &project->manifest.functions[i], &paths, arena, image, err);
}

int project_read_image(struct project *project, size_t i, struct shared_arena *arena, struct image *image,
                       struct shared_error *err)
{
    const struct image_paths shipped = {.shipped = project->linked[i].shipped};
    struct shared_error why = {0};
    int status = project_read_graph(project, i, false, &why);
    if (status == SHARED_ENOMEM)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s", why.text);
    if (status < 0)
        return read_by_map(project, i, arena, image, err);
    status = image_read(&project->manifest, &project->manifest.functions[i], &shipped, arena, image, err);
    return status < 0 ? status : graph_origins(&project->graphs[i], arena, image, err);
}
