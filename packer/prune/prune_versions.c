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
    struct prune_named named;
    int status = prune_read_named(reader, PRUNE_FUNCTION, &named);
    if (status == 0)
        status = prune_copy(reader, named.arn.whole, &version->function);
    if (status == 0)
        status = prune_copy(reader, named.arn.name, &version->name);
    return status < 0 ? status : prune_check_place(reader, &named, reading->lists);
}

/* It may be of another account, and then none that could go. */
static int read_layer_arn(struct lock_reader *reader, void *value)
{
    struct prune_named named;
    int status = prune_read_named(reader, PRUNE_LAYER, &named);
    return status < 0 ? status : prune_copy(reader, named.text, value);
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
    const struct prune_size known = {attached.arn, attached.bytes};
    return prune_add(reader, &reading->lists->sizes, &known, sizeof(known));
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
    return status < 0 ? status : prune_add(reader, &reading->lists->versions, &version, sizeof(version));
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
    return status < 0 ? status
                      : prune_add_pages(reader, versions, sizeof(struct prune_version), reading->first,
                                        !reading->more, &reading->lists->version_pages);
}

int prune_versions_read(const char *path, struct shared_slice text, struct shared_arena *arena,
                        struct prune_lists *lists, struct shared_error *err)
{
    struct reading reading = {.lists = lists};
    struct lock_reader reader = {.path = path, .text = text, .arena = arena, .err = err, .user = &reading};
    return prune_documents_read(&reader, COMMAND, read_document);
}
