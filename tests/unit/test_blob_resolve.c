/* A server whose name is not found out: libcurl looks it up in a thread, by the getaddrinfo of this program. */
#include "blob_try.h"
#include "content/blob_remote.h"

#include <netdb.h>
#include <time.h>

#define LOOK_UP_S 60
#define LONGEST_S 30

static unsigned asked;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)name, (void)service, (void)hints, (void)found;
    __atomic_fetch_add(&asked, 1, __ATOMIC_RELAXED);
    sleep(LOOK_UP_S);
    return EAI_AGAIN;
}

static long now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Neither by the one who asks, nor by the one who closes, is the end of that thread waited for. */
static void test_no_name_server(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    struct blob_remote *remote = blob_remote_open(
        &(struct blob_remote_options){.url = "http://cache.example/x", .warn = try_warn, .warn_user = &try},
        NULL);
    const struct blob_key keys[2] = {{"a"}, {"b"}};
    bool found[2];
    long before_s = now_s();
    CHECK(remote);
    blob_remote_fetch(remote, cache, keys, 2, found);
    blob_remote_fetch(remote, cache, keys, 2, found);
    blob_remote_close(remote);
    CHECK(now_s() - before_s < LONGEST_S);
    CHECK(__atomic_load_n(&asked, __ATOMIC_RELAXED) > 0);
    CHECK(!found[0] && !found[1]);
    CHECK_NUMBER(try.warned, 1);
    CHECK(strstr(try.last, "cache http://cache.example/x: "));
    blob_cache_close(cache);
    try_end(&try);
}

int main(void)
{
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    CHECK_RUN(test_no_name_server);
    return check_report();
}
