/* bar.h - a part of a whole, drawn with characters. */
#ifndef PACKER_BAR_H
#define PACKER_BAR_H

#include <shared/arena.h>

#include <stdbool.h>
#include <stdint.h>

#define BAR_MOST_COLUMNS 20

/*
 * A bar of so many columns between its ends, BAR_MOST_COLUMNS at most: "[#########           ]", or with blocks "▕█████████▌          ▏", in the arena. What is over the whole fills it and ends in "!".
 * A part that is not nothing, but too small to be drawn, is a dot. NULL where memory is exhausted.
 */
char *bar_text(struct shared_arena *arena, uint64_t part, uint64_t whole, unsigned columns, bool blocks);

#endif
