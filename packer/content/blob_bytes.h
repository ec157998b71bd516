/* blob_bytes.h - numbers as blobs' files and bodies hold them: little-endian on every machine. */
#ifndef PACKER_BLOB_BYTES_H
#define PACKER_BLOB_BYTES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void blob_put(unsigned char *at, size_t size_bytes, uint64_t number)
{
    number = htole64(number);
    memcpy(at, &number, size_bytes);
}

static inline uint64_t blob_get(const unsigned char *at, size_t size_bytes)
{
    uint64_t number = 0;
    memcpy(&number, at, size_bytes);
    return le64toh(number);
}

#endif
