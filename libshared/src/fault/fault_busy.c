#include <shared/fault.h>
#include <shared/fault_busy.h>

#include <stdio.h>

/* The part of a message that ends behind its status: {"status":429 */
#define STATUS_PART_BYTES 13

static int add_retry_after(struct shared_arena *arena, const char *seconds, struct shared_answer *answer,
                           struct shared_error *err)
{
    struct shared_slice message = answer->failure.message;
    const char *line =
        shared_arena_format(arena, "%.*s,\"retryAfter\":%s%.*s", STATUS_PART_BYTES, message.data, seconds,
                            (int)message.size_bytes - STATUS_PART_BYTES, message.data + STATUS_PART_BYTES);
    if (!line) {
        answer->failure = (struct shared_failure){.type = NULL};
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a fault of %zu bytes", message.size_bytes);
    }
    answer->failure.message = shared_slice_from_text(line);
    return shared_fail(err, SHARED_EFAULT, 0, "%.200s", line);
}

static int respond(const struct shared_apigw_request *request, int status, const char *seconds,
                   const char *text, struct shared_answer *answer, struct shared_error *err)
{
    struct shared_slice body = shared_slice_from_text(text);
    struct shared_apigw_pair retry_after = {"Retry-After", seconds};
    struct shared_apigw_response response = {.status = status,
                                             .content_type =
                                                 body.size_bytes ? "text/plain; charset=utf-8" : NULL,
                                             .headers = {&retry_after, 1},
                                             .body = body};
    return shared_apigw_respond(request, &response, answer, err);
}

int shared_fault_busy(const struct shared_apigw_request *request, int status, int64_t retry_after_ms,
                      const char *text, struct shared_answer *answer, struct shared_error *err)
{
    char seconds[24];
    int64_t rounded_up = retry_after_ms / 1000 + (retry_after_ms % 1000 > 0);
    snprintf(seconds, sizeof seconds, "%lld", rounded_up > 0 ? (long long)rounded_up : 1);
    /* A status of 0 would be a success for respond; as a fault it is refused. */
    if (request->source != SHARED_APIGW_MAPPED && retry_after_ms >= 0 && status != 0)
        return respond(request, status, seconds, text, answer, err);
    int code = shared_fault_text(request, status, text, answer, err);
    if (code != SHARED_EFAULT || retry_after_ms < 0)
        return code;
    return add_retry_after(request->arena, seconds, answer, err);
}
