/*
 * live_compare.h - three opinions on one program, section by section: the linker's (what it printed that it dropped, and
 * its map), the oracle's (what it marked from the inputs), and the graph's (what it read from the linked program).
 */
#ifndef TESTS_LIVE_COMPARE_H
#define TESTS_LIVE_COMPARE_H

#include "graph/graph.h"
#include "image/image_layout.h"
#include "oracle.h"

#include <stdio.h>

/* Counts of what did not agree; each is also said, the first ones of a kind, on the stream. */
struct live_differences {
    size_t sections; /* that the oracle has alive or dead: how many there were to compare */
    size_t dropped;  /* by the linker and not by the oracle, or the other way round */
    size_t mapped;   /* pieces of the map that are dead to the oracle, or live sections that it has none of */
    size_t runs;     /* live sections of which the graph has not all bytes, or of dead ones any */
    size_t edges;    /* between live sections, by the inputs' relocations: how many there were to compare */
    size_t edges_missing; /* of the inputs that the graph has not */
    size_t edges_made_up; /* of the graph that the inputs have not */
    size_t parents_wrong; /* atoms whose parent's section does not refer to theirs */
    size_t atoms_unknown;
    uint64_t bytes_unknown;
    uint64_t bytes_missing; /* of the file, that the graph's sums do not account for */
};

/* layout is what the graph was read from; removed is what the linker printed with --print-gc-sections. Returns 0 or SHARED_ENOMEM. */
int live_compare(const struct oracle_link *link, const struct image_layout *layout,
                 struct shared_slice removed, const struct graph *graph, FILE *out,
                 struct live_differences *found, struct shared_error *err);

#endif
