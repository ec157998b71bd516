#include "command.h"
#include "project_option.h"
#include "project_snapshot.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "report/report_diff.h"

#include <shared/slice.h>

#include <string.h>

#define TOP_TEXT 10
#define TOP_MARKDOWN 50 /* folded away; GitHub takes comments of 65,536 characters */

enum { OPTION_SORT = LOOK_NEXT, OPTION_MARKDOWN, OPTION_EXIT_CODE };

struct diff_options {
    struct look_options look;
    struct report_diff how;
    char *function; /* pattern; NULL: all */
    bool top_given, markdown, exit_code;
};

static const struct option long_options[] = {
    LOOK_LONG,
    {"top", required_argument, NULL, 'n'},
    {"function", required_argument, NULL, 'f'},
    {"sort", required_argument, NULL, OPTION_SORT},
    {"markdown", no_argument, NULL, OPTION_MARKDOWN},
    {"exit-code", no_argument, NULL, OPTION_EXIT_CODE},
    {NULL, 0, NULL, 0},
};

void diff_help(FILE *out)
{
    fputs(
        "Usage: demine diff [OPTION]... [OLD [NEW]]\n\n"
        "Shows what became of the sizes since a snapshot: by function, library and symbol, the largest "
        "change\n"
        "first. OLD and NEW are files of demine snapshot; without NEW, OLD is compared with the project as "
        "it is,\n"
        "and without OLD, the snapshot that the manifest names. Both may be pipes; -: standard input.\n\n"
        "Options:\n"
        "  -n, --top N          Show N rows of each table; 0: all (default: 10; 50 with --markdown)\n"
        "  -f, --function NAME  Functions whose names are like NAME alone; * stands for anything\n"
        "      --sort KEY       file or zip (default: file, for any change moves most shares of the zip a "
        "little)\n"
        "      --markdown       Print Markdown, for a comment on a pull request\n"
        "      --exit-code      Exit with 1 where something differs\n" LOOK_HELP "\n"
        "Columns:\n"
        "  BEFORE, AFTER, DELTA Bytes in the programs; with --sort zip, bytes of the zips that tell of them\n"
        "  ZIP DELTA            Bytes of the zips; with --sort zip, FILE DELTA, bytes in the programs\n"
        "  COUNT                Pieces: a symbol that is in four programs has four\n"
        "  Libraries and symbols are summed up over the functions.\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
        "Examples:\n"
        "  demine diff\n"
        "  git show main:demine.sizes.txt | demine diff - --markdown\n"
        "  demine diff old.txt new.txt --function catalog --top 0\n"
        "  demine diff --json | jq '.symbols[] | select(.state == \"new\")'\n",
        out);
}

static int read_sort(const char *text, enum snapshot_key *key)
{
    bool zip = strcmp(text, "zip") == 0;
    if (!zip && strcmp(text, "file") != 0)
        return command_misused("diff", "--sort %s: must be file or zip", text);
    *key = zip ? SNAPSHOT_ZIP : SNAPSHOT_FILE;
    return -1;
}

/* Returns -1 to go on, or an exit status. */
static int read_option(int option, struct diff_options *options)
{
    switch (option) {
    case 'n':
        options->top_given = true;
        return look_top("diff", &options->how.top);
    case 'f':
        options->function = optarg;
        return -1;
    case OPTION_SORT:
        return read_sort(optarg, &options->how.key);
    case OPTION_MARKDOWN:
        options->markdown = true;
        return -1;
    case OPTION_EXIT_CODE:
        options->exit_code = true;
        return -1;
    default:
        return look_option(option, "diff", diff_help, &options->look);
    }
}

static int print(const struct snapshot_comparison *comparison, const struct diff_options *options,
                 struct shared_arena *arena, struct shared_error *err)
{
    if (options->look.json) {
        report_diff_json(stdout, comparison);
        return 0;
    }
    return options->markdown ? report_diff_markdown(stdout, comparison, &options->how, arena, err)
                             : report_diff_text(stdout, comparison, &options->how, arena, err);
}

/* Returns an exit status. */
static int compare(struct snapshot *before, struct snapshot *after, const struct diff_options *options,
                   struct shared_arena *arena)
{
    struct snapshot_comparison comparison;
    struct shared_error err = {0};
    if (options->function) {
        project_snapshot_filter(before, &options->function, 1);
        project_snapshot_filter(after, &options->function, 1);
        if (before->function_count + after->function_count == 0) {
            fprintf(stderr, "demine: neither side has the program of a function like \"%s\"\n", options->function);
            return EXIT_FAILED;
        }
    }
    int status = snapshot_compare(before, after, options->how.key, arena, &comparison, &err);
    if (status == 0)
        status = print(&comparison, options, arena, &err);
    if (status < 0)
        return project_failed(&err);
    return options->exit_code && comparison.differs ? EXIT_FAILED : EXIT_DONE;
}

static int compare_files(struct diff_options *options, const char *old, const char *new)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct snapshot before, after;
    struct shared_error err = {0};
    options->how.before = old;
    options->how.after = new;
    if (snapshot_read(old, &arena, &before, &err) < 0 || snapshot_read(new, &arena, &after, &err) < 0)
        return project_failed(&err);
    return compare(&before, &after, options, &arena);
}

/* A file that the user named is looked at before anything is linked. */
static int compare_project(struct diff_options *options, const char *old)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    CLEANUP(project_close) struct project project = {.state_lock = -1};
    struct snapshot before, after;
    struct shared_error err = {0};
    if (old && snapshot_read(old, &arena, &before, &err) < 0)
        return project_failed(&err);
    if (project_open(&options->look.project, &project, &err) < 0)
        return project_failed(&err);
    project_release(&project);
    if (!old) {
        old = project_snapshot_path(&project.manifest, &arena);
        if (old && !file_exists(old)) {
            fprintf(stderr, "demine: there is no %s to compare with; demine snapshot writes it\n", old);
            return EXIT_FAILED;
        }
        if (!old)
            shared_fail(&err, SHARED_ENOMEM, 0, "no memory for the path of a snapshot");
        if (!old || snapshot_read(old, &arena, &before, &err) < 0)
            return project_failed(&err);
    }
    options->how.before = old;
    options->how.after = "now";
    return project_snapshot(&project, &after, &err) < 0 ? project_failed(&err)
                                                        : compare(&before, &after, options, &arena);
}

int cmd_diff(int argc, char **argv)
{
    struct diff_options options = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine diff";
    while ((option = getopt_long(argc, argv, LOOK_SHORT "n:f:", long_options, NULL)) != -1) {
        int status = read_option(option, &options);
        if (status >= 0)
            return status;
    }
    if (options.look.json && options.markdown)
        return command_misused("diff", "--json and --markdown: choose one");
    if (argc - optind > 2)
        return command_misused("diff", "two snapshots at most, not %s too", argv[optind + 2]);
    if (argc - optind == 2 && options.look.project.manifest)
        return command_misused("diff", "--manifest: NEW, %s, stands for the project", argv[optind + 1]);
    if (!options.top_given)
        options.how.top = options.markdown ? TOP_MARKDOWN : TOP_TEXT;
    options.how.colour = terminal_wants_colour(stdout, options.look.colour);
    const char *old = optind < argc ? project_snapshot_named(argv[optind]) : NULL;
    return argc - optind == 2 ? compare_files(&options, old, project_snapshot_named(argv[optind + 1]))
                              : compare_project(&options, old);
}
