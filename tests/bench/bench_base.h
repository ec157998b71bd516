/* bench_base.h - what every benchmark needs: a clock, one processor, the middle of many figures, an end. */
#ifndef BENCH_BASE_H
#define BENCH_BASE_H

double bench_now_sec(void);

/* Keeps to one processor, the last that may be used; children inherit it. Between two, most of the time would go
 * into waking an idle one. */
void bench_pin_to_one_processor(void);

/* Sorts the values. */
double bench_median(double *values, long count);

/* A value of sorted ones: share 0 is the least, 1 the largest. */
double bench_quantile(const double *values, long count, double share);

/* Ends the program with a message: there is nothing to be measured. */
_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
