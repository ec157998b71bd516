/* blob_bytes.h - numbers as blobs' files and bodies hold them: little-endian on every machine. */
#ifndef PACKER_BLOB_BYTES_H
#define PACKER_BLOB_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline void blob_put(unsigned char *at, size_t size_bytes, uint64_t number)
{
    for (size_t i = 0; i < size_bytes; i++)
        at[i] = (unsigned char)(number >> (8 * i));
}

static inline uint64_t blob_get(const unsigned char *at, size_t size_bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size_bytes; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

#endif
