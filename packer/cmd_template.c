#include "command.h"
#include "pack_inner.h"
#include "project_option.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "template/template.h"
#include "zip/zip_package_digest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct template_options {
    struct look_options look;
    struct pack_plan plan;
    const char *folder; /* NULL: the manifest's */
    const char *zips;   /* NULL: dist beside the manifest */
    bool force;
};

/* What one run has. */
struct template_run {
    const struct template_options *options;
    struct pack *pack;
    const char *folder, *zips; /* absolute */
    size_t missing;            /* zips that are not there */
};

enum { OPTION_ZIPS = LOOK_NEXT };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},   {"zips", required_argument, NULL, OPTION_ZIPS},
    {"force", no_argument, NULL, 'f'},          PACK_PLAN_LONG,
    {"manifest", required_argument, NULL, 'm'}, {"state", required_argument, NULL, LOOK_STATE},
    {"jobs", required_argument, NULL, 'j'},     {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
};

void template_help(FILE *out)
{
    fputs(
        "Usage: demine template [OPTION]...\n\n"
        "Writes template.yaml, a SAM template with the functions, their layers, environment and prewarm "
        "schedule, and\n"
        "samconfig.toml, with which sam deploy needs no options. They name the zips that demine pack writes; "
        "demine template\n"
        "writes none.\n\n"
        "Options:\n"
        "  -o, --output DIR     Folder for both (default: that of the manifest)\n"
        "      --zips DIR       Folder of the zips, as of demine pack -o (default: dist beside the "
        "manifest)\n"
        "  -f, --force          Write over files that demine template did not make\n" PACK_PLAN_HELP
        "  -m, --manifest FILE  The manifest (default: demine.json)\n"
        "      --state DIR      Folder for objects and records (default: .demine/PROJECT beside the "
        "manifest)\n"
        "  -j, --jobs N         Tools at a time (default: one for each processor)\n"
        "  -q, --quiet          No progress; warnings and errors only\n"
        "  -h, --help           Show this help\n\n"
        "Functions get no names of their own, so that an account may have several stacks; the names of "
        "layers "
        "are those of\n"
        "their content, so that an unchanged layer is not published again, and they are retained, as older "
        "versions of\n"
        "functions need them (demine prune-plan shows what could go). Values of the environment are written "
        "as what they are,\n"
        "${…} too; but {{resolve:…}} CloudFormation will resolve, and a warning names where it stands.\n\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage or manifest, 3 a limit is exceeded or a budget "
        "broken.\n\n"
        "Examples:\n"
        "  demine pack && demine template && sam deploy\n"
        "  demine template -o deploy && sam deploy -t deploy/template.yaml --config-file samconfig.toml\n",
        out);
}

static int no_memory(struct template_run *run)
{
    return pack_no_memory(run->pack);
}

/* What is not there yet is named by the folder that it will lie in. NULL where memory is exhausted. */
static const char *absolute_path(const char *path, struct shared_arena *arena)
{
    CLEANUP_FREE char *real = realpath(path, NULL);
    if (real)
        return shared_arena_copy(arena, shared_slice_from_text(real));
    const char *folder = path_folder(arena, path);
    CLEANUP_FREE char *above = folder ? realpath(folder, NULL) : NULL;
    return path_join(arena, above ? above : folder, path_base(path));
}

static const char *zip_path(struct template_run *run, const char *part, const char *name)
{
    struct shared_arena *arena = &run->pack->arena;
    const char *path = shared_arena_format(arena, "%s/%s%s.zip", run->zips, part, name);
    if (!path)
        return NULL;
    run->missing += !file_exists(path);
    return relative_path(run->folder, path, arena);
}

static int describe_layer(struct template_run *run, size_t i, struct template_layer *layer)
{
    struct pack *pack = run->pack;
    const char *name = pack->plan.layers[i].name;
    struct hash digest = {{0}};
    char *text = shared_arena_alloc(&pack->arena, HASH_TEXT_BYTES);
    *layer = (struct template_layer){name, zip_path(run, "layers/", name), text};
    if (!text || !layer->zip)
        return no_memory(run);
    int status = zip_package_digest(&pack->layers[i], &digest, &pack->err);
    hash_to_text(&digest, text);
    return status;
}

static int describe(struct template_run *run, struct template_input *input)
{
    struct pack *pack = run->pack;
    size_t count = pack->manifest.function_count;
    struct template_function *functions = pack_allocate(pack, count, sizeof(*functions));
    struct template_layer *layers = pack_allocate(pack, pack->plan.count, sizeof(*layers));
    int status = functions && layers ? 0 : no_memory(run);
    for (size_t i = 0; status == 0 && i < count; i++) {
        functions[i] = (struct template_function){
            .function = &pack->manifest.functions[i],
            .zip = zip_path(run, "", pack->manifest.functions[i].name),
            .layers = pack->plan.attached[i].items,
            .layer_count = pack->plan.attached[i].count,
        };
        status = functions[i].zip ? 0 : no_memory(run);
    }
    for (size_t i = 0; status == 0 && i < pack->plan.count; i++)
        status = describe_layer(run, i, &layers[i]);
    *input = (struct template_input){&pack->manifest, functions, count, layers, pack->plan.count};
    return status;
}

