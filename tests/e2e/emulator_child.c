#include "emulator_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_VARIABLES 128

/* What the program needs of its surroundings: to be found, emulated, and looked at by sanitizers. */
static const char *const passed_on[] = {
    "PATH",         "HOME",          "TMPDIR",       "LD_LIBRARY_PATH", "QEMU_LD_PREFIX",   "ASAN_OPTIONS",
    "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "GCOV_PREFIX",     "GCOV_PREFIX_STRIP"};

/* AWS Lambda developer guide, "Defined runtime environment variables". */
static const char *const lambda_variables[] = {"_HANDLER=bootstrap",
                                               "LAMBDA_RUNTIME_DIR=/var/runtime",
                                               "AWS_REGION=eu-west-1",
                                               "AWS_DEFAULT_REGION=eu-west-1",
                                               "AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
                                               "AWS_LAMBDA_FUNCTION_NAME=test",
                                               "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                                               "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                                               "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/test",
                                               "AWS_LAMBDA_LOG_STREAM_NAME=2026/01/31/[$LATEST]0",
                                               "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
                                               "AWS_ACCESS_KEY_ID=none",
                                               "AWS_SECRET_ACCESS_KEY=none",
                                               "AWS_SESSION_TOKEN=none",
                                               "LANG=en_US.UTF-8",
                                               "TZ=:UTC"};

struct environment {
    char *variables[MAX_VARIABLES + 1];
    size_t count;
};

static void add(struct environment *environment, const char *variable)
{
    size_t name_size = strcspn(variable, "=") + 1;
    size_t i = 0;
    while (i < environment->count && strncmp(environment->variables[i], variable, name_size) != 0)
        i++;
    if (i == MAX_VARIABLES)
        return;
    free(environment->variables[i]);
    environment->variables[i] = strdup(variable);
    environment->count += i == environment->count;
}

static void add_formatted(struct environment *environment, const char *name, const char *value)
{
    char *variable = NULL;
    if (asprintf(&variable, "%s=%s", name, value) >= 0)
        add(environment, variable);
    free(variable);
}

static void make_environment(const struct emulator *emulator, struct environment *environment)
{
    const struct emulator_options *options = emulator->options;
    char api[256];
    for (size_t i = 0; i < sizeof(passed_on) / sizeof(*passed_on); i++) {
        if (getenv(passed_on[i]))
            add_formatted(environment, passed_on[i], getenv(passed_on[i]));
    }
    for (size_t i = 0; i < sizeof(lambda_variables) / sizeof(*lambda_variables); i++)
        add(environment, lambda_variables[i]);
    add_formatted(environment, "LAMBDA_TASK_ROOT", options->task_root ? options->task_root : ".");
    snprintf(api, sizeof(api), "%s:%d%s", options->host ? options->host : "127.0.0.1", emulator->port,
             options->suffix ? options->suffix : "");
    if (!options->api_unset)
        add_formatted(environment, "AWS_LAMBDA_RUNTIME_API", options->api ? options->api : api);
    for (const char *const *variable = options->env; variable && *variable; variable++)
        add(environment, *variable);
}

static _Noreturn void run_program(const struct emulator_options *options, char **variables,
                                  int standard_error)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(standard_error, STDOUT_FILENO);
    dup2(standard_error, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    if (options->task_root && chdir(options->task_root) < 0)
        fprintf(stderr, "cannot enter %s: %s\n", options->task_root, strerror(errno));
    else
        execvpe(options->argv[0], options->argv, variables);
    fprintf(stderr, "cannot run %s: %s\n", options->argv[0], strerror(errno));
    _exit(127);
}

/* Until the child has become the program it holds the listener too, and the port with it. */
static void await_exec(int fd)
{
    char byte;
    while (read(fd, &byte, 1) < 0 && errno == EINTR)
        ;
    close(fd);
}

int emulator_child_start(struct emulator *emulator)
{
    struct environment environment = {0};
    int pipe_ends[2], exec_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) < 0 || pipe2(exec_ends, O_CLOEXEC) < 0)
        return emulator_fail(emulator, "make a pipe: %s", strerror(errno));
    make_environment(emulator, &environment);
    fflush(NULL);
    emulator->started_sec = emulator_now_sec();
    emulator->child = fork();
    if (emulator->child == 0)
        run_program(emulator->options, environment.variables, pipe_ends[1]);
    for (size_t i = 0; i < environment.count; i++)
        free(environment.variables[i]);
    close(pipe_ends[1]);
    close(exec_ends[1]);
    await_exec(exec_ends[0]);
    emulator->standard_error = pipe_ends[0];
    return emulator->child < 0 ? emulator_fail(emulator, "fork: %s", strerror(errno)) : 0;
}

static void reap(struct emulator *emulator, bool killed)
{
    int status = 0;
    while (waitpid(emulator->child, &status, 0) < 0 && errno == EINTR)
        ;
    emulator->child = -1;
    if (killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        emulator->run->exit_status = -1;
    else
        emulator->run->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int emulator_child_end(struct emulator *emulator)
{
    reap(emulator, false);
    return emulator->run->exit_status;
}

void emulator_child_kill(struct emulator *emulator)
{
    double deadline = emulator_now_sec() + 10;
    if (emulator->child > 0) {
        kill(emulator->child, SIGKILL);
        reap(emulator, true);
    }
    while (emulator->standard_error >= 0 && emulator_wait(emulator, NULL, 0, deadline) > 0)
        ;
    if (emulator->standard_error >= 0)
        close(emulator->standard_error);
}
