/*
 * blob_cache.h - deflated streams by what they are of, kept between runs and shared by all that run on a machine.
 *
 * A folder of segments, each written once by one process under a temporary name and renamed when it is whole, never
 * changed after: "NAME.blobs" holds streams one after the other and ends in an index with a checksum of its own and
 * of each stream (XXH3-64, checked before a stream is used); blob_index.h has the format. Beside it "NAME.use", one
 * day number for each stream, written in place: what was used least recently goes first. Many processes read, add and
 * evict at once; eviction and the gathering of small segments into one are one process's at a time (flock), and
 * nobody waits for it. A segment that another process removed while it is open can be read on. At most 32 descriptors
 * are used.
 *
 * Whoever may write to the folder is trusted with what goes into zips: checksums are against damage, not forgery.
 */
#ifndef PACKER_BLOB_CACHE_H
#define PACKER_BLOB_CACHE_H

#include "base/hash.h"

#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a stream is of, and how it was made: content, codec, version and level. */
struct blob_key {
    unsigned char bytes[16];
};

struct blob_key blob_key(const struct hash *content, uint64_t size_bytes, const char *codec);

/* What is known of a stream; as in struct content. */
struct blob {
    uint32_t crc;
    uint16_t method;
    uint64_t content_bytes, stream_bytes;
};

struct blob_cache_options {
    const char *folder;   /* made where it is missing; NULL: streams live until blob_cache_close alone */
    const char *scratch;  /* folder for what this run adds, where folder is NULL or cannot be written to */
    uint64_t limit_bytes; /* of the folder; 0: no limit */
    uint32_t today;       /* day since 1970, for the least recently used; a test's own */
    void (*warn)(void *user, const char *text); /* any thread; may be NULL */
    void *warn_user;
};

struct blob_cache;

/*
 * Opens a cache; a folder that cannot be used is told by warn, and done without. NULL: SHARED_ENOMEM, or neither
 * folder nor scratch can be written to (SHARED_EIO).
 */
struct blob_cache *blob_cache_open(const struct blob_cache_options *options, struct shared_error *err);

/*
 * Makes what was added visible to others, notes what was used, evicts, releases. Never fails: a cache is help, not
 * need. Nothing is fsynced: what a power cut takes is found by the checksums. No writer may be left. NULL is fine.
 */
void blob_cache_close(struct blob_cache *cache);

/* Whether there is a stream; any thread. One that is found can be read until the cache is closed, if not damaged. */
bool blob_cache_find(struct blob_cache *cache, const struct blob_key *key, struct blob *blob);

/*
 * Forgets a stream whose blob cannot be that of its content, as one that is damaged: another can be added, and takes its
 * place in the folder. warn is told, once a run. Not while other threads add or read it.
 */
void blob_cache_forget(struct blob_cache *cache, const struct blob_key *key);

/*
 * Adds a stream; any thread. blob->stream_bytes is its size. One that is there already is left. Where the folder takes
 * no more, that is told by warn and scratch is used; SHARED_EIO where that neither has room. A limit on the size of
 * files (RLIMIT_FSIZE) is met as a full disk is, provided that SIGXFSZ is ignored.
 */
int blob_cache_add(struct blob_cache *cache, const struct blob_key *key, const struct blob *blob,
                   struct shared_slice stream, struct shared_error *err);

/*
 * The same piece by piece, for streams that are not held in memory: one at a time, others that begin wait, those that
 * add do not. *blob is filled when the stream is known, at the end, which releases the writer, also where it fails;
 * abandon in place of end forgets it.
 */
struct blob_writer;
struct blob_writer *blob_cache_begin(struct blob_cache *cache, const struct blob_key *key,
                                     struct shared_error *err);
int blob_writer_add(struct blob_writer *writer, struct shared_slice piece, struct shared_error *err);
int blob_writer_end(struct blob_writer *writer, const struct blob *blob, struct shared_error *err);
void blob_writer_abandon(struct blob_writer *writer);

/*
 * Reads of a stream from offset on, as pread(2); any thread. The whole stream is checked the first time. Returns
 * SHARED_EPROTO where it is damaged or cannot be read: it is then forgotten, which warn is told once a run; data may
 * hold anything. SHARED_ENOTFOUND: there is none.
 */
ssize_t blob_cache_read(struct blob_cache *cache, const struct blob_key *key, uint64_t offset, void *data,
                        size_t size_bytes, struct shared_error *err);

#endif
