/*
 * content.h - what files hold: each distinct content hashed once and deflated once, whatever the number of packages it
 * goes into.
 *
 * content_read lists and hashes, content_deflate makes the streams that zips are made of; between the two, limits can
 * be looked at without a byte having been compressed. A file whose size, mtime, ctime and inode are those of the last
 * run is not read again (stat_cache.h); a stream that was made before comes from the cache of blobs, on this machine
 * (blob_cache.h) or on a server (blob_remote.h).
 */
#ifndef PACKER_CONTENT_H
#define PACKER_CONTENT_H

#include "base/hash.h"
#include "manifest/manifest.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Compression methods of APPNOTE 4.4.5: what deflating does not make smaller is stored. */
enum content_method { CONTENT_STORED = 0, CONTENT_DEFLATED = 8 };

struct content {
    struct hash hash; /* XXH3-128; two files with the same were compared before they became one content */
    uint64_t size_bytes;
    const char *source; /* a file that holds it; where several do, the first by path */
    bool
        program; /* one of its files is a function's bootstrap: default deflates it as hard as it was measured */

    /* Known after content_deflate: */
    enum content_method method;
    uint32_t crc;            /* CRC-32 of the content, APPNOTE 4.4.7 */
    uint64_t deflated_bytes; /* of the stream as it lies in the zip; stored: size_bytes */
};

struct content_options {
    const char *state; /* folder for the stat cache, "STATE/stat.cache"; there already */
    unsigned parallel; /* threads; 0: one for each processor */
    enum manifest_level level;
    const char *cache;    /* folder of blobs; NULL: $XDG_CACHE_HOME/demine, else ~/.cache/demine; "": none */
    uint64_t cache_bytes; /* that the folder may have; 0: 2 GiB */
    const char *remote;   /* URL of a cache of blobs, "http://host/path"; NULL or "": none */
    bool remote_reads_only;

    /* Called from any thread, one at a time, with the share of all bytes that are done; may be NULL. */
    void (*progress)(void *user, double share);
    void *user;

    /* Called from the calling thread for what was mended or done without: "cache …: a blob was damaged; made again". */
    void (*warn)(void *user, const char *text);
    void *warn_user;
};

/* The folder of blobs for that option (arena); NULL: there is none. */
const char *content_cache_folder(const char *cache, struct shared_arena *arena);

/* Opaque: contents, caches, blobs of a run. */
struct content_set;

/* Counts of a run, for the report and for tests. */
struct content_counts {
    size_t files;           /* in packages, each time they are in one */
    size_t contents;        /* distinct */
    size_t files_read;      /* hashed or compared: 0 where nothing changed */
    size_t deflated;        /* contents that were deflated, */
    size_t from_cache;      /* or taken from the folder, */
    size_t from_remote;     /* or from the server */
    uint64_t content_bytes; /* of distinct contents */
    uint64_t stream_bytes;  /* the same in zips */
};

/* An empty set; NULL where memory is exhausted. The options are borrowed until content_close. */
struct content_set *content_open(const struct content_options *options, struct shared_error *err);

/* Writes the stat cache, which lies in the state folder: for who gives that folder up before the set. NULL is fine. */
void content_keep(struct content_set *set);

/* Keeps the stat cache, gives the streams that were made to the caches, evicts what is too much, releases all. NULL is
 * fine. What fails here is told by warn alone: the packages are made. */
void content_close(struct content_set *set);

/*
 * Hashes what packages hold, on all processors, and sets content of each of their files; may be called several times,
 * contents of all calls are one set. Contents live as long as the set, at addresses that stay; what the entries' sources
 * point to is borrowed until content_close. SHARED_EIO: a file is not there any more, cannot be read, or has not the size
 * that was listed ("…changed while it was being packed: run again"). At most 64 files are open at a time, memory is
 * bounded whatever the files' sizes.
 */
int content_read(struct content_set *set, struct package *packages, size_t count, struct shared_error *err);

/*
 * Sees to it that each content of the set has its stream, and sets method, crc and deflated_bytes. A stream that is made is
 * inflated again and compared before it is used: by zlib, or, where it has to be fast, by libdeflate, in half the time.
 * Fails as content_read does.
 */
int content_deflate(struct content_set *set, struct shared_error *err);

/*
 * Sees to it that the streams of what packages hold are at hand, on all processors: of a content that has not changed,
 * content_deflate knows what the stream is without having it. For packages that are about to be written; without it
 * content_stream_read makes what is missing, one at a time. Once for all packages: each call looks at all of the set.
 */
int content_prepare(struct content_set *set, const struct package *const *packages, size_t count,
                    struct shared_error *err);

/*
 * Reads the stream of a content from offset on: up to size_bytes, as pread(2). Any thread. A blob that turns out to be
 * damaged or gone is made again from its source. SHARED_EIO where that has changed.
 */
ssize_t content_stream_read(struct content_set *set, const struct content *content, uint64_t offset,
                            void *data, size_t size_bytes, struct shared_error *err);

struct content_counts content_counts(const struct content_set *set);

/* What streams are made by: codec, version, levels: "libdeflate 1.14 level 9, 8 for what is no text". Part of the keys of
 * blobs. */
const char *content_codec(enum manifest_level level, bool program);

#endif
