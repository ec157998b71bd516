#include "report/report_layers.h"

#include "base/columns.h"
#include "base/text_width.h"
#include "report/layers_loss.h"
#include "report/layers_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *number(struct shared_arena *arena, uint64_t value)
{
    const char *text = columns_number_text(arena, value);
    return text ? text : "";
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_head(FILE *out, const struct report_layers *report, struct shared_arena *arena)
{
    const struct layer_plan *plan = report->plan;
    bool more = plan->stored_bytes > plan->unshared_bytes;
    uint64_t bytes =
        more ? plan->stored_bytes - plan->unshared_bytes : plan->unshared_bytes - plan->stored_bytes;
    const char *share = columns_share_text(arena, bytes, plan->unshared_bytes);
    fprintf(out, "%s: %zu function%s, %zu layer%s: %s B stored, %s B without layers, ",
            report->manifest->name, report->problem->function_count, plural(report->problem->function_count),
            plan->count, plural(plan->count), number(arena, plan->stored_bytes),
            number(arena, plan->unshared_bytes));
    if (more)
        fprintf(out, "%s B more, %s\n", number(arena, bytes), share ? share : "");
    else
        fprintf(out, "%s less\n", share ? share : "");
}

/* A layer is named by its row in what follows. */
static int print_layers(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                        struct shared_error *err)
{
    static const char *const headings[] = {"NO", "LAYER", "ZIP", "UNZIPPED", "ITEMS", "FUNCTIONS", ""};
    struct columns columns = {.arena = arena, .column_count = 7, .names = 1u << 1 | 1u << 6};
    if (report->plan->count == 0)
        return 0;
    for (size_t i = 0; i < 7; i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < report->plan->count; i++) {
        const struct layer_planned *layer = &report->plan->layers[i];
        columns_add_number(&columns, i + 1);
        columns_add(&columns, layer->name);
        columns_add_number(&columns, layer->zip_bytes);
        columns_add_number(&columns, layer->unzipped_bytes);
        columns_add_number(&columns, layer->items.count);
        columns_add_number(&columns, layer->users);
        columns_add(&columns, layer->kept ? "kept" : "new");
    }
    fputc('\n', out);
    return columns_print(&columns, out, report->colour, err);
}

/* "1 3": the rows of a function's layers. */
static const char *rows_of(const struct layer_set *attached, struct shared_arena *arena)
{
    const char *rows = attached->count ? "" : "-";
    for (size_t i = 0; rows && i < attached->count; i++)
        rows = shared_arena_format(arena, "%s%s%zu", rows, i ? " " : "", attached->items[i] + 1);
    return rows;
}

static int print_functions(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                           struct shared_error *err)
{
    static const char *const headings[] = {"FUNCTION", "ZIP ALONE",  "ZIP",   "UNZIPPED IN ALL",
                                           "OF LIMIT", "SLOTS LEFT", "LAYERS"};
    const uint64_t limit = report->problem->unzipped_limit_bytes;
    struct columns columns = {.arena = arena, .column_count = 7, .names = 1u << 6};
    for (size_t i = 0; i < 7; i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < report->problem->function_count; i++) {
        const struct layers_row row = layers_row_of(report, i);
        columns_add(&columns, report->problem->functions[i].name);
        columns_add_number(&columns, row.alone_bytes);
        columns_add_number(&columns, row.zip_bytes);
        columns_add_number(&columns, row.unzipped_bytes);
        columns_add_share(&columns, row.unzipped_bytes, limit == UINT64_MAX ? 0 : limit);
        columns_add_number(&columns, row.slots_left);
        columns_add(&columns, rows_of(&report->plan->attached[i], arena));
    }
    fputc('\n', out);
    return columns_print(&columns, out, report->colour, err);
}

static int print_items(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                       struct shared_error *err)
{
    static const char *const headings[] = {"LARGEST IN LAYERS", "LAYER", "ZIP", "UNZIPPED"};
    struct columns columns = {.arena = arena, .column_count = 4};
    size_t count;
    struct layers_held *held = layers_held_sort(report, arena, &count);
    if (!held)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a table");
    size_t shown = report->top && report->top < count ? report->top : count;
    if (shown == 0)
        return 0;
    for (size_t i = 0; i < 4; i++)
        columns_add(&columns, headings[i]);
    for (size_t i = 0; i < shown; i++) {
        columns_add(&columns, held[i].item->place);
        columns_add_number(&columns, held[i].layer + 1);
        columns_add_number(&columns, held[i].item->zip_bytes);
        columns_add_number(&columns, held[i].item->unzipped_bytes);
    }
    fputc('\n', out);
    int status = columns_print(&columns, out, report->colour, err);
    if (shown < count)
        fprintf(out, "(%zu others)\n", count - shown);
    return status;
}

static const char *why_more(const struct report_layers *report, enum layers_cause cause)
{
    return cause == LOSS_SLOTS && report->manifest->layer_plan == LAYERS_OFF
               ? "no layers are planned: \"plan\" is off in the manifest's \"layers\""
               : layers_cause_text(cause);
}

static int print_losses(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                        struct shared_error *err)
{
    struct columns columns = {.arena = arena, .column_count = 2};
    struct layers_loss loss;
    uint64_t sum = 0;
    int status = layers_loss_find(report, &loss, err);
    if (status < 0)
        return status;
    columns_add(&columns, "WHY IT IS MORE");
    columns_add(&columns, "ZIP");
    for (size_t i = 0; i < LOSS_COUNT; i++) {
        enum layers_cause cause = layers_cause_by_size(&loss, i);
        sum += loss.zip_bytes[cause];
        if (loss.zip_bytes[cause] == 0)
            continue;
        columns_add(&columns, why_more(report, cause));
        columns_add_number(&columns, loss.zip_bytes[cause]);
    }
    const char *share = columns_share_text(arena, sum, loss.bound_bytes);
    fprintf(out, "\nEvery distinct file stored once would be %s B; this is %s B more, %s\n",
            number(arena, loss.bound_bytes), number(arena, sum), share ? share : "");
    return sum ? columns_print(&columns, out, report->colour, err) : 0;
}

/* Whether a fresh plan is another one than the last was. */
static bool is_another(const struct report_layers *report)
{
    for (size_t i = 0; i < report->plan->count; i++)
        if (!report->plan->layers[i].kept)
            return true;
    return report->plan->count < report->problem->last_count;
}

static void print_last(FILE *out, const struct report_layers *report, struct shared_arena *arena)
{
    const struct layer_plan *plan = report->plan;
    if (report->problem->last_count == 0)
        return;
    if (plan->replanned && is_another(report))
        fputs("A fresh plan takes the place of the last one\n", out);
    if (plan->replanned || plan->fresh_bytes >= plan->stored_bytes)
        return;
    uint64_t saved = plan->stored_bytes - plan->fresh_bytes;
    const char *share = columns_share_text(arena, saved, plan->stored_bytes);
    fprintf(out,
            "The last plan is kept: a fresh one would store %s B less, %s\n"
            "(it takes the last one's place from %" PRIu64 " %% on, or with --replan)\n",
            number(arena, saved), share ? share : "", report->problem->replan_percent);
}

#define WIDTH 110

/* A text of words after what stands on the line already, in columns from start on. */
static void print_wrapped(FILE *out, const char *text, size_t start)
{
    for (size_t at = start; *text;) {
        size_t size = strcspn(text, " "), width = text_width(text) - text_width(text + size);
        if (at > start && at + 1 + width > WIDTH) {
            fprintf(out, "\n%*s", (int)start, "");
            at = start;
        }
        fprintf(out, "%s%.*s", at > start ? " " : "", (int)size, text);
        at += width + (at > start);
        text += size + strspn(text + size, " ");
    }
    fputc('\n', out);
}

static void print_stay(FILE *out, const struct layers_stay *stay, const size_t widths[2],
                       struct shared_arena *arena)
{
    const char *text =
        shared_arena_format(arena, "%s: %s%s", stay->why, stay->place, stay->several ? " and others" : "");
    fprintf(out, "%*s  %*s  ", (int)widths[0], number(arena, stay->unzipped_bytes), (int)widths[1],
            number(arena, stay->files));
    print_wrapped(out, text ? text : "", widths[0] + widths[1] + 4);
}

static int print_stays(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                       struct shared_error *err)
{
    size_t count, widths[2] = {strlen("UNZIPPED"), strlen("FILES")};
    struct layers_stay *stays = layers_stays_sort(report, arena, &count);
    if (!stays)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a table");
    size_t shown = report->top && report->top < count ? report->top : count;
    if (shown == 0)
        return 0;
    for (size_t i = 0; i < shown; i++) {
        size_t bytes = strlen(number(arena, stays[i].unzipped_bytes));
        size_t files = strlen(number(arena, stays[i].files));
        widths[0] = widths[0] > bytes ? widths[0] : bytes;
        widths[1] = widths[1] > files ? widths[1] : files;
    }
    fprintf(out, "\n%s%*s  %*s  WHY IT STAYS IN THE FUNCTIONS' ZIPS%s\n", report->colour ? "\033[1m" : "",
            (int)widths[0], "UNZIPPED", (int)widths[1], "FILES", report->colour ? "\033[0m" : "");
    for (size_t i = 0; i < shown; i++)
        print_stay(out, &stays[i], widths, arena);
    if (shown < count)
        fprintf(out, "(%zu other reasons)\n", count - shown);
    return 0;
}

static void print_publish(FILE *out, const struct report_layers *report, struct shared_arena *arena)
{
    const struct layers_publish publish = layers_publish_of(report);
    fprintf(out, "\nA publish adds %" PRIu64 " layer%s, %s B, and %s%" PRIu64 " function%s, %s B%s%s\n",
            publish.layers, plural(publish.layers), number(arena, publish.layer_bytes),
            report->published ? "" : "at most ", publish.functions, plural(publish.functions),
            number(arena, publish.function_bytes), report->published ? ", by the ledger of " : "",
            report->published ? report->manifest->lock : "");
}

int report_layers_text(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                       struct shared_error *err)
{
    print_head(out, report, arena);
    int status = print_layers(out, report, arena, err);
    if (status == 0)
        status = print_functions(out, report, arena, err);
    if (status == 0)
        status = print_items(out, report, arena, err);
    if (status == 0)
        status = print_losses(out, report, arena, err);
    if (status < 0)
        return status;
    print_last(out, report, arena);
    status = print_stays(out, report, arena, err);
    if (status == 0)
        print_publish(out, report, arena);
    return status;
}
