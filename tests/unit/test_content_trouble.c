/* test_content_trouble.c - files that are not what they were, blobs that are gone, descriptors that are few. */
#include "content_try.h"

#include "base/file.h"
#include "content/content_inner.h"

#include <dirent.h>
#include <sys/resource.h>

static const char *const names[] = {"a", "b", "c", NULL};

static void set_up(void)
{
    try_text_file("a", 5000, 1);
    try_text_file("b", 300000, 2);
    /* Of two pieces, most of it a hole. */
    try_text_file("c", 30000, 3);
    SCRATCH_NEED(truncate("c", CONTENT_PIECE_BYTES + 1000) == 0);
    try_wait();
}

/* What happens to a file, and the words for it. */
static const struct {
    const char *name, *change, *said;
} rows[] = {
    {"gone", "rm $F", "which was there when it was listed: No such file"},
    {"grown", "echo >> $F", "changed while it was being packed: run again"},
    {"cut off", "truncate -s -1 $F", "changed while it was being packed: run again"},
    {"empty", ": > $F", "changed while it was being packed: run again"},
    {"a FIFO", "rm $F && mkfifo $F", "changed while it was being packed: run again"},
    {"a folder", "rm $F && mkdir $F", "changed while it was being packed: run again"},
    {"a link to nothing", "ln -sf none $F", "which was there when it was listed: No such file"},
    {"a link in a circle", "rm $F && ln -s $F $F", "which was there when it was listed: Too many levels"},
};

static void change(const char *command, const char *name)
{
    SCRATCH_NEED(setenv("F", name, 1) == 0 && system(command) == 0);
}

/* Between listing and reading; in a first run, and in one that has the files from the stat cache. */
static void test_before_reading(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        for (size_t k = 0; k < 6; k++) {
            struct shared_error err = {0};
            char *folder = scratch_enter();
            const struct content_options options = try_options();
            set_up();
            struct try_package try = try_package(names);
            struct content_set *set = try_open(&options);
            if (k >= 3) {
                CHECK_NUMBER(try_read(set, &try, NULL), 0);
                content_close(set);
                set = try_open(&options);
            }
            change(rows[i].change, names[k % 3]);
            CHECK_NUMBER(try_read(set, &try, &err), SHARED_EIO);
            CHECK_MESSAGE(&err, rows[i].said);
            CHECK_MESSAGE(&err, names[k % 3]);
            /* The set is still one: what is as it was can be read. */
            const char *const others[] = {names[(k + 1) % 3], names[(k + 2) % 3], NULL};
            struct try_package rest = try_package(others);
            CHECK_NUMBER(try_read(set, &rest, &err), 0);
            CHECK_NUMBER(content_deflate(set, &err), 0);
            CHECK(try_stream_is(set, rest.entries[0].content, others[0], 5000, &err));
            content_close(set);
            scratch_leave(folder);
        }
    }
}

/* Between reading and deflating: also what has the size that it had. */
static void test_before_deflating(void)
{
    for (size_t i = 0; i <= sizeof(rows) / sizeof(*rows); i++) {
        bool same_size = i == sizeof(rows) / sizeof(*rows);
        CHECK_ROW(same_size ? "same size" : rows[i].name);
        for (size_t k = 0; k < 3; k++) {
            struct shared_error err = {0};
            char *folder = scratch_enter();
            const struct content_options options = try_options();
            set_up();
            struct try_package try = try_package(names);
            struct content_set *set = try_open(&options);
            CHECK_NUMBER(try_read(set, &try, NULL), 0);
            change(same_size ? "printf xxx | dd of=$F bs=1 seek=100 conv=notrunc 2> dd" : rows[i].change,
                   names[k]);
            CHECK_NUMBER(content_deflate(set, &err), SHARED_EIO);
            CHECK_MESSAGE(&err, same_size ? "changed while it was being packed: run again" : rows[i].said);
            CHECK_MESSAGE(&err, names[k]);
            content_close(set);
            scratch_leave(folder);
        }
    }
}

