/* test_content_hash.c - files that are hashed whole and in pieces, and those that change once they are open. */
#include "content_try.h"

#include "base/file.h"
#include "content/content_inner.h"

#include <stdatomic.h>

/* The largest that is read at once, which is also the size of a piece. */
#define PIECE ((size_t)256 << 10)

struct hash __real_content_digest(const void *data, size_t size_bytes);
struct hash __wrap_content_digest(const void *data, size_t size_bytes);
void __real_content_digest_add(struct XXH3_state_s *state, const void *data, size_t size_bytes);
void __wrap_content_digest_add(struct XXH3_state_s *state, const void *data, size_t size_bytes);
int __real_content_file_open(const char *path, uint64_t size_bytes, int *fd, struct stat_print *print,
                             struct shared_error *err);
int __wrap_content_file_open(const char *path, uint64_t size_bytes, int *fd, struct stat_print *print,
                             struct shared_error *err);

static atomic_uintptr_t places; /* that files were read to: the bits that any of them has */
static atomic_uint digests, pieces;

struct hash __wrap_content_digest(const void *data, size_t size_bytes)
{
    atomic_fetch_or(&places, (uintptr_t)data);
    atomic_fetch_add(&digests, 1);
    return __real_content_digest(data, size_bytes);
}

/* What happens to "changing": once it is open, or once a piece of it is hashed; NULL: nothing. */
static const char *at_open, *at_piece;

static void happen(const char **command)
{
    const char *now = *command;
    *command = NULL;
    SCRATCH_NEED(!now || system(now) == 0);
}

void __wrap_content_digest_add(struct XXH3_state_s *state, const void *data, size_t size_bytes)
{
    atomic_fetch_or(&places, (uintptr_t)data);
    atomic_fetch_add(&pieces, 1);
    __real_content_digest_add(state, data, size_bytes);
    if (at_piece)
        happen(&at_piece);
}

int __wrap_content_file_open(const char *path, uint64_t size_bytes, int *fd, struct stat_print *print,
                             struct shared_error *err)
{
    int status = __real_content_file_open(path, size_bytes, fd, print, err);
    if (at_open && strcmp(path, "changing") == 0)
        happen(&at_open);
    return status;
}

static const size_t sizes[] = {0,         1,         63,        64,
                               65,        4095,      4097,      PIECE - 1,
                               PIECE,     PIECE + 1, 2 * PIECE, 2 * PIECE + 1,
                               3 * PIECE, 5000000,   5000000,   7 * PIECE + 64,
                               5000,      5000,      5000,      300001,
                               300001};
#define SIZES (sizeof(sizes) / sizeof(*sizes))

static char names[SIZES][8];

static struct try_package write_files(void)
{
    struct try_package try = {.package = {.count = 0}};
    for (size_t i = 0; i < SIZES; i++) {
        snprintf(names[i], sizeof(names[i]), "f%zu", i);
        if (i % 3)
            try_noise_file(names[i], sizes[i], i);
        else
            scratch_file(names[i], ""); /* one hole */
        SCRATCH_NEED(truncate(names[i], (off_t)sizes[i]) == 0);
        try_add(&try, names[i]);
    }
    return try;
}

static struct hash hash_of(const char *path)
{
    struct shared_arena arena = {0};
    struct shared_slice bytes;
    SCRATCH_NEED(file_read(path, 1 << 30, &arena, &bytes, NULL) == 0);
    struct hash hash = __real_content_digest(bytes.data, bytes.size_bytes);
    shared_arena_clean_up(&arena);
    return hash;
}

/* The hash is that of the whole, wherever pieces end; and no file is read to where reading is slow. */
static void test_sizes(void)
{
    char *folder = scratch_enter();
    struct try_package try = write_files();
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct shared_error err = {0};
        struct content_options options = try_options();
        SCRATCH_NEED(system("rm -rf state cache") == 0);
        options.parallel = threads;
        atomic_store(&places, 0);
        atomic_store(&digests, 0);
        atomic_store(&pieces, 0);
        struct content_set *set = try_open(&options);
        CHECK_NUMBER(try_read(set, &try, &err), 0);
        CHECK_TEXT(err.text, "");
        for (size_t i = 0; i < SIZES; i++) {
            struct hash expected = hash_of(names[i]);
            const struct content *content = try.entries[i].content;
            CHECK_ROW(names[i]);
            CHECK(content && memcmp(&content->hash, &expected, sizeof(expected)) == 0);
        }
        CHECK_ROW(NULL);
        content_close(set);
        CHECK_NUMBER(atomic_load(&digests), 12);
        CHECK(atomic_load(&pieces) >= 2 + 2 + 3 + 3 + 20 + 20 + 8 + 2 + 2);
        CHECK_NUMBER(atomic_load(&places) % 64, 0);
    }
    scratch_leave(folder);
}

static const struct {
    const char *name;
    size_t size;
    const char *at_open, *at_piece;
} rows[] = {
    {"small, cut off", 5000, "truncate -s 4999 changing", NULL},
    {"small, emptied", 5000, ": > changing", NULL},
    {"small, grown", 5000, "echo >> changing", NULL},
    {"none, grown", 0, "echo >> changing", NULL},
    {"large, cut off", 3 * PIECE + 9, "truncate -s -1 changing", NULL},
    {"large, emptied", 3 * PIECE + 9, ": > changing", NULL},
    {"large, grown", 3 * PIECE + 9, "echo >> changing", NULL},
    {"cut off behind a piece", 3 * PIECE + 9, NULL, "truncate -s -1 changing"},
    {"cut off within the piece", 3 * PIECE + 9, NULL, "truncate -s 1000 changing"},
    {"grown behind a piece", 3 * PIECE + 9, NULL, "echo >> changing"},
    {"grown by much", 3 * PIECE + 9, NULL, "truncate -s 1G changing"},
};

static void test_changing(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        struct shared_error err = {0};
        char *folder = scratch_enter();
        try_noise_file("changing", rows[i].size, i);
        struct try_package try = try_package((const char *const[]){"changing", NULL});
        const struct content_options options = try_options();
        struct content_set *set = try_open(&options);
        at_open = rows[i].at_open;
        at_piece = rows[i].at_piece;
        CHECK_NUMBER(try_read(set, &try, &err), SHARED_EIO);
        CHECK(!at_open && !at_piece);
        CHECK_MESSAGE(&err, "changing changed while it was being packed: run again");
        content_close(set);
        scratch_leave(folder);
    }
}

int main(void)
{
    CHECK_RUN(test_sizes);
    CHECK_RUN(test_changing);
    return check_report();
}
