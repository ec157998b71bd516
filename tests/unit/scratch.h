/*
 * scratch.h - a folder of a test's own, which is the current one while the test runs.
 *
 * Whatever cannot be set up ends the program: a test on half a folder would prove nothing.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_NEED(condition) ((condition) ? (void)0 : scratch_die(#condition, __FILE__, __LINE__))

static inline void scratch_die(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: cannot set up: %s: %s\n", file, line, what, strerror(errno));
    exit(2);
}

/* Makes an empty folder and goes there. */
static inline char *scratch_enter(void)
{
    static char path[64];
    snprintf(path, sizeof(path), "/tmp/demine-test-XXXXXX");
    SCRATCH_NEED(mkdtemp(path));
    SCRATCH_NEED(chdir(path) == 0);
    return path;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st, (void)type, (void)place;
    return remove(path);
}

static inline void scratch_leave(const char *path)
{
    SCRATCH_NEED(chdir("/") == 0);
    SCRATCH_NEED(nftw(path, scratch_remove_one, 32, FTW_DEPTH | FTW_PHYS) == 0);
}

static inline void scratch_folder(const char *path)
{
    SCRATCH_NEED(mkdir(path, 0777) == 0 || errno == EEXIST);
}

static inline void scratch_bytes(const char *path, const void *data, size_t size_bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    SCRATCH_NEED(fd >= 0);
    SCRATCH_NEED(write(fd, data, size_bytes) == (ssize_t)size_bytes);
    close(fd);
}

static inline void scratch_file(const char *path, const char *text)
{
    scratch_bytes(path, text, strlen(text));
}

#endif
