#include <shared/trace.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* "a.b.c.d:port", up to a space. */
static bool read_address(struct shared_slice text, struct sockaddr_in *address)
{
    char host[INET_ADDRSTRLEN];
    unsigned long long port;
    struct shared_slice name = shared_slice_split(&text, ':');
    if (name.size_bytes >= sizeof(host) || !shared_slice_to_number(text, 65535, &port) || port == 0)
        return false;
    memcpy(host, name.data, name.size_bytes);
    host[name.size_bytes] = '\0';
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

/* One address for both protocols, or "tcp:… udp:…" in either order. */
static bool find_address(const char *text, struct sockaddr_in *address)
{
    struct shared_slice rest = shared_slice_from_text(text);
    while (rest.data) {
        struct shared_slice word = shared_slice_split(&rest, ' '), plain = word;
        struct shared_slice protocol = shared_slice_split(&word, ':');
        bool udp = shared_slice_equal(protocol, shared_slice_from_text("udp"));
        if (!udp && shared_slice_equal(protocol, shared_slice_from_text("tcp")))
            continue;
        if (read_address(udp ? word : plain, address))
            return true;
    }
    return false;
}

int shared_trace_connect(void)
{
    struct sockaddr_in address;
    if (!find_address(getenv("AWS_XRAY_DAEMON_ADDRESS"), &address))
        return -1;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}
