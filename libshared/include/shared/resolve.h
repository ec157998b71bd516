/* resolve.h - host names for the runtime, for emulators that are not at an address. */
#ifndef SHARED_RESOLVE_H
#define SHARED_RESOLVE_H

#include <shared/error.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Finds an IPv4 address by getaddrinfo: for options.resolve of shared_runtime_run. Returns SHARED_ENOTFOUND
 * where there is none. In a static glibc program getaddrinfo needs the shared libraries of the glibc it was
 * built with. Any thread.
 */
int shared_runtime_resolve(const char *host, uint32_t *address, struct shared_error *err);

#ifdef __cplusplus
}
#endif

#endif
