#include <shared/trace_middleware.h>

#include "chain/chain_outcome.h"
#include "runtime/runtime_serve.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Opened by whoever comes first; of two that come at once one closes its own again. */
static int socket_of(struct shared_trace_middleware *options)
{
    int kept = __atomic_load_n(&options->socket, __ATOMIC_ACQUIRE);
    if (kept != 0)
        return kept - 2;
    int fd = shared_trace_connect();
    if (!__atomic_compare_exchange_n(&options->socket, &kept, fd + 2, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        if (fd >= 0)
            close(fd);
        fd = kept - 2;
    }
    return fd;
}

static void note_response(struct shared_segment *segment, const struct shared_answer *answer)
{
    struct shared_slice body = answer->body;
    if (body.size_bytes > SHARED_TRACE_RESPONSE_LIMIT_BYTES)
        body.size_bytes = SHARED_TRACE_RESPONSE_LIMIT_BYTES;
    if (segment->trace)
        shared_segment_note(segment, "response", shared_arena_copy(segment->arena, body));
}

/* A trace as those inside see it: its parent is the segment of the invocation. */
static void put_inside(struct shared_trace *inside, const struct shared_trace *trace,
                       const struct shared_segment *segment)
{
    *inside = *trace;
    if (segment->trace)
        memcpy(inside->header.parent, segment->id, sizeof(inside->header.parent));
}

int shared_trace_around(struct shared_middleware *self, const struct shared_context *context,
                        struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    struct shared_trace_middleware *options = (void *)self;
    const char *service = options->service ? options->service : getenv("POWERTOOLS_SERVICE_NAME");
    struct shared_context own = *context;
    struct shared_trace trace, inside;
    struct shared_segment segment;

    shared_trace_init(&trace, socket_of(options), context->trace_id);
    shared_segment_open(&segment, &trace, NULL, "## handler", context->arena);
    shared_segment_annotate_bool(&segment, "ColdStart", context->cold_start);
    if (service)
        shared_segment_annotate(&segment, "Service", service);
    put_inside(&inside, &trace, &segment);
    own.trace = &inside;

    int result = shared_runtime_with_code(shared_middleware_next(self, &own, event, answer, err), err);
    bool failed = shared_chain_has_failed(result);
    if (!failed && options->capture_response)
        note_response(&segment, answer);
    shared_segment_close(&segment, failed ? err : NULL);
    return result;
}
