#include <shared/resolve.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>

int shared_runtime_resolve(const char *host, uint32_t *address, struct shared_error *err)
{
    const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(host, NULL, &hints, &found);
    if (status != 0)
        return shared_fail(err, SHARED_ENOTFOUND, status == EAI_SYSTEM ? errno : 0, "resolve %s: %s", host,
                           gai_strerror(status));
    *address = ((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr.s_addr;
    freeaddrinfo(found);
    return 0;
}
