/* pack_run.h - the stages of demine pack, in their order. */
#ifndef PACKER_PACK_RUN_H
#define PACKER_PACK_RUN_H

#include <shared/error.h>

#include <stdbool.h>

struct pack_options {
    const char *manifest; /* path; demine.json */
    const char *output;   /* folder of the zips; NULL: dist beside the manifest */
    const char *state;    /* folder of what is kept between runs; NULL: .demine/PROJECT beside the manifest */
    const char *account;  /* output of aws lambda get-account-settings; NULL: none */
    unsigned parallel;    /* 0: one job for each processor */
    bool json;
    bool quiet;
    bool colour;   /* of standard output */
    bool progress; /* a bar on standard error */
};

/* Packs a manifest and prints the report. Returns an exit status; what went wrong is said on standard error.
 */
int pack_run(const struct pack_options *options);

#endif
