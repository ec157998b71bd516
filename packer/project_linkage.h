/*
 * project_linkage.h - functions of linkage auto: of each library its needed parts or its shared object, whichever makes
 * all zips smaller.
 *
 * Both ways are really linked, deflated and compared, one library after the other, those that others need first: with
 * what was chosen before it, its parts, or its shared object with what that needs beyond the target, once where layers
 * hold it for several functions: one link of each function for each of its libraries, and one with parts alone. A shared object that needs another library of the manifest takes its shared object too: its
 * parts in the program would be a second copy with a state of its own. A library is linked the same way into all
 * functions of linkage auto.
 *
 * The last choice, as layers of the lock show it, is left where that saves over 1 % of the larger way's bytes or over
 * 1 KB; at equal bytes parts are taken.
 */
#ifndef PACKER_PROJECT_LINKAGE_H
#define PACKER_PROJECT_LINKAGE_H

#include "link/link.h"
#include "manifest/manifest.h"
#include "report/report_linkage.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>

/* Whether there is something to choose. */
bool project_has_choices(const struct manifest *manifest);

/*
 * As link_functions, each function as it was chosen; what was chosen is in *linkages, which lives in the arena. Nothing
 * is linked or deflated where nothing has changed.
 */
int project_link_chosen(const struct manifest *manifest, const struct link_options *options,
                        struct shared_arena *arena, struct linked *linked, struct report_linkages *linkages,
                        struct step_messages *messages, struct shared_error *err);

#endif
