#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES 64 /* longer ones are no slips of the finger */
#define PREFIX_BYTES 3

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the distance table are enough: this one, and the two above for a change and for a swap. */
static size_t distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    size_t storage[3][NAME_BYTES + 1];
    size_t *before = storage[0], *above = storage[1], *row = storage[2];
    for (size_t j = 0; j <= b_bytes; j++)
        above[j] = j;
    for (size_t i = 1; i <= a_bytes; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_bytes; j++) {
            size_t change = above[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_bytes];
}

static bool begins_with_other(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    size_t shorter = least(a_bytes, b_bytes);
    return shorter >= PREFIX_BYTES && strncasecmp(a, b, shorter) == 0;
}

const char *nearest_name(const char *wanted, const char *const *names, size_t count)
{
    size_t wanted_bytes = strnlen(wanted, NAME_BYTES + 1);
    if (wanted_bytes == 0 || wanted_bytes > NAME_BYTES)
        return NULL;

    const char *nearest = NULL;
    size_t fewest = NAME_BYTES + 1;
    for (size_t i = 0; i < count; i++) {
        size_t bytes = strnlen(names[i], NAME_BYTES + 1);
        if (bytes == 0 || bytes > NAME_BYTES)
            continue;
        size_t longer = bytes > wanted_bytes ? bytes : wanted_bytes;
        size_t edits = distance(wanted, wanted_bytes, names[i], bytes);
        if (edits > 1 && begins_with_other(wanted, wanted_bytes, names[i], bytes))
            edits = 1;
        if (edits < fewest && edits * 3 <= longer) {
            fewest = edits;
            nearest = names[i];
        }
    }
    return nearest;
}
