#include "content/content_make.h"

#include "package/package_shown.h"

#include <sys/mman.h>

#define LEAST_ROOM_BYTES ((size_t)64 << 10)

/* Mapped, and not allocated: what is given back is the system's again, however large it was. */
bool content_room_take(struct content_room *room, size_t size_bytes)
{
    size_t capacity = room->capacity > LEAST_ROOM_BYTES ? room->capacity : LEAST_ROOM_BYTES;
    if (size_bytes <= room->capacity)
        return true;
    content_room_release(room, 0);
    while (capacity < size_bytes)
        capacity *= 2;
    void *data = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED)
        return false;
    *room = (struct content_room){data, capacity};
    return true;
}

void content_room_release(struct content_room *room, size_t kept_bytes)
{
    if (room->capacity <= kept_bytes)
        return;
    munmap(room->data, room->capacity);
    *room = (struct content_room){NULL, 0};
}

void content_worker_clean_up(struct content_worker *worker)
{
    content_checker_free(worker->checker);
    content_room_release(&worker->content, 0);
    content_room_release(&worker->stream, 0);
    content_room_release(&worker->back, 0);
}

/* At fast, zlib would take a fifth of the time that all of it may take. */
static bool inflates(struct content_worker *worker, struct shared_slice stream, size_t size_bytes,
                     enum manifest_level level, struct content_bits *bits)
{
    struct shared_slice content = shared_slice_of(worker->content.data, size_bytes);
    return level == LEVEL_FAST && !bits
               ? content_check_fast(worker->checker, stream, content, worker->back.data)
               : content_check(worker->checker, stream, content, bits);
}

/* The size of the stream; 0 where memory is exhausted. */
static size_t deflate(struct content_maker *maker, struct content_worker *worker, struct shared_slice content,
                      int level, size_t bound)
{
    struct libdeflate_compressor *compressor = content_compressors_take(&maker->compressors, level);
    if (!compressor)
        return 0;
    size_t size =
        libdeflate_deflate_compress(compressor, content.data, content.size_bytes, worker->stream.data, bound);
    content_compressors_give(&maker->compressors, level, compressor);
    return size;
}

int content_worker_deflate(struct content_maker *maker, struct content_worker *worker,
                           const struct content_item *item, size_t size_bytes, struct shared_slice *stream,
                           struct content_bits *bits, struct shared_error *err)
{
    enum manifest_level level = maker->set->options.level;
    struct shared_slice content = shared_slice_of(worker->content.data, size_bytes);
    size_t bound = libdeflate_deflate_compress_bound(NULL, size_bytes), size = 0;
    if (!worker->checker)
        worker->checker = content_checker_make();
    if (worker->checker && content_room_take(&worker->stream, bound + CONTENT_SEAM_BYTES) &&
        (level != LEVEL_FAST || bits || content_room_take(&worker->back, size_bytes)))
        size = deflate(maker, worker, content, content_level(level, item->content.program, content), bound);
    if (size == 0)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %s",
                           package_shown(item->content.source).text);
    *stream = shared_slice_of(worker->stream.data, size);
    if (inflates(worker, *stream, size_bytes, level, bits))
        return 0;
    return shared_fail(err, SHARED_EPROTO, 0,
                       "%s is inflated to something else than was deflated: check the memory",
                       package_shown(item->content.source).text);
}
