#include <shared/log_middleware.h>

#include "json/json_scan.h"

#include <string.h>

size_t shared_log_correlate(const char *path, struct shared_slice event, char *id)
{
    struct shared_slice value = shared_json_scan_path(event, path, true);
    size_t size = 0;
    if (value.size_bytes == 0)
        return 0;
    if (*value.data == '"')
        return shared_json_unescape(value, id, SHARED_LOG_CORRELATION_LIMIT_BYTES, &size) ? size : 0;
    if (*value.data > '9' || value.size_bytes > SHARED_LOG_CORRELATION_LIMIT_BYTES)
        return 0;
    memcpy(id, value.data, value.size_bytes);
    return value.size_bytes;
}
