/* bench_table.h - the rows of a benchmark: a figure, what it stands beside, and the goal. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_ROWS 48

struct bench_row {
    const char *key;  /* in JSON */
    const char *name; /* in the table */
    const char *unit;
    double measured, baseline;
    const char *goal; /* NULL: none */
    bool holds;
    const char *missing; /* why it was not measured; NULL: it was */
    const char *beside;  /* what the baseline is, where rows have different ones */
    double low, high;    /* of ten rounds, eight were between them; 0: not known */
};

struct bench_table {
    struct bench_row rows[BENCH_ROWS];
    size_t count;
    const char *heading; /* over the measured figures; NULL: "echo" */
};

void bench_table_add(struct bench_table *table, struct bench_row row);
void bench_table_print(const struct bench_table *table);
void bench_table_print_json(const struct bench_table *table);

#endif
