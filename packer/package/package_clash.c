#include "package/package_list.h"

#include "package/package_shown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * Places are compared in the order of a case-insensitive tree: letters folded, and a slash before all other
 * characters (none in a place is below 0x20). In that order whatever lies below "a" follows "a" at once, so
 * looking at neighbours is enough.
 */
static int folded(char c)
{
    if (c == '/')
        return 1;
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static int by_tree(const void *left, const void *right)
{
    const char *start_a = ((const struct package_entry *)left)->place, *a = start_a;
    const char *start_b = ((const struct package_entry *)right)->place, *b = start_b;
    while (*a && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    int order = folded(*a) - folded(*b);
    return order ? order : strcmp(start_a, start_b);
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(((const struct package_entry *)left)->place, ((const struct package_entry *)right)->place);
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

/* What two neighbours have in common, case aside. */
struct common {
    size_t bytes;         /* of both places */
    size_t folders_bytes; /* of these, up to and with the last slash */
};

static struct common common_of(const char *a, const char *b)
{
    struct common common = {0, 0};
    while (a[common.bytes] && folded(a[common.bytes]) == folded(b[common.bytes])) {
        common.bytes++;
        if (a[common.bytes - 1] == '/')
            common.folders_bytes = common.bytes;
    }
    return common;
}

/* Sets *redundant where a is a folder that b shows, or repeats. */
static int check_neighbours(const struct package_entry *a, const struct package_entry *b, bool *redundant,
                            struct shared_error *err)
{
    struct common common = common_of(a->place, b->place);
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

int package_clash_check(struct package_list *list, struct shared_error *err)
{
    size_t kept = 0;
    if (list->count == 0)
        return 0;
    qsort(list->items, list->count, sizeof(*list->items), by_tree);
    for (size_t i = 0; i < list->count; i++) {
        bool redundant = false;
        int status =
            i + 1 < list->count ? check_neighbours(&list->items[i], &list->items[i + 1], &redundant, err) : 0;
        if (status < 0)
            return status;
        if (!redundant)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
    qsort(list->items, list->count, sizeof(*list->items), by_bytes);
    return 0;
}
