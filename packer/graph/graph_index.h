/* graph_index.h - which of many items, sorted by address, an address falls into: looked up by the million. */
#ifndef PACKER_GRAPH_INDEX_H
#define PACKER_GRAPH_INDEX_H

#include <shared/arena.h>

#include <stddef.h>
#include <stdint.h>

#define GRAPH_INDEX_NONE UINT32_MAX

/* Items are structs whose first field is their address, a uint64_t. The table has about one entry an item. */
struct graph_index {
    const void *items;
    size_t count, stride;
    uint64_t address; /* of the first item */
    unsigned shift;   /* entry n is for addresses from address + (n << shift) on */
    size_t entries;
    uint32_t *first; /* the first item that begins at or after those addresses; one more entry at the end */
};

/* Returns 0 or SHARED_ENOMEM. The table lives in the arena; items must outlive it. */
int graph_index_make(struct graph_index *index, const void *items, size_t count, size_t stride,
                     struct shared_arena *arena);

/* The last item that begins at or before an address; GRAPH_INDEX_NONE where there is none. */
uint32_t graph_index_find(const struct graph_index *index, uint64_t address);

#endif
