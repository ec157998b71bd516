#include "graph/graph_index.h"

#include <shared/error.h>

#include <string.h>

static uint64_t address_of(const struct graph_index *index, size_t item)
{
    uint64_t address;
    memcpy(&address, (const char *)index->items + item * index->stride, sizeof(address));
    return address;
}

int graph_index_make(struct graph_index *index, const void *items, size_t count, size_t stride,
                     struct shared_arena *arena)
{
    *index = (struct graph_index){.items = items, .count = count, .stride = stride};
    if (count == 0)
        return 0;
    index->address = address_of(index, 0);
    uint64_t span = address_of(index, count - 1) - index->address;
    while (span >> index->shift > count)
        index->shift++;
    index->entries = (size_t)(span >> index->shift) + 1;
    index->first = shared_arena_alloc(arena, (index->entries + 1) * sizeof(*index->first));
    if (!index->first)
        return SHARED_ENOMEM;
    size_t item = 0;
    for (size_t entry = 0; entry < index->entries; entry++) {
        uint64_t from = (uint64_t)entry << index->shift;
        while (item < count && address_of(index, item) - index->address < from)
            item++;
        index->first[entry] = (uint32_t)item;
    }
    index->first[index->entries] = (uint32_t)count;
    return 0;
}

uint32_t graph_index_find(const struct graph_index *index, uint64_t address)
{
    if (index->count == 0 || address < index->address)
        return GRAPH_INDEX_NONE;
    uint64_t entry = (address - index->address) >> index->shift;
    if (entry >= index->entries)
        return (uint32_t)(index->count - 1);
    size_t low = index->first[entry], high = index->first[entry + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (address_of(index, middle) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)(low - 1); /* the first item is not after the address */
}
