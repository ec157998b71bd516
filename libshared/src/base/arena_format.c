#include <shared/arena.h>

#include <stdarg.h>
#include <stdio.h>

char *shared_arena_format(struct shared_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length >= 0 ? shared_arena_alloc(arena, (size_t)length + 1) : NULL;
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}
