#include "trace/segment_id.h"

#include "base/random.h"

void shared_segment_id(char id[17])
{
    uint64_t drawn = shared_random();
    for (int i = 0; i < 16; i++, drawn >>= 4)
        id[i] = "0123456789abcdef"[drawn & 15];
    id[16] = '\0';
}
