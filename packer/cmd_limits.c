#include "command.h"
#include "pack_inner.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "report/report_limits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct limits_options {
    struct look_options look;
    struct pack_plan plan;
    const char *account;
    bool profiles[LIMIT_PROFILES]; /* none: both */
    bool all;
};

enum { OPTION_ACCOUNT = LOOK_NEXT, OPTION_PROFILE };

static const struct option long_options[] = {
    LOOK_LONG,
    PACK_PLAN_LONG,
    {"account", required_argument, NULL, OPTION_ACCOUNT},
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"all", no_argument, NULL, 'a'},
    {NULL, 0, NULL, 0},
};

void limits_help(FILE *out)
{
    fputs("Usage: demine limits [OPTION]... [FUNCTION]...\n\n"
          "Shows how near the functions, their layers and the region are to all limits of AWS, the worst "
          "first, in the\n"
          "profiles of today and of 2016. Links what has changed, and makes zips as demine pack does to know "
          "their size to the\n"
          "byte; writes none.\n\n"
          "Options:\n"
          "  -a, --all            Show every function and layer of each limit (default: the fullest, and all "
          "that exceed one)\n"
          "      --account FILE   Take the region's code storage and concurrency from the output of\n"
          "                       aws lambda get-account-settings (default: what the lock's ledger says was "
          "published)\n"
          "      --profile WHICH  today, 2016 or both (default: both)\n" PACK_PLAN_HELP LOOK_HELP "\n"
          "Traffic: from \"requests_per_s\" and \"duration_ms\" of the manifest, by Little's law the "
          "executions at a time are\n"
          "requests/s times seconds of each; held against the region's concurrency and the rate of API "
          "Gateway, as if all\n"
          "requests came through it.\n\n"
          "The region fills at the rate of the ledger: what was published since its first day, of the last "
          "365 days at most,\n"
          "from today ($SOURCE_DATE_EPOCH) on.\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or manifest, 3 a limit of the manifest's profile is "
          "exceeded.\n\n"
          "Examples:\n"
          "  demine limits\n"
          "  demine limits --all --profile today catalog\n"
          "  aws lambda get-account-settings > account.json && demine limits --account account.json\n"
          "  demine limits --json | jq '.limits[] | select(.[\"2016\"].exceeded) | {limit, function, "
          "value}'\n",
          out);
}

/* By what the locale says (POSIX, "Environment Variables", section 8.2), on a terminal alone: elsewhere the same bytes
 * come out whatever the machine. */
static bool has_blocks(FILE *stream)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !(locale && *locale); i++)
        locale = getenv(names[i]);
    const char *set = locale ? strchr(locale, '.') : NULL;
    return set && (strncasecmp(set, ".utf-8", 6) == 0 || strncasecmp(set, ".utf8", 5) == 0) &&
           terminal_is_live(stream);
}

static bool knows(const struct pack *pack, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (manifest_find_function(&pack->manifest, argv[i]))
            continue;
        command_misused("limits", "%s has no function \"%s\"", pack->manifest.path, argv[i]);
        return false;
    }
    return true;
}

/* Whether a function that is asked for attaches a layer of the plan. */
static bool wants_layer(const struct pack *pack, size_t layer, int argc, char **argv)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++)
        if (look_wants(argc, argv, pack->manifest.functions[i].name) &&
            layer_set_holds(&pack->plan.attached[i], layer))
            return true;
    return false;
}

/* Of all that was held against limits what is asked for. */
static int choose(struct pack *pack, int argc, char **argv, struct limit_held *held)
{
    struct limit_usage *usages = pack_allocate(pack, pack->held.usage_count, sizeof(*usages));
    struct limit_layer *layers = pack_allocate(pack, pack->held.layer_count, sizeof(*layers));
    if (!usages || !layers)
        return pack_no_memory(pack);
    *held = (struct limit_held){.usages = usages, .layers = layers, .region = pack->held.region};
    for (size_t i = 0; i < pack->held.usage_count; i++)
        if (look_wants(argc, argv, pack->held.usages[i].function))
            usages[held->usage_count++] = pack->held.usages[i];
    for (size_t i = 0; i < pack->held.layer_count; i++)
        if (wants_layer(pack, i, argc, argv))
            layers[held->layer_count++] = pack->held.layers[i];
    return 0;
}

/* Prints the report; returns an exit status. */
static int show(struct pack *pack, const struct limits_options *options, int argc, char **argv)
{
    struct limit_view view;
    struct limit_held held;
    int status = choose(pack, argc, argv, &held);
    if (status == 0)
        status = limit_view_make(&pack->manifest, &held, &pack->arena, &view, &pack->err);
    if (status < 0)
        return pack_complain(pack, status);
    bool both = !options->profiles[0] && !options->profiles[1];
    const struct report_limits report = {
        .manifest = &pack->manifest,
        .view = &view,
        .region = &pack->region,
        .usages = held.usages,
        .usage_count = held.usage_count,
        .profiles = {both || options->profiles[0], both || options->profiles[1]},
        .all = options->all,
        .blocks = has_blocks(stdout),
        .colour = terminal_wants_colour(stdout, options->look.colour),
    };
    pack_release_folders(pack);
    if (options->look.json)
        report_limits_json(stdout, &report);
    else
        status = report_limits_text(stdout, &report, &pack->arena, &pack->err);
    if (status < 0)
        return pack_complain(pack, status);
    return view.exceeded[pack->manifest.profile] > 0 ? EXIT_LIMIT : EXIT_DONE;
}

static int run(const struct limits_options *options, int argc, char **argv)
{
    struct pack_options pack_options = pack_look_options(&options->look.project, &options->plan);
    pack_options.account = options->account;
    CLEANUP(pack_close) struct pack pack;
    int status = pack_open(&pack, &pack_options);
    if (status < 0) {
        command_complain(&pack.err);
        return status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    }
    if (!knows(&pack, argc, argv))
        return EXIT_USAGE;
    status = pack_make(&pack);
    return status < 0 ? pack_complain(&pack, status) : show(&pack, options, argc, argv);
}

static int take_profile(struct limits_options *options)
{
    bool both = strcmp(optarg, "both") == 0;
    if (!both && strcmp(optarg, "today") != 0 && strcmp(optarg, "2016") != 0)
        return command_misused("limits", "--profile %s: must be today, 2016 or both", optarg);
    options->profiles[PROFILE_TODAY] = both || strcmp(optarg, "today") == 0;
    options->profiles[PROFILE_2016] = both || strcmp(optarg, "2016") == 0;
    return -1;
}

int cmd_limits(int argc, char **argv)
{
    struct limits_options options = {.plan = PACK_PLAN_NONE};
    int option;
    optind = 1;
    argv[0] = (char *)"demine limits";
    while ((option = getopt_long(argc, argv, LOOK_SHORT "a", long_options, NULL)) != -1) {
        int status = -1;
        if (option == OPTION_ACCOUNT)
            options.account = optarg;
        else if (option == OPTION_PROFILE)
            status = take_profile(&options);
        else if (option == 'a')
            options.all = true;
        else if (!pack_plan_option(option, "limits", &options.plan, &status))
            status = look_option(option, "limits", limits_help, &options.look);
        if (status >= 0)
            return status;
    }
    return run(&options, argc - optind, argv + optind);
}
