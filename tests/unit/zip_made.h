/*
 * zip_made.h - contents made by a test, in the place of the room of contents: their streams are in memory.
 *
 * The test is linked with -Wl,--wrap=content_stream_read.
 */
#ifndef TESTS_ZIP_MADE_H
#define TESTS_ZIP_MADE_H

#include "scratch.h"

#include "base/file.h"
#include "content/content.h"

#include <libdeflate.h>

struct made {
    struct content content; /* first: it is what the code under test knows */
    struct shared_slice stream;
};

/* What befalls a stream once so many bytes were read of all; 0: nothing. */
static struct {
    uint64_t fails_at, changes_at, done;
} made_mishap;

ssize_t __wrap_content_stream_read(struct content_set *set, const struct content *content, uint64_t offset,
                                   void *data, size_t size_bytes, struct shared_error *err);

ssize_t __wrap_content_stream_read(struct content_set *set, const struct content *content, uint64_t offset,
                                   void *data, size_t size_bytes, struct shared_error *err)
{
    const struct made *made = (const struct made *)content;
    (void)set;
    if (offset >= made->stream.size_bytes)
        return 0;
    size_t left = made->stream.size_bytes - (size_t)offset, size = left < size_bytes ? left : size_bytes;
    memcpy(data, made->stream.data + offset, size);
    if (made_mishap.fails_at || made_mishap.changes_at) {
        made_mishap.done += size;
        if (made_mishap.fails_at && made_mishap.done >= made_mishap.fails_at)
            return shared_fail(err, SHARED_EIO, EIO, "read %s", content->source);
        if (made_mishap.changes_at && made_mishap.done >= made_mishap.changes_at)
            ((char *)data)[0] ^= 1;
    }
    return (ssize_t)size;
}

static inline struct shared_slice made_stream(struct shared_slice content, int level,
                                              struct shared_arena *arena)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    SCRATCH_NEED(compressor != NULL);
    size_t bound = libdeflate_deflate_compress_bound(compressor, content.size_bytes);
    char *bytes = shared_arena_alloc(arena, bound);
    SCRATCH_NEED(bytes != NULL);
    size_t size = libdeflate_deflate_compress(compressor, content.data, content.size_bytes, bytes, bound);
    libdeflate_free_compressor(compressor);
    return shared_slice_of(bytes, size);
}

/* Level 0: stored. */
static inline const struct content *made_content(const char *source, int level, struct shared_arena *arena)
{
    struct made *made = shared_arena_alloc(arena, sizeof(*made));
    struct shared_slice bytes, stream = {NULL, 0};
    SCRATCH_NEED(made && file_read(source, 1u << 30, arena, &bytes, NULL) == 0);
    if (level > 0 && bytes.size_bytes > 0)
        stream = made_stream(bytes, level, arena);
    bool smaller = stream.data && stream.size_bytes < bytes.size_bytes;
    *made = (struct made){.content = {.hash = hash_bytes(bytes),
                                      .size_bytes = bytes.size_bytes,
                                      .source = source,
                                      .method = smaller ? CONTENT_DEFLATED : CONTENT_STORED,
                                      .crc = libdeflate_crc32(0, bytes.data, bytes.size_bytes)},
                          .stream = smaller ? stream : bytes};
    made->content.deflated_bytes = made->stream.size_bytes;
    return &made->content;
}

/* Gives each file of a package its content. */
static inline void made_contents(struct package *package, int level, struct shared_arena *arena)
{
    for (size_t i = 0; i < package->count; i++) {
        struct package_entry *entry = &package->entries[i];
        if (entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE)
            entry->content = made_content(entry->source, level, arena);
    }
}

#endif
