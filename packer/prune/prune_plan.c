#include "prune/prune.h"

#include "prune/prune_index.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct planning {
    const struct prune_options *options;
    struct shared_arena *arena;
    struct prune_index index;
    struct prune_plan *plan;
};

static enum prune_verdict judge(const struct planning *planning, struct prune_version *version,
                                uint64_t newer, bool aliases_known)
{
    if (version->version == PRUNE_LATEST)
        return PRUNE_IS_LATEST;
    version->alias = prune_index_alias(&planning->index, version);
    if (version->alias)
        return PRUNE_ALIASED;
    if (!aliases_known)
        return PRUNE_ALIASES_UNKNOWN;
    return newer < planning->options->keep ? PRUNE_NEWEST : PRUNE_GOES;
}

/* Versions that aliases point to and that are not among those listed, both by version. Returns whether there are any. */
static bool find_missing(const struct planning *planning, size_t start, size_t end)
{
    const struct prune_index *index = &planning->index;
    const struct prune_version *versions = index->versions;
    struct prune_plan *plan = planning->plan;
    size_t first = prune_index_first_alias(index, versions[start].function), before = plan->missing_count;
    for (size_t i = first, at = start; i < index->alias_count; i++) {
        const struct prune_alias *alias = &index->aliases[i];
        if (strcmp(alias->function, versions[start].function) != 0)
            break;
        while (at < end && versions[at].version < alias->version)
            at++;
        bool listed = at < end && versions[at].version == alias->version;
        bool again =
            i > first && alias[-1].version == alias->version && strcmp(alias[-1].name, alias->name) == 0;
        if (!listed && !again)
            plan->missing[plan->missing_count++] =
                (struct prune_missing){versions[start].name, alias->name, alias->version};
    }
    return plan->missing_count > before;
}

/* The versions of one function, from the newest to the oldest. One that is listed twice has one verdict, so that the
 * layers of both count as used. */
static void judge_function(const struct planning *planning, size_t start, size_t end)
{
    struct prune_plan *plan = planning->plan;
    struct prune_version *versions = planning->index.versions;
    bool known = planning->options->no_aliases || prune_index_has_aliases(&planning->index, &versions[start]);
    bool lacks = find_missing(planning, start, end);
    bool whole = !lacks && prune_index_has_versions(&planning->index, &versions[start]) &&
                 versions[start].version == PRUNE_LATEST;
    uint64_t newer = 0;
    for (size_t i = end; i-- > start;) {
        struct prune_version *version = &versions[i];
        version->again = i > start && version[-1].version == version->version;
        version->verdict = judge(planning, version, newer, known);
        newer += !version->again;
        if (version->again || version->verdict != PRUNE_GOES)
            continue;
        plan->versions_gone++;
        plan->version_bytes += version->bytes;
    }
    if (!known)
        plan->unknown[plan->unknown_count++] = versions[start].name;
    if (!whole)
        plan->partial[plan->partial_count++] = versions[start].name;
}

/* A mistyped name in --aliases would else be told of only by what its function keeps. */
static void find_strangers(const struct planning *planning)
{
    const struct prune_index *index = &planning->index;
    struct prune_plan *plan = planning->plan;
    for (size_t i = 0; i < index->alias_page_count; i++) {
        const struct prune_page *page = &index->alias_pages[i];
        bool again = i > 0 && strcmp(page[-1].function, page->function) == 0;
        if (!page->met && !again)
            plan->strangers[plan->stranger_count++] = page->function;
    }
}

static void judge_functions(struct planning *planning)
{
    struct prune_index *index = &planning->index;
    for (size_t start = 0, end; start < index->version_count; start = end) {
        for (end = start + 1; end < index->version_count; end++)
            if (strcmp(index->versions[end].function, index->versions[start].function) != 0)
                break;
        judge_function(planning, start, end);
        prune_index_meet(index, &index->versions[start]);
    }
    find_strangers(planning);
}

