#include "report/report_why.h"

#include "base/columns.h"

const char *report_atom_name(const struct graph *graph, uint32_t index, struct shared_arena *arena)
{
    const struct graph_atom *atom = &graph->atoms[index];
    const char *name = graph_text(graph, atom->name);
    return atom->named ? name : shared_arena_format(arena, "[%s]", name);
}

/* "cJSON_Parse, by titles.o" of a member that the linker took out of an archive. */
static const char *extraction(const struct graph *graph, const struct graph_member *member,
                              struct shared_arena *arena)
{
    if (!member->extracted_for)
        return "";
    const char *symbol = graph_text(graph, member->extracted_for);
    if (member->extracted_by == GRAPH_NONE)
        return symbol;
    return shared_arena_format(arena, "%s, by %s", symbol,
                               graph_text(graph, graph->members[member->extracted_by].name));
}

enum step_by { BY_REFERENCE, BY_SECTION, BY_LINKER, BY_ROOT };

/* What leads from a place of a chain's to the next. */
static enum step_by step_by(const struct graph *graph, uint32_t from, uint32_t to)
{
    const struct graph_atom *step = &graph->atoms[to];
    if (step->kept == GRAPH_SECTION && graph->atoms[from].run == step->run)
        return BY_SECTION;
    if (from == GRAPH_ROOT)
        return step->kept == GRAPH_UNKNOWN ? BY_LINKER : BY_ROOT;
    return BY_REFERENCE;
}

int report_why_text(FILE *out, const struct graph *graph, uint32_t atom, bool colour,
                    struct shared_arena *arena, struct shared_error *err)
{
    uint32_t *chain;
    size_t length;
    int status = graph_chain(graph, atom, arena, &chain, &length, err);
    if (status < 0)
        return status;
    const struct graph_atom *last = &graph->atoms[atom];
    fprintf(out, "%s: %s B in the file, %s B in the zip; %s B would go with it\n",
            report_atom_name(graph, atom, arena), columns_number_text(arena, graph_atom_bytes(last)),
            columns_number_text(arena, last->deflated_bytes),
            columns_number_text(arena, last->retained_bytes));
    struct columns columns = {.arena = arena, .column_count = 5, .names = 1u << 2 | 1u << 3 | 1u << 4};
    static const char *const headings[] = {"REFERENCED FROM THE ENTRY ON", "RETAINED", "MEMBER", "LIBRARY",
                                           "EXTRACTED FOR"};
    for (size_t i = 0; i < 5; i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 1; i < length; i++) {
        const struct graph_atom *step = &graph->atoms[chain[i]];
        const struct graph_member *member = &graph->members[step->member];
        static const char *const how[] = {"", " (same section)", " (kept by the linker)", ""};
        enum step_by by = step_by(graph, chain[i - 1], chain[i]);
        columns_add(&columns,
                    shared_arena_format(arena, "%s%s", report_atom_name(graph, chain[i], arena), how[by]));
        columns_add_number(&columns, step->retained_bytes);
        columns_add(&columns, graph_text(graph, member->name));
        columns_add(&columns, graph_text(graph, graph->libraries[member->library].name));
        columns_add(&columns, extraction(graph, member, arena));
    }
    return columns_print(&columns, out, colour, err);
}

static void write_step(struct json_out *json, const struct graph *graph, uint32_t from, uint32_t index)
{
    static const char *const by[] = {"reference", "section", "linker", "root"};
    const struct graph_atom *atom = &graph->atoms[index];
    const struct graph_member *member = &graph->members[atom->member];
    json_out_open(json, NULL, '{');
    json_out_text(json, "symbol", atom->named ? graph_text(graph, atom->name) : NULL);
    json_out_text(json, "section", graph_text(graph, atom->section));
    json_out_text(json, "by", by[step_by(graph, from, index)]);
    json_out_text(json, "member", graph_text(graph, member->name));
    json_out_text(json, "archive", member->archive ? graph_text(graph, member->archive) : NULL);
    json_out_text(json, "library", graph_text(graph, graph->libraries[member->library].name));
    json_out_text(json, "extracted_for",
                  member->extracted_for ? graph_text(graph, member->extracted_for) : NULL);
    json_out_text(json, "extracted_by",
                  member->extracted_by == GRAPH_NONE
                      ? NULL
                      : graph_text(graph, graph->members[member->extracted_by].name));
    json_out_close(json, '}');
}

int report_why_json(struct json_out *json, const struct graph *graph, uint32_t index,
                    struct shared_arena *arena, struct shared_error *err)
{
    static const char *const kept[] = {"reached", "section", "unknown"};
    const struct graph_atom *atom = &graph->atoms[index];
    uint32_t *chain;
    size_t length;
    int status = graph_chain(graph, index, arena, &chain, &length, err);
    if (status < 0)
        return status;
    json_out_open(json, NULL, '{');
    json_out_text(json, "symbol", atom->named ? graph_text(graph, atom->name) : NULL);
    json_out_text(json, "section", graph_text(graph, atom->section));
    json_out_number(json, "bytes", graph_atom_bytes(atom));
    json_out_number(json, "deflated_bytes", atom->deflated_bytes);
    json_out_number(json, "retained_bytes", atom->retained_bytes);
    json_out_text(json, "kept", kept[atom->kept]);
    json_out_open(json, "chain", '[');
    for (size_t i = 1; i < length; i++)
        write_step(json, graph, chain[i - 1], chain[i]);
    json_out_close(json, ']');
    json_out_close(json, '}');
    return 0;
}
