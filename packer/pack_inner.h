/* pack_inner.h - what the files of demine pack have in common. */
#ifndef PACKER_PACK_INNER_H
#define PACKER_PACK_INNER_H

#include "check/checks.h"
#include "image/image.h"
#include "limit/budget.h"
#include "limit/limit.h"
#include "link/link.h"
#include "manifest/manifest.h"
#include "pack_run.h"
#include "package/package.h"
#include "project.h"
#include "report/report.h"
#include "zip/zip_all.h"

/* Everything of one run; the arrays have an element for each function. */
struct pack {
    const struct pack_options *options;
    struct shared_arena arena;
    struct shared_error err;
    struct manifest manifest;
    const char *output, *state;
    struct limit_values limits;
    struct limit_region region;
    struct limit_findings findings;
    struct check_plan checks;
    struct check_report *checked;
    size_t refused; /* functions that would not run on the target */
    struct budget_findings budgets;
    struct package *packages;
    struct linked *linked;
    struct project look; /* the linked programs, looked into; it has an arena of its own */
    struct image *images;
    struct limit_usage *usages;
    struct content_set *contents;
    struct zip_task *tasks;
    struct report_function *functions;
    int state_lock, output_lock;
};

/* Fails with SHARED_ENOMEM. */
int pack_no_memory(struct pack *pack);

/* Makes and locks the state's and the output's folder, waiting for other runs, and removes what killed ones left. */
int pack_take_folders(struct pack *pack);

/* Lets other runs have them: before a report is printed, which may wait for a reader for hours. */
void pack_release_folders(struct pack *pack);

/*
 * Holds the linked programs against the manifest's budgets; looks into them only where there are some. Returns 0, a
 * negative code, or 1 where one is broken.
 */
int pack_check_budgets(struct pack *pack);

/* OUTPUT/FUNCTION and an ending (arena); NULL where memory is exhausted. */
const char *pack_output_path(struct pack *pack, size_t function, const char *ending);

/* Leaves nothing that could be uploaded by mistake, the zips of an earlier run neither, and says so on standard
 * error. */
void pack_remove_zips(struct pack *pack);

#endif
