#include <shared/arena.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 16u
#define FIRST_BLOCK_BYTES 4096u
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

static struct shared_arena_block *add_block(struct shared_arena *arena, size_t wanted)
{
    size_t capacity = FIRST_BLOCK_BYTES - HEADER_BYTES;
    if (arena->newest && arena->newest->capacity <= RETAINED_BYTES / 64)
        capacity = arena->newest->capacity * 2;
    if (capacity < wanted)
        capacity = wanted;
    struct shared_arena_block *block = malloc(HEADER_BYTES + capacity);
    if (!block)
        return NULL;
    *block = (struct shared_arena_block){.older = arena->newest, .capacity = capacity};
    arena->newest = block;
    return block;
}

void shared_arena_init(struct shared_arena *arena)
{
    arena->newest = NULL;
}

void *shared_arena_alloc(struct shared_arena *arena, size_t size_bytes)
{
    if (size_bytes > PTRDIFF_MAX - FIRST_BLOCK_BYTES)
        return NULL;
    size_t size = round_up(size_bytes ? size_bytes : 1);
    struct shared_arena_block *block = arena->newest;
    if (!block || size > block->capacity - block->used)
        block = add_block(arena, size);
    if (!block)
        return NULL;
    block->newest_at = block->used;
    block->used += size;
    return content(block) + block->newest_at;
}

/* A block of its own moves as a whole: realloc of a large one remaps its pages and copies nothing, which is
 * what keeps an event of unknown length from standing in memory twice. */
static void *resize_whole_block(struct shared_arena *arena, size_t size)
{
    struct shared_arena_block *block = realloc(arena->newest, HEADER_BYTES + size);
    if (!block)
        return NULL;
    block->capacity = block->used = size;
    arena->newest = block;
    return content(block);
}

void *shared_arena_resize(struct shared_arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    struct shared_arena_block *block = arena->newest;
    if (new_bytes > PTRDIFF_MAX - FIRST_BLOCK_BYTES)
        return NULL;
    if (old && block && content(block) + block->newest_at == old) {
        size_t size = round_up(new_bytes ? new_bytes : 1);
        if (size <= block->capacity - block->newest_at) {
            block->used = block->newest_at + size;
            return old;
        }
        if (block->newest_at == 0)
            return resize_whole_block(arena, size);
    }
    void *moved = shared_arena_alloc(arena, new_bytes);
    if (moved && old)
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
