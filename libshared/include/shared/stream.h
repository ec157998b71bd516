/*
 * stream.h - response streaming: the answer goes out while it is made, up to 200 MB of it.
 *
 *     static int send_film(const struct shared_context *context, struct shared_slice event,
 *                          struct shared_answer *answer, struct shared_error *err)
 *     {
 *         struct shared_stream stream;
 *         struct shared_stream_options options = {.http = true, .content_type = "video/mp4"};
 *         if (shared_stream_open(&stream, context, &options, err) < 0)
 *             return err->code;
 *         int status = write_film(&stream, err);
 *         return shared_stream_close(&stream, status, answer, err);
 *     }
 *
 * Lambda Runtime API, mode "streaming" (aws-lambda-runtime-interface-emulator, 2026-01; AWS Lambda developer
 * guide, "Response streaming", 2025): a chunked POST whose trailers tell of a failure in mid-stream. Memory
 * is constant, whatever the size: a write waits until the peer has taken what came before.
 */
#ifndef SHARED_STREAM_H
#define SHARED_STREAM_H

#include <shared/apigw.h>
#include <shared/error.h>
#include <shared/runtime.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The largest streamed answer, 200 MB (AWS Lambda quotas, 2025). */
#define SHARED_STREAM_LIMIT_BYTES 209715200

/* What a handler returns whose answer has been streamed, and one whose answer broke off, of which Lambda has
 * been told: shared_stream_close says which. */
#define SHARED_STREAMED 1
#define SHARED_STREAM_FAILED 2

/* All zero: raw bytes, application/octet-stream. Borrowed for the call. */
struct shared_stream_options {
    bool http; /* a Function URL or a REST API's streaming integration: a prelude with status and headers */
    const char *content_type;
    int status;                        /* HTTP only, as are the rest; 0 means 200 */
    struct shared_apigw_pairs headers; /* a name may occur again */
    const char *const *cookies;        /* whole Set-Cookie values */
    size_t cookie_count;
};

/* Caller-owned; private but for sent_bytes. One thread. */
struct shared_stream {
    const struct shared_context *context;
    struct shared_slice head; /* not sent yet: nothing has been */
    int fd;                   /* the loop's connection, from the first bytes to the last; or -1 */
    size_t sent_bytes;        /* of the body, what is held back included */
    int code;                 /* 0, or that of the first failure */
    size_t held_bytes;
    char held[16384]; /* short writes are put together */
};

/*
 * Begins the answer; options may be NULL. Nothing goes out before there is more than the stream holds back,
 * or a flush: a handler that fails until then fails as ever. Fails with SHARED_EINVAL outside of a loop
 * (context->loop is NULL) or for a header that could split the response, SHARED_ETOOBIG where the prelude has
 * over 16 KB, SHARED_ENOMEM; the handler then returns as ever. Otherwise shared_stream_close must follow,
 * whatever fails in between: the stream has taken the loop's connection.
 */
int shared_stream_open(struct shared_stream *stream, const struct shared_context *context,
                       const struct shared_stream_options *options, struct shared_error *err);

/* Sends, or holds back until there is enough. Waits where the peer is slow. Fails with SHARED_EIO where it
 * went away, SHARED_EPROTO where it answered before the end (status 410: the invocation timed out),
 * SHARED_ETOOBIG over SHARED_STREAM_LIMIT_BYTES; after a failure every further write fails. */
int shared_stream_write(struct shared_stream *stream, struct shared_slice bytes, struct shared_error *err);

/* Sends what is held back, for those who wait for it; fails as shared_stream_write does. */
int shared_stream_flush(struct shared_stream *stream, struct shared_error *err);

/*
 * Ends the answer. status is the handler's: 0, or a negative code with err set, which the trailers tell
 * (answer->failure as for any invocation; what has no room in 4 KiB, the most that Lambda's server reads of
 * trailers, is cut: first the stack, then the message). Returns what the handler must return:
 * SHARED_STREAMED; SHARED_STREAM_FAILED, with err set, where status was negative or Lambda ended the
 * invocation before; a negative code where nothing was sent yet, which the loop tells Lambda in the usual
 * way, or where the end could not be sent.
 */
int shared_stream_close(struct shared_stream *stream, int status, struct shared_answer *answer,
                        struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
