#include "report/page_inner.h"
#include "report/report_why.h"

#include <string.h>

/* A column of numbers: one for each of count parts. */
static void write_column(struct page_run *run, const char *name, const struct graph *graph, size_t count,
                         int64_t (*value)(const struct graph *graph, size_t i))
{
    json_out_open(&run->json, name, '[');
    for (size_t i = 0; i < count; i++)
        json_out_signed(&run->json, NULL, value(graph, i));
    json_out_close(&run->json, ']');
}

/* A column of texts; text gives NULL where memory is exhausted. */
static int write_text_column(struct page_run *run, const char *name, const struct graph *graph, size_t count,
                             const char *(*text)(const struct graph *graph, size_t i,
                                                 struct shared_arena *arena))
{
    json_out_open(&run->json, name, '[');
    for (size_t i = 0; i < count; i++) {
        uint32_t place;
        const char *content = text(graph, i, run->arena);
        if (!content)
            return shared_fail(run->err, SHARED_ENOMEM, 0, "no memory for the names of a page");
        int status = page_texts_add(&run->texts, content, &place, run->err);
        if (status < 0)
            return status;
        json_out_number(&run->json, NULL, place);
    }
    json_out_close(&run->json, ']');
    return 0;
}

static int64_t place_or_none(uint32_t place)
{
    return place == GRAPH_NONE ? -1 : (int64_t)place;
}

static const char *library_name(const struct graph *graph, size_t i, struct shared_arena *arena)
{
    (void)arena;
    return graph_text(graph, graph->libraries[i].name);
}

static int64_t library_retained(const struct graph *graph, size_t i)
{
    return (int64_t)graph->libraries[i].retained_bytes;
}

static int write_libraries(struct page_run *run, const struct graph *graph)
{
    size_t count = graph->library_count;
    json_out_open(&run->json, "libraries", '{');
    int status = write_text_column(run, "name", graph, count, library_name);
    write_column(run, "retained", graph, count, library_retained);
    json_out_close(&run->json, '}');
    return status;
}

static const char *member_name(const struct graph *graph, size_t i, struct shared_arena *arena)
{
    (void)arena;
    return graph_text(graph, graph->members[i].name);
}

