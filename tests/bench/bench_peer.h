/* bench_peer.h - a function program that runs, and the emulator's side of its connection: as quick as can be. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "bench_base.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What every function of a run is served from. */
struct bench_server {
    int listener;
    char api[64]; /* "AWS_LAMBDA_RUNTIME_API=127.0.0.1:port" */
};

/* An event, as it is sent, and what has to come back. */
struct bench_event {
    char *answer;
    size_t answer_bytes;
    const char *body;
    size_t body_bytes;
};

struct bench_peer {
    pid_t pid;
    int fd;
    char *input;
    size_t input_bytes, capacity_bytes;
    double start_sec; /* from the start of the program to the end of its first request */
};

/* All of them end the program with a message where something fails: there is nothing to be measured then. */
void bench_server_open(struct bench_server *server);
void bench_server_close(struct bench_server *server);
void bench_event_init(struct bench_event *event, size_t body_bytes);
void bench_event_clean_up(struct bench_event *event);

/* Starts a program (argv as for exec) and waits for its first /next. */
void bench_peer_start(struct bench_server *server, char *const *argv, struct bench_peer *peer);

/* Has it answer an event count times; each answer is compared with the event. Returns the seconds that took.
 */
double bench_peer_invoke(struct bench_peer *peer, const struct bench_event *event, long count);

/* A line of /proc/PID/status in KiB: "VmRSS", "VmHWM". */
long bench_peer_memory_kib(const struct bench_peer *peer, const char *line);

/* Answers with status 500 and closes, so that it ends by itself; or kills it. Waits for its end. */
void bench_peer_end(struct bench_peer *peer, bool by_itself);

#endif
