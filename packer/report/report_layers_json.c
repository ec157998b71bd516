#include "report/report_layers.h"

#include "base/json_out.h"
#include "report/layers_loss.h"
#include "report/layers_rows.h"

#include <string.h>

static const char *const kinds[] = {"library", "executable", "asset", "node", "python"};

static void write_item(struct json_out *json, const struct report_layers *report, size_t number,
                       const size_t *users)
{
    const struct layer_item *item = &report->problem->items[number];
    char digest[HASH_TEXT_BYTES];
    hash_to_text(&item->digest, digest);
    json_out_open(json, NULL, '{');
    json_out_text(json, "place", item->place);
    json_out_text(json, "digest", digest);
    json_out_text(json, "kind", kinds[report->items->kinds[number]]);
    json_out_number(json, "zip_bytes", item->zip_bytes);
    json_out_number(json, "unzipped_bytes", item->unzipped_bytes);
    json_out_number(json, "changes", item->changes);
    json_out_number(json, "users", users[number]);
    json_out_close(json, '}');
}

static void write_layers(struct json_out *json, const struct report_layers *report, const size_t *users)
{
    json_out_open(json, "layers", '[');
    for (size_t i = 0; i < report->plan->count; i++) {
        const struct layer_planned *layer = &report->plan->layers[i];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", layer->name);
        json_out_bool(json, "kept", layer->kept);
        json_out_number(json, "zip_bytes", layer->zip_bytes);
        json_out_number(json, "unzipped_bytes", layer->unzipped_bytes);
        json_out_number(json, "users", layer->users);
        json_out_open(json, "items", '[');
        for (size_t k = 0; k < layer->items.count; k++)
            write_item(json, report, layer->items.items[k], users);
        json_out_close(json, ']');
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

static void write_functions(struct json_out *json, const struct report_layers *report)
{
    json_out_open(json, "functions", '[');
    for (size_t i = 0; i < report->problem->function_count; i++) {
        const struct layers_row row = layers_row_of(report, i);
        const struct layer_set *attached = &report->plan->attached[i];
        json_out_open(json, NULL, '{');
        json_out_text(json, "name", report->problem->functions[i].name);
        json_out_number(json, "alone_bytes", row.alone_bytes);
        json_out_number(json, "zip_bytes", row.zip_bytes);
        json_out_number(json, "unzipped_bytes", row.unzipped_bytes);
        json_out_number(json, "slots_left", row.slots_left);
        json_out_open(json, "layers", '[');
        for (size_t k = 0; k < attached->count; k++)
            json_out_text(json, NULL, report->plan->layers[attached->items[k]].name);
        json_out_close(json, ']');
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

static void write_losses(struct json_out *json, const struct layers_loss *loss)
{
    json_out_open(json, "losses", '[');
    for (size_t i = 0; i < LOSS_COUNT; i++) {
        enum layers_cause cause = layers_cause_by_size(loss, i);
        json_out_open(json, NULL, '{');
        json_out_text(json, "cause", layers_cause_name(cause));
        json_out_number(json, "zip_bytes", loss->zip_bytes[cause]);
        json_out_close(json, '}');
    }
    json_out_close(json, ']');
}

static void write_stays(struct json_out *json, const struct report_layers *report)
{
    json_out_open(json, "stays", '[');
    for (size_t i = 0; i < report->manifest->function_count; i++)
        for (size_t k = 0; k < report->items->functions[i].stay_count; k++) {
            const struct layer_stay *stay = &report->items->functions[i].stays[k];
            json_out_open(json, NULL, '{');
            json_out_text(json, "function", report->manifest->functions[i].name);
            json_out_text(json, "place", stay->place);
            json_out_text(json, "why", stay->why);
            json_out_number(json, "files", stay->files);
            json_out_number(json, "unzipped_bytes", stay->unzipped_bytes);
            json_out_close(json, '}');
        }
    json_out_close(json, ']');
}

static void write_publish(struct json_out *json, const struct report_layers *report)
{
    const struct layers_publish publish = layers_publish_of(report);
    json_out_open(json, "publish", '{');
    json_out_number(json, "layers", publish.layers);
    json_out_number(json, "layer_bytes", publish.layer_bytes);
    json_out_number(json, "functions", publish.functions);
    json_out_number(json, "function_bytes", publish.function_bytes);
    json_out_close(json, '}');
}

static void write_all(struct json_out *json, const struct report_layers *report,
                      const struct layers_loss *loss, const size_t *users)
{
    json_out_open(json, NULL, '{');
    json_out_number(json, "format", 1);
    json_out_text(json, "project", report->manifest->name);
    json_out_number(json, "stored_bytes", report->plan->stored_bytes);
    json_out_number(json, "unshared_bytes", report->plan->unshared_bytes);
    json_out_number(json, "bound_bytes", loss->bound_bytes);
    json_out_number(json, "fresh_bytes", report->plan->fresh_bytes);
    json_out_bool(json, "replanned", report->plan->replanned);
    write_publish(json, report);
    write_layers(json, report, users);
    write_functions(json, report);
    write_losses(json, loss);
    write_stays(json, report);
    json_out_close(json, '}');
    fputc('\n', json->out);
}

int report_layers_json(FILE *out, const struct report_layers *report, struct shared_arena *arena,
                       struct shared_error *err)
{
    struct json_out json = {.out = out};
    struct layers_loss loss;
    const struct layer_problem *problem = report->problem;
    size_t *users = shared_arena_alloc(arena, problem->item_count * sizeof(*users));
    if (!users)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write the layers");
    memset(users, 0, problem->item_count * sizeof(*users));
    for (size_t i = 0; i < problem->function_count; i++)
        for (size_t k = 0; k < problem->functions[i].items.count; k++)
            users[problem->functions[i].items.items[k]]++;
    int status = layers_loss_find(report, &loss, err);
    if (status == 0)
        write_all(&json, report, &loss, users);
    return status;
}
