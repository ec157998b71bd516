#include "package/package_list.h"

#include "base/cleanup.h"
#include "package/package_shown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * Places are sorted by keys, in the order of a case-insensitive tree: letters folded, and a slash before all other
 * characters (none in a place is below 0x20). In that order whatever lies below "a" follows "a" at once, so
 * looking at neighbours is enough.
 */
struct keyed {
    char *key;
    const struct package_entry *entry;
};

static char folded(char c)
{
    return c == '/' ? 1 : (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static int by_tree(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    if (order == 0)
        order = strcmp(a->entry->place, b->entry->place);
    return order ? order : strcmp(a->entry->source, b->entry->source);
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(((const struct keyed *)left)->entry->place, ((const struct keyed *)right)->entry->place);
}

static int fail_on_case(const struct package_entry *a, const struct package_entry *b,
                        struct shared_error *err)
{
    return shared_fail(err, SHARED_EINVAL, 0,
                       "\"%s\" (from %s) and \"%s\" (from %s) differ only in case: rename one",
                       package_shown(a->place).text, package_shown(a->source).text,
                       package_shown(b->place).text, package_shown(b->source).text);
}

static int fail_on_same(const struct package_entry *a, const struct package_entry *b,
                        struct shared_error *err)
{
    return shared_fail(
        err, SHARED_EINVAL, 0, "%s and %s both go to \"%s\": leave one out, or give it another place",
        package_shown(a->source).text, package_shown(b->source).text, package_shown(a->place).text);
}

static int fail_on_below(const struct package_entry *leaf, const struct package_entry *below,
                         struct shared_error *err)
{
    return shared_fail(err, SHARED_EINVAL, 0, "\"%s\" (from %s) lies below \"%s\", which is a %s (from %s)",
                       package_shown(below->place).text, package_shown(below->source).text,
                       package_shown(leaf->place).text, leaf->kind == PACKAGE_SYMLINK ? "symlink" : "file",
                       package_shown(leaf->source).text);
}

/* What two keys begin with both. */
struct common {
    size_t bytes;
    size_t folders_bytes; /* of these, up to and with the last slash */
};

static struct common common_of(const char *a, const char *b)
{
    struct common common = {0, 0};
    while (a[common.bytes] && a[common.bytes] == b[common.bytes]) {
        common.bytes++;
        if (a[common.bytes - 1] == folded('/'))
            common.folders_bytes = common.bytes;
    }
    return common;
}

/* Sets *redundant where a is a folder that b shows, or repeats. */
static int check_neighbours(const struct keyed *left, const struct keyed *right, bool *redundant,
                            struct shared_error *err)
{
    const struct package_entry *a = left->entry, *b = right->entry;
    struct common common = common_of(left->key, right->key);
    bool a_is_prefix = a->place[common.bytes] == '\0';
    bool same = a_is_prefix && b->place[common.bytes] == '\0';
    *redundant = false;
    if (a->kind != PACKAGE_FOLDER && a_is_prefix && b->place[common.bytes] == '/')
        return fail_on_below(a, b, err);
    if (memcmp(a->place, b->place, same ? common.bytes : common.folders_bytes) != 0)
        return fail_on_case(a, b, err);
    if (a->kind == PACKAGE_FOLDER)
        *redundant = a_is_prefix;
    else if (same)
        return fail_on_same(a, b, err);
    return 0;
}

static size_t keys_bytes(const struct package_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += strlen(list->items[i].place) + 1;
    return bytes;
}

static void make_keys(const struct package_list *list, struct keyed *keyed, char *key)
{
    for (size_t i = 0; i < list->count; i++) {
        keyed[i] = (struct keyed){key, &list->items[i]};
        for (const char *place = keyed[i].entry->place; *place; place++)
            *key++ = folded(*place);
        *key++ = '\0';
    }
}

/* Leaves out folders that need not be told of; what is left is sorted by bytes. */
static int check_sorted(struct keyed *keyed, size_t *count, struct shared_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        bool redundant = false;
        int status = i + 1 < *count ? check_neighbours(&keyed[i], &keyed[i + 1], &redundant, err) : 0;
        if (status < 0)
            return status;
        if (!redundant)
            keyed[kept++] = keyed[i];
    }
    *count = kept;
    qsort(keyed, kept, sizeof(*keyed), by_bytes);
    return 0;
}

int package_clash_check(struct package_list *list, struct shared_error *err)
{
    size_t count = list->count;
    CLEANUP_FREE struct keyed *keyed = malloc((count + 1) * sizeof(*keyed));
    CLEANUP_FREE char *keys = malloc(keys_bytes(list) + 1);
    struct package_entry *sorted = shared_arena_alloc(list->arena, (count + 1) * sizeof(*sorted));
    if (!keyed || !keys || !sorted)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to sort %zu files", count);
    make_keys(list, keyed, keys);
    qsort(keyed, count, sizeof(*keyed), by_tree);
    int status = check_sorted(keyed, &count, err);
    for (size_t i = 0; status == 0 && i < count; i++)
        sorted[i] = *keyed[i].entry;
    if (status < 0)
        return status;
    list->items = sorted;
    list->count = list->capacity = count;
    return 0;
}
