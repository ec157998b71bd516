#include "command.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "image/elf_file.h"
#include "report/report_advice.h"

struct advise_options {
    struct look_options look;
    size_t top;
};

static const struct option long_options[] = {
    LOOK_LONG,
    {"top", required_argument, NULL, 'n'},
    {NULL, 0, NULL, 0},
};

void advise_help(FILE *out)
{
    fputs("Usage: demine advise [OPTION]... [FUNCTION]...\n\n"
          "Shows what would make the functions' programs smaller, the largest gain of the zips first. Links "
          "what has\n"
          "changed; writes no zip.\n\n"
          "Options:\n"
          "  -n, --top N          Show N pieces of advice; 0: all (default: 10; all with --json)\n" LOOK_HELP
          "\n"
          "Advice, each an estimate from the references in the programs as they are:\n"
          "  Rebuild              An archive has one section for several symbols, so some stay that nothing "
          "refers to: the\n"
          "                       bytes of these, and of all that only they need (glibc's archives are left "
          "out)\n"
          "  Set \"linkage\"        A static program could use the target's glibc: the bytes of glibc in it, "
          "less what\n"
          "                       dynamic linking adds; with the versions of the compiler's own libc.so.6\n"
          "  Do without           A symbol of a library that one symbol of another, or of the function's "
          "code, alone "
          "refers to: the\n"
          "                       bytes that nothing else needs; what main calls, and what keeps over half "
          "of a "
          "program, is\n"
          "                       left out\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
          "Examples:\n"
          "  demine advise\n"
          "  demine advise catalog --top 0\n"
          "  demine advise --json | jq -r '.advice[] | \"\\(.deflated_bytes) \\(.text)\"'\n",
          out);
}

static int list_programs(struct project *project, int argc, char **argv, struct advice_program *programs,
                         size_t *count, struct shared_error *err)
{
    *count = 0;
    for (size_t i = 0; i < project->manifest.function_count; i++) {
        CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
        struct elf_file file;
        if (!look_wants(argc, argv, project->manifest.functions[i].name))
            continue;
        int status = elf_file_read(project->linked[i].shipped, &scratch, &file, err);
        if (status < 0)
            return status;
        programs[(*count)++] = (struct advice_program){
            .function = &project->manifest.functions[i],
            .graph = &project->graphs[i],
            .unstripped = project->linked[i].unstripped,
            .is_static = !elf_file_segment(&file, PT_INTERP),
        };
    }
    return 0;
}

static int advise(struct project *project, const struct advise_options *options, int argc, char **argv,
                  struct shared_error *err)
{
    struct check_plan plan;
    struct advices advices;
    size_t count;
    struct advice_program *programs =
        shared_arena_alloc(&project->arena, project->manifest.function_count * sizeof(*programs));
    if (!programs)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu functions",
                           project->manifest.function_count);
    int status = check_plan_make(&project->manifest, &project->arena, &plan, err);
    if (status == 0)
        status = list_programs(project, argc, argv, programs, &count, err);
    if (status == 0)
        status = advice_find(&plan, programs, count, &project->arena, &advices, err);
    project_release(project);
    if (status < 0)
        return status;
    bool colour = terminal_wants_colour(stdout, options->look.colour);
    if (!options->look.json)
        return report_advice_text(stdout, &advices, options->top, colour, &project->arena, err);
    report_advice_json(stdout, &advices, &project->arena);
    return 0;
}

static int run(const struct advise_options *options, int argc, char **argv)
{
    CLEANUP(project_close) struct project project;
    struct shared_error err = {0};
    if (project_open(&options->look.project, &project, &err) < 0)
        return project_failed(&err);
    if (!look_has(&project, argc, argv))
        return EXIT_USAGE;
    return advise(&project, options, argc, argv, &err) < 0 ? project_failed(&err) : EXIT_DONE;
}

int cmd_advise(int argc, char **argv)
{
    struct advise_options options = {.top = LOOK_TOP};
    int option;
    optind = 1;
    argv[0] = (char *)"demine advise";
    while ((option = getopt_long(argc, argv, LOOK_SHORT "n:", long_options, NULL)) != -1) {
        int status = option == 'n' ? look_top("advise", &options.top)
                                   : look_option(option, "advise", advise_help, &options.look);
        if (status >= 0)
            return status;
    }
    return run(&options, argc - optind, argv + optind);
}
