/*
 * step.h - a command with one output, run only where something changed.
 *
 * What changed is told by content: beside the output lies a record with the hash of the command, of what it
 * wrote and of each file that it said it had read, and where a file would be found first that was not there.
 * Touching a file, copying a tree or a clock that is wrong rebuild nothing; a changed byte anywhere does.
 */
#ifndef PACKER_STEP_H
#define PACKER_STEP_H

#include "base/job.h"
#include "link/hash_cache.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct step {
    const char *title;         /* for messages: "compile catalog.c" */
    const char *const *argv;   /* as for a job */
    const char *folder;        /* the command's current folder; relative dependencies are below it */
    const char *key;           /* what else the output depends on: the tools' hashes */
    const char *output;        /* absolute, as all paths that follow */
    const char *beside;        /* what it writes beside the output, a link map; NULL: nothing */
    const char *depfile;       /* what the command writes; NULL: inputs are all it reads */
    bool line_each;            /* see depfile_parse */
    const char *const *inputs; /* ended by NULL; may be NULL */
    const char *const *search; /* folders where the command looks for what it reads, in order; as inputs */
    bool *failed;              /* not NULL: it may fail, which is said here, and its words are not kept */
};

/* Whether the output is there and is what the command would make. */
bool step_is_current(const struct step *step, struct hash_cache *cache);

/*
 * Writes the record after the command, begun at started (CLOCK_REALTIME), succeeded. Where something
 * that it read has been written since, nobody knows which content it saw: there is then no record, and the
 * next run makes the output again. Fails where there is no output.
 */
int step_record(const struct step *step, const struct timespec *started, struct hash_cache *cache,
                struct shared_error *err);

/* Where the record lies (arena); NULL where memory is exhausted. */
const char *step_record_path(const struct step *step, struct shared_arena *arena);

/* Of all that the record's output depends on beside files. */
struct hash step_command_hash(const struct step *step, struct shared_arena *arena);

#define STEP_FORMAT "demine-step 2"
#define STEP_ABSENT "-" /* in place of a hash: nothing is there */
#define STEP_RECORD_LIMIT_BYTES (64u << 20)

/* Something that a tool had to say, or that failed. */
struct step_message {
    const char *title;
    struct shared_slice text;
    int status; /* the tool's exit status; 0: a warning */
};

struct step_messages {
    struct step_message *items;
    size_t count;
};

/*
 * Runs the steps that are not current, in parallel, and records them. A step that fails stops no other;
 * afterwards the call fails with SHARED_EINVAL and a message that names the first. What tools wrote is added
 * to messages (arena).
 */
int step_run_all(const struct step *steps, size_t count, unsigned parallel, struct hash_cache *cache,
                 struct step_messages *messages, job_progress *progress, void *user,
                 struct shared_error *err);

#endif
