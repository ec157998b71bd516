#include "layer/lock_file.h"

#include "base/file.h"
#include "layer/layer_inner.h"
#include "layer/lock_field.h"
#include "layer/lock_ledger.h"
#include "layer/lock_value.h"
#include "manifest/manifest_name.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A layer that a function names, until all layers are known. */
struct reference {
    size_t at, function, element;
};

struct reading {
    struct lock_file *lock;
    struct reference *references;
    size_t reference_count;
};

static int read_format(struct lock_reader *reader, void *value)
{
    (void)value;
    size_t at = reader->token.at;
    uint64_t format;
    int status = lock_read_count(reader, &format);
    if (status < 0 || format == LOCK_FORMAT)
        return status;
    return lock_fail_as(reader, SHARED_EUNSUPPORTED, at,
                        "is %llu, this demine reads %d: use the demine that wrote it, or remove the file to "
                        "begin afresh, without its ledger",
                        (unsigned long long)format, LOCK_FORMAT);
}

/* Before anything else is looked at, for newer formats may have anything after it. */
static int check_format(struct lock_reader reader)
{
    int status = lock_open(&reader, '{');
    int more = status == 0 ? lock_member(&reader, 0) : status;
    if (more < 0)
        return more;
    size_t at = more ? lock_member_at(&reader) : 0;
    if (more && shared_slice_equal(reader.steps[0].name, shared_slice_from_text("format")))
        return read_format(&reader, NULL);
    reader.depth = 0;
    return lock_fail(&reader, at, "this is no lock of demine: a lock begins with \"format\"");
}

static int read_reference(struct lock_reader *reader, void *value)
{
    struct reading *reading = reader->user;
    struct lock_function *function = &reading->lock->functions[reading->lock->function_count];
    size_t at = reader->token.at, number = reading->reference_count;
    if (function->layer_count == LAYER_SLOTS)
        return lock_fail(reader, at, "is one too many: demine attaches at most %d layers to a function",
                         LAYER_SLOTS);
    int status = lock_read_layer_name(reader, value);
    for (size_t i = 0; status == 0 && i < function->layer_count; i++)
        if (strcmp(function->layers[i], *(const char **)value) == 0)
            return lock_fail(reader, at, "stands here twice");
    if (status == 0 && (number & (number - 1)) == 0) {
        size_t size = sizeof(*reading->references);
        struct reference *larger = shared_arena_resize(reader->arena, reading->references, number * size,
                                                       (number ? 2 * number : 1) * size);
        if (!larger)
            return lock_no_memory(reader);
        reading->references = larger;
    }
    if (status == 0)
        reading->references[reading->reference_count++] =
            (struct reference){at, reading->lock->function_count, function->layer_count};
    return status;
}

static int read_references(struct lock_reader *reader, void *value)
{
    struct lock_function *function = value;
    const struct lock_list list = {.items = (void **)&function->layers,
                                   .count = &function->layer_count,
                                   .size_bytes = sizeof(*function->layers),
                                   .read = read_reference};
    return lock_read_list(reader, &list);
}

static int read_function(struct lock_reader *reader, void *element)
{
    static const struct lock_field members[] = {
        {"zip_bytes", lock_read_bytes, offsetof(struct lock_function, zip.zip_bytes), false},
        {"sha256", lock_read_sha256, offsetof(struct lock_function, zip.sha256), false},
        {"content", lock_read_hash, offsetof(struct lock_function, zip.content), false},
        {"unzipped_bytes", lock_read_bytes, offsetof(struct lock_function, zip.unzipped_bytes), false},
        {"layers", read_references, 0, false},
    };
    static const struct lock_fields fields = LOCK_FIELDS(members);
    return lock_read_object(reader, &fields, element);
}

static int read_functions(struct lock_reader *reader, void *value)
{
    struct lock_file *lock = value;
    const struct lock_list list = {.items = (void **)&lock->functions,
                                   .count = &lock->function_count,
                                   .size_bytes = sizeof(*lock->functions),
                                   .refuse = refuse_function_name,
                                   .read = read_function};
    return lock_read_map(reader, &list);
}

static int read_item(struct lock_reader *reader, void *element)
{
    static const struct lock_field members[] = {
        {"place", lock_read_place, offsetof(struct layer_item, place), false},
        {"digest", lock_read_hash, offsetof(struct layer_item, digest), false},
        {"zip_bytes", lock_read_bytes, offsetof(struct layer_item, zip_bytes), false},
        {"unzipped_bytes", lock_read_bytes, offsetof(struct layer_item, unzipped_bytes), false},
        {"shadowed", lock_read_truth, offsetof(struct layer_item, shadowed), true},
    };
    static const struct lock_fields fields = LOCK_FIELDS(members);
    return lock_read_object(reader, &fields, element);
}

static int read_items(struct lock_reader *reader, void *value)
{
    struct lock_layer *layer = value;
    size_t at = reader->token.at;
    const struct lock_list list = {.items = (void **)&layer->items,
                                   .count = &layer->item_count,
                                   .size_bytes = sizeof(*layer->items),
                                   .sorted = true,
                                   .read = read_item};
    int status = lock_read_list(reader, &list);
    return status == 0 && layer->item_count == 0
               ? lock_fail(reader, at, "is empty; a layer has one item at least")
               : status;
}

static int read_layer(struct lock_reader *reader, void *element)
{
    static const struct lock_field members[] = {
        {"zip_bytes", lock_read_bytes, offsetof(struct lock_layer, zip.zip_bytes), false},
        {"sha256", lock_read_sha256, offsetof(struct lock_layer, zip.sha256), false},
        {"content", lock_read_hash, offsetof(struct lock_layer, zip.content), false},
        {"unzipped_bytes", lock_read_bytes, offsetof(struct lock_layer, zip.unzipped_bytes), false},
        {"items", read_items, 0, false},
    };
    static const struct lock_fields fields = LOCK_FIELDS(members);
    return lock_read_object(reader, &fields, element);
}

