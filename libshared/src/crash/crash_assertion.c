#include "crash/crash_inner.h"

#include <signal.h>
#include <stdlib.h>

void shared_crash_assertion(const char *condition, const char *file, int line)
{
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    const uintptr_t *record = (const uintptr_t *)frame;
    const struct shared_crash crash = {
        .signal = SIGABRT,
        .condition = condition,
        .file = file,
        .line = line,
        .called = true,
        .pc = (uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0)),
        .sp = frame + 2 * sizeof(frame),
        .fp = record[0],
    };
    shared_crash_report(&crash);
    abort();
}
