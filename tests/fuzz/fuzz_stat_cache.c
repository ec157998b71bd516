/* A stat cache as the disk gives it: a byte that says whether its checksum is mended, then the file. */
#include "fuzz_target.h"

#include "content/stat_inner.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const uint64_t codecs = 7;

/* What was read has sizes that agree, and is found by its path. */
static void look(struct stat_cache *cache)
{
    size_t count = 0;
    for (struct stat_file *file = cache->first; file; file = file->next) {
        FUZZ_PROMISE(file->content && file->content->size_bytes == file->print.size_bytes);
        FUZZ_PROMISE(file->content->stream_count <= STAT_STREAMS);
        FUZZ_PROMISE(stat_cache_file(cache, file->path) == file);
        count++;
    }
    FUZZ_PROMISE(count == cache->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 + sizeof(struct stat_head))
        return 0;
    size_t file_bytes = size - 1;
    char *file = malloc(file_bytes);
    struct stat_cache *cache = stat_cache_open("/nowhere", shared_slice_of("", 0), NULL);
    if (file && cache) {
        memcpy(file, data + 1, file_bytes);
        struct stat_head head;
        memcpy(&head, file, sizeof(head));
        if (data[0] & 1) {
            const size_t sum_from = offsetof(struct stat_head, codecs);
            head.magic = STAT_MAGIC;
            head.checksum = XXH3_64bits(file + sum_from, file_bytes - sum_from);
            memcpy(file, &head, sizeof(head));
        }
        if (stat_cache_parse(cache, shared_slice_of(file, file_bytes), codecs, INT64_MAX))
            look(cache);
    }
    stat_cache_close(cache);
    free(file);
    return 0;
}
