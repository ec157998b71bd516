/* content_try.h - sets of contents for tests: packages of files in the current folder, streams that are inflated. */
#ifndef TESTS_CONTENT_TRY_H
#define TESTS_CONTENT_TRY_H

#include "check.h"
#include "scratch.h"

#include "content/content.h"

#include <stdlib.h>
#include <time.h>
#include <zlib.h>

#define TRY_ENTRIES 64

struct try_package {
    struct package_entry entries[TRY_ENTRIES];
    struct package package;
};

static inline void try_warn(void *user, const char *text)
{
    strncat(user, text, 200);
}

static char try_warnings[2000];

static inline struct content_options try_options(void)
{
    *try_warnings = '\0';
    return (struct content_options){
        .state = "state", .cache = "cache", .warn = try_warn, .warn_user = try_warnings};
}

static inline struct content_set *try_open(const struct content_options *options)
{
    struct shared_error err = {0};
    scratch_folder("state");
    struct content_set *set = content_open(options, &err);
    if (!set)
        fprintf(stderr, "%s\n", err.text);
    SCRATCH_NEED(set);
    return set;
}

/* Adds a file as it is now. */
static inline void try_add(struct try_package *try, const char *source)
{
    struct stat st;
    SCRATCH_NEED(stat(source, &st) == 0 && try->package.count < TRY_ENTRIES);
    try->package.entries = try->entries;
    try->entries[try->package.count++] = (struct package_entry){
        .place = source, .source = source, .kind = PACKAGE_FILE, .size_bytes = (uint64_t)st.st_size};
}

/* Names up to NULL. */
static inline struct try_package try_package(const char *const *sources)
{
    struct try_package try = {.package = {.count = 0}};
    for (; *sources; sources++)
        try_add(&try, *sources);
    return try;
}

static inline int try_read(struct content_set *set, struct try_package *try, struct shared_error *err)
{
    try->package.entries = try->entries;
    return content_read(set, &try->package, 1, err);
}

/* Later than the clock tick that the files so far were written in, so that their times tell of changes. */
static inline void try_wait(void)
{
    const struct timespec time = {.tv_nsec = 20 * 1000 * 1000};
    nanosleep(&time, NULL);
}

/* Bytes that deflate well, another content for each seed. */
static inline void try_text_file(const char *path, size_t size, unsigned seed)
{
    char *text = malloc(size + 64);
    SCRATCH_NEED(text);
    size_t at = 0;
    for (unsigned i = seed * 7919u; at < size; i++)
        at += (size_t)sprintf(text + at, "%u: %u bottles,\n", i, i * i % 977 + seed);
    scratch_bytes(path, text, size);
    free(text);
}

/* Bytes that do not deflate. */
static inline void try_noise_file(const char *path, size_t size, uint64_t seed)
{
    unsigned char *noise = malloc(size);
    SCRATCH_NEED(noise);
    for (size_t i = 0; i < size; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        noise[i] = (unsigned char)(seed >> 56);
    }
    scratch_bytes(path, noise, size);
    free(noise);
}

/* Reads a content's stream in steps, and inflates it beside a file. */
static inline bool try_stream_is(struct content_set *set, const struct content *content, const char *path,
                                 size_t step, struct shared_error *err)
{
    static unsigned char in[1 << 16], out[1 << 16], expected[1 << 16];
    z_stream inflating = {0};
    FILE *file = fopen(path, "rb");
    SCRATCH_NEED(file && inflateInit2(&inflating, -MAX_WBITS) == Z_OK && step <= sizeof(in));
    uint64_t offset = 0, size = 0;
    uint32_t crc = 0;
    bool same = true;
    int status = Z_OK;
    ssize_t got = 0;
    while (same && (got = content_stream_read(set, content, offset, in, step, err)) > 0) {
        offset += (uint64_t)got;
        inflating.next_in = in;
        inflating.avail_in = (unsigned)got;
        do {
            inflating.next_out = out;
            inflating.avail_out = sizeof(out);
            if (content->method == CONTENT_STORED) {
                memcpy(out, in, (size_t)got);
                inflating.avail_out -= (unsigned)got;
                inflating.avail_in = 0;
            } else {
                status = inflate(&inflating, Z_NO_FLUSH);
            }
            size_t made = sizeof(out) - inflating.avail_out;
            same = (status == Z_OK || status == Z_STREAM_END) && fread(expected, 1, made, file) == made &&
                   memcmp(out, expected, made) == 0;
            crc = (uint32_t)crc32(crc, out, (unsigned)made);
            size += made;
        } while (same && content->method != CONTENT_STORED && status == Z_OK &&
                 (inflating.avail_in > 0 || inflating.avail_out == 0));
    }
    same = same && got == 0 && fgetc(file) == EOF && size == content->size_bytes && crc == content->crc &&
           offset == content->deflated_bytes && (content->method == CONTENT_STORED || status == Z_STREAM_END);
    fclose(file);
    inflateEnd(&inflating);
    return same;
}

#endif
