#include "limit/limit_ledger.h"

#include "layer/lock_ledger.h"

#include <string.h>

/* The lock's record of a zip, where it is the same one; else NULL. */
static const struct lock_zip *find_same(const struct lock_file *lock, const struct limit_zip *zip)
{
    const struct lock_function *function =
        zip->kind == LOCK_FUNCTION ? lock_find_function(lock, zip->name) : NULL;
    const struct lock_layer *layer = zip->kind == LOCK_LAYER ? lock_find_layer(lock, zip->name) : NULL;
    const struct lock_zip *known = function ? &function->zip : layer ? &layer->zip : NULL;
    bool same = known && known->zip_bytes == zip->zip_bytes &&
                memcmp(&known->content, &zip->content, sizeof(known->content)) == 0;
    return same ? known : NULL;
}

int limit_ledger_add(const struct lock_file *lock, struct limit_zip *zips, size_t count,
                     struct shared_arena *arena, struct limit_region *region, struct shared_error *err)
{
    struct limit_part *added = shared_arena_alloc(arena, count * sizeof(*added));
    struct lock_published published;
    if (!added || !lock_published_make(lock, arena, &published))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to count what a publish adds");
    region->added = added;
    region->added_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lock_zip *same = zips[i].sha256 ? NULL : find_same(lock, &zips[i]);
        const char *sha256 = same ? same->sha256 : zips[i].sha256;
        zips[i].added =
            !sha256 || !lock_is_published(&published, zips[i].kind, zips[i].name, sha256, &zips[i].attached);
        if (zips[i].added)
            added[region->added_count++] = (struct limit_part){zips[i].name, zips[i].zip_bytes};
    }
    return 0;
}
