/* pack_plan.h - the options that decide what goes into which zip: of demine pack, and of those that look at what it would
 * make with them. */
#ifndef PACKER_PACK_PLAN_H
#define PACKER_PACK_PLAN_H

#include "manifest/manifest.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

struct pack_plan {
    const enum manifest_level *level; /* NULL: the manifest's */
    bool replan;
    uint64_t extra_bytes; /* of strangers in layers; MANIFEST_NO_NUMBER: the manifest's */
};

/* None is given. */
#define PACK_PLAN_NONE                    \
    {                                     \
        .extra_bytes = MANIFEST_NO_NUMBER \
    }

/* Beside those of project_option.h and of the subcommands. */
enum { PACK_PLAN_LEVEL = 512, PACK_PLAN_REPLAN, PACK_PLAN_ALLOW_EXTRA };

/* The rows of a table of long options. */
#define PACK_PLAN_LONG                                                                                    \
    {"level", required_argument, NULL, PACK_PLAN_LEVEL}, {"replan", no_argument, NULL, PACK_PLAN_REPLAN}, \
    {                                                                                                     \
        "allow-extra", required_argument, NULL, PACK_PLAN_ALLOW_EXTRA                                     \
    }

/* Their lines of a help. */
#define PACK_PLAN_HELP                                                                                    \
    "      --level LEVEL    fast, default or smallest (default: the manifest's \"zip\")\n"                \
    "      --replan         Plan the layers afresh, whatever the lock has\n"                              \
    "      --allow-extra N  Let the layers of a function hold N bytes that it did not ask for (default: " \
    "the\n"                                                                                               \
    "                       manifest's \"layers\".\"allow_extra_bytes\", else 0); 10 B of it must save "  \
    "over 1 B of zips\n"

/* Whether an option is one of these, which is then taken: *status is -1 to go on, or an exit status. */
bool pack_plan_option(int option, const char *subcommand, struct pack_plan *plan, int *status);

#endif
