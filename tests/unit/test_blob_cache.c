#include "blob_try.h"
#include "check.h"
#include "content/blob_cache.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void test_key(void)
{
    struct hash hash = {{1}};
    struct blob_key key = blob_key(&hash, 5, "libdeflate 1.14 level 9");
    struct blob_key other[] = {blob_key(&(struct hash){{2}}, 5, "libdeflate 1.14 level 9"),
                               blob_key(&hash, 6, "libdeflate 1.14 level 9"),
                               blob_key(&hash, 5, "libdeflate 1.14 level 6")};
    struct blob_key same = blob_key(&hash, 5, "libdeflate 1.14 level 9");
    CHECK(memcmp(&key, &same, sizeof(key)) == 0);
    for (size_t i = 0; i < 3; i++)
        CHECK(memcmp(&key, &other[i], sizeof(key)) != 0);
}

/* In one run, and in the next. */
static void test_add_and_find(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    CHECK(!try_has(cache, 1));
    for (unsigned i = 0; i < 1000; i++)
        try_add(cache, i);
    for (unsigned i = 0; i < 1000; i++)
        CHECK(try_has(cache, i));
    try_add(cache, 7);
    blob_cache_close(cache);
    CHECK_NUMBER(try_files(&try, ".blobs"), 1);
    CHECK_NUMBER(try_files(&try, ".part"), 0);

    cache = try_open(&try);
    for (unsigned i = 0; i < 1000; i++)
        CHECK(try_has(cache, i));
    CHECK(!try_has(cache, 1000));
    try_add(cache, 7);
    blob_cache_close(cache);
    CHECK_NUMBER(try_files(&try, ".blobs"), 1);
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
}

/* Any part of a stream, before and after it was checked as a whole. */
static void test_read_parts(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    struct blob_key key = try_key(2000);
    try_add_bytes(cache, 2000, 300000);
    for (int run = 0; run < 2; run++) {
        static const struct {
            uint64_t offset;
            size_t asked;
            ssize_t given;
        } rows[] = {{299999, 10, 1},     {300000, 10, 0},     {300001, 1, 0},      {0, 1, 1},
                    {1, 0, 0},           {131071, 2, 2},      {0, 299999, 299999}, {1, 300000, 299999},
                    {0, 300000, 300000}, {0, 400000, 300000}, {UINT64_MAX, 1, 0}};
        char *data = malloc(400000);
        for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
            ssize_t got = blob_cache_read(cache, &key, rows[i].offset, data, rows[i].asked, NULL);
            CHECK_NUMBER(got, rows[i].given);
            for (ssize_t j = 0; j < got; j++)
                if (data[j] != try_byte(2000, rows[i].offset + (uint64_t)j)) {
                    CHECK(!"right bytes");
                    break;
                }
        }
        free(data);
        blob_cache_close(cache);
        cache = try_open(&try);
    }
    char byte;
    struct shared_error err = {0};
    struct blob_key none = try_key(1);
    CHECK_NUMBER(blob_cache_read(cache, &none, 0, &byte, 1, &err), SHARED_ENOTFOUND);
    blob_cache_close(cache);
    try_end(&try);
}

static void test_writer(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    for (unsigned number = 3000; number < 3003; number++) {
        struct blob_key key = try_key(number);
        struct blob_writer *writer = blob_cache_begin(cache, &key, NULL);
        uint64_t done = 0;
        char piece[1000];
        for (int i = 0; i < 300; i++) {
            for (size_t j = 0; j < sizeof(piece); j++)
                piece[j] = try_byte(number, done + j);
            CHECK_NUMBER(blob_writer_add(writer, shared_slice_of(piece, sizeof(piece)), NULL), 0);
            done += sizeof(piece);
            try_add(cache, number * 1000 + (unsigned)i); /* the others do not wait */
        }
        struct blob blob = try_blob(number, done);
        if (number == 3001)
            blob_writer_abandon(writer);
        else
            CHECK_NUMBER(blob_writer_end(writer, &blob, NULL), 0);
    }
    struct blob_key short_key = try_key(3009);
    struct blob_writer *writer = blob_cache_begin(cache, &short_key, NULL);
    struct blob wrong = try_blob(3009, 1);
    struct shared_error err = {0};
    CHECK_NUMBER(blob_writer_end(writer, &wrong, &err), SHARED_EINVAL);
    blob_writer_abandon(NULL);
    for (int run = 0; run < 2; run++) {
        CHECK(try_has_bytes(cache, 3000, 300000));
        CHECK(!try_has_bytes(cache, 3001, 300000));
        CHECK(try_has_bytes(cache, 3002, 300000));
        CHECK(!try_has_bytes(cache, 3009, 0));
        CHECK(try_has(cache, 3002299));
        blob_cache_close(cache);
        cache = try_open(&try);
    }
    blob_cache_close(cache);
    try_end(&try);
}

static void test_empty_stream(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    try_add_bytes(cache, 1, 0);
    for (int run = 0; run < 2; run++) {
        CHECK(try_has_bytes(cache, 1, 0));
        blob_cache_close(cache);
        cache = try_open(&try);
    }
    blob_cache_close(cache);
    try_end(&try);
}

static void test_without_folder(void)
{
    struct try try = try_begin();
    struct blob_cache_options options = try_options(&try);
    options.folder = NULL;
    options.scratch = try.folder;
    struct blob_cache *cache = blob_cache_open(&options, NULL);
    try_add(cache, 1);
    CHECK(try_has(cache, 1));
    CHECK_NUMBER(try_files(&try, ""), 0); /* nothing to be left behind */
    blob_cache_close(cache);
    CHECK_NUMBER(try_files(&try, ""), 0);

    struct shared_error err = {0};
    options.scratch = "/nonexistent/scratch";
    CHECK(!blob_cache_open(&options, &err));
    CHECK_NUMBER(err.code, SHARED_EIO);
    CHECK_MESSAGE(&err, "/nonexistent/scratch");
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
}

int main(void)
{
    CHECK_RUN(test_key);
    CHECK_RUN(test_add_and_find);
    CHECK_RUN(test_read_parts);
    CHECK_RUN(test_writer);
    CHECK_RUN(test_empty_stream);
    CHECK_RUN(test_without_folder);
    return check_report();
}
