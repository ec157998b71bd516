/* report_size.h - where a program's bytes are, for a person and for a pipeline. */
#ifndef PACKER_REPORT_SIZE_H
#define PACKER_REPORT_SIZE_H

#include "base/json_out.h"
#include "report/size_order.h"

#include <stdbool.h>
#include <stdio.h>

enum size_depth { DEPTH_LIBRARY, DEPTH_MEMBER, DEPTH_SYMBOL };

struct report_size {
    enum size_key key;
    enum size_depth depth;
    size_t top; /* parts shown of each; 0: all */
    bool colour;
};

/* A tree, its rows indented, the largest first; what is left out is summed up in a row. */
int report_size_text(FILE *out, const char *function, const struct graph *graph,
                     const struct report_size *how, struct shared_arena *arena, struct shared_error *err);

/*
 * One element of the array "functions" that the caller writes, all sizes in bytes:
 * {"name":…,"bytes":…,"deflated_bytes":…,"headers":…,"tables":…,"padding":…,"unreferenced":…,"unknown":…,
 *  "lto":…,"libraries":[{"name":…,"bytes":…,"deflated_bytes":…,"retained_bytes":…,
 *    "members":[{"name":…,"archive":…,"bytes":…,"deflated_bytes":…,"retained_bytes":…,
 *      "symbols":[{"name":…,"section":…,"kept":"reached","bytes":…,"deflated_bytes":…,"retained_bytes":…}]}]}]}
 * Nothing is left out but what is below the depth. "lto" is what was optimised at link time: whose input's it is, is
 * not known.
 */
int report_size_json(struct json_out *json, const char *function, const struct graph *graph,
                     const struct report_size *how, struct shared_arena *arena, struct shared_error *err);

#endif
