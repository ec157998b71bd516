#include "prune/prune_document.h"

#define COMMAND "aws lambda list-layer-versions"

/* Of list-layer-versions an element, of get-layer-version the document. */
struct found {
    struct prune_layer layer;
    uint64_t bytes;
    bool list; /* the document has LayerVersions */
};

static int read_arn(struct lock_reader *reader, void *value)
{
    struct prune_layer *layer = value;
    struct prune_named named;
    int status = prune_read_named(reader, PRUNE_LAYER, &named);
    layer->version = named.version;
    if (status == 0)
        status = prune_copy(reader, named.text, &layer->arn);
    if (status == 0)
        status = prune_copy(reader, named.arn.whole, &layer->whole);
    if (status == 0)
        status = prune_copy(reader, named.arn.name, &layer->name);
    return status < 0 ? status : prune_check_place(reader, &named, reader->user);
}

static int add_layer(struct lock_reader *reader, const struct found *found)
{
    struct prune_lists *lists = reader->user;
    struct prune_layer layer = found->layer;
    const struct prune_size size = {found->layer.arn, found->bytes};
    layer.bytes = PRUNE_UNKNOWN;
    int status = prune_add(reader, &lists->layers, &layer, sizeof(layer));
    return status < 0 || found->bytes == PRUNE_UNKNOWN
               ? status
               : prune_add(reader, &lists->sizes, &size, sizeof(size));
}

static const struct prune_member element_members[] = {
    {"LayerVersionArn", read_arn, offsetof(struct found, layer), true},
    {"CreatedDate", prune_read_date, offsetof(struct found, layer.created), false},
};

static int read_element(struct lock_reader *reader, void *base)
{
    (void)base;
    struct found found = {.bytes = PRUNE_UNKNOWN};
    int status = prune_object_read(reader, element_members, 2, &found);
    return status < 0 ? status : add_layer(reader, &found);
}

static int read_list(struct lock_reader *reader, void *value)
{
    *(bool *)value = true;
    return prune_list_read(reader, read_element, NULL);
}

static int read_content(struct lock_reader *reader, void *value)
{
    static const struct prune_member members[] = {{"CodeSize", prune_read_bytes, 0, true}};
    return prune_object_read(reader, members, 1, value);
}

static const struct prune_member document_members[] = {
    {"LayerVersions", read_list, offsetof(struct found, list), false},
    {"LayerVersionArn", read_arn, offsetof(struct found, layer), false},
    {"CreatedDate", prune_read_date, offsetof(struct found, layer.created), false},
    {"Content", read_content, offsetof(struct found, bytes), false},
};

static int read_document(struct lock_reader *reader)
{
    struct found found = {.bytes = PRUNE_UNKNOWN};
    size_t start = reader->token.at;
    int status = prune_object_read(reader, document_members, 4, &found);
    if (status < 0)
        return status;
    if (!found.list && !found.layer.arn)
        return lock_fail(reader, start,
                         "LayerVersions is missing, and so is LayerVersionArn of get-layer-version");
    return found.layer.arn ? add_layer(reader, &found) : 0;
}

int prune_layers_read(const char *path, struct shared_slice text, struct shared_arena *arena,
                      struct prune_lists *lists, struct shared_error *err)
{
    struct lock_reader reader = {.path = path, .text = text, .arena = arena, .err = err, .user = lists};
    return prune_documents_read(&reader, COMMAND, read_document);
}
