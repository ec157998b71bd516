/* Crashes in the way that the event names, or, before the first, the variable CRASH_IN_INIT. */
#include <shared/chain.h>
#include <shared/crash.h>
#include <shared/workers.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

/* What is meant to crash must not be found, or helped, by a sanitizer. */
#if defined(__clang__)
#define UNWATCHED __attribute__((noinline, no_sanitize("address", "undefined", "thread")))
#else
#define UNWATCHED __attribute__((noinline, no_sanitize("address,undefined,thread")))
#endif

static volatile int *volatile nowhere;
static void (*volatile no_code)(void);
static volatile int zero, one = 1;

UNWATCHED static void write_nowhere(void)
{
    *nowhere = 1;
}

/* What it does afterwards keeps it from jumping there in its own place. */
UNWATCHED static void call_no_code(void)
{
    no_code();
    (void)zero;
}

UNWATCHED static int divide(void)
{
    return one / zero;
}

/* An address that no processor has: of these the kernel is not told which it was. */
UNWATCHED static void write_outside(void)
{
    *(volatile int *)(((uintptr_t)1 << 62) + 4096) = 1;
}

UNWATCHED static int overflow(volatile char *deeper)
{
    volatile char bytes[512];
    bytes[0] = deeper ? *deeper : 1;
    return one ? overflow(bytes) + bytes[0] : 0;
}

UNWATCHED static void read_beyond_end(void)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    volatile const char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    (void)page[0];
}

static void *crash_in_thread(void *wait_us)
{
    usleep((useconds_t)(uintptr_t)wait_us);
    write_nowhere();
    return NULL;
}

static void start_threads(int count, uintptr_t wait_us, bool wait)
{
    pthread_t threads[16];
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, crash_in_thread, (void *)wait_us);
    for (int i = 0; i < count && wait; i++)
        pthread_join(threads[i], NULL);
}

static void ignore(int number)
{
    (void)number;
}

/* Signals that have nothing to do with it come while it is told. */
__attribute__((noinline)) static void crash_under_alarms(void)
{
    const struct sigaction action = {.sa_handler = ignore};
    const struct itimerval often = {{0, 20000}, {0, 20000}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    write_nowhere();
}

static int meet(const char *how)
{
    static const struct {
        const char *name;
        int signal;
    } sent[] = {{"SIGBUS", SIGBUS},   {"SIGILL", SIGILL}, {"SIGFPE", SIGFPE},
                {"SIGTRAP", SIGTRAP}, {"SIGSYS", SIGSYS}, {"SIGSEGV", SIGSEGV}};
    for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
        if (strcmp(how, sent[i].name) == 0)
            raise(sent[i].signal);
    }
    if (strcmp(how, "write") == 0)
        write_nowhere();
    else if (strcmp(how, "call") == 0)
        call_no_code();
    else if (strcmp(how, "outside") == 0)
        write_outside();
    else if (strcmp(how, "beyond") == 0)
        read_beyond_end();
    else if (strcmp(how, "trap") == 0)
        __builtin_trap();
    else if (strcmp(how, "divide") == 0)
        return divide();
    else if (strcmp(how, "abort") == 0)
        abort();
    else if (strcmp(how, "assert") == 0)
        shared_assert(zero == 1 && "a \"quoted\" \\ text");
    else if (strcmp(how, "overflow") == 0)
        return overflow(NULL);
    else if (strcmp(how, "overflow in a worker") == 0 && gettid() == getpid())
        sleep(20);
    else if (strcmp(how, "overflow in a worker") == 0)
        return overflow(NULL);
    else if (strcmp(how, "alarms") == 0)
        crash_under_alarms();
    else if (strcmp(how, "thread") == 0)
        start_threads(1, 0, true);
    else if (strcmp(how, "threads") == 0)
        start_threads(16, 20000, true);
    else if (strcmp(how, "later") == 0)
        start_threads(1, 300000, false);
    return 0;
}

/* Stands between the crash middleware and the handler's chain: gives it an id that cannot be read. */
static int spoil(struct shared_middleware *self, const struct shared_context *context,
                 struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    struct shared_context own = *context;
    if (shared_slice_equal(event, shared_slice_from_text("id")))
        own.request_id = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return shared_middleware_next(self, &own, event, answer, err);
}

static int handle(const struct shared_context *context, struct shared_slice event,
                  struct shared_answer *answer, struct shared_error *err)
{
    (void)err;
    const char *how = shared_arena_copy(context->arena, event);
    if (strcmp(how, "id") == 0)
        write_nowhere();
    answer->body = shared_slice_from_text("\"alive\"");
    return meet(how) == 12345 ? -1 : 0;
}

static int init(void *user, struct shared_error *err)
{
    (void)user, (void)err;
    const char *how = getenv("CRASH_IN_INIT");
    return how && meet(how) == 12345 ? -1 : 0;
}

int main(void)
{
    static struct shared_crash_middleware crash = {SHARED_CRASH_MIDDLEWARE};
    static struct shared_middleware spoiler = {.around = spoil};
    static struct shared_chain chain;
    static const struct shared_runtime_options options = {.init = init};
    if (!getenv("NOT_INSTALLED") && shared_crash_install(NULL) < 0)
        return 3;
    const struct shared_runtime_options *chained =
        shared_chain_init(&chain, handle, &options, SHARED_CHAIN(&spoiler, &crash.middleware));
    return getenv("AWS_LAMBDA_MAX_CONCURRENCY") ? shared_workers_run(shared_chain_serve, chained)
                                                : shared_runtime_run(shared_chain_serve, chained);
}
