#include "check/check_inner.h"

#include "base/nearest.h"
#include "base/path.h"

#include <string.h>

const struct check_rule check_rules[CHECK_COUNT] = {
    [CHECK_ELF_CLASS] = {"elf-class", "64-bit and little-endian", true, true},
    [CHECK_ARCHITECTURE] = {"architecture", "for the target's processor", true, true},
    [CHECK_LOADER] = {"loader", "loaded by the target's dynamic loader, or by none", true, false},
    [CHECK_GLIBC_CEILING] = {"glibc-ceiling", "asks for no newer glibc than the target has", true, false},
    [CHECK_DT_RELR] = {"dt-relr", "no packed relocations that the target's glibc cannot read", true, false},
    [CHECK_NEEDED_LIBRARIES] = {"needed-libraries", "shared libraries are in the target or in the package",
                                true, false},
    [CHECK_RUNPATH] = {"runpath", "no library of the package is shadowed by LD_LIBRARY_PATH", false, false},
    [CHECK_LINK_WARNINGS] = {"link-warnings", "reaches nothing that linkers warn of (.gnu.warning)", false,
                             false},
    [CHECK_STATIC_LOCALE] = {"static-locale", "a static program opens no locale or conversion", false, false},
    [CHECK_EXECUTABLE_STACK] = {"executable-stack", "the stack cannot be executed", false, false},
    [CHECK_WRITABLE_CODE] = {"writable-code", "no memory is writable and executable", false, false},
};

static int no_memory(const struct manifest *manifest, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "%s: no memory to check the target", manifest->path);
}

static int find_rule(const char *name)
{
    for (int i = 0; i < CHECK_COUNT; i++)
        if (strcmp(check_rules[i].name, name) == 0)
            return i;
    return -1;
}

static int fail_unknown(const struct manifest *manifest, const struct manifest_check_off *off,
                        struct shared_error *err)
{
    const char *names[CHECK_COUNT];
    for (int i = 0; i < CHECK_COUNT; i++)
        names[i] = check_rules[i].name;
    const char *near = nearest_name(off->name, names, CHECK_COUNT);
    return near
               ? manifest_fail(manifest, off->json_path, NULL, err, "is no check; did you mean \"%s\"?", near)
               : manifest_fail(manifest, off->json_path, NULL, err, "is no check; demine check lists them");
}

static int check_names(const struct manifest *manifest, const struct manifest_check_off *checks, size_t count,
                       struct shared_error *err)
{
    for (size_t i = 0; i < count; i++) {
        int id = find_rule(checks[i].name);
        if (id < 0)
            return fail_unknown(manifest, &checks[i], err);
        if (check_rules[id].always)
            return manifest_fail(manifest, checks[i].json_path, NULL, err,
                                 "cannot be turned off: of a program that fails it nothing else is known");
    }
    return 0;
}

int check_plan_make(const struct manifest *manifest, struct shared_arena *arena, struct check_plan *plan,
                    struct shared_error *err)
{
    *plan = (struct check_plan){.manifest = manifest, .arena = arena};
    int status = check_names(manifest, manifest->checks_off, manifest->check_off_count, err);
    for (size_t i = 0; status == 0 && i < manifest->function_count; i++) {
        const struct manifest_function *function = &manifest->functions[i];
        status = check_names(manifest, function->checks_off, function->check_off_count, err);
    }
    if (status < 0 || !manifest->policy)
        return status;
    const char *path = path_join(arena, manifest->folder, manifest->policy);
    return path ? policy_read(path, manifest->runtime, arena, &plan->policy, err) : no_memory(manifest, err);
}

/*
 * Findings of a check that is off are kept: whoever turned it off may want to know that there are none
 * left.
 */
static void turn_off(struct check_report *report, const struct manifest_check_off *checks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct check_result *result = &report->results[find_rule(checks[i].name)];
        result->outcome = CHECK_OFF;
        result->note = checks[i].reason;
    }
}

void check_turn_off(const struct check_work *work)
{
    const struct manifest *manifest = work->plan->manifest;
    const struct manifest_function *function = work->input->function;
    turn_off(work->report, manifest->checks_off, manifest->check_off_count);
    /* What is said of the function is nearer to it. */
    turn_off(work->report, function->checks_off, function->check_off_count);
}

int check_no_memory(const struct check_work *work, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "function %s: no memory to check it",
                       work->input->function->name);
}

static int add_finding(struct check_work *work, struct check_result *result,
                       const struct check_finding *finding, struct shared_error *err)
{
    if (result->count == result->capacity) {
        size_t larger = result->capacity ? 2 * result->capacity : 4;
        struct check_finding *findings = shared_arena_resize(
            work->arena, result->findings, result->capacity * sizeof(*findings), larger * sizeof(*findings));
        if (!findings)
            return check_no_memory(work, err);
        result->findings = findings;
        result->capacity = larger;
    }
    result->findings[result->count++] = *finding;
    result->outcome = CHECK_FOUND;
    result->note = NULL;
    return 0;
}

int check_add(struct check_work *work, enum check_id id, const char *what, const char *remedy,
              const struct check_finding *chain, struct shared_error *err)
{
    struct check_result *result = &work->report->results[id];
    struct check_finding finding = chain ? *chain : (struct check_finding){0};
    if (!what || !remedy)
        return check_no_memory(work, err);
    if (result->count > CHECK_FINDINGS_SHOWN)
        return 0;
    finding.what = result->count == CHECK_FINDINGS_SHOWN ? "there is more of the kind" : what;
    finding.remedy = remedy;
    return add_finding(work, result, &finding, err);
}

int check_unknown(struct check_work *work, enum check_id id, const char *why)
{
    struct check_result *result = &work->report->results[id];
    if (result->outcome == CHECK_PASSED) {
        result->outcome = CHECK_UNKNOWN;
        result->note = why;
    }
    return 0;
}

static size_t count_findings(const struct check_report *report, bool errors)
{
    size_t sum = 0;
    for (int i = 0; i < CHECK_COUNT; i++)
        if (report->results[i].outcome == CHECK_FOUND && check_rules[i].error == errors)
            sum += report->results[i].count;
    return sum;
}

size_t check_errors(const struct check_report *report)
{
    return count_findings(report, true);
}

size_t check_warnings(const struct check_report *report)
{
    return count_findings(report, false);
}

const char *check_finding_text(enum check_id id, const struct check_finding *finding,
                               struct shared_arena *arena)
{
    return shared_arena_format(arena, "%s: %s: %s", check_rules[id].name, finding->what, finding->remedy);
}

/* Steps shown at each end of a long chain. */
#define CHAIN_START 4
#define CHAIN_END 4

const char *check_chain_text(const struct manifest_texts *chain, struct shared_arena *arena)
{
    const char *text = "";
    size_t left_out = chain->count > CHAIN_START + CHAIN_END + 1 ? chain->count - CHAIN_START - CHAIN_END : 0;
    for (size_t i = 0; i < chain->count && text; i++) {
        const char *arrow = i ? " > " : "";
        if (left_out > 0 && i == CHAIN_START) {
            text = shared_arena_format(arena, "%s > (%zu more)", text, left_out);
            i += left_out - 1;
            continue;
        }
        text = shared_arena_format(arena, "%s%s%s", text, arrow, chain->items[i]);
    }
    return text;
}
