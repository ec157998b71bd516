#include "command.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "report/report_why.h"

/* Symbols of one name that are told of: statics may share a name. */
#define SYMBOLS_SHOWN 5

static const struct option long_options[] = {LOOK_LONG, {NULL, 0, NULL, 0}};

void why_help(FILE *out)
{
    fputs("Usage: demine why [OPTION]... FUNCTION NAME\n\n"
          "Shows why a symbol, an archive member or a library is in a function's program: the shortest chain "
          "of\n"
          "references from the entry to it, and what made the linker take each member out of its archive.\n"
          "NAME is a symbol (cJSON_Parse), one of a member (inflate.o:inflate), a member (inflate.o, or\n"
          "libz.a(inflate.o)), or a library as demine size names it (libz).\n\n"
          "Options:\n" LOOK_HELP "\n"
          "Exit status: 0 done, 1 failed or NAME is not in the program, 2 wrong usage or manifest.\n\n"
          "Examples:\n"
          "  demine why catalog __isoc99_sscanf\n"
          "  demine why subtitles zlib\n"
          "  demine why catalog getaddrinfo --json | jq -r '.targets[0].chain[].symbol'\n",
          out);
}

static int print_json(const struct graph *graph, const struct why_target *target, struct shared_arena *arena,
                      struct shared_error *err)
{
    struct json_out json = {.out = stdout};
    int status = 0;
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_text(&json, "kind", target->kind);
    json_out_open(&json, "targets", '[');
    for (size_t i = 0; status == 0 && i < target->count; i++)
        status = report_why_json(&json, graph, target->atoms[i], arena, err);
    json_out_close(&json, ']');
    json_out_close(&json, '}');
    putchar('\n');
    return status;
}

static int print_text(const struct graph *graph, const struct why_target *target, bool colour,
                      struct shared_arena *arena, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < target->count && i < SYMBOLS_SHOWN; i++) {
        if (i > 0)
            putchar('\n');
        status = report_why_text(stdout, graph, target->atoms[i], colour, arena, err);
    }
    if (target->count > SYMBOLS_SHOWN)
        printf("\n%zu more symbols have that name: give one as MEMBER:SYMBOL, or --json for all\n",
               target->count - SYMBOLS_SHOWN);
    return status;
}

static int run(const struct look_options *options, const char *function, const char *name)
{
    CLEANUP(project_close) struct project project;
    struct shared_error err = {0};
    struct why_target target;
    if (project_open(&options->project, &project, &err) < 0)
        return project_failed(&err);
    project_release(&project);
    int index = project_find_function(&project, function);
    if (index < 0)
        return EXIT_USAGE;
    const struct graph *graph = &project.graphs[index];
    if (why_find(graph, name, &project.arena, &target, &err) < 0)
        return project_failed(&err);
    if (target.count == 0) {
        fprintf(stderr, "demine: the program of %s has no symbol, member or library \"%s\"\n", function,
                name);
        return EXIT_FAILED;
    }
    bool colour = terminal_wants_colour(stdout, options->colour);
    int status = options->json ? print_json(graph, &target, &project.arena, &err)
                               : print_text(graph, &target, colour, &project.arena, &err);
    return status < 0 ? project_failed(&err) : EXIT_DONE;
}

int cmd_why(int argc, char **argv)
{
    struct look_options options = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine why";
    while ((option = getopt_long(argc, argv, LOOK_SHORT, long_options, NULL)) != -1) {
        int status = look_option(option, "why", why_help, &options);
        if (status >= 0)
            return status;
    }
    if (argc - optind != 2)
        return command_misused("why", "give a function and the name of a symbol, member or library");
    return run(&options, argv[optind], argv[optind + 1]);
}
