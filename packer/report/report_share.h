/* report_share.h - what functions carry in copy, beside what a layer would cost: as text, or as JSON. */
#ifndef PACKER_REPORT_SHARE_H
#define PACKER_REPORT_SHARE_H

#include "base/json_out.h"
#include "share/share_layer.h"

struct report_share {
    const struct share *share;
    const struct share_choice *choices; /* one for each library of share, in its order */
    uint64_t unzipped_limit_bytes;      /* of a function with its layers; UINT64_MAX: none */
    size_t top;                         /* symbols that are shown; 0: all */
    bool colour;
};

int report_share_text(FILE *out, const struct report_share *report, struct shared_arena *arena,
                      struct shared_error *err);

/* All symbols. Whether writing failed is the stream's to say. */
void report_share_json(FILE *out, const struct report_share *report);

#endif
