#include "content/content_stream.h"

#include <libdeflate.h>

int content_stream_make(struct shared_slice content, int level, struct shared_arena *arena,
                        struct shared_slice *stream, struct shared_error *err)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    size_t bound = compressor ? libdeflate_deflate_compress_bound(compressor, content.size_bytes) : 0;
    char *bytes = compressor ? shared_arena_alloc(arena, bound) : NULL;
    size_t size =
        bytes ? libdeflate_deflate_compress(compressor, content.data, content.size_bytes, bytes, bound) : 0;
    if (compressor)
        libdeflate_free_compressor(compressor);
    *stream = shared_slice_of(bytes, size);
    return size > 0
               ? 0
               : shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %zu bytes", content.size_bytes);
}
