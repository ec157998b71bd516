#include "check.h"
#include "scratch.h"

#include "base/job.h"
#include "base/lock.h"

#include <signal.h>
#include <sys/wait.h>

#define SH(text)                    \
    {                               \
        "/bin/sh", "-c", text, NULL \
    }

static const struct {
    const char *name;
    const char *argv[4];
    int status;
    const char *output;
} rows[] = {
    {"done", SH("echo out; echo err >&2"), 0, "out\nerr\n"},
    {"exit status", SH("exit 3"), 3, ""},
    {"killed", SH("kill -9 $$"), 128 + 9, ""},
    {"not there", {"/nonexistent/tool", NULL}, 127, "/nonexistent/tool: No such file or directory\n"},
    {"nothing to read", SH("cat"), 0, ""},
    {"its folder", SH("pwd"), 0, "/\n"},
    {"no shell between", {"echo", "a b", "$HOME;x", NULL}, 0, "a b $HOME;x\n"},
    {"language", SH("echo $LC_ALL"), 0, "C\n"},
    {"what bfd would put into programs", SH("echo ${LD_RUN_PATH-none}"), 0, "none\n"},
    {"what a user keys on", SH("echo $CPATH"), 0, "/inc\n"},
    {"SIGPIPE as usual", SH("kill -PIPE $$"), 128 + 13, ""},
};

#define ROWS (sizeof(rows) / sizeof(*rows))

static size_t calls, last_done;

static void on_progress(void *user, size_t done, size_t count)
{
    (void)user;
    calls++;
    CHECK(done > last_done && done <= count);
    last_done = done;
}

static void run_rows(unsigned parallel)
{
    struct shared_arena arena = {0};
    struct job jobs[ROWS];
    calls = last_done = 0;
    for (size_t i = 0; i < ROWS; i++)
        jobs[i] = (struct job){.argv = rows[i].argv, .folder = "/"};
    CHECK_NUMBER(job_run_all(jobs, ROWS, parallel, &arena, on_progress, NULL, NULL), 0);
    for (size_t i = 0; i < ROWS; i++) {
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(jobs[i].status, rows[i].status);
        CHECK_SLICE(jobs[i].output, rows[i].output);
    }
    CHECK(calls > 0);
    shared_arena_clean_up(&arena);
}

static void test_rows(void)
{
    const unsigned parallel[] = {0, 1, 3, 64};
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    setenv("LD_RUN_PATH", "/elsewhere", 1);
    setenv("CPATH", "/inc", 1);
    for (size_t i = 0; i < 4; i++)
        run_rows(parallel[i]);
}

/* A parent may have left it so; a child's status is then lost. */
static void test_children_ignored(void)
{
    signal(SIGCHLD, SIG_IGN);
    alarm(60);
    run_rows(2);
    alarm(0);
}

static void test_nothing_to_do(void)
{
    struct shared_arena arena = {0};
    CHECK_NUMBER(job_run_all(NULL, 0, 4, &arena, NULL, NULL, NULL), 0);
    shared_arena_clean_up(&arena);
    CHECK(job_processors() >= 1);
}

static void test_output_is_bounded(void)
{
    struct shared_arena arena = {0};
    const char *const argv[] = SH("head -c 3000000 /dev/zero | tr '\\0' x");
    struct job job = {.argv = argv};
    CHECK_NUMBER(job_run_all(&job, 1, 1, &arena, NULL, NULL, NULL), 0);
    CHECK(job.output.size_bytes > 1 << 20 && job.output.size_bytes < (1 << 20) + 100);
    struct shared_slice end = shared_slice_of(job.output.data + (1 << 20), job.output.size_bytes - (1 << 20));
    CHECK_SLICE(end, "\n(what follows is left out)\n");
    shared_arena_clean_up(&arena);
}

static int open_files(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void test_descriptors(void)
{
    int before = open_files();
    run_rows(4);
    CHECK_NUMBER(open_files(), before);
}

static void test_lock(void)
{
    int first = -1, second = -1;
    struct shared_error err;
    char *folder = scratch_enter();
    CHECK_NUMBER(lock_folder(".", false, &first, NULL), 0);
    CHECK_NUMBER(lock_folder(folder, false, &second, NULL), 1);
    CHECK_NUMBER(second, -1);
    close(first);
    CHECK_NUMBER(lock_folder(folder, true, &second, NULL), 0);
    close(second);
    scratch_file("file", "");
    CHECK_NUMBER(lock_folder("file", false, &first, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open folder file: Not a directory");
    CHECK_NUMBER(lock_folder("missing", false, &first, &err), SHARED_EIO);
    scratch_leave(folder);
}

/* A tool that outlives a killed run still writes into the folder: nobody else may work there. */
static void test_lock_is_held_by_tools(void)
{
    int fd = -1;
    char *folder = scratch_enter();
    pid_t pid = fork();
    SCRATCH_NEED(pid >= 0);
    if (pid == 0) {
        struct shared_arena arena = {0};
        const char *const argv[] = SH("(sleep 1) > /dev/null & exit 0");
        struct job job = {.argv = argv};
        _exit(lock_folder(".", false, &fd, NULL) || job_run_all(&job, 1, 1, &arena, NULL, NULL, NULL));
    }
    int status = -1;
    SCRATCH_NEED(waitpid(pid, &status, 0) == pid);
    CHECK_NUMBER(status, 0);
    CHECK_NUMBER(lock_folder(".", false, &fd, NULL), 1);
    CHECK_NUMBER(lock_folder(".", true, &fd, NULL), 0);
    close(fd);
    scratch_leave(folder);
}

/* One that is meant to go on holds nobody up once the run has ended in order. */
static void test_lock_is_released_for_tools(void)
{
    struct shared_arena arena = {0};
    const char *const argv[] = SH("sleep 5 < /dev/null > /dev/null 2>&1 & echo $!");
    struct job job = {.argv = argv};
    int first = -1, second = -1;
    char *folder = scratch_enter();
    CHECK_NUMBER(lock_folder(".", false, &first, NULL), 0);
    CHECK_NUMBER(job_run_all(&job, 1, 1, &arena, NULL, NULL, NULL), 0);
    pid_t server = job.output.size_bytes > 0 ? (pid_t)strtol(job.output.data, NULL, 10) : 0;
    SCRATCH_NEED(server > 1 && kill(server, 0) == 0);
    CHECK_NUMBER(lock_folder(".", false, &second, NULL), 1);
    lock_release(&first);
    CHECK_NUMBER(first, -1);
    CHECK_NUMBER(lock_folder(".", false, &second, NULL), 0);
    CHECK_NUMBER(kill(server, SIGKILL), 0);
    lock_release(&second);
    lock_release(&second);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_rows);
    CHECK_RUN(test_children_ignored);
    CHECK_RUN(test_nothing_to_do);
    CHECK_RUN(test_output_is_bounded);
    CHECK_RUN(test_descriptors);
    CHECK_RUN(test_lock);
    CHECK_RUN(test_lock_is_held_by_tools);
    CHECK_RUN(test_lock_is_released_for_tools);
    return check_report();
}
