/* blob_gather.h - segments that are made anew from what of others is kept. */
#ifndef PACKER_BLOB_GATHER_H
#define PACKER_BLOB_GATHER_H

#include "content/blob_stock.h"

/*
 * Makes new segments, of at most segment_bytes unless one stream has more, of what is kept of those that are to be
 * remade, the least recently used streams first, so that what goes together lies together; a stream that is damaged is
 * left out. Then takes the old ones away. -1 where there is no room for that: all is then as it was. Changes the order
 * of the streams.
 */
int blob_gather(struct blob_stock *stock, uint64_t segment_bytes);

#endif
