#include "limit/limit_message.h"

#include <string.h>

#define LARGEST 3

static bool ends_in(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static const char *value_text(const struct limit *limit, uint64_t value, struct shared_arena *arena)
{
    if (ends_in(limit->name, "_bytes"))
        return limit_bytes_text(arena, value);
    const char *unit = ends_in(limit->name, "_mb") ? " MB" : ends_in(limit->name, "_s") ? " s" : "";
    const char *number = limit_number_text(arena, value);
    return number ? shared_arena_format(arena, "%s%s", number, unit) : NULL;
}

/* Largest first; of equals the one whose name comes first. */
static bool is_before(const struct limit_part *a, const struct limit_part *b)
{
    return a->bytes != b->bytes ? a->bytes > b->bytes : strcmp(a->name, b->name) < 0;
}

static size_t find_largest(const struct limit_part *parts, size_t count,
                           const struct limit_part *largest[LARGEST])
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t place = found;
        while (place > 0 && is_before(&parts[i], largest[place - 1]))
            place--;
        if (place == LARGEST)
            continue;
        if (found < LARGEST)
            found++;
        for (size_t j = found - 1; j > place; j--)
            largest[j] = largest[j - 1];
        largest[place] = &parts[i];
    }
    return found;
}

static bool is_of_zip(const struct limit *limit)
{
    return limit == &limit_table[LIMIT_ZIP_BYTES] || limit == &limit_table[LIMIT_LAYER_ZIP_BYTES];
}

/* "; largest: share/model.bin 44,040,192 B, own 1,234 B", or "; largest in the zip: …"; "" where nothing is known of
 * parts. */
static const char *largest_text(const struct limit_case *exceeded, struct shared_arena *arena)
{
    const struct limit_part *largest[LARGEST];
    size_t count = find_largest(exceeded->parts, exceeded->part_count, largest);
    const char *begin = is_of_zip(exceeded->finding->limit) ? "; largest in the zip: " : "; largest: ",
               *text = "";
    for (size_t i = 0; text && i < count; i++) {
        const char *number = limit_number_text(arena, largest[i]->bytes);
        text = number ? shared_arena_format(arena, "%s%s%s %s B", text, i ? ", " : begin, largest[i]->name,
                                            number)
                      : NULL;
    }
    return text;
}

/* Whether it is files that make it large. */
static bool is_of_files(const struct limit *limit)
{
    return is_of_zip(limit) || limit == &limit_table[LIMIT_UNZIPPED_BYTES] ||
           limit == &limit_table[LIMIT_CODE_STORAGE_BYTES];
}

static const char *zip_advice(const struct limit_case *exceeded)
{
    bool layer = exceeded->finding->layer != NULL;
    if (exceeded->manifest->profile == PROFILE_2016)
        return layer ? "take something out of what is shared: the profile 2016 knows no other way than a "
                       "direct upload"
                     : "take something out: the profile 2016 knows no other way than a direct upload";
    return layer ? "set limits.s3_bucket to upload it through S3, or take something out of what is shared"
                 : "set limits.s3_bucket to upload it through S3, or take something out";
}

/* What to do; the end of the sentence. */
static const char *advice(const struct limit_case *exceeded, struct shared_arena *arena)
{
    const struct limit *limit = exceeded->finding->limit;
    const char *function = exceeded->finding->function;
    if (exceeded->overridden)
        return shared_arena_format(arena,
                                   "the project set this number itself: %s, or change limits.overrides.%s",
                                   is_of_files(limit) ? "take something out" : "keep to it", limit->name);
    switch ((enum limit_id)(limit - limit_table)) {
    case LIMIT_ZIP_BYTES:
    case LIMIT_LAYER_ZIP_BYTES:
        return zip_advice(exceeded);
    case LIMIT_UNZIPPED_BYTES:
        return exceeded->usage && exceeded->usage->layer_bytes > 0
                   ? "take something out of the function or of its layers; S3 takes no more"
                   : "take something out: layers count as well, and S3 takes no more";
    case LIMIT_LAYERS:
        return exceeded->finding->allowed == 0
                   ? "there were no layers in 2016: set limits.profile to \"today\""
                   : "make one layer of some of them";
    case LIMIT_ENVIRONMENT_BYTES:
        return "put long values into an asset, or into Parameter Store";
    case LIMIT_MEMORY_MIN_MB:
    case LIMIT_MEMORY_MAX_MB:
        return shared_arena_format(arena, "change functions.%s.memory_mb", function);
    case LIMIT_TIMEOUT_S:
        return shared_arena_format(arena, "change functions.%s.timeout_s", function);
    case LIMIT_CODE_STORAGE_BYTES:
        return "delete versions of functions and layers that nothing refers to (demine prune-plan), or ask "
               "AWS for more";
    default:
        return "take something out";
    }
}

