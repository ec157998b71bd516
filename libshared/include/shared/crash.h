/*
 * crash.h - the last words of a process that dies of a fatal signal or a failed assertion.
 *
 *     int main(void)
 *     {
 *         static struct shared_crash_middleware crash = {SHARED_CRASH_MIDDLEWARE};
 *         shared_crash_install(NULL);
 *         …SHARED_CHAIN(&crash.middleware, …)
 *
 * On SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP and SIGSYS, and where shared_assert does not hold,
 * one line goes to standard error
 *
 *     {"level":"FATAL","timestamp":"…","message":"crash: SIGSEGV at 0x0","requestId":"…","signal":"SIGSEGV",
 *      "address":"0x0","buildId":"6f1c…","frames":["0x1a2b","0x1c00","libc.so.6+0x27249"]}
 *
 * and the invocation under way gets an error of type "Function.Crash", with the same message and frames;
 * then the process dies of the signal as it would have. Before the first invocation the error is one of
 * init; between two there is nobody to tell. Lambda is given one second to take it. Of several threads
 * that crash at once the first is heard.
 *
 * Frames are innermost first, and each lies within the instruction that faulted or called. They are
 * addresses in the program's file as it was linked: "demine symbolize" turns them into functions and lines
 * with the unstripped file that the packer keeps. What lies in another file has its name in front. They
 * are read off frame pointers where the program has them (compile with -fno-omit-frame-pointer), off the
 * unwind tables of gcc's library never: that would be 50 KB. Where there are none, and for a function
 * without one at the top (a leaf, a function of libc), return addresses that lie on the stack are given,
 * with a "?" behind: one may be left of an earlier call.
 *
 * "address" is there where the kernel knows it. "buildId" is what "demine pack" puts into the program, a
 * hash of its content, or the linker's (--build-id) where it has made one; else it is empty.
 *
 * The handlers run on a stack of their own, so that a stack that overflowed is told of too, and use
 * nothing but what is safe in a signal handler.
 */
#ifndef SHARED_CRASH_H
#define SHARED_CRASH_H

#include <shared/chain.h>
#include <shared/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Frames of a line at most. */
#define SHARED_CRASH_FRAMES 32

/* Installs the handlers, for the calling thread's stack too; each worker's stack is seen to by the
 * middleware. Fails with SHARED_EIO or SHARED_ENOMEM. Call it first in main. */
int shared_crash_install(struct shared_error *err);

/* Makes the request id of an invocation known to the handlers. */
struct shared_crash_middleware {
    struct shared_middleware middleware;
};

#define SHARED_CRASH_MIDDLEWARE .middleware = {.around = shared_crash_around}

shared_middleware_around shared_crash_around;

/* Dies as above where condition does not hold: in release builds too. */
#define shared_assert(condition) \
    ((condition) ? (void)0 : shared_crash_assertion(#condition, __FILE__, __LINE__))

/* Says so, and raises SIGABRT. Without shared_crash_install the line and the death are the same, and the
 * invocation is not told of. */
void shared_crash_assertion(const char *condition, const char *file, int line) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
