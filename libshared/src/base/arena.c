#include <shared/arena.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 16u
#define BLOCK_BYTES 16320u /* and a header: just under 16 KiB */
#define RETAINED_BYTES (8u << 20)

/* Blocks form a list, newest first. Content follows the header, at an aligned place. */
struct shared_arena_block {
    struct shared_arena_block *older;
    size_t capacity;
    size_t used;
    size_t newest_at; /* where the newest allocation begins: it alone can change its size in place */
};

#define HEADER_BYTES ((sizeof(struct shared_arena_block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1))

static char *content(struct shared_arena_block *block)
{
    return (char *)block + HEADER_BYTES;
}

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

void shared_arena_init(struct shared_arena *arena)
{
    arena->newest = NULL;
}

void *shared_arena_alloc(struct shared_arena *arena, size_t size_bytes)
{
    return shared_arena_resize(arena, NULL, 0, size_bytes);
}

/*
 * The newest allocation changes its size in place where its block has room. Alone in its block it moves as a
 * whole: realloc of a large block remaps its pages and copies nothing, which is what keeps an event of
 * unknown length from standing in memory twice.
 */
void *shared_arena_resize(struct shared_arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    struct shared_arena_block *block = arena->newest;
    if (new_bytes > PTRDIFF_MAX - BLOCK_BYTES)
        return NULL;
    size_t size = round_up(new_bytes + (new_bytes == 0));
    bool newest = old && block && content(block) + block->newest_at == old;
    size_t at = !block ? 0 : newest ? block->newest_at : block->used;
    if (!block || size > block->capacity - at) {
        size_t capacity = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        bool whole = newest && at == 0;
        struct shared_arena_block *grown = realloc(whole ? block : NULL, HEADER_BYTES + capacity);
        if (!grown)
            return NULL;
        if (!whole)
            grown->older = block;
        grown->capacity = capacity;
        arena->newest = block = grown;
        newest = whole;
        at = 0;
    }
    block->newest_at = at;
    block->used = at + size;
    char *moved = content(block) + at;
    if (old && !newest)
        memcpy(moved, old, old_bytes < new_bytes ? old_bytes : new_bytes);
    return moved;
}

void shared_arena_reset(struct shared_arena *arena)
{
    struct shared_arena_block *kept = NULL;
    for (struct shared_arena_block *block = arena->newest, *older; block; block = older) {
        older = block->older;
        struct shared_arena_block *loser = block;
        if (block->capacity <= RETAINED_BYTES && (!kept || block->capacity > kept->capacity)) {
            loser = kept;
            kept = block;
        }
        free(loser);
    }
    if (kept)
        *kept = (struct shared_arena_block){.capacity = kept->capacity};
    arena->newest = kept;
}

void shared_arena_clean_up(struct shared_arena *arena)
{
    for (struct shared_arena_block *block = arena->newest, *older; block; block = older) {
        older = block->older;
        free(block);
    }
    arena->newest = NULL;
}
