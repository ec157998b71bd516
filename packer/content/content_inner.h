/*
 * content_inner.h - what the files of this stage share.
 *
 * content_read lists files and asks the stat cache; content_hash reads those it does not know; content_join makes one of
 * those that are the same, as content_compare says. content_deflate looks for streams, content_make makes those that
 * are missing: content_small whole files, content_large the pieces of those that are more than one, by what
 * content_compressors lends to threads; content_check inflates again what was made.
 */
#ifndef PACKER_CONTENT_INNER_H
#define PACKER_CONTENT_INNER_H

#include "content/blob_cache.h"
#include "content/blob_remote.h"
#include "content/content.h"
#include "content/stat_cache.h"

#include <pthread.h>

struct content_item {
    struct content content;         /* first: callers hold its address */
    struct content_item *same_hash; /* next in its slot of the table */
    struct content_item *next;      /* in the order in which they were found */
    struct stat_content *kept;      /* the same in the stat cache */
    bool known;                     /* method, crc and deflated_bytes are set */
    bool wanted;                    /* by content_prepare */
    /* Not 0: another content has this hash. Its stream is kept under this number, for this run alone. */
    unsigned apart;
};

/* A file, however many entries it is in. */
struct content_file {
    struct stat_file *kept;
    struct content_item *item; /* NULL: not joined yet */
    struct content_file *twin; /* one that was compared with it, and is the same; has no twin itself */
    uint64_t size_bytes;       /* as it was listed */
    struct hash hash;
    struct stat_print print;
    bool hashed;  /* in this run */
    bool settled; /* print will change with the file */
};

/* Text for a warning, kept until the calling thread can be told. */
struct content_warning {
    struct content_warning *next;
    char text[SHARED_ERROR_TEXT_BYTES];
};

struct content_set {
    struct content_options options;
    struct shared_arena arena; /* of the calling thread */
    unsigned threads;
    struct content_item **slots;
    size_t slot_count; /* a power of two */
    struct content_item *first, **end;
    size_t item_count;
    struct stat_cache *stats;
    struct blob_cache *blobs;
    struct blob_remote *remote; /* NULL: none */
    struct content_counts counts;
    unsigned apart_count;
    char apart[64];       /* what this run calls streams that no other is to find */
    pthread_mutex_t mend; /* held while a stream is made again */
    pthread_mutex_t warn_lock;
    struct content_warning *warnings;
};

/* Larger files are deflated in pieces of this size, each by itself; it is part of what their streams are. */
#define CONTENT_PIECE_BYTES (16u << 20)
#define CONTENT_PIECES " in pieces of 16 MiB"

/* content_codec.c: the key of a content's stream in the caches; any thread. */
struct blob_key content_key(const struct content_set *set, const struct content_item *item);
struct content_item *content_item_of(const struct content *content);
/* All that streams depend on beside content and level. */
struct shared_slice content_codecs(void);
/* The level of libdeflate, 1 to 12, for a content, or a piece of one; what stands for it in the stat cache. */
int content_level(enum manifest_level level, bool program, struct shared_slice content);
int content_codec_number(enum manifest_level level, bool program);

/* content_warn.c: notes a text, from any thread; tells what was noted, from the calling one. */
void content_warn(void *set, const char *text);
void content_warn_all(struct content_set *set);

/* content_file.c: opens a file that is to have a size still, and sets *print, unless that is known from the listing: who reads
 * what has changed since then keeps what no file will look like again. *fd is the caller's to close, after a failure too. */
int content_file_open(const char *path, uint64_t size_bytes, int *fd, struct stat_print *print,
                      struct shared_error *err);
/* Reads all of size_bytes from offset on; a file that has fewer has changed. */
int content_file_read(int fd, const char *path, uint64_t offset, void *data, size_t size_bytes,
                      struct shared_error *err);
int content_fail_on_read(const char *path, struct shared_error *err);
int content_fail_on_change(const char *path, struct shared_error *err);

/* content_hash.c: sets hash, print and settled of files, and twin where one was seen to be the same. Sorts the list. */
int content_hash_all(struct content_set *set, struct content_file **files, size_t count,
                     struct shared_error *err);

/* content_digest.c: the hash of bytes, whole (a test puts another in its place) or piece by piece; begin: NULL where memory
 * is exhausted. */
struct XXH3_state_s;
struct hash content_digest(const void *data, size_t size_bytes);
struct XXH3_state_s *content_digest_begin(void);
void content_digest_add(struct XXH3_state_s *state, const void *data, size_t size_bytes);
struct hash content_digest_end(const struct XXH3_state_s *state);
void content_digest_free(struct XXH3_state_s *state);

/* content_compare.c: 1 where two files of a size are the same, else 0, or a negative code. */
int content_compare(const char *a, const char *b, uint64_t size_bytes, struct shared_error *err);

/* content_join.c: sets item of files. */
int content_join_all(struct content_set *set, struct content_file **files, size_t count,
                     struct shared_error *err);

/* content_make.c: makes streams, gives them to the cache of blobs and notes what they are. Sorts the list. tells: progress of
 * it is shown. */
int content_make_all(struct content_set *set, struct content_item **items, size_t count, bool tells,
                     struct shared_error *err);

/* content_remote.c: opens the server's cache where there is to be one; fetches streams into the cache on this machine, and
 * sends those that were made. */
int content_remote_open(struct content_set *set, struct shared_error *err);
void content_remote_fetch(struct content_set *set, struct content_item *const *items, size_t count);
void content_remote_send(struct content_set *set, struct content_item *const *items, size_t count);

/* content_deflate.c: sets what is known of a content's stream. */
void content_know(struct content_item *item, const struct blob *blob);

#endif
