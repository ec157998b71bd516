#include "command.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "report/report_size.h"

#include <string.h>

enum { OPTION_SORT = LOOK_NEXT };

struct size_options {
    struct look_options look;
    struct report_size how;
};

static const struct option long_options[] = {
    LOOK_LONG,
    {"depth", required_argument, NULL, 'd'},
    {"top", required_argument, NULL, 'n'},
    {"sort", required_argument, NULL, OPTION_SORT},
    {NULL, 0, NULL, 0},
};

void size_help(FILE *out)
{
    fputs("Usage: demine size [OPTION]... [FUNCTION]...\n\n"
          "Shows where the bytes of each function's program are: library, archive member, symbol, the "
          "largest first.\n"
          "Links what has changed, as demine pack does; writes no zip.\n\n"
          "Options:\n"
          "  -d, --depth WHAT     Down to library, member or symbol (default: symbol)\n"
          "  -n, --top N          Show N parts of each; 0: all (default: 10; all with --json)\n"
          "      --sort KEY       zip, file or retained (default: zip)\n" LOOK_HELP "\n"
          "Columns:\n"
          "  FILE                 Bytes in the program, its entries in .eh_frame included\n"
          "  ZIP                  Bytes of the zip that tell of them\n"
          "  RETAINED             Bytes in the file that would go if nothing referred to it: its own, and "
          "those of all\n"
          "                       that is needed by it alone\n"
          "  Rows add up to the program's size, to the byte.\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
          "Examples:\n"
          "  demine size\n"
          "  demine size --depth library\n"
          "  demine size catalog --sort retained --top 20\n"
          "  demine size --json | jq '.functions[].libraries[] | {name, retained_bytes}'\n",
          out);
}

/* Finds text among names; returns its place or -1. */
static int choose(const char *text, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, names[i]) == 0)
            return i;
    return -1;
}

/* Returns -1 to go on, or an exit status. */
static int read_option(int option, struct size_options *options)
{
    static const char *const depths[] = {"library", "member", "symbol"};
    static const char *const keys[] = {"zip", "file", "retained"};
    int choice;
    switch (option) {
    case 'd':
        if ((choice = choose(optarg, depths, 3)) < 0)
            return command_misused("size", "--depth %s: must be library, member or symbol", optarg);
        options->how.depth = (enum size_depth)choice;
        return -1;
    case 'n':
        return look_top("size", &options->how.top);
    case OPTION_SORT:
        if ((choice = choose(optarg, keys, 3)) < 0)
            return command_misused("size", "--sort %s: must be zip, file or retained", optarg);
        options->how.key = (enum size_key)choice;
        return -1;
    default:
        return look_option(option, "size", size_help, &options->look);
    }
}

static int print(struct project *project, const struct size_options *options, int argc, char **argv,
                 struct shared_error *err)
{
    struct json_out json = {.out = stdout};
    bool first = true;
    int status = 0;
    if (options->look.json) {
        json_out_open(&json, NULL, '{');
        json_out_number(&json, "format", 1);
        json_out_open(&json, "functions", '[');
    }
    for (size_t i = 0; status == 0 && i < project->manifest.function_count; i++) {
        const char *name = project->manifest.functions[i].name;
        if (!look_wants(argc, argv, name))
            continue;
        if (options->look.json) {
            status = report_size_json(&json, name, &project->graphs[i], &options->how, &project->arena, err);
            continue;
        }
        if (!first)
            putchar('\n');
        first = false;
        status = report_size_text(stdout, name, &project->graphs[i], &options->how, &project->arena, err);
    }
    if (options->look.json) {
        json_out_close(&json, ']');
        json_out_close(&json, '}');
        putchar('\n');
    }
    return status;
}

static int run(const struct size_options *options, int argc, char **argv)
{
    CLEANUP(project_close) struct project project;
    struct shared_error err = {0};
    if (project_open(&options->look.project, &project, &err) < 0)
        return project_failed(&err);
    if (!look_has(&project, argc, argv))
        return EXIT_USAGE;
    project_release(&project);
    return print(&project, options, argc, argv, &err) < 0 ? project_failed(&err) : EXIT_DONE;
}

int cmd_size(int argc, char **argv)
{
    struct size_options options = {.how = {.depth = DEPTH_SYMBOL, .top = LOOK_TOP}};
    int option;
    optind = 1;
    argv[0] = (char *)"demine size";
    while ((option = getopt_long(argc, argv, LOOK_SHORT "d:n:", long_options, NULL)) != -1) {
        int status = read_option(option, &options);
        if (status >= 0)
            return status;
    }
    options.how.colour = terminal_wants_colour(stdout, options.look.colour);
    return run(&options, argc - optind, argv + optind);
}
