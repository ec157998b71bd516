/* chain_outcome.h - how an invocation ended, for what tells of it. */
#ifndef SHARED_CHAIN_OUTCOME_H
#define SHARED_CHAIN_OUTCOME_H

#include <shared/stream.h>

#include <stdbool.h>

/* Whether it failed, by what came of those further in. A fault that has to travel as an error is an answer. */
static inline bool shared_chain_has_failed(int result)
{
    return result == SHARED_STREAM_FAILED || (result < 0 && result != SHARED_EFAULT);
}

#endif
