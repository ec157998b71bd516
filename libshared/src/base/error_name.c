#include <shared/error.h>

const char *shared_error_name(enum shared_error_code code)
{
    switch (code) {
    case SHARED_OK:
        return "Ok";
    case SHARED_EINVAL:
        return "Invalid";
    case SHARED_ENOMEM:
        return "OutOfMemory";
    case SHARED_EIO:
        return "InputOutput";
    case SHARED_EPROTO:
        return "Protocol";
    case SHARED_ETOOBIG:
        return "TooBig";
    case SHARED_ENOTFOUND:
        return "NotFound";
    case SHARED_EUNSUPPORTED:
        return "Unsupported";
    case SHARED_ETIMEDOUT:
        return "TimedOut";
    case SHARED_EFAULT:
        return "Fault";
    }
    return "Unknown";
}
