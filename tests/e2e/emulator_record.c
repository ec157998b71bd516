#include "emulator_inner.h"

#include <stdlib.h>

static int take_chunked(struct emulator_connection *connection, struct emulator_request *request)
{
    struct emulator_chunks *chunks = &connection->chunks;
    request->chunked = true;
    request->all_bytes = chunks->all_bytes;
    request->digest = chunks->digest;
    int status = emulator_trailers_read(chunks->trailers, request);
    free(chunks->trailers);
    *chunks = (struct emulator_chunks){0};
    return status;
}

struct emulator_request *emulator_record(struct emulator *emulator, struct emulator_connection *connection,
                                         size_t size_bytes, int line, bool early)
{
    struct emulator_run *run = emulator->run;
    struct emulator_request *grown = realloc(run->requests, (run->request_count + 1) * sizeof(*grown));
    if (!grown) {
        emulator_fail(emulator, "line %d: no memory", line);
        return NULL;
    }
    run->requests = grown;
    struct emulator_request *request = &grown[run->request_count++];
    if (emulator_request_read(connection->data, size_bytes, request) < 0 ||
        (connection->chunks.ended && take_chunked(connection, request) < 0) ||
        !emulator_recognise(emulator, request)) {
        emulator_fail(emulator, "line %d: what came is no request of the Runtime API: %s", line,
                      request->target ? request->target : connection->data);
        return NULL;
    }
    request->connection = connection->number;
    request->arrived_sec = emulator_now_sec() - emulator->started_sec;
    if (connection->size_bytes > size_bytes && !early)
        emulator_violation(emulator, "%s: %zu bytes follow the request", request->target,
                           connection->size_bytes - size_bytes);
    connection->size_bytes = 0;
    return request;
}
