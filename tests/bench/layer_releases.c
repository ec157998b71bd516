#include "layer_releases.h"
#include "bench_base.h"
#include "layer/layer_check.h"
#include "layer_instance.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS 24
#define REPLAN_PERCENT 10 /* as in a manifest that says nothing */

struct project {
    struct shared_arena arena;
    struct layer_problem problem;
    struct layer_item *items;
    struct layer_function *functions;
    size_t capacity;
    struct layer_plan plan;
};

static void plan_it(struct project *project)
{
    struct shared_error err;
    if (layer_plan_make(&project->problem, &project->arena, &project->plan, &err) < 0 ||
        layer_plan_check(&project->problem, &project->plan, &project->arena, &err) < 0)
        bench_die("%s", err.text);
}

static void start(struct project *project, unsigned releases, enum releases_way way)
{
    static const struct instance_size size = {FUNCTIONS, 4, 160, 1, 2};
    *project = (struct project){.capacity = 0};
    instance_large(&size, 5, &project->arena, &project->problem);
    project->capacity = project->problem.item_count + releases;
    project->items = shared_arena_alloc(&project->arena, project->capacity * sizeof(*project->items));
    if (!project->items)
        bench_die("no memory for releases");
    memcpy(project->items, project->problem.items, project->problem.item_count * sizeof(*project->items));
    for (size_t i = 0; i < project->problem.item_count; i++)
        project->items[i].shadowed = true;
    project->problem.items = project->items;
    project->functions = (struct layer_function *)project->problem.functions;
    for (unsigned f = 0; way == RELEASES_UNSHARED && f < FUNCTIONS; f++)
        project->functions[f].slots = 0;
    project->problem.replan_percent = REPLAN_PERCENT;
}

static int compare_numbers(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* One package of one function gets another content; returns the function. The lock counts what changes. */
static unsigned change(struct project *project, uint64_t *state)
{
    unsigned f = instance_below(state, FUNCTIONS);
    struct layer_set *items = &project->functions[f].items;
    bool own = instance_below(state, 5) > 0;
    size_t at = own ? items->count - 1 : instance_below(state, (unsigned)items->count);
    size_t old = items->items[at], made = project->problem.item_count++;
    project->items[made] = project->items[old];
    for (size_t i = 0; i < sizeof(project->items[made].digest.bytes); i++)
        project->items[made].digest.bytes[i] = (unsigned char)instance_random(state);
    for (size_t i = 0; i < project->problem.item_count; i++)
        if (strcmp(project->items[i].place, project->items[made].place) == 0)
            project->items[i].changes++;
    items->items[at] = made;
    qsort(items->items, items->count, sizeof(*items->items), compare_numbers);
    return f;
}

static bool same_layers(const struct layer_plan *a, const struct layer_plan *b, unsigned f)
{
    if (a->attached[f].count != b->attached[f].count)
        return false;
    for (size_t i = 0; i < a->attached[f].count; i++)
        if (strcmp(a->layers[a->attached[f].items[i]].name, b->layers[b->attached[f].items[i]].name) != 0)
            return false;
    return true;
}

static bool same_zip(const struct layer_plan *a, const struct layer_plan *b, unsigned f)
{
    return a->stays[f].count == b->stays[f].count &&
           memcmp(a->stays[f].items, b->stays[f].items, a->stays[f].count * sizeof(size_t)) == 0;
}

static bool is_new(const struct layer_planned *layer, const struct layer_plan *before)
{
    for (size_t l = 0; l < before->count; l++)
        if (strcmp(before->layers[l].name, layer->name) == 0)
            return false;
    return true;
}

static uint64_t zip_of(const struct project *project, unsigned f)
{
    uint64_t bytes = project->functions[f].rest_zip_bytes;
    for (size_t i = 0; i < project->plan.stays[f].count; i++)
        bytes += project->items[project->plan.stays[f].items[i]].zip_bytes;
    return bytes;
}

static void publish(const struct project *project, const struct layer_plan *before, unsigned changed,
                    struct releases *releases)
{
    for (size_t l = 0; l < project->plan.count; l++)
        if (is_new(&project->plan.layers[l], before)) {
            releases->layers++;
            releases->layer_bytes += project->plan.layers[l].zip_bytes;
        }
    for (unsigned f = 0; f < FUNCTIONS; f++)
        if (f == changed || !same_layers(&project->plan, before, f) || !same_zip(&project->plan, before, f)) {
            releases->functions++;
            releases->function_bytes += zip_of(project, f);
        }
    releases->replanned += project->plan.replanned;
}

void releases_run(unsigned count, enum releases_way way, struct releases *releases)
{
    struct project project;
    uint64_t state = 1;
    *releases = (struct releases){.layers = 0};
    start(&project, count, way);
    plan_it(&project);
    releases->first_bytes = project.plan.stored_bytes;
    for (unsigned i = 0; i < count; i++) {
        struct layer_plan before = project.plan;
        unsigned changed = change(&project, &state);
        if (way == RELEASES_LAST) {
            project.problem.last = before.layers;
            project.problem.last_attached = before.attached;
            project.problem.last_count = before.count;
        }
        plan_it(&project);
        publish(&project, &before, changed, releases);
    }
    releases->stored_bytes = project.plan.stored_bytes;
    releases->bound_bytes = project.plan.bound_bytes;
    shared_arena_clean_up(&project.arena);
}
