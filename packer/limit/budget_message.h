/* budget_message.h - what budget_check says about what is broken. */
#ifndef PACKER_BUDGET_MESSAGE_H
#define PACKER_BUDGET_MESSAGE_H

#include "limit/budget.h"

#define BUDGET_CAUSES 3

/* A part of what a budget is of. */
struct budget_cause {
    const char *library;
    const struct snapshot_row *row; /* NULL: the whole library */
    uint64_t bytes;                 /* it has them, or has grown by them */
};

struct budget_case {
    const struct budget_finding *finding;
    bool zip, growth;
    uint64_t before;                           /* growth: what there was */
    const char *before_path;                   /* likewise */
    struct budget_cause causes[BUDGET_CAUSES]; /* the largest first */
    size_t cause_count;
};

/* NULL where memory is exhausted. */
const char *budget_message(const struct budget_case *broken, struct shared_arena *arena);

#endif
