#include "command.h"
#include "pack_inner.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "report/report_layers.h"

struct layers_options {
    struct look_options look;
    size_t top;
    struct pack_plan plan;
};

static const struct option long_options[] = {
    LOOK_LONG,
    {"top", required_argument, NULL, 'n'},
    PACK_PLAN_LONG,
    {NULL, 0, NULL, 0},
};

void layers_help(FILE *out)
{
    fputs(
        "Usage: demine layers [OPTION]...\n\n"
        "Shows which files that several functions carry demine pack would move into layers: the layers, who "
        "uses them,\n"
        "what is saved, and how far that is from storing every distinct file once, with what keeps it from "
        "there.\n"
        "Links and deflates what has changed; writes neither zip nor lock.\n\n"
        "Options:\n" PACK_PLAN_HELP
        "  -n, --top N          Show N items and N reasons; 0: all (default: 10; all with --json)\n" LOOK_HELP
        "\n"
        "What moves: shared objects in lib/, executables in bin/, whole packages of node and Python, and "
        "assets "
        "that the\n"
        "manifest's \"movable\" names, which are opened through shared/asset.h. A plan starts from the one "
        "in "
        "the lock,\n"
        "demine.lock.json, so that a change in one function publishes no layer anew; a fresh one takes its "
        "place where\n"
        "it saves \"layers\".\"replan_percent\" of all bytes.\n\n"
        "Columns:\n"
        "  ZIP ALONE            Of the function's zip, were there no layers\n"
        "  UNZIPPED IN ALL      Of the function with all its layers; OF LIMIT: of what AWS lets it be\n"
        "  SLOTS LEFT           Layers that a plan could attach yet; 0 where the plan is off\n"
        "  LAYERS               By their rows above\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage or manifest, 3 a limit is exceeded or a budget "
        "broken.\n\n"
        "Examples:\n"
        "  demine layers\n"
        "  demine layers --replan\n"
        "  demine layers --allow-extra 5000000\n"
        "  demine layers --json | jq -r '.layers[] | \"\\(.name) \\(.users) \\(.items | length)\"'\n",
        out);
}

static int print(struct pack *pack, const struct layers_options *options)
{
    const struct report_layers report = {
        .manifest = &pack->manifest,
        .packages = pack->packages,
        .items = &pack->items,
        .problem = &pack->problem,
        .plan = &pack->plan,
        .published = pack->published,
        .top = options->top,
        .colour = terminal_wants_colour(stdout, options->look.colour),
    };
    pack_release_folders(pack);
    return options->look.json ? report_layers_json(stdout, &report, &pack->arena, &pack->err)
                              : report_layers_text(stdout, &report, &pack->arena, &pack->err);
}

static int run(const struct layers_options *options)
{
    const struct pack_options packing = pack_look_options(&options->look.project, &options->plan);
    CLEANUP(pack_close) struct pack pack;
    int status = pack_open(&pack, &packing);
    if (status < 0)
        return project_failed(&pack.err);
    status = pack_make(&pack);
    progress_clean_up(&pack.progress);
    /* What is exceeded may be so because of the layers, or be what they are looked at for. */
    if (status >= 0 && pack.plan.attached) {
        int printed = print(&pack, options);
        status = printed < 0 ? printed : status;
    }
    return pack_complain(&pack, status);
}

int cmd_layers(int argc, char **argv)
{
    struct layers_options options = {.top = LOOK_TOP, .plan = PACK_PLAN_NONE};
    int option;
    optind = 1;
    argv[0] = (char *)"demine layers";
    while ((option = getopt_long(argc, argv, LOOK_SHORT "n:", long_options, NULL)) != -1) {
        int status = -1;
        if (option == 'n')
            status = look_top("layers", &options.top);
        else if (!pack_plan_option(option, "layers", &options.plan, &status))
            status = look_option(option, "layers", layers_help, &options.look);
        if (status >= 0)
            return status;
    }
    if (optind < argc)
        return command_misused("layers", "takes no names: a plan is of all functions");
    return run(&options);
}
