/*
 * trace.h - X-Ray subsegments, sent to the daemon that Lambda runs beside a function.
 *
 *     struct shared_segment segment;
 *     shared_segment_open(&segment, context->trace, NULL, "redis", context->arena);
 *     int status = redis_get(…);
 *     shared_segment_annotate(&segment, "hit", status == 0 ? "yes" : "no");
 *     shared_segment_close(&segment, status < 0 ? err : NULL);
 *
 * Source: AWS X-Ray developer guide, "X-Ray segment documents" and "Using the X-Ray daemon" (UDP, a header
 * line {"format":"json","version":1} before the document), 2025. The trace, the parent and whether it is
 * sampled come from the invocation's header, "Root=1-…;Parent=…;Sampled=1".
 *
 * Where there is no daemon, no header or no sampling, and where trace or segment is NULL, every function does
 * nothing and costs next to nothing.
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

/* Opens a socket to the daemon at AWS_XRAY_DAEMON_ADDRESS ("169.254.79.129:2000", also the form "tcp:… udp:…");
 * -1 where the variable is not set or holds no IPv4 address. Kept for the life of the process. */
int shared_trace_connect(void);

/* Begins a trace: sends to fd (-1: nowhere) where the header, of shared_context's trace_id, says so. */
void shared_trace_init(struct shared_trace *trace, int fd, const char *header);

struct shared_segment_note;

/* Caller-owned, from open to close. Private. */
struct shared_segment {
    struct shared_trace *trace; /* NULL: nothing is sent */
    struct shared_arena *arena;
    const char *parent_id;
    const char *name;
    char id[17];
    double began_s;
    struct shared_segment_note *annotations, *metadata;
    const char *name_space; /* "remote", "aws"; NULL: none */
};

/* Begins a subsegment of the trace's, or of parent's (may be NULL). name is borrowed, cut after 200 bytes, and
 * has what X-Ray does not take in a name replaced by "_". What is noted lies in arena until it is closed. */
void shared_segment_open(struct shared_segment *segment, struct shared_trace *trace,
                         const struct shared_segment *parent, const char *name, struct shared_arena *arena);

/* Annotations are indexed: at most 50 of a segment, keys of letters, digits and "_" (others become "_"). */
void shared_segment_annotate(struct shared_segment *segment, const char *key, const char *text);
void shared_segment_annotate_number(struct shared_segment *segment, const char *key, double number);
void shared_segment_annotate_bool(struct shared_segment *segment, const char *key, bool truth);

/* Metadata is not indexed; under the name space "default". */
void shared_segment_note(struct shared_segment *segment, const char *key, const char *text);

/* Ends it and sends it; a document over 64 KB loses its metadata. With an error it is marked a fault, with the
 * error's name and text as the exception. */
void shared_segment_close(struct shared_segment *segment, const struct shared_error *error);

#ifdef __cplusplus
}
#endif

#endif
