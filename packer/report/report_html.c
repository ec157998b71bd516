#include "report/report_html.h"

#include "base/cleanup.h"
#include "report/page_inner.h"
#include "report/page_template.h"

#include <errno.h>
#include <string.h>

bool report_html_built(void)
{
    return page_template.before_bytes > 0;
}

/* The function's place in the page; -1: the region, or a layer; -2: it is not in the page. */
static int place_of(const struct report_page *page, const char *function)
{
    if (!function)
        return -1;
    for (size_t i = 0; i < page->function_count; i++)
        if (strcmp(page->functions[i].function->name, function) == 0)
            return (int)i;
    return -2;
}

static void write_limits(struct page_run *run)
{
    json_out_open(&run->json, "limits", '[');
    for (size_t i = 0; i < run->page->findings->count; i++) {
        const struct limit_finding *finding = &run->page->findings->items[i];
        int place = place_of(run->page, finding->function);
        if (place < -1)
            continue;
        json_out_open(&run->json, NULL, '{');
        json_out_text(&run->json, "limit", finding->limit->name);
        json_out_text(&run->json, "title", finding->limit->title);
        json_out_signed(&run->json, "function", place);
        json_out_text(&run->json, "layer", finding->layer);
        json_out_number(&run->json, "value", finding->value);
        json_out_number(&run->json, "allowed", finding->allowed);
        json_out_bool(&run->json, "minimum", finding->limit->minimum);
        json_out_bool(&run->json, "exceeded", finding->exceeded);
        json_out_bool(&run->json, "via_s3", finding->via_s3);
        json_out_text(&run->json, "message", finding->exceeded ? finding->message : NULL);
        json_out_close(&run->json, '}');
    }
    json_out_close(&run->json, ']');
}

static int write_data(struct page_run *run)
{
    const struct manifest *manifest = run->page->manifest;
    int status = 0;
    json_out_open(&run->json, NULL, '{');
    json_out_number(&run->json, "format", 1);
    json_out_text(&run->json, "demine", DEMINE_VERSION);
    json_out_text(&run->json, "project", manifest->name);
    json_out_text(&run->json, "runtime", manifest_runtime_name(manifest->runtime));
    json_out_text(&run->json, "architecture", manifest_architecture_name(manifest->architecture));
    json_out_text(&run->json, "profile", manifest_profile_name(manifest->profile));
    write_limits(run);
    json_out_open(&run->json, "functions", '[');
    for (size_t i = 0; status == 0 && i < run->page->function_count; i++)
        status = page_write_function(run, &run->page->functions[i]);
    json_out_close(&run->json, ']');
    if (status == 0)
        status = page_write_history(run);
    page_texts_write(&run->json, "texts", &run->texts);
    json_out_close(&run->json, '}');
    return status;
}

/* "<" stands only within texts of JSON; as it is, it could end the element that holds the data, or begin a comment in it
 * (HTML, "Restrictions on the contents of script elements"). */
static void write_escaped(FILE *out, const char *text, size_t size)
{
    while (size > 0) {
        const char *less = memchr(text, '<', size);
        size_t plain = less ? (size_t)(less - text) : size;
        fwrite(text, 1, plain, out);
        if (!less)
            return;
        fputs("\\u003c", out);
        text += plain + 1;
        size -= plain + 1;
    }
}

int report_html(FILE *out, const struct report_page *page, struct shared_arena *arena,
                struct shared_error *err)
{
    CLEANUP_FREE char *data = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&data, &size);
    if (!memory)
        return shared_fail(err, SHARED_ENOMEM, errno, "no memory for a page");
    struct page_run run = {
        .json = {.out = memory}, .texts = {.arena = arena}, .page = page, .arena = arena, .err = err};
    int status = write_data(&run);
    bool whole = !ferror(memory);
    if (fclose(memory) != 0 || !whole)
        return status < 0 ? status : shared_fail(err, SHARED_ENOMEM, 0, "no memory for the data of a page");
    if (status < 0)
        return status;
    fwrite(page_template.before, 1, page_template.before_bytes, out);
    write_escaped(out, data, size);
    fwrite(page_template.after, 1, page_template.after_bytes, out);
    return 0;
}
