/* report_diff.h - what became of the sizes between two snapshots, for a person, a pull request and a
 * pipeline. */
#ifndef PACKER_REPORT_DIFF_H
#define PACKER_REPORT_DIFF_H

#include "base/json_out.h"
#include "snapshot/snapshot_compare.h"

#include <stdbool.h>
#include <stdio.h>

struct report_diff {
    const char *before, *after; /* what was compared: paths, or words */
    enum snapshot_key key;      /* what the tables were sorted by */
    size_t top;                 /* rows shown of each table; 0: all */
    bool colour;
};

/* Three tables: functions, libraries, symbols. What did not change is summed up in a row. */
int report_diff_text(FILE *out, const struct snapshot_comparison *comparison, const struct report_diff *how,
                     struct shared_arena *arena, struct shared_error *err);

/* GitHub's Markdown: a headline, the functions, and libraries and symbols folded away. */
int report_diff_markdown(FILE *out, const struct snapshot_comparison *comparison,
                         const struct report_diff *how, struct shared_arena *arena, struct shared_error *err);

/*
 * The document, all sizes in bytes, tables whole and sorted:
 * {"format":1,"depth":"symbol","before":{"bytes":…,"zip_bytes":…,"count":…},"after":{…},
 *  "functions":[{"name":…,"was":null,"state":"changed","before":{…},"after":{…},
 *                "delta_bytes":…,"delta_zip_bytes":…}],
 *  "libraries":[{"name":…,"state":…,…}],
 *  "symbols":[{"library":…,"member":…,"name":…,"state":…,…}]}
 * state: same, moved (its share of the zip alone), changed, new, gone, renamed (functions).
 */
void report_diff_json(FILE *out, const struct snapshot_comparison *comparison);

#endif
