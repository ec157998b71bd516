#include "report/report_linkage.h"

#include "base/columns.h"

#include <inttypes.h>

static const char *parts_text(struct shared_arena *arena, int64_t bytes)
{
    const char *text = columns_number_text(arena, bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes);
    return text && bytes < 0 ? shared_arena_format(arena, "-%s", text) : text;
}

static void print_bytes(FILE *out, const struct report_linkage *linkage, const char *shared,
                        const char *parts)
{
    const char *where = linkage->in_layer ? "in a layer" : "in the zips";
    if (linkage->shared)
        fprintf(out, "%s B %s, %s B as parts\n", shared, where, parts);
    else
        fprintf(out, "%s B as parts, %s B as a shared object %s\n", parts, shared, where);
}

static int print_one(FILE *out, const struct report_linkage *linkage, struct shared_arena *arena,
                     struct shared_error *err)
{
    const char *plural = linkage->functions == 1 ? "" : "s";
    if (linkage->shared)
        fprintf(out, "Linkage: %s is a shared object for %zu function%s", linkage->library,
                linkage->functions, plural);
    else
        fprintf(out, "Linkage: %s is linked in parts into %zu function%s", linkage->library,
                linkage->functions, plural);
    if (linkage->needed_by) {
        fprintf(out, ": the shared object of %s needs it\n", linkage->needed_by);
        return 0;
    }
    if (linkage->why_not) {
        fprintf(out, ": %s\n", linkage->why_not);
        return 0;
    }
    const char *shared = columns_number_text(arena, linkage->shared_bytes);
    const char *parts = parts_text(arena, linkage->parts_bytes);
    if (!shared || !parts)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the report");
    fputs(": ", out);
    print_bytes(out, linkage, shared, parts);
    return 0;
}

int report_linkage_text(FILE *out, const struct report_linkages *linkages, struct shared_arena *arena,
                        struct shared_error *err)
{
    int status = 0;
    if (linkages->count)
        fputc('\n', out);
    for (size_t i = 0; status == 0 && i < linkages->count; i++)
        status = print_one(out, &linkages->items[i], arena, err);
    return status;
}
