#include "report/report_size.h"

#include "base/columns.h"

/* What is being printed. */
struct printing {
    const struct graph *graph;
    const struct report_size *how;
    const struct size_order *order;
    struct columns columns;
};

/* Numbers of one row. */
struct sizes {
    uint64_t bytes, deflated, retained;
};

static void add_row(struct printing *printing, int indent, const char *name, const struct sizes *sizes,
                    bool retained)
{
    struct columns *columns = &printing->columns;
    char *text = shared_arena_format(columns->arena, "%*s%s", indent, "", name);
    columns_add(columns, text);
    columns_add_number(columns, sizes->bytes);
    columns_add_number(columns, sizes->deflated);
    columns_add(columns, retained ? columns_number_text(columns->arena, sizes->retained) : "");
}

/* How many parts of count are shown: leaving out one would save no row. */
static size_t shown(const struct printing *printing, size_t count)
{
    size_t top = printing->how->top;
    return top == 0 || count <= top + 1 ? count : top;
}

static void add_others(struct printing *printing, int indent, size_t count, const struct sizes *rest)
{
    if (count > 0)
        add_row(printing, indent, shared_arena_format(printing->columns.arena, "(%zu others)", count), rest,
                false);
}

/* A symbol, or the name of a section where there is none; what nothing refers to is marked. */
static const char *atom_label(const struct printing *printing, const struct graph_atom *atom)
{
    static const char *const marks[] = {" ", " *", " ?"};
    const char *name = graph_text(printing->graph, atom->name);
    return shared_arena_format(printing->columns.arena, atom->named ? "%s%s" : "[%s]%s", name,
                               marks[atom->kept] + (atom->kept == GRAPH_REACHED));
}

static void add_atoms(struct printing *printing, uint32_t member)
{
    const struct size_order *order = printing->order;
    size_t first = order->atom_start[member], end = order->atom_start[member + 1];
    size_t count = shown(printing, end - first);
    struct sizes rest = {0};
    for (size_t i = first; i < end; i++) {
        const struct graph_atom *atom = &printing->graph->atoms[order->atoms[i]];
        const struct sizes sizes = {graph_atom_bytes(atom), atom->deflated_bytes, atom->retained_bytes};
        if (i - first < count) {
            add_row(printing, 4, atom_label(printing, atom), &sizes, true);
            continue;
        }
        rest.bytes += sizes.bytes;
        rest.deflated += sizes.deflated;
    }
    add_others(printing, 4, end - first - count, &rest);
}

static void add_members(struct printing *printing, uint32_t library)
{
    const struct size_order *order = printing->order;
    size_t first = order->member_start[library], end = order->member_start[library + 1];
    size_t count = shown(printing, end - first);
    struct sizes rest = {0};
    for (size_t i = first; i < end; i++) {
        const struct graph_member *member = &printing->graph->members[order->members[i]];
        const struct sizes sizes = {member->bytes, member->deflated_bytes, member->retained_bytes};
        if (i - first < count) {
            add_row(printing, 2, graph_text(printing->graph, member->name), &sizes, true);
            if (printing->how->depth == DEPTH_SYMBOL)
                add_atoms(printing, order->members[i]);
            continue;
        }
        rest.bytes += sizes.bytes;
        rest.deflated += sizes.deflated;
    }
    add_others(printing, 2, end - first - count, &rest);
}

/* What belongs to no input of the link; its share of the zip is what is left of it. */
static void add_linker(struct printing *printing, uint64_t deflated)
{
    const struct graph *graph = printing->graph;
    const struct sizes all = {graph->header_bytes + graph->table_bytes + graph->padding_bytes,
                              graph->deflated_bytes - deflated, 0};
    add_row(printing, 0,
            shared_arena_format(printing->columns.arena, "linker: headers %s, tables %s, padding %s",
                                columns_number_text(printing->columns.arena, graph->header_bytes),
                                columns_number_text(printing->columns.arena, graph->table_bytes),
                                columns_number_text(printing->columns.arena, graph->padding_bytes)),
            &all, false);
}

static void explain_marks(FILE *out, const struct graph *graph, struct shared_arena *arena)
{
    uint64_t section = 0, unknown = 0;
    for (size_t i = 1; i < graph->atom_count; i++) {
        section += graph->atoms[i].kept == GRAPH_SECTION ? graph_atom_bytes(&graph->atoms[i]) : 0;
        unknown += graph->atoms[i].kept == GRAPH_UNKNOWN ? graph_atom_bytes(&graph->atoms[i]) : 0;
    }
    if (section > 0)
        fprintf(out, "*  nothing refers to it (%s B in all): it stands in a section with what is needed\n",
                columns_number_text(arena, section));
    if (unknown > 0)
        fprintf(out, "?  the linker kept it, and why is not seen (%s B in all)\n",
                columns_number_text(arena, unknown));
}

/* A limit of what is said above it, whatever the depth. */
static void explain_lto(FILE *out, const struct graph *graph, struct shared_arena *arena)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < graph->member_count; i++)
        sum += graph->members[i].lto ? graph->members[i].bytes : 0;
    if (sum > 0)
        fprintf(out,
                "lto  was optimised at link time (%s B): the linker's map does not say which of its inputs, "
                "own or a "
                "library's, these bytes came from\n",
                columns_number_text(arena, sum));
}

int report_size_text(FILE *out, const char *function, const struct graph *graph,
                     const struct report_size *how, struct shared_arena *arena, struct shared_error *err)
{
    struct size_order order;
    int status = size_order_make(graph, how->key, arena, &order, err);
    if (status < 0)
        return status;
    struct printing printing = {
        .graph = graph, .how = how, .order = &order, .columns = {.arena = arena, .column_count = 4}};
    static const char *const headings[] = {"PART", "FILE", "ZIP", "RETAINED"};
    for (size_t i = 0; i < 4; i++)
        columns_add(&printing.columns, headings[i]);
    uint64_t deflated = 0;
    for (size_t i = 0; i < order.library_count; i++) {
        const struct graph_library *library = &graph->libraries[order.libraries[i]];
        const struct sizes sizes = {library->bytes, library->deflated_bytes, library->retained_bytes};
        add_row(&printing, 0, graph_text(graph, library->name), &sizes, true);
        deflated += library->deflated_bytes;
        if (how->depth != DEPTH_LIBRARY)
            add_members(&printing, order.libraries[i]);
    }
    add_linker(&printing, deflated);
    fprintf(out, "%s: %s B, %s B in the zip\n", function, columns_number_text(arena, graph->file_bytes),
            columns_number_text(arena, graph->deflated_bytes));
    status = columns_print(&printing.columns, out, how->colour, err);
    if (status == 0 && how->depth == DEPTH_SYMBOL)
        explain_marks(out, graph, arena);
    if (status == 0)
        explain_lto(out, graph, arena);
    return status;
}
