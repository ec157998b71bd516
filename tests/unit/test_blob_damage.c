#include "blob_try.h"
#include "check.h"

#include <errno.h>
#include <sys/stat.h>

#define STREAMS 6

static const size_t sizes[STREAMS] = {0, 1, 2, 17, 64, 300};

/* This program is linked with --wrap=pread: reads that fail, as those of a disk that does. */
ssize_t __real_pread(int fd, void *data, size_t size_bytes, off_t offset);
ssize_t __wrap_pread(int fd, void *data, size_t size_bytes, off_t offset);
static bool disk_fails;

ssize_t __wrap_pread(int fd, void *data, size_t size_bytes, off_t offset)
{
    if (!disk_fails)
        return __real_pread(fd, data, size_bytes, offset);
    errno = EIO;
    return -1;
}

struct bytes {
    unsigned char data[2000];
    size_t size_bytes;
};

/* The one file of the folder that ends in suffix. */
static bool find_file(const struct try *try, const char *suffix, char path[400])
{
    bool found = false;
    DIR *folder = opendir(try->folder);
    struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        if (strstr(entry->d_name, suffix)) {
            snprintf(path, 400, "%s/%s", try->folder, entry->d_name);
            found = true;
        }
    closedir(folder);
    return found;
}

static void empty(const struct try *try)
{
    char path[400];
    while (find_file(try, ".blobs", path) || find_file(try, ".use", path) || find_file(try, ".part", path))
        unlink(path);
}

static void write_segment(const struct try *try, const unsigned char *data, size_t size_bytes)
{
    char path[400];
    empty(try);
    snprintf(path, sizeof(path), "%s/0123456789abcdef.blobs", try->folder);
    FILE *file = fopen(path, "w");
    CHECK(file && fwrite(data, 1, size_bytes, file) == size_bytes && fclose(file) == 0);
}

static void make_segment(struct try *try, struct bytes *segment)
{
    char path[400];
    struct blob_cache *cache = try_open(try);
    for (unsigned i = 0; i < STREAMS; i++)
        try_add_bytes(cache, i, sizes[i]);
    blob_cache_close(cache);
    CHECK(find_file(try, ".blobs", path));
    FILE *file = fopen(path, "r");
    segment->size_bytes = file ? fread(segment->data, 1, sizeof(segment->data), file) : 0;
    if (file)
        fclose(file);
    CHECK_NUMBER(segment->size_bytes, 384 + STREAMS * 56 + 48);
}

/* How many streams are right; none is wrong. */
static int count_right(struct blob_cache *cache)
{
    int right = 0;
    for (unsigned i = 0; i < STREAMS; i++)
        right += try_has_bytes(cache, i, sizes[i]);
    return right;
}

/* What is damaged is missed and told once; a run that makes it again has all, and so has the next, without a word. */
static void look(struct try *try, int expected)
{
    try->warned = 0;
    struct blob_cache *cache = try_open(try);
    CHECK_NUMBER(count_right(cache), expected);
    CHECK_NUMBER(count_right(cache), expected);
    CHECK_NUMBER(try->warned, 1);
    CHECK(strstr(try->last, try->folder) && strstr(try->last, "damaged"));
    for (unsigned i = 0; i < STREAMS; i++)
        try_add_bytes(cache, i, sizes[i]);
    CHECK_NUMBER(count_right(cache), STREAMS);
    blob_cache_close(cache);

    try->warned = 0;
    cache = try_open(try);
    CHECK_NUMBER(count_right(cache), STREAMS);
    CHECK_NUMBER(try->warned, 0);
    blob_cache_close(cache);
}

static void test_each_byte(void)
{
    static const unsigned char masks[] = {0x01, 0x80, 0xff};
    struct try try = try_begin();
    struct bytes segment;
    make_segment(&try, &segment);
    for (size_t i = 0; i < segment.size_bytes; i++)
        for (size_t j = 0; j < sizeof(masks); j++) {
            char row[40];
            snprintf(row, sizeof(row), "byte %zu ^ %02x", i, masks[j]);
            CHECK_ROW(row);
            struct bytes damaged = segment;
            damaged.data[i] ^= masks[j];
            write_segment(&try, damaged.data, damaged.size_bytes);
            look(&try, i < 384 ? STREAMS - 1 : 0);
        }
    try_end(&try);
}

static void test_each_length(void)
{
    struct try try = try_begin();
    struct bytes segment;
    make_segment(&try, &segment);
    for (size_t size = 0; size < segment.size_bytes; size++) {
        write_segment(&try, segment.data, size);
        look(&try, 0);
    }
    struct bytes longer = segment;
    longer.data[longer.size_bytes++] = 0;
    write_segment(&try, longer.data, longer.size_bytes);
    look(&try, 0);
    try_end(&try);
}

