#include "crash/crash_inner.h"

_Thread_local const struct shared_crash_invocation *shared_crash_current
    __attribute__((tls_model("initial-exec")));
const struct shared_crash_invocation *_Atomic shared_crash_latest;
atomic_int shared_crash_under_way;
atomic_bool shared_crash_served;

const struct shared_crash_invocation *shared_crash_invocation(void)
{
    if (shared_crash_current || atomic_load(&shared_crash_under_way) != 1)
        return shared_crash_current;
    return atomic_load(&shared_crash_latest);
}
