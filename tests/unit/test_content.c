#include "content_try.h"

#include "base/file.h"
#include "content/content_stream.h"

#include <libdeflate.h>

static const char *const names[] = {"z", "b/z", "c", "noise", "empty", "none", "bootstrap", "other", NULL};

static void set_up(void)
{
    scratch_folder("b");
    try_text_file("z", 5000, 1);
    try_text_file("b/z", 5000, 1);
    try_text_file("c", 5000, 2);
    try_noise_file("noise", 4000, 3);
    scratch_file("empty", "");
    scratch_file("none", "");
    try_text_file("bootstrap", 300000, 4);
    try_text_file("other", 100000, 5);
    int fd = open("other", O_WRONLY | O_CLOEXEC);
    SCRATCH_NEED(fd >= 0 && pwrite(fd, "", 1, 7999) == 1);
    close(fd);
}

static void test_same_contents_are_one(void)
{
    char *folder = scratch_enter();
    set_up();
    struct try_package try = try_package(names);
    try.entries[try.package.count++] = (struct package_entry){
        .place = "link", .source = "link", .target = "z", .kind = PACKAGE_SYMLINK, .size_bytes = 1};
    const struct content_options options = try_options();
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    const struct package_entry *of = try.entries;
    CHECK(of[0].content && of[0].content == of[1].content && of[0].content != of[2].content);
    CHECK(of[4].content == of[5].content && !of[8].content);
    CHECK_TEXT(of[0].content->source, "b/z");
    CHECK(of[6].content->program && !of[0].content->program);
    CHECK_NUMBER(of[2].content->size_bytes, 5000);
    struct hash hash;
    CHECK_NUMBER(hash_file("c", &hash, NULL), 0);
    CHECK(memcmp(&hash, &of[2].content->hash, sizeof(hash)) == 0);
    struct content_counts counts = content_counts(set);
    CHECK_NUMBER(counts.files, 8);
    CHECK_NUMBER(counts.contents, 6);
    CHECK_NUMBER(counts.files_read, 8);
    CHECK_NUMBER(counts.content_bytes, 5000 + 5000 + 4000 + 300000 + 100000);

    /* A later call adds to the set; the content is known by the first path of all. */
    scratch_file("a", "");
    try_text_file("a", 5000, 2);
    struct try_package later = try_package((const char *const[]){"a", "z", NULL});
    CHECK_NUMBER(try_read(set, &later, NULL), 0);
    CHECK(later.entries[0].content == of[2].content && later.entries[1].content == of[0].content);
    CHECK_TEXT(of[2].content->source, "a");
    counts = content_counts(set);
    CHECK_NUMBER(counts.files, 10);
    CHECK_NUMBER(counts.contents, 6);
    CHECK_NUMBER(counts.files_read, 9);
    content_close(set);
    CHECK_TEXT(try_warnings, "");
    scratch_leave(folder);
}

/* What libdeflate makes of a file at a level. */
static size_t bytes_at(const char *path, int level)
{
    static char bytes[300000], stream[310000];
    FILE *file = fopen(path, "rb");
    SCRATCH_NEED(file);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    size_t made = libdeflate_deflate_compress(compressor, bytes, size, stream, sizeof(stream));
    libdeflate_free_compressor(compressor);
    return made;
}

/* The same stream as content_stream_make gives of what is in memory. */
static bool is_as_made(const struct content *content, const char *path, enum manifest_level level)
{
    struct shared_arena arena = {0};
    struct shared_slice bytes, stream;
    SCRATCH_NEED(file_read(path, 1 << 20, &arena, &bytes, NULL) == 0);
    SCRATCH_NEED(content_stream_make(bytes, level, content->program, &arena, &stream, NULL) == 0);
    size_t size = stream.size_bytes;
    shared_arena_clean_up(&arena);
    return content->method == CONTENT_DEFLATED ? size == content->deflated_bytes
                                               : size >= content->size_bytes;
}

