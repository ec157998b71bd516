#include "graph/graph_inner.h"

#include "base/slice_part.h"
#include "image/text_table.h"

#include <string.h>

#define HASH_DIGITS 16

/* "archive(member)" as it stands in the map: the two slices lie side by side there. */
static struct shared_slice whole_name(struct shared_slice file, struct shared_slice member)
{
    return member.data ? shared_slice_of(file.data, file.size_bytes + member.size_bytes + 2) : file;
}

/* What people call an object: that of a source that demine compiled is object/SOURCE-HASH.o (link/compile.c), and
 * here SOURCE. */
static struct shared_slice object_name(struct shared_slice path)
{
    struct shared_slice name = slice_base(path);
    size_t tail = HASH_DIGITS + 3; /* "-" and ".o" */
    if (name.size_bytes <= tail || name.size_bytes == path.size_bytes)
        return name;
    const char *end = name.data + name.size_bytes - tail;
    struct shared_slice folder =
        slice_base(shared_slice_of(path.data, path.size_bytes - name.size_bytes - 1));
    bool compiled = shared_slice_equal(folder, shared_slice_from_text("object")) && *end == '-' &&
                    memcmp(end + 1 + HASH_DIGITS, ".o", 2) == 0;
    for (size_t i = 1; compiled && i <= HASH_DIGITS; i++)
        compiled = memchr("0123456789abcdef", end[i], 16) != NULL;
    return compiled ? shared_slice_of(name.data, name.size_bytes - tail) : name;
}

/* The files of optimisation at link time have names that change with each link: they are numbered. */
static int name_partition(struct graph_work *work, uint32_t *name, struct shared_error *err)
{
    const char *text = shared_arena_format(work->scratch, "lto.%u", work->partition_count++);
    return text ? graph_add_text(work, shared_slice_from_text(text), name, err) : graph_no_memory(work, err);
}

static int add_member(struct graph_work *work, const struct image_run *run, struct shared_error *err)
{
    struct graph *graph = work->graph;
    const struct link_piece *piece = &work->layout->map.pieces[run->piece];
    struct graph_member *member = &graph->members[graph->member_count++];
    *member = (struct graph_member){.library = run->origin, .extracted_by = GRAPH_NONE};
    if (piece->member.data) {
        int status = graph_add_text(work, piece->member, &member->name, err);
        return status < 0 ? status : graph_add_text(work, piece->file, &member->archive, err);
    }
    member->lto = run->origin == ORIGIN_LTO;
    return member->lto ? name_partition(work, &member->name, err)
                       : graph_add_text(work, object_name(piece->file), &member->name, err);
}

/* Which member made the linker extract which, where the map says. */
static int read_extractions(struct graph_work *work, struct text_table *table, struct shared_error *err)
{
    const struct link_map *map = &work->layout->map;
    for (size_t i = 0; i < map->extraction_count; i++) {
        const struct link_extraction *extraction = &map->extractions[i];
        uint32_t *known = text_table_at(table, whole_name(extraction->file, extraction->member));
        if (!known)
            return graph_no_memory(work, err);
        uint32_t member = *known;
        if (member == TEXT_TABLE_NONE)
            continue; /* nothing of it is left in the program */
        known = text_table_at(table, whole_name(extraction->by_file, extraction->by_member));
        struct graph_member *extracted = &work->graph->members[member];
        int status = known ? graph_add_text(work, extraction->symbol, &extracted->extracted_for, err)
                           : graph_no_memory(work, err);
        if (status < 0)
            return status;
        extracted->extracted_by = *known;
    }
    return 0;
}

static int copy_libraries(struct graph_work *work, struct shared_error *err)
{
    const struct image_origins *origins = &work->layout->origins;
    struct graph *graph = work->graph;
    graph->libraries = shared_arena_alloc(work->arena, origins->count * sizeof(*graph->libraries));
    if (!graph->libraries)
        return graph_no_memory(work, err);
    graph->library_count = origins->count;
    int status = 0;
    for (size_t i = 0; status == 0 && i < origins->count; i++) {
        graph->libraries[i] = (struct graph_library){0};
        status = graph_add_text(work, shared_slice_from_text(origins->items[i].name),
                                &graph->libraries[i].name, err);
    }
    return status;
}

int graph_make_members(struct graph_work *work, struct shared_error *err)
{
    const struct image_runs *runs = &work->layout->runs;
    struct graph *graph = work->graph;
    struct text_table table = {.arena = work->scratch};
    work->member_of = shared_arena_alloc(work->scratch, (runs->count + 1) * sizeof(*work->member_of));
    graph->members = shared_arena_alloc(work->arena, (runs->count + 1) * sizeof(*graph->members));
    if (!work->member_of || !graph->members)
        return graph_no_memory(work, err);
    struct graph_member *linker = &graph->members[graph->member_count++];
    *linker = (struct graph_member){.library = ORIGIN_LINKER, .extracted_by = GRAPH_NONE};
    int status = graph_add_text(work, shared_slice_from_text("linker"), &linker->name, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < runs->count; i++) {
        const struct link_piece *piece = &work->layout->map.pieces[runs->items[i].piece];
        work->member_of[i] = 0;
        if (piece->file.size_bytes == 0)
            continue;
        uint32_t *known = text_table_at(&table, whole_name(piece->file, piece->member));
        if (!known)
            return graph_no_memory(work, err);
        if (*known == TEXT_TABLE_NONE) {
            *known = (uint32_t)graph->member_count;
            status = add_member(work, &runs->items[i], err);
            if (status < 0)
                return status;
        }
        work->member_of[i] = *known;
    }
    status = copy_libraries(work, err);
    return status < 0 ? status : read_extractions(work, &table, err);
}
