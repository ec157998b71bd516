/* bench_library_lines.c - lines of the log and of metrics, to where lines go. */
#include "bench_base.h"
#include "bench_library.h"

#include <shared/arena.h>
#include <shared/log_middleware.h>
#include <shared/metrics.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENTS 100
#define PIPE_BYTES (1 << 20)
#define LINES_HELD 1000

static struct {
    int fd, drain; /* drain: the end of a pipe that is read, or -1 */
    char line[4096];
    size_t line_bytes;
    struct shared_log log;
    struct shared_arena arena;
    struct shared_metrics documents[DOCUMENTS];
} lines;

static void drain(void)
{
    static char bytes[65536];
    while (lines.drain >= 0 && read(lines.drain, bytes, sizeof(bytes)) > 0)
        ;
    if (lines.drain < 0 && lseek(lines.fd, 0, SEEK_SET) == 0 && ftruncate(lines.fd, 0) < 0 && errno != EINVAL)
        bench_die("ftruncate: %s", strerror(errno));
}

static void open_pipe(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ||
        fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES) < 0)
        bench_die("pipe: %s", strerror(errno));
    lines.fd = ends[1];
    lines.drain = ends[0];
}

static void close_target(void)
{
    close(lines.fd);
    if (lines.drain >= 0)
        close(lines.drain);
    shared_arena_clean_up(&lines.arena);
}

static void log_lines(long calls)
{
    for (long i = 0; i < calls; i++)
        shared_log_with(&lines.log, SHARED_LOG_INFO, "title served",
                        SHARED_LOG_FIELDS(shared_log_text("id", "tt0017136"),
                                          shared_log_number("bytes", 412000 + i % 1000),
                                          shared_log_bool("cached", true)));
}

static void log_suppressed(long calls)
{
    for (long i = 0; i < calls; i++)
        shared_log_with(&lines.log, SHARED_LOG_DEBUG, "title found",
                        SHARED_LOG_FIELDS(shared_log_text("id", "tt0017136"), shared_log_number("bytes", i),
                                          shared_log_bool("cached", true)));
}

static int log_held(struct shared_middleware *self, const struct shared_context *context,
                    struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    (void)self, (void)answer, (void)err;
    for (size_t i = 0; i < event.size_bytes; i++)
        shared_log_with(context->log, SHARED_LOG_DEBUG, "title found",
                        SHARED_LOG_FIELDS(shared_log_text("id", "tt0017136"),
                                          shared_log_number("bytes", 412000),
                                          shared_log_bool("cached", true)));
    return 0;
}

/* An invocation that holds so many lines back, as many as its event has bytes, and succeeds. */
static void hold_lines(long calls)
{
    static const char event[LINES_HELD];
    struct shared_middleware handler = {.around = log_held};
    struct shared_log_middleware log = {SHARED_LOG_MIDDLEWARE, SHARED_LOG_HELD(16384)};
    struct shared_context context = {.request_id = lines.log.request_id, .arena = &lines.arena};
    struct shared_answer answer = {0};
    log.middleware.inner = &handler;
    library_sink = log.middleware.around(&log.middleware, &context, shared_slice_of(event, (size_t)calls),
                                         &answer, NULL);
    shared_arena_reset(&lines.arena);
}

