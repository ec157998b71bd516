/*
 * project.h - what the subcommands have in common: the manifest's programs, linked, and why their bytes are there.
 */
#ifndef PACKER_PROJECT_H
#define PACKER_PROJECT_H

#include "base/hash.h"
#include "graph/graph.h"
#include "link/link.h"
#include "manifest/manifest.h"
#include "report/report_linkage.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>

/* Where a project's objects and records lie: state, or .demine/PROJECT beside the manifest. NULL where memory is
 * exhausted. */
const char *project_state(const struct manifest *manifest, const char *state, struct shared_arena *arena);

/* Makes and locks a folder; waits for another demine, and says so unless quiet. */
int project_take_folder(const char *folder, bool quiet, int *lock, struct shared_error *err);

struct project_link {
    const char *state;
    unsigned parallel; /* 0: one job for each processor */
    bool progress;
    bool again; /* tools that only warn have been heard already */
    struct report_linkages
        *linkages; /* what was chosen for functions of linkage auto goes here; may be NULL */
};

/* Links all functions, those of linkage auto as it is chosen (project_linkage.h), with a bar, and prints what the tools said on standard error. As
 * link_functions, but for what fails with SHARED_EINVAL there: here that is the manifest alone. */
int project_link(const struct manifest *manifest, const struct project_link *options,
                 struct shared_arena *arena, struct linked *linked, struct shared_error *err);

/* What a subcommand is told of where to look. All NULL, 0 and false is the default. */
struct project_options {
    const char *manifest; /* path; NULL: demine.json */
    const char *state;    /* folder; NULL: .demine/PROJECT beside the manifest */
    unsigned parallel;
    bool quiet;
};

/* A manifest with its programs' graphs; linked and graphs have an element for each function. */
struct project {
    struct shared_arena arena;
    struct manifest manifest;        /* of its functions the programs alone */
    struct manifest_function *files; /* those of files alone, which have none */
    size_t file_count;
    const char *state;
    int state_lock;
    struct linked *linked;
    struct graph *graphs;
    struct hash self; /* of the program that runs: graphs that another one kept are read anew */
    bool self_known;
    bool forgetful; /* a graph could not be kept for the next run, which has been said */
};

/*
 * Reads the manifest, links what has changed and reads the graphs, those of unchanged programs from the state folder.
 * A function that cannot be looked into (a binary without map or relocations) fails the whole. Returns 0 or a
 * negative code; project_close is right either way. SHARED_EINVAL: the manifest, and nothing else.
 */
int project_open(const struct project_options *options, struct project *project, struct shared_error *err);
void project_close(struct project *project);

/*
 * Lets other runs have the state folder: what is in memory stays. To be called before anything is printed, which may
 * wait for a reader for hours.
 */
void project_release(struct project *project);

/* Says a failure of project_open's on standard error; returns the exit status for it. */
int project_failed(const struct shared_error *err);

/* The program of a function's name, by its place in the manifest; -1, said with a proposal, where there is none. */
int project_find_function(const struct project *project, const char *name);

#endif
