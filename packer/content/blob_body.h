/*
 * blob_body.h - a blob as it travels: 64 bytes of header, then the stream. All numbers little-endian:
 *
 *      0   8  "dembody1"
 *      8  16  key
 *     24   8  bytes of the content
 *     32   8  bytes of the stream
 *     40   8  XXH3-64 of the stream
 *     48   4  CRC-32 of the content
 *     52   2  method, APPNOTE 4.4.5
 *     54   2  zero
 *     56   8  XXH3-64 of the 56 bytes before this
 */
#ifndef PACKER_BLOB_BODY_H
#define PACKER_BLOB_BODY_H

#include "content/blob_index.h"

#define BLOB_BODY_HEADER_BYTES 64u

/* The offset of an entry is of no meaning here. */
void blob_body_write(unsigned char header[BLOB_BODY_HEADER_BYTES], const struct blob_entry *entry);

/* Reads a header; false where it is none. */
bool blob_body_read(const unsigned char header[BLOB_BODY_HEADER_BYTES], struct blob_entry *entry);

#endif
