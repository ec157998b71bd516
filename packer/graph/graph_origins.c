#include "graph/graph.h"

#include "image/image_origin.h"

int graph_origins(const struct graph *graph, struct shared_arena *arena, struct image *image,
                  struct shared_error *err)
{
    struct image_origins origins = {
        .items = shared_arena_alloc(arena, graph->library_count * sizeof(*origins.items)),
        .count = graph->library_count,
    };
    if (!origins.items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to tell a program's origins");
    for (size_t i = 0; i < graph->library_count; i++) {
        const char *name =
            shared_arena_copy(arena, shared_slice_from_text(graph_text(graph, graph->libraries[i].name)));
        if (!name)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory to tell a program's origins");
        origins.items[i] = (struct image_origin){name, graph->libraries[i].bytes};
    }
    origins.items[ORIGIN_LINKER].bytes += graph->header_bytes + graph->table_bytes + graph->padding_bytes;
    image_origins_sort(&origins);
    image->origins = origins.items;
    image->origin_count = origins.count;
    return 0;
}
