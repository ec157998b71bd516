#include "project_measure.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/pool.h"
#include "content/content.h"
#include "content/content_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "demine-measure 1"
#define RECORD_LIMIT_BYTES ((size_t)64 << 20)
#define FILE_LIMIT_BYTES ((size_t)1 << 30) /* over any limit of Lambda's: this only bounds what is read */

struct measured_content {
    struct measured_content *next;
    struct hash hash;
    bool program;
    bool used; /* in this run */
    uint64_t bytes;
};

/* Files of one call, and which of them are to be deflated. */
struct measuring {
    struct measure_file *files;
    struct hash *hashes;
    size_t *missing;
    size_t count;
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to measure programs");
}

static struct measured_content **bucket_of(struct project_measure *measure, const struct hash *hash)
{
    return &measure->contents[(hash->bytes[0] | hash->bytes[1] << 8) % MEASURE_BUCKETS];
}

static struct measured_content *find_content(struct project_measure *measure, const struct hash *hash,
                                             bool program)
{
    struct measured_content *content = *bucket_of(measure, hash);
    while (content && (memcmp(&content->hash, hash, sizeof(*hash)) != 0 || content->program != program))
        content = content->next;
    return content;
}

static struct measured_content *add_content(struct project_measure *measure, const struct hash *hash,
                                            bool program, uint64_t bytes)
{
    struct measured_content **bucket = bucket_of(measure, hash);
    struct measured_content *content = find_content(measure, hash, program);
    if (!content) {
        content = shared_arena_alloc(measure->arena, sizeof(*content));
        if (!content)
            return NULL;
        *content = (struct measured_content){.next = *bucket, .hash = *hash, .program = program};
        *bucket = content;
    }
    content->bytes = bytes;
    return content;
}

/* Sizes of another codec are not those of this one. */
static const char *heading(struct shared_arena *arena)
{
    return shared_arena_format(arena, FORMAT " %s, %s", content_codec(LEVEL_DEFAULT, false),
                               content_codec(LEVEL_DEFAULT, true));
}

static bool hash_of_text(struct shared_slice text, struct hash *hash)
{
    static const char digits[] = "0123456789abcdef";
    if (text.size_bytes != HASH_TEXT_BYTES - 1)
        return false;
    for (size_t i = 0; i < sizeof(hash->bytes); i++) {
        const char *high = text.data[2 * i] ? strchr(digits, text.data[2 * i]) : NULL;
        const char *low = text.data[2 * i + 1] ? strchr(digits, text.data[2 * i + 1]) : NULL;
        if (!high || !low)
            return false;
        hash->bytes[i] = (unsigned char)((high - digits) << 4 | (low - digits));
    }
    return true;
}

/* "HASH program 1234". */
static bool take_line(struct project_measure *measure, struct shared_slice line)
{
    struct hash hash;
    unsigned long long bytes;
    bool known = hash_of_text(shared_slice_split(&line, ' '), &hash);
    struct shared_slice kind = shared_slice_split(&line, ' ');
    bool program = shared_slice_equal(kind, shared_slice_from_text("program"));
    return known && (program || shared_slice_equal(kind, shared_slice_from_text("file"))) &&
           shared_slice_to_number(line, FILE_LIMIT_BYTES * 2, &bytes) &&
           add_content(measure, &hash, program, bytes);
}

/* What cannot be read is measured anew. */
static void read_record(struct project_measure *measure)
{
    struct shared_slice record;
    const char *first = heading(measure->arena);
    measure->read = true;
    if (!first || file_read(measure->path, RECORD_LIMIT_BYTES, measure->arena, &record, NULL) < 0 ||
        !shared_slice_equal(shared_slice_split(&record, '\n'), shared_slice_from_text(first)))
        return;
    while (record.size_bytes)
        if (!take_line(measure, shared_slice_split(&record, '\n')))
            return;
}

