/*
 * report_html.h - a page that people look at: what is in the programs, why, and how near the limits they are.
 *
 * The page is one file, and a browser needs nothing else to show it. Its data are JSON, columns instead of
 * objects, so that a program of 50,000 symbols stays a page of a few MB. A text is a place in "texts"; a place of
 * an atom, a member or a library is that in the columns of its function; -1 stands for none. A limit without function
 * and layer is the region's. All sizes in bytes:
 *
 * {"format":1,"demine":"0.1.0","project":…,"runtime":…,"architecture":…,"profile":…,
 *  "limits":[{"limit":"zip_bytes","title":…,"function":place or -1,"layer":… or null,"value":…,
 *             "allowed":…,"minimum":false,"exceeded":false,"via_s3":false,"message":… or null}],
 *  "functions":[{"name":…,"linkage":…,"zip_bytes":…,"unzipped_bytes":…,"file_bytes":…,"deflated_bytes":…,
 *    "header_bytes":…,"table_bytes":…,"padding_bytes":…,
 *    "libraries":{"name":[…],"retained":[…]},
 *    "members":{"name":[…],"archive":[…],"library":[…],"retained":[…],"extracted_for":[…],"extracted_by":[…]},
 *    "atoms":{"name":[…],"member":[…],"section":[…],"bytes":[…],"deflated":[…],"retained":[…],"parent":[…],
 *             "dominator":[…],"kept":"…"},
 *    "edges":{"count":[…],"to":[…]}}],
 *  "against":{"name":…,"depth":"symbol","functions":[{"bytes":…,"zip":…,
 *    "changes":{"library":[…],"member":[…],"symbol":[…],"bytes":[…],"before":[…],"after":[…]}}]},
 *  "history":[{"name":…,"functions":[{"bytes":…,"zip":…}]}],
 *  "texts":[…]}
 *
 * Atom 0 is what the system starts the program from. "kept" has a digit for each atom: 0 there is a chain of
 * references to it; 1 its section is needed for its parent, a part of the same section; 2 its section is needed for
 * its parent; 3 the linker kept it, and why is not seen. "count" has the number of references that each atom makes,
 * "to" what they lead to, one atom's after the other's.
 *
 * "against" and "history" are there where snapshots were given; their "functions" are those of the page, null for one
 * that the snapshot does not have. "changes" has what differs from it: bytes by how much, before and after how
 * many pieces there were, 0 for what was not there. Its names are a snapshot's; where the depth is not symbol, what is
 * summed up is "*".
 */
#ifndef PACKER_REPORT_HTML_H
#define PACKER_REPORT_HTML_H

#include "graph/graph.h"
#include "limit/limit.h"
#include "snapshot/snapshot.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stdio.h>

struct report_page_function {
    const struct manifest_function *function;
    const struct graph *graph;
    const struct limit_usage *usage;
};

struct report_page_snapshot {
    const char *name;
    const struct snapshot *snapshot;
};

struct report_page {
    const struct manifest *manifest;
    const struct report_page_function *functions;
    size_t function_count;
    const struct limit_findings *findings;      /* those of other functions are left out */
    const struct report_page_snapshot *against; /* what changes are told of; NULL: none */
    const struct report_page_snapshot *history; /* oldest first */
    size_t history_count;
};

/* Whether this demine was built with the page. */
bool report_html_built(void);

/* Writes the page; whether writing failed is the stream's to say (ferror). SHARED_ENOMEM. */
int report_html(FILE *out, const struct report_page *page, struct shared_arena *arena,
                struct shared_error *err);

#endif
