/* A line goes out whole: after signals, short writes and full pipes; or not at all. */
#include "check.h"

#include "base/line_write.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* write, poll: the test's own. Each call takes the next answer: a size, or an errno below 0. */
static const int *answers;
static char taken[64];
static size_t taken_bytes;
static int polled, poll_answer;

ssize_t __wrap_write(int fd, const void *data, size_t size_bytes);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
ssize_t __real_write(int fd, const void *data, size_t size_bytes);

ssize_t __wrap_write(int fd, const void *data, size_t size_bytes)
{
    if (fd != 99)
        return __real_write(fd, data, size_bytes);
    int answer = *answers++;
    if (answer < 0) {
        errno = -answer;
        return -1;
    }
    size_t size = size_bytes < (size_t)answer ? size_bytes : (size_t)answer;
    memcpy(taken + taken_bytes, data, size);
    taken_bytes += size;
    return (ssize_t)size;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    CHECK(count == 1 && fds->fd == 99 && fds->events == POLLOUT && timeout_ms == 100);
    polled++;
    return poll_answer;
}

static void test_answers(void)
{
    static const struct {
        const char *name;
        int answers[6];
        int poll_answer;
        const char *taken;
        bool result;
        int polled;
    } rows[] = {
        {"at once", {100}, 1, "abcdef\n", true, 0},
        {"short", {3, 1, 100}, 1, "abcdef\n", true, 0},
        {"interrupted", {-EINTR, 3, -EINTR, -EINTR, 100}, 1, "abcdef\n", true, 0},
        {"nothing at first", {0, 100}, 1, "abcdef\n", true, 0},
        {"full, then not", {2, -EAGAIN, 100}, 1, "abcdef\n", true, 1},
        {"full, and a signal while waiting", {2, -EAGAIN, 100}, -1, "abcdef\n", true, 1},
        {"full for long", {-EAGAIN, 100}, 0, "", false, 1},
        {"closed", {-EBADF}, 1, "", false, 0},
        {"closed in the midst", {2, -EPIPE}, 1, "ab", false, 0},
        {"no space", {-ENOSPC}, 1, "", false, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        answers = rows[i].answers;
        poll_answer = rows[i].poll_answer;
        polled = 0;
        taken_bytes = 0;
        CHECK(shared_line_write(99, "abcdef\n", 7) == rows[i].result);
        CHECK_BYTES(shared_slice_of(taken, taken_bytes), shared_slice_from_text(rows[i].taken));
        CHECK_NUMBER(polled, rows[i].polled);
    }
}

int main(void)
{
    CHECK_RUN(test_answers);
    return check_report();
}
