#include "crash/crash_inner.h"

#include <errno.h>
#include <signal.h>
#include <ucontext.h>

static const unsigned char fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};

static void read_registers(struct shared_crash *crash, const ucontext_t *context)
{
#if defined(__aarch64__)
    crash->pc = context->uc_mcontext.pc;
    crash->sp = context->uc_mcontext.sp;
    crash->fp = context->uc_mcontext.regs[29];
    crash->lr = context->uc_mcontext.regs[30];
#elif defined(__x86_64__)
    crash->pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    crash->sp = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
    crash->fp = (uintptr_t)context->uc_mcontext.gregs[REG_RBP];
#else
#error "Lambda runs x86_64 and arm64"
#endif
}

/* Only what the kernel found itself has an address (sigaction(2)): not what was sent by kill or abort, nor
 * a general protection fault, of which the processor does not say where. */
static void handle(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    struct shared_crash crash = {.signal = signal};
    crash.has_address = info->si_code > 0 && info->si_code != SI_KERNEL && signal != SIGSYS;
    if (crash.has_address)
        crash.address = (uintptr_t)info->si_addr;
    read_registers(&crash, context);
    shared_crash_report(&crash);
    errno = saved;
}

/* Signals come through while one is handled: a fault of the handler's own must not pass without a word. */
int shared_crash_install(struct shared_error *err)
{
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    int status = shared_crash_stack(err);
    shared_crash_post_prepare();
    atomic_store(&shared_crash_tell, shared_crash_post);
    for (size_t i = 0; i < sizeof(fatal) && status == 0; i++) {
        if (sigaction(fatal[i], &action, NULL) < 0)
            status = shared_fail(err, SHARED_EIO, errno, "set the handler of signal %d", fatal[i]);
    }
    return status;
}
