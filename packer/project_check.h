/* project_check.h - the checks of the target for one of a project's functions. */
#ifndef PACKER_PROJECT_CHECK_H
#define PACKER_PROJECT_CHECK_H

#include "check/checks.h"
#include "link/link.h"
#include "package/package.h"

/* Looks at a linked function and the libraries of its package. As check_function. */
int project_check(struct check_plan *plan, const struct manifest_function *function,
                  const struct linked *linked, const struct package *package, struct check_report *report,
                  struct shared_error *err);

#endif
