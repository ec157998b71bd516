/* bench_table.h - the rows of the benchmark: a figure, what it stands beside, and the goal. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_ROWS 24

struct bench_row {
    const char *key;  /* in JSON */
    const char *name; /* in the table */
    const char *unit;
    double measured, baseline;
    const char *goal;
    bool holds;
    const char *missing; /* why it was not measured; NULL: it was */
};

struct bench_table {
    struct bench_row rows[BENCH_ROWS];
    size_t count;
};

void bench_table_add(struct bench_table *table, struct bench_row row);
void bench_table_print(const struct bench_table *table);
void bench_table_print_json(const struct bench_table *table);

#endif
