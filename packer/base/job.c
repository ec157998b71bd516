#include "base/job.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define OUTPUT_LIMIT_BYTES (1u << 20)
#define COULD_NOT_START 127

extern char **environ;

struct running {
    pid_t pid; /* 0: the slot is free */
    int output;
    size_t job;
};

static void destroy_actions(posix_spawn_file_actions_t *actions)
{
    posix_spawn_file_actions_destroy(actions);
}

/* Returns 0 or an errno. */
static int spawn(const struct job *job, int output, pid_t *pid)
{
    CLEANUP(destroy_actions) posix_spawn_file_actions_t actions;
    int status = posix_spawn_file_actions_init(&actions);
    if (status == 0 && job->folder)
        status = posix_spawn_file_actions_addchdir_np(&actions, job->folder);
    if (status == 0)
        status = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (status == 0)
        status = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (status == 0)
        status = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    if (status == 0)
        status = posix_spawnp(pid, job->argv[0], &actions, NULL, (char *const *)job->argv, environ);
    return status;
}

static int start(struct job *job, size_t index, struct running *slot, struct shared_arena *arena,
                 struct shared_error *err)
{
    slot->output = memfd_create("output", MFD_CLOEXEC);
    if (slot->output < 0)
        return shared_fail(err, SHARED_EIO, errno, "run %s", job->argv[0]);
    int status = spawn(job, slot->output, &slot->pid);
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
    struct stat st;
    size_t size = fstat(fd, &st) == 0 ? (size_t)st.st_size : 0;
    if (size > OUTPUT_LIMIT_BYTES)
        size = OUTPUT_LIMIT_BYTES;
    char *text = shared_arena_alloc(arena, size + 1);
    ssize_t got = text ? pread(fd, text, size, 0) : 0;
    return shared_slice_of(text, got > 0 ? (size_t)got : 0);
}

static struct running *find(struct running *slots, unsigned count, pid_t pid)
{
    for (unsigned i = 0; i < count; i++) {
        if (slots[i].pid == pid)
            return &slots[i];
    }
    return NULL;
}

static void wait_for_one(struct running *slots, unsigned count, struct job *jobs, struct shared_arena *arena)
{
    int status;
    pid_t pid = waitpid(-1, &status, 0);
    struct running *slot = pid > 0 ? find(slots, count, pid) : NULL;
    if (!slot)
        return;
    jobs[slot->job].status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    jobs[slot->job].output = take_output(slot->output, arena);
    close(slot->output);
    slot->pid = 0;
}

int job_run_all(struct job *jobs, size_t count, unsigned parallel, struct shared_arena *arena,
                job_progress *progress, void *user, struct shared_error *err)
{
    if (parallel < 1)
        parallel = 1;
    CLEANUP_FREE struct running *slots = calloc(parallel, sizeof(*slots));
    if (!slots)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %u jobs", parallel);
    int result = 0;
    size_t next = 0, done = 0, running = 0;
    while (running > 0 || (result == 0 && next < count)) {
        struct running *slot = running < parallel ? find(slots, parallel, 0) : NULL;
        if (result == 0 && next < count && slot) {
            result = start(&jobs[next], next, slot, arena, err);
            next++;
            running += slot->pid > 0;
            done += result == 0 && slot->pid == 0;
            continue;
        }
        wait_for_one(slots, parallel, jobs, arena);
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
