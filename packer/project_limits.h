/* project_limits.h - the functions of a project held against the limits, without leaving a zip. */
#ifndef PACKER_PROJECT_LIMITS_H
#define PACKER_PROJECT_LIMITS_H

#include "limit/limit.h"
#include "project.h"

/*
 * Gives each function's usage, its zip measured, and what limit_check finds; both live in the project's arena. A zip
 * of demine pack that is current is measured as it lies beside the manifest in dist, others are made in the state
 * folder and removed. account: output of "aws lambda get-account-settings", NULL: none. SHARED_EINVAL: the manifest.
 */
int project_limits_read(struct project *project, const struct project_options *options, const char *account,
                        struct limit_usage **usages, struct limit_findings *findings,
                        struct shared_error *err);

#endif
