/* Streams as the event says: a word, and what comes after it. */
#include <shared/stream.h>
#include <shared/workers.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATTERN_BYTES 10

/* Makes a word of the pattern the next one. */
static void count_up(char word[PATTERN_BYTES])
{
    int digit = PATTERN_BYTES - 2;
    while (word[digit] == '9')
        word[digit--] = '0';
    word[digit]++;
}

/* "000000001,000000002,…" from its first byte, pieces of piece_bytes. */
static int write_pattern(struct shared_stream *stream, size_t size_bytes, size_t piece_bytes,
                         struct shared_error *err)
{
    static _Thread_local char piece[(1 << 20) + PATTERN_BYTES];
    for (size_t at = 0; at < size_bytes;) {
        size_t size = size_bytes - at < piece_bytes ? size_bytes - at : piece_bytes,
               skip = at % PATTERN_BYTES;
        char word[32];
        snprintf(word, sizeof(word), "%09zu,", at / PATTERN_BYTES);
        for (size_t i = 0; i < skip + size; i += PATTERN_BYTES) {
            count_up(word);
            memcpy(piece + i, word, PATTERN_BYTES);
        }
        if (shared_stream_write(stream, shared_slice_of(piece + skip, size), err) < 0)
            return -1;
        at += size;
    }
    return 0;
}

/* Options by a word of the event. */
static struct shared_stream_options options_of(const struct shared_context *context, const char *word)
{
    static const struct shared_apigw_pair headers[] = {
        {"Cache-Control", "no-store"}, {"X-Part", "a"}, {"x-part", "b \"é\""}};
    static const struct shared_apigw_pair split[] = {{"X-Split", "a\r\nSet-Cookie: b"}};
    static const char *const cookies[] = {"a=1; Secure", "b=2"};
    if (strcmp(word, "http") == 0)
        return (struct shared_stream_options){.http = true,
                                              .content_type = "video/mp4",
                                              .status = 206,
                                              .headers = {headers, 3},
                                              .cookies = cookies,
                                              .cookie_count = 2};
    if (strcmp(word, "plain-http") == 0)
        return (struct shared_stream_options){.http = true};
    if (strcmp(word, "split") == 0)
        return (struct shared_stream_options){.http = true, .headers = {split, 1}};
    if (strcmp(word, "split-type") == 0)
        return (struct shared_stream_options){.content_type = "text/plain\r\nX-Split: yes"};
    if (strcmp(word, "bad-status") == 0)
        return (struct shared_stream_options){.http = true, .status = 1000};
    if (strcmp(word, "large-prelude") == 0 || strcmp(word, "largest-prelude") == 0) {
        /* {"statusCode":200,"headers":{"X":"…","Content-Type":"application/octet-stream"}} */
        size_t size = 16384 - 8 - 79 + (word[5] == '-');
        struct shared_apigw_pair *pair = shared_arena_alloc(context->arena, sizeof(*pair));
        char *value = shared_arena_alloc(context->arena, size + 1);
        memset(value, 'v', size);
        value[size] = '\0';
        *pair = (struct shared_apigw_pair){"X", value};
        return (struct shared_stream_options){.http = true, .headers = {pair, 1}};
    }
    if (strcmp(word, "text") == 0)
        return (struct shared_stream_options){.content_type = "text/plain; charset=utf-8"};
    return (struct shared_stream_options){0};
}

static int fail_largely(const struct shared_context *context, struct shared_answer *answer,
                        struct shared_error *err)
{
    size_t size = 300000;
    char *message = shared_arena_alloc(context->arena, size);
    const char **stack = shared_arena_alloc(context->arena, 1000 * sizeof(*stack));
    memset(message, '\x01', size);
    for (int i = 0; i < 1000; i++)
        stack[i] = "a frame of the stack";
    answer->failure.message = shared_slice_of(message, size);
    answer->failure.stack = stack;
    answer->failure.stack_count = 1000;
    answer->failure.type = "Function.VeryLarge";
    return shared_fail(err, SHARED_EIO, 0, "not this one");
}

/* What the handler does after the bytes it was asked for. */
static int conclude(struct shared_stream *stream, const char *then, struct shared_answer *answer,
                    struct shared_error *err)
{
    if (strcmp(then, "fail") == 0)
        return shared_fail(err, SHARED_ENOTFOUND, 0, "the film broke after %zu bytes", stream->sent_bytes);
    if (strcmp(then, "code") == 0)
        return -4711;
    if (strcmp(then, "largely") == 0)
        return fail_largely(stream->context, answer, err);
    if (strcmp(then, "injection") == 0) {
        answer->failure.type = "Function.Bad\r\nX-Injected: yes";
        return shared_fail(err, SHARED_EIO, 0, "caf\xE9 \xF0\x9F");
    }
    if (strcmp(then, "flush") == 0)
        return shared_stream_flush(stream, err) < 0 || shared_stream_flush(stream, err) < 0 ? -1 : 0;
    if (strcmp(then, "more") == 0) {
        int first = shared_stream_write(stream, shared_slice_of("x", 1), err);
        int second = shared_stream_write(stream, shared_slice_of("x", 1), err);
        return first < 0 && second == first ? 0 : -1;
    }
    return 0;
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    char word[32] = "", then[32] = "";
    size_t size = 0, piece = 0;
    struct shared_stream stream;
    if (sscanf(event.data, "%31s %zu %zu %31s", word, &size, &piece, then) < 2)
        return answer->body = event, 0;
    struct shared_stream_options options = options_of(context, word);
    if (strcmp(word, "late") == 0)
        usleep(100000); /* for a connection to end meanwhile */
    if (strcmp(word, "outside") == 0) {
        struct shared_context outside = *context;
        outside.loop = NULL;
        return shared_stream_open(&stream, &outside, NULL, err);
    }
    if (shared_stream_open(&stream, context, strcmp(word, "raw") ? &options : NULL, err) < 0)
        return -1;
    int status = write_pattern(&stream, size, piece ? piece : size, err);
    if (status == 0)
        status = conclude(&stream, then, answer, err);
    return shared_stream_close(&stream, status, answer, err);
}

int main(void)
{
    return getenv("AWS_LAMBDA_MAX_CONCURRENCY") ? shared_workers_run(serve, NULL)
                                                : shared_runtime_run(serve, NULL);
}
