#include "project_linkage_inner.h"

#include "base/path.h"
#include "zip/zip_write.h"

#include <string.h>

/* A choice is left for more than a hundredth, or for more than this. */
#define SLACK_BYTES 1024

/* Ways of one call of link_ways, and whose they are. */
struct linkage_batch {
    struct linkage_function **functions;
    struct linkage_way **ways;
    struct link_way *links;
    struct linked *linked;
    size_t count;
};

static int make_batch(const struct linkage *all, struct linkage_batch *batch, struct shared_error *err)
{
    size_t count = all->function_count;
    *batch = (struct linkage_batch){
        .functions = linkage_allocate(all, count, sizeof(*batch->functions)),
        .ways = linkage_allocate(all, count, sizeof(*batch->ways)),
        .links = linkage_allocate(all, count, sizeof(*batch->links)),
        .linked = linkage_allocate(all, count, sizeof(*batch->linked)),
    };
    return batch->functions && batch->ways && batch->links && batch->linked ? 0 : linkage_no_memory(all, err);
}

static void add_to_batch(struct linkage_batch *batch, struct linkage_function *function,
                         struct linkage_way *way, const struct link_way *link)
{
    *way = (struct linkage_way){0};
    batch->functions[batch->count] = function;
    batch->ways[batch->count] = way;
    batch->links[batch->count++] = *link;
}

static int link_batch(struct linkage *all, struct linkage_batch *batch, struct step_messages *messages,
                      struct shared_error *err)
{
    int status = link_ways(all->session, batch->links, batch->count, batch->linked, messages, err);
    for (size_t i = 0; status == 0 && i < batch->count; i++)
        batch->ways[i]->linked = batch->linked[i];
    return status;
}

/* The shared objects that a function is linked with as it is tried, in link order; *changed: it is linked
 * otherwise than now. */
static int list_shared(const struct linkage *all, const struct linkage_function *function,
                       struct link_way *link, bool *changed, struct shared_error *err)
{
    struct link_shared *shared = linkage_allocate(all, all->library_count, sizeof(*shared));
    if (!shared)
        return linkage_no_memory(all, err);
    *changed = false;
    for (size_t i = 0; i < all->library_count; i++) {
        const struct linkage_library *library = &all->libraries[i];
        if (!function->uses[i] || (!library->chosen && !library->is_tried))
            continue;
        shared[link->shared_count++] = library->shared;
        *changed |= !library->chosen;
    }
    link->shared = shared;
    return 0;
}

/* All programs, with parts. */
static int link_parts(struct linkage *all, struct step_messages *messages, struct shared_error *err)
{
    struct linkage_batch batch;
    int status = make_batch(all, &batch, err);
    for (size_t i = 0; status == 0 && i < all->function_count; i++) {
        struct linkage_function *function = &all->functions[i];
        struct link_way link = {.function = function->function, .folder = ""};
        bool changed;
        if (function->uses)
            status = list_shared(all, function, &link, &changed, err);
        add_to_batch(&batch, function, &function->now, &link);
    }
    if (status == 0)
        status = link_batch(all, &batch, messages, err);
    return status == 0 ? linkage_look(all, batch.functions, batch.ways, batch.count, err) : status;
}

static struct linkage_library *find_soname(const struct linkage *all, const char *soname)
{
    for (size_t i = 0; i < all->library_count; i++)
        if (all->libraries[i].shared.path && strcmp(all->libraries[i].soname, soname) == 0)
            return &all->libraries[i];
    return NULL;
}

/* A library with those of the manifest that its shared object needs. */
static void add_tried(const struct linkage *all, struct linkage_library *library)
{
    library->is_tried = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < all->library_count; i++) {
            const struct linkage_library *tried = &all->libraries[i];
            for (size_t j = 0; tried->is_tried && j < tried->needed.count; j++) {
                struct linkage_library *needed = find_soname(all, tried->needed.items[j]);
                if (!needed || needed->is_tried || needed->chosen)
                    continue;
                needed->is_tried = more = true;
            }
        }
    }
}

static int plan_trial(const struct linkage *all, struct linkage_function *function, const char *name,
                      struct linkage_batch *batch, struct shared_error *err)
{
    struct link_way link = {.function = function->function, .trial = true};
    bool changed = false;
    function->tried = (struct linkage_way){0};
    int status = function->uses ? list_shared(all, function, &link, &changed, err) : 0;
    if (status < 0 || !changed)
        return status;
    link.folder = shared_arena_format(all->arena, "shared-%s", name);
    const char *folder = link.folder
                             ? shared_arena_format(all->arena, "%s/function/%s/%s", all->options->state,
                                                   function->function->name, link.folder)
                             : NULL;
    if (!folder)
        return linkage_no_memory(all, err);
    add_to_batch(batch, function, &function->tried, &link);
    return zip_sweep(folder, err); /* what a killed run left */
}

/* Links the functions that a trial changes and looks at them; *why: it cannot be done. */
static int link_trial(struct linkage *all, struct linkage_batch *batch, struct step_messages *messages,
                      const char **why, struct shared_error *err)
{
    int status = link_batch(all, batch, messages, err);
    *why = NULL;
    for (size_t i = 0; status == 0 && !*why && i < batch->count; i++) {
        if (batch->linked[i].shipped)
            continue;
        *why = shared_arena_format(all->arena, "%s cannot be linked with its shared object",
                                   batch->functions[i]->function->name);
        status = *why ? 0 : linkage_no_memory(all, err);
    }
    if (status == 0 && !*why)
        status = linkage_look(all, batch->functions, batch->ways, batch->count, err);
    for (size_t i = 0; status == 0 && !*why && i < batch->count; i++)
        status = linkage_judge(all, batch->functions[i], why, err);
    return status;
}

