/* Reads arbitrary bytes as the answers of a Runtime API: through a socket, as the runtime does, and as chunks
 * alone. */
#include "fuzz_target.h"

#include "http/http_chunk.h"
#include "http/http_connection.h"

#include <shared/arena.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What fits into a socket's buffer without a reader: the target is one thread. */
#define INPUT_LIMIT_BYTES (64u << 10)

static void look_up_headers(const struct shared_http_response *response)
{
    static const char *const names[] = {"Lambda-Runtime-Aws-Request-Id", "Lambda-Runtime-Deadline-Ms",
                                        "Connection", ""};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = shared_http_header(&response->lines, names[i]);
        FUZZ_PROMISE(!value ||
                     (value > response->lines.begin && value + strlen(value) <= response->lines.end));
    }
}

static void read_responses(const uint8_t *data, size_t size)
{
    int ends[2];
    struct shared_arena arena = {0};
    struct shared_error err;
    bool last = false;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        abort();
    FUZZ_PROMISE(send(ends[1], data, size, MSG_DONTWAIT) == (ssize_t)size);
    shutdown(ends[1], SHUT_WR);
    for (int i = 0; i < 4 && !last; i++) {
        struct shared_http_response response;
        if (shared_http_response_read(ends[0], &arena, &response, &last, &err) < 0) {
            FUZZ_PROMISE(err.code < 0 && err.text[0]);
            break;
        }
        FUZZ_PROMISE(response.status >= 200 && response.body.size_bytes <= size);
        FUZZ_PROMISE(response.body.data[response.body.size_bytes] == '\0');
        look_up_headers(&response);
    }
    close(ends[0]);
    close(ends[1]);
    shared_arena_clean_up(&arena);
}

/* Decoding must not depend on how much has arrived when. */
static void decode_chunks(const uint8_t *data, size_t size)
{
    struct shared_http_chunks at_once = {0}, grown = {0};
    char *whole = malloc(size + 1), *piecewise = calloc(1, size + 1);
    if (!whole || !piecewise)
        abort();
    memcpy(whole, data, size);
    whole[size] = '\0';
    enum shared_http_chunk_result result = shared_http_chunks_decode(&at_once, whole, size),
                                  again = SHARED_CHUNK_INCOMPLETE;
    for (size_t have = 0; have <= size && again == SHARED_CHUNK_INCOMPLETE; have++) {
        again = shared_http_chunks_decode(&grown, piecewise, have);
        if (have < size)
            piecewise[have] = (char)data[have];
    }
    if (result == SHARED_CHUNK_DONE) {
        FUZZ_PROMISE(again == SHARED_CHUNK_DONE && grown.decoded == at_once.decoded);
        FUZZ_PROMISE(memcmp(whole, piecewise, at_once.decoded) == 0);
    }
    free(whole);
    free(piecewise);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_LIMIT_BYTES)
        return 0;
    read_responses(data, size);
    if (size < 4096)
        decode_chunks(data, size);
    return 0;
}
