#include "layer/lock_file.h"

#include <stdlib.h>
#include <string.h>

/* Structs of a lock begin with what they are sorted by. */
static int compare_name(const void *name, const void *element)
{
    return strcmp(name, *(const char *const *)element);
}

static const void *find(const char *name, const void *items, size_t count, size_t size)
{
    return count ? bsearch(name, items, count, size, compare_name) : NULL;
}

const struct lock_function *lock_find_function(const struct lock_file *lock, const char *name)
{
    return find(name, lock->functions, lock->function_count, sizeof(*lock->functions));
}

const struct lock_layer *lock_find_layer(const struct lock_file *lock, const char *name)
{
    return find(name, lock->layers, lock->layer_count, sizeof(*lock->layers));
}

const struct lock_change *lock_find_change(const struct lock_file *lock, const char *place)
{
    return find(place, lock->changes, lock->change_count, sizeof(*lock->changes));
}

int lock_file_is_of(const struct lock_file *lock, const char *path, const char *project,
                    struct shared_error *err)
{
    if (!lock->project || strcmp(lock->project, project) == 0)
        return 0;
    return shared_fail(err, SHARED_EPROTO, 0,
                       "%s is of project %s, not %s: give each manifest a \"lock\" of its own, or, where the "
                       "project was renamed, write the new name into it",
                       path, lock->project, project);
}
