#include <shared/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append(struct shared_error *err, const char *text)
{
    size_t length = strlen(err->text);
    size_t room = sizeof(err->text) - 1 - length;
    size_t size = strnlen(text, room);
    memcpy(err->text + length, text, size);
    err->text[length + size] = '\0';
}

int shared_error_wrap(struct shared_error *err, const char *format, ...)
{
    if (!err)
        return SHARED_EINVAL;
    char inner[sizeof(err->text)];
    memcpy(inner, err->text, sizeof(inner));

    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);

    append(err, ": ");
    append(err, inner);
    return err->code;
}
