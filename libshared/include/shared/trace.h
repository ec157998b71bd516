/*
 * trace.h - X-Ray subsegments, sent to the daemon that Lambda runs beside a function.
 *
 *     struct shared_segment segment;
 *     shared_segment_open(&segment, context->trace, NULL, "redis", context->arena);
 *     int status = redis_get(…);
 *     shared_segment_annotate_bool(&segment, "hit", status == 0);
 *     shared_segment_close(&segment, status < 0 ? err : NULL);
 *
 * Source: AWS X-Ray developer guide, "X-Ray segment documents" and "Sending trace data to X-Ray" (UDP, a
 * header line {"format":"json","version":1} before the document), 2025. The trace, the parent and whether it
 * is sampled come from the invocation's header, "Root=1-…;Parent=…;Sampled=1". On Lambda the function's own
 * segment is the platform's, and everything here is part of it; where a header names no parent, what is
 * opened without one is sent as a segment.
 *
 * Where there is no daemon, no header or no sampling, and where trace or segment is NULL, every function does
 * nothing and costs next to nothing. Sending never waits: what the socket does not take is lost.
 */
#ifndef SHARED_TRACE_H
#define SHARED_TRACE_H

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the header says. */
struct shared_trace_header {
    char root[36];   /* "1-5759e988-bd862e3fe1be46a994272793"; "" where there is none */
    char parent[17]; /* 16 hexadecimal digits; "" where there is none */
    bool sampled;
};

/* Reads a header; NULL and whatever is malformed gives one that is empty and not sampled. Returns whether it
 * is whole and sampled. Never fails otherwise, whatever the bytes. */
bool shared_trace_header_read(struct shared_trace_header *header, const char *text);

/* Caller-owned; one invocation, one thread. */
struct shared_trace {
    struct shared_trace_header header;
    int fd; /* a UDP socket, borrowed; -1: nothing is sent */
};

/* Opens a socket to the daemon at AWS_XRAY_DAEMON_ADDRESS ("169.254.79.129:2000", also the form "tcp:…
 * udp:…"); -1 where the variable is not set or holds no IPv4 address. Kept for the life of the process. */
int shared_trace_connect(void);

/* Begins a trace: sends to fd (-1: nowhere) where the header, of shared_context's trace_id, says so. */
void shared_trace_init(struct shared_trace *trace, int fd, const char *header);

struct shared_segment_pair;

/* Caller-owned, from open to close. Private but for name_space. */
struct shared_segment {
    const struct shared_trace *trace; /* NULL: nothing is sent */
    struct shared_arena *arena;
    const char *name_space; /* "remote" (another service answered), "aws"; NULL, as after open: none */
    const char *name;
    const char *parent_id;
    char id[17];
    int64_t began_us;       /* since 1970 */
    int64_t began_clock_us; /* monotonic: what has passed is taken from it */
    size_t annotation_count;
    struct shared_segment_pair *annotations, *metadata; /* the latest first */
};

/*
 * Begins a subsegment of the trace's, or of parent's (may be NULL; it must outlive this one). name is
 * borrowed and cut after 200 bytes; what is not a letter or digit of ASCII, a space or one of _.:/%&#=+\-@
 * becomes "_". What is noted lies in arena until the segment is closed.
 */
void shared_segment_open(struct shared_segment *segment, const struct shared_trace *trace,
                         const struct shared_segment *parent, const char *name, struct shared_arena *arena);

/* Annotations are indexed: the first 50 of a segment, keys of up to 500 letters, digits and "_" (others
 * become "_"), texts up to 1,000 bytes. What is copied is cut there. A number that JSON has none for becomes
 * a text. Of a key that is annotated, or noted, again the later value counts. */
void shared_segment_annotate(struct shared_segment *segment, const char *key, const char *text);
void shared_segment_annotate_number(struct shared_segment *segment, const char *key, double number);
void shared_segment_annotate_bool(struct shared_segment *segment, const char *key, bool truth);

/* Metadata is not indexed; under the name space "default". Any text; NULL becomes null. */
void shared_segment_note(struct shared_segment *segment, const char *key, const char *text);

/*
 * Ends it and sends it. With an error it is marked a fault, with the error's name and text as the exception.
 * A document over 64 KB loses its metadata, then its annotations. Closing it again does nothing.
 */
void shared_segment_close(struct shared_segment *segment, const struct shared_error *error);

/* Bytes of a header with its NUL. */
#define SHARED_TRACE_HEADER_BYTES 80

/*
 * Writes the header to send on to a service that is called within a segment, X-Amzn-Trace-Id:
 * "Root=1-…;Parent=…;Sampled=1". "" where nothing is sent: pass context->trace_id on then.
 */
void shared_segment_header(const struct shared_segment *segment, char header[SHARED_TRACE_HEADER_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
