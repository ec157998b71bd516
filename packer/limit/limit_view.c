#include "limit/limit_view.h"

#include <stdlib.h>
#include <string.h>

/* What is being made. Rows stand by function, layer or region, in this order, which each have a place, then by limit,
 * before those that are none are taken out. */
struct making {
    const struct manifest *manifest;
    const struct limit_held *held;
    struct shared_arena *arena;
    struct limit_view *view;
    struct shared_error *err;
};

#define ROW_DURATION limit_count /* beside those of the table */
#define ROWS (limit_count + 1)   /* of a place */

static int no_memory(const struct making *making)
{
    return shared_fail(making->err, SHARED_ENOMEM, 0, "%s: no memory to show its limits",
                       making->manifest->path);
}

static size_t place_of_region(const struct making *making)
{
    return making->held->usage_count + making->held->layer_count;
}

static const char *function_at(const struct making *making, size_t place)
{
    return place < making->held->usage_count ? making->held->usages[place].function : NULL;
}

static const char *layer_at(const struct making *making, size_t place)
{
    size_t first = making->held->usage_count;
    return place >= first && place < place_of_region(making) ? making->held->layers[place - first].name
                                                             : NULL;
}

static struct limit_row *row_of(const struct making *making, size_t place, size_t id)
{
    struct limit_row *row = &making->view->rows[place * ROWS + id];
    if (row->name)
        return row;
    const struct limit *limit = id < limit_count ? &limit_table[id] : NULL;
    *row = (struct limit_row){
        .name = limit ? limit->name : "duration_ms",
        .title = limit ? limit->title : "duration, of the timeout",
        .function = function_at(making, place),
        .layer = layer_at(making, place),
        .minimum = limit && limit->minimum,
        .order = id,
    };
    for (size_t i = 0; i < LIMIT_PROFILES; i++)
        row->profiles[i].allowed = LIMIT_NONE;
    return row;
}

/* The planned layers are those of the manifest's profile; in another one there would be as many as that allows. */
static bool is_unplanned(const struct making *making, const struct limit_values *limits,
                         const struct limit_finding *finding, size_t profile)
{
    if (profile == (size_t)making->manifest->profile)
        return false;
    if (finding->layer)
        return limits->values[LIMIT_LAYERS] == 0;
    const struct manifest_function *function =
        finding->exceeded && finding->limit == &limit_table[LIMIT_LAYERS]
            ? manifest_find_function(making->manifest, finding->function)
            : NULL;
    return function && function->layer_count <= finding->allowed;
}

static void take_findings(const struct making *making, const struct limit_values *limits,
                          const struct limit_findings *findings, size_t profile)
{
    for (size_t i = 0, place = 0; i < findings->count; i++) {
        const struct limit_finding *finding = &findings->items[i];
        while (place < place_of_region(making) &&
               (finding->function != function_at(making, place) || finding->layer != layer_at(making, place)))
            place++;
        struct limit_row *row = row_of(making, place, (size_t)(finding->limit - limit_table));
        bool unplanned = is_unplanned(making, limits, finding, profile);
        row->value = finding->value;
        row->profiles[profile] = (struct limit_standing){
            .allowed = finding->allowed,
            .exceeded = finding->exceeded && !unplanned,
            .via_s3 = finding->via_s3 && !unplanned,
            .unplanned = unplanned,
            .message = unplanned ? NULL : finding->message,
        };
    }
}

/* Of the region, where the manifest has numbers for some function. */
static int take_traffic(const struct making *making, enum limit_id id, uint64_t value, uint64_t allowed,
                        size_t profile)
{
    if (value == 0 || allowed == LIMIT_NONE)
        return 0;
    struct limit_row *row = row_of(making, place_of_region(making), (size_t)id);
    struct limit_standing *standing = &row->profiles[profile];
    row->value = value;
    *standing = (struct limit_standing){.allowed = allowed, .exceeded = value > allowed};
    if (!standing->exceeded)
        return 0;
    const char *number = limit_number_text(making->arena, value);
    const char *most = limit_number_text(making->arena, allowed);
    const char *todo = id == LIMIT_CONCURRENCY
                           ? "make the busiest functions faster, put a queue before them, "
                             "or ask AWS for more"
                           : "cache answers before the gateway, or ask AWS for more";
    standing->message = number && most
                            ? shared_arena_format(making->arena, "region: %s: %s is over the limit of %s; %s",
                                                  row->title, number, most, todo)
                            : NULL;
    return standing->message ? 0 : no_memory(making);
}