/* Its layers, the last of its parts: " video-0123456789abcdef, arn:…:3", at most three by name. */
static const char *layer_names(const struct limit_usage *usage, struct shared_arena *arena)
{
    size_t count = usage->layers < usage->part_count ? (size_t)usage->layers : usage->part_count;
    const struct limit_part *layers = usage->parts + usage->part_count - count;
    const struct limit_part *largest[LARGEST];
    size_t found = find_largest(layers, count, largest);
    const char *text = "";
    for (size_t i = 0; text && i < found; i++)
        text = shared_arena_format(arena, "%s%s%s", text, i ? ", " : "", largest[i]->name);
    if (text && found < count)
        text = shared_arena_format(arena, "%s and %zu more", text, count - found);
    return text;
}

/*
 * ": layers take 79,741,671 B of it (NAME), which leaves 182,402,329 B for the function's own 220,257,329 B": what is
 * left after the layers is the number that AWS's own refusal names, "Unzipped size must be smaller than 182402329 bytes".
 */
static const char *after_layers(const struct limit_case *exceeded, struct shared_arena *arena)
{
    const struct limit_usage *usage = exceeded->usage;
    const struct limit_finding *finding = exceeded->finding;
    if (!usage || usage->layer_bytes == 0 || finding->limit != &limit_table[LIMIT_UNZIPPED_BYTES])
        return "";
    uint64_t left = finding->allowed > usage->layer_bytes ? finding->allowed - usage->layer_bytes : 0;
    const char *layers = limit_number_text(arena, usage->layer_bytes);
    const char *rest = limit_number_text(arena, left);
    const char *own = limit_number_text(arena, finding->value - usage->layer_bytes);
    const char *names = layer_names(usage, arena);
    if (!layers || !rest || !own || !names)
        return NULL;
    return shared_arena_format(arena,
                               ": layers take %s B of it (%s), which leaves %s B for the function's own %s B",
                               layers, names, rest, own);
}

/* ": 1,000 B are used by 3 functions (account.json), 20 B come from this pack". */
static const char *region_text(const struct limit_case *exceeded, struct shared_arena *arena)
{
    const struct limit_region *region = exceeded->region;
    const char *used = limit_number_text(arena, region->used_bytes);
    const char *added = limit_number_text(arena, exceeded->added_bytes);
    const char *functions = limit_number_text(arena, region->functions);
    if (!used || !added || !functions)
        return NULL;
    if (!region->account && region->ledger)
        return shared_arena_format(arena,
                                   ": %s B were published by the ledger of %s, %s B come from this pack",
                                   used, region->ledger, added);
    if (!region->account)
        return shared_arena_format(
            arena, ": %s B come from this pack, counted from %s B, as no account file was given", added,
            used);
    return shared_arena_format(arena,
                               ": %s B are used by %s functions and by layers (%s), %s B come from this pack",
                               used, functions, region->account, added);
}

char *limit_message(const struct limit_case *exceeded, struct shared_arena *arena)
{
    const struct limit_finding *finding = exceeded->finding;
    const char *value = value_text(finding->limit, finding->value, arena);
    const char *allowed = value_text(finding->limit, finding->allowed, arena);
    const char *largest = is_of_files(finding->limit) ? largest_text(exceeded, arena) : "";
    const char *detail = exceeded->region ? region_text(exceeded, arena) : after_layers(exceeded, arena);
    const char *todo = advice(exceeded, arena);
    if (!value || !allowed || !largest || !detail || !todo)
        return NULL;
    const char *whose = finding->function ? "function " : finding->layer ? "layer " : "region";
    const char *name = finding->function ? finding->function : finding->layer ? finding->layer : "";
    return shared_arena_format(arena, "%s%s: %s: %s is %s the limit of %s%s%s; %s", whose, name,
                               finding->limit->title, value, finding->limit->minimum ? "under" : "over",
                               allowed, detail, largest, todo);
}
