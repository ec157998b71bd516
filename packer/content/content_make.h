/* content_make.h - what the makers of streams share: small files are made whole, large ones in pieces. */
#ifndef PACKER_CONTENT_MAKE_H
#define PACKER_CONTENT_MAKE_H

#include "content/content_check.h"
#include "content/content_compressors.h"
#include "content/content_flight.h"
#include "content/content_inner.h"

/* Memory that grows, and is given back where much was needed. */
struct content_room {
    char *data;
    size_t capacity;
};

/* Of one thread. */
struct content_worker {
    struct content_checker *checker;
    struct content_room content, stream, back; /* back: what was inflated, at fast */
};

/* A file that is made in pieces. */
struct content_large {
    struct content_item *item;
    struct blob_writer *writer;
    struct XXH3_state_s *state;
    uint32_t crc;
    uint64_t stream_bytes;
};

struct content_task {
    struct content_item *item;
    struct content_large *large; /* NULL: whole */
    size_t piece;
    size_t turn; /* of a piece: how many of all files are written before it */
};

struct content_maker {
    struct content_set *set;
    struct content_worker *workers;
    struct content_task *tasks;
    size_t task_count;
    struct content_large *larges;
    size_t large_count;
    struct content_flight flight;
    struct content_compressors compressors;
    size_t piece_count;   /* of all files */
    pthread_mutex_t lock; /* of the rest */
    pthread_cond_t turned;
    size_t turn; /* of the piece that is written next */
    bool failed;
    bool tells; /* how far it is */
    double total_bytes, done_bytes;
};

/* How 256 MB are shared out, of which a process has some already: what is left is for files and streams, at least a piece's,
 * and for compressors, at least two. */
struct content_room_shares {
    size_t flight_bytes, compressors_bytes;
};
struct content_room_shares content_room_share(size_t resident_bytes);

/* content_worker.c: false where memory is exhausted. */
bool content_room_take(struct content_room *room, size_t size_bytes);
void content_room_release(struct content_room *room, size_t kept_bytes);
void content_worker_clean_up(struct content_worker *worker);

/* content_worker.c: deflates the first bytes of worker->content to worker->stream, and inflates them again. bits may be NULL;
 * where it is not, the stream can be continued. */
int content_worker_deflate(struct content_maker *maker, struct content_worker *worker,
                           const struct content_item *item, size_t size_bytes, struct shared_slice *stream,
                           struct content_bits *bits, struct shared_error *err);

/* content_small.c, content_large.c: 0 also where another thread failed meanwhile. */
int content_make_small(struct content_maker *maker, struct content_worker *worker,
                       const struct content_task *task, struct shared_error *err);
int content_make_piece(struct content_maker *maker, struct content_worker *worker,
                       const struct content_task *task, struct shared_error *err);
int content_large_init(struct content_large *large, struct content_item *item, struct shared_error *err);
void content_large_clean_up(struct content_large *large);

#endif
