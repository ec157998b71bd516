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
    struct shared_slice text;
    struct prune_arn arn;
    size_t at = reader->token.at;
    int status = lock_plain(reader, &text);
    if (status < 0)
        return status;
    if (!prune_arn_read(text, "layer", &arn) || !prune_version_read(arn.qualifier, &layer->version) ||
        layer->version == PRUNE_LATEST)
        return lock_fail(reader, at,
                         "is no name of a layer's version: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:3");
    layer->arn = shared_arena_copy(reader->arena, text);
    layer->whole = shared_arena_copy(reader->arena, arn.whole);
    layer->name = shared_arena_copy(reader->arena, arn.name);
    return layer->arn && layer->whole && layer->name ? prune_check_place(reader, at, &arn, reader->user)
                                                     : lock_no_memory(reader);
}

static int add_layer(struct lock_reader *reader, const struct found *found)
{
    struct prune_lists *lists = reader->user;
    struct prune_layer *layer = prune_list_add(&lists->layers, sizeof(*layer), reader->arena);
    if (!layer)
        return lock_no_memory(reader);
    *layer = found->layer;
    layer->bytes = PRUNE_UNKNOWN;
    if (found->bytes == PRUNE_UNKNOWN)
        return 0;
    struct prune_size *size = prune_list_add(&lists->sizes, sizeof(*size), reader->arena);
    if (!size)
        return lock_no_memory(reader);
    *size = (struct prune_size){found->layer.arn, found->bytes};
    return 0;
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