/* A stream is cut away while the cache is open. */
static void test_cut_while_open(void)
{
    struct try try = try_begin();
    char path[400];
    struct blob_cache *cache = try_open(&try);
    for (unsigned i = 0; i < STREAMS; i++)
        try_add_bytes(cache, i, sizes[i]);
    CHECK(find_file(&try, ".part", path));
    CHECK(truncate(path, 3) == 0);
    CHECK_NUMBER(count_right(cache), 3); /* those in the first three bytes */
    CHECK_NUMBER(try.warned, 1);
    try_add_bytes(cache, 5, sizes[5]);
    CHECK_NUMBER(count_right(cache), 4);
    blob_cache_close(cache);

    cache = try_open(&try);
    CHECK_NUMBER(count_right(cache), 4);
    CHECK_NUMBER(try.warned, 1);
    CHECK(find_file(&try, ".blobs", path));
    CHECK(truncate(path, 2) == 0);
    for (unsigned i = 0; i < STREAMS; i++)
        try_has_bytes(cache, i, sizes[i]);
    blob_cache_close(cache);
    try_end(&try);
}

/* A damaged stream's key leads to the right one where there are two. */
static void test_days(void)
{
    struct try try = try_begin();
    struct bytes segment;
    char path[400];
    make_segment(&try, &segment);
    try.today++;
    struct blob_cache *cache = try_open(&try);
    CHECK_NUMBER(count_right(cache), STREAMS);
    blob_cache_close(cache);
    CHECK(find_file(&try, ".use", path));
    static const char *const contents[] = {"", "x", "\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\1\2\3\4\5"};
    for (size_t i = 0; i < sizeof(contents) / sizeof(*contents); i++) {
        FILE *file = fopen(path, "w");
        CHECK(file && fputs(contents[i], file) >= 0 && fclose(file) == 0);
        cache = try_open(&try);
        CHECK_NUMBER(count_right(cache), STREAMS);
        blob_cache_close(cache);
    }
    struct stat st;
    CHECK(stat(path, &st) == 0 && st.st_size == 4 * STREAMS);
    unlink(path);
    CHECK(mkdir(path, 0777) == 0);
    cache = try_open(&try);
    CHECK_NUMBER(count_right(cache), STREAMS);
    blob_cache_close(cache);
    rmdir(path);
    CHECK(mkfifo(path, 0666) == 0);
    cache = try_open(&try);
    CHECK_NUMBER(count_right(cache), STREAMS);
    blob_cache_close(cache);
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
}

/* What is no file where a segment should be. */
static void test_odd_files(void)
{
    struct try try = try_begin();
    char path[400];
    snprintf(path, sizeof(path), "%s/0123456789abcdef.blobs", try.folder);
    for (int i = 0; i < 3; i++) {
        CHECK((i == 0   ? mkfifo(path, 0666)
               : i == 1 ? symlink("/etc/passwd", path)
                        : symlink("/nonexistent", path)) == 0);
        try.warned = 0;
        struct blob_cache *cache = try_open(&try);
        CHECK(!try_has(cache, 1));
        CHECK_NUMBER(try.warned, 1);
        blob_cache_close(cache);
        CHECK_NUMBER(try_files(&try, ".blobs"), 0);
        cache = try_open(&try);
        CHECK_NUMBER(try.warned, 1);
        blob_cache_close(cache);
    }
    snprintf(path, sizeof(path), "%s/notes.blobs", try.folder);
    FILE *file = fopen(path, "w");
    CHECK(file && fclose(file) == 0);
    try.warned = 0;
    blob_cache_close(try_open(&try));
    CHECK_NUMBER(try.warned, 0);
    CHECK_NUMBER(try_files(&try, ".blobs"), 1); /* somebody else's */
    try_end(&try);
}

/* What cannot be read is told as that, of streams and of indexes. */
static void test_unreadable(void)
{
    struct try try = try_begin();
    struct bytes segment;
    make_segment(&try, &segment);
    for (int early = 0; early < 2; early++) {
        write_segment(&try, segment.data, segment.size_bytes);
        try.warned = 0;
        disk_fails = early;
        struct blob_cache *cache = try_open(&try);
        disk_fails = true;
        CHECK(!try_has_bytes(cache, 4, sizes[4]) && !try_has_bytes(cache, 5, sizes[5]));
        disk_fails = false;
        CHECK_NUMBER(try.warned, 1);
        CHECK(strstr(try.last, try.folder) && strstr(try.last, strerror(EIO)) &&
              !strstr(try.last, "damaged"));
        blob_cache_close(cache);
    }
    try_end(&try);
}

int main(void)
{
    CHECK_RUN(test_each_byte);
    CHECK_RUN(test_each_length);
    CHECK_RUN(test_cut_while_open);
    CHECK_RUN(test_days);
    CHECK_RUN(test_odd_files);
    CHECK_RUN(test_unreadable);
    return check_report();
}
