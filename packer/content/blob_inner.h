/*
 * blob_inner.h - what the files of the cache of blobs share.
 *
 * Files of the folder: "NAME.blobs" and "NAME.use" (blob_index.h), and "NAME.part": a segment that a process is
 * writing, which holds an exclusive flock(2) on it. One that can be locked was left by a process that is gone. NAME
 * is 16 random hex digits. Who evicts or gathers holds an exclusive flock on the folder.
 *
 * Rooms: blob_index reads and writes the index, blob_segment whole segments, blob_part what this run adds, blob_added
 * where that is, blob_writer adds piece by piece, blob_use the days; blob_evict decides what goes, blob_gather makes
 * one segment of several, blob_sweep takes away what killed runs left.
 */
#ifndef PACKER_BLOB_INNER_H
#define PACKER_BLOB_INNER_H

#include "content/blob_cache.h"
#include "content/blob_index.h"

#include <pthread.h>
#include <stdatomic.h>
#include <xxhash.h>

#define BLOB_NAME_BYTES 17                    /* 16 hex digits and a NUL */
#define BLOB_FILE_BYTES (BLOB_NAME_BYTES + 8) /* NAME.blobs */
#define BLOB_SEGMENTS_MAX 26                  /* that a run reads: a descriptor each */
#define BLOB_SEGMENTS_GATHER 16               /* more than these are gathered */

/* Marks of a stream in this run. */
enum { BLOB_CHECKED = 1, BLOB_DAMAGED = 2, BLOB_USED = 4 };

/* A segment that is whole. */
struct blob_segment {
    char name[BLOB_NAME_BYTES];
    int fd; /* -1: closed meanwhile */
    struct blob_trailer trailer;
    uint64_t file_bytes;
    unsigned char *index;         /* and trailer, of blob_index_bytes(trailer.count) */
    _Atomic unsigned char *marks; /* of each stream; NULL where nothing is read */
};

/* A segment that this run writes. All but fd and end are of those who hold the cache's lock. */
struct blob_part {
    char name[BLOB_NAME_BYTES];
    int fd;       /* -1: not begun */
    uint64_t end; /* of the streams */
    bool in_folder, busy;
};

/* Parts of a run: streams that are added whole go to one, those that come piece by piece to another, so that neither
 * waits for the other; where the folder takes no more, to the same two in scratch. */
enum { PART_WHOLE, PART_PIECES, PART_WHOLE_SCRATCH, PART_PIECES_SCRATCH, PART_COUNT };

struct blob_added {
    struct blob_entry entry;
    unsigned char part, marks;
};

/* What this run added, found by key: slots hold a position in streams plus 1. */
struct blob_added_set {
    struct blob_added *streams;
    size_t count, capacity;
    uint32_t *slots;
    size_t slot_count; /* a power of two, or 0 */
};

struct blob_cache {
    char *folder, *scratch;
    uint64_t limit_bytes;
    uint32_t today;
    void (*warn)(void *user, const char *text);
    void *warn_user;

    int folder_fd; /* -1: none */
    bool folder_writable;
    struct blob_segment *segments; /* the newest first; not changed after opening */
    size_t segment_count;
    uint64_t folder_bytes;  /* of all segments there were, */
    size_t folder_segments; /* and how many */
    bool has_leftovers;     /* or what looks so */
    bool has_grown;         /* a segment of this run is in it */
    atomic_bool damage_told;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t part_free;
    bool folder_takes; /* more streams */
    struct blob_part parts[PART_COUNT];
    struct blob_added_set added;
};

/* Where a stream lies. */
struct blob_place {
    struct blob_entry entry;
    int fd;
    struct blob_segment *segment; /* NULL: added by this run */
    size_t position;              /* in the segment, or in what was added */
    unsigned char marks;
};

