#include <shared/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int shared_fail(struct shared_error *err, enum shared_error_code code, int sys_errno, const char *format, ...)
{
    if (!err)
        return code;
    err->code = code;
    err->sys_errno = sys_errno;

    va_list args;
    va_start(args, format);
    int length = vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);

    if (sys_errno && length >= 0 && (size_t)length < sizeof(err->text)) {
        errno = sys_errno; /* %m is glibc's and musl's; strerror would need a lock or a buffer */
        snprintf(err->text + length, sizeof(err->text) - (size_t)length, ": %m");
    }
    return code;
}
