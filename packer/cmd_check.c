#include "command.h"
#include "project_check.h"
#include "project_files.h"
#include "project_option.h"
#include "project_own.h"

#include "base/cleanup.h"
#include "package/package_closure.h"
#include "report/report_check.h"

static const struct option long_options[] = {LOOK_LONG, {NULL, 0, NULL, 0}};

void check_help(FILE *out)
{
    fputs("Usage: demine check [OPTION]... [FUNCTION]...\n\n"
          "Checks whether each function's program will start and work on the target, and shows every check "
          "with its\n"
          "outcome; demine pack makes the same checks and stops at errors. Links what has changed; writes no "
          "zip.\n"
          "Of a function of files, which has no program, only what it is made of is looked at.\n\n"
          "Options:\n" LOOK_HELP "\n"
          "Checks:\n",
          out);
    for (int i = 0; i < CHECK_COUNT; i++)
        fprintf(out, "  %-18s%s; else %s\n", check_rules[i].name, check_rules[i].what,
                check_rules[i].error ? "an error" : "a warning");
    fputs("\nThe manifest turns a check off, with the reason: \"checks\": {\"link-warnings\": {\"off\": "
          "\"why\"}},\n"
          "at its top for all functions, or in a function for it alone;\n"
          "\"target\": {\"policy\": FILE} names a file with the shared libraries that the runtime has beside "
          "glibc's.\n\n"
          "Exit status: 0 no errors, 1 failed or errors were found, 2 wrong usage or manifest.\n\n"
          "Examples:\n"
          "  demine check\n"
          "  demine check catalog\n"
          "  demine check --json | jq -r '.functions[].checks[] | select(.outcome == "
          "\"warning\").findings[].what'\n",
          out);
}

/* What one run has. */
struct checking {
    const struct look_options *options;
    struct project project;
    struct check_plan plan;
    struct package_closure closure;
    struct package_own own;
    struct check_report *reports; /* of each function; those that are not wanted stay empty */
    struct json_out json;
    size_t errors, warnings, shown;
};

/* As project_open, but a program that has no graph is checked too. */
static int open_project(struct checking *checking, struct shared_error *err)
{
    const struct project_options *options = &checking->options->project;
    struct project *project = &checking->project;
    const char *path = options->manifest ? options->manifest : "demine.json";
    int status = manifest_read(path, &project->arena, &project->manifest, err);
    if (status == 0)
        status = check_plan_make(&project->manifest, &project->arena, &checking->plan, err);
    if (status < 0)
        return status;
    checking->closure = (struct package_closure){.target = &checking->plan, .arena = &project->arena};
    project->state = project_state(&project->manifest, options->state, &project->arena);
    project->linked =
        shared_arena_alloc(&project->arena, project->manifest.function_count * sizeof(*project->linked));
    if (!project->state || !project->linked)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory to check it", path);
    const struct project_link link = {
        .state = project->state, .parallel = options->parallel, .progress = !options->quiet};
    status = project_take_folder(project->state, options->quiet, &project->state_lock, err);
    const struct project_own_paths own = {.manifest = &project->manifest, .state = project->state};
    if (status == 0)
        status = project_own(&own, &project->arena, &checking->own, err);
    return status < 0 ? status
                      : project_link(&project->manifest, &link, &project->arena, project->linked, err);
}

/* As a pack would add them; what is nowhere is for the checks to tell of. */
static int add_libraries(struct checking *checking, size_t i, struct package *package,
                         struct shared_error *err)
{
    const struct project *project = &checking->project;
    const struct manifest_function *function = &project->manifest.functions[i];
    int status = package_add_closure(&checking->closure, function, project->linked[i].shipped, package, err);
    return status == SHARED_ENOTFOUND ? 0 : status;
}

/* Of a function of files, what it is made of: it has no program that the checks could look at. */
static int check_one(struct checking *checking, size_t i, struct shared_error *err)
{
    struct project *project = &checking->project;
    const struct manifest_function *function = &project->manifest.functions[i];
    struct check_report *report = &checking->reports[i];
    struct package package;
    int status =
        package_collect(&project->manifest, function, &checking->own, &project->arena, &package, err);
    if (status == 0)
        status = project_check_files(&project->manifest, function, &package, false, err);
    if (!manifest_is_program(function))
        return status;
    if (status == 0)
        status = add_libraries(checking, i, &package, err);
    if (status == 0)
        status = project_check(&checking->plan, function, &project->linked[i], &package, report, err);
    if (status < 0)
        return status;
    checking->errors += check_errors(report);
    checking->warnings += check_warnings(report);
    return 0;
}

