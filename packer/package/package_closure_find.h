/* package_closure_find.h - the inner steps of package_add_closure: libraries where the linker has them. */
#ifndef PACKER_PACKAGE_CLOSURE_FIND_H
#define PACKER_PACKAGE_CLOSURE_FIND_H

#include "package/package_closure.h"

#include <stdbool.h>

/* What is kept of an ELF file; paths and texts live in the closure's arena. */
struct closure_object {
    struct closure_object *next;
    const char *path;    /* as it was asked for */
    const char *file;    /* without symlinks */
    const char *problem; /* why it is no shared object or program of the target's; NULL: it is one */
    bool interpreted;    /* PT_INTERP */
    const char *soname, *run_path, *search_path; /* each may be NULL */
    struct manifest_texts needed;
    uint64_t size_bytes;
};

/* Reads a file, once for each path; what is wrong with it is in problem. SHARED_ENOMEM. */
int closure_read(struct package_closure *closure, const char *path, const struct closure_object **object,
                 struct shared_error *err);

struct closure_search {
    const struct manifest_function *function;
    const struct closure_object *needer;
    const char *origin;      /* folder that $ORIGIN of needer was on this machine; NULL: none */
    const char *name;        /* DT_NEEDED */
    const char *passed_over; /* afterwards: why a file of that name was not taken; NULL: there was none */
};

/* *found is NULL where the library is nowhere. SHARED_ENOMEM, or the compiler cannot be started. */
int closure_find(struct package_closure *closure, struct closure_search *search,
                 const struct closure_object **found, struct shared_error *err);

int closure_no_memory(const char *name, struct shared_error *err);

#endif
