/* advice_inner.h - the kinds of advice, each on its own. */
#ifndef PACKER_ADVICE_INNER_H
#define PACKER_ADVICE_INNER_H

#include "advice/advice.h"

struct advice_work {
    const struct check_plan *plan;
    struct shared_arena *arena;
    struct advices *advices;
};

/* What of a program can be come to without some of its atoms. */
struct advice_walk {
    const struct graph *graph;
    bool *left_out; /* of each atom; the caller's to fill */
    bool *seen;     /* afterwards: it can be come to */
    uint32_t *queue;
};

/* None is left out yet. SHARED_ENOMEM. */
int advice_walk_init(struct advice_walk *walk, const struct graph *graph, struct shared_arena *scratch,
                     struct shared_error *err);
void advice_walk(struct advice_walk *walk);

/* What cannot be come to, after a walk; what the linker made is not counted. */
struct share_bytes advice_lost(const struct advice_walk *walk);

/* Adds what is true of one function; advice on the same subject, from the same symbol, becomes one. */
int advice_add(struct advice_work *work, const struct advice *advice, const char *function,
               struct shared_error *err);
int advice_no_memory(struct shared_error *err);

int advice_sections(struct advice_work *work, const struct advice_program *program, struct shared_error *err);
int advice_dynamic(struct advice_work *work, const struct advice_program *program, struct shared_error *err);
int advice_roots(struct advice_work *work, const struct advice_program *program, struct shared_error *err);

/* "own", "libc": the library that an atom is of. */
static inline const char *advice_library(const struct graph *graph, uint32_t atom)
{
    return graph_text(graph, graph->libraries[graph->members[graph->atoms[atom].member].library].name);
}

#endif
