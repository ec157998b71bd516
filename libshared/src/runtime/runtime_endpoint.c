#include "runtime/runtime_loop.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST_BYTES 256

int shared_runtime_endpoint(struct shared_runtime_loop *loop, struct shared_error *err)
{
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    if (!api)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "AWS_LAMBDA_RUNTIME_API is not set: start this under Lambda or an emulator");

    char host[HOST_BYTES], *path;
    size_t size = 0;
    while (api[size] && api[size] != ':')
        size++;
    unsigned long long port = api[size] == ':' ? strtoull(api + size + 1, &path, 10) : 0;
    if (size >= sizeof(host) || port - 1 >= UINT16_MAX || (*path && *path != '/'))
        return shared_fail(err, SHARED_EINVAL, 0, "AWS_LAMBDA_RUNTIME_API: %s is not host:port", api);
    snprintf(host, sizeof(host), "%.*s", (int)size, api);

    struct sockaddr_in *address = &loop->connection.address;
    loop->api = api;
    loop->host_size_bytes = (size_t)(path - api);
    address->sin_family = AF_INET;
    address->sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, SHARED_HTTP_IS(host, "localhost") ? "127.0.0.1" : host, &address->sin_addr) == 1)
        return 0;
    if (loop->options->resolve)
        return loop->options->resolve(host, &address->sin_addr.s_addr, err);
    return shared_fail(err, SHARED_EINVAL, 0,
                       "AWS_LAMBDA_RUNTIME_API: %s is no IPv4 address: see shared/resolve.h", host);
}
