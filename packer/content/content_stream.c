#include "content/content_stream.h"

#include "content/content_check.h"
#include "content/content_inner.h"

#include <libdeflate.h>

/* Appends the stream of a piece; checker NULL: it is the last. */
static bool add_piece(struct shared_slice piece, int level, struct content_checker *checker, char *stream,
                      size_t capacity, size_t *size_bytes)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    if (!compressor)
        return false;
    char *begin = stream + *size_bytes;
    size_t size =
        libdeflate_deflate_compress(compressor, piece.data, piece.size_bytes, begin, capacity - *size_bytes);
    libdeflate_free_compressor(compressor);
    struct content_bits bits;
    if (size > 0 && checker) {
        if (!content_check(checker, shared_slice_of(begin, size), piece, &bits))
            return false;
        size = content_open_end(begin, &bits);
    }
    *size_bytes += size;
    return size > 0;
}

int content_stream_make(struct shared_slice content, enum manifest_level level, bool program,
                        struct shared_arena *arena, struct shared_slice *stream, struct shared_error *err)
{
    size_t pieces = (content.size_bytes + CONTENT_PIECE_BYTES - 1) / CONTENT_PIECE_BYTES, size = 0;
    size_t capacity = libdeflate_deflate_compress_bound(NULL, content.size_bytes) + (pieces + 1) * 64;
    struct content_checker *checker = pieces > 1 ? content_checker_make() : NULL;
    char *bytes = pieces > 1 && !checker ? NULL : shared_arena_alloc(arena, capacity);
    bool made = bytes != NULL;
    size_t done = 0;
    do {
        size_t left = content.size_bytes - done;
        struct shared_slice piece =
            shared_slice_of(content.data + done, left < CONTENT_PIECE_BYTES ? left : CONTENT_PIECE_BYTES);
        done += piece.size_bytes;
        made = made && add_piece(piece, content_level(level, program, piece),
                                 done < content.size_bytes ? checker : NULL, bytes, capacity, &size);
    } while (made && done < content.size_bytes);
    content_checker_free(checker);
    *stream = shared_slice_of(bytes, made ? size : 0);
    return made ? 0
                : shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %zu bytes", content.size_bytes);
}
