/* The header of a blob as a server gives it: a byte that says whether its checksum is mended, then the body. */
#include "fuzz_target.h"

#include "content/blob_body.h"
#include "content/blob_bytes.h"

#include <string.h>
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char header[BLOB_BODY_HEADER_BYTES], again[BLOB_BODY_HEADER_BYTES];
    struct blob_entry entry;
    if (size < 1 + sizeof(header))
        return 0;
    memcpy(header, data + 1, sizeof(header));
    if (data[0] & 1)
        blob_put(header + 56, 8, XXH3_64bits(header, 56));
    if (!blob_body_read(header, &entry))
        return 0;
    FUZZ_PROMISE(entry.offset == 0);
    blob_body_write(again, &entry);
    FUZZ_PROMISE(memcmp(header, again, sizeof(header)) == 0);
    return 0;
}
