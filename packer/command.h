/* command.h - the subcommands, and what they have in common. */
#ifndef PACKER_COMMAND_H
#define PACKER_COMMAND_H

#include <shared/error.h>

#include <stdbool.h>
#include <stdio.h>

/* What demine exits with. */
enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_LIMIT = 3 };

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; returns an exit status */
    const char *summary;               /* one line */
    void (*help)(FILE *out);           /* NULL: the general one */
};

/* All of them, ended by a name of NULL. */
extern const struct command commands[];

int cmd_advise(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_layers(int argc, char **argv);
int cmd_limits(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_published(int argc, char **argv);
int cmd_prune_plan(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_share(int argc, char **argv);
int cmd_snapshot(int argc, char **argv);
int cmd_symbolize(int argc, char **argv);
int cmd_size(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_template(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_why(int argc, char **argv);

/* The help of one subcommand; cmd_help prints them too. */
void advise_help(FILE *out);
void check_help(FILE *out);
void diff_help(FILE *out);
void layers_help(FILE *out);
void limits_help(FILE *out);
void pack_help(FILE *out);
void published_help(FILE *out);
void prune_plan_help(FILE *out);
void report_help(FILE *out);
void share_help(FILE *out);
void snapshot_help(FILE *out);
void symbolize_help(FILE *out);
void size_help(FILE *out);
void verify_help(FILE *out);
void template_help(FILE *out);
void why_help(FILE *out);

/* Prints "demine: text" on standard error. */
void command_complain(const struct shared_error *err);

/* Prints "demine SUBCOMMAND: text" and where help is; returns EXIT_USAGE. */
int command_misused(const char *subcommand, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Flushes standard output; EXIT_FAILED with a message where that failed (disk full), else status. */
int command_finish(int status);

#endif
