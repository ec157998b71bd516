#include "apigw/apigw_fields.h"

int shared_apigw_status_check(int status, struct shared_error *err)
{
    if (status < 100 || status > 599)
        return shared_fail(err, SHARED_EINVAL, 0, "status %d is not an HTTP status, 100 to 599", status);
    return 0;
}

void shared_apigw_status_write(struct shared_buffer *json, int status)
{
    char digits[] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10), (char)('0' + status % 10)};
    shared_buffer_append(json, digits, sizeof digits);
}
