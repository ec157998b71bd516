#include "snapshot/snapshot_inner.h"

#include "base/text_width.h"

#include <string.h>

const char *snapshot_depth_name(enum snapshot_depth depth)
{
    static const char *const names[] = {"library", "member", "symbol"};
    return names[depth];
}

size_t snapshot_plain_bytes(const char *text, size_t size_bytes)
{
    return *text == '\\' || text_is_control(text, size_bytes) ? 0 : text_character_bytes(text, size_bytes);
}

const char *snapshot_escape(const char *text, struct shared_arena *arena)
{
    size_t size = strlen(text), changes = 0;
    for (size_t i = 0, step; i < size; i += step ? step : 1) {
        step = snapshot_plain_bytes(text + i, size - i);
        changes += step == 0;
    }
    char *escaped = changes ? shared_arena_alloc(arena, size + 3 * changes + 1) : NULL;
    if (!escaped)
        return changes ? NULL : text;
    static const char digits[] = "0123456789abcdef";
    char *out = escaped;
    for (size_t i = 0, step; i < size; i += step) {
        step = snapshot_plain_bytes(text + i, size - i);
        if (step > 0) {
            memcpy(out, text + i, step);
            out += step;
            continue;
        }
        unsigned char c = (unsigned char)text[i];
        const char code[] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
        memcpy(out, code, sizeof(code));
        out += sizeof(code);
        step = 1;
    }
    *out = '\0';
    return escaped;
}
