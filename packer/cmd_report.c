#include "command.h"
#include "pack_inner.h"
#include "project_option.h"
#include "project_snapshot.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "report/report_html.h"

#include <errno.h>
#include <string.h>

enum { OPTION_HTML = LOOK_NEXT, OPTION_ACCOUNT, OPTION_AGAINST, OPTION_HISTORY };

#define HISTORY_LIMIT 100

struct report_options {
    struct look_options look;
    const char *html;
    const char *account;
    const char
        *against; /* a snapshot; NULL: the last one of history, else the manifest's where it is there */
    const char *history[HISTORY_LIMIT]; /* snapshots, oldest first */
    size_t history_count;
};

static const struct option long_options[] = {
    LOOK_LONG,
    {"html", required_argument, NULL, OPTION_HTML},
    {"account", required_argument, NULL, OPTION_ACCOUNT},
    {"against", required_argument, NULL, OPTION_AGAINST},
    {"history", required_argument, NULL, OPTION_HISTORY},
    {NULL, 0, NULL, 0},
};

void report_help(FILE *out)
{
    fputs(
        "Usage: demine report [OPTION]... --html FILE [FUNCTION]...\n\n"
        "Writes a page that shows where the bytes of the programs are, why each is there, and how near the\n"
        "functions are to the limits: a treemap, a table that sorts and filters, the chain of references to\n"
        "each symbol. The page is one file; a browser shows it without a network.\n"
        "Links what has changed, as demine pack does; leaves no zip. A limit that is exceeded is shown in "
        "the page.\n\n"
        "Options:\n"
        "      --html FILE      The page; -: standard output\n"
        "      --account FILE   Output of aws lambda get-account-settings: what the region holds already\n"
        "      --against FILE   A snapshot: colour and list what has changed since\n"
        "      --history FILE   A snapshot: draw the sizes from it on; again for each, the oldest first.\n"
        "                       The last one is what changes are told against, where --against is not "
        "given;\n"
        "                       without either, the snapshot that the manifest names, where it is there\n"
        "  -m, --manifest FILE  The manifest (default: demine.json)\n"
        "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the "
        "manifest)\n"
        "  -j, --jobs N         Tools at a time (default: one for each processor)\n"
        "  -q, --quiet          No progress; warnings and errors only\n"
        "  -h, --help           Show this help\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
        "Examples:\n"
        "  demine report --html report.html\n"
        "  demine report --html catalog.html catalog\n"
        "  demine report --history v1.sizes --history v2.sizes --html report.html\n"
        "  aws lambda get-account-settings > account.json && demine report --account account.json --html "
        "report.html\n",
        out);
}

/* Returns -1 to go on, or an exit status. */
static int read_option(int option, struct report_options *options)
{
    switch (option) {
    case OPTION_HTML:
        options->html = optarg;
        return -1;
    case OPTION_ACCOUNT:
        options->account = optarg;
        return -1;
    case OPTION_AGAINST:
        options->against = project_snapshot_named(optarg);
        return -1;
    case OPTION_HISTORY:
        if (options->history_count == HISTORY_LIMIT)
            return command_misused("report", "--history %s: more than %d snapshots", optarg, HISTORY_LIMIT);
        options->history[options->history_count++] = project_snapshot_named(optarg);
        return -1;
    case LOOK_JSON:
        return command_misused("report", "it has no --json; demine size, why and pack have");
    case LOOK_COLOUR:
        return command_misused("report", "it has no --color; the page has light and dark colours");
    default:
        return look_option(option, "report", report_help, &options->look);
    }
}

static const struct limit_usage *usage_of(const struct pack *pack, const char *function)
{
    for (size_t i = 0; i < pack->manifest.function_count; i++)
        if (strcmp(pack->manifest.functions[i].name, function) == 0)
            return &pack->usages[i];
    return NULL;
}

/* The functions that were named, or all, in the manifest's order. Returns an exit status. */
static int choose_functions(struct project *project, const struct pack *pack, int argc, char **argv,
                            struct report_page_function *functions, size_t *count)
{
    if (!look_has(project, argc, argv))
        return EXIT_USAGE;
    *count = 0;
    for (size_t i = 0; i < project->manifest.function_count; i++) {
        bool wanted = argc == 0;
        for (int j = 0; j < argc && !wanted; j++)
            wanted = strcmp(argv[j], project->manifest.functions[i].name) == 0;
        if (wanted)
            functions[(*count)++] =
                (struct report_page_function){&project->manifest.functions[i], &project->graphs[i],
                                              usage_of(pack, project->manifest.functions[i].name)};
    }
    return EXIT_DONE;
}

/* "v1.2" of releases/v1.2.sizes. */
static const char *snapshot_title(const char *path, struct shared_arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? shared_arena_copy(arena, shared_slice_of(name, (size_t)(dot - name))) : name;
}

