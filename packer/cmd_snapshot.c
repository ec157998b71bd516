#include "command.h"
#include "project_option.h"
#include "project_snapshot.h"

#include "base/cleanup.h"
#include "base/columns.h"
#include "base/file.h"

#include <string.h>

struct snapshot_options {
    struct look_options look;
    const char *output; /* NULL: where the manifest says */
    enum snapshot_depth depth;
};

static const struct option long_options[] = {
    {"manifest", required_argument, NULL, 'm'},
    {"jobs", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"state", required_argument, NULL, LOOK_STATE},
    {"output", required_argument, NULL, 'o'},
    {"depth", required_argument, NULL, 'd'},
    {NULL, 0, NULL, 0},
};

void snapshot_help(FILE *out)
{
    fputs("Usage: demine snapshot [OPTION]... [FUNCTION]...\n\n"
          "Writes the sizes of all symbols in the functions' programs to a file that is kept with the "
          "sources,\n"
          "for demine diff and for budgets of growth. Its lines are sorted, and the same programs give the "
          "same\n"
          "bytes: in a review, a symbol that changed is a line. With FUNCTION, the file has these alone.\n"
          "Links what has changed, as demine pack does; writes no zip.\n\n"
          "Options:\n"
          "  -o, --output FILE    The file; -: standard output (default: \"snapshot\" of the manifest, which "
          "is\n"
          "                       demine.sizes.txt beside it where it has none)\n"
          "  -d, --depth WHAT     Down to library, member or symbol (default: symbol)\n"
          "  -m, --manifest FILE  The manifest (default: demine.json)\n"
          "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the "
          "manifest)\n"
          "  -j, --jobs N         Tools at a time (default: one for each processor)\n"
          "  -q, --quiet          No progress; warnings and errors only\n"
          "  -h, --help           Show this help\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
          "Examples:\n"
          "  demine snapshot && git add demine.sizes.txt\n"
          "  demine snapshot --depth library -o - catalog\n"
          "  git show main:demine.sizes.txt > main.txt && demine diff main.txt\n",
          out);
}

static int read_depth(const char *text, enum snapshot_depth *depth)
{
    for (int i = SNAPSHOT_LIBRARY; i <= SNAPSHOT_SYMBOL; i++) {
        *depth = (enum snapshot_depth)i;
        if (strcmp(text, snapshot_depth_name(*depth)) == 0)
            return -1;
    }
    return command_misused("snapshot", "--depth %s: must be library, member or symbol", text);
}

/* Returns -1 to go on, or an exit status. */
static int read_option(int option, struct snapshot_options *options)
{
    switch (option) {
    case 'o':
        options->output = optarg;
        return -1;
    case 'd':
        return read_depth(optarg, &options->depth);
    default:
        return look_option(option, "snapshot", snapshot_help, &options->look);
    }
}

/* Whether a file has that content already: its time is then left alone. */
static bool is_there(const char *path, struct shared_slice text, struct shared_arena *arena)
{
    struct shared_slice content;
    return file_exists(path) && file_read(path, SNAPSHOT_LIMIT_BYTES, arena, &content, NULL) == 0 &&
           shared_slice_equal(content, text);
}

static int write_file(struct project *project, const char *path, const struct snapshot *snapshot,
                      struct shared_slice text, bool quiet, struct shared_error *err)
{
    bool unchanged = is_there(path, text, &project->arena);
    int status = unchanged ? 0 : file_put(path, text, err);
    if (status < 0 || quiet)
        return status;
    struct snapshot_sizes sum = {0};
    for (size_t i = 0; i < snapshot->function_count; i++) {
        sum.bytes += snapshot->functions[i].sizes.bytes;
        sum.zip_bytes += snapshot->functions[i].sizes.zip_bytes;
    }
    const char *bytes = columns_number_text(&project->arena, sum.bytes);
    const char *zip = columns_number_text(&project->arena, sum.zip_bytes);
    if (!bytes || !zip)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a number");
    printf("%s: %zu function%s, %s B, %s B in the zip%s\n", path, snapshot->function_count,
           snapshot->function_count == 1 ? "" : "s", bytes, zip, unchanged ? "; as it was" : "");
    return 0;
}

static int write_snapshot(struct project *project, const struct snapshot_options *options,
                          struct snapshot *snapshot, struct shared_error *err)
{
    struct shared_slice text;
    int status = snapshot_reduce(snapshot, options->depth, &project->arena, err);
    if (status == 0)
        status = snapshot_print(snapshot, &project->arena, &text, err);
    if (status < 0)
        return status;
    if (options->output && strcmp(options->output, "-") == 0) {
        fwrite(text.data, 1, text.size_bytes, stdout);
        return 0;
    }
    const char *path =
        options->output ? options->output : project_snapshot_path(&project->manifest, &project->arena);
    if (!path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the path of a snapshot");
    if (text.size_bytes > SNAPSHOT_LIMIT_BYTES)
        return shared_fail(
            err, SHARED_ETOOBIG, 0,
            "%s would have %zu bytes, more than demine diff reads: %zu; write it with --depth member", path,
            text.size_bytes, SNAPSHOT_LIMIT_BYTES);
    return write_file(project, path, snapshot, text, options->look.project.quiet, err);
}

static int run(const struct snapshot_options *options, int argc, char **argv)
{
    CLEANUP(project_close) struct project project;
    struct shared_error err = {0};
    struct snapshot snapshot;
    if (project_open(&options->look.project, &project, &err) < 0)
        return project_failed(&err);
    project_release(&project);
    if (!look_has(&project, argc, argv))
        return EXIT_USAGE;
    if (project_snapshot(&project, &snapshot, &err) < 0)
        return project_failed(&err);
    if (argc > 0)
        project_snapshot_filter(&snapshot, argv, (size_t)argc);
    return write_snapshot(&project, options, &snapshot, &err) < 0 ? project_failed(&err) : EXIT_DONE;
}

int cmd_snapshot(int argc, char **argv)
{
    struct snapshot_options options = {.depth = SNAPSHOT_SYMBOL};
    int option;
    optind = 1;
    argv[0] = (char *)"demine snapshot";
    while ((option = getopt_long(argc, argv, "m:j:qho:d:", long_options, NULL)) != -1) {
        int status = read_option(option, &options);
        if (status >= 0)
            return status;
    }
    return run(&options, argc - optind, argv + optind);
}
