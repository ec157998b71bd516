#include "command.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "image/elf_file.h"
#include "limit/limit.h"
#include "report/report_share.h"

struct share_options {
    struct look_options look;
    size_t top;
};

static const struct option long_options[] = {
    LOOK_LONG,
    {"top", required_argument, NULL, 'n'},
    {NULL, 0, NULL, 0},
};

void share_help(FILE *out)
{
    fputs("Usage: demine share [OPTION]... [FUNCTION]...\n\n"
          "Shows what several functions carry in copy, and for each library what it costs linked statically "
          "into each\n"
          "beside what it would cost as a shared object in a layer, with a recommendation. With names, "
          "compares these\n"
          "functions alone. Links what has changed; writes no zip.\n\n"
          "Options:\n"
          "  -n, --top N          Show N symbols; 0: all (default: 10; all with --json)\n" LOOK_HELP "\n"
          "Columns:\n"
          "  STATIC ZIPS          Bytes of the zips, over all functions; stored for each version of each\n"
          "  IN COPY              Of these, all but the largest copy of each symbol\n"
          "  LAYER ZIP            The whole shared object, stripped, with what it needs and the target does "
          "not have; stored\n"
          "                       once for each version of the layer\n"
          "  STATIC UNZIPPED      Bytes in one function's program\n"
          "  LAYER UNZIPPED       Bytes that count against the limit of each function with the layer\n\n"
          "A static program cannot load a layer's shared object; a dynamic one maps it and does its "
          "relocations at each\n"
          "cold start. Symbols are the same where library, member, section, name and size are.\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
          "Examples:\n"
          "  demine share\n"
          "  demine share catalog playback --top 0\n"
          "  demine share --json | jq '.libraries[] | {name, verdict, copy}'\n",
          out);
}

/* Whether the program has no dynamic loader. */
static int look_at(const struct linked *linked, struct share_program *program, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct elf_file file;
    int status = elf_file_read(linked->shipped, &scratch, &file, err);
    program->is_static = status == 0 && !elf_file_segment(&file, PT_INTERP);
    return status;
}

static int list_programs(struct project *project, int argc, char **argv, struct share_program *programs,
                         size_t *count, struct shared_error *err)
{
    int status = 0;
    *count = 0;
    for (size_t i = 0; status == 0 && i < project->manifest.function_count; i++) {
        const char *name = project->manifest.functions[i].name;
        if (!look_wants(argc, argv, name))
            continue;
        programs[*count] = (struct share_program){.name = name, .graph = &project->graphs[i]};
        status = look_at(&project->linked[i], &programs[(*count)++], err);
    }
    return status;
}

static int compare(struct project *project, const struct share_options *options,
                   const struct share_program *programs, size_t count, struct shared_error *err)
{
    struct shared_arena *arena = &project->arena;
    struct share share;
    struct check_plan plan;
    struct limit_values limits;
    int status = check_plan_make(&project->manifest, arena, &plan, err);
    if (status == 0)
        status = limit_values_read(&project->manifest, arena, &limits, err);
    if (status == 0)
        status = share_find(programs, count, arena, &share, err);
    struct share_choice *choices =
        status == 0 ? shared_arena_alloc(arena, share.library_count * sizeof(*choices)) : NULL;
    if (status == 0 && !choices)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compare %zu functions", count);
    for (size_t i = 0; status == 0 && i < share.library_count; i++)
        status = share_choose(&plan, project->state, &share.libraries[i], arena, &choices[i], err);
    project_release(project);
    if (status < 0)
        return status;
    const struct report_share report = {
        .share = &share,
        .choices = choices,
        .unzipped_limit_bytes = limits.values[LIMIT_UNZIPPED_BYTES],
        .top = options->top,
        .colour = terminal_wants_colour(stdout, options->look.colour),
    };
    if (!options->look.json)
        return report_share_text(stdout, &report, arena, err);
    report_share_json(stdout, &report);
    return 0;
}

static int run(const struct share_options *options, int argc, char **argv)
{
    CLEANUP(project_close) struct project project;
    struct shared_error err = {0};
    size_t count = 0;
    if (project_open(&options->look.project, &project, &err) < 0)
        return project_failed(&err);
    if (!look_has(&project, argc, argv))
        return EXIT_USAGE;
    struct share_program *programs =
        shared_arena_alloc(&project.arena, project.manifest.function_count * sizeof(*programs));
    int status = programs ? list_programs(&project, argc, argv, programs, &count, &err)
                          : shared_fail(&err, SHARED_ENOMEM, 0, "no memory to compare the functions");
    if (status == 0)
        status = compare(&project, options, programs, count, &err);
    return status < 0 ? project_failed(&err) : EXIT_DONE;
}

int cmd_share(int argc, char **argv)
{
    struct share_options options = {.top = LOOK_TOP};
    int option;
    optind = 1;
    argv[0] = (char *)"demine share";
    while ((option = getopt_long(argc, argv, LOOK_SHORT "n:", long_options, NULL)) != -1) {
        int status = option == 'n' ? look_top("share", &options.top)
                                   : look_option(option, "share", share_help, &options.look);
        if (status >= 0)
            return status;
    }
    return run(&options, argc - optind, argv + optind);
}
