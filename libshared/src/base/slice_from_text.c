#include <shared/slice.h>

#include <string.h>

struct shared_slice shared_slice_from_text(const char *text)
{
    return shared_slice_of(text, text ? strlen(text) : 0);
}
