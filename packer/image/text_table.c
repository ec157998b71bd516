#include "image/text_table.h"

#include <string.h>
#include <xxhash.h>

struct text_table_slot {
    struct shared_slice text; /* data NULL: free */
    uint32_t value;
};

static struct text_table_slot *find(const struct text_table *table, struct shared_slice text)
{
    size_t i = XXH3_64bits(text.data, text.size_bytes) & (table->capacity - 1);
    while (table->slots[i].text.data && !shared_slice_equal(table->slots[i].text, text))
        i = (i + 1) & (table->capacity - 1);
    return &table->slots[i];
}

/* At most half of the slots are taken, so that chains stay short. */
static int make_room(struct text_table *table)
{
    if (table->count < table->capacity / 2)
        return 0;
    struct text_table larger = *table;
    larger.capacity = table->capacity ? 2 * table->capacity : 64;
    larger.slots = shared_arena_alloc(table->arena, larger.capacity * sizeof(*larger.slots));
    if (!larger.slots)
        return -1;
    memset(larger.slots, 0, larger.capacity * sizeof(*larger.slots));
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].text.data)
            *find(&larger, table->slots[i].text) = table->slots[i];
    *table = larger;
    return 0;
}

uint32_t *text_table_at(struct text_table *table, struct shared_slice text)
{
    if (!text.data)
        text.data = "";
    if (make_room(table) < 0)
        return NULL;
    struct text_table_slot *slot = find(table, text);
    if (!slot->text.data) {
        *slot = (struct text_table_slot){text, TEXT_TABLE_NONE};
        table->count++;
    }
    return &slot->value;
}
