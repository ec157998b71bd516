#include "base/line_write.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

bool shared_line_write(int fd, const char *line, size_t size_bytes)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    const char *end = line + size_bytes;
    do {
        ssize_t written = write(fd, line, (size_t)(end - line));
        if (written >= 0)
            line += written;
        else if (errno != EINTR && (errno != EAGAIN || poll(&room, 1, 100) == 0))
            return false;
    } while (line < end);
    return true;
}
