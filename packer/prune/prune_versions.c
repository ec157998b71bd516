#include "prune/prune_document.h"

#define COMMAND "aws lambda list-versions-by-function"

/* What the reader of one text has. */
struct reading {
    struct prune_lists *lists;
    size_t first; /* of this document, in lists->versions */
    bool more;
    struct prune_version version;
    size_t layer_capacity;
};

struct attached {
    const char *arn;
    uint64_t bytes;
};

static int read_arn(struct lock_reader *reader, void *value)
{
    struct reading *reading = reader->user;
    struct prune_version *version = value;
    struct shared_slice text;
    struct prune_arn arn;
    size_t at = reader->token.at;
    int status = lock_plain(reader, &text);
    if (status < 0)
        return status;
    if (!prune_arn_read(text, "function", &arn) || !prune_name_is_valid(arn.name))
        return lock_fail(reader, at,
                         "is no name of a function's version: arn:aws:lambda:REGION:ACCOUNT:function:NAME:7");
    version->function = shared_arena_copy(reader->arena, arn.whole);
    version->name = shared_arena_copy(reader->arena, arn.name);
    return version->function && version->name ? prune_check_place(reader, at, &arn, reading->lists)
                                              : lock_no_memory(reader);
}

static int read_layer_arn(struct lock_reader *reader, void *value)
{
    struct shared_slice text;
    struct prune_arn arn;
    uint64_t version;
    size_t at = reader->token.at;
    int status = lock_plain(reader, &text);
    if (status < 0)
        return status;
    if (!prune_arn_read(text, "layer", &arn) || !prune_version_read(arn.qualifier, &version))
        return lock_fail(reader, at,
                         "is no name of a layer's version: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:3");
    const char *copy = shared_arena_copy(reader->arena, text);
    *(const char **)value = copy;
    return copy ? 0 : lock_no_memory(reader);
}

static const struct prune_member layer_members[] = {
    {"Arn", read_layer_arn, offsetof(struct attached, arn), true},
    {"CodeSize", prune_read_bytes, offsetof(struct attached, bytes), false},
};

static int read_layer(struct lock_reader *reader, void *base)
{
    struct reading *reading = reader->user;
    struct prune_version *version = base;
    struct attached attached = {.bytes = PRUNE_UNKNOWN};
    int status = prune_object_read(reader, layer_members, 2, &attached);
    if (status < 0)
        return status;
    size_t capacity = reading->layer_capacity, size = sizeof(*version->layers);
    if (version->layer_count == capacity) {
        reading->layer_capacity = capacity ? 2 * capacity : 8;
        version->layers = shared_arena_resize(reader->arena, version->layers, capacity * size,
                                              reading->layer_capacity * size);
        if (!version->layers)
            return lock_no_memory(reader);
    }
    version->layers[version->layer_count++] = attached.arn;
    if (attached.bytes == PRUNE_UNKNOWN)
        return 0;
    struct prune_size *known = prune_list_add(&reading->lists->sizes, sizeof(*known), reader->arena);
    if (!known)
        return lock_no_memory(reader);
    *known = (struct prune_size){attached.arn, attached.bytes};
    return 0;
}

static int read_layers(struct lock_reader *reader, void *value)
{
    return prune_list_read(reader, read_layer, value);
}

static const struct prune_member version_members[] = {
    {"FunctionArn", read_arn, 0, true},
    {"Version", prune_read_version, offsetof(struct prune_version, version), true},
    {"CodeSize", prune_read_bytes, offsetof(struct prune_version, bytes), true},
    {"LastModified", prune_read_date, offsetof(struct prune_version, modified), false},
    {"Layers", read_layers, 0, false},
};

static int read_version(struct lock_reader *reader, void *base)
{
    struct reading *reading = base;
    struct prune_version version = {0};
    reading->layer_capacity = 0;
    int status = prune_object_read(reader, version_members, 5, &version);
    if (status < 0)
        return status;
    struct prune_version *added = prune_list_add(&reading->lists->versions, sizeof(*added), reader->arena);
    if (!added)
        return lock_no_memory(reader);
    *added = version;
    return 0;
}

static int read_versions(struct lock_reader *reader, void *value)
{
    (void)value;
    return prune_list_read(reader, read_version, reader->user);
}

static const struct prune_member document_members[] = {
    {"Versions", read_versions, 0, true},
    {"NextMarker", prune_read_marker, offsetof(struct reading, more), false},
    {"NextToken", prune_read_marker, offsetof(struct reading, more), false},
};

/* A document is a page of each function in it: of one, unless somebody put several together. */
static int read_document(struct lock_reader *reader)
{
    struct reading *reading = reader->user;
    struct prune_list *versions = &reading->lists->versions;
    reading->first = versions->count;
    reading->more = false;
    int status = prune_object_read(reader, document_members, 3, reading);
    for (size_t i = reading->first; status == 0 && i < versions->count; i++) {
        const struct prune_version *all = versions->items;
        if (i > reading->first && shared_slice_equal(shared_slice_from_text(all[i].function),
                                                     shared_slice_from_text(all[i - 1].function)))
            continue;
        struct prune_page *page =
            prune_list_add(&reading->lists->version_pages, sizeof(*page), reader->arena);
        if (!page)
            return lock_no_memory(reader);
        *page = (struct prune_page){all[i].function, !reading->more};
    }
    return status;
}

int prune_versions_read(const char *path, struct shared_slice text, struct shared_arena *arena,
                        struct prune_lists *lists, struct shared_error *err)
{
    struct reading reading = {.lists = lists};
    struct lock_reader reader = {.path = path, .text = text, .arena = arena, .err = err, .user = &reading};
    return prune_documents_read(&reader, COMMAND, read_document);
}
