#include "content/stat_inner.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Files of earlier runs that are kept beside those of this one. */
#define UNUSED_KEPT 1024

struct reader {
    const char *at;
    size_t left;
};

static bool take(struct reader *reader, void *record, size_t size)
{
    if (reader->left < size)
        return false;
    memcpy(record, reader->at, size);
    reader->at += size;
    reader->left -= size;
    return true;
}

static struct stat_content *parse_content(struct stat_cache *cache, struct reader *reader, bool with_streams)
{
    struct stat_content_record record;
    struct stat_content *content = stat_cache_content(cache);
    if (!content || !take(reader, &record, sizeof(record)) || record.stream_count > STAT_STREAMS)
        return NULL;
    content->hash = record.hash;
    content->size_bytes = record.size_bytes;
    content->crc = record.crc;
    for (uint32_t i = 0; i < record.stream_count; i++) {
        struct stat_stream_record stream;
        if (!take(reader, &stream, sizeof(stream)))
            return NULL;
        if (with_streams)
            content->streams[content->stream_count++] =
                (struct stat_stream){.level = stream.level, .method = stream.method, .bytes = stream.bytes};
    }
    return content;
}

/* NULL: there is none, or it does not end where it should. */
static const char *take_path(struct reader *reader, size_t size)
{
    const char *path = reader->at;
    if (reader->left <= size || memchr(path, '\0', size + 1) != path + size)
        return NULL;
    reader->at += size + 1;
    reader->left -= size + 1;
    return path;
}

static bool parse_file(struct stat_cache *cache, struct reader *reader, struct stat_content *const *contents,
                       size_t content_count, int64_t written_ns)
{
    struct stat_file_record record;
    if (!take(reader, &record, sizeof(record)) || record.content >= content_count)
        return false;
    const char *path = take_path(reader, record.path_bytes);
    if (!path || contents[record.content]->size_bytes != record.print.size_bytes)
        return false;
    /* The clock of the file system may not be this machine's. */
    if (record.print.changed_ns >= written_ns)
        return true;
    struct stat_file *file = stat_cache_file(cache, path);
    if (!file)
        return false;
    file->print = record.print;
    file->content = contents[record.content];
    return true;
}

bool stat_cache_parse(struct stat_cache *cache, struct shared_slice file, uint64_t codecs, int64_t written_ns)
{
    struct reader reader = {file.data, file.size_bytes};
    struct stat_head head;
    const size_t sum_from = offsetof(struct stat_head, codecs);
    if (!take(&reader, &head, sizeof(head)) || head.magic != STAT_MAGIC ||
        head.checksum != XXH3_64bits(file.data + sum_from, file.size_bytes - sum_from) ||
        head.content_count > reader.left / sizeof(struct stat_content_record) ||
        head.file_count > reader.left / sizeof(struct stat_file_record))
        return false;
    if (!stat_cache_reserve(cache, (size_t)head.file_count))
        return false;
    size_t count = (size_t)head.content_count;
    CLEANUP_FREE struct stat_content **contents = calloc(count + 1, sizeof(struct stat_content *));
    bool parsed = contents != NULL;
    for (size_t i = 0; parsed && i < count; i++) {
        contents[i] = parse_content(cache, &reader, head.codecs == codecs);
        parsed = contents[i] != NULL;
    }
    for (uint64_t i = 0; parsed && i < head.file_count; i++)
        parsed = parse_file(cache, &reader, contents, count, written_ns);
    return parsed && reader.left == 0;
}

/* What is written, in memory: an index of 100,000 files has about 15 MB. There is room for the most that it can be, of
 * which only what is used is ever touched. */
struct writer {
    char *data;
    size_t size;
    struct stat_head head;
};

static size_t most_bytes(const struct stat_cache *cache)
{
    size_t of_file = sizeof(struct stat_file_record) + sizeof(struct stat_content_record) +
                     STAT_STREAMS * sizeof(struct stat_stream_record);
    return sizeof(struct stat_head) + cache->count * of_file + cache->paths_bytes;
}

static void put(struct writer *writer, const void *record, size_t size)
{
    memcpy(writer->data + writer->size, record, size);
    writer->size += size;
}

static void put_content(struct writer *writer, struct stat_content *content)
{
    struct stat_content_record record;
    memset(&record, 0, sizeof(record));
    record.hash = content->hash;
    record.size_bytes = content->size_bytes;
    record.crc = content->crc;
    record.stream_count = content->stream_count;
    put(writer, &record, sizeof(record));
    for (unsigned i = 0; i < content->stream_count; i++) {
        struct stat_stream_record stream;
        memset(&stream, 0, sizeof(stream));
        stream.bytes = content->streams[i].bytes;
        stream.level = (uint16_t)content->streams[i].level;
        stream.method = (uint16_t)content->streams[i].method;
        put(writer, &stream, sizeof(stream));
    }
    content->number = (uint32_t)++writer->head.content_count;
}

static void put_file(struct writer *writer, const struct stat_file *file)
{
    struct stat_file_record record;
    memset(&record, 0, sizeof(record));
    record.print = file->print;
    record.content = file->content->number - 1;
    record.path_bytes = (uint32_t)strlen(file->path);
    put(writer, &record, sizeof(record));
    put(writer, file->path, record.path_bytes + 1);
    writer->head.file_count++;
}

/* Those of this run, and others where they are few: the first of all that are to be written. */
static struct stat_file *first_kept(struct stat_file *file, bool unused)
{
    while (file && !(file->content && (file->used || unused)))
        file = file->next;
    return file;
}

static bool are_few(const struct stat_cache *cache)
{
    size_t used = 0;
    for (struct stat_file *file = first_kept(cache->first, false); file; file = first_kept(file->next, false))
        used++;
    return cache->count - used <= used + UNUSED_KEPT;
}

/* Into the room that was left for it: the checksum is of all that follows it, numbers of the head too. */
static void put_head(struct writer *writer)
{
    const size_t sum_from = offsetof(struct stat_head, codecs);
    memcpy(writer->data, &writer->head, sizeof(writer->head));
    writer->head.checksum = XXH3_64bits(writer->data + sum_from, writer->size - sum_from);
    memcpy(writer->data, &writer->head, sizeof(writer->head));
}

int stat_cache_save(struct stat_cache *cache, struct shared_slice codecs, struct shared_error *err)
{
    if (!cache->changed)
        return 0;
    CLEANUP_FREE char *data = malloc(most_bytes(cache));
    if (!data)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", cache->path);
    struct writer writer = {.data = data, .head = {.magic = STAT_MAGIC, .codecs = stat_codecs_hash(codecs)}};
    bool unused = are_few(cache);
    struct stat_file *first = first_kept(cache->first, unused), *file;
    put(&writer, &writer.head, sizeof(writer.head));
    for (file = first; file; file = first_kept(file->next, unused))
        file->content->number = 0;
    for (file = first; file; file = first_kept(file->next, unused)) {
        if (file->content->number == 0)
            put_content(&writer, file->content);
    }
    for (file = first; file; file = first_kept(file->next, unused)) {
        if (file->next)
            __builtin_prefetch(file->next->path);
        put_file(&writer, file);
    }
    put_head(&writer);
    int status = file_write_cache(cache->path, shared_slice_of(writer.data, writer.size), err);
    cache->changed = status < 0;
    return status;
}
