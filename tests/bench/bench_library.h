/* bench_library.h - single calls of libshared that are measured, each beside what it cannot be quicker than. */
#ifndef BENCH_LIBRARY_H
#define BENCH_LIBRARY_H

#include <stdbool.h>

/* Measured and baseline are called in turns, for so many calls each; settle after each of them, for what must not
 * count: emptying a pipe, say. NULL where there is nothing to do. */
struct library_subject {
    const char *key, *name;
    const char *beside; /* what the baseline does */
    bool has_goal;      /* 2 us; not where the baseline alone takes longer */
    long calls;         /* of a round */
    void (*begin)(void);
    void (*measured)(long calls);
    void (*baseline)(long calls);
    void (*settle)(void);
    void (*end)(void);
};

/* Each ends with a subject without a key. */
extern const struct library_subject library_lines[]; /* log and metrics */
extern const struct library_subject library_decisions[];
extern const struct library_subject library_peers[]; /* trace and assets */

/* The baseline of what does nothing but look at a clock. */
void library_read_clock(long calls);

/* The results of calls that are measured go here, so that no compiler leaves one out. */
extern volatile long library_sink;

#endif
