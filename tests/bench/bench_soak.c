/* bench_soak.c - 24 hours of invocations in a few minutes: what a function keeps of them must be nothing. */
#include "bench_base.h"
#include "bench_peer.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* 24 hours at 58 invocations a second. */
#define INVOCATIONS 5000000
#define QUICK_INVOCATIONS 20000
#define WARM_INVOCATIONS 1000
#define CONNECTION_INVOCATIONS 1000

/* What the kernel's accounting and a heap that was never that busy before may differ by. */
#define MEMORY_SLACK_KIB 16

static const char usage[] =
    "usage: bench_soak [--quick] [--invocations N] FOLDER\n"
    "\n"
    "Has the program soak_function in FOLDER serve invocations of all kinds: answers, failures, warm-ups, "
    "streams,\n"
    "malformed events, a connection that is lost each 1,000. Prints its memory and descriptors on the way; "
    "exit status 1\n"
    "where it has more of either at the end than after the first 1,000.\n"
    "\n"
    "  --invocations N   5,000,000 where nothing is said\n"
    "  --quick           20,000: whether it works\n";

struct figures {
    long invocations, rss_kib, anonymous_kib, descriptors;
    double seconds;
};

struct kind {
    long every, at;
    const char *event;    /* with the number of the invocation */
    const char *outcomes; /* one of which the target ends with: "response", "error" or both */
};

static const struct kind kinds[] = {
    {60, 13, "{\"rawPath\":\"/titles/%ld\"", "error"},
    {50, 1, "{\"warm\":true}", "response"},
    {40, 11, "stream %ld", "response"},
    {30, 5,
     "{\"version\":\"2.0\",\"rawPath\":\"/nowhere/%ld\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
     "response"},
    {20, 3,
     "{\"version\":\"2.0\",\"rawPath\":\"/fail/%ld\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
     "error"},
    {1, 0,
     "{\"version\":\"2.0\",\"rawPath\":\"/titles/%ld\",\"headers\":{\"accept\":\"*/*\"},"
     "\"requestContext\":{\"http\":{\"method\":\"GET\",\"sourceIp\":\"203.0.113.7\"}},\"cookies\":[\"a=1\"]}",
     "response"},
};

static const struct kind *kind_of(long n)
{
    const struct kind *kind = kinds;
    while (n % kind->every != kind->at)
        kind++;
    return kind;
}

static void send_text(const struct bench_peer *peer, const char *text, size_t size_bytes)
{
    while (size_bytes) {
        ssize_t sent = send(peer->fd, text, size_bytes, MSG_NOSIGNAL);
        if (sent <= 0)
            bench_die("send to the function: %s", strerror(errno));
        text += sent;
        size_bytes -= (size_t)sent;
    }
}

/* Whether a request is there as a whole; a chunked one ends with an empty line behind its last chunk. */
static bool is_whole(const struct bench_peer *peer)
{
    const char *end = strstr(peer->input, "\r\n\r\n");
    if (!end)
        return false;
    size_t head = (size_t)(end - peer->input) + 4;
    const char *length = strcasestr(peer->input, "\r\nContent-Length:");
    if (length && length < end)
        return peer->input_bytes >= head + strtoul(length + 17, NULL, 10);
    const char *chunked = strcasestr(peer->input, "\r\nTransfer-Encoding: chunked");
    if (!chunked || chunked > end)
        return true;
    const char *last = memmem(end + 2, peer->input_bytes - head + 2, "\r\n0\r\n", 5);
    return last && memcmp(peer->input + peer->input_bytes - 4, "\r\n\r\n", 4) == 0;
}

static void receive(struct bench_peer *peer, long n)
{
    for (peer->input_bytes = 0, *peer->input = '\0'; !peer->input_bytes || !is_whole(peer);) {
        ssize_t size =
            recv(peer->fd, peer->input + peer->input_bytes, peer->capacity_bytes - peer->input_bytes - 1, 0);
        if (size <= 0)
            bench_die("invocation %ld: receive from the function: %s", n,
                      size ? strerror(errno) : "it closed the connection");
        peer->input_bytes += (size_t)size;
        peer->input[peer->input_bytes] = '\0';
    }
}

static void expect(struct bench_peer *peer, long n, const char *method, const char *target_end)
{
    receive(peer, n);
    const char *end = strstr(peer->input, " HTTP/1.1\r\n");
    size_t size = strlen(target_end);
    if (strncmp(peer->input, method, strlen(method)) != 0 || !end || end < peer->input + size ||
        memcmp(end - size, target_end, size) != 0)
        bench_die("invocation %ld: %s …%s was expected: %.300s", n, method, target_end, peer->input);
}