/* A layer's name is that of its content, so that all its zips are as large. */
static uint64_t lock_size(const struct lock_file *lock, const char *name)
{
    const struct lock_layer *layer = lock ? lock_find_layer(lock, name) : NULL;
    if (layer)
        return layer->zip.zip_bytes;
    for (size_t i = lock ? lock->ledger_count : 0; i-- > 0;)
        if (lock->ledger[i].kind == LOCK_LAYER && strcmp(lock->ledger[i].name, name) == 0)
            return lock->ledger[i].zip_bytes;
    return PRUNE_UNKNOWN;
}

/* SHARED_ENOMEM. newest: of its name, among those listed. */
static int judge_layer(const struct planning *planning, struct prune_layer *layer, bool newest)
{
    const struct lock_file *lock = planning->options->lock;
    const struct prune_version *user = prune_index_user(&planning->index, layer->arn);
    layer->bytes = prune_index_size(&planning->index, layer->arn);
    if (layer->bytes == PRUNE_UNKNOWN)
        layer->bytes = lock_size(lock, layer->name);
    if (user) {
        char version[24] = "$LATEST";
        if (user->version != PRUNE_LATEST)
            snprintf(version, sizeof(version), "%" PRIu64, user->version);
        layer->verdict = PRUNE_USED;
        layer->user = shared_arena_format(planning->arena, "%s:%s", user->name, version);
        return layer->user ? 0 : SHARED_ENOMEM;
    }
    const struct prune_plan *plan = planning->plan;
    bool users_known =
        planning->options->all_functions && plan->partial_count == 0 && plan->stranger_count == 0;
    layer->verdict = newest && lock && lock_find_layer(lock, layer->name) ? PRUNE_PLANNED
                     : users_known                                        ? PRUNE_GOES
                                                                          : PRUNE_USERS_UNKNOWN;
    return 0;
}

static int count_layer(const struct planning *planning, struct prune_layer *layer, bool newest)
{
    struct prune_plan *plan = planning->plan;
    int status = judge_layer(planning, layer, newest);
    if (status < 0 || layer->again || layer->verdict != PRUNE_GOES)
        return status;
    plan->layers_gone++;
    if (layer->bytes == PRUNE_UNKNOWN)
        plan->layers_unknown++;
    else
        plan->layer_bytes += layer->bytes;
    return 0;
}

static int judge_layers(const struct planning *planning)
{
    struct prune_layer *layers = planning->index.layers;
    size_t count = planning->index.layer_count;
    int status = 0;
    for (size_t start = 0, end; status == 0 && start < count; start = end) {
        for (end = start + 1; end < count; end++)
            if (strcmp(layers[end].whole, layers[start].whole) != 0)
                break;
        for (size_t i = start; status == 0 && i < end; i++) {
            layers[i].again = i > start && layers[i].version == layers[i - 1].version;
            status = count_layer(planning, &layers[i], layers[i].version == layers[end - 1].version);
        }
    }
    return status;
}

int prune_plan_make(const struct prune_lists *lists, const struct prune_options *options,
                    struct shared_arena *arena, struct prune_plan *plan, struct shared_error *err)
{
    struct planning planning = {.options = options, .arena = arena, .plan = plan};
    size_t most = lists->versions.count * sizeof(*plan->unknown);
    *plan = (struct prune_plan){.place = lists->place, .region = lists->region};
    plan->unknown = shared_arena_alloc(arena, most);
    plan->partial = shared_arena_alloc(arena, most);
    plan->strangers = shared_arena_alloc(arena, (lists->alias_pages.count + 1) * sizeof(*plan->strangers));
    plan->missing = shared_arena_alloc(arena, lists->aliases.count * sizeof(*plan->missing));
    bool good = plan->unknown && plan->partial && plan->strangers && plan->missing &&
                prune_index_make(lists, arena, &planning.index);
    if (good) {
        judge_functions(&planning);
        good = prune_index_use(&planning.index, arena) && judge_layers(&planning) == 0;
    }
    if (!good)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a plan of %zu versions",
                           lists->versions.count);
    plan->versions = planning.index.versions;
    plan->version_count = planning.index.version_count;
    plan->layers = planning.index.layers;
    plan->layer_count = planning.index.layer_count;
    return 0;
}