static void fill_document(struct shared_metrics *metrics)
{
    shared_metrics_init(metrics, "video-api", &lines.arena);
    metrics->fd = lines.fd;
    shared_metrics_dimension(metrics, "service", "catalog");
    shared_metrics_dimension(metrics, "stage", "prod");
    shared_metrics_add(metrics, "TitlesServed", SHARED_METRICS_COUNT, 1);
    shared_metrics_add(metrics, "TitleBytes", SHARED_METRICS_BYTES, 412000);
    shared_metrics_add(metrics, "CacheHits", SHARED_METRICS_COUNT, 3);
    shared_metrics_add(metrics, "PeerTime", SHARED_METRICS_MILLISECONDS, 12.5);
    shared_metrics_add(metrics, "Retries", SHARED_METRICS_COUNT, 0);
    shared_metrics_property(metrics, "requestId", "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
    shared_metrics_property(metrics, "title", "tt0017136");
    shared_metrics_property(metrics, "client", "browser");
}

static void make_and_flush(long calls)
{
    for (long i = 0; i < calls; i++) {
        fill_document(&lines.documents[0]);
        library_sink = shared_metrics_flush(&lines.documents[0], NULL);
        shared_arena_reset(&lines.arena);
    }
}

static void flush_documents(long calls)
{
    for (long i = 0; i < calls; i++)
        library_sink = shared_metrics_flush(&lines.documents[i], NULL);
}

/* Fills them anew: a flush leaves an empty document. */
static void fill_documents(void)
{
    drain();
    shared_arena_reset(&lines.arena);
    for (size_t i = 0; i < DOCUMENTS; i++)
        fill_document(&lines.documents[i]);
}

static void write_line(long calls)
{
    for (long i = 0; i < calls; i++)
        library_sink = write(lines.fd, lines.line, lines.line_bytes);
}

/* The baseline writes what a call has written to a pipe. */
static void take_line(void (*call)(long calls))
{
    open_pipe();
    lines.log.fd = lines.fd;
    fill_document(&lines.documents[0]);
    call(1);
    ssize_t size = read(lines.drain, lines.line, sizeof(lines.line));
    if (size <= 0 || lines.line[size - 1] != '\n')
        bench_die("no line was written");
    lines.line_bytes = (size_t)size;
    close_target();
}

static void begin(void (*call)(long calls), void (*open_target)(void))
{
    setenv("AWS_LAMBDA_FUNCTION_NAME", "catalog", 1);
    unsetenv("AWS_LAMBDA_LOG_LEVEL");
    shared_log_init(&lines.log, "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
    take_line(call);
    open_target();
    lines.log.fd = lines.fd;
    fill_documents();
}

static void open_null(void)
{
    lines.drain = -1;
    lines.fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (lines.fd < 0)
        bench_die("/dev/null: %s", strerror(errno));
}

static void open_file(void)
{
    char path[] = "/tmp/bench_library.XXXXXX";
    lines.drain = -1;
    lines.fd = mkostemp(path, O_CLOEXEC);
    if (lines.fd < 0 || unlink(path) < 0)
        bench_die("%s: %s", path, strerror(errno));
}

static void begin_log_null(void)
{
    begin(log_lines, open_null);
}

static void begin_log_pipe(void)
{
    begin(log_lines, open_pipe);
}

static void begin_log_file(void)
{
    begin(log_lines, open_file);
}

static void begin_flush_null(void)
{
    begin(flush_documents, open_null);
}

static void begin_flush_pipe(void)
{
    begin(flush_documents, open_pipe);
}

static const char same_bytes[] = "write(2) of the same bytes";

const struct library_subject library_lines[] = {
    {"log_null", "log line, 3 fields, to /dev/null", same_bytes, true, 200, begin_log_null, log_lines,
     write_line, drain, close_target},
    {"log_pipe", "log line, 3 fields, to a pipe", same_bytes, true, 200, begin_log_pipe, log_lines,
     write_line, drain, close_target},
    {"log_file", "log line, 3 fields, to a file", same_bytes, true, 200, begin_log_file, log_lines,
     write_line, drain, close_target},
    {"log_suppressed", "log line below the level", "clock_gettime", true, 5000, begin_log_null,
     log_suppressed, library_read_clock, NULL, close_target},
    {"log_held", "debug line, 3 fields, held back", "clock_gettime", true, LINES_HELD, begin_log_null,
     hold_lines, library_read_clock, NULL, close_target},
    {"emf_null", "EMF flush, 5 metrics, to /dev/null", same_bytes, true, DOCUMENTS, begin_flush_null,
     flush_documents, write_line, fill_documents, close_target},
    {"emf_pipe", "EMF flush, 5 metrics, to a pipe", same_bytes, true, DOCUMENTS, begin_flush_pipe,
     flush_documents, write_line, fill_documents, close_target},
    {"emf_whole", "EMF gathered and flushed, to /dev/null", same_bytes, true, DOCUMENTS, begin_flush_null,
     make_and_flush, write_line, drain, close_target},
    {0},
};
