#include "crash/crash_inner.h"

#include "base/clock.h"
#include "base/line_write.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How long a thread waits for the one that speaks before it ends the process itself. */
#define PATIENCE_US 3000000

void (*_Atomic shared_crash_tell)(const struct shared_crash_words *words);

/* The thread that has the word; 0: none yet. */
static atomic_int speaker;

static struct shared_crash first;

/* What the speaker has come to. */
static volatile sig_atomic_t has_told, has_begun_plainly;

/* Of the signal's own action, which ends the process. A handler's return would be too late: where it was
 * called a second time, what it returns to is no better off than it. */
static void end_by(int signal)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), signal);
}

static void say(bool plainly)
{
    struct shared_crash_words words;
    shared_crash_words_make(&words, &first, plainly);
    has_told = 1;
    shared_line_write(STDERR_FILENO, words.line.data, words.line.size_bytes);
    void (*tell)(const struct shared_crash_words *) = atomic_load(&shared_crash_tell);
    if (tell)
        tell(&words);
}

void shared_crash_report(const struct shared_crash *crash)
{
    int self = (int)syscall(SYS_gettid), nobody = 0;
    if (atomic_compare_exchange_strong(&speaker, &nobody, self)) {
        first = *crash;
        say(false);
    } else if (nobody != self) {
        shared_clock_sleep_until_us(shared_clock_monotonic_us() + PATIENCE_US);
    } else {
        /* A crash within this very function: what cannot have caused it is still said. */
        if (!has_told && !has_begun_plainly) {
            has_begun_plainly = 1;
            say(true);
        }
        end_by(first.signal);
    }
    end_by(crash->signal);
}
