/*
 * test_stream_socket.c - a stream and a peer at the other end of a socket pair: bytes on the wire, peers that
 * hear nothing, signals, and memory that runs out.
 *
 * Linked with --wrap=malloc,--wrap=realloc.
 */
#include "check.h"
#include "exhaust.h"

#include "runtime/runtime_loop.h"

#include <shared/stream.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ACCEPTED "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
#define GONE "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"

static int reports;

static void count_report(const struct shared_error *problem)
{
    (void)problem;
    reports++;
}

static const struct shared_runtime_options options = {.report = count_report};

/* A loop in the middle of an invocation, and its peer. */
struct stage {
    struct shared_runtime_loop loop;
    struct shared_context context;
    int peer;
    pthread_t thread;
    const char *answer_after; /* what has to come before the peer answers; then it reads no further */
    const char *answer;       /* NULL: none, and the peer reads to the end */
    unsigned pause_us;        /* between what it reads */
    char *received;
    size_t received_bytes, capacity_bytes;
};

static bool has_come(const struct stage *stage)
{
    size_t size = strlen(stage->answer_after),
           from = stage->received_bytes > 4096 ? stage->received_bytes - 4096 : 0;
    return stage->received_bytes >= size &&
           memmem(stage->received + from, stage->received_bytes - from, stage->answer_after, size);
}

static void *play_peer(void *argument)
{
    struct stage *stage = argument;
    while (!has_come(stage) && stage->received_bytes < stage->capacity_bytes) {
        size_t room = stage->capacity_bytes - stage->received_bytes;
        ssize_t size =
            recv(stage->peer, stage->received + stage->received_bytes, room < 4000 ? room : 4000, 0);
        if (size == 0 || (size < 0 && errno != EINTR))
            return NULL;
        stage->received_bytes += size > 0 ? (size_t)size : 0;
        if (stage->pause_us)
            usleep(stage->pause_us);
    }
    if (stage->answer && send(stage->peer, stage->answer, strlen(stage->answer), MSG_NOSIGNAL) < 0)
        return NULL;
    return NULL;
}

