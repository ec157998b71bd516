/* test_content_remote.c - machines that share streams through a server, here a thread with a folder. */
#include "content_try.h"

#include "base/file.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

static atomic_uint gets, puts_taken;
static char url[64];

static ssize_t read_head(int client, char *head, size_t size)
{
    size_t done = 0;
    while (done + 1 < size) {
        ssize_t got = recv(client, head + done, size - 1 - done, 0);
        if (got <= 0)
            return -1;
        done += (size_t)got;
        head[done] = '\0';
        if (strstr(head, "\r\n\r\n"))
            return (ssize_t)done;
    }
    return -1;
}

static void take_body(int client, const char *head, ssize_t head_bytes, const char *path)
{
    const char *body = strstr(head, "\r\n\r\n") + 4, *length = strcasestr(head, "content-length: ");
    size_t left = length ? strtoul(length + 16, NULL, 10) : 0;
    static char bytes[1 << 20];
    size_t done = (size_t)(head + head_bytes - body);
    SCRATCH_NEED(left <= sizeof(bytes));
    memcpy(bytes, body, done);
    if (strcasestr(head, "100-continue"))
        send(client, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
    while (done < left) {
        ssize_t got = recv(client, bytes + done, left - done, 0);
        if (got <= 0)
            return;
        done += (size_t)got;
    }
    scratch_bytes(path, bytes, left);
    puts_taken++;
    send(client, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 62, MSG_NOSIGNAL);
}

static void give_body(int client, const char *path, bool body)
{
    static char bytes[1 << 20], head[200];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
    int head_bytes =
        snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                 file ? "200 OK" : "404 Not Found", size);
    send(client, head, (size_t)head_bytes, MSG_NOSIGNAL);
    if (body)
        send(client, bytes, size, MSG_NOSIGNAL);
    if (file)
        fclose(file);
    gets += file && body;
}

static void *serve(void *argument)
{
    int listener = *(int *)argument;
    for (;;) {
        static char head[65536];
        char method[8], path[200] = "server/";
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            return NULL;
        ssize_t size = read_head(client, head, sizeof(head));
        if (size > 0 && sscanf(head, "%7s /%180s", method, path + strlen(path)) == 2) {
            if (strcmp(method, "PUT") == 0)
                take_body(client, head, size, path);
            else
                give_body(client, path, strcmp(method, "GET") == 0);
        }
        shutdown(client, SHUT_WR);
        close(client);
    }
}

static int listen_here(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SCRATCH_NEED(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
                 listen(fd, 64) == 0 && getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

static const char *const names[] = {"a", "b", "c", "empty", NULL};

/* A run of a machine that has no blobs of its own. */
static struct content_counts run(const char *machine, bool reads_only)
{
    struct shared_error err = {0};
    struct try_package try = try_package(names);
    struct content_options options = try_options();
    options.state = options.cache = machine;
    options.remote = url;
    options.remote_reads_only = reads_only;
    scratch_folder(machine);
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &try, &err), 0);
    CHECK_NUMBER(content_deflate(set, &err), 0);
    for (size_t i = 0; names[i]; i++)
        CHECK(try_stream_is(set, try.entries[i].content, names[i], 5000, &err));
    CHECK_TEXT(err.text, "");
    struct content_counts counts = content_counts(set);
    content_close(set);
    return counts;
}

static void set_up(void)
{
    scratch_folder("server");
    try_text_file("a", 5000, 1);
    try_text_file("b", 50000, 2);
    try_noise_file("c", 9000, 3);
    scratch_file("empty", "");
    try_wait();
}

static void test_fleet(void)
{
    char *folder = scratch_enter();
    set_up();
    struct content_counts counts = run("reader", true);
    CHECK_NUMBER(counts.deflated, 3);
    CHECK_NUMBER(puts_taken, 0);
    counts = run("first", false);
    CHECK_NUMBER(counts.deflated, 3);
    CHECK_NUMBER(counts.from_remote, 0);
    CHECK_NUMBER(puts_taken, 3);
    CHECK_NUMBER(gets, 0);
    counts = run("second", false);
    CHECK_NUMBER(counts.deflated, 0);
    CHECK_NUMBER(counts.from_remote, 3);
    CHECK_NUMBER(gets, 3);
    CHECK_NUMBER(puts_taken, 3);
    counts = run("second", false);
    CHECK_NUMBER(counts.from_remote + counts.from_cache + counts.deflated, 0);
    CHECK_NUMBER(gets, 3);
    try_text_file("a", 5000, 4);
    counts = run("second", false);
    CHECK_NUMBER(counts.deflated, 1);
    CHECK_NUMBER(puts_taken, 4);
    CHECK_TEXT(try_warnings, "");
    scratch_leave(folder);
}

/* What the server has is damaged: told, and made here. */
static void test_damaged(void)
{
    char *folder = scratch_enter();
    set_up();
    run("first", false);
    SCRATCH_NEED(
        system("for f in server/*; do printf xxxx | dd of=$f bs=1 seek=500 conv=notrunc 2> dd; done") == 0);
    struct content_counts counts = run("second", true);
    CHECK_NUMBER(counts.deflated, 3);
    CHECK_NUMBER(counts.from_remote, 0);
    CHECK(*try_warnings);
    scratch_leave(folder);
}

static void test_away(void)
{
    char *folder = scratch_enter();
    struct shared_error err;
    set_up();
    snprintf(url, sizeof(url), "http://127.0.0.1:1/blobs");
    CHECK_NUMBER(run("alone", false).deflated, 3);
    CHECK(*try_warnings);
    struct content_options options = try_options();
    options.state = "alone";
    options.remote = "no url";
    CHECK(!content_open(&options, &err));
    CHECK_NUMBER(err.code, SHARED_EINVAL);
    scratch_leave(folder);
}

int main(void)
{
    pthread_t server;
    int listener = listen_here();
    unsetenv("http_proxy");
    SCRATCH_NEED(pthread_create(&server, NULL, serve, &listener) == 0);
    CHECK_RUN(test_fleet);
    CHECK_RUN(test_damaged);
    CHECK_RUN(test_away);
    shutdown(listener, SHUT_RDWR);
    pthread_join(server, NULL);
    close(listener);
    return check_report();
}
