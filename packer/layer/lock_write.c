#include "layer/lock_file.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json_out.h"

#include <inttypes.h>
#include <string.h>

static void write_text(FILE *out, const char *text)
{
    json_out_text(&(struct json_out){.out = out}, NULL, text);
}

/* "name": "text", after what stands before. */
static void write_member(FILE *out, const char *before, const char *name, const char *text)
{
    fprintf(out, "%s\"%s\": ", before, name);
    write_text(out, text);
}

static void write_hash(FILE *out, const char *before, const char *name, const struct hash *hash)
{
    char text[HASH_TEXT_BYTES];
    hash_to_text(hash, text);
    fprintf(out, "%s\"%s\": \"%s\"", before, name, text);
}

static void write_number(FILE *out, const char *before, const char *name, uint64_t number)
{
    fprintf(out, "%s\"%s\": %" PRIu64, before, name, number);
}

/* A list's or an object's start and end, and what stands before each of its values. */
static void open_list(FILE *out, const char *before, const char *name, char bracket)
{
    fprintf(out, "%s\"%s\": %c", before, name, bracket);
}

static const char *before_value(size_t index)
{
    return index ? ",\n" : "\n";
}

static void close_list(FILE *out, size_t count, const char *indent, char bracket)
{
    fprintf(out, "%s%s%c", count ? "\n" : "", count ? indent : "", bracket);
}

static void write_zip(FILE *out, const struct lock_zip *zip)
{
    write_number(out, "\n      ", "zip_bytes", zip->zip_bytes);
    write_member(out, ",\n      ", "sha256", zip->sha256);
    write_hash(out, ",\n      ", "content", &zip->content);
    write_number(out, ",\n      ", "unzipped_bytes", zip->unzipped_bytes);
}

static void write_functions(FILE *out, const struct lock_file *lock)
{
    open_list(out, ",\n  ", "functions", '{');
    for (size_t i = 0; i < lock->function_count; i++) {
        const struct lock_function *function = &lock->functions[i];
        fprintf(out, "%s    ", before_value(i));
        write_text(out, function->name);
        fputs(": {", out);
        write_zip(out, &function->zip);
        open_list(out, ",\n      ", "layers", '[');
        for (size_t k = 0; k < function->layer_count; k++) {
            fputs(k ? ", " : "", out);
            write_text(out, function->layers[k]);
        }
        fputs("]\n    }", out);
    }
    close_list(out, lock->function_count, "  ", '}');
}

static void write_items(FILE *out, const struct lock_layer *layer)
{
    open_list(out, ",\n      ", "items", '[');
    for (size_t i = 0; i < layer->item_count; i++) {
        const struct layer_item *item = &layer->items[i];
        fprintf(out, "%s        {", before_value(i));
        write_member(out, "", "place", item->place);
        write_hash(out, ", ", "digest", &item->digest);
        write_number(out, ", ", "zip_bytes", item->zip_bytes);
        write_number(out, ", ", "unzipped_bytes", item->unzipped_bytes);
        fputs(item->shadowed ? ", \"shadowed\": true}" : "}", out);
    }
    close_list(out, layer->item_count, "      ", ']');
}

static void write_layers(FILE *out, const struct lock_file *lock)
{
    open_list(out, ",\n  ", "layers", '{');
    for (size_t i = 0; i < lock->layer_count; i++) {
        fprintf(out, "%s    ", before_value(i));
        write_text(out, lock->layers[i].name);
        fputs(": {", out);
        write_zip(out, &lock->layers[i].zip);
        write_items(out, &lock->layers[i]);
        fputs("\n    }", out);
    }
    close_list(out, lock->layer_count, "  ", '}');
}

static void write_changes(FILE *out, const struct lock_file *lock)
{
    open_list(out, ",\n  ", "changes", '{');
    for (size_t i = 0; i < lock->change_count; i++) {
        const struct lock_change *change = &lock->changes[i];
        fprintf(out, "%s    ", before_value(i));
        write_text(out, change->place);
        fputs(": {", out);
        write_number(out, "", "count", change->count);
        write_hash(out, ", ", "digest", &change->digest);
        fputs("}", out);
    }
    close_list(out, lock->change_count, "  ", '}');
}

static void write_ledger(FILE *out, const struct lock_file *lock)
{
    open_list(out, ",\n  ", "ledger", '[');
    for (size_t i = 0; i < lock->ledger_count; i++) {
        const struct lock_publication *publication = &lock->ledger[i];
        fprintf(out, "%s    {", before_value(i));
        write_member(out, "", "date", publication->date);
        write_member(out, ", ", "kind", publication->kind == LOCK_LAYER ? "layer" : "function");
        write_member(out, ", ", "name", publication->name);
        write_number(out, ", ", "zip_bytes", publication->zip_bytes);
        write_member(out, ", ", "sha256", publication->sha256);
        if (publication->attached.known)
            write_member(out, ", ", "layers", publication->attached.digest);
        fputs("}", out);
    }
    close_list(out, lock->ledger_count, "  ", ']');
}

struct shared_slice lock_file_text(const struct lock_file *lock, struct shared_arena *arena)
{
    CLEANUP_FREE char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return shared_slice_of(NULL, 0);
    write_number(out, "{\n  ", "format", LOCK_FORMAT);
    write_member(out, ",\n  ", "project", lock->project);
    write_member(out, ",\n  ", "architecture", lock->architecture);
    write_functions(out, lock);
    write_layers(out, lock);
    write_changes(out, lock);
    write_ledger(out, lock);
    fputs("\n}\n", out);
    bool failed = ferror(out) != 0;
    failed |= fclose(out) != 0;
    char *copy = failed ? NULL : shared_arena_copy(arena, shared_slice_of(text, size));
    return shared_slice_of(copy, copy ? size : 0);
}

int lock_file_check(const char *path, struct shared_slice text, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct lock_file read;
    struct shared_error why = {0};
    int status = 0;
    if (text.size_bytes > LOCK_LIMIT_BYTES)
        status = shared_fail(&why, SHARED_ETOOBIG, 0, "%zu bytes, and a lock has at most %u", text.size_bytes,
                             LOCK_LIMIT_BYTES);
    if (status == 0)
        status = lock_file_parse(path, text, &scratch, &read, &why);
    return status == 0
               ? 0
               : shared_fail(err, status, 0, "%s is left as it was, for demine could not read it again: %s",
                             path, why.text);
}

int lock_file_write(const char *path, const struct lock_file *lock, struct shared_arena *arena,
                    struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice there, text = lock_file_text(lock, arena);
    if (!text.data)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", path);
    if (file_read(path, LOCK_LIMIT_BYTES, &scratch, &there, NULL) == 0 && shared_slice_equal(there, text))
        return 0;
    int status = lock_file_check(path, text, err);
    return status < 0 ? status : file_put(path, text, err);
}
