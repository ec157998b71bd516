/* project_snapshot.h - the sizes of a project's programs as they are now. */
#ifndef PACKER_PROJECT_SNAPSHOT_H
#define PACKER_PROJECT_SNAPSHOT_H

#include "project.h"
#include "snapshot/snapshot.h"

/* Where the manifest says that its snapshot lies. NULL where memory is exhausted. */
const char *project_snapshot_path(const struct manifest *manifest, struct shared_arena *arena);

/* The path of a snapshot that is named on a command line: "-" is standard input. */
const char *project_snapshot_named(const char *argument);

/* All functions of a project that is open, in its arena, at depth symbol. SHARED_ENOMEM. */
int project_snapshot(struct project *project, struct snapshot *snapshot, struct shared_error *err);

/* Leaves the functions of which a name among the patterns (fnmatch) holds; in place. */
void project_snapshot_filter(struct snapshot *snapshot, char *const *patterns, size_t count);

#endif
