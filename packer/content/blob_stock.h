/* blob_stock.h - what there is in the folder, for who evicts and gathers. */
#ifndef PACKER_BLOB_STOCK_H
#define PACKER_BLOB_STOCK_H

#include "content/blob_inner.h"

/* A stream of the folder. */
struct blob_stream {
    uint32_t segment, position, day;
    bool dropped;
};

struct blob_stock {
    struct blob_cache *cache;
    struct blob_segment *segments; /* closed; what is in memory of them stays */
    bool *remake;                  /* of each segment: it goes, and what is kept of it comes into a new one */
    size_t segment_count;
    struct blob_stream *streams;
    size_t stream_count;
};

/* Reads the indexes of the listed segments and the days of their streams; a segment that is none is taken away. -1:
 * memory is exhausted. */
int blob_stock_read(struct blob_stock *stock, struct blob_cache *cache, const struct blob_list *list);
void blob_stock_clean_up(struct blob_stock *stock);

/* Puts streams in order of age: the least recently used first; of a day, those of older segments first. */
void blob_stock_sort(struct blob_stock *stock);

/* Drops all but one of streams with a key, which two runs made at once; and those that this run found damaged. */
void blob_stock_drop_doubles(struct blob_stock *stock);
void blob_stock_drop_damaged(struct blob_stock *stock);

struct blob_entry blob_stock_entry(const struct blob_stock *stock, const struct blob_stream *stream);

/* Bytes that a segment has for streams that are kept. */
uint64_t *blob_stock_kept_bytes(const struct blob_stock *stock); /* of each segment; malloc */

#endif
