/* pack_run.h - the stages of demine pack, in their order. */
#ifndef PACKER_PACK_RUN_H
#define PACKER_PACK_RUN_H

#include "pack_plan.h"

#include <shared/error.h>

#include <stdbool.h>
#include <stdint.h>

struct package_own;

struct pack_options {
    const char *manifest; /* path; NULL: demine.json */
    const char *output;   /* folder of the zips; NULL: dist beside the manifest */
    const char *state;    /* folder of what is kept between runs; NULL: .demine/PROJECT beside the manifest */
    const char *account;  /* output of aws lambda get-account-settings; NULL: none */
    unsigned parallel;    /* 0: one job for each processor */
    bool look;            /* nothing is written to the output folder, which is not locked */

    struct pack_plan plan;
    const char *cache;      /* folder of blobs; "": none; NULL: $DEMINE_CACHE, else as content.h says */
    const char *remote;     /* URL of a cache of blobs; "": none; NULL: $DEMINE_CACHE_URL */
    bool remote_reads_only; /* or $DEMINE_CACHE_READ_ONLY is 1 */

    bool check; /* packs a second time and compares */
    const struct package_own *own; /* then: what the first time left out; NULL: by the options above */
    bool again; /* this is that time: what only warns has been said, what fails is said */
    bool json;
    bool quiet;
    bool colour;   /* of standard output */
    bool progress; /* a bar on standard error */
};

/* Packs a manifest and prints the report. Returns an exit status; what went wrong is said on standard error. */
int pack_run(const struct pack_options *options);

#endif
