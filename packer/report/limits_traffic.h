/* limits_traffic.h - what part of concurrency and throttle a project's traffic takes, in report_limits. */
#ifndef PACKER_LIMITS_TRAFFIC_H
#define PACKER_LIMITS_TRAFFIC_H

#include "report/report_limits.h"

/* SHARED_ENOMEM. */
int limits_traffic_print(FILE *out, const struct report_limits *report, struct shared_arena *arena,
                         struct shared_error *err);

#endif
