#include "layer/layer_index.h"

#include "base/hash.h"
#include "layer/layer_plan.h"

#include <string.h>

#define FIRST_CAPACITY 256

size_t layer_index_next(const struct layer_index *index, uint64_t key, size_t *at)
{
    while (index->capacity && *at < index->capacity) {
        const struct layer_slot *slot = &index->slots[(key + *at) & (index->capacity - 1)];
        if (slot->value == LAYER_NONE)
            break;
        ++*at;
        if (slot->key == key)
            return slot->value;
    }
    return LAYER_NONE;
}

static void put(struct layer_index *index, uint64_t key, size_t value)
{
    size_t at = key & (index->capacity - 1);
    while (index->slots[at].value != LAYER_NONE)
        at = (at + 1) & (index->capacity - 1);
    index->slots[at] = (struct layer_slot){key, value};
}

static int grow(struct layer_index *index, struct shared_error *err)
{
    struct layer_index larger = {index->arena, NULL, index->count,
                                 index->capacity ? 2 * index->capacity : FIRST_CAPACITY};
    larger.slots = shared_arena_alloc(index->arena, larger.capacity * sizeof(*larger.slots));
    if (!larger.slots)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look for what may go into layers");
    for (size_t i = 0; i < larger.capacity; i++)
        larger.slots[i].value = LAYER_NONE;
    for (size_t i = 0; i < index->capacity; i++)
        if (index->slots[i].value != LAYER_NONE)
            put(&larger, index->slots[i].key, index->slots[i].value);
    *index = larger;
    return 0;
}

int layer_index_add(struct layer_index *index, uint64_t key, size_t value, struct shared_error *err)
{
    if (2 * index->count >= index->capacity) {
        int status = grow(index, err);
        if (status < 0)
            return status;
    }
    put(index, key, value);
    index->count++;
    return 0;
}

static uint64_t key_of(struct shared_slice bytes)
{
    struct hash hash = hash_bytes(bytes);
    uint64_t key;
    memcpy(&key, hash.bytes, sizeof(key));
    return key;
}

uint64_t layer_index_text_key(const char *text)
{
    return key_of(shared_slice_from_text(text));
}

uint64_t layer_index_pointer_key(const void *pointer)
{
    return key_of(shared_slice_of(&pointer, sizeof(pointer)));
}
