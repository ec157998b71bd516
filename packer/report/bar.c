#include "report/bar.h"

#include <string.h>

/* Eighths of a column, from the left: U+258F to U+2589. */
static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

static char *append(char *end, const char *text, uint64_t times)
{
    for (uint64_t i = 0; i < times; i++)
        end = stpcpy(end, text);
    return end;
}

char *bar_text(struct shared_arena *arena, uint64_t part, uint64_t whole, unsigned columns, bool blocks)
{
    char text[BAR_MOST_COLUMNS * 4 + 16], *end = text;
    bool over = part > whole;
    uint64_t steps = (uint64_t)columns * (blocks ? 8 : 1);
    uint64_t drawn = over    ? steps - (blocks ? 8 : 1)
                     : whole ? (uint64_t)((unsigned __int128)part * steps / whole)
                             : 0;
    uint64_t full = blocks ? drawn / 8 : drawn, rest = blocks ? drawn % 8 : 0;
    bool dot = drawn == 0 && part > 0 && !over;
    uint64_t taken = full + (rest > 0) + dot + over;
    end = append(end, blocks ? "▕" : "[", 1);
    end = append(end, blocks ? "█" : "#", full);
    end = append(end, eighths[rest], 1);
    end = append(end, over ? "!" : blocks ? "·" : ".", over || dot);
    end = append(end, " ", columns - taken);
    end = append(end, blocks ? "▏" : "]", 1);
    *end = '\0';
    return shared_arena_copy(arena, shared_slice_from_text(text));
}
