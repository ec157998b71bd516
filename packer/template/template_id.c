#include "template/template.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Each part of a name begins with a capital letter. */
static char *camel_case(const char *name, const char *ending, struct shared_arena *arena)
{
    char *id = shared_arena_alloc(arena, strlen(name) + strlen(ending) + 1), *end = id;
    bool begins = true;
    if (!id)
        return NULL;
    for (; *name; name++) {
        bool lower = *name >= 'a' && *name <= 'z';
        if (is_plain(*name))
            *end++ = begins && lower ? (char)(*name - 'a' + 'A') : *name;
        begins = !is_plain(*name);
    }
    strcpy(end, ending);
    return id;
}

struct named {
    const char *name;
    size_t place;
    char *id;
};

static int compare(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    int order = strcmp(left->id, right->id);
    return order ? order : strcmp(left->name, right->name);
}

static char *with_hash(const struct named *named, struct shared_arena *arena)
{
    char hex[HASH_TEXT_BYTES];
    const struct hash hash = hash_bytes(shared_slice_from_text(named->name));
    hash_to_text(&hash, hex);
    return shared_arena_format(arena, "%s%s", named->id, hex);
}

const char **template_ids(const char *const *names, size_t count, const char *ending,
                          struct shared_arena *arena)
{
    const char **ids = shared_arena_alloc(arena, count * sizeof(*ids));
    struct named *sorted = shared_arena_alloc(arena, count * sizeof(*sorted));
    bool good = ids && sorted;
    for (size_t i = 0; good && i < count; i++) {
        sorted[i] = (struct named){names[i], i, camel_case(names[i], ending, arena)};
        good = sorted[i].id;
    }
    if (good && count)
        qsort(sorted, count, sizeof(*sorted), compare);
    for (size_t i = 0; good && i < count; i++) {
        bool again = i > 0 && strcmp(sorted[i].id, sorted[i - 1].id) == 0;
        ids[sorted[i].place] = again ? with_hash(&sorted[i], arena) : sorted[i].id;
        good = ids[sorted[i].place];
    }
    return good ? ids : NULL;
}
