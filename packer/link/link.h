/*
 * link.h - one program for each function, linked with only the symbols that it needs.
 *
 * Sources are compiled with a section for each function and datum; one link then drops what is not reached
 * (--gc-sections), keeps its relocations (-q) and writes a map, so that later stages can tell from that one
 * file what is inside and why. What ships is a stripped copy of it. Everything is made in a state folder and
 * made again only where a content has changed.
 */
#ifndef PACKER_LINK_H
#define PACKER_LINK_H

#include "base/job.h"
#include "link/build_id.h"
#include "link/step.h"
#include "manifest/manifest.h"

#include <shared/arena.h>
#include <shared/error.h>

struct link_options {
    const char *state;      /* folder for what is made; made if missing */
    unsigned parallel;      /* tools at a time; 0: one for each processor */
    job_progress *progress; /* may be NULL */
    void *user;
};

/* A linked function. Paths are absolute. */
struct linked {
    const char *shipped;    /* stripped */
    const char *unstripped; /* with relocations, symbols and debugging information */
    const char *map;        /* NULL where a binary came without one */
    struct build_id id;     /* filled into what ships; empty where that has no room or an id of its own */
};

/* A library that a function loads as its shared object, instead of having the parts that it needs. */
struct link_shared {
    const struct manifest_library *library;
    const char *path; /* absolute */
};

/* One of the ways to link a function. */
struct link_way {
    const struct manifest_function *function;
    const char *folder; /* of what is made, below the function's in the state folder; "": that itself */
    const struct link_shared *shared;
    size_t shared_count;
    bool trial; /* it need not work: what is linked is then empty, and what the linker says is not kept */
};

/* Tools, and what is known of files so far. */
struct link_session;

/*
 * Finds the tools and the state folder; the session lives in the arena, and as long as manifest and options.
 * SHARED_ENOTFOUND where a tool is not installed.
 */
int link_open(const struct manifest *manifest, const struct link_options *options, struct shared_arena *arena,
              struct link_session **session, struct shared_error *err);

/* Links in these ways, all at once; linked has room for one each. No two of one function may have the same folder.
 * Else as link_functions. */
int link_ways(struct link_session *session, const struct link_way *ways, size_t count, struct linked *linked,
              struct step_messages *messages, struct shared_error *err);

/*
 * Links all functions, with the needed parts of their libraries; linked has room for one each, in the manifest's order; that of a function of files alone is
 * empty. messages receives what the
 * tools said, warnings too. Fails with SHARED_EINVAL where an input is missing or a tool fails (the error
 * names the first function, messages hold the tools' words), SHARED_ENOTFOUND where a tool is not installed,
 * SHARED_EIO.
 */
int link_functions(const struct manifest *manifest, const struct link_options *options,
                   struct shared_arena *arena, struct linked *linked, struct step_messages *messages,
                   struct shared_error *err);

#endif
