#include "command.h"

#include "base/nearest.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

const struct command commands[] = {
    {"pack", cmd_pack, "Link, pack and check the functions of a manifest", pack_help},
    {"size", cmd_size, "Show where the bytes of each program are", size_help},
    {"why", cmd_why, "Show why a symbol or a library is in a program", why_help},
    {"share", cmd_share, "Show what functions carry in copy, and what a layer would cost", share_help},
    {"advise", cmd_advise, "Show what would make the programs smaller, the largest gain first", advise_help},
    {"check", cmd_check, "Check whether the programs will start and work on the target", check_help},
    {"limits", cmd_limits, "Show how near functions and region are to the limits of AWS", limits_help},
    {"prune-plan", cmd_prune_plan, "Show which published versions could go, and what that wins",
     prune_plan_help},
    {"template", cmd_template, "Write a SAM template for the functions and layers", template_help},
    {"report", cmd_report, "Write a page that shows what is in each program, and why", report_help},
    {"snapshot", cmd_snapshot, "Write the sizes of the programs to a file that reviews well", snapshot_help},
    {"diff", cmd_diff, "Show what became of the sizes since a snapshot", diff_help},
    {"layers", cmd_layers, "Show which files move into layers, and what that saves", layers_help},
    {"published", cmd_published, "Say that what the lock describes was published", published_help},
    {"verify", cmd_verify, "Compare zips with what the lock says of them", verify_help},
    {"symbolize", cmd_symbolize, "Show functions and lines of the crashes in a log", symbolize_help},
    {"help", cmd_help, "Show the help of a subcommand", NULL},
    {"version", cmd_version, "Show the version of demine and of its libraries", NULL},
    {NULL, NULL, NULL, NULL},
};

void command_complain(const struct shared_error *err)
{
    struct rlimit files;
    fprintf(stderr, "demine: %s\n", err->text);
    if (err->sys_errno == EMFILE && getrlimit(RLIMIT_NOFILE, &files) == 0)
        fprintf(stderr,
                "demine: the limit of open files, here %ju, is reached: raise it, as by ulimit -n 256\n",
                (uintmax_t)files.rlim_cur);
}

int command_misused(const char *subcommand, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "demine %s: ", subcommand);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry: demine %s --help\n", subcommand);
    return EXIT_USAGE;
}

int command_finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    struct shared_error err;
    shared_fail(&err, SHARED_EIO, errno, "write to standard output");
    command_complain(&err);
    return status == EXIT_DONE ? EXIT_FAILED : status;
}

static const struct command *find_command(const char *name)
{
    for (const struct command *command = commands; command->name; command++) {
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[sizeof(commands) / sizeof(*commands)];
    size_t count = 0;
    while (commands[count].name) {
        names[count] = commands[count].name;
        count++;
    }
    const char *nearest = nearest_name(name, names, count);
    fprintf(stderr, "demine: no subcommand \"%s\"", name);
    if (nearest)
        fprintf(stderr, "; did you mean \"%s\"?", nearest);
    fprintf(stderr, "\nTry: demine help\n");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    /* A reader that went away is an error of write, told like any other, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    /* Nothing here is told in local time; libzip asks for it at each entry, from many threads, and glibc reads the zone
     * anew each time where none is named. */
    setenv("TZ", "UTC0", 1);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is one of a full disk */
    if (argc < 2) {
        char *const help[] = {(char *)"help", NULL};
        cmd_help(1, (char **)help);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        name = "version";
    const struct command *command = find_command(name);
    return command ? command_finish(command->run(argc - 1, argv + 1)) : unknown_command(name);
}
