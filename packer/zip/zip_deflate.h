/*
 * zip_deflate.h - an entry's content deflated at once by libdeflate, for libzip to take as it is.
 *
 * libdeflate finds 3 % less than zlib at its best, in the same time, but needs the whole content in memory:
 * files up to ZIP_DEFLATE_LIMIT_BYTES go this way, one at a time for each zip; larger ones are streamed
 * through zlib by libzip.
 */
#ifndef PACKER_ZIP_DEFLATE_H
#define PACKER_ZIP_DEFLATE_H

#include "zip/zip_input.h"

#define ZIP_DEFLATE_LIMIT_BYTES (16u << 20)

/* Whether an entry goes this way at that level. */
bool zip_deflate_applies(const struct package_entry *entry, int level);

/* Reads and deflates an entry's content, unless that is done; sets input->deflated and its sizes and CRC. */
int zip_deflate_prepare(struct zip_input *input, struct shared_error *err);

/* Ends the life of the bytes, not of their sizes. */
void zip_deflate_release(struct zip_input *input);

/* Gives back what the entries of a run shared. */
void zip_deflate_end(struct zip_run *run);

#endif