static int deflate_one(void *user, unsigned worker, size_t index, struct shared_error *err)
{
    struct measuring *measuring = user;
    struct measure_file *file = &measuring->files[measuring->missing[index]];
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice content, stream;
    (void)worker;
    int status = file_read(file->path, FILE_LIMIT_BYTES, &scratch, &content, err);
    if (status == 0)
        status = content_stream_make(content, LEVEL_DEFAULT, file->program, &scratch, &stream, err);
    if (status == 0)
        file->bytes = stream.size_bytes < content.size_bytes ? stream.size_bytes : content.size_bytes;
    return status;
}

/* Which have to be deflated, each content once. */
static int find_missing(struct project_measure *measure, struct measuring *measuring, size_t count,
                        struct shared_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct measure_file *file = &measuring->files[i];
        int status = hash_file(file->path, &measuring->hashes[i], err);
        if (status < 0)
            return status;
        struct measured_content *known = find_content(measure, &measuring->hashes[i], file->program);
        if (!known) {
            measuring->missing[measuring->count++] = i;
            known = add_content(measure, &measuring->hashes[i], file->program, 0);
        }
        if (!known)
            return no_memory(err);
        known->used = true;
    }
    return 0;
}

int project_measure(struct project_measure *measure, struct measure_file *files, size_t count,
                    unsigned parallel, struct shared_error *err)
{
    struct measuring measuring = {
        .files = files,
        .hashes = shared_arena_alloc(measure->arena, (count + 1) * sizeof(*measuring.hashes)),
        .missing = shared_arena_alloc(measure->arena, (count + 1) * sizeof(*measuring.missing)),
    };
    if (!measuring.hashes || !measuring.missing)
        return no_memory(err);
    if (!measure->read)
        read_record(measure);
    int status = find_missing(measure, &measuring, count, err);
    if (status == 0)
        status = pool_run(pool_threads(parallel), measuring.count, deflate_one, &measuring, err);
    for (size_t i = 0; status == 0 && i < measuring.count; i++) {
        size_t at = measuring.missing[i];
        find_content(measure, &measuring.hashes[at], files[at].program)->bytes = files[at].bytes;
    }
    for (size_t i = 0; status == 0 && i < count; i++)
        files[i].bytes = find_content(measure, &measuring.hashes[i], files[i].program)->bytes;
    return status;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of what was used, sorted. */
static bool list_lines(struct project_measure *measure, const char ***lines, size_t *count)
{
    size_t used = 0;
    for (size_t i = 0; i < MEASURE_BUCKETS; i++)
        for (const struct measured_content *at = measure->contents[i]; at; at = at->next)
            used += at->used;
    *lines = shared_arena_alloc(measure->arena, (used + 1) * sizeof(**lines));
    *count = 0;
    for (size_t i = 0; *lines && i < MEASURE_BUCKETS; i++) {
        for (const struct measured_content *at = measure->contents[i]; at; at = at->next) {
            char text[HASH_TEXT_BYTES];
            hash_to_text(&at->hash, text);
            if (!at->used)
                continue;
            (*lines)[*count] =
                shared_arena_format(measure->arena, "%s %s %llu", text, at->program ? "program" : "file",
                                    (unsigned long long)at->bytes);
            if (!(*lines)[(*count)++])
                return false;
        }
    }
    if (*lines)
        qsort(*lines, *count, sizeof(**lines), by_text);
    return *lines != NULL;
}

int project_measure_keep(struct project_measure *measure, struct shared_error *err)
{
    CLEANUP_FREE char *text = NULL;
    size_t size = 0, count;
    const char *first = heading(measure->arena), **lines;
    struct shared_slice old;
    if (!first || !list_lines(measure, &lines, &count))
        return no_memory(err);
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return no_memory(err);
    fprintf(out, "%s\n", first);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s\n", lines[i]);
    bool whole = !ferror(out);
    if (fclose(out) != 0 || !whole)
        return no_memory(err);
    if (file_read(measure->path, RECORD_LIMIT_BYTES, measure->arena, &old, NULL) == 0 &&
        shared_slice_equal(old, shared_slice_of(text, size)))
        return 0;
    return file_write(measure->path, shared_slice_of(text, size), err);
}
