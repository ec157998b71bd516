#include "report/report_size.h"

#include "base/json_out.h"

static const char *kept_name(uint8_t kept)
{
    static const char *const names[] = {"reached", "section", "unknown"};
    return names[kept];
}

static void write_atoms(struct json_out *json, const struct graph *graph, const struct size_order *order,
                        uint32_t member)
{
    json_out_open(json, "symbols", '[');
    for (size_t i = order->atom_start[member]; i < order->atom_start[member + 1]; i++) {
        const struct graph_atom *atom = &graph->atoms[order->atoms[i]];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", atom->named ? graph_text(graph, atom->name) : NULL);
        json_out_text(json, "section", graph_text(graph, atom->section));
        json_out_text(json, "kept", kept_name(atom->kept));
        json_out_number(json, "bytes", graph_atom_bytes(atom));
        json_out_number(json, "deflated_bytes", atom->deflated_bytes);
        json_out_number(json, "retained_bytes", atom->retained_bytes);
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

static void write_members(struct json_out *json, const struct graph *graph, const struct size_order *order,
                          const struct report_size *how, uint32_t library)
{
    json_out_open(json, "members", '[');
    for (size_t i = order->member_start[library]; i < order->member_start[library + 1]; i++) {
        const struct graph_member *member = &graph->members[order->members[i]];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", graph_text(graph, member->name));
        json_out_text(json, "archive", member->archive ? graph_text(graph, member->archive) : NULL);
        json_out_number(json, "bytes", member->bytes);
        json_out_number(json, "deflated_bytes", member->deflated_bytes);
        json_out_number(json, "retained_bytes", member->retained_bytes);
        if (how->depth == DEPTH_SYMBOL)
            write_atoms(json, graph, order, order->members[i]);
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

static uint64_t kept_bytes(const struct graph *graph, enum graph_kept kept)
{
    uint64_t sum = 0;
    for (size_t i = 1; i < graph->atom_count; i++)
        sum += graph->atoms[i].kept == kept ? graph_atom_bytes(&graph->atoms[i]) : 0;
    return sum;
}

static uint64_t lto_bytes(const struct graph *graph)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < graph->member_count; i++)
        sum += graph->members[i].lto ? graph->members[i].bytes : 0;
    return sum;
}

int report_size_json(struct json_out *json, const char *function, const struct graph *graph,
                     const struct report_size *how, struct shared_arena *arena, struct shared_error *err)
{
    struct size_order order;
    int status = size_order_make(graph, how->key, arena, &order, err);
    if (status < 0)
        return status;
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", function);
    json_out_number(json, "bytes", graph->file_bytes);
    json_out_number(json, "deflated_bytes", graph->deflated_bytes);
    json_out_number(json, "headers", graph->header_bytes);
    json_out_number(json, "tables", graph->table_bytes);
    json_out_number(json, "padding", graph->padding_bytes);
    json_out_number(json, "unreferenced", kept_bytes(graph, GRAPH_SECTION));
    json_out_number(json, "unknown", kept_bytes(graph, GRAPH_UNKNOWN));
    json_out_number(json, "lto", lto_bytes(graph));
    json_out_open(json, "libraries", '[');
    for (size_t i = 0; i < order.library_count; i++) {
        const struct graph_library *library = &graph->libraries[order.libraries[i]];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", graph_text(graph, library->name));
        json_out_number(json, "bytes", library->bytes);
        json_out_number(json, "deflated_bytes", library->deflated_bytes);
        json_out_number(json, "retained_bytes", library->retained_bytes);
        if (how->depth != DEPTH_LIBRARY)
            write_members(json, graph, &order, how, order.libraries[i]);
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
    json_out_close(json, '}');
    return 0;
}
