#include "http/http_socket.h"

int shared_http_connect(struct shared_http_connection *connection, struct shared_error *err)
{
    return shared_http_establish(connection, err);
}