static void give_event(struct bench_peer *peer, const struct kind *kind, long n)
{
    char event[512], text[1024];
    int size = snprintf(event, sizeof(event), kind->event, n);
    size = snprintf(text, sizeof(text),
                    "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012ld\r\n"
                    "Lambda-Runtime-Deadline-Ms: 4102444800000\r\nLambda-Runtime-Trace-Id: "
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=%d\r\n"
                    "Content-Length: %d\r\n\r\n%s",
                    n, n % 20 == 0, size, event);
    send_text(peer, text, (size_t)size);
}

/* The function has asked for an event; it asks again on another connection. */
static void lose_connection(struct bench_server *server, struct bench_peer *peer, long n)
{
    int one = 1;
    close(peer->fd);
    peer->fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
    if (peer->fd < 0)
        bench_die("invocation %ld: the function does not connect again: %s", n, strerror(errno));
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    expect(peer, n, "GET ", "/invocation/next");
}

static void invoke(struct bench_server *server, struct bench_peer *peer, long n)
{
    static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    const struct kind *kind = kind_of(n);
    if (n % CONNECTION_INVOCATIONS == CONNECTION_INVOCATIONS / 2)
        lose_connection(server, peer, n);
    give_event(peer, kind, n);
    expect(peer, n, "POST ", kind->outcomes);
    send_text(peer, accepted, sizeof(accepted) - 1);
    expect(peer, n, "GET ", "/invocation/next");
}

static long read_kib(const struct bench_peer *peer, const char *name)
{
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)peer->pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    }
    if (file)
        fclose(file);
    if (kib < 0)
        bench_die("%s does not tell %s", path, name);
    return kib;
}

static long count_descriptors(const struct bench_peer *peer)
{
    char path[64];
    long count = 0;
    snprintf(path, sizeof(path), "/proc/%d/fd", (int)peer->pid);
    DIR *folder = opendir(path);
    if (!folder)
        bench_die("open %s: %s", path, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static struct figures measure(const struct bench_peer *peer, long invocations, double began_sec)
{
    struct figures figures = {.invocations = invocations,
                              .rss_kib = read_kib(peer, "Rss:"),
                              .anonymous_kib = read_kib(peer, "Anonymous:"),
                              .descriptors = count_descriptors(peer),
                              .seconds = bench_now_sec() - began_sec};
    printf("%11ld %12ld %16ld %12ld %10.1f\n", figures.invocations, figures.rss_kib, figures.anonymous_kib,
           figures.descriptors, figures.seconds);
    fflush(stdout);
    return figures;
}

static int soak(const char *folder, long invocations)
{
    char path[4096];
    char *argv[] = {path, NULL};
    struct bench_server server;
    struct bench_peer peer;
    struct figures first = {0}, last = {0};
    snprintf(path, sizeof(path), "%s/soak_function", folder);
    bench_server_open(&server);
    bench_peer_start(&server, argv, &peer);
    double began_sec = bench_now_sec();
    printf("%11s %12s %16s %12s %10s\n", "invocations", "memory, KiB", "of its own, KiB", "descriptors",
           "seconds");
    for (long n = 1; n <= invocations; n++) {
        invoke(&server, &peer, n);
        if (n == WARM_INVOCATIONS)
            first = measure(&peer, n, began_sec);
        else if (n == invocations / 10 || n == invocations)
            last = measure(&peer, n, began_sec);
    }
    bench_peer_end(&peer, false);
    bench_server_close(&server);
    bool grew =
        last.anonymous_kib > first.anonymous_kib + MEMORY_SLACK_KIB || last.descriptors > first.descriptors;
    printf("%s\n", grew ? "it grew" : "no growth");
    return grew;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"invocations", required_argument, NULL, 'n'},
                                          {"quick", no_argument, NULL, 'q'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    long invocations = INVOCATIONS;
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'q')
            invocations = QUICK_INVOCATIONS;
        else if (name == 'n')
            invocations = strtol(optarg, NULL, 10);
        else
            return fputs(usage, name == 'h' ? stdout : stderr), name == 'h' ? 0 : 2;
    }
    if (optind + 1 != argc || invocations < 10 * WARM_INVOCATIONS)
        return fputs(usage, stderr), 2;
    return soak(argv[optind], invocations);
}
