/* report.h - what a person reads and what a pipeline reads: plain structs in, text out. */
#ifndef PACKER_REPORT_H
#define PACKER_REPORT_H

#include "check/checks.h"
#include "image/image.h"
#include "limit/limit.h"
#include "manifest/manifest.h"
#include "package/package_python.h"
#include "report/report_linkage.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report_function {
    const struct manifest_function *function;
    const struct image *image;
    const struct package *package;
    const struct check_report *checks; /* NULL: none were made */
    const char *zip;                   /* where it lies; NULL: there is none, a limit is exceeded */
    const char *unstripped;            /* where the program with its symbols lies */
    uint64_t zip_bytes;
    bool unchanged;      /* the zip was there already */
    const char **layers; /* that are planned for it, in the order of attachment */
    size_t layer_count;
};

struct report_layer {
    const char *name;
    const char *zip; /* where it lies */
    uint64_t zip_bytes, unzipped_bytes;
    uint64_t users; /* functions */
    size_t items;   /* things that moved: libraries, package folders, assets */
    bool kept;      /* as the last plan had it: nothing to publish */
    bool unchanged; /* the zip was there already */
};

struct report {
    const struct manifest *manifest;
    const struct report_function *functions; /* in the manifest's order */
    size_t function_count;
    const struct limit_findings *findings; /* of all functions, layers and the region */
    const struct limit_region *region;
    const struct report_layer *layers; /* by name */
    size_t layer_count;
    const struct report_linkages *linkages; /* NULL: no function is of linkage auto */
    struct package_stale stale;             /* of all functions, left out */
    uint64_t stored_bytes;                  /* zips of functions and layers */
    uint64_t unshared_bytes;                /* the zips there would be without layers */
};

struct report_style {
    bool colour;
};

/* Tables of sizes by origin and of shares of the limits, and where the zips lie. */
int report_text(FILE *out, const struct report *report, const struct report_style *style,
                struct shared_error *err);

/*
 * One JSON object, ended by a line end. All sizes in bytes; keys come in a fixed order:
 * {"format":1,"demine":"0.1.0","project":…,"target":{"runtime":…,"architecture":…},"profile":…,
 *  "functions":[{"name":…,"linkage":…,"zip":…,"zip_bytes":…,"unchanged":…,"unzipped_bytes":…,"debug":…,
 *                "program_bytes":…,"origins":[{"name":…,"bytes":…}],"needed":[…],"glibc":…,
 *                "entries":[{"place":…,"kind":…,"bytes":…}],
 *                "limits":[{"limit":…,"value":…,"allowed":…,"exceeded":false}],
 *                "errors":…,"warnings":…,"checks":[…, as of demine check --json],"layers":[…]}],
 *  "layers":[{"name":…,"zip":…,"zip_bytes":…,"unzipped_bytes":…,"users":…,"items":…,"kept":…,"unchanged":…,
 *             "limits":[…, as of a function]}],
 *  "linkage_choices":[{"library":…,"functions":…,"linkage":"shared" or "parts","in_layer":…,"shared_bytes":…,
 *                      "parts_bytes":…,"needed_by":…,"why_not":…}],
 *  "left_out":{"stale_pyc":{"files":…,"bytes":…}},"stored_bytes":…,"unshared_bytes":…,
 *  "region":{"account":…,"used_bytes":…,"ledger":…,"rate":{"bytes":…,"days":…,"from":…,"to":…},"full":"2028-01-12",
 *            "limits":[…]}}
 * Bytes of a library for which nothing was weighed (needed_by, why_not) are null.
 * Of a function of files, "runtime" stands in the place of linkage, and debug is null. "format" changes where a key changes its meaning or goes.
 */
int report_json(FILE *out, const struct report *report, struct shared_error *err);

#endif
