#include "report/report_advice.h"

#include "base/columns.h"
#include "base/json_out.h"

/* "catalog, playback" */
static const char *joined(const struct manifest_texts *texts, struct shared_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < texts->count && text; i++)
        text = shared_arena_format(arena, "%s%s%s", text, i ? ", " : "", texts->items[i]);
    return text;
}

static const char *sections_text(const struct advice *advice, struct shared_arena *arena)
{
    return shared_arena_format(
        arena,
        "Rebuild %s with -ffunction-sections -fdata-sections: nothing refers to %zu symbols of "
        "it that stand beside what is needed",
        advice->subject, advice->symbols);
}

static const char *dynamic_text(const struct advice *advice, struct shared_arena *arena)
{
    if (advice->blocked)
        return shared_arena_format(
            arena, "Not as it is: \"linkage\": \"dynamic\" would use the target's glibc, but %s",
            advice->blocked);
    return shared_arena_format(
        arena,
        "Set \"linkage\": \"dynamic\": the target's glibc has all %zu symbols that are asked of "
        "it",
        advice->symbols);
}

static const char *root_text(const struct advice *advice, struct shared_arena *arena)
{
    return shared_arena_format(arena, "Do without %s (%s): only %s (%s) refers to it", advice->subject,
                               advice->library, advice->from, advice->from_library);
}

static const char *advice_text(const struct advice *advice, struct shared_arena *arena)
{
    switch (advice->kind) {
    case ADVICE_SECTIONS:
        return sections_text(advice, arena);
    case ADVICE_DYNAMIC:
        return dynamic_text(advice, arena);
    case ADVICE_ROOT:
        return root_text(advice, arena);
    }
    return NULL;
}

int report_advice_text(FILE *out, const struct advices *advices, size_t top, bool colour,
                       struct shared_arena *arena, struct shared_error *err)
{
    size_t shown = top && top < advices->count ? top : advices->count;
    if (shown == 0)
        fputs("Nothing is known that would save 1 KiB\n", out);
    for (size_t i = 0; i < shown; i++) {
        const struct advice *advice = &advices->items[i];
        const char *text = advice_text(advice, arena), *functions = joined(&advice->functions, arena);
        const char *file = columns_number_text(arena, advice->gain.file);
        const char *zip = columns_number_text(arena, advice->gain.zip);
        if (!text || !functions || !file || !zip)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory to report what would save bytes");
        fprintf(out, "%sabout %s B, %s B in the zip%s: %s\n    %s\n", colour ? "\033[1m" : "", file, zip,
                colour ? "\033[0m" : "", functions, text);
    }
    if (shown < advices->count)
        fprintf(out, "(%zu others)\n", advices->count - shown);
    if (shown > 0)
        fputs("Estimates from the programs as they are; what one saves another may count too.\n", out);
    return 0;
}

void report_advice_json(FILE *out, const struct advices *advices, struct shared_arena *arena)
{
    static const char *const kinds[] = {"sections", "dynamic", "root"};
    struct json_out json = {.out = out};
    json_out_open(&json, NULL, '{');
    json_out_number(&json, "format", 1);
    json_out_open(&json, "advice", '[');
    for (size_t i = 0; i < advices->count; i++) {
        const struct advice *advice = &advices->items[i];
        json_out_open(&json, NULL, '{');
        json_out_text(&json, "kind", kinds[advice->kind]);
        json_out_bool(&json, "estimate", true);
        json_out_number(&json, "bytes", advice->gain.file);
        json_out_number(&json, "deflated_bytes", advice->gain.zip);
        json_out_text(&json, "text", advice_text(advice, arena));
        json_out_text(&json, "subject", advice->subject);
        json_out_text(&json, "library", advice->library);
        json_out_text(&json, "from", advice->from);
        json_out_text(&json, "from_library", advice->from_library);
        json_out_number(&json, "symbols", advice->symbols);
        json_out_text(&json, "blocked", advice->blocked);
        json_out_open(&json, "functions", '[');
        for (size_t j = 0; j < advice->functions.count; j++)
            json_out_text(&json, NULL, advice->functions.items[j]);
        json_out_close(&json, ']');
        json_out_close(&json, '}');
    }
    json_out_close(&json, ']');
    json_out_close(&json, '}');
    fputc('\n', out);
}
