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

/*
 * Links all functions; linked has room for one each, in the manifest's order; that of a function of files alone is
 * empty. messages receives what the
 * tools said, warnings too. Fails with SHARED_EINVAL where an input is missing or a tool fails (the error
 * names the first function, messages hold the tools' words), SHARED_ENOTFOUND where a tool is not installed,
 * SHARED_EIO.
 */
int link_functions(const struct manifest *manifest, const struct link_options *options,
                   struct shared_arena *arena, struct linked *linked, struct step_messages *messages,
                   struct shared_error *err);

#endif
