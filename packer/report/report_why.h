/* report_why.h - why a symbol, a member or a library is in a program: the shortest chain of references to it. */
#ifndef PACKER_REPORT_WHY_H
#define PACKER_REPORT_WHY_H

#include "base/json_out.h"
#include "graph/graph.h"

#include <stdbool.h>
#include <stdio.h>

/* What a name that a person gave stands for. */
struct why_target {
    const char *kind; /* "symbol", "member", "library" */
    uint32_t *atoms;  /* of symbols: each of that name; of others the one that is nearest to the root */
    size_t count;     /* 0: nothing has that name */
    uint32_t group;   /* of a member or a library: its index */
};

/* Looks a name up: a symbol, else a member ("inflate.o", or "libz.a(inflate.o)"), else a library; a symbol may be
 * preceded by its member, "inflate.o:inflate". Lives in the arena. SHARED_ENOMEM. */
int why_find(const struct graph *graph, const char *name, struct shared_arena *arena,
             struct why_target *target, struct shared_error *err);

/* The chain to one atom as a table, a step a row: symbol, member, library, bytes, and what the member was extracted
 * for. */
int report_why_text(FILE *out, const struct graph *graph, uint32_t atom, bool colour,
                    struct shared_arena *arena, struct shared_error *err);

/* An object: {"symbol":…,"bytes":…,"deflated_bytes":…,"retained_bytes":…,"kept":…,"chain":[{"symbol":…,"section":…,"by":…,
 * "member":…,"archive":…,"library":…,"extracted_for":…,"extracted_by":…}]}. "by" is what leads there: "root" what programs start from, "reference", "section": no reference,
 * but the input section of the place before it, "linker": what is not seen. */
int report_why_json(struct json_out *json, const struct graph *graph, uint32_t atom,
                    struct shared_arena *arena, struct shared_error *err);

/* The name of an atom as reports have it: "[.rodata.str1.1]" where no symbol names it. In the arena. */
const char *report_atom_name(const struct graph *graph, uint32_t atom, struct shared_arena *arena);

#endif
