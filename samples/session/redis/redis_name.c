#include "redis_name.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* One at a time: a function has one Redis. It outlives the invocation that has no time to wait for it. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool running;
    int status; /* of getaddrinfo */
    char host[256];
    char address[REDIS_ADDRESS_BYTES];
} look_up = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};

static int find(const char *host, char *address)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *found = NULL;
    int status = getaddrinfo(host, NULL, &wanted, &found);
    if (status == 0)
        status = getnameinfo(found->ai_addr, found->ai_addrlen, address, REDIS_ADDRESS_BYTES, NULL, 0,
                             NI_NUMERICHOST);
    if (found)
        freeaddrinfo(found);
    return status;
}

/* host is changed only while no look-up runs. */
static void *run(void *unused)
{
    char address[REDIS_ADDRESS_BYTES] = "";
    int status = find(look_up.host, address);
    pthread_mutex_lock(&look_up.lock);
    look_up.status = status;
    memcpy(look_up.address, address, sizeof(address));
    look_up.running = false;
    pthread_cond_broadcast(&look_up.done);
    pthread_mutex_unlock(&look_up.lock);
    return unused;
}

static bool start(const char *host)
{
    pthread_t thread;
    snprintf(look_up.host, sizeof(look_up.host), "%s", host);
    look_up.running = true;
    if (pthread_create(&thread, NULL, run, NULL) == 0 && pthread_detach(thread) == 0)
        return true;
    look_up.running = false;
    return false;
}

static int wait_done(const char *host, int64_t until_ms, char *address, struct shared_error *err)
{
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    if (!look_up.running && !start(host))
        return shared_fail(err, SHARED_ENOMEM, 0, "look up %s: no thread", host);
    while (look_up.running) {
        if (pthread_cond_clockwait(&look_up.done, &look_up.lock, CLOCK_MONOTONIC, &until) != 0)
            return shared_fail(err, SHARED_ETIMEDOUT, 0, "look up %s: no answer in time", host);
    }
    if (look_up.status != 0)
        return shared_fail(err, SHARED_EIO, 0, "look up %s: %s", host, gai_strerror(look_up.status));
    memcpy(address, look_up.address, sizeof(look_up.address));
    return 0;
}

int redis_name_look_up(const char *host, int64_t until_ms, char address[REDIS_ADDRESS_BYTES],
                       struct shared_error *err)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1) {
        snprintf(address, REDIS_ADDRESS_BYTES, "%s", host);
        return 0;
    }
    pthread_mutex_lock(&look_up.lock);
    int code = wait_done(host, until_ms, address, err);
    pthread_mutex_unlock(&look_up.lock);
    return code;
}
