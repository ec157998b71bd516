#include "prune/prune_document.h"

#define COMMAND "aws lambda list-aliases"

struct reading {
    struct prune_lists *lists;
    const char *wanted; /* whose aliases they are, by the user's word; NULL: not said */
    size_t first;
    bool more;
    struct prune_alias alias;
};

static int read_arn(struct lock_reader *reader, void *value)
{
    struct reading *reading = reader->user;
    struct prune_alias *alias = value;
    struct prune_named named;
    int status = prune_read_named(reader, PRUNE_ALIAS, &named);
    const struct shared_slice name = named.arn.name;
    if (status == 0 && reading->wanted && !shared_slice_equal(name, shared_slice_from_text(reading->wanted)))
        return lock_fail(reader, named.at, "is of the function %.*s, not of %s", (int)name.size_bytes,
                         name.data, reading->wanted);
    if (status == 0)
        status = prune_copy(reader, named.arn.whole, &alias->function);
    if (status == 0)
        status = prune_copy(reader, named.arn.qualifier, &alias->name);
    return status < 0 ? status : prune_check_place(reader, &named, reading->lists);
}

static int add_alias(struct lock_reader *reader, const struct prune_alias *alias)
{
    struct reading *reading = reader->user;
    return prune_add(reader, &reading->lists->aliases, alias, sizeof(*alias));
}

/* {"7":0.1}: a version that takes a part of the traffic is one that the alias points to. Its ARN may come later, and
 * is filled in at the end. */
static int read_weights(struct lock_reader *reader, void *value)
{
    (void)value;
    int status = lock_open(reader, '{');
    for (size_t i = 0; status == 0; i++) {
        struct prune_alias alias = {0};
        status = lock_member(reader, i);
        if (status <= 0)
            break;
        if (!prune_version_read(reader->steps[reader->depth - 1].name, &alias.version))
            return lock_fail(reader, lock_member_at(reader), "is no version: expected a number from 1 on");
        status = add_alias(reader, &alias);
        if (status == 0)
            status = prune_value_skip(reader);
    }
    return status;
}

static int read_routing(struct lock_reader *reader, void *value)
{
    static const struct prune_member members[] = {{"AdditionalVersionWeights", read_weights, 0, false}};
    return prune_object_read(reader, members, 1, value);
}

static const struct prune_member alias_members[] = {
    {"AliasArn", read_arn, 0, true},
    {"FunctionVersion", prune_read_version, offsetof(struct prune_alias, version), true},
    {"RoutingConfig", read_routing, 0, false},
};

static int read_alias(struct lock_reader *reader, void *base)
{
    struct reading *reading = base;
    struct prune_list *aliases = &reading->lists->aliases;
    struct prune_alias alias = {0};
    size_t first = aliases->count;
    int status = prune_object_read(reader, alias_members, 3, &alias);
    for (size_t i = first; status == 0 && i < aliases->count; i++) {
        struct prune_alias *routed = (struct prune_alias *)aliases->items + i;
        routed->function = alias.function;
        routed->name = alias.name;
    }
    return status < 0 ? status : add_alias(reader, &alias);
}

static int read_aliases(struct lock_reader *reader, void *value)
{
    (void)value;
    return prune_list_read(reader, read_alias, reader->user);
}

static const struct prune_member document_members[] = {
    {"Aliases", read_aliases, 0, true},
    {"NextMarker", prune_read_marker, offsetof(struct reading, more), false},
    {"NextToken", prune_read_marker, offsetof(struct reading, more), false},
};

static int read_document(struct lock_reader *reader)
{
    struct reading *reading = reader->user;
    struct prune_list *aliases = &reading->lists->aliases;
    size_t start = reader->token.at;
    reading->first = aliases->count;
    reading->more = false;
    int status = prune_object_read(reader, document_members, 3, reading);
    if (status < 0)
        return status;
    struct prune_list *pages = &reading->lists->alias_pages;
    const struct prune_page page = {.function = reading->wanted, .last = !reading->more};
    if (reading->wanted)
        return prune_add(reader, pages, &page, sizeof(page));
    if (reading->first == aliases->count)
        return lock_fail(
            reader, start,
            "lists no alias, and so does not say of which function: write --aliases FUNCTION=FILE");
    return prune_add_pages(reader, aliases, sizeof(struct prune_alias), reading->first, !reading->more,
                           pages);
}

int prune_aliases_read(const char *path, struct shared_slice text, const char *function,
                       struct shared_arena *arena, struct prune_lists *lists, struct shared_error *err)
{
    struct reading reading = {.lists = lists, .wanted = function};
    struct lock_reader reader = {.path = path, .text = text, .arena = arena, .err = err, .user = &reading};
    return prune_documents_read(&reader, COMMAND, read_document);
}
