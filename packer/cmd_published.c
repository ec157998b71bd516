#include "command.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "base/columns.h"
#include "base/date.h"
#include "base/json_out.h"
#include "base/lock.h"
#include "base/path.h"
#include "layer/lock_ledger.h"
#include "layer/lock_value.h"

#include <string.h>

struct published_options {
    struct look_options look;
    const char *date;
    bool again;
};

enum { OPTION_DATE = LOOK_NEXT, OPTION_AGAIN };

static const struct option long_options[] = {
    {"manifest", required_argument, NULL, 'm'},
    {"date", required_argument, NULL, OPTION_DATE},
    {"again", no_argument, NULL, OPTION_AGAIN},
    {"state", required_argument, NULL, LOOK_STATE},
    {"json", no_argument, NULL, LOOK_JSON},
    {"color", required_argument, NULL, LOOK_COLOUR},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void published_help(FILE *out)
{
    fputs(
        "Usage: demine published [OPTION]... [FUNCTION|LAYER]...\n\n"
        "Says that what the lock describes was published: adds to the ledger in the lock each function whose "
        "zip is\n"
        "another one than the last in it, or whose layers are others: they too take a new version, of which "
        "AWS stores the\n"
        "zip again; and each layer that is not in it. With names, these alone. From the ledger follow the "
        "code "
        "storage that\n"
        "is used, the date on which it runs full, and what may be pruned.\n\n"
        "demine uploads nothing: the aws commands do, and this one after them.\n\n"
        "Options:\n"
        "  -m, --manifest FILE  The manifest (default: demine.json)\n"
        "      --date DATE      Day of it, as 2026-11-23 (default: today, UTC; SOURCE_DATE_EPOCH where it is "
        "set)\n"
        "      --again          Add what is unchanged too: AWS stores each version, also the same zip again\n"
        "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the "
        "manifest)\n"
        "      --json           Print JSON\n"
        "      --color WHEN     auto, always or never; auto respects NO_COLOR (default: auto)\n"
        "  -q, --quiet          Print nothing but errors\n"
        "  -h, --help           Show this help\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage or manifest.\n\n"
        "Examples:\n"
        "  aws lambda publish-layer-version --layer-name video-0123456789abcdef \\\n"
        "      --zip-file fileb://dist/layers/video-0123456789abcdef.zip\n"
        "  aws lambda update-function-code --function-name catalog --publish \\\n"
        "      --zip-file fileb://dist/catalog.zip\n"
        "  demine published && git commit -m 'Publish' demine.lock.json\n"
        "  demine published --date 2026-11-23 catalog\n",
        out);
}

/* What one run has. */
struct publishing {
    const struct published_options *options;
    struct shared_arena arena;
    struct manifest manifest;
    const char *path; /* of the lock */
    char date[LOCK_DATE_BYTES];
    struct lock_file lock;
    struct lock_publication *added;
    size_t count;
    int state_lock, folder_lock;
};

static void release(struct publishing *publishing)
{
    lock_release(&publishing->folder_lock);
    lock_release(&publishing->state_lock);
}

static void clean_up(struct publishing *publishing)
{
    release(publishing);
    shared_arena_clean_up(&publishing->arena);
}

static int find_date(struct publishing *publishing, struct shared_error *err)
{
    const char *given = publishing->options->date;
    if (!given)
        return date_today(publishing->date, err);
    if (!lock_date_is_valid(shared_slice_from_text(given)))
        return shared_fail(err, SHARED_EINVAL, 0, "--date %s: must be a date, as 2026-11-23", given);
    strcpy(publishing->date, given);
    return 0;
}

/* Those that pack takes, so that none writes the lock meanwhile: its state's, and for others the lock's own. */
static int take_folders(struct publishing *publishing, const char *state, const char *folder,
                        struct shared_error *err)
{
    bool quiet = publishing->options->look.project.quiet;
    int status = project_take_folder(state, quiet, &publishing->state_lock, err);
    if (status == 0 && !lock_is_of(publishing->state_lock, folder))
        status = lock_folder(folder, true, &publishing->folder_lock, err);
    return status;
}

static int open_lock(struct publishing *publishing, struct shared_error *err)
{
    const struct project_options *options = &publishing->options->look.project;
    struct manifest *manifest = &publishing->manifest;
    const char *path = options->manifest ? options->manifest : "demine.json";
    int status = manifest_read(path, &publishing->arena, manifest, err);
    if (status < 0)
        return status;
    const char *state = project_state(manifest, options->state, &publishing->arena);
    publishing->path = path_join(&publishing->arena, manifest->folder, manifest->lock);
    const char *folder = publishing->path ? path_folder(&publishing->arena, publishing->path) : NULL;
    if (!state || !folder)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory", path);
    status = take_folders(publishing, state, folder, err);
    if (status == 0)
        status = lock_file_read(publishing->path, &publishing->arena, &publishing->lock, err);
    if (status == SHARED_EINVAL)
        err->code = SHARED_EPROTO; /* the manifest is right */
    if (status < 0)
        return status;
    if (!publishing->lock.project)
        return shared_fail(err, SHARED_ENOTFOUND, 0, "%s is not there; demine pack writes it",
                           publishing->path);
    return lock_file_is_of(&publishing->lock, publishing->path, manifest->name, err);
}

static int publish(struct publishing *publishing, int argc, char **argv, struct shared_error *err)
{
    const struct lock_publish what = {.date = publishing->date,
                                      .names = (const char *const *)argv,
                                      .name_count = (size_t)argc,
                                      .again = publishing->options->again};
    struct shared_arena *arena = &publishing->arena;
    int status =
        lock_ledger_add(&publishing->lock, &what, arena, &publishing->added, &publishing->count, err);
    if (status == 0 && publishing->count > 0)
        status = lock_file_write(publishing->path, &publishing->lock, arena, err);
    release(publishing);
    return status;
}

static const char *kind_name(const struct lock_publication *publication)
{
    return publication->kind == LOCK_LAYER ? "layer" : "function";
}

static int print_text(struct publishing *publishing, struct shared_error *err)
{
    struct shared_arena *arena = &publishing->arena;
    struct columns columns = {.arena = arena, .column_count = 3, .names = 1u << 1};
    const struct lock_file *lock = &publishing->lock;
    columns_add(&columns, "PUBLISHED");
    columns_add(&columns, "KIND");
    columns_add(&columns, "ZIP");
    for (size_t i = 0; i < publishing->count; i++) {
        columns_add(&columns, publishing->added[i].name);
        columns_add(&columns, kind_name(&publishing->added[i]));
        columns_add_number(&columns, publishing->added[i].zip_bytes);
    }
    bool colour = terminal_wants_colour(stdout, publishing->options->look.colour);
    int status = publishing->count ? columns_print(&columns, stdout, colour, err) : 0;
    const char *added = columns_number_text(arena, lock_ledger_bytes(publishing->added, publishing->count));
    const char *all = columns_number_text(arena, lock_ledger_bytes(lock->ledger, lock->ledger_count));
    if (status < 0 || !added || !all)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a table");
    if (publishing->count > 0)
        printf("%s: %zu version%s, %s B", publishing->date, publishing->count,
               publishing->count == 1 ? "" : "s", added);
    else
        printf("%s: nothing that is not in the ledger as it is (--again adds it)", publishing->date);
    printf("; the ledger has %zu, %s B in all\n", lock->ledger_count, all);
    return 0;
}

static void print_json(const struct publishing *publishing)
{
    struct json_out json = {.out = stdout};
    const struct lock_file *lock = &publishing->lock;
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_text(&json, "date", publishing->date);
    json_out_open(&json, "added", '[');
    for (size_t i = 0; i < publishing->count; i++) {
        json_out_open(&json, NULL, '{');
        json_out_text(&json, "kind", kind_name(&publishing->added[i]));
        json_out_text(&json, "name", publishing->added[i].name);
        json_out_number(&json, "zip_bytes", publishing->added[i].zip_bytes);
        json_out_text(&json, "sha256", publishing->added[i].sha256);
        json_out_close(&json, '}');
    }
    json_out_close(&json, ']');
    json_out_number(&json, "added_bytes", lock_ledger_bytes(publishing->added, publishing->count));
    json_out_number(&json, "ledger_versions", lock->ledger_count);
    json_out_number(&json, "ledger_bytes", lock_ledger_bytes(lock->ledger, lock->ledger_count));
    json_out_close(&json, '}');
    putchar('\n');
}

static int run(const struct published_options *options, int argc, char **argv)
{
    CLEANUP(clean_up)
    struct publishing publishing = {.options = options, .state_lock = -1, .folder_lock = -1};
    struct shared_error err = {0};
    int status = find_date(&publishing, &err);
    if (status == 0)
        status = open_lock(&publishing, &err);
    if (status == 0)
        status = publish(&publishing, argc, argv, &err);
    if (status == 0 && options->look.json)
        print_json(&publishing);
    else if (status == 0 && !options->look.project.quiet)
        status = print_text(&publishing, &err);
    return status < 0 ? project_failed(&err) : EXIT_DONE;
}

int cmd_published(int argc, char **argv)
{
    struct published_options options = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine published";
    while ((option = getopt_long(argc, argv, "m:qh", long_options, NULL)) != -1) {
        int status = -1;
        if (option == OPTION_DATE)
            options.date = optarg;
        else if (option == OPTION_AGAIN)
            options.again = true;
        else
            status = look_option(option, "published", published_help, &options.look);
        if (status >= 0)
            return status;
    }
    return run(&options, argc - optind, argv + optind);
}
