#include <shared/trace.h>

void shared_trace_init(struct shared_trace *trace, int fd, const char *header)
{
    shared_trace_header_read(&trace->header, header);
    trace->fd = trace->header.root[0] && trace->header.sampled ? fd : -1;
}