static int read_layers(struct lock_reader *reader, void *value)
{
    struct lock_file *lock = value;
    const struct lock_list list = {.items = (void **)&lock->layers,
                                   .count = &lock->layer_count,
                                   .size_bytes = sizeof(*lock->layers),
                                   .refuse = lock_refuse_layer_name,
                                   .read = read_layer};
    return lock_read_map(reader, &list);
}

static int read_change(struct lock_reader *reader, void *element)
{
    static const struct lock_field members[] = {
        {"count", lock_read_count, offsetof(struct lock_change, count), false},
        {"digest", lock_read_hash, offsetof(struct lock_change, digest), false},
    };
    static const struct lock_fields fields = LOCK_FIELDS(members);
    return lock_read_object(reader, &fields, element);
}

static int read_changes(struct lock_reader *reader, void *value)
{
    struct lock_file *lock = value;
    const struct lock_list list = {.items = (void **)&lock->changes,
                                   .count = &lock->change_count,
                                   .size_bytes = sizeof(*lock->changes),
                                   .refuse = lock_refuse_place,
                                   .read = read_change};
    return lock_read_map(reader, &list);
}

static int read_publication(struct lock_reader *reader, void *element)
{
    static const struct lock_field members[] = {
        {"date", lock_read_date, offsetof(struct lock_publication, date), false},
        {"kind", lock_read_kind, offsetof(struct lock_publication, kind), false},
        {"name", lock_read_layer_name, offsetof(struct lock_publication, name), false},
        {"zip_bytes", lock_read_bytes, offsetof(struct lock_publication, zip_bytes), false},
        {"sha256", lock_read_sha256, offsetof(struct lock_publication, sha256), false},
        {"layers", lock_read_attached, offsetof(struct lock_publication, attached), true},
    };
    static const struct lock_fields fields = LOCK_FIELDS(members);
    size_t at = reader->token.at;
    int status = lock_read_object(reader, &fields, element);
    const struct lock_publication *publication = element;
    const char *why =
        status == 0 && publication->kind == LOCK_FUNCTION ? refuse_function_name(publication->name) : NULL;
    if (why)
        return lock_fail(reader, at, "the name of a function %s", why);
    if (status == 0 && publication->kind == LOCK_LAYER && publication->attached.known)
        return lock_fail(reader, at, "a layer has no \"layers\"");
    return status;
}

static int read_ledger(struct lock_reader *reader, void *value)
{
    struct lock_file *lock = value;
    const struct lock_list list = {.items = (void **)&lock->ledger,
                                   .count = &lock->ledger_count,
                                   .size_bytes = sizeof(*lock->ledger),
                                   .read = read_publication};
    return lock_read_list(reader, &list);
}

static int check_references(struct lock_reader *reader)
{
    const struct reading *reading = reader->user;
    for (size_t i = 0; i < reading->reference_count; i++) {
        const struct reference *reference = &reading->references[i];
        const struct lock_function *function = &reading->lock->functions[reference->function];
        const char *layer = function->layers[reference->element];
        if (!lock_find_layer(reading->lock, layer))
            return lock_fail(reader, reference->at, "functions.%s.layers: there is no layer \"%s\"",
                             function->name, layer);
    }
    return 0;
}

static void set_changes(struct lock_file *lock)
{
    for (size_t i = 0; lock->change_count > 0 && i < lock->layer_count; i++)
        for (size_t k = 0; k < lock->layers[i].item_count; k++) {
            const struct lock_change *change = lock_find_change(lock, lock->layers[i].items[k].place);
            lock->layers[i].items[k].changes = change ? change->count : 0;
        }
}

int lock_file_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                    struct lock_file *lock, struct shared_error *err)
{
    static const struct lock_field members[] = {
        {"format", read_format, 0, false},
        {"project", lock_read_project, offsetof(struct lock_file, project), false},
        {"architecture", lock_read_architecture, offsetof(struct lock_file, architecture), false},
        {"functions", read_functions, 0, false},
        {"layers", read_layers, 0, false},
        {"changes", read_changes, 0, false},
        {"ledger", read_ledger, 0, false},
    };
    static const struct lock_fields fields = LOCK_FIELDS(members);
    *lock = (struct lock_file){0};
    struct reading reading = {.lock = lock};
    struct lock_reader reader = {
        .path = path,
        .text = text,
        .arena = arena,
        .err = err,
        .user = &reading,
        .remedy = "; restore the lock as last committed, or remove it to begin afresh, without its ledger"};
    int status = lock_reader_start(&reader);
    if (status == 0)
        status = check_format(reader);
    if (status == 0)
        status = lock_read_object(&reader, &fields, lock);
    if (status == 0)
        status = lock_end(&reader);
    if (status == 0)
        status = check_references(&reader);
    if (status == 0 && !lock_ledger_sort(lock->ledger, lock->ledger_count, arena))
        status = lock_no_memory(&reader);
    if (status < 0)
        *lock = (struct lock_file){0};
    else
        set_changes(lock);
    return status;
}

int lock_file_read(const char *path, struct shared_arena *arena, struct lock_file *lock,
                   struct shared_error *err)
{
    struct shared_error own;
    struct shared_slice text;
    struct shared_error *said = err ? err : &own;
    *lock = (struct lock_file){0};
    int status = file_read(path, LOCK_LIMIT_BYTES, arena, &text, said);
    if (status == 0)
        return lock_file_parse(path, text, arena, lock, err);
    return status == SHARED_EIO && said->sys_errno == ENOENT ? 0 : status;
}
