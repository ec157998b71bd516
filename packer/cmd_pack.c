#include "command.h"
#include "pack_run.h"

#include "base/terminal.h"

#include <shared/slice.h>

#include <getopt.h>
#include <unistd.h>

#define PARALLEL_LIMIT 1024

enum { OPTION_STATE = 256, OPTION_ACCOUNT, OPTION_JSON, OPTION_COLOUR };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"jobs", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"state", required_argument, NULL, OPTION_STATE},
    {"account", required_argument, NULL, OPTION_ACCOUNT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"color", required_argument, NULL, OPTION_COLOUR},
    {NULL, 0, NULL, 0},
};

void pack_help(FILE *out)
{
    fputs(
        "Usage: demine pack [OPTION]... [MANIFEST]\n\n"
        "Links each function of a manifest (demine.json) with only the symbols it needs, lists its assets,\n"
        "holds it against the limits of AWS, writes one zip a function and reports what is inside.\n"
        "Nothing is compiled, linked or zipped again where no content has changed.\n\n"
        "Options:\n"
        "  -o, --output DIR     Folder for NAME.zip and NAME.debug (default: dist beside the manifest)\n"
        "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the "
        "manifest)\n"
        "      --account FILE   Count the region's code storage from the output of\n"
        "                       aws lambda get-account-settings; without it, from 0\n"
        "  -j, --jobs N         Tools and threads at a time (default: one for each processor)\n"
        "      --json           Report as JSON\n"
        "      --color WHEN     auto, always or never; auto respects NO_COLOR (default: auto)\n"
        "  -q, --quiet          No report, no progress; warnings and errors only\n"
        "  -h, --help           Show this help\n\n"
        "Output:\n"
        "  DIR/NAME.zip         The deployment package: bootstrap and the assets. The same inputs give the\n"
        "                       same bytes on any machine\n"
        "  DIR/NAME.debug       The program with symbols and debugging information, for demine symbolize and gdb\n"
        "  No zip appears before all are written; where a limit is exceeded or a budget broken, DIR holds no zip "
        "of the\n  project.\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage or manifest, 3 a limit is exceeded or a budget broken.\n\n"
        "Examples:\n"
        "  demine pack\n"
        "  demine pack -o build/zips services/video/demine.json\n"
        "  aws lambda get-account-settings > account.json && demine pack --account account.json\n"
        "  demine pack --json | jq '.functions[] | {name, zip_bytes}'\n",
        out);
}

/* Returns -1 to go on, or an exit status. */
static int read_option(int option, struct pack_options *options, enum terminal_colour *colour)
{
    unsigned long long number;
    switch (option) {
    case 'o':
        options->output = optarg;
        return -1;
    case 'j':
        if (!shared_slice_to_number(shared_slice_from_text(optarg), PARALLEL_LIMIT, &number) || number == 0)
            return command_misused("pack", "--jobs %s: must be a number from 1 to %d", optarg,
                                   PARALLEL_LIMIT);
        options->parallel = (unsigned)number;
        return -1;
    case 'q':
        options->quiet = true;
        return -1;
    case OPTION_STATE:
        options->state = optarg;
        return -1;
    case OPTION_ACCOUNT:
        options->account = optarg;
        return -1;
    case OPTION_JSON:
        options->json = true;
        return -1;
    case OPTION_COLOUR:
        if (!terminal_colour_parse(optarg, colour))
            return command_misused("pack", "--color %s: must be auto, always or never", optarg);
        return -1;
    case 'h':
        pack_help(stdout);
        return EXIT_DONE;
    default:
        fputs("Try: demine pack --help\n", stderr);
        return EXIT_USAGE;
    }
}

int cmd_pack(int argc, char **argv)
{
    struct pack_options options = {.manifest = "demine.json"};
    enum terminal_colour colour = COLOUR_AUTO;
    int option;
    optind = 1;
    argv[0] = (char *)"demine pack"; /* what getopt_long begins its messages with */
    while ((option = getopt_long(argc, argv, "o:j:qh", long_options, NULL)) != -1) {
        int status = read_option(option, &options, &colour);
        if (status >= 0)
            return status;
    }
    if (argc - optind > 1)
        return command_misused("pack", "one manifest at a time, not %s and %s", argv[optind],
                               argv[optind + 1]);
    if (optind < argc)
        options.manifest = argv[optind];
    options.colour = terminal_wants_colour(stdout, colour);
    options.progress = !options.quiet;
    return pack_run(&options);
}