/* Those named, in the manifest's order; all where none is. All are checked before the first is shown: a reader who
 * takes his time holds up no other run. */
static int check_named(struct checking *checking, int argc, char **argv, struct shared_error *err)
{
    struct project *project = &checking->project;
    size_t count = project->manifest.function_count;
    int status = 0;
    checking->reports = shared_arena_alloc(&project->arena, count * sizeof(*checking->reports));
    if (!checking->reports)
        return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory to check it", project->manifest.path);
    for (size_t i = 0; status == 0 && i < count; i++)
        if (look_wants(argc, argv, project->manifest.functions[i].name))
            status = check_one(checking, i, err);
    project_release(project);
    return status;
}

static void show_files_json(struct json_out *json, const struct manifest_function *function)
{
    json_out_open(json, NULL, '{');
    json_out_text(json, "name", function->name);
    json_out_text(json, "runtime", function->runtime);
    json_out_number(json, "errors", 0);
    json_out_number(json, "warnings", 0);
    json_out_open(json, "checks", '[');
    json_out_close(json, ']');
    json_out_close(json, '}');
}

static int show_one(struct checking *checking, size_t i, struct shared_error *err)
{
    const struct manifest_function *function = &checking->project.manifest.functions[i];
    const char *name = function->name;
    bool program = manifest_is_program(function);
    if (checking->options->json) {
        if (program)
            report_check_json(&checking->json, name, &checking->reports[i]);
        else
            show_files_json(&checking->json, function);
        return 0;
    }
    if (checking->shown++ > 0)
        putchar('\n');
    if (!program) {
        printf("%s\n  files alone, for %s: no program to check\n", name, function->runtime);
        return 0;
    }
    bool colour = terminal_wants_colour(stdout, checking->options->colour);
    return report_check_text(stdout, name, &checking->reports[i], colour, &checking->project.arena, err);
}

static int show_all(struct checking *checking, int argc, char **argv, struct shared_error *err)
{
    bool json = checking->options->json;
    int status = 0;
    if (json) {
        json_out_open(&checking->json, NULL, '{');
        json_out_number(&checking->json, "format", 1);
        json_out_open(&checking->json, "functions", '[');
    }
    for (size_t i = 0; status == 0 && i < checking->project.manifest.function_count; i++)
        if (look_wants(argc, argv, checking->project.manifest.functions[i].name))
            status = show_one(checking, i, err);
    if (json) {
        json_out_close(&checking->json, ']');
        json_out_close(&checking->json, '}');
        putchar('\n');
    } else if (status == 0) {
        printf("\n%zu error%s, %zu warning%s\n", checking->errors, checking->errors == 1 ? "" : "s",
               checking->warnings, checking->warnings == 1 ? "" : "s");
    }
    return status;
}

static void close_project(struct checking *checking)
{
    project_close(&checking->project);
}

static int run(const struct look_options *options, int argc, char **argv)
{
    CLEANUP(close_project)
    struct checking checking = {.options = options, .project = {.state_lock = -1}, .json = {.out = stdout}};
    struct shared_error err = {0};
    if (open_project(&checking, &err) < 0)
        return project_failed(&err);
    if (!look_has(&checking.project, argc, argv))
        return EXIT_USAGE;
    if (check_named(&checking, argc, argv, &err) < 0 || show_all(&checking, argc, argv, &err) < 0)
        return project_failed(&err);
    return checking.errors > 0 ? EXIT_FAILED : EXIT_DONE;
}

int cmd_check(int argc, char **argv)
{
    struct look_options options = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine check";
    while ((option = getopt_long(argc, argv, LOOK_SHORT, long_options, NULL)) != -1) {
        int status = look_option(option, "check", check_help, &options);
        if (status >= 0)
            return status;
    }
    return run(&options, argc - optind, argv + optind);
}
