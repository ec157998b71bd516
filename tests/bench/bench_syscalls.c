#include "bench_syscalls.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool find_strace(char path[PATH_MAX])
{
    const char *folders = getenv("PATH");
    for (size_t size; folders && *folders; folders += size + (folders[size] == ':')) {
        size = strcspn(folders, ":");
        snprintf(path, PATH_MAX, "%.*s/strace", (int)size, folders);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

bool bench_syscalls_available(void)
{
    char path[PATH_MAX], command[PATH_MAX + 64];
    if (!find_strace(path))
        return false;
    snprintf(command, sizeof(command), "'%s' -o /dev/null true >/dev/null 2>&1", path);
    return system(command) == 0;
}

/* The line "100.00 seconds usecs/call calls errors total", whose errors may be absent. */
static long read_total(const char *path)
{
    char line[256];
    long calls = -1, found = -1;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strstr(line, " total") && sscanf(line, "%*f %*f %*d %ld", &calls) == 1)
            found = calls;
    }
    if (file)
        fclose(file);
    return found;
}

static long count(struct bench_server *server, const char *program, const struct bench_event *event, long n)
{
    char strace[PATH_MAX], path[] = "/tmp/bench_syscalls.XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || !find_strace(strace))
        bench_die("strace: %s", strerror(errno));
    close(fd);
    char *argv[] = {strace, (char *)"-f", (char *)"-c", (char *)"-o", path, (char *)program, NULL};
    struct bench_peer peer;
    bench_peer_start(server, argv, &peer);
    bench_peer_invoke(&peer, event, n);
    bench_peer_end(&peer, true);
    long total = read_total(path);
    unlink(path);
    if (total < 0)
        bench_die("strace gave no total for %s", program);
    return total;
}

double bench_syscalls(struct bench_server *server, const char *program, const struct bench_event *event,
                      long n)
{
    long once = count(server, program, event, n);
    return (double)(count(server, program, event, 2 * n) - once) / (double)n;
}
