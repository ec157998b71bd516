/*
 * blob_transfer.h - requests to a server of blobs: several at a time, each slot of which does one after the other.
 *
 * Rooms: blob_remote says what is asked for, blob_transfer runs requests, blob_get and blob_put are what those of a
 * kind do with bodies, blob_verdict what answers mean, blob_mend what becomes of blobs that came damaged.
 */
#ifndef PACKER_BLOB_TRANSFER_H
#define PACKER_BLOB_TRANSFER_H

#include "content/blob_body.h"
#include "content/blob_curl.h"
#include "content/blob_remote.h"

/* A stream over this is neither asked for nor sent. */
#define BLOB_REMOTE_BYTES_MAX (64u << 20)

struct blob_remote {
    char *url, *shown;
    struct blob_remote_options options;
    struct blob_curl curl;
    CURLM *multi;               /* NULL: nothing was sent yet */
    struct curl_slist *headers; /* of PUT */
    bool off;                   /* left alone for the rest of the run */
    bool answered;              /* something, in this run */
    unsigned connections;       /* at a time */
    bool told, told_size;
    unsigned failures;
    struct blob_key *damaged; /* that came so */
    size_t damaged_count, damaged_capacity,
        orderly; /* other answers: blobs that are some, and that there is none */
    bool
        asks_no_more; /* most of what came is no blob: what is known to be damaged is sent anew, nothing else done */
    uint64_t body_bytes_max;      /* the server refused a body of as many */
    uint64_t waited_ms, requests; /* of the run, with */
    double carried_bytes;         /* of contents whose streams came, or were taken */
};

enum blob_verb { BLOB_GET, BLOB_HEAD, BLOB_PUT };

/* A slot. */
struct blob_transfer {
    struct blob_remote *remote;
    struct blob_cache *cache;
    CURL *easy;
    char *url;
    enum blob_verb verb;
    size_t position; /* of the key in the caller's keys */
    struct blob_key key;
    bool active, again; /* again: over another connection */

    const char *fault; /* GET: what is wrong with a body, as the end of a sentence */
    unsigned char header[BLOB_BODY_HEADER_BYTES];
    struct blob_entry entry;
    uint64_t done_bytes;   /* of the body, its header too */
    unsigned char *buffer; /* GET: the stream, while it is small */
    size_t capacity;
    int spill; /* GET: where a stream goes that is not; -1: none */
};

/*
 * What runs: begin makes a slot's next request ready (false: there is no more), end looks at how it went and says
 * whether another, made ready by it, follows for the same key.
 */
struct blob_work {
    struct blob_remote *remote;
    struct blob_cache *cache;
    const struct blob_key *keys;
    size_t count, next;
    bool *found;
    bool (*begin)(struct blob_work *work, struct blob_transfer *transfer);
    bool (*end)(struct blob_work *work, struct blob_transfer *transfer, CURLcode result, long status);
};

/* Runs all; ends early where the server is to be left alone. */
void blob_transfer_all(struct blob_work *work);

/* Makes a request of a slot: options that all have, URL, method. False where memory is exhausted. */
bool blob_transfer_prepare(struct blob_transfer *transfer, enum blob_verb verb);

/* blob_get.c: where the body goes; and what of it is put into the cache, or NULL and what is wrong with it. */
void blob_get_prepare(struct blob_transfer *transfer);
bool blob_get_keep(struct blob_transfer *transfer);
void blob_get_clean_up(struct blob_transfer *transfer);

/* blob_put.c: whether the cache has a stream to send, of which the header is made; where the body comes from. */
bool blob_put_find(struct blob_transfer *transfer);
void blob_put_prepare(struct blob_transfer *transfer);

/*
 * blob_mend.c: a blob that came damaged, which is none of the server's failures: it is told once and sent anew, without
 * asking whether it is there. A server most of whose blobs are none is not asked for more, but what was found is mended:
 * the next run comes further.
 */
void blob_mend_note(struct blob_transfer *transfer);
void blob_mend_sort(struct blob_remote *remote); /* before what follows */
bool blob_mend_wanted(const struct blob_remote *remote, const struct blob_key *key);

/* Whether a request ended because there was no connection for it. */
bool blob_transfer_unmade(const struct blob_transfer *transfer, CURLcode result);

/* blob_verdict.c: what an answer means for the server. */
enum blob_answer { BLOB_THERE, BLOB_ABSENT, BLOB_FAILED };
enum blob_answer blob_verdict(struct blob_transfer *transfer, CURLcode result, long status);
/* Something went wrong, as the end of a sentence; once too often: the server is left alone. */
void blob_verdict_failed(struct blob_remote *remote, bool at_once, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A server that costs more than it saves is left alone. */
void blob_verdict_time(struct blob_remote *remote);
void blob_verdict_tell(struct blob_remote *remote, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
