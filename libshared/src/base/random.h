/* random.h - numbers that nobody has drawn before. */
#ifndef SHARED_BASE_RANDOM_H
#define SHARED_BASE_RANDOM_H

#include <stdint.h>

/*
 * 64 random bits. Each draw asks the kernel: environments that were started from one snapshot must not draw
 * the same. Where it will not answer, the clock has to do. Any thread.
 */
uint64_t shared_random(void);

#endif
