#include "command.h"
#include "pack_run.h"

#include "base/terminal.h"

#include <shared/slice.h>

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#define PARALLEL_LIMIT 1024

enum {
    OPTION_STATE = 256,
    OPTION_ACCOUNT,
    OPTION_JSON,
    OPTION_COLOUR,
    OPTION_CACHE,
    OPTION_NO_CACHE,
    OPTION_CACHE_URL,
    OPTION_CACHE_READ_ONLY,
    OPTION_CHECK
};

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"jobs", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"state", required_argument, NULL, OPTION_STATE},
    {"account", required_argument, NULL, OPTION_ACCOUNT},
    PACK_PLAN_LONG,
    {"cache", required_argument, NULL, OPTION_CACHE},
    {"no-cache", no_argument, NULL, OPTION_NO_CACHE},
    {"cache-url", required_argument, NULL, OPTION_CACHE_URL},
    {"cache-read-only", no_argument, NULL, OPTION_CACHE_READ_ONLY},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"json", no_argument, NULL, OPTION_JSON},
    {"color", required_argument, NULL, OPTION_COLOUR},
    {NULL, 0, NULL, 0},
};

static void packages_help(FILE *out)
{
    fputs(
        "Assets: a folder is taken whole, but for what demine writes itself: the folders .demine, --state "
        "and "
        "--cache, the\n"
        "  lock, the manifest and its snapshot; and of the output folder the zips (*.zip, *.debug, also in "
        "layers/). What is\n"
        "  not to go in otherwise (.git, tests) is left out by naming what is: \"src\": \"src\" in place of "
        "\".\": \".\". A symlink\n"
        "  that is named is what it leads to; one in a folder stays one, unless an asset is put in its "
        "place.\n\n"
        "Python: files of __pycache__ that are checked by their source's time are left out. A zip has no "
        "times, so that\n"
        "  Python would find them stale and compile again; and no two installations have the same. To have "
        "compiled files,\n"
        "  make those that are never checked, with the runtime's Python:\n"
        "  python3.13 -m compileall -q --invalidation-mode unchecked-hash -s FOLDER FOLDER\n\n"
        "Linkage: functions of \"linkage\": \"auto\" use the target's C library, and of each other library "
        "the parts\n"
        "  that they need or, in a layer, its shared object: what makes all zips smaller. Both ways are "
        "linked "
        "and\n"
        "  compared; the last choice is left for over 1 % or 1 KB. The report has the bytes of both.\n\n",
        out);
}

void pack_help(FILE *out)
{
    fputs(
        "Usage: demine pack [OPTION]... [MANIFEST]\n\n"
        "Links each function of a manifest (demine.json) with only the symbols it needs, lists its assets,\n"
        "holds it against the limits of AWS, moves what several functions carry into layers, writes one zip "
        "a\n"
        "function and a layer, and reports what is inside. Nothing is compiled, linked, read or deflated "
        "again\n"
        "where nothing has changed.\n\n"
        "Options:\n"
        "  -o, --output DIR     Folder for NAME.zip and NAME.debug (default: dist beside the manifest)\n"
        "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the "
        "manifest)\n"
        "      --account FILE   Count the region's code storage from the output of\n"
        "                       aws lambda get-account-settings; without it, from the lock's "
        "ledger\n" PACK_PLAN_HELP
        "      --check          Pack twice, the second time from nothing, and compare the zips\n"
        "  -j, --jobs N         Tools and threads at a time (default: one for each processor)\n"
        "      --json           Report as JSON\n"
        "      --color WHEN     auto, always or never; auto respects NO_COLOR (default: auto)\n"
        "  -q, --quiet          No report, no progress; warnings and errors only\n"
        "  -h, --help           Show this help\n\n",
        out);
    fputs(
        "Cache of what was deflated, for all projects of a machine and, over HTTP, of a fleet:\n"
        "      --cache DIR        Folder (default: $DEMINE_CACHE, else demine in $XDG_CACHE_HOME or "
        "~/.cache)\n"
        "      --no-cache         None, neither a folder nor a server\n"
        "      --cache-url URL    Server that takes GET, HEAD and PUT (default: $DEMINE_CACHE_URL); one that "
        "is away "
        "(which\n"
        "                         costs 2.5 s), or costs 10 s more than it saves, is left alone for the run, "
        "with a "
        "warning\n"
        "      --cache-read-only  Put nothing there ($DEMINE_CACHE_READ_ONLY=1 says the same; 0 or empty: "
        "no)\n"
        "  $DEMINE_CACHE_BYTES is what the folder may grow to; default 2 GiB. The least recently used "
        "goes.\n\n"
        "Output:\n"
        "  DIR/NAME.zip         The deployment package. The same inputs give the same bytes on any machine\n"
        "  DIR/layers/NAME.zip  A layer; its name is that of its content\n"
        "  DIR/NAME.debug       The program with symbols and debugging information, for demine symbolize and "
        "gdb\n"
        "  demine.lock.json     Beside the manifest: the plan of the layers, and what the zips were; commit "
        "it\n"
        "  Zips and lock are put in place when all of them are written in full; where a limit is exceeded or "
        "a budget\n"
        "  broken, DIR holds no zip of the project.\n\n",
        out);
    packages_help(out);
    fputs("Exit status: 0 done, 1 failed, 2 wrong usage or manifest, 3 a limit is exceeded or a budget "
          "broken.\n\n"
          "Examples:\n"
          "  demine pack\n"
          "  demine pack --level smallest -o build/zips services/video/demine.json\n"
          "  aws lambda get-account-settings > account.json && demine pack --account account.json\n"
          "  demine pack --json | jq '.functions[] | {name, zip_bytes, layers}'\n"
          "  DEMINE_CACHE_URL=http://cache.internal/demine demine pack --cache-read-only\n",
          out);
}

/* Returns -1 to go on, or an exit status. */
static int read_zip_option(int option, struct pack_options *options)
{
    int status;
    if (pack_plan_option(option, "pack", &options->plan, &status))
        return status;
    switch (option) {
    case OPTION_CACHE:
        options->cache = optarg;
        return -1;
    case OPTION_NO_CACHE:
        options->cache = options->remote = "";
        return -1;
    case OPTION_CACHE_URL:
        options->remote = optarg;
        return -1;
    case OPTION_CACHE_READ_ONLY:
        options->remote_reads_only = true;
        return -1;
    case OPTION_CHECK:
        options->check = true;
        return -1;
    default:
        fputs("Try: demine pack --help\n", stderr);
        return EXIT_USAGE;
    }
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
        return read_zip_option(option, options);
    }
}

int cmd_pack(int argc, char **argv)
{
    struct pack_options options = {.plan = PACK_PLAN_NONE};
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
