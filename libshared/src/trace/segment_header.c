#include <shared/trace.h>

#include <stdio.h>

void shared_segment_header(const struct shared_segment *segment, char header[SHARED_TRACE_HEADER_BYTES])
{
    header[0] = '\0';
    if (segment && segment->trace)
        snprintf(header, SHARED_TRACE_HEADER_BYTES, "Root=%s;Parent=%s;Sampled=1",
                 segment->trace->header.root, segment->id);
}
