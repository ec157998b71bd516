/* bench_library_peers.c - a segment of a trace, with and without a daemon, and a file of the package. */
#include "bench_base.h"
#include "bench_library.h"

#include <shared/asset.h>
#include <shared/trace.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"

static struct {
    int daemon, fd;
    struct shared_trace trace;
    struct shared_arena arena;
    char document[4096];
    size_t document_bytes;
} traced = {.daemon = -1, .fd = -1};

static void trace_segments(long calls)
{
    struct shared_segment segment;
    for (long i = 0; i < calls; i++) {
        shared_segment_open(&segment, &traced.trace, NULL, "redis", &traced.arena);
        shared_segment_annotate(&segment, "command", "GET");
        shared_segment_close(&segment, NULL);
        shared_arena_reset(&traced.arena);
    }
}

static void send_document(long calls)
{
    for (long i = 0; i < calls; i++)
        library_sink = send(traced.fd, traced.document, traced.document_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void take_documents(void)
{
    for (ssize_t size;
         (size = recv(traced.daemon, traced.document, sizeof(traced.document), MSG_DONTWAIT)) > 0;)
        traced.document_bytes = (size_t)size;
}

static void start_daemon(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char text[64];
    int room = 1 << 20;
    traced.daemon = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(traced.daemon, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    if (traced.daemon < 0 || bind(traced.daemon, (struct sockaddr *)&address, size) < 0 ||
        getsockname(traced.daemon, (struct sockaddr *)&address, &size) < 0)
        bench_die("a daemon's socket: %s", strerror(errno));
    snprintf(text, sizeof(text), "127.0.0.1:%d", ntohs(address.sin_port));
    setenv("AWS_XRAY_DAEMON_ADDRESS", text, 1);
    traced.fd = shared_trace_connect();
    shared_trace_init(&traced.trace, traced.fd, HEADER);
    trace_segments(1);
    take_documents();
    if (traced.document_bytes == 0)
        bench_die("the segment does not arrive");
}

static void stop_daemon(void)
{
    close(traced.daemon);
    close(traced.fd);
    shared_arena_clean_up(&traced.arena);
}

static void start_without_daemon(void)
{
    shared_trace_init(&traced.trace, -1, HEADER);
}

static char folder[] = "/tmp/bench_library.XXXXXX", file[sizeof(folder) + 16];

static void write_asset(void)
{
    static const char content[4096] = "titles";
    if (!mkdtemp(folder))
        bench_die("%s: %s", folder, strerror(errno));
    snprintf(file, sizeof(file), "%s/titles.json", folder);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, content, sizeof(content)) != sizeof(content) || close(fd) < 0)
        bench_die("%s: %s", file, strerror(errno));
    unsetenv("LAMBDA_TASK_ROOT");
    setenv("DEMINE_ASSETS", folder, 1);
}

static void remove_asset(void)
{
    unlink(file);
    rmdir(folder);
}

static void open_and_close(long calls)
{
    struct shared_asset asset = {0};
    struct shared_error err;
    for (long i = 0; i < calls; i++) {
        if (shared_asset_open(&asset, "titles.json", &err) < 0)
            bench_die("%s", err.text);
        library_sink = asset.content.data[0];
        shared_asset_close(&asset);
    }
}

/* The least that gets at a file's bytes by a map. */
static void map_and_unmap(long calls)
{
    struct stat info;
    for (long i = 0; i < calls; i++) {
        int fd = open(file, O_RDONLY | O_CLOEXEC);
        fstat(fd, &info);
        char *content = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        close(fd);
        if (content == MAP_FAILED)
            bench_die("mmap: %s", strerror(errno));
        library_sink = content[0];
        munmap(content, (size_t)info.st_size);
    }
}

const struct library_subject library_peers[] = {
    {"trace_none", "segment, without a daemon", "clock_gettime", true, 1000, start_without_daemon,
     trace_segments, library_read_clock, NULL, NULL},
    {"trace_daemon", "segment, 1 annotation, to a daemon", "send(2) of the same bytes", false, 20,
     start_daemon, trace_segments, send_document, take_documents, stop_daemon},
    {"asset", "asset opened and closed", "open, fstat, mmap, munmap", false, 10, write_asset, open_and_close,
     map_and_unmap, NULL, remove_asset},
    {0},
};
