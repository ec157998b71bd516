/* report_prune.h - which published versions could go, what that wins, and the commands that do it. */
#ifndef PACKER_REPORT_PRUNE_H
#define PACKER_REPORT_PRUNE_H

#include "prune/prune.h"

#include <stdio.h>

struct report_prune {
    const struct prune_plan *plan;
    uint64_t keep;
    bool all_functions;
    bool colour;
};

/* Tables, what is kept and why, and the commands. */
int report_prune_text(FILE *out, const struct report_prune *report, struct shared_arena *arena,
                      struct shared_error *err);

/* The commands alone, one a line, for sh; functions' before layers', which they free. */
void report_prune_sh(FILE *out, const struct prune_plan *plan);

/*
 * {"format":1,"keep":3,"all_functions":…,"functions":[{"name":…,"arn":…,"version":"7","bytes":…,"modified":…,"goes":true,
 *  "why":"…"}],"layers":[{"name":…,"arn":…,"version":3,"bytes":…,"created":…,"goes":…,"why":…}],
 *  "aliases_unknown":[…],"versions_partial":[…],"versions_missing":[{"name":…,"version":"2","alias":…}],
 *  "versions_unlisted":[…],"won_bytes":…,"won_unknown":…,"commands":[…]}
 * bytes null: not known. won_unknown: layer versions that go and have no known size.
 */
void report_prune_json(FILE *out, const struct report_prune *report);

#endif