static int read_snapshot(const char *path, struct shared_arena *arena, struct report_page_snapshot *point,
                         struct shared_error *err)
{
    struct snapshot *snapshot = shared_arena_alloc(arena, sizeof(*snapshot));
    *point = (struct report_page_snapshot){snapshot_title(path, arena), snapshot};
    if (!snapshot || !point->name)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the snapshot %s", path);
    return snapshot_read(path, arena, snapshot, err);
}

static int read_snapshots(const struct report_options *options, struct shared_arena *arena,
                          struct report_page *page, struct shared_error *err)
{
    size_t count = options->history_count;
    const char *against = options->against;
    if (!against && count == 0) {
        const char *usual = project_snapshot_path(page->manifest, arena);
        if (!usual)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the path of a snapshot");
        against = file_exists(usual) ? usual : NULL;
    }
    struct report_page_snapshot *points = shared_arena_alloc(arena, (count + 1) * sizeof(*points));
    if (!points)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu snapshots", count);
    page->history = points;
    page->history_count = count;
    page->against = against ? &points[count] : count > 0 ? &points[count - 1] : NULL;
    int status = against ? read_snapshot(against, arena, &points[count], err) : 0;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = read_snapshot(options->history[i], arena, &points[i], err);
    if (count == 0 && against)
        page->history_count = 1; /* the line has two points: then, and now */
    return status;
}

static int write_standard(struct shared_slice page, struct shared_error *err)
{
    bool whole = fwrite(page.data, 1, page.size_bytes, stdout) == page.size_bytes && fflush(stdout) == 0;
    return whole ? 0 : shared_fail(err, SHARED_EIO, errno, "write to standard output");
}

static int write_page(const char *path, const struct report_page *page, struct shared_arena *arena,
                      struct shared_error *err)
{
    CLEANUP_FREE char *data = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&data, &size);
    if (!memory)
        return shared_fail(err, SHARED_ENOMEM, errno, "no memory for a page");
    int status = report_html(memory, page, arena, err);
    bool whole = !ferror(memory);
    if ((fclose(memory) != 0 || !whole) && status == 0)
        status = shared_fail(err, SHARED_ENOMEM, 0, "no memory for a page");
    if (status < 0)
        return status;
    const struct shared_slice content = {data, size};
    return strcmp(path, "-") == 0 ? write_standard(content, err) : file_put(path, content, err);
}

/* What each program weighs: as demine pack would, but nothing is left. */
static int weigh(const struct report_options *options, struct pack *pack)
{
    const struct pack_plan plan = PACK_PLAN_NONE;
    struct pack_options how = pack_look_options(&options->look.project, &plan);
    how.account = options->account;
    int status = pack_open(pack, &how);
    if (status == 0)
        status = pack_make(pack);
    pack->options = NULL; /* which ends here */
    pack_release_folders(pack);
    return status < 0 ? status : 0;
}

static int run(const struct report_options *options, int argc, char **argv)
{
    CLEANUP(project_close) struct project project = {.state_lock = -1};
    CLEANUP(pack_close) struct pack pack;
    struct shared_error err = {0};
    if (weigh(options, &pack) < 0)
        return project_failed(&pack.err);
    if (project_open(&options->look.project, &project, &err) < 0)
        return project_failed(&err);
    project_release(&project);
    struct report_page_function *functions =
        shared_arena_alloc(&project.arena, project.manifest.function_count * sizeof(*functions));
    if (!functions) {
        shared_fail(&err, SHARED_ENOMEM, 0, "no memory for %zu functions", project.manifest.function_count);
        return project_failed(&err);
    }
    struct report_page page = {
        .manifest = &project.manifest, .functions = functions, .findings = &pack.findings};
    int status = choose_functions(&project, &pack, argc, argv, functions, &page.function_count);
    if (status != EXIT_DONE)
        return status;
    if (read_snapshots(options, &project.arena, &page, &err) < 0 ||
        write_page(options->html, &page, &project.arena, &err) < 0)
        return project_failed(&err);
    return EXIT_DONE;
}

int cmd_report(int argc, char **argv)
{
    struct report_options options = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine report";
    while ((option = getopt_long(argc, argv, LOOK_SHORT, long_options, NULL)) != -1) {
        int status = read_option(option, &options);
        if (status >= 0)
            return status;
    }
    if (!options.html)
        return command_misused("report", "give the page that it is to write, as --html report.html");
    if (!report_html_built()) {
        fputs(
            "demine: this demine was built without the page: install nodejs (18 or newer) and npm, and build "
            "it again\n",
            stderr);
        return EXIT_FAILED;
    }
    return run(&options, argc - optind, argv + optind);
}