/* Signals go to the thread that streams. */
static void open_stage(struct stage *stage, const char *answer_after, const char *answer, unsigned pause_us)
{
    int fds[2];
    sigset_t all, before;
    sigfillset(&all);
    CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    *stage = (struct stage){.loop = {.options = &options, .api = "127.0.0.1:9001/p", .host_size_bytes = 14},
                            .peer = fds[1],
                            .answer_after = answer_after,
                            .answer = answer,
                            .pause_us = pause_us,
                            .capacity_bytes = 64 << 20};
    stage->loop.connection.fd = fds[0];
    stage->context = (struct shared_context){
        .request_id = "id-1", .arena = &stage->loop.arena, .loop = &stage->loop, .deadline_ms = INT64_MAX};
    stage->received = __real_malloc(stage->capacity_bytes);
    reports = 0;
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_create(&stage->thread, NULL, play_peer, stage);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void close_stage(struct stage *stage)
{
    shared_http_close(&stage->loop.connection);
    pthread_join(stage->thread, NULL);
    close(stage->peer);
    free(stage->received);
    shared_arena_clean_up(&stage->loop.arena);
}

static int write_text(struct shared_stream *stream, const char *text, struct shared_error *err)
{
    return shared_stream_write(stream, shared_slice_from_text(text), err);
}

static void test_wire(void)
{
    static const char expected[] =
        "POST /p/2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n"
        "User-Agent: libshared\r\nContent-Type: text/plain\r\n"
        "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
        "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n"
        "b\r\nhello world\r\n1\r\n!\r\n0\r\n\r\n";
    const struct shared_stream_options plain = {.content_type = "text/plain"};
    struct stage stage;
    struct shared_stream stream;
    struct shared_answer answer = {0};
    struct shared_error err;
    open_stage(&stage, "0\r\n\r\n", ACCEPTED, 0);
    int fd = stage.loop.connection.fd;
    CHECK_NUMBER(shared_stream_open(&stream, &stage.context, &plain, &err), 0);
    CHECK_NUMBER(shared_stream_write(&stream, (struct shared_slice){0}, &err), 0);
    CHECK_NUMBER(write_text(&stream, "hello ", &err), 0);
    CHECK_NUMBER(write_text(&stream, "world", &err), 0);
    CHECK_NUMBER(stage.loop.connection.fd, fd); /* nothing has been sent */
    CHECK_NUMBER(shared_stream_flush(&stream, &err), 0);
    CHECK_NUMBER(stage.loop.connection.fd, -1); /* the stream's own while it lasts */
    CHECK_NUMBER(write_text(&stream, "!", &err), 0);
    CHECK_NUMBER(stream.sent_bytes, 12);
    CHECK_NUMBER(shared_stream_close(&stream, 0, &answer, NULL), SHARED_STREAMED);
    CHECK_NUMBER(stage.loop.connection.fd, fd);
    CHECK(write_text(&stream, "late", &err) < 0);
    CHECK(shared_stream_flush(&stream, NULL) < 0);
    CHECK(shared_stream_close(&stream, 0, &answer, &err) < 0);
    CHECK_BYTES(shared_slice_of(stage.received, stage.received_bytes),
                shared_slice_of(expected, sizeof(expected) - 1));
    close_stage(&stage);
}

static void test_not_begun(void)
{
    struct stage stage;
    struct shared_stream stream;
    struct shared_answer answer = {0};
    struct shared_error err;
    open_stage(&stage, "0\r\n\r\n", NULL, 0);
    CHECK(shared_stream_open(&stream, &stage.context,
                             &(struct shared_stream_options){.http = true, .status = 99}, &err) < 0);
    CHECK(write_text(&stream, "x", &err) == SHARED_EINVAL);
    CHECK(shared_stream_close(&stream, 0, &answer, &err) == SHARED_EINVAL);
    CHECK(stage.loop.connection.fd >= 0);
    close_stage(&stage);
}

/* A peer that answers, reads no further and does not close: waiting for room would be for ever. */
static void test_deaf_peer(void)
{
    static char large[32 << 20];
    struct stage stage;
    struct shared_stream stream;
    struct shared_answer answer = {0};
    struct shared_error err;
    open_stage(&stage, "\r\n\r\n", GONE, 0);
    CHECK_NUMBER(shared_stream_open(&stream, &stage.context, NULL, &err), 0);
    CHECK_NUMBER(shared_stream_write(&stream, shared_slice_of(large, sizeof(large)), &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "status 410");
    CHECK_NUMBER(shared_stream_write(&stream, shared_slice_of("x", 1), &err), SHARED_EPROTO);
    err = (struct shared_error){.code = SHARED_OK};
    CHECK_NUMBER(shared_stream_close(&stream, 0, &answer, &err), SHARED_STREAM_FAILED);
    CHECK_NUMBER(err.code, SHARED_EPROTO);
    CHECK_NUMBER(reports, 1);
    CHECK_NUMBER(stage.loop.connection.fd, -1);
    close_stage(&stage);
}

static void ignore(int number)
{
    (void)number;
}

/* Signals come while it waits for room, and what arrives is what was sent. */
static void test_signals(void)
{
    static char large[3 << 20];
    const struct sigaction action = {.sa_handler = ignore};
    const struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
    struct stage stage;
    struct shared_stream stream;
    struct shared_answer answer = {0};
    struct shared_error err;
    for (size_t i = 0; i < sizeof(large); i++)
        large[i] = (char)('a' + i * 7 % 23);
    sigaction(SIGALRM, &action, NULL);
    open_stage(&stage, "\r\n0\r\n\r\n", ACCEPTED, 100);
    setitimer(ITIMER_REAL, &often, NULL);
    CHECK_NUMBER(shared_stream_open(&stream, &stage.context, NULL, &err), 0);
    CHECK_NUMBER(shared_stream_write(&stream, shared_slice_of(large, sizeof(large)), &err), 0);
    CHECK_NUMBER(shared_stream_close(&stream, 0, &answer, &err), SHARED_STREAMED);
    setitimer(ITIMER_REAL, &never, NULL);
    const char *begin = memmem(stage.received, stage.received_bytes, "\r\n\r\n300000\r\n", 12);
    if (CHECK(begin != NULL) && CHECK(stage.received + stage.received_bytes - begin >= 12 + (3 << 20)))
        CHECK(memcmp(begin + 12, large, sizeof(large)) == 0);
    close_stage(&stage);
}

/* One invocation of a handler whose memory runs out somewhere. Returns what it hands to the loop. */
static int stream_and_fail(struct stage *stage, bool http, struct shared_error *err)
{
    static const struct shared_apigw_pair headers[] = {{"A", "1"}, {"a", "2"}};
    static char half[9000];
    const struct shared_stream_options wanted = {
        .http = http, .headers = {headers, 2}, .content_type = "text/plain"};
    struct shared_stream stream;
    struct shared_answer answer = {0};
    if (shared_stream_open(&stream, &stage->context, &wanted, err) < 0)
        return -1;
    int status = 0;
    for (int i = 0; status == 0 && i < 4; i++)
        status = shared_stream_write(&stream, shared_slice_of(half, sizeof(half)), err);
    if (status == 0)
        status = shared_fail(err, SHARED_EIO, 0, "as asked");
    return shared_stream_close(&stream, status, &answer, err);
}

static void test_memory(void)
{
    for (int http = 0; http < 2; http++) {
        bool ran_out = true;
        for (long place = 0; ran_out && place < 100; place++) {
            struct stage stage;
            struct shared_error err = {0};
            open_stage(&stage, "Lambda-Runtime-Function-Error-Body: e", ACCEPTED, 0);
            left = place;
            int status = stream_and_fail(&stage, http, &err);
            ran_out = left < 0;
            left = -1;
            CHECK(status == SHARED_STREAM_FAILED || status < 0);
            if (!ran_out)
                CHECK_NUMBER(status, SHARED_STREAM_FAILED);
            CHECK(err.code < 0);
            shutdown(stage.peer, SHUT_RDWR);
            close_stage(&stage);
        }
        CHECK(!ran_out);
    }
}

int main(void)
{
    CHECK_RUN(test_wire);
    CHECK_RUN(test_not_begun);
    CHECK_RUN(test_deaf_peer);
    CHECK_RUN(test_signals);
    CHECK_RUN(test_memory);
    return check_report();
}