static int weigh(struct linkage *all, struct linkage_library *library, const struct linkage_batch *batch,
                 struct shared_error *err)
{
    struct report_linkage *report = &library->report;
    uint64_t before, after;
    bool unused;
    const char *place = shared_arena_format(all->arena, "lib/%s", library->soname);
    int status =
        place ? linkage_files_cost(all, false, place, &before, &unused, err) : linkage_no_memory(all, err);
    if (status == 0)
        status = linkage_files_cost(all, true, place, &after, &report->in_layer, err);
    if (status < 0)
        return status;
    report->shared_bytes = after > before ? after - before : 0;
    for (size_t i = 0; i < batch->count; i++)
        report->parts_bytes += (int64_t)batch->functions[i]->now.program_bytes -
                               (int64_t)batch->functions[i]->tried.program_bytes;
    return 0;
}

static bool is_smaller(const struct linkage_library *library)
{
    int64_t parts = library->report.parts_bytes, shared = (int64_t)library->report.shared_bytes;
    int64_t larger = parts > shared ? parts : shared;
    int64_t slack = larger / 100 < SLACK_BYTES ? larger / 100 : SLACK_BYTES;
    if (library->last == LINKAGE_LAST_SHARED)
        return shared - parts <= slack;
    return parts - shared > (library->last == LINKAGE_LAST_PARTS ? slack : 0);
}

static int add_messages(const struct linkage *all, struct step_messages *to, const struct step_messages *from,
                        struct shared_error *err)
{
    struct step_message *items = linkage_allocate(all, to->count + from->count, sizeof(*items));
    if (!items)
        return linkage_no_memory(all, err);
    if (to->count)
        memcpy(items, to->items, to->count * sizeof(*items));
    if (from->count)
        memcpy(items + to->count, from->items, from->count * sizeof(*items));
    *to = (struct step_messages){items, to->count + from->count};
    return 0;
}

static void take_trial(struct linkage *all, const struct linkage_library *library,
                       const struct linkage_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        batch->functions[i]->now = batch->functions[i]->tried;
    for (size_t i = 0; i < all->library_count; i++) {
        struct linkage_library *tried = &all->libraries[i];
        if (!tried->is_tried)
            continue;
        tried->chosen = tried->report.shared = true;
        if (tried != library) {
            tried->report.needed_by = library->report.library;
            tried->report.in_layer = library->report.in_layer;
            tried->report.why_not = NULL;
        }
    }
}

/* One library more as its shared object, if that makes the zips smaller. */
static int try_library(struct linkage *all, struct linkage_library *library, struct step_messages *messages,
                       struct shared_error *err)
{
    struct linkage_batch batch;
    struct step_messages said = {0};
    int status = make_batch(all, &batch, err);
    add_tried(all, library);
    for (size_t i = 0; status == 0 && i < all->function_count; i++)
        status = plan_trial(all, &all->functions[i], library->report.library, &batch, err);
    if (status == 0)
        status = link_trial(all, &batch, &said, &library->report.why_not, err);
    if (status == 0 && !library->report.why_not)
        status = weigh(all, library, &batch, err);
    if (status == 0 && !library->report.why_not && is_smaller(library)) {
        take_trial(all, library, &batch);
        status = add_messages(all, messages, &said, err);
    }
    for (size_t i = 0; i < all->library_count; i++)
        all->libraries[i].is_tried = false;
    return status;
}

static int report_choices(const struct linkage *all, struct report_linkages *linkages,
                          struct shared_error *err)
{
    linkages->items = linkage_allocate(all, all->library_count, sizeof(*linkages->items));
    if (!linkages->items)
        return linkage_no_memory(all, err);
    for (size_t i = 0; i < all->library_count; i++)
        linkages->items[linkages->count++] = all->libraries[i].report;
    return 0;
}

static int open_all(struct linkage *all, struct shared_error *err)
{
    int status = check_plan_make(all->manifest, all->arena, &all->checks, err);
    if (status == 0)
        status = link_open(all->manifest, all->options, all->arena, &all->session, err);
    if (status == 0)
        status = linkage_list(all, err);
    all->closure = (struct package_closure){.target = &all->checks, .arena = all->arena};
    all->measure = (struct project_measure){
        .path = path_join(all->arena, all->options->state, "measure.record"), .arena = all->arena};
    return status == 0 && !all->measure.path ? linkage_no_memory(all, err) : status;
}

int project_link_chosen(const struct manifest *manifest, const struct link_options *options,
                        struct shared_arena *arena, struct linked *linked, struct report_linkages *linkages,
                        struct step_messages *messages, struct shared_error *err)
{
    struct linkage all = {.manifest = manifest, .options = options, .arena = arena};
    *linkages = (struct report_linkages){0};
    for (size_t i = 0; i < manifest->function_count; i++)
        linked[i] = (struct linked){0};
    int status = open_all(&all, err);
    if (status == 0)
        status = link_parts(&all, messages, err);
    /* What others need comes first: with its gain counted, theirs is their own. */
    for (size_t i = all.library_count; status == 0 && i-- > 0;)
        if (!all.libraries[i].chosen && all.libraries[i].shared.path)
            status = try_library(&all, &all.libraries[i], messages, err);
    if (status == 0)
        status = project_measure_keep(&all.measure, err);
    for (size_t i = 0; status == 0 && i < all.function_count; i++)
        linked[all.functions[i].function - manifest->functions] = all.functions[i].now.linked;
    return status < 0 ? status : report_choices(&all, linkages, err);
}
