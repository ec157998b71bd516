#include <shared/error.h>

/* One text, so that a program carries no table of pointers that its loader would have to adjust. */
static const char names[] =
    "Ok\0Invalid\0OutOfMemory\0InputOutput\0Protocol\0TooBig\0NotFound\0Unsupported\0TimedOut\0"
    "Fault\0";

const char *shared_error_name(enum shared_error_code code)
{
    const char *name = names;
    for (int i = 0; i > (int)code && *name; i--) {
        while (*name++)
            ;
    }
    return *name && code <= 0 ? name : "Unknown";
}