/* A file that is there has to be one of ours, or to be given up. */
static int check_owner(struct template_run *run, const char *path)
{
    struct shared_slice text;
    struct pack *pack = run->pack;
    if (run->options->force || !file_exists(path))
        return 0;
    int status = file_read(path, 64u << 20, &pack->arena, &text, &pack->err);
    if (status < 0)
        return status;
    if (text.size_bytes >= strlen(TEMPLATE_MARK) &&
        memcmp(text.data, TEMPLATE_MARK, strlen(TEMPLATE_MARK)) == 0)
        return 0;
    return shared_fail(&pack->err, SHARED_EINVAL, 0,
                       "%s was not made by demine template; --force writes over it, -o DIR writes elsewhere",
                       path);
}

/* CloudFormation looks for such references in the whole template, and knows no way to write one as what it is. */
static void warn_of_references(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->function_count; i++)
        for (size_t k = 0; k < manifest->functions[i].environment_count; k++)
            if (strstr(manifest->functions[i].environment[k].value, "{{resolve:"))
                fprintf(
                    stderr,
                    "demine: function %s: environment %s has {{resolve:…}}: CloudFormation will resolve it\n",
                    manifest->functions[i].name, manifest->functions[i].environment[k].name);
}

static int write_both(struct template_run *run)
{
    struct pack *pack = run->pack;
    const char *folder = run->options->folder ? run->options->folder : pack->manifest.folder;
    const char *paths[] = {path_join(&pack->arena, folder, "template.yaml"),
                           path_join(&pack->arena, folder, "samconfig.toml")};
    struct template_input input;
    struct shared_slice texts[2];
    if (!paths[0] || !paths[1])
        return no_memory(run);
    int status = describe(run, &input);
    if (status == 0)
        status = template_make(&input, &pack->arena, &texts[0], &pack->err);
    if (status == 0)
        status = template_config_make(&pack->manifest, &pack->arena, &texts[1], &pack->err);
    for (size_t i = 0; status == 0 && i < 2; i++)
        status = check_owner(run, paths[i]);
    for (size_t i = 0; status == 0 && i < 2; i++) {
        status = file_put(paths[i], texts[i], &pack->err);
        if (status == 0 && !run->options->look.project.quiet)
            printf("%s\n", paths[i]);
    }
    return status;
}

static int find_folders(struct template_run *run)
{
    struct pack *pack = run->pack;
    const char *folder = run->options->folder ? run->options->folder : pack->manifest.folder;
    int status = file_make_folders(folder, &pack->err);
    if (status < 0)
        return status;
    run->folder = absolute_path(folder, &pack->arena);
    run->zips = absolute_path(pack->output, &pack->arena);
    return run->folder && run->zips ? 0 : no_memory(run);
}

static int run(const struct template_options *options)
{
    struct pack_options pack_options = pack_look_options(&options->look.project, &options->plan);
    pack_options.output = options->zips;
    CLEANUP(pack_close) struct pack pack;
    struct template_run run = {.options = options, .pack = &pack};
    int status = pack_open(&pack, &pack_options);
    if (status < 0) {
        command_complain(&pack.err);
        return status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    }
    status = pack_make(&pack);
    if (status == 0)
        status = find_folders(&run);
    if (status == 0)
        status = write_both(&run);
    if (status == 0)
        warn_of_references(&pack.manifest);
    if (status == 0 && run.missing > 0)
        fprintf(stderr, "demine: %zu of the zips that the template names %s not in %s: run demine pack\n",
                run.missing, run.missing == 1 ? "is" : "are", pack.output);
    return pack_complain(&pack, status);
}

int cmd_template(int argc, char **argv)
{
    struct template_options options = {.plan = PACK_PLAN_NONE};
    int option;
    optind = 1;
    argv[0] = (char *)"demine template";
    while ((option = getopt_long(argc, argv, "o:fm:j:qh", long_options, NULL)) != -1) {
        int status = -1;
        if (option == 'o')
            options.folder = optarg;
        else if (option == OPTION_ZIPS)
            options.zips = optarg;
        else if (option == 'f')
            options.force = true;
        else if (!pack_plan_option(option, "template", &options.plan, &status))
            status = look_option(option, "template", template_help, &options.look);
        if (status >= 0)
            return status;
    }
    if (optind < argc)
        return command_misused("template", "%s: takes no arguments", argv[optind]);
    return run(&options);
}