static int take_duration(const struct making *making, size_t usage)
{
    const struct manifest_function *function =
        manifest_find_function(making->manifest, making->held->usages[usage].function);
    uint64_t timeout_ms;
    if (!function || function->duration_ms == 0)
        return 0;
    if (__builtin_mul_overflow(function->timeout_s, UINT64_C(1000), &timeout_ms))
        timeout_ms = LIMIT_NONE - 1;
    struct limit_row *row = row_of(making, usage, ROW_DURATION);
    row->value = function->duration_ms;
    struct limit_standing standing = {.allowed = timeout_ms, .exceeded = row->value > timeout_ms};
    if (standing.exceeded) {
        const char *number = limit_number_text(making->arena, row->value);
        const char *most = limit_number_text(making->arena, timeout_ms);
        standing.message =
            number && most
                ? shared_arena_format(making->arena,
                                      "function %s: duration: %s ms is over its own timeout of %s ms; change "
                                      "functions.%s.timeout_s",
                                      function->name, number, most, function->name)
                : NULL;
        if (!standing.message)
            return no_memory(making);
    }
    for (size_t i = 0; i < LIMIT_PROFILES; i++)
        row->profiles[i] = standing;
    return 0;
}

/* As demine pack would see it with that profile. */
static int take_profile(const struct making *making, size_t profile)
{
    struct manifest manifest = *making->manifest;
    struct limit_values limits;
    struct limit_findings findings;
    struct limit_view *view = making->view;
    manifest.profile = (enum manifest_profile)profile;
    int status = limit_values_read(&manifest, making->arena, &limits, making->err);
    if (status == 0)
        status = limit_check(&manifest, &limits, making->held, making->arena, &findings, making->err);
    if (status < 0)
        return status;
    take_findings(making, &limits, &findings, profile);
    uint64_t own = making->held->region->concurrency;
    bool overridden = limits.overridden[LIMIT_CONCURRENCY];
    uint64_t concurrency = limits.values[LIMIT_CONCURRENCY];
    /* The account's own number stands for the profile's; the project's counts where it is lower. */
    if (own > 0 && !(overridden && concurrency < own))
        concurrency = own;
    view->concurrency[profile] = concurrency;
    view->gateway[profile] = limits.values[LIMIT_GATEWAY_REQUESTS_PER_S];
    status = take_traffic(making, LIMIT_CONCURRENCY, limit_load_executions(&view->loads.all), concurrency,
                          profile);
    if (status == 0)
        status = take_traffic(making, LIMIT_GATEWAY_REQUESTS_PER_S, view->loads.all.requests_per_s,
                              view->gateway[profile], profile);
    return status;
}

/* Nothing of nothing, as layers in 2016, is no part. */
static bool has_part(const struct limit_row *row, enum manifest_profile profile)
{
    uint64_t allowed = row->profiles[profile].allowed;
    return !row->minimum && allowed != LIMIT_NONE && (allowed > 0 || row->value > 0);
}

bool limit_row_is_worse(const struct limit_row *a, const struct limit_row *b, enum manifest_profile profile)
{
    const struct limit_standing *left = &a->profiles[profile], *right = &b->profiles[profile];
    if (left->exceeded != right->exceeded)
        return left->exceeded;
    if (has_part(a, profile) != has_part(b, profile))
        return has_part(a, profile);
    return has_part(a, profile) &&
           (unsigned __int128)a->value * right->allowed > (unsigned __int128)b->value * left->allowed;
}

static const char *name_of(const struct limit_row *row)
{
    return row->function ? row->function : row->layer ? row->layer : "";
}

static int compare_in(const void *a, const void *b, enum manifest_profile profile)
{
    const struct limit_row *left = a, *right = b;
    if (limit_row_is_worse(left, right, profile))
        return -1;
    if (limit_row_is_worse(right, left, profile))
        return 1;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return strcmp(name_of(left), name_of(right));
}

static int compare_today(const void *a, const void *b)
{
    return compare_in(a, b, PROFILE_TODAY);
}

static int compare_2016(const void *a, const void *b)
{
    return compare_in(a, b, PROFILE_2016);
}

static void finish(const struct making *making, size_t room)
{
    struct limit_view *view = making->view;
    view->count = 0;
    for (size_t i = 0; i < room; i++) {
        if (!view->rows[i].name)
            continue;
        for (size_t j = 0; j < LIMIT_PROFILES; j++)
            view->exceeded[j] += view->rows[i].profiles[j].exceeded;
        view->rows[view->count++] = view->rows[i];
    }
    qsort(view->rows, view->count, sizeof(*view->rows),
          making->manifest->profile == PROFILE_2016 ? compare_2016 : compare_today);
}

int limit_view_make(const struct manifest *manifest, const struct limit_held *held,
                    struct shared_arena *arena, struct limit_view *view, struct shared_error *err)
{
    const struct making making = {manifest, held, arena, view, err};
    size_t room = (place_of_region(&making) + 1) * ROWS;
    *view = (struct limit_view){.rows = shared_arena_alloc(arena, room * sizeof(*view->rows))};
    if (!view->rows)
        return no_memory(&making);
    memset(view->rows, 0, room * sizeof(*view->rows));
    int status = limit_loads_make(manifest, arena, &view->loads, err);
    for (size_t i = 0; status == 0 && i < LIMIT_PROFILES; i++)
        status = take_profile(&making, i);
    for (size_t i = 0; status == 0 && i < held->usage_count; i++)
        status = take_duration(&making, i);
    if (status == 0)
        finish(&making, room);
    return status;
}
