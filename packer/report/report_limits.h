/* report_limits.h - how near a project's functions, their layers and the region are to the limits of both profiles. */
#ifndef PACKER_REPORT_LIMITS_H
#define PACKER_REPORT_LIMITS_H

#include "limit/limit_ledger.h"
#include "limit/limit_view.h"

#include <stdio.h>

struct report_limits {
    const struct manifest *manifest;
    const struct limit_view *view;
    const struct limit_region *region;
    const struct limit_usage *usages; /* those in the view */
    size_t usage_count;
    bool profiles[LIMIT_PROFILES]; /* which are shown */
    bool all;    /* every function and layer of each limit; else the fullest, and those that exceed it */
    bool blocks; /* bars of block characters */
    bool colour;
};

int report_limits_text(FILE *out, const struct report_limits *report, struct shared_arena *arena,
                       struct shared_error *err);

/*
 * One JSON object, always with all of it; the worst in the manifest's profile first:
 * {"format":1,"project":…,"profile":"today",
 *  "limits":[{"limit":…,"title":…,"function":…,"layer":…,"value":…,
 *             "today":{"allowed":…,"exceeded":…,"via_s3":…,"not_planned":…,"message":…},"2016":{…}}],
 *  "zips_unknown":["NAME",…],
 *  "traffic":{"functions":[{"name":…,"memory_mb":…,"timeout_s":…,"requests_per_s":…,"duration_ms":…,"busy_ms":…,
 *                           "executions":…}],
 *             "requests_per_s":…,"busy_ms":…,"executions":…,"concurrency":{"today":…,"2016":…},"gateway_requests_per_s":{…}},
 *  "region":{"source":…,"used_bytes":…,"added_bytes":…,"rate":{"bytes":…,"days":…,"from":…,"to":…},
 *            "full":{"today":{"days":…,"date":…},"2016":{…}}}}
 * A row is of a function, of a layer by its name ("layer_zip_bytes", function null), or of the region (both null).
 * Layers are those that the functions shown have. allowed null: there is, or was, no such limit. not_planned: the value
 * is of the layers that this profile's plan has, of which another one's would have fewer, or none. zips_unknown: functions whose zips were not made, as
 * something before them is exceeded. busy_ms are of executions in each second,
 * executions those at a time, rounded up; both null, as other numbers of traffic, where the manifest does not say. rate null, and date: not known.
 */
void report_limits_json(FILE *out, const struct report_limits *report);

#endif
