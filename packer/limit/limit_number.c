#include "limit/limit.h"

#include <inttypes.h>
#include <stdio.h>

/* 20 digits, 6 commas, NUL. */
struct grouped {
    char text[32];
};

static struct grouped group(uint64_t number)
{
    struct grouped grouped;
    char *p = grouped.text + sizeof(grouped.text) - 1;
    *p = '\0';
    for (int digits = 0; digits == 0 || number > 0; digits++, number /= 10) {
        if (digits > 0 && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + number % 10);
    }
    char *q = grouped.text;
    while ((*q++ = *p++))
        ;
    return grouped;
}

char *limit_number_text(struct shared_arena *arena, uint64_t number)
{
    return shared_arena_format(arena, "%s", group(number).text);
}

char *limit_bytes_text(struct shared_arena *arena, uint64_t bytes)
{
    static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1024)
        return shared_arena_format(arena, "%s B", group(bytes).text);
    unsigned unit = 0;
    uint64_t unit_bytes = 1024;
    for (; unit < 5 && bytes / unit_bytes >= 1024; unit++)
        unit_bytes *= 1024;
    uint64_t whole = bytes / unit_bytes, rest = bytes % unit_bytes;
    if (rest == 0)
        return shared_arena_format(arena, "%s B (%" PRIu64 " %s)", group(bytes).text, whole, units[unit]);
    /* rest * 10 cannot overflow: rest is below 2^60. */
    uint64_t tenths = whole * 10 + (rest * 10 + unit_bytes / 2) / unit_bytes;
    if (tenths == 10240 && unit < 5) {
        tenths = 10;
        unit++;
    }
    return shared_arena_format(arena, "%s B (%" PRIu64 ".%" PRIu64 " %s)", group(bytes).text, tenths / 10,
                               tenths % 10, units[unit]);
}
