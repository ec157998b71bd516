/* Any bytes as what aws lambda list-versions-by-function, list-aliases and list-layer-versions print: read, planned, and
 * what the plan would remove held against what must stay. */
#include "fuzz_target.h"

#include "base/text_width.h"
#include "report/report_prune.h"

#include <string.h>

/* One line of text without what a terminal obeys, that begins with the file's name. */
static void check_message(const struct shared_error *err, int status)
{
    const char *text = err->text;
    FUZZ_PROMISE(status == SHARED_EINVAL && (int)err->code == status);
    FUZZ_PROMISE(strncmp(text, "list.json:", 10) == 0);
    for (size_t left = strlen(text), step; left > 0; text += step, left -= step) {
        step = text_character_bytes(text, left);
        FUZZ_PROMISE(step > 0 && !text_is_control(text, left));
    }
}

static bool read_list(int kind, struct shared_slice text, struct shared_arena *arena,
                      struct prune_lists *lists)
{
    struct shared_error err = {0};
    char *copy =
        malloc(text.size_bytes ? text.size_bytes : 1); /* of its own size: a look beyond its end is found */
    FUZZ_PROMISE(copy);
    if (text.size_bytes)
        memcpy(copy, text.data, text.size_bytes);
    struct shared_slice own = shared_slice_of(copy, text.size_bytes);
    int status = kind == 0   ? prune_versions_read("list.json", own, arena, lists, &err)
                 : kind == 1 ? prune_aliases_read("list.json", own, NULL, arena, lists, &err)
                             : prune_layers_read("list.json", own, arena, lists, &err);
    free(copy);
    if (status < 0)
        check_message(&err, status);
    return status == 0;
}

static bool is_aliased(const struct prune_lists *lists, const struct prune_version *version)
{
    const struct prune_alias *aliases = lists->aliases.items;
    for (size_t i = 0; i < lists->aliases.count; i++)
        if (aliases[i].version == version->version && strcmp(aliases[i].function, version->function) == 0)
            return true;
    return false;
}

static bool is_used(const struct prune_plan *plan, const char *arn)
{
    for (size_t i = 0; i < plan->version_count; i++)
        for (size_t j = 0; plan->versions[i].verdict != PRUNE_GOES && j < plan->versions[i].layer_count; j++)
            if (strcmp(plan->versions[i].layers[j], arn) == 0)
                return true;
    return false;
}

static void check_plan(const struct prune_lists *lists, const struct prune_options *options,
                       const struct prune_plan *plan)
{
    FUZZ_PROMISE(plan->version_count == lists->versions.count && plan->layer_count == lists->layers.count);
    for (size_t i = 0; i < plan->version_count; i++) {
        const struct prune_version *version = &plan->versions[i];
        if (version->verdict != PRUNE_GOES)
            continue;
        FUZZ_PROMISE(version->version != PRUNE_LATEST && !is_aliased(lists, version));
        size_t newer = 0;
        for (size_t j = i + 1; j < plan->version_count; j++)
            newer += !plan->versions[j].again && plan->versions[j].version > version->version &&
                     strcmp(plan->versions[j].function, version->function) == 0;
        FUZZ_PROMISE(newer >= options->keep);
    }
    for (size_t i = 0; i < plan->layer_count; i++)
        FUZZ_PROMISE(
            plan->layers[i].verdict != PRUNE_GOES ||
            (options->all_functions && plan->partial_count == 0 && !is_used(plan, plan->layers[i].arn)));
}

/* Each line of the commands has letters, digits and a few marks alone: nothing of it is a shell's. */
static void check_commands(const struct prune_plan *plan)
{
    char *text = NULL;
    size_t size = 0, lines = 0;
    FILE *out = open_memstream(&text, &size);
    FUZZ_PROMISE(out);
    report_prune_sh(out, plan);
    fclose(out);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_: \n", c);
        FUZZ_PROMISE(c != '\0' && plain);
        lines += c == '\n';
    }
    FUZZ_PROMISE(lines == plan->versions_gone + plan->layers_gone);
    free(text);
}

static void check_reports(const struct prune_plan *plan, const struct prune_options *options,
                          struct shared_arena *arena)
{
    const struct report_prune report = {
        .plan = plan, .keep = options->keep, .all_functions = options->all_functions};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    FUZZ_PROMISE(out);
    FUZZ_PROMISE(report_prune_text(out, &report, arena, NULL) == 0);
    report_prune_json(out, &report);
    fclose(out);
    for (size_t i = 0; i < size; i++)
        FUZZ_PROMISE((unsigned char)text[i] >= 0x20 || text[i] == '\n');
    free(text);
}

/* Lists are parted by a byte 0x01, which is in no JSON: versions, aliases, layers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct prune_lists lists = {0};
    struct prune_plan plan;
    if (size == 0)
        return 0;
    struct prune_options options = {
        .keep = data[0] & 3, .no_aliases = data[0] & 4, .all_functions = data[0] & 8};
    struct shared_slice rest = shared_slice_of(data + 1, size - 1);
    bool good = true;
    for (int kind = 0; good && kind < 3 && rest.data; kind++) {
        struct shared_slice text = shared_slice_split(&rest, '\x01');
        good = text.size_bytes == 0 || read_list(kind, text, &arena, &lists);
    }
    if (good) {
        FUZZ_PROMISE(prune_plan_make(&lists, &options, &arena, &plan, NULL) == 0);
        check_plan(&lists, &options, &plan);
        check_commands(&plan);
        check_reports(&plan, &options, &arena);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
