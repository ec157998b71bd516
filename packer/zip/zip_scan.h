/*
 * zip_scan.h - a zip read once, from its first byte to its last: each item's header held against the directory, its
 * stream piece by piece, and the SHA-256 of all. Memory is bounded whatever the zip says.
 */
#ifndef PACKER_ZIP_SCAN_H
#define PACKER_ZIP_SCAN_H

#include "zip/zip_directory.h"
#include "zip/zip_sha256.h"

struct zip_scan {
    const struct zip_file *file;
    unsigned char *buffer;
    uint64_t offset;   /* of the next byte that is taken */
    size_t start, end; /* what of the buffer is not taken yet */
    uint64_t stream_left;
    struct zip_sha256 sha256;
};

int zip_scan_open(struct zip_scan *scan, const struct zip_file *file, struct shared_error *err);
void zip_scan_close(struct zip_scan *scan);

/* The items in the order of the directory: first its header, then its stream until that is empty. SHARED_EPROTO,
 * SHARED_EIO. */
int zip_scan_item(struct zip_scan *scan, const struct zip_item *item, struct shared_error *err);
int zip_scan_stream(struct zip_scan *scan, const struct zip_item *item, struct shared_slice *piece,
                    struct shared_error *err);

/* After the last item: the directory, and what the whole file hashes to. */
int zip_scan_end(struct zip_scan *scan, const struct zip_directory *directory, char sha256[LOCK_SHA256_BYTES],
                 struct shared_error *err);

#endif