/* Its base name: a page is the same wherever the project lies. */
static const char *member_archive(const struct graph *graph, size_t i, struct shared_arena *arena)
{
    (void)arena;
    const char *path = graph_text(graph, graph->members[i].archive);
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *member_extracted_for(const struct graph *graph, size_t i, struct shared_arena *arena)
{
    (void)arena;
    return graph_text(graph, graph->members[i].extracted_for);
}

static int64_t member_library(const struct graph *graph, size_t i)
{
    return graph->members[i].library;
}

static int64_t member_retained(const struct graph *graph, size_t i)
{
    return (int64_t)graph->members[i].retained_bytes;
}

static int64_t member_extracted_by(const struct graph *graph, size_t i)
{
    return place_or_none(graph->members[i].extracted_by);
}

static int write_members(struct page_run *run, const struct graph *graph)
{
    size_t count = graph->member_count;
    json_out_open(&run->json, "members", '{');
    int status = write_text_column(run, "name", graph, count, member_name);
    if (status == 0)
        status = write_text_column(run, "archive", graph, count, member_archive);
    write_column(run, "library", graph, count, member_library);
    write_column(run, "retained", graph, count, member_retained);
    if (status == 0)
        status = write_text_column(run, "extracted_for", graph, count, member_extracted_for);
    write_column(run, "extracted_by", graph, count, member_extracted_by);
    json_out_close(&run->json, '}');
    return status;
}

static const char *atom_name(const struct graph *graph, size_t i, struct shared_arena *arena)
{
    return report_atom_name(graph, (uint32_t)i, arena);
}

static const char *atom_section(const struct graph *graph, size_t i, struct shared_arena *arena)
{
    (void)arena;
    return graph_text(graph, graph->atoms[i].section);
}

static int64_t atom_member(const struct graph *graph, size_t i)
{
    return graph->atoms[i].member;
}

static int64_t atom_bytes(const struct graph *graph, size_t i)
{
    return (int64_t)graph_atom_bytes(&graph->atoms[i]);
}

static int64_t atom_deflated(const struct graph *graph, size_t i)
{
    return graph->atoms[i].deflated_bytes;
}

static int64_t atom_retained(const struct graph *graph, size_t i)
{
    return (int64_t)graph->atoms[i].retained_bytes;
}

static int64_t atom_parent(const struct graph *graph, size_t i)
{
    return place_or_none(graph->atoms[i].parent);
}

static int64_t atom_dominator(const struct graph *graph, size_t i)
{
    return place_or_none(graph->atoms[i].dominator);
}

static char kept_digit(const struct graph *graph, const struct graph_atom *atom)
{
    switch ((enum graph_kept)atom->kept) {
    case GRAPH_REACHED:
        return '0';
    case GRAPH_SECTION:
        return atom->parent != GRAPH_NONE && graph->atoms[atom->parent].run == atom->run ? '1' : '2';
    case GRAPH_UNKNOWN:
        break;
    }
    return '3';
}

static int write_atoms(struct page_run *run, const struct graph *graph)
{
    size_t count = graph->atom_count;
    char *kept = shared_arena_alloc(run->arena, count + 1);
    if (!kept)
        return shared_fail(run->err, SHARED_ENOMEM, 0, "no memory for %zu symbols of a page", count);
    for (size_t i = 0; i < count; i++)
        kept[i] = kept_digit(graph, &graph->atoms[i]);
    kept[count] = '\0';
    json_out_open(&run->json, "atoms", '{');
    int status = write_text_column(run, "name", graph, count, atom_name);
    write_column(run, "member", graph, count, atom_member);
    if (status == 0)
        status = write_text_column(run, "section", graph, count, atom_section);
    write_column(run, "bytes", graph, count, atom_bytes);
    write_column(run, "deflated", graph, count, atom_deflated);
    write_column(run, "retained", graph, count, atom_retained);
    write_column(run, "parent", graph, count, atom_parent);
    write_column(run, "dominator", graph, count, atom_dominator);
    json_out_text(&run->json, "kept", kept);
    json_out_close(&run->json, '}');
    return status;
}

static int64_t edge_count(const struct graph *graph, size_t i)
{
    return graph->edge_start[i + 1] - graph->edge_start[i];
}

static int64_t edge_to(const struct graph *graph, size_t i)
{
    return graph->edge_to[i];
}

static void write_edges(struct page_run *run, const struct graph *graph)
{
    json_out_open(&run->json, "edges", '{');
    write_column(run, "count", graph, graph->atom_count, edge_count);
    write_column(run, "to", graph, graph->edge_start[graph->atom_count], edge_to);
    json_out_close(&run->json, '}');
}

int page_write_function(struct page_run *run, const struct report_page_function *function)
{
    const struct graph *graph = function->graph;
    json_out_open(&run->json, NULL, '{');
    json_out_text(&run->json, "name", function->function->name);
    json_out_text(&run->json, "linkage",
                  function->function->linkage == LINKAGE_STATIC ? "static" : "dynamic");
    json_out_number(&run->json, "zip_bytes", function->usage->zip_bytes);
    json_out_number(&run->json, "unzipped_bytes", function->usage->unzipped_bytes);
    json_out_number(&run->json, "file_bytes", graph->file_bytes);
    json_out_number(&run->json, "deflated_bytes", graph->deflated_bytes);
    json_out_number(&run->json, "header_bytes", graph->header_bytes);
    json_out_number(&run->json, "table_bytes", graph->table_bytes);
    json_out_number(&run->json, "padding_bytes", graph->padding_bytes);
    int status = write_libraries(run, graph);
    if (status == 0)
        status = write_members(run, graph);
    if (status == 0)
        status = write_atoms(run, graph);
    write_edges(run, graph);
    json_out_close(&run->json, '}');
    return status;
}
