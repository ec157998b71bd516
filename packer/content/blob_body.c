#include "content/blob_body.h"

#include "content/blob_bytes.h"

#include <string.h>
#include <xxhash.h>

static const unsigned char magic[8] = {'d', 'e', 'm', 'b', 'o', 'd', 'y', '1'};

void blob_body_write(unsigned char header[BLOB_BODY_HEADER_BYTES], const struct blob_entry *entry)
{
    memcpy(header, magic, sizeof(magic));
    memcpy(header + 8, entry->key.bytes, sizeof(entry->key.bytes));
    blob_put(header + 24, 8, entry->blob.content_bytes);
    blob_put(header + 32, 8, entry->blob.stream_bytes);
    blob_put(header + 40, 8, entry->checksum);
    blob_put(header + 48, 4, entry->blob.crc);
    blob_put(header + 52, 2, entry->blob.method);
    blob_put(header + 54, 2, 0);
    blob_put(header + 56, 8, XXH3_64bits(header, 56));
}

bool blob_body_read(const unsigned char header[BLOB_BODY_HEADER_BYTES], struct blob_entry *entry)
{
    if (memcmp(header, magic, sizeof(magic)) != 0 || blob_get(header + 54, 2) != 0 ||
        blob_get(header + 56, 8) != XXH3_64bits(header, 56))
        return false;
    *entry = (struct blob_entry){
        .blob = {.content_bytes = blob_get(header + 24, 8),
                 .stream_bytes = blob_get(header + 32, 8),
                 .crc = (uint32_t)blob_get(header + 48, 4),
                 .method = (uint16_t)blob_get(header + 52, 2)},
        .checksum = blob_get(header + 40, 8),
    };
    memcpy(entry->key.bytes, header + 8, sizeof(entry->key.bytes));
    return true;
}
