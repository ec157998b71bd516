/* project_option.h - the options that the subcommands which look into programs have in common. */
#ifndef PACKER_PROJECT_OPTION_H
#define PACKER_PROJECT_OPTION_H

#include "base/terminal.h"
#include "project.h"

#include <getopt.h>

struct look_options {
    struct project_options project;
    enum terminal_colour colour;
    bool json;
};

enum { LOOK_STATE = 256, LOOK_JSON, LOOK_COLOUR, LOOK_NEXT };

#define LOOK_SHORT "m:j:qh"

/* The rows of a table of long options. */
#define LOOK_LONG                                                                               \
    {"manifest", required_argument, NULL, 'm'}, {"jobs", required_argument, NULL, 'j'},         \
        {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, 'h'},                    \
        {"state", required_argument, NULL, LOOK_STATE}, {"json", no_argument, NULL, LOOK_JSON}, \
    {                                                                                           \
        "color", required_argument, NULL, LOOK_COLOUR                                           \
    }

/* Their lines of a help. */
#define LOOK_HELP                                                                                            \
    "  -m, --manifest FILE  The manifest (default: demine.json)\n"                                           \
    "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the manifest)\n" \
    "  -j, --jobs N         Tools at a time (default: one for each processor)\n"                             \
    "      --json           Print JSON\n"                                                                    \
    "      --color WHEN     auto, always or never; auto respects NO_COLOR (default: auto)\n"                 \
    "  -q, --quiet          No progress; warnings and errors only beside the result\n"                       \
    "  -h, --help           Show this help\n"

/* Takes one of these options, of a subcommand whose help is given. Returns -1 to go on, or an exit status. */
int look_option(int option, const char *subcommand, void (*help)(FILE *out), struct look_options *options);

/* Takes --top N: how many rows are shown, 10 where it is not given, all for 0. Returns -1, or an exit status. */
#define LOOK_TOP 10
int look_top(const char *subcommand, size_t *top);

/* Whether the project has all functions that are named on a command line; one that it has not is said. */
bool look_has(const struct project *project, int argc, char *const *argv);

/* Whether a function is among those named on a command line; all are where none is named. */
bool look_wants(int argc, char *const *argv, const char *function);

#endif
