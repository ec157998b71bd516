#include "graph/graph_inner.h"

#include "image/printable.h"

#include <string.h>

int graph_add_text(struct graph_work *work, struct shared_slice name, uint32_t *text,
                   struct shared_error *err)
{
    struct graph *graph = work->graph;
    size_t size = name.size_bytes + 1;
    if (graph->text_bytes + size + 1 > work->text_capacity) {
        /* At first what the program's own names take: growth leaves copies behind. */
        size_t known = work->text_capacity == 0 ? work->texts.size_bytes : 0;
        size_t larger = 2 * (work->text_capacity + size) + known + 65536;
        char *texts = shared_arena_resize(work->scratch, graph->texts, work->text_capacity, larger);
        if (!texts || larger >= GRAPH_NONE)
            return graph_no_memory(work, err);
        graph->texts = texts;
        work->text_capacity = larger;
        if (graph->text_bytes == 0)
            graph->texts[graph->text_bytes++] = '\0';
    }
    *text = (uint32_t)graph->text_bytes;
    if (name.size_bytes == 0) {
        *text = 0;
        return 0;
    }
    memcpy(graph->texts + *text, name.data, name.size_bytes);
    graph->texts[*text + name.size_bytes] = '\0';
    printable_clean(graph->texts + *text, name.size_bytes);
    graph->text_bytes += size;
    return 0;
}

int graph_keep_texts(struct graph_work *work, struct shared_error *err)
{
    char *texts = shared_arena_alloc(work->arena, work->graph->text_bytes);
    if (!texts)
        return graph_no_memory(work, err);
    memcpy(texts, work->graph->texts, work->graph->text_bytes);
    work->graph->texts = texts;
    return 0;
}
