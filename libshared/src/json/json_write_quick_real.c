#include "json/json_write.h"

#include <math.h>

void shared_json_write_quick_real(struct shared_buffer *buffer, double real)
{
    double scaled = real * 1e6, whole = scaled + 0x1.8p52 - 0x1.8p52;
    if (fabs(scaled) < 0x1p51 && whole / 1e6 == real)
        shared_json_write_decimal(buffer, (int64_t)whole, 6);
    else
        shared_json_write_real(buffer, real);
}
