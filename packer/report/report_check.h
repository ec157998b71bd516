/* report_check.h - what the checks of the target found, as text for a person or as JSON. */
#ifndef PACKER_REPORT_CHECK_H
#define PACKER_REPORT_CHECK_H

#include "base/json_out.h"
#include "check/checks.h"

/* All checks of a function with their outcome. */
int report_check_text(FILE *out, const char *function, const struct check_report *report, bool colour,
                      struct shared_arena *arena, struct shared_error *err);
void report_check_json(struct json_out *json, const char *function, const struct check_report *report);

/* The checks alone: a member "checks" of an object that is open. */
void report_check_list(struct json_out *json, const struct check_report *report);

/*
 * Findings alone, each behind "demine: function NAME: " and, where it is one, "warning: ", with its chain
 * below, and how to turn the checks off. manifest is the path shown.
 */
int report_check_findings(FILE *out, const char *manifest, const char *function,
                          const struct check_report *report, struct shared_arena *arena,
                          struct shared_error *err);

#endif