static void test_streams(void)
{
    static const struct {
        const char *name;
        enum manifest_level level;
        int text, other, program;
    } rows[] = {{"default", LEVEL_DEFAULT, 9, 8, 10},
                {"fast", LEVEL_FAST, 7, 6, 7},
                {"smallest", LEVEL_SMALLEST, 12, 12, 12}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        char *folder = scratch_enter();
        set_up();
        struct try_package try = try_package(names);
        struct content_options options = try_options();
        options.level = rows[i].level;
        struct content_set *set = try_open(&options);
        CHECK_NUMBER(try_read(set, &try, NULL), 0);
        CHECK_NUMBER(content_deflate(set, NULL), 0);
        for (size_t k = 0; names[k]; k++)
            for (size_t step = 7; step <= 70000; step *= 100)
                CHECK(
                    try_stream_is(set, try.entries[k].content, names[k], step < 65536 ? step : 65536, NULL));
        for (size_t k = 0; names[k]; k++)
            CHECK(is_as_made(try.entries[k].content, names[k], rows[i].level));
        CHECK_NUMBER(try.entries[0].content->deflated_bytes, bytes_at("z", rows[i].text));
        CHECK_NUMBER(try.entries[7].content->deflated_bytes, bytes_at("other", rows[i].other));
        CHECK_NUMBER(try.entries[6].content->deflated_bytes, bytes_at("bootstrap", rows[i].program));
        CHECK(try.entries[3].content->method == CONTENT_STORED &&
              try.entries[4].content->method == CONTENT_STORED);
        CHECK_NUMBER(try.entries[4].content->deflated_bytes, 0);
        struct content_counts counts = content_counts(set);
        CHECK_NUMBER(counts.deflated, 5);
        CHECK_NUMBER(counts.from_cache, 0);
        CHECK_NUMBER(counts.stream_bytes,
                     try.entries[0].content->deflated_bytes + try.entries[2].content->deflated_bytes + 4000 +
                         bytes_at("other", rows[i].other) + try.entries[6].content->deflated_bytes);
        content_close(set);
        CHECK_TEXT(try_warnings, "");
        scratch_leave(folder);
    }
}

/* What a file is as a program and as a file of another function is not known before all are. */
static void test_program_later(void)
{
    char *folder = scratch_enter();
    try_text_file("bootstrap", 300000, 4);
    struct try_package try = try_package((const char *const[]){"bootstrap", NULL});
    try.entries[0].place = "share/x";
    const struct content_options options = try_options();
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    CHECK_NUMBER(content_deflate(set, NULL), 0);
    CHECK_NUMBER(try.entries[0].content->deflated_bytes, bytes_at("bootstrap", 9));
    try.entries[0].place = "bootstrap";
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    CHECK_NUMBER(content_deflate(set, NULL), 0);
    CHECK_NUMBER(try.entries[0].content->deflated_bytes, bytes_at("bootstrap", 10));
    CHECK(try_stream_is(set, try.entries[0].content, "bootstrap", 4096, NULL));
    content_close(set);
    scratch_leave(folder);
}

static double last_share;

static void on_progress(void *user, double share)
{
    CHECK(user == &last_share && share >= last_share - 1e-9 && share <= 1 + 1e-9);
    last_share = share;
}

static void test_any_number_of_threads(void)
{
    static char texts[40][8];
    char *folder = scratch_enter();
    struct try_package first = {.package = {.count = 0}};
    for (unsigned i = 0; i < 40; i++) {
        snprintf(texts[i], sizeof(texts[i]), "f%u", i);
        try_text_file(texts[i], 1000 + 30000 * (i % 7), i % 11);
        try_add(&first, texts[i]);
    }
    struct content first_contents[40];
    for (unsigned threads = 0; threads < 9; threads++) {
        struct try_package try = first;
        struct content_options options = try_options();
        options.parallel = threads;
        options.cache = "";
        options.progress = on_progress;
        options.user = &last_share;
        SCRATCH_NEED(system("rm -rf state") == 0);
        struct content_set *set = try_open(&options);
        last_share = 0;
        CHECK_NUMBER(try_read(set, &try, NULL), 0);
        CHECK(last_share > 0.999);
        last_share = 0;
        CHECK_NUMBER(content_deflate(set, NULL), 0);
        CHECK(last_share > 0.999);
        for (unsigned i = 0; i < 40; i++) {
            const struct content *content = try.entries[i].content;
            if (threads == 0)
                first_contents[i] = *content;
            CHECK_NUMBER(content->deflated_bytes, first_contents[i].deflated_bytes);
            CHECK(memcmp(&content->hash, &first_contents[i].hash, sizeof(content->hash)) == 0);
            CHECK_TEXT(content->source, texts[strtoul(content->source + 1, NULL, 10)]);
            CHECK(try_stream_is(set, content, texts[i], 5000, NULL));
        }
        CHECK_NUMBER(content_counts(set).contents, 40);
        content_close(set);
    }
    scratch_leave(folder);
}

static void test_names(void)
{
    CHECK(strstr(content_codec(LEVEL_DEFAULT, false), "libdeflate ") &&
          strstr(content_codec(LEVEL_DEFAULT, false), " level 9"));
    CHECK(strstr(content_codec(LEVEL_DEFAULT, true), " level 10") != NULL);
    CHECK_TEXT(content_codec(LEVEL_FAST, true), content_codec(LEVEL_FAST, false));
    content_close(NULL);
}

int main(void)
{
    CHECK_RUN(test_same_contents_are_one);
    CHECK_RUN(test_streams);
    CHECK_RUN(test_program_later);
    CHECK_RUN(test_any_number_of_threads);
    CHECK_RUN(test_names);
    return check_report();
}
