#include "package/package_list.h"

#include "package/package_shown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As many as the kernel follows: path_resolution(7). */
#define MOST_LINKS 40

/* Where a symlink has led so far: a path from the top of the package, and what is still to be walked from
 * there. */
struct trail {
    char at[8192];
    size_t at_size;
    char rest[2][32768]; /* the one in use, and room to put a target before it */
    int use;
    int links;
    bool dangles; /* it came by what the package does not hold */
};

static int by_place(const void *key, const void *entry)
{
    return strcmp(key, ((const struct package_entry *)entry)->place);
}

static const struct package_entry *find(const struct package *package, const char *place)
{
    return bsearch(place, package->entries, package->count, sizeof(*package->entries), by_place);
}

/* Whether something lies below a place; an empty folder has an entry "place/". */
static bool is_folder(const struct package *package, const char *place, size_t size)
{
    size_t low = 0, high = package->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *there = package->entries[middle].place;
        int order = strncmp(there, place, size);
        if (order < 0 || (order == 0 && (unsigned char)there[size] < '/'))
            low = middle + 1;
        else
            high = middle;
    }
    const char *first = low < package->count ? package->entries[low].place : "";
    return strncmp(first, place, size) == 0 && first[size] == '/';
}

static bool go_up(struct trail *trail)
{
    if (trail->at_size == 0)
        return false;
    while (trail->at_size > 0 && trail->at[--trail->at_size] != '/')
        ;
    trail->at[trail->at_size] = '\0';
    return true;
}

static bool go_down(struct trail *trail, const char *part, size_t size)
{
    size_t slash = trail->at_size > 0;
    if (trail->at_size + slash + size >= sizeof(trail->at))
        return false;
    if (slash)
        trail->at[trail->at_size++] = '/';
    memcpy(trail->at + trail->at_size, part, size);
    trail->at_size += size;
    trail->at[trail->at_size] = '\0';
    return true;
}

/* Goes on at a symlink's target: what is left is walked from there. */
static bool turn(struct trail *trail, const char *target, const char *left)
{
    char *next = trail->rest[!trail->use];
    if (++trail->links > MOST_LINKS || strlen(target) + 1 + strlen(left) >= sizeof(trail->rest[0]))
        return false;
    strcpy(stpcpy(stpcpy(next, target), "/"), left);
    trail->use = !trail->use;
    return go_up(trail);
}

/* Returns NULL where the trail stays in the package, else what is wrong with it. */
static const char *follow(const struct package *package, struct trail *trail)
{
    const char *p = trail->rest[trail->use];
    while (*p) {
        size_t size = strcspn(p, "/");
        const char *part = p;
        p += size + (part[size] == '/');
        if (size == 0 || (size == 1 && part[0] == '.'))
            continue;
        if (size == 2 && memcmp(part, "..", 2) == 0) {
            if (!go_up(trail))
                return "leads out of the package";
            continue;
        }
        if (!go_down(trail, part, size))
            return "leads to a path that is too long";
        const struct package_entry *entry = find(package, trail->at);
        if (!entry && !is_folder(package, trail->at, trail->at_size))
            trail->dangles = true;
        if (!entry || entry->kind != PACKAGE_SYMLINK)
            continue;
        if (entry->target[0] == '/')
            return "leads out of the package";
        if (!turn(trail, entry->target, p))
            return "leads round in a circle, or through more than 40 symlinks";
        p = trail->rest[trail->use];
    }
    return NULL;
}

static const char *check_link(const struct package *package, const struct package_entry *link,
                              struct trail *trail)
{
    /* An absolute one would lead into whatever image the function runs in. */
    if (link->target[0] == '/')
        return "leads out of the package";
    trail->links = trail->use = 0;
    trail->dangles = false;
    trail->at_size = strlen(link->place);
    if (trail->at_size >= sizeof(trail->at) || strlen(link->target) >= sizeof(trail->rest[0]))
        return "leads to a path that is too long";
    memcpy(trail->at, link->place, trail->at_size + 1);
    go_up(trail);
    strcpy(trail->rest[0], link->target);
    return follow(package, trail);
}

int package_link_check(const struct package_list *list, struct shared_error *err)
{
    const struct package package = {.entries = list->items, .count = list->count};
    struct trail *trail = shared_arena_alloc(list->arena, sizeof(*trail));
    if (!trail)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to follow symlinks");
    for (size_t i = 0; i < list->count; i++) {
        const struct package_entry *link = &list->items[i];
        const char *wrong = link->kind == PACKAGE_SYMLINK ? check_link(&package, link, trail) : NULL;
        if (wrong)
            return shared_fail(err, SHARED_EINVAL, 0,
                               "\"%s\": the symlink %s to %s %s: put what it leads to in its place",
                               package_shown(link->place).text, package_shown(link->source).text,
                               package_shown(link->target).text, wrong);
    }
    return 0;
}

int package_dangling(const struct package *package, struct shared_arena *arena,
                     const struct package_entry ***links, size_t *count, struct shared_error *err)
{
    struct trail *trail = shared_arena_alloc(arena, sizeof(*trail));
    size_t capacity = 0;
    *links = NULL;
    *count = 0;
    if (!trail)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to follow symlinks");
    for (size_t i = 0; i < package->count; i++) {
        const struct package_entry *link = &package->entries[i];
        if (link->kind != PACKAGE_SYMLINK || check_link(package, link, trail) || !trail->dangles)
            continue;
        if (*count == capacity) {
            size_t more = capacity ? 2 * capacity : 16, bytes = sizeof(**links);
            *links = shared_arena_resize(arena, *links, capacity * bytes, more * bytes);
            if (!*links)
                return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu symlinks", more);
            capacity = more;
        }
        (*links)[(*count)++] = link;
    }
    return 0;
}
