/* pack_check.h - whether packing gives the same bytes again, by doing it. */
#ifndef PACKER_PACK_CHECK_H
#define PACKER_PACK_CHECK_H

#include "pack_inner.h"

/*
 * Packs once more what pack has written (pack_write_zips), and compares the zips byte by byte, before they are put in
 * place (pack_commit). The second time is from scratch: everything is compiled, linked, read and deflated again in a
 * folder of the state's, without a cache, with another number of threads, from the same lock. Nothing of it stays.
 *
 * Returns 0 where all are the same; SHARED_EPROTO names the function or layer that is not, the byte, and the entry that
 * it is in; else what the second pack fails with.
 */
int pack_check(struct pack *pack);

#endif
