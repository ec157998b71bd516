/*
 * emulator.h - the Lambda Runtime API, version 2018-06-01, as a peer that can misbehave on request.
 *
 * emulator_play starts a function program with the usual variables of Lambda, answers its requests as a
 * scenario says, and records every request. The scenario is a text, one step a line: what the function is
 * expected to do, then how it is answered.
 *
 *     next event="hello" chunk=3 packet=1
 *     response
 *     next status=500
 *     exit 1
 *
 * Steps:
 *     next        GET /2018-06-01/runtime/invocation/next      answered with an event, status 200
 *     response    POST …/invocation/{id of the last event}/response      answered with 202
 *     error       POST …/invocation/{id of the last event}/error         answered with 202
 *     answer      either of the two                                  answered with 202
 *     init-error  POST …/init/error                                      answered with 202
 *     register    POST /2020-01-01/extension/register                    answered with an identifier, status 200
 *     event-next  GET /2020-01-01/extension/event/next                   left unanswered
 *     refuse      a new connection, reset as soon as it is made, before any request is read
 *     down        nobody listens and all connections are closed, until a further line came on standard error
 *     signal N    sends the program that signal
 *     report TEXT waits until standard error holds the text
 *     exit N      waits for the program to end with that status; exit any: with whichever
 *
 * What an answer is made of (all of it optional; a value is a word, or "…" with \r \n \t \0 \xHH \" \\):
 *     status=N reason=TEXT   the status line
 *     event=TEXT body=TEXT size=N file=PATH      the body; size=N: emulator_pattern of N bytes
 *     id=TEXT no-id          the request id; without, each event has an id of its own
 *     again                  the id of the event before: Lambda repeats an event whose answer it never saw
 *     plain                  no headers of Lambda's but the request id
 *     header="Name: value"   a further header; up to EMULATOR_HEADERS
 *     chunk=N extension=TEXT trailer="Name: value"      chunked, N bytes a chunk
 *     length=N no-length     another Content-Length than the body's; none at all
 *     http=1.0               the version in the status line
 *     interim=N              an interim answer (100, 103) first
 *     raw=TEXT               these bytes in place of an answer
 *     packet=N pause_us=N    sent in pieces of N bytes, with a pause between them
 *     delay_ms=N             thinks that long before it answers
 *     cut=N                  closes the connection after the first N bytes; cut=0: without an answer
 *     close                  closes the connection after the answer
 *     reset                  with cut or close: by RST instead of FIN
 *     take=N take_us=N       takes the request in N bytes at a time, with a pause before each
 *     early                  answers when the headers are read, leaves the body unread and closes
 */
#ifndef E2E_EMULATOR_H
#define E2E_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define EMULATOR_HEADERS 8
#define EMULATOR_STEPS 128
#define EMULATOR_REQUEST_HEADERS 32
#define EMULATOR_TRAILERS 4
#define EMULATOR_KEPT_BYTES (16u << 20)
#define EMULATOR_ANY_STATUS (-1)

enum emulator_kind {
    EMULATOR_NEXT,
    EMULATOR_RESPONSE,
    EMULATOR_ERROR,
    EMULATOR_INIT_ERROR,
    EMULATOR_REGISTER,
    EMULATOR_EVENT_NEXT,
    EMULATOR_ANSWER,
    EMULATOR_REFUSE,
    EMULATOR_DOWN,
    EMULATOR_SIGNAL,
    EMULATOR_REPORT,
    EMULATOR_EXIT
};

/* One line of a scenario. */
struct emulator_step {
    enum emulator_kind kind;
    int line;
    int status; /* of EMULATOR_EXIT: the expected exit status; of EMULATOR_SIGNAL: its number */
    char *reason, *id, *extension, *trailer, *version, *raw, *text;
    char *body;
    size_t body_bytes, raw_bytes;
    char *headers[EMULATOR_HEADERS];
    size_t header_count;
    bool no_id, again, plain, no_length, close, reset, early, cuts;
    long interim, length, delay_ms, pause_us, take_us; /* length: -1 is the body's */
    size_t chunk_bytes, packet_bytes, cut_bytes, take_bytes;
};

struct emulator_scenario {
    struct emulator_step steps[EMULATOR_STEPS];
    size_t count;
};

struct emulator_header {
    char *name, *value;
};

