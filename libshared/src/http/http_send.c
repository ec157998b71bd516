#include "http/http_socket.h"

int shared_http_send(int fd, const struct shared_slice request[2])
{
    return shared_http_send_all(fd, request);
}
