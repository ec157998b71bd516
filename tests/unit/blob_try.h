/*
 * blob_try.h - a cache of blobs to try things on. Streams are known by a number: key, size and bytes follow from it.
 */
#ifndef TESTS_BLOB_TRY_H
#define TESTS_BLOB_TRY_H

#include "check.h"
#include "content/blob_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct
try {
    char folder[64]; /* of the cache */
    uint64_t limit_bytes;
    uint32_t today;
    int warned;
    char last[SHARED_ERROR_TEXT_BYTES];
};

static inline void try_warn(void *user, const char *text)
{
    struct try *try = user;
    __atomic_fetch_add(&try->warned, 1, __ATOMIC_RELAXED);
    snprintf(try->last, sizeof(try->last), "%s", text);
}

static inline struct try try_begin(void)
{
    struct try try = {.today = 20000};
    snprintf(try.folder, sizeof(try.folder), "/tmp/test_blob.XXXXXX");
    if (!mkdtemp(try.folder))
        abort();
    return try;
}

static inline struct blob_cache_options try_options(struct try *try)
{
    return (struct blob_cache_options){.folder = try->folder,
                                       .scratch = "/tmp",
                                       .limit_bytes = try->limit_bytes,
                                       .today = try->today,
                                       .warn = try_warn,
                                       .warn_user = try};
}

static inline struct blob_cache *try_open(struct try *try)
{
    struct blob_cache_options options = try_options(try);
    struct shared_error err = {0};
    struct blob_cache *cache = blob_cache_open(&options, &err);
    if (!CHECK(cache))
        fprintf(stderr, "    %s\n", err.text);
    return cache;
}

/* Files of the cache whose names end in suffix. */
static inline int try_files(const struct try *try, const char *suffix)
{
    int count = 0;
    DIR *folder = opendir(try->folder);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        size_t length = strlen(entry->d_name), end = strlen(suffix);
        if (entry->d_name[0] != '.' && length >= end && strcmp(entry->d_name + length - end, suffix) == 0)
            count++;
    }
    if (folder)
        closedir(folder);
    return count;
}

static inline void try_end(const struct try *try)
{
    DIR *folder = opendir(try->folder);
    struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    rmdir(try->folder);
}

static inline struct blob_key try_key(unsigned number)
{
    struct hash hash = hash_bytes(shared_slice_of(&number, sizeof(number)));
    return blob_key(&hash, number, "a test");
}

static inline char try_byte(unsigned number, uint64_t offset)
{
    return (char)((number * 2654435761u) ^ (offset * 40503u) ^ (offset >> 7));
}

static inline size_t try_size(unsigned number)
{
    return number * 2654435761u % 5000;
}

static inline struct blob try_blob(unsigned number, uint64_t size_bytes)
{
    return (struct blob){.crc = number * 7, .method = 8, .content_bytes = number, .stream_bytes = size_bytes};
}

static inline int try_add_status(struct blob_cache *cache, unsigned number, size_t size_bytes,
                                 struct shared_error *err)
{
    struct blob_key key = try_key(number);
    struct blob blob = try_blob(number, size_bytes);
    char *stream = malloc(size_bytes + 1);
    for (size_t i = 0; i < size_bytes; i++)
        stream[i] = try_byte(number, i);
    int status = blob_cache_add(cache, &key, &blob, shared_slice_of(stream, size_bytes), err);
    free(stream);
    return status;
}

static inline void try_add_bytes(struct blob_cache *cache, unsigned number, size_t size_bytes)
{
    struct shared_error err = {0};
    if (!check_that(try_add_status(cache, number, size_bytes, &err) == 0, __FILE__, __LINE__,
                    "blob_cache_add"))
        fprintf(stderr, "    %s\n", err.text);
}

static inline void try_add(struct blob_cache *cache, unsigned number)
{
    try_add_bytes(cache, number, try_size(number));
}

enum try_found { TRY_MISS, TRY_RIGHT, TRY_WRONG };

/* What the cache says of a stream; whether what it gives are the bytes that were added. */
static inline enum try_found try_find(struct blob_cache *cache, unsigned number, size_t size_bytes)
{
    struct blob_key key = try_key(number);
    struct blob blob, expected = try_blob(number, size_bytes);
    if (!blob_cache_find(cache, &key, &blob))
        return TRY_MISS;
    if (blob.crc != expected.crc || blob.method != 8 || blob.content_bytes != number ||
        blob.stream_bytes != size_bytes)
        return TRY_WRONG;
    char *stream = malloc(size_bytes + 1);
    ssize_t got = blob_cache_read(cache, &key, 0, stream, size_bytes + 1, NULL);
    enum try_found found = got == (ssize_t)size_bytes ? TRY_RIGHT : got < 0 ? TRY_MISS : TRY_WRONG;
    for (size_t i = 0; found == TRY_RIGHT && i < size_bytes; i++)
        if (stream[i] != try_byte(number, i))
            found = TRY_WRONG;
    free(stream);
    return found;
}

static inline bool try_has_bytes(struct blob_cache *cache, unsigned number, size_t size_bytes)
{
    enum try_found found = try_find(cache, number, size_bytes);
    check_that(found != TRY_WRONG, __FILE__, __LINE__, "right bytes or none");
    return found == TRY_RIGHT;
}

static inline bool try_has(struct blob_cache *cache, unsigned number)
{
    return try_has_bytes(cache, number, try_size(number));
}

#endif
