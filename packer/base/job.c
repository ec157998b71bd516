#include "base/job.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define OUTPUT_LIMIT_BYTES (1u << 20)
#define COULD_NOT_START 127

extern char **environ;

/* What would change what tools say and make from one machine to the next: later stages read their words, and
 * bfd puts LD_RUN_PATH into programs (ld's manual, -rpath). */
static const char *const withheld[] = {"LC_ALL=",    "LD_RUN_PATH=",         "LDEMULATION=",
                                       "GNUTARGET=", "DEPENDENCIES_OUTPUT=", "SUNPRO_DEPENDENCIES=",
                                       "GCC_COLORS="};

struct running {
    pid_t pid; /* 0: the slot is free */
    int output;
    size_t job;
};

static bool is_withheld(const char *variable)
{
    for (size_t i = 0; i < sizeof(withheld) / sizeof(*withheld); i++) {
        if (strncmp(variable, withheld[i], strlen(withheld[i])) == 0)
            return true;
    }
    return false;
}

/* The environment of all jobs; its texts are borrowed. NULL where memory is exhausted. */
static const char **make_environment(void)
{
    size_t count = 0;
    while (environ && environ[count])
        count++;
    const char **environment = malloc((count + 2) * sizeof(*environment));
    size_t kept = 0;
    for (size_t i = 0; environment && i < count; i++) {
        if (!is_withheld(environ[i]))
            environment[kept++] = environ[i];
    }
    if (environment) {
        environment[kept++] = "LC_ALL=C";
        environment[kept] = NULL;
    }
    return environment;
}

static void destroy_actions(posix_spawn_file_actions_t *actions)
{
    posix_spawn_file_actions_destroy(actions);
}

static void destroy_attributes(posix_spawnattr_t *attributes)
{
    posix_spawnattr_destroy(attributes);
}

/* A signal that this process ignores is not ignored by tools: they would write on where nobody reads. */
static int restore_signals(posix_spawnattr_t *attributes)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGXFSZ);
    sigaddset(&signals, SIGCHLD);
    int status = posix_spawnattr_setsigdefault(attributes, &signals);
    return status == 0 ? posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF) : status;
}

/* Returns 0 or an errno. */
static int spawn(const struct job *job, int output, const char *const *environment, pid_t *pid)
{
    CLEANUP(destroy_actions) posix_spawn_file_actions_t actions;
    CLEANUP(destroy_attributes) posix_spawnattr_t attributes;
    int status = posix_spawn_file_actions_init(&actions);
    if (posix_spawnattr_init(&attributes) != 0 || status != 0)
        return ENOMEM;
    status = restore_signals(&attributes);
    if (status == 0 && job->folder)
        status = posix_spawn_file_actions_addchdir_np(&actions, job->folder);
    if (status == 0)
        status = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (status == 0)
        status = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (status == 0)
        status = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    if (status == 0)
        status = posix_spawnp(pid, job->argv[0], &actions, &attributes, (char *const *)job->argv,
                              (char *const *)environment);
    return status;
}

static int start(struct job *job, size_t index, struct running *slot, const char *const *environment,
                 struct shared_arena *arena, struct shared_error *err)
{
    slot->output = memfd_create("output", MFD_CLOEXEC);
    if (slot->output < 0)
        return shared_fail(err, SHARED_EIO, errno, "run %s", job->argv[0]);
    int status = spawn(job, slot->output, environment, &slot->pid);
    slot->job = index;
    if (status == 0)
        return 0;
    close(slot->output);
    slot->pid = 0;
    if (status == EAGAIN || status == ENOMEM)
        return shared_fail(err, SHARED_EIO, status, "run %s", job->argv[0]);
    errno = status;
    char *text = shared_arena_format(arena, "%s: %m\n", job->argv[0]);
    job->status = COULD_NOT_START;
    job->output = shared_slice_from_text(text);
    return 0;
}

static struct shared_slice take_output(int fd, struct shared_arena *arena)
{
    static const char cut[] = "\n(what follows is left out)\n";
    struct stat st;
    size_t written = fstat(fd, &st) == 0 ? (size_t)st.st_size : 0;
    size_t size = written < OUTPUT_LIMIT_BYTES ? written : OUTPUT_LIMIT_BYTES;
    char *text = shared_arena_alloc(arena, size + sizeof(cut));
    ssize_t got = text ? pread(fd, text, size, 0) : 0;
    size = got > 0 ? (size_t)got : 0;
    if (text && size < written) {
        memcpy(text + size, cut, sizeof(cut) - 1);
        size += sizeof(cut) - 1;
    }
    return shared_slice_of(text, size);
}

static struct running *find(struct running *slots, unsigned count, pid_t pid)
{
    for (unsigned i = 0; i < count; i++) {
        if (slots[i].pid == pid)
            return &slots[i];
    }
    return NULL;
}

/* Returns 0 or an errno. */
static int wait_for_one(struct running *slots, unsigned count, struct job *jobs, struct shared_arena *arena)
{
    int status;
    pid_t pid = waitpid(-1, &status, 0);
    if (pid < 0)
        return errno == EINTR ? 0 : errno;
    struct running *slot = find(slots, count, pid);
    if (!slot)
        return 0;
    jobs[slot->job].status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    jobs[slot->job].output = take_output(slot->output, arena);
    close(slot->output);
    slot->pid = 0;
    return 0;
}

/* Where SIGCHLD is ignored, as a parent may have left it, children end without a status (wait(2)). */
static void expect_children(void)
{
    struct sigaction action;
    if (sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
        signal(SIGCHLD, SIG_DFL);
}

static int lose_children(struct running *slots, unsigned count, int failure, struct shared_error *err)
{
    for (unsigned i = 0; i < count; i++) {
        if (slots[i].pid > 0)
            close(slots[i].output);
    }
    return shared_fail(err, SHARED_EIO, failure, "wait for a program that was started");
}

int job_run_all(struct job *jobs, size_t count, unsigned parallel, struct shared_arena *arena,
                job_progress *progress, void *user, struct shared_error *err)
{
    if (parallel < 1)
        parallel = 1;
    CLEANUP_FREE struct running *slots = calloc(parallel, sizeof(*slots));
    CLEANUP_FREE const char **environment = make_environment();
    if (!slots || !environment)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %u jobs", parallel);
    expect_children();
    int result = 0;
    size_t next = 0, done = 0, running = 0;
    while (running > 0 || (result == 0 && next < count)) {
        struct running *slot = running < parallel ? find(slots, parallel, 0) : NULL;
        if (result == 0 && next < count && slot) {
            result = start(&jobs[next], next, slot, environment, arena, err);
            next++;
            running += slot->pid > 0;
            done += result == 0 && slot->pid == 0;
            continue;
        }
        int failure = wait_for_one(slots, parallel, jobs, arena);
        if (failure)
            return lose_children(slots, parallel, failure, err);
        size_t before = running;
        running = 0;
        for (unsigned i = 0; i < parallel; i++)
            running += slots[i].pid > 0;
        done += before - running;
        if (progress)
            progress(user, done, count);
    }
    return result;
}

unsigned job_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? (unsigned)count : 1;
}
