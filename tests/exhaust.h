/*
 * exhaust.h - memory that runs out at a place of the test's choice: once, and there is more of it afterwards.
 *
 * For programs linked with --wrap=malloc,--wrap=realloc. Any thread may allocate; left and asked_bytes are the
 * test's to read and to set while no other thread runs.
 */
#ifndef TESTS_EXHAUST_H
#define TESTS_EXHAUST_H

#include <stdbool.h>
#include <stddef.h>

static long left = -1;     /* allocations until one fails; below 0: none does */
static size_t asked_bytes; /* of all allocations so far */

void *__real_malloc(size_t size_bytes);
void *__real_realloc(void *old, size_t size_bytes);
void *__wrap_malloc(size_t size_bytes);
void *__wrap_realloc(void *old, size_t size_bytes);

static bool exhausted(void)
{
    return __atomic_load_n(&left, __ATOMIC_RELAXED) >= 0 &&
           __atomic_fetch_sub(&left, 1, __ATOMIC_RELAXED) == 0;
}

void *__wrap_malloc(size_t size_bytes)
{
    __atomic_fetch_add(&asked_bytes, size_bytes, __ATOMIC_RELAXED);
    return exhausted() ? NULL : __real_malloc(size_bytes);
}

void *__wrap_realloc(void *old, size_t size_bytes)
{
    __atomic_fetch_add(&asked_bytes, size_bytes, __ATOMIC_RELAXED);
    return exhausted() ? NULL : __real_realloc(old, size_bytes);
}

#endif
