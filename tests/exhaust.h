/*
 * exhaust.h - memory that runs out at a place of the test's choice: once, and there is more of it afterwards.
 *
 * For programs linked with --wrap=malloc,--wrap=realloc.
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
    return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t size_bytes)
{
    asked_bytes += size_bytes;
    return exhausted() ? NULL : __real_malloc(size_bytes);
}

void *__wrap_realloc(void *old, size_t size_bytes)
{
    asked_bytes += size_bytes;
    return exhausted() ? NULL : __real_realloc(old, size_bytes);
}

#endif
