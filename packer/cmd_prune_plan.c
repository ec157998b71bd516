#include "command.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "base/terminal.h"
#include "manifest/manifest.h"
#include "report/report_prune.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#define MOST_KEEP 1000000

enum list_kind { LIST_NONE, LIST_VERSIONS, LIST_ALIASES, LIST_LAYERS };
enum {
    OPTION_VERSIONS = 256,
    OPTION_ALIASES,
    OPTION_LAYERS,
    OPTION_NO_ALIASES,
    OPTION_ALL,
    OPTION_JSON,
    OPTION_SH,
    OPTION_COLOUR
};

struct prune_run {
    struct shared_arena arena;
    struct prune_lists lists;
    struct prune_options options;
    struct lock_file lock;
    enum list_kind kind; /* of the files that come next */
    bool any;            /* a list of versions was given */
    const char *manifest;
    bool json, sh;
    enum terminal_colour colour;
};

static const struct option long_options[] = {
    {"versions", required_argument, NULL, OPTION_VERSIONS},
    {"aliases", required_argument, NULL, OPTION_ALIASES},
    {"layer-versions", required_argument, NULL, OPTION_LAYERS},
    {"no-aliases", no_argument, NULL, OPTION_NO_ALIASES},
    {"all-functions", no_argument, NULL, OPTION_ALL},
    {"keep", required_argument, NULL, 'k'},
    {"manifest", required_argument, NULL, 'm'},
    {"json", no_argument, NULL, OPTION_JSON},
    {"sh", no_argument, NULL, OPTION_SH},
    {"color", required_argument, NULL, OPTION_COLOUR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void prune_plan_help(FILE *out)
{
    fputs(
        "Usage: demine prune-plan [OPTION]... --versions FILE... --aliases [FUNCTION=]FILE...\n\n"
        "Shows which published versions of functions and layers could go, how many bytes of the region's "
        "code "
        "storage that\n"
        "wins, and the aws commands that remove them. Reads files alone, deletes nothing. \"-\" is standard "
        "input; a file may\n"
        "hold several outputs, one after the other, and pages in any order.\n\n"
        "Options:\n"
        "      --versions FILE...        Outputs of aws lambda list-versions-by-function\n"
        "      --aliases FILE...         Outputs of aws lambda list-aliases; FUNCTION=FILE says of which "
        "function, as an\n"
        "                                empty list does not\n"
        "      --no-aliases              There are no aliases but those listed\n"
        "      --layer-versions FILE...  Outputs of aws lambda list-layer-versions, and of "
        "get-layer-version, "
        "which has sizes\n"
        "      --all-functions           All functions that may use a layer are listed, those of other "
        "accounts too;\n"
        "                                without it no layer goes\n"
        "  -k, --keep N                  Keep the N newest published versions of each function (default: 3)\n"
        "  -m, --manifest FILE           Keep the layers of this project's lock, and take sizes from it\n"
        "      --sh                      Print the commands alone\n"
        "      --json                    Print JSON\n"
        "      --color WHEN              auto, always or never; auto respects NO_COLOR (default: auto)\n"
        "  -h, --help                    Show this help\n\n",
        out);
    fputs(
        "Kept in any case: $LATEST, versions that an alias points to or routes a part of its traffic to, "
        "all of "
        "a function\n"
        "without a whole list of its aliases, and layer versions that a kept version uses. No layer goes "
        "where the lists\n"
        "themselves lack something: a last page, $LATEST, a version that an alias points to, or all versions "
        "of a function\n"
        "that has aliases. Who calls a version by its number is not seen: look at event sources and gateways "
        "before you run\n"
        "the commands. They name whole ARNs, so that nothing of another account goes.\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage, or a file that is no such output.\n\n"
        "Examples:\n"
        "  for f in catalog playback; do\n"
        "      aws lambda list-versions-by-function --function-name $f >> versions.json\n"
        "      aws lambda list-aliases --function-name $f > aliases-$f.json\n"
        "  done\n"
        "  demine prune-plan --versions versions.json --aliases catalog=aliases-catalog.json "
        "playback=aliases-playback.json\n"
        "  demine prune-plan --versions v*.json --no-aliases --layer-versions l*.json --all-functions -m "
        "demine.json\n"
        "  demine prune-plan --versions versions.json --no-aliases --keep 5 --sh > prune.sh\n",
        out);
}

/* FUNCTION=FILE: what stands before the first "=" may be a function's name. "./a=b" is a path. */
static const char *split_function(struct prune_run *run, const char **path)
{
    const char *end = strchr(*path, '=');
    struct shared_slice name = shared_slice_of(*path, end ? (size_t)(end - *path) : 0);
    if (!end || !prune_name_is_valid(name))
        return NULL;
    *path = end + 1;
    return shared_arena_copy(&run->arena, name);
}

static int read_list(struct prune_run *run, const char *path, struct shared_error *err)
{
    const char *function = run->kind == LIST_ALIASES ? split_function(run, &path) : NULL;
    bool is_input = strcmp(path, "-") == 0;
    struct shared_slice text;
    int status = file_take(is_input ? "/dev/stdin" : path, PRUNE_LIMIT_BYTES, &run->arena, &text, err);
    if (status < 0)
        return status;
    const char *name = is_input ? "standard input" : path;
    if (run->kind == LIST_VERSIONS)
        return prune_versions_read(name, text, &run->arena, &run->lists, err);
    if (run->kind == LIST_ALIASES)
        return prune_aliases_read(name, text, function, &run->arena, &run->lists, err);
    return prune_layers_read(name, text, &run->arena, &run->lists, err);
}

/* Returns -1 to go on, or an exit status. */
static int take_file(struct prune_run *run, const char *path)
{
    struct shared_error err = {0};
    if (run->kind == LIST_NONE)
        return command_misused("prune-plan", "%s: say what it is, as --versions %s", path, path);
    run->any |= run->kind == LIST_VERSIONS;
    int status = read_list(run, path, &err);
    if (status == 0)
        return -1;
    command_complain(&err);
    return status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

static int take_keep(struct prune_run *run)
{
    unsigned long long number;
    if (!shared_slice_to_number(shared_slice_from_text(optarg), MOST_KEEP, &number))
        return command_misused("prune-plan", "--keep %s: must be a number from 0 to %d", optarg, MOST_KEEP);
    run->options.keep = number;
    return -1;
}

static int take_option(struct prune_run *run, int option)
{
    switch (option) {
    case OPTION_VERSIONS:
    case OPTION_ALIASES:
    case OPTION_LAYERS:
        run->kind = (enum list_kind)(option - OPTION_VERSIONS + LIST_VERSIONS);
        return take_file(run, optarg);
    case 1:
        return take_file(run, optarg);
    case OPTION_NO_ALIASES:
        run->options.no_aliases = true;
        return -1;
    case OPTION_ALL:
        run->options.all_functions = true;
        return -1;
    case 'k':
        return take_keep(run);
    case 'm':
        run->manifest = optarg;
        return -1;
    case OPTION_JSON:
        run->json = true;
        return -1;
    case OPTION_SH:
        run->sh = true;
        return -1;
    case OPTION_COLOUR:
        if (!terminal_colour_parse(optarg, &run->colour))
            return command_misused("prune-plan", "--color %s: must be auto, always or never", optarg);
        return -1;
    case 'h':
        prune_plan_help(stdout);
        return EXIT_DONE;
    default:
        fputs("Try: demine prune-plan --help\n", stderr);
        return EXIT_USAGE;
    }
}

static int read_lock(struct prune_run *run, struct shared_error *err)
{
    struct manifest manifest;
    if (!run->manifest)
        return 0;
    int status = manifest_read(run->manifest, &run->arena, &manifest, err);
    if (status < 0)
        return status;
    const char *path = path_join(&run->arena, manifest.folder, manifest.lock);
    if (!path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read the lock");
    run->options.lock = &run->lock;
    return lock_file_read(path, &run->arena, &run->lock, err);
}

/* What the lists themselves show to be wrong with them. */
static void warn(const struct prune_plan *plan)
{
    const char *effect = plan->layer_count > 0 ? ": no layer goes" : "";
    for (size_t i = 0; i < plan->stranger_count; i++)
        fprintf(stderr, "demine: aliases of %s were given, but no list of versions has that function%s\n",
                plan->strangers[i], effect);
    for (size_t i = 0; i < plan->missing_count; i++) {
        const struct prune_missing *missing = &plan->missing[i];
        char version[24] = "$LATEST";
        if (missing->version != PRUNE_LATEST)
            snprintf(version, sizeof(version), "%" PRIu64, missing->version);
        fprintf(
            stderr,
            "demine: %s: the alias %s points to version %s, which is not listed%s; list its versions anew\n",
            missing->function, missing->alias, version, effect);
    }
}

static int show(struct prune_run *run, struct shared_error *err)
{
    struct prune_plan plan;
    int status = prune_plan_make(&run->lists, &run->options, &run->arena, &plan, err);
    if (status < 0)
        return status;
    warn(&plan);
    const struct report_prune report = {
        .plan = &plan,
        .keep = run->options.keep,
        .all_functions = run->options.all_functions,
        .colour = terminal_wants_colour(stdout, run->colour),
    };
    if (run->json)
        report_prune_json(stdout, &report);
    else if (run->sh)
        report_prune_sh(stdout, &plan);
    else
        return report_prune_text(stdout, &report, &run->arena, err);
    for (size_t i = 0; i < plan.unknown_count; i++)
        fprintf(stderr, "demine: %s: all is kept, as no whole list of its aliases was given\n",
                plan.unknown[i]);
    return 0;
}

static void clean_up(struct prune_run *run)
{
    shared_arena_clean_up(&run->arena);
}

int cmd_prune_plan(int argc, char **argv)
{
    CLEANUP(clean_up) struct prune_run run = {.options = {.keep = PRUNE_KEEP}};
    struct shared_error err = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine prune-plan";
    /* "-": files that follow an option belong to it. */
    while ((option = getopt_long(argc, argv, "-k:m:h", long_options, NULL)) != -1) {
        int status = take_option(&run, option);
        if (status >= 0)
            return status;
    }
    for (int i = optind; i < argc; i++) {
        int status = take_file(&run, argv[i]);
        if (status >= 0)
            return status;
    }
    if (!run.any)
        return command_misused("prune-plan", "no list of versions; give one with --versions FILE");
    if (run.json && run.sh)
        return command_misused("prune-plan", "--json and --sh: only one of them");
    int status = read_lock(&run, &err);
    if (status == 0)
        status = show(&run, &err);
    if (status == 0)
        return EXIT_DONE;
    command_complain(&err);
    return status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}
