/* budget.h - what programs, and parts of them, may weigh by the project's own word: "budgets" of the
 * manifest. */
#ifndef PACKER_BUDGET_H
#define PACKER_BUDGET_H

#include "manifest/manifest.h"
#include "snapshot/snapshot.h"

#include <stdbool.h>

/* One that is broken. */
struct budget_finding {
    const struct manifest_budget *budget;
    const char *function;
    const char *key; /* "zip_growth_percent" */
    uint64_t value;
    uint64_t allowed;    /* in bytes: of a growth, what there was and what may come to it */
    const char *message; /* numbers, largest cause, what to do */
};

struct budget_findings {
    struct budget_finding *items; /* by function, then in the manifest's order */
    size_t count;
};

/* Whether a budget holds for a function; whether one is of growth, so that there has to be a snapshot before.
 */
bool budget_is_for(const struct manifest *manifest, const char *function);
bool budget_needs_snapshot(const struct manifest *manifest);

/*
 * Holds the functions of a snapshot at depth symbol against all budgets. before: the sizes that growth is
 * measured from, read from the file of that path; NULL where budget_needs_snapshot says that none is needed.
 * A function that is not in it is new, and has not grown. SHARED_EINVAL: the snapshot is not deep enough for
 * a budget of symbols.
 */
int budget_check(const struct manifest *manifest, const struct snapshot *now, const struct snapshot *before,
                 const char *before_path, struct shared_arena *arena, struct budget_findings *findings,
                 struct shared_error *err);

#endif
