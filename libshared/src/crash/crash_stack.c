#include "crash/crash_inner.h"

#include <errno.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

/* What the handlers need beside the frame that the kernel puts there, which the processor's registers make
 * larger (getauxval(3), AT_MINSIGSTKSZ; sanitizers make ours larger too). Pages that are not touched cost
 * nothing. */
#define HANDLER_BYTES ((size_t)48 << 10)

static _Thread_local bool is_ready __attribute__((tls_model("initial-exec")));

/* It lives as long as the process: it must outlive whatever the thread does at its own end. */
int shared_crash_stack(struct shared_error *err)
{
    stack_t old, own = {.ss_size = HANDLER_BYTES + getauxval(AT_MINSIGSTKSZ)};
    if (is_ready)
        return 0;
    if (sigaltstack(NULL, &old) == 0 && !(old.ss_flags & SS_DISABLE) && old.ss_size >= HANDLER_BYTES / 2) {
        is_ready = true;
        return 0;
    }
    own.ss_sp =
        mmap(NULL, own.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (own.ss_sp == MAP_FAILED)
        return shared_fail(err, SHARED_ENOMEM, errno, "no memory for a stack of signal handlers");
    if (sigaltstack(&own, NULL) < 0) {
        shared_fail(err, SHARED_EIO, errno, "set the stack of signal handlers");
        munmap(own.ss_sp, own.ss_size);
        return SHARED_EIO;
    }
    is_ready = true;
    return 0;
}
