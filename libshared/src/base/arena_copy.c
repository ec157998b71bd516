#include <shared/arena.h>

#include <string.h>

char *shared_arena_copy(struct shared_arena *arena, struct shared_slice slice)
{
    char *copy = slice.size_bytes < (size_t)-1 ? shared_arena_alloc(arena, slice.size_bytes + 1) : NULL;
    if (!copy)
        return NULL;
    if (slice.size_bytes)
        memcpy(copy, slice.data, slice.size_bytes);
    copy[slice.size_bytes] = '\0';
    return copy;
}