/* A request as it came. Owned by its run. */
struct emulator_request {
    enum emulator_kind kind;
    char *method, *target, *version;
    struct emulator_header headers[EMULATOR_REQUEST_HEADERS];
    size_t header_count;
    char *body; /* NUL-terminated beyond its size */
    size_t body_bytes;
    bool chunked;
    size_t all_bytes; /* of a chunked body, of which up to EMULATOR_KEPT_BYTES are kept */
    uint64_t digest;  /* of all of them */
    struct emulator_header trailers[EMULATOR_TRAILERS];
    size_t trailer_count, trailer_bytes;
    int connection;     /* counted from 1 */
    double arrived_sec; /* since the program was started */
};

struct emulator_options {
    char *const *argv;        /* the program and its arguments, NULL at the end */
    const char *const *env;   /* further "NAME=value" texts, NULL at the end; or NULL */
    const char *api;          /* AWS_LAMBDA_RUNTIME_API as it is; "" is empty; NULL: host:port and suffix */
    const char *host;         /* NULL: 127.0.0.1 */
    const char *suffix;       /* what follows the port, "/some/prefix"; or NULL */
    bool api_unset;           /* no AWS_LAMBDA_RUNTIME_API at all */
    const char *task_root;    /* LAMBDA_TASK_ROOT and the working directory; NULL: the caller's */
    int timeout_sec;          /* for each step; 0: 60 */
    bool echo_standard_error; /* what the program says there goes to the caller's too */
};

/* What came of a scenario. {0} before emulator_play; emulator_run_clean_up after it. */
struct emulator_run {
    struct emulator_request *requests;
    size_t request_count;
    int connections;
    char *standard_error; /* what the program said, NUL-terminated */
    size_t standard_error_bytes;
    int exit_status;       /* -1: it did not end by itself; 128 + n: by signal n */
    long peak_kib;         /* VmHWM when the program last asked for an event, 0 where /proc does not tell */
    char violations[4096]; /* lines: where the program did not keep to the Runtime API */
    char problem[512];     /* why the scenario could not be played to its end; empty: it was */
};

/* Reads a scenario. Returns 0, or -1 with a message in problem. What it holds: emulator_scenario_clean_up. */
int emulator_scenario_read(const char *text, struct emulator_scenario *scenario, char *problem,
                           size_t problem_bytes);
void emulator_scenario_clean_up(struct emulator_scenario *scenario);

/*
 * Plays a scenario from the start of the program to its end; a program that lives on after the last step is
 * killed. Returns 0 where every step came as expected, else -1 with the reason in run->problem. The Runtime
 * API itself is checked in every request; what is wrong stands in run->violations. One thread may play at a
 * time.
 */
int emulator_play(const struct emulator_options *options, const char *scenario, struct emulator_run *run);
void emulator_run_clean_up(struct emulator_run *run);

/*
 * The same in pieces, for a test that does something in between: emulator_begin starts the program, each
 * emulator_continue plays further steps, emulator_end kills a program that lives on and frees the emulator.
 * options and run outlive it. emulator_begin returns NULL where there is no memory; where the program could
 * not be started, and after a step that did not come as expected, every emulator_continue returns -1.
 */
struct emulator;
struct emulator *emulator_begin(const struct emulator_options *options, struct emulator_run *run);
int emulator_continue(struct emulator *emulator, const char *scenario);
void emulator_end(struct emulator *emulator);

/* The program's process id, for signals. */
pid_t emulator_program(const struct emulator *emulator);

/* The value of a request's header whatever the case of its name; NULL where there is none. */
const char *emulator_header(const struct emulator_request *request, const char *name);

/* The value of a trailer, likewise. */
const char *emulator_trailer(const struct emulator_request *request, const char *name);

/* The digest of bytes that follow those of another digest, 0 at first (FNV-1a, 64 bits). */
uint64_t emulator_digest(uint64_t digest, const char *bytes, size_t size_bytes);

/* The n-th request of a kind, from 0; NULL where there are not so many. */
const struct emulator_request *emulator_request(const struct emulator_run *run, enum emulator_kind kind,
                                                size_t n);

/* Fills bytes with a JSON text that repeats nowhere within 64 KiB: a lost or doubled piece does not go
 * unseen. */
void emulator_pattern(char *bytes, size_t size_bytes);

/* "GET …/invocation/next" and so on, for messages. */
const char *emulator_kind_name(enum emulator_kind kind);

#endif
