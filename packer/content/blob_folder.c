#include "content/blob_inner.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES 4

/* Puts a segment where the newest comes first. What is beyond the descriptors that a run may have is not read. */
static void keep(struct blob_cache *cache, const struct blob_segment *segment)
{
    size_t at = cache->segment_count;
    while (at > 0 && cache->segments[at - 1].trailer.made_ns < segment->trailer.made_ns)
        at--;
    if (cache->segment_count == BLOB_SEGMENTS_MAX) {
        struct blob_segment beyond =
            at < BLOB_SEGMENTS_MAX ? cache->segments[--cache->segment_count] : *segment;
        blob_segment_clean_up(&beyond);
        if (at == BLOB_SEGMENTS_MAX)
            return;
    }
    memmove(&cache->segments[at + 1], &cache->segments[at],
            (cache->segment_count - at) * sizeof(cache->segments[0]));
    cache->segments[at] = *segment;
    cache->segment_count++;
}

static void tell_damage(struct blob_cache *cache, const struct shared_error *err)
{
    if (!atomic_exchange(&cache->damage_told, true))
        blob_warn(cache, "cache %s: %s; what it held is made again", cache->folder, err->text);
}

/* Returns whether a segment was listed and then gone: another process gathered it into one that may not have been
 * listed. */
static bool open_listed(struct blob_cache *cache, const struct blob_list *list)
{
    bool gone = false;
    for (size_t i = 0; i < list->count; i++) {
        struct shared_error err = {0};
        struct blob_segment segment;
        cache->has_leftovers |= list->files[i].kind == BLOB_FILE_PART;
        if (list->files[i].kind != BLOB_FILE_SEGMENT)
            continue;
        cache->folder_segments++;
        int status = blob_segment_open(cache->folder_fd, list->files[i].name, &segment, &err);
        gone |= status == SHARED_ENOTFOUND;
        if (status == SHARED_EPROTO)
            tell_damage(cache, &err);
        else if (status == SHARED_EIO && err.sys_errno == EIO)
            blob_warn(cache, "cache %s: %s; what it held is made again", cache->folder, err.text);
        if (status < 0)
            continue;
        cache->folder_bytes += segment.file_bytes;
        keep(cache, &segment);
    }
    return gone;
}

static void forget_segments(struct blob_cache *cache)
{
    for (size_t i = 0; i < cache->segment_count; i++)
        blob_segment_clean_up(&cache->segments[i]);
    cache->segment_count = 0;
    cache->folder_bytes = cache->folder_segments = 0;
}

static int make_marks(struct blob_cache *cache)
{
    for (size_t i = 0; i < cache->segment_count; i++) {
        struct blob_segment *segment = &cache->segments[i];
        segment->marks = calloc((size_t)segment->trailer.count + 1, 1);
        if (!segment->marks)
            return -1;
    }
    return 0;
}

static int open_folder(struct blob_cache *cache)
{
    struct shared_error err = {0};
    if (file_make_folders(cache->folder, &err) < 0) {
        blob_warn(cache, "cache %s cannot be used: %s; done without", cache->folder, err.text);
        return -1;
    }
    cache->folder_fd = open(cache->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (cache->folder_fd < 0) {
        blob_warn(cache, "cache %s cannot be opened: %s; done without", cache->folder, strerror(errno));
        return -1;
    }
    return 0;
}

void blob_folder_open(struct blob_cache *cache)
{
    if (open_folder(cache) < 0)
        return;
    cache->segments = calloc(BLOB_SEGMENTS_MAX, sizeof(*cache->segments));
    bool again = cache->segments != NULL;
    for (int i = 0; again && i < TRIES; i++) {
        struct blob_list list;
        forget_segments(cache);
        if (blob_list_read(cache->folder_fd, &list) < 0)
            blob_warn(cache, "cache %s cannot be listed: %s", cache->folder, strerror(errno));
        again = open_listed(cache, &list);
        blob_list_clean_up(&list);
    }
    if (make_marks(cache) < 0)
        forget_segments(cache);
    cache->folder_writable = faccessat(cache->folder_fd, ".", W_OK | X_OK, AT_EACCESS) == 0;
    cache->folder_takes = cache->folder_writable;
    if (!cache->folder_writable)
        blob_warn(cache, "cache %s cannot be written to: %s; nothing is added", cache->folder,
                  strerror(errno));
}
