/*
 * redis_name.h - the address of a host, looked up no longer than there is time.
 *
 * getaddrinfo takes no limit, and a name server that is away costs 5 s an attempt, past the invocation's
 * deadline.
 */
#ifndef SESSION_REDIS_NAME_H
#define SESSION_REDIS_NAME_H

#include <shared/error.h>

#include <stdint.h>

/* Fits an address of IPv6 and its zone, as text. */
#define REDIS_ADDRESS_BYTES 64

/*
 * Looks a name up, on a thread of its own, and waits for it until until_ms of redis_link_now_ms at most. An
 * address is its own name. Fails with SHARED_ETIMEDOUT, and whoever comes next waits for the same look-up; or
 * SHARED_EIO.
 */
int redis_name_look_up(const char *host, int64_t until_ms, char address[REDIS_ADDRESS_BYTES],
                       struct shared_error *err);

#endif
