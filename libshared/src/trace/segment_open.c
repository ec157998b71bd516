#include "trace/segment_id.h"

#include "base/clock.h"

void shared_segment_open(struct shared_segment *segment, const struct shared_trace *trace,
                         const struct shared_segment *parent, const char *name, struct shared_arena *arena)
{
    *segment = (struct shared_segment){.trace = NULL};
    if (!trace || trace->fd < 0)
        return;
    segment->trace = trace;
    segment->arena = arena;
    segment->name = name;
    segment->parent_id = parent && parent->trace ? parent->id : trace->header.parent;
    segment->began_us = shared_clock_real_us();
    segment->began_clock_us = shared_clock_monotonic_us();
    shared_segment_id(segment->id);
}
