/* bench_syscalls.h - system calls, counted by strace. */
#ifndef BENCH_SYSCALLS_H
#define BENCH_SYSCALLS_H

#include "bench_peer.h"

#include <stdbool.h>

/* Whether strace is there and may trace. */
bool bench_syscalls_available(void);

/* System calls an invocation: those of 2n less those of n, so that start and end cancel out. */
double bench_syscalls(struct bench_server *server, const char *program, const struct bench_event *event,
                      long n);

#endif
