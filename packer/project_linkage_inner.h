/* project_linkage_inner.h - what the files of project_linkage.h have in common. */
#ifndef PACKER_PROJECT_LINKAGE_INNER_H
#define PACKER_PROJECT_LINKAGE_INNER_H

#include "check/checks.h"
#include "package/package_closure.h"
#include "project_linkage.h"
#include "project_measure.h"

#include <stdint.h>

/* What the lock says of a library. */
enum linkage_last { LINKAGE_NO_LAST, LINKAGE_LAST_PARTS, LINKAGE_LAST_SHARED };

/* A library that functions of linkage auto are linked with. */
struct linkage_library {
    const struct manifest_library *library;
    struct link_shared shared; /* path NULL: there is none that could be taken */
    const char *soname;
    struct manifest_texts needed; /* of the shared object */
    enum linkage_last last;
    bool chosen;   /* its shared object */
    bool is_tried; /* it is part of the way that is looked at */
    struct report_linkage report;
};

/* A library that a program would bring along. */
struct linkage_file {
    const char *place; /* "lib/libpng16.so.16" */
    const char *source;
    uint64_t zip_bytes; /* that it adds to a zip */
    bool may_move;      /* the function has room for a layer */
};

/* A function linked in a way. */
struct linkage_way {
    struct linked linked;
    uint64_t program_bytes; /* of the zip */
    struct linkage_file *files;
    size_t file_count;
    bool misses; /* a library that it needs is nowhere */
};

/* A program of the manifest. */
struct linkage_function {
    const struct manifest_function *function;
    bool *uses; /* of each library; NULL: its linkage is not auto */
    bool may_move;
    struct linkage_way now, tried; /* tried.linked.shipped NULL: as now */
};

struct linkage {
    const struct manifest *manifest;
    const struct link_options *options;
    struct shared_arena *arena;
    struct link_session *session;
    struct check_plan checks;
    struct package_closure closure;
    struct project_measure measure;
    struct linkage_library *libraries; /* in link order */
    size_t library_count;
    struct linkage_function *functions; /* programs alone */
    size_t function_count;
};

int linkage_no_memory(const struct linkage *all, struct shared_error *err);

/* count elements of that size, all zero; NULL where memory is exhausted. */
void *linkage_allocate(const struct linkage *all, size_t count, size_t size);

/* Lists programs and libraries, finds shared objects and what the lock says. */
int linkage_list(struct linkage *all, struct shared_error *err);

/*
 * Looks at programs that have been linked: what each weighs, and what it would bring along. ways[i] belongs to
 * functions[i].
 */
int linkage_look(struct linkage *all, struct linkage_function *const *functions,
                 struct linkage_way *const *ways, size_t count, struct shared_error *err);

/* Why a function cannot be linked as it was tried: a text that ends a sentence; *why NULL: it can. */
int linkage_judge(struct linkage *all, const struct linkage_function *function, const char **why,
                  struct shared_error *err);

/* Bytes of zips for what programs bring along, what moves into layers once; with the ways that are tried, or those of
 * now. *in_layer: whether one of place is there for several functions. */
int linkage_files_cost(const struct linkage *all, bool tried, const char *place, uint64_t *bytes,
                       bool *in_layer, struct shared_error *err);

#endif
