#include "advice/advice_inner.h"

#include "base/cleanup.h"
#include "base/path.h"

#include <string.h>

/*
 * glibc's archives and the compiler's are not anybody's to rebuild, nor has the function's own code an
 * archive.
 */
static bool is_rebuilt(const struct graph *graph, const struct graph_member *member)
{
    return member->archive != 0 &&
           strcmp(graph_text(graph, graph->libraries[member->library].name), "libc") != 0;
}

/* Leaves out what nothing refers to of an archive; returns how many symbols these are. */
static size_t leave_out(struct advice_walk *walk, const char *archive)
{
    const struct graph *graph = walk->graph;
    size_t symbols = 0;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        walk->left_out[i] = atom->kept == GRAPH_SECTION &&
                            strcmp(graph_text(graph, graph->members[atom->member].archive), archive) == 0;
        symbols += walk->left_out[i] && atom->named;
    }
    return symbols;
}

static int look_at(struct advice_work *work, const struct advice_program *program, struct advice_walk *walk,
                   const struct graph_member *member, struct shared_error *err)
{
    const struct graph *graph = program->graph;
    const char *archive = graph_text(graph, member->archive);
    struct advice advice = {
        .kind = ADVICE_SECTIONS,
        .subject = path_base(archive),
        .library = graph_text(graph, graph->libraries[member->library].name),
        .symbols = leave_out(walk, archive),
    };
    advice_walk(walk);
    advice.gain = advice_lost(walk);
    return advice.gain.file < ADVICE_LEAST_BYTES ? 0
                                                 : advice_add(work, &advice, program->function->name, err);
}

/* Whether a member before this one is of the same archive. */
static bool is_known(const struct graph *graph, const bool *idle, size_t index)
{
    const char *archive = graph_text(graph, graph->members[index].archive);
    for (size_t i = 1; i < index; i++)
        if (idle[i] && strcmp(graph_text(graph, graph->members[i].archive), archive) == 0)
            return true;
    return false;
}

int advice_sections(struct advice_work *work, const struct advice_program *program, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const struct graph *graph = program->graph;
    struct advice_walk walk;
    bool *idle = shared_arena_alloc(&scratch, graph->member_count * sizeof(*idle));
    if (!idle || advice_walk_init(&walk, graph, &scratch, err) < 0)
        return advice_no_memory(err);
    memset(idle, 0, graph->member_count * sizeof(*idle));
    for (size_t i = 1; i < graph->atom_count; i++)
        idle[graph->atoms[i].member] |= graph->atoms[i].kept == GRAPH_SECTION;
    int status = 0;
    for (size_t i = 1; status == 0 && i < graph->member_count; i++)
        if (idle[i] && is_rebuilt(graph, &graph->members[i]) && !is_known(graph, idle, i))
            status = look_at(work, program, &walk, &graph->members[i], err);
    return status;
}
