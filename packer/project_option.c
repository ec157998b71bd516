#include "project_option.h"

#include "command.h"

#include <shared/slice.h>

#include <string.h>

#define PARALLEL_LIMIT 1024
#define TOP_LIMIT 1000000

int look_option(int option, const char *subcommand, void (*help)(FILE *out), struct look_options *options)
{
    unsigned long long number;
    switch (option) {
    case 'm':
        options->project.manifest = optarg;
        return -1;
    case 'j':
        if (!shared_slice_to_number(shared_slice_from_text(optarg), PARALLEL_LIMIT, &number) || number == 0)
            return command_misused(subcommand, "--jobs %s: must be a number from 1 to %d", optarg,
                                   PARALLEL_LIMIT);
        options->project.parallel = (unsigned)number;
        return -1;
    case 'q':
        options->project.quiet = true;
        return -1;
    case LOOK_STATE:
        options->project.state = optarg;
        return -1;
    case LOOK_JSON:
        options->json = true;
        return -1;
    case LOOK_COLOUR:
        if (!terminal_colour_parse(optarg, &options->colour))
            return command_misused(subcommand, "--color %s: must be auto, always or never", optarg);
        return -1;
    case 'h':
        help(stdout);
        return EXIT_DONE;
    default:
        fprintf(stderr, "Try: demine %s --help\n", subcommand);
        return EXIT_USAGE;
    }
}

int look_top(const char *subcommand, size_t *top)
{
    unsigned long long number;
    if (!shared_slice_to_number(shared_slice_from_text(optarg), TOP_LIMIT, &number))
        return command_misused(subcommand, "--top %s: must be a number from 0 to %d", optarg, TOP_LIMIT);
    *top = (size_t)number;
    return -1;
}

bool look_has(const struct project *project, int argc, char *const *argv)
{
    for (int i = 0; i < argc; i++)
        if (project_find_function(project, argv[i]) < 0)
            return false;
    return true;
}

bool look_wants(int argc, char *const *argv, const char *function)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], function) == 0)
            return true;
    return argc == 0;
}
