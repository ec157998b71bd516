#include "runtime/runtime_loop.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define HOST_BYTES 256

static int find_address(struct shared_runtime_loop *loop, const char *host, struct shared_error *err)
{
    struct in_addr *address = &loop->connection.address.sin_addr;
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (inet_pton(AF_INET, host, address) == 1)
        return 0;
    if (loop->options->resolve)
        return loop->options->resolve(host, &address->s_addr, err);
    return shared_fail(err, SHARED_EINVAL, 0,
                       "AWS_LAMBDA_RUNTIME_API: %s is not an IPv4 address; "
                       "set options.resolve to shared_runtime_resolve of shared/resolve.h",
                       host);
}

int shared_runtime_endpoint(struct shared_runtime_loop *loop, struct shared_error *err)
{
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    if (!api || !*api)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "AWS_LAMBDA_RUNTIME_API is not set: this program is a Lambda function, "
                           "to be started by Lambda or an emulator of it");

    size_t size = strcspn(api, "/");
    loop->host = shared_slice_of(api, size);
    loop->path = shared_slice_from_text(api + size);
    while (loop->path.size_bytes && loop->path.data[loop->path.size_bytes - 1] == '/')
        loop->path.size_bytes--;

    char host[HOST_BYTES];
    struct shared_slice port = loop->host;
    struct shared_slice name = shared_slice_split(&port, ':');
    unsigned long long number;
    if (name.size_bytes == 0 || name.size_bytes >= sizeof(host) ||
        !shared_slice_to_number(port, UINT16_MAX, &number) || number == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "AWS_LAMBDA_RUNTIME_API: \"%s\" is not host:port", api);
    memcpy(host, name.data, name.size_bytes);
    host[name.size_bytes] = '\0';
    loop->connection.fd = -1;
    loop->connection.address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
    return find_address(loop, host, err);
}
