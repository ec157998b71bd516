/*
 * stat_cache.h - what files held when they were last read, for as long as their size, times and inode stay.
 *
 * A file of times that are not older than the moment at which it was read is not kept: a change within the same tick of
 * the clock would not be seen (racy-git.txt of git). The cache is a file with a checksum; one that is damaged, or of
 * another format or machine, is taken for none. Readers see the old one or the new, whatever runs beside them.
 */
#ifndef PACKER_STAT_CACHE_H
#define PACKER_STAT_CACHE_H

#include "base/hash.h"
#include "package/package.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* By what a file is known to be unchanged. */
struct stat_print {
    uint64_t size_bytes, inode, device;
    int64_t modified_ns, changed_ns; /* mtime and ctime, since 1970 */
};

struct stat_print stat_print_of(const struct stat *st);
struct stat_print stat_print_listed(uint64_t size_bytes, const struct package_print *print);
bool stat_print_equal(const struct stat_print *a, const struct stat_print *b);

/* A content's stream at a level. */
struct stat_stream {
    int level;
    unsigned method;
    uint64_t bytes;
};

#define STAT_STREAMS 4

/* What files were found to hold. Two of the same hash were not compared, or differ. */
struct stat_content {
    struct hash hash;
    uint64_t size_bytes;
    uint32_t crc; /* known where there is a stream */
    unsigned stream_count;
    struct stat_stream streams[STAT_STREAMS];
    void *user;      /* the caller's; NULL at first */
    uint32_t number; /* of the cache itself */
};

struct stat_file {
    const char *path;
    struct stat_file *next; /* in the order in which they were added */
    struct stat_print print;
    struct stat_content *content; /* NULL: not known */
    void *user;                   /* the caller's; NULL at first */
    bool used;                    /* in this run: others are forgotten where they are many */
};

struct stat_slot {
    uint64_t path_hash;
    struct stat_file *file; /* NULL: none */
};

/* Of one thread. */
struct stat_cache {
    const char *path;
    struct shared_arena arena;
    struct stat_slot *slots;
    size_t slot_count, count; /* a power of two; of files */
    size_t paths_bytes;       /* of all files, with NULs */
    struct stat_file *first, **end;
    bool changed; /* there is something to be saved */
};

/* The current time as file systems have it, to be asked for before a file is opened. */
int64_t stat_cache_now_ns(void);

/* Whether a file read at a moment of stat_cache_now_ns or later will have another print if it changes after that. */
bool stat_print_is_settled(const struct stat_print *print, int64_t before_reading_ns);

/* Reads the cache of a path, or begins one. codecs stands for all that streams are made by: those made by others are not
 * kept. NULL where memory is exhausted. */
struct stat_cache *stat_cache_open(const char *path, struct shared_slice codecs, struct shared_error *err);
void stat_cache_close(struct stat_cache *cache);

/* Makes room for so many files more at once. false where memory is exhausted. */
bool stat_cache_reserve(struct stat_cache *cache, size_t count);

/* The file of a path, added where there is none: the path is then borrowed until stat_cache_close. NULL where memory is
 * exhausted. */
struct stat_file *stat_cache_file(struct stat_cache *cache, const char *path);

/* Asks memory for what stat_cache_file will look at, which it may be called for soon. */
void stat_cache_prefetch(const struct stat_cache *cache, const char *path);

/* A content to be filled in; NULL where memory is exhausted. */
struct stat_content *stat_cache_content(struct stat_cache *cache);

/* The stream at a level, NULL where it is not known. */
const struct stat_stream *stat_content_stream(const struct stat_content *content, int level);

/* Notes a stream; the one that was noted first goes where there are STAT_STREAMS. Returns whether that is news. */
bool stat_content_note(struct stat_content *content, const struct stat_stream *stream);

/* Writes the cache where something changed. */
int stat_cache_save(struct stat_cache *cache, struct shared_slice codecs, struct shared_error *err);

#endif