/* Tells the user of the cache something, in the words of printf. */
void blob_warn(const struct blob_cache *cache, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* blob_cache.c: where a stream is that is not known to be damaged. */
bool blob_place_find(struct blob_cache *cache, const struct blob_key *key, struct blob_place *place);
void blob_place_mark(struct blob_cache *cache, const struct blob_place *place, unsigned char marks);

/* blob_file.c: pwrite(2) and pread(2) of all bytes. -1 and errno where that cannot be; EBADMSG beyond the end. */
int blob_file_write(int fd, const void *data, size_t size_bytes, uint64_t offset);
int blob_file_read(int fd, void *data, size_t size_bytes, uint64_t offset);
/* Whether the stream of an entry has its checksum: 0, or -1 and errno, EBADMSG where it has not. */
int blob_file_check(int fd, const struct blob_entry *entry);
void blob_state_free(XXH3_state_t **state); /* for a cleanup attribute */
void blob_name_make(char name[BLOB_NAME_BYTES]);
void blob_file_name(char file[BLOB_FILE_BYTES], const char *name, const char *suffix);

/* blob_segment.c: reads NAME.blobs and leaves it open. SHARED_ENOTFOUND: it is gone; SHARED_EPROTO: it is none. */
int blob_segment_open(int folder_fd, const char *name, struct blob_segment *segment,
                      struct shared_error *err);
void blob_segment_clean_up(struct blob_segment *segment);

/* blob_list.c: the files of the folder that end in one of the cache's suffixes. */
struct blob_file {
    char name[BLOB_NAME_BYTES];
    enum blob_file_kind { BLOB_FILE_SEGMENT, BLOB_FILE_USE, BLOB_FILE_PART } kind;
};
struct blob_list {
    struct blob_file *files;
    size_t count;
};
int blob_list_read(int folder_fd, struct blob_list *list); /* -1 and errno */
void blob_list_clean_up(struct blob_list *list);

/* blob_folder.c: the segments to read. */
void blob_folder_open(struct blob_cache *cache);

/* blob_use.c: the day each stream of a segment was last used, in the order of its index; NULL where memory is
 * exhausted. */
uint32_t *blob_use_read(int folder_fd, const struct blob_segment *segment, uint32_t today);
/* Notes that of the streams of all segments those that are marked were used today. */
void blob_use_note(struct blob_cache *cache);
/* Writes those of a segment that is being made. -1 and errno. */
int blob_use_write(int folder_fd, const char *name, const struct blob_entry *entries, size_t count);

/* blob_evict.c: where need be takes leftovers away, brings the folder under its limit and its segments to a few; where
 * another process is at it, that one does, or, where the folder grew over its limit, is waited for, for a second. */
void blob_evict(struct blob_cache *cache);

/* blob_sweep.c, the folder locked: takes away what of the list is of no use. */
void blob_sweep(int folder_fd, const struct blob_list *list);
void blob_sweep_segment(int folder_fd, const char *name); /* and its days */

/*
 * blob_part.c, the lock held but for blob_part_close: the part to add to, which is begun where it was not. Where the
 * folder takes no more, scratch; NULL where that neither.
 */
struct blob_part *blob_part_for(struct blob_cache *cache, bool pieces, struct shared_error *err);
/* The folder takes no more: error is an errno. */
void blob_part_leave_folder(struct blob_cache *cache, int error);
/* Makes a segment of a part, or of nothing nothing. */
void blob_part_close(struct blob_cache *cache, unsigned part);

/* blob_part.c: a file in scratch that has no name and is gone when it is closed. */
int blob_scratch_open(const char *scratch, struct shared_error *err);
/* blob_part.c: a NAME.part in the folder, locked. */
int blob_part_create(int folder_fd, char name[BLOB_NAME_BYTES]);
/* Writes an index, of sorted entries, behind the streams, and renames NAME.part. -1 and errno: the part stays. */
int blob_part_finish(int folder_fd, int fd, const char *name, const struct blob_entry *entries,
                     const struct blob_trailer *trailer);

/* blob_added.c, the lock held: SIZE_MAX where it is not there, or damaged. */
size_t blob_added_find(const struct blob_added_set *added, const struct blob_key *key);
int blob_added_put(struct blob_added_set *added, const struct blob_added *stream);
/* Takes the lock itself; one that is there already is left. */
int blob_added_give(struct blob_cache *cache, const struct blob_added *stream, struct shared_error *err);
void blob_added_clean_up(struct blob_added_set *added);

#endif
