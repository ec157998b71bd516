/* Says its last words. How it is started, and what fails, is in its environment. */
#include <shared/shutdown.h>
#include <shared/workers.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int inherited;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                          void *argument)
{
    return getenv("NO_THREAD") ? EAGAIN : __real_pthread_create(thread, attributes, start, argument);
}

static void say_goodbye(void *user)
{
    dprintf(STDERR_FILENO, "goodbye, %s\n", (const char *)user);
}

static int init(void *user, struct shared_error *err)
{
    struct shared_error problem;
    (void)err;
    if (shared_shutdown_watch(say_goodbye, user, NULL, &problem) < 0)
        dprintf(STDERR_FILENO, "%s: %s\n", shared_error_name(problem.code), problem.text);
    return 0;
}

/* Of a program that this one starts. */
static int count_inherited(void)
{
    char text[64] = "";
    FILE *shell = popen("ls /proc/self/fd | wc -l", "r");
    if (!shell || !fgets(text, sizeof(text), shell))
        dprintf(STDERR_FILENO, "popen: %s\n", strerror(errno));
    if (shell)
        pclose(shell);
    return atoi(text);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    (void)context, (void)err;
    answer->body = event;
    if (shared_slice_equal(event, shared_slice_from_text("slow")))
        dprintf(STDERR_FILENO, "sleeps\n"), sleep(30);
    if (shared_slice_equal(event, shared_slice_from_text("descriptors")))
        answer->body = shared_slice_from_text(
            count_inherited() == inherited && inherited > 0 ? "no more than before" : "more");
    return 0;
}

int main(void)
{
    static char name[] = "world";
    const struct shared_runtime_options options = {.init = init, .user = name};
    if (getenv("ALONE")) {
        struct shared_error err;
        if (shared_shutdown_watch(say_goodbye, name, NULL, &err) < 0)
            return 3;
        dprintf(STDERR_FILENO, "waits\n");
        sleep(30);
        return 4;
    }
    inherited = count_inherited();
    return shared_workers_run(serve, &options);
}
