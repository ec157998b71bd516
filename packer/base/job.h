/* job.h - other programs, several at a time. */
#ifndef PACKER_JOB_H
#define PACKER_JOB_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stddef.h>

struct job {
    const char *const *argv; /* ended by NULL; argv[0] is looked up in PATH; no shell is involved */
    const char *folder;      /* its current folder */
    int status;              /* afterwards: exit status, 127 where it could not be started, 128 + signal */
    struct shared_slice
        output; /* afterwards: what it wrote to standard output and error, at most 1 MiB, then a word that there was more (arena) */
};

/* Called after each job that ended, with the number of those that have. */
typedef void job_progress(void *user, size_t done, size_t count);

/*
 * Runs all jobs, at most parallel at once, in order, and waits for them. A job that fails stops no other.
 * Fails only where the system has no process or memory to give. progress may be NULL. Not for programs with
 * children of their own. What would make tools speak another language, or put a machine's own settings into
 * what they make, is taken out of their environment (job.c has the list).
 */
int job_run_all(struct job *jobs, size_t count, unsigned parallel, struct shared_arena *arena,
                job_progress *progress, void *user, struct shared_error *err);

/* Processors that this process may use; at least 1. */
unsigned job_processors(void);

#endif
