/* pack_inner.h - what demine pack, and those that look at what it would pack, have in common. */
#ifndef PACKER_PACK_INNER_H
#define PACKER_PACK_INNER_H

#include "base/file.h"
#include "base/progress.h"
#include "check/checks.h"
#include "content/content.h"
#include "image/image.h"
#include "layer/layer_items.h"
#include "layer/layer_plan.h"
#include "layer/lock_plan.h"
#include "limit/budget.h"
#include "limit/limit.h"
#include "limit/limit_ledger.h"
#include "link/link.h"
#include "manifest/manifest.h"
#include "pack_run.h"
#include "package/package_python.h"
#include "project.h"
#include "project_own.h"
#include "report/report.h"
#include "zip/zip_all.h"

/* Everything of one run. Arrays have an element for each function where nothing else is said. */
struct pack {
    const struct pack_options *options;
    struct shared_arena arena;
    struct shared_error err;
    struct manifest manifest;
    const char *output, *state, *lock_path;
    int state_lock, output_lock;

    /* What the functions are. */
    struct package_own own;      /* what folders that are taken whole leave out */
    struct package *packages;    /* with all that each needs */
    struct shared_arena *arenas; /* where each was listed */
    struct package_stale stale;  /* of all, that is not in packages any more */
    struct linked *linked;
    struct report_linkages linkages; /* what was chosen for those of linkage auto */
    struct project look;             /* the linked programs, looked into; it has an arena of its own */
    struct image *images;
    struct check_plan checks;
    struct check_report *checked;
    size_t refused; /* functions that would not run on the target */

    /* What is in them, and where it goes. */
    struct content_options content_options;
    struct content_set *contents;
    struct progress progress;
    struct lock_file last; /* the lock as it was */
    struct layer_items items;
    struct layer_problem problem;
    struct layer_plan plan;
    struct package *zipped;      /* of each function, as its zip has it */
    struct package *layers;      /* of each layer of the plan */
    uint64_t *zip_bytes;         /* of each function, then of each layer */
    struct limit_zip *published; /* likewise: which of them a publish adds; NULL: not planned yet */

    /* What that is held against. */
    struct limit_values limits;
    struct limit_region region;
    struct limit_usage *usages;
    struct limit_held held; /* these, the region, and the layers of the plan as soon as there is one */
    struct limit_findings findings;
    struct budget_findings budgets;

    /* What is written. */
    struct zip_task *tasks; /* of each function, then of each layer */
    size_t task_count;
    bool *unchanged; /* of each task: its zip was there already */
};

/* Fails with SHARED_ENOMEM. */
int pack_no_memory(struct pack *pack);

/* count elements of that size, all zero; NULL where memory is exhausted. */
void *pack_allocate(struct pack *pack, size_t count, size_t size);

/* Those of a subcommand that looks at what would be packed, and writes nothing but to the state folder and the cache. */
struct pack_options pack_look_options(const struct project_options *project, const struct pack_plan *plan);

/*
 * Reads the manifest and what it is held against. SHARED_EINVAL: the user's to mend in the manifest. pack_close is right
 * after a failure too.
 */
int pack_open(struct pack *pack, const struct pack_options *options);
void pack_close(struct pack *pack);

/*
 * The stages in their order, up to the packages as zips would hold them, their sizes known to the byte; nothing is
 * written but to the state folder and the cache. Limits are looked at as soon as there is something new to hold against
 * them. Returns 0, a negative code, or 1 where a limit is exceeded or a budget broken.
 */
int pack_make(struct pack *pack);

/* What pack_make said no to, on standard error; returns the exit status for its status. */
int pack_complain(struct pack *pack, int status);

/* The stages. Each returns 0 or a negative code; those that hold something against a limit 1 where it is exceeded. */
int pack_link_programs(struct pack *pack);
int pack_warn_of_links(struct pack *pack); /* symlinks to what packages do not hold */
int pack_check_budgets(struct pack *pack);
int pack_read_contents(struct pack *pack);
int pack_plan_layers(struct pack *pack);
int pack_check_limits(struct pack *pack);

/*
 * Writes the zips of a pack that pack_make said yes to, and puts all in place. Zips and lock are whole on the disk under
 * temporary names before the first of them is renamed: where one cannot be written (no room, read-only) all stay as
 * they were. Then come, in this order, the programs with their symbols, the zips, what goes of zips of functions and
 * layers that are none any more, the lock, the records of the zips. Killed in between, the lock is the old one: the next
 * run plans from it as this one did, makes the same zips, and removes what was left.
 */
int pack_write_zips(struct pack *pack);
int pack_commit(struct pack *pack);
int pack_print_report(struct pack *pack);

/* Makes and locks the state's and the output's folder, waiting for other runs, and removes what killed ones left. The
 * output's only where zips are written. */
int pack_take_folders(struct pack *pack);

/* Whether there is a folder that the lock could be written into, in words of what to do: before anything is made. A lock
 * that is there may stay as it is. */
int pack_check_lock_folder(struct pack *pack);

/* The lock that is to be, and its folder, which is locked. */
struct pack_next_lock {
    struct file_staged file;
    int folder;
};

/*
 * Writes all of the lock but its name, so that what can fail has failed before a zip is put in place; it keeps in its
 * ledger what was published meanwhile. One that is there and says the same stays. pack_drop_lock is right in any case.
 */
int pack_stage_lock(struct pack *pack, struct lock_file *lock, struct pack_next_lock *next);
int pack_place_lock(struct pack *pack, struct pack_next_lock *next);
void pack_drop_lock(struct pack_next_lock *next);

/* Lets other runs have them: before a report is printed, which may wait for a reader for hours. */
void pack_release_folders(struct pack *pack);

/* OUTPUT/NAME.zip of a function, OUTPUT/layers/NAME.zip of a layer, OUTPUT/NAME.debug (arena); NULL where memory is
 * exhausted. */
const char *pack_function_path(struct pack *pack, const char *name, const char *ending);
const char *pack_layer_path(struct pack *pack, const char *name);

/* Leaves nothing that could be uploaded by mistake, the zips of an earlier run neither, and says so on standard
 * error. */
void pack_remove_zips(struct pack *pack);

#endif
