/* odd_peer.h - something that listens where Redis should, and is none. */
#ifndef E2E_ODD_PEER_H
#define E2E_ODD_PEER_H

enum odd_peer_kind {
    ODD_PEER_DRIBBLES, /* a byte of an answer that never ends, every 20 ms */
    ODD_PEER_HTTP,     /* "HTTP/1.1 400 Bad Request" */
    ODD_PEER_RESETS,   /* every connection, once something came */
    ODD_PEER_DEAF,     /* takes no connection: its queue is full */
    ODD_PEER_LEAVES    /* answers +OK once, closes, and resets: whoever writes then is sent SIGPIPE */
};

struct odd_peer;

/* Starts one on a thread of its own; exits where it cannot. */
struct odd_peer *odd_peer_open(enum odd_peer_kind kind, int *port);
void odd_peer_close(struct odd_peer *peer);

#endif
