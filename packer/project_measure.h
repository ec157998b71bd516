/*
 * project_measure.h - what files weigh in a zip, deflated once for each content: sizes are kept in the state folder.
 *
 * As zips of the level "default" have it, whatever the level of a run: what is chosen by these sizes must not change
 * with how fast a zip is wanted.
 */
#ifndef PACKER_PROJECT_MEASURE_H
#define PACKER_PROJECT_MEASURE_H

#include "base/hash.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct measured_content;

#define MEASURE_BUCKETS 1024

/* {.path = …, .arena = …} is an empty one. One thread. */
struct project_measure {
    const char *path; /* where sizes are kept */
    struct shared_arena *arena;
    struct measured_content *contents[MEASURE_BUCKETS]; /* by their hash */
    bool read;
};

/* A file that is to be measured. */
struct measure_file {
    const char *path;
    bool program;   /* deflated as programs are */
    uint64_t bytes; /* result: of its stream */
};

/* Measures files, on so many threads (0: one for each processor). SHARED_EIO, SHARED_ENOMEM. */
int project_measure(struct project_measure *measure, struct measure_file *files, size_t count,
                    unsigned parallel, struct shared_error *err);

/* Keeps the sizes of all that was measured, and no others. */
int project_measure_keep(struct project_measure *measure, struct shared_error *err);

#endif
