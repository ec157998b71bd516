/* report_linkage.h - how the libraries of functions of linkage auto are linked, and what the other way would have cost. */
#ifndef PACKER_REPORT_LINKAGE_H
#define PACKER_REPORT_LINKAGE_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct report_linkage {
    const char *library;
    size_t functions; /* of linkage auto that are linked with it */
    bool shared;      /* they load its shared object; else each has the parts that it needs */
    bool in_layer;    /* the shared object would lie in a layer, once; else in each function's zip */
    const char *
        needed_by; /* the library whose shared object needs this one's, which is the reason for it; else NULL */
    const char *why_not; /* there is no such choice: the reason; else NULL */
    /* Of zips, over all functions; 0 where needed_by or why_not is: */
    uint64_t shared_bytes; /* the shared object, and what it needs that is not there for another library */
    int64_t parts_bytes;   /* what the programs have more with the parts; may be below 0 */
};

struct report_linkages {
    struct report_linkage *items; /* in link order */
    size_t count;
};

/* "Linkage: libpng is a shared object for 3 functions: 102,400 B in a layer, 241,000 B as parts", a line each. */
int report_linkage_text(FILE *out, const struct report_linkages *linkages, struct shared_arena *arena,
                        struct shared_error *err);

#endif
