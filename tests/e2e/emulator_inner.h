/* emulator_inner.h - the parts of the emulator to one another. */
#ifndef E2E_EMULATOR_INNER_H
#define E2E_EMULATOR_INNER_H

#include "emulator.h"

#include <poll.h>
#include <sys/types.h>

#define EMULATOR_CONNECTIONS 128
#define EMULATOR_EXTENSION_ID "c7a1c2f6-9a0b-4b41-8d6c-2f1f5d6e0a11"

/* A chunked body on its way in: what is decoded of it stands behind the head, what is not yet behind that. */
struct emulator_chunks {
    bool begun, ended;
    size_t content_end, raw_at; /* in the connection's data */
    size_t left;                /* of the chunk that has begun */
    size_t all_bytes;           /* of the body; more than are kept */
    uint64_t digest;            /* of all of them, as emulator_digest */
    char *trailers;             /* lines */
};

/* A connection of the function's; fd -1 is a free place. */
struct emulator_connection {
    int fd;
    int number;
    char *data;
    size_t size_bytes, capacity_bytes;
    struct emulator_chunks chunks;
};

struct emulator {
    const struct emulator_options *options;
    struct emulator_run *run;
    struct emulator_connection connections[EMULATOR_CONNECTIONS];
    int listener;
    int port;
    pid_t child;
    int standard_error; /* of the function; -1 after its end */
    double started_sec;
    char id[512];            /* request id of the last event */
    char invocation_id[512]; /* Lambda-Runtime-Invocation-Id of the last event; empty: none */
    unsigned events;
};

double emulator_now_sec(void);

/* Adds a line to the run's violations. */
void emulator_violation(struct emulator *emulator, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Records why the scenario ends here. Returns -1. */
int emulator_fail(struct emulator *emulator, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* emulator_child.c: the program's life. */
int emulator_child_start(struct emulator *emulator);
int emulator_child_end(struct emulator *emulator);   /* waits for one that ended; returns its exit status */
void emulator_child_kill(struct emulator *emulator); /* ends one that still runs, and takes its last words */

/* emulator_socket.c: waiting and sending, never longer than the time-out. */
int emulator_listen(struct emulator *emulator, bool accepting);
int emulator_accept(struct emulator *emulator); /* index of the connection, or -1 */
void emulator_hang_up(struct emulator_connection *connection, bool reset);

/* Waits until one of the descriptors can be read or written and takes in what came on standard error
 * meanwhile. Returns 1, 0 at the deadline, -1 where poll failed. */
int emulator_wait(struct emulator *emulator, struct pollfd *fds, nfds_t count, double deadline_sec);

/* Sends all; false where the function closed the connection. */
bool emulator_send(struct emulator *emulator, int fd, const char *data, size_t size_bytes,
                   double deadline_sec);

/* Takes what has come on a connection, most_bytes of it at the most; hangs up where the function did. Returns
 * -1 where memory is exhausted. */
int emulator_receive(struct emulator *emulator, struct emulator_connection *connection, size_t most_bytes);

double emulator_deadline_sec(const struct emulator *emulator);

/* emulator_chunks.c: undoes a chunked transfer as far as it has come. Returns 1 where the request is whole, 0
 * where more is needed, -1 where it is malformed; *size_bytes becomes that of head and body. A request that
 * is not chunked leaves *size_bytes at what emulator_request_size says. */
int emulator_unchunk(struct emulator_connection *connection, size_t *size_bytes);

/* Takes a whole request off its connection and records it. NULL with a problem where it is none. */
struct emulator_request *emulator_record(struct emulator *emulator, struct emulator_connection *connection,
                                         size_t size_bytes, int line, bool early);

/* emulator_http.c: the size of the complete request at the start of the data, 0 where more is needed, -1
 * where it is none. With headers_only the body need not be there yet. */
long emulator_request_size(const char *data, size_t size_bytes, bool headers_only);
int emulator_request_read(char *data, size_t size_bytes, struct emulator_request *request);
int emulator_trailers_read(char *lines, struct emulator_request *request); /* writes over them */
void emulator_request_clean_up(struct emulator_request *request);

/* emulator_answer.c: the bytes of an answer; the caller frees them. NULL where memory is exhausted. */
char *emulator_answer(struct emulator *emulator, const struct emulator_step *step, size_t *size_bytes);

/* emulator_verify.c: sets the kind by method and path, false where it is none; and what must hold for every
 * request. */
bool emulator_recognise(struct emulator *emulator, struct emulator_request *request);
void emulator_verify(struct emulator *emulator, const struct emulator_request *request);

#endif
