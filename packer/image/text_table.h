/* text_table.h - numbers by text: a hash table in an arena. */
#ifndef PACKER_TEXT_TABLE_H
#define PACKER_TEXT_TABLE_H

#include <shared/arena.h>
#include <shared/slice.h>

#include <stdint.h>

/* {.arena = arena} is an empty one. */
struct text_table {
    struct shared_arena *arena;
    struct text_table_slot *slots;
    size_t capacity; /* 0 or a power of two */
    size_t count;
};

#define TEXT_TABLE_NONE UINT32_MAX /* the value of a text that was not in the table */

/*
 * The place of a text's value, which is TEXT_TABLE_NONE where the text is new; the caller then sets it. Valid
 * until the next call. The text must live as long as the table. NULL: memory is exhausted.
 */
uint32_t *text_table_at(struct text_table *table, struct shared_slice text);

#endif