/* A blob that was removed or damaged is made again from its source, once, and if that is what it was. */
static void test_blob_lost(void)
{
    for (unsigned how = 0; how < 4; how++) {
        struct shared_error err = {0};
        char *folder = scratch_enter();
        const struct content_options options = try_options();
        set_up();
        struct try_package try = try_package(names);
        struct content_set *set = try_open(&options);
        CHECK_NUMBER(try_read(set, &try, NULL), 0);
        CHECK_NUMBER(content_deflate(set, NULL), 0);
        content_close(set);
        if (how % 2)
            SCRATCH_NEED(system("rm -r cache") == 0);
        else
            SCRATCH_NEED(system("for f in cache/*.blobs; do dd if=/dev/zero of=$f bs=1 seek=300 count=9 "
                                "conv=notrunc 2> dd; done") == 0);
        set = try_open(&options);
        CHECK_NUMBER(try_read(set, &try, NULL), 0);
        CHECK_NUMBER(content_deflate(set, NULL), 0);
        CHECK_NUMBER(content_counts(set).deflated, 0);
        if (how < 2) {
            for (size_t i = 0; names[i]; i++)
                CHECK(try_stream_is(set, try.entries[i].content, names[i], 5000, &err));
            CHECK_TEXT(err.text, "");
            size_t made = content_counts(set).deflated;
            CHECK(how ? made == 3 : made >= 1 && made < 3);
        } else {
            static const char word[] = "another";
            for (size_t i = 0; names[i]; i++) {
                int fd = open(names[i], O_WRONLY | O_CLOEXEC);
                SCRATCH_NEED(fd >= 0 && pwrite(fd, word, sizeof(word), 700) == sizeof(word));
                close(fd);
            }
            size_t refused = 0;
            char byte;
            for (size_t i = 0; names[i]; i++) {
                ssize_t got = content_stream_read(set, try.entries[i].content, 0, &byte, 1, &err);
                CHECK(got == 1 || got == SHARED_EIO);
                refused += got == SHARED_EIO;
            }
            CHECK(how == 3 ? refused == 3 : refused >= 1);
            CHECK_MESSAGE(&err, "changed while it was being packed: run again");
        }
        content_close(set);
        scratch_leave(folder);
    }
}

/* As many descriptors as the interface promises to do with, and two for the streams that a program has. */
static void test_few_descriptors(void)
{
    static char texts[TRY_ENTRIES][8];
    struct rlimit before, few;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    struct try_package try = {.package = {.count = 0}};
    for (unsigned i = 0; i < TRY_ENTRIES; i++) {
        snprintf(texts[i], sizeof(texts[i]), "f%u", i);
        try_text_file(texts[i], 300000 + i % 5, i % 7);
        try_add(&try, texts[i]);
    }
    SCRATCH_NEED(getrlimit(RLIMIT_NOFILE, &before) == 0);
    few = (struct rlimit){67, before.rlim_max};
    SCRATCH_NEED(setrlimit(RLIMIT_NOFILE, &few) == 0);
    struct content_options options = try_options();
    options.parallel = 1000;
    for (unsigned run = 0; run < 3; run++) {
        struct content_set *set = try_open(&options);
        CHECK_NUMBER(try_read(set, &try, &err), 0);
        CHECK_NUMBER(content_deflate(set, &err), 0);
        CHECK_NUMBER(content_counts(set).contents, 35);
        CHECK_TEXT(err.text, "");
        content_close(set);
    }
    SCRATCH_NEED(setrlimit(RLIMIT_NOFILE, &before) == 0);
    scratch_leave(folder);
}

static void test_links(void)
{
    char *folder = scratch_enter();
    try_text_file("a", 400000, 1);
    SCRATCH_NEED(link("a", "b") == 0 && symlink("a", "c") == 0);
    struct try_package try = try_package(names);
    const struct content_options options = try_options();
    struct content_set *set = try_open(&options);
    CHECK_NUMBER(try_read(set, &try, NULL), 0);
    CHECK(try.entries[0].content == try.entries[1].content &&
          try.entries[0].content == try.entries[2].content);
    content_close(set);
    scratch_leave(folder);
}

/* Not for the superuser, who may read all. */
static void test_unreadable(void)
{
    struct shared_error err = {0};
    char *folder = scratch_enter();
    set_up();
    SCRATCH_NEED(chmod(folder, 0777) == 0 && chmod("b", 0) == 0);
    struct try_package try = try_package(names);
    const struct content_options options = try_options();
    struct content_set *set = try_open(&options);
    if (geteuid() == 0)
        SCRATCH_NEED(seteuid(65534) == 0);
    CHECK_NUMBER(try_read(set, &try, &err), SHARED_EIO);
    if (geteuid() == 65534)
        SCRATCH_NEED(seteuid(0) == 0);
    CHECK_MESSAGE(&err, "b, which was there when it was listed: Permission denied");
    content_close(set);
    scratch_leave(folder);
}

static void test_no_room(void)
{
    struct shared_error err = {0};
    const struct content_options options = {.state = "/dev/null/state", .cache = ""};
    CHECK(!content_open(&options, &err));
    CHECK(*err.text);
}

int main(void)
{
    CHECK_RUN(test_before_reading);
    CHECK_RUN(test_before_deflating);
    CHECK_RUN(test_blob_lost);
    CHECK_RUN(test_few_descriptors);
    CHECK_RUN(test_links);
    CHECK_RUN(test_unreadable);
    CHECK_RUN(test_no_room);
    return check_report();
}
