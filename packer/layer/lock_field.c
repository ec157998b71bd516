#include "layer/lock_field.h"

#include "base/nearest.h"
#include "base/text_width.h"

#include <string.h>

#define MOST_FIELDS 8
#define SHOWN_COLUMNS 40

static int unknown_field(struct lock_reader *reader, const struct lock_fields *fields)
{
    const char *names[MOST_FIELDS];
    for (size_t i = 0; i < fields->count; i++)
        names[i] = fields->items[i].name;
    struct shared_slice name = reader->steps[reader->depth - 1].name;
    char wanted[80] = {0};
    memcpy(wanted, name.data, name.size_bytes < sizeof(wanted) ? name.size_bytes : sizeof(wanted) - 1);
    const char *nearest = nearest_name(wanted, names, fields->count);
    return lock_fail(reader, lock_member_at(reader), "is no key of a lock%s%s%s", nearest ? " (\"" : "",
                     nearest ? nearest : "", nearest ? "\" is)" : "");
}

static const struct lock_field *find_field(const struct lock_reader *reader, const struct lock_fields *fields)
{
    struct shared_slice name = reader->steps[reader->depth - 1].name;
    for (size_t i = 0; i < fields->count; i++)
        if (shared_slice_equal(name, shared_slice_from_text(fields->items[i].name)))
            return &fields->items[i];
    return NULL;
}

static int read_member(struct lock_reader *reader, const struct lock_fields *fields, void *base,
                       unsigned *seen)
{
    const struct lock_field *field = find_field(reader, fields);
    if (!field)
        return unknown_field(reader, fields);
    unsigned bit = 1u << (field - fields->items);
    if (*seen & bit)
        return lock_fail(reader, lock_member_at(reader), "stands here twice");
    *seen |= bit;
    return field->read(reader, (char *)base + field->offset);
}

int lock_read_object(struct lock_reader *reader, const struct lock_fields *fields, void *base)
{
    size_t start = reader->token.at, count = 0;
    unsigned seen = 0;
    int more = 0, status = lock_open(reader, '{');
    while (status == 0 && (more = lock_member(reader, count++)) > 0)
        status = read_member(reader, fields, base, &seen);
    if (status < 0 || more < 0)
        return status < 0 ? status : more;
    for (size_t i = 0; i < fields->count; i++)
        if (!(seen >> i & 1) && !fields->items[i].optional)
            return lock_fail(reader, start, "has no \"%s\"", fields->items[i].name);
    return 0;
}

/* The next element of a list that doubles, zeroed; NULL, told, where memory is exhausted. */
static void *grow(struct lock_reader *reader, const struct lock_list *list)
{
    size_t count = *list->count, size = list->size_bytes;
    if ((count & (count - 1)) == 0) {
        void *larger =
            shared_arena_resize(reader->arena, *list->items, count * size, (count ? 2 * count : 1) * size);
        if (!larger) {
            lock_no_memory(reader);
            return NULL;
        }
        *list->items = larger;
    }
    return memset((char *)*list->items + count * size, 0, size);
}

/* What a struct of a list begins with. */
static const char *name_of(const void *element)
{
    return *(const char *const *)element;
}

static int check_order(struct lock_reader *reader, const struct lock_list *list, size_t at)
{
    const char *element = (const char *)*list->items + *list->count * list->size_bytes;
    const char *last = *list->count ? name_of(element - list->size_bytes) : NULL;
    if (!last || strcmp(last, name_of(element)) < 0)
        return 0;
    return lock_fail(reader, at, "must stand before \"%.*s\": all are sorted, and each stands here once",
                     (int)text_fit(last, SHOWN_COLUMNS), last);
}

static int read_named(struct lock_reader *reader, const struct lock_list *list)
{
    size_t at = lock_member_at(reader);
    const char **element = grow(reader, list);
    int status = element ? lock_member_name(reader, element) : SHARED_ENOMEM;
    if (status < 0)
        return status;
    const char *why = list->refuse(*element);
    if (why)
        return lock_fail(reader, at, "the name %s", why);
    status = check_order(reader, list, at);
    if (status == 0)
        status = list->read(reader, element);
    *list->count += status == 0;
    return status;
}

int lock_read_map(struct lock_reader *reader, const struct lock_list *list)
{
    size_t count = 0;
    int more = 0, status = lock_open(reader, '{');
    while (status == 0 && (more = lock_member(reader, count++)) > 0)
        status = read_named(reader, list);
    return status < 0 ? status : more;
}

static int read_element(struct lock_reader *reader, const struct lock_list *list)
{
    size_t at = reader->token.at;
    void *element = grow(reader, list);
    int status = element ? list->read(reader, element) : SHARED_ENOMEM;
    if (status == 0 && list->sorted)
        status = check_order(reader, list, at);
    *list->count += status == 0;
    return status;
}

int lock_read_list(struct lock_reader *reader, const struct lock_list *list)
{
    size_t count = 0;
    int more = 0, status = lock_open(reader, '[');
    while (status == 0 && (more = lock_element(reader, count++)) > 0)
        status = read_element(reader, list);
    return status < 0 ? status : more;
}
