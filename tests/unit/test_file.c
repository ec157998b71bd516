#include "check.h"
#include "scratch.h"

#include "base/file.h"
#include "base/hash.h"

#include <dirent.h>
#include <sys/wait.h>

static void check_content(const char *path, const char *text)
{
    struct shared_arena arena = {0};
    struct shared_slice content;
    if (!CHECK_NUMBER(file_read(path, 1000, &arena, &content, NULL), 0))
        return;
    CHECK_SLICE(content, text);
    CHECK_NUMBER(content.data[content.size_bytes], '\0');
    shared_arena_clean_up(&arena);
}

static size_t count_names(void)
{
    size_t count = 0;
    DIR *folder = opendir(".");
    SCRATCH_NEED(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2;
}

static const struct {
    const char *path;
    size_t max_bytes;
    enum shared_error_code code;
    const char *message;
} unreadable[] = {
    {"missing", 10, SHARED_EIO, "open missing: No such file"},
    {"folder", 10, SHARED_EIO, "folder is a folder, not a file"},
    {"fifo", 10, SHARED_EIO, "fifo is a device, socket or pipe, not a file"},
    {"/dev/zero", 10, SHARED_EIO, "/dev/zero is a device"},
    {"round", 10, SHARED_EIO, "open round: "},
    {"five", 4, SHARED_ETOOBIG, "five has 5 bytes; at most 4 are read"},
};

static void test_read(void)
{
    struct shared_arena arena = {0};
    struct shared_slice content;
    char *folder = scratch_enter();
    scratch_file("five", "12345");
    scratch_file("empty", "");
    scratch_folder("folder");
    SCRATCH_NEED(mkfifo("fifo", 0600) == 0 && symlink("round", "round") == 0);
    for (size_t i = 0; i < sizeof(unreadable) / sizeof(*unreadable); i++) {
        struct shared_error err = {0};
        CHECK_ROW(unreadable[i].path);
        CHECK_NUMBER(file_read(unreadable[i].path, unreadable[i].max_bytes, &arena, &content, &err),
                     unreadable[i].code);
        CHECK_MESSAGE(&err, unreadable[i].message);
    }
    CHECK_ROW(NULL);
    CHECK_NUMBER(file_read("five", 5, &arena, &content, NULL), 0);
    CHECK_SLICE(content, "12345");
    CHECK_NUMBER(file_read("empty", 0, &arena, &content, NULL), 0);
    CHECK_NUMBER(content.size_bytes, 0);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* A pipe that a child fills, with more than is read at a time where size says so. */
static int take_from_pipe(size_t size, size_t max_bytes, struct shared_arena *arena,
                          struct shared_slice *content, struct shared_error *err)
{
    char path[32];
    int ends[2];
    SCRATCH_NEED(pipe(ends) == 0);
    pid_t child = fork();
    SCRATCH_NEED(child >= 0);
    if (child == 0) {
        close(ends[0]);
        for (size_t i = 0; i < size; i++)
            if (write(ends[1], "x", 1) != 1)
                _exit(0);
        _exit(0);
    }
    close(ends[1]);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    int status = file_take(path, max_bytes, arena, content, err);
    close(ends[0]);
    waitpid(child, NULL, 0);
    return status;
}

static void test_take(void)
{
    struct shared_arena arena = {0};
    struct shared_slice content;
    struct shared_error err;
    char *folder = scratch_enter();
    scratch_file("five", "12345");
    CHECK_NUMBER(file_take("five", 5, &arena, &content, NULL), 0);
    CHECK_SLICE(content, "12345");
    CHECK_NUMBER(content.data[5], '\0');
    CHECK_NUMBER(file_take("five", 4, &arena, &content, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "five has 5 bytes; at most 4 are read");
    CHECK_NUMBER(file_take("/dev/null", 4, &arena, &content, NULL), 0);
    CHECK_NUMBER(content.size_bytes, 0);
    CHECK_NUMBER(file_take("/dev/zero", 200000, &arena, &content, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "/dev/zero has more than 200000 bytes");
    CHECK_NUMBER(file_take("missing", 4, &arena, &content, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open missing: No such file");
    CHECK_NUMBER(file_take(".", 4, &arena, &content, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "read .: Is a directory");

    CHECK_NUMBER(take_from_pipe(150000, 150000, &arena, &content, NULL), 0);
    CHECK_NUMBER(content.size_bytes, 150000);
    CHECK_NUMBER(strspn(content.data, "x"), 150000);
    CHECK_NUMBER(take_from_pipe(150000, 149999, &arena, &content, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "has more than 149999 bytes");
    CHECK_NUMBER(take_from_pipe(0, 0, &arena, &content, NULL), 0);
    CHECK_NUMBER(content.size_bytes, 0);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

static void test_write(void)
{
    struct shared_error err;
    char *folder = scratch_enter();
    CHECK_NUMBER(file_write("new", shared_slice_from_text("one"), NULL), 0);
    check_content("new", "one");
    CHECK_NUMBER(file_write("new", shared_slice_from_text(""), NULL), 0);
    check_content("new", "");
    CHECK_NUMBER(count_names(), 1);

    /* A symlink is replaced, not followed. */
    SCRATCH_NEED(symlink("new", "link") == 0);
    CHECK_NUMBER(file_write("link", shared_slice_from_text("other"), NULL), 0);
    check_content("new", "");
    check_content("link", "other");

    scratch_folder("folder");
    CHECK_NUMBER(file_write("folder", shared_slice_from_text("x"), &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "folder: Is a directory");
    CHECK_NUMBER(file_write("missing/x", shared_slice_from_text("x"), &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "missing/x");
    CHECK_NUMBER(count_names(), 3);
    scratch_leave(folder);
}

/* What a user names may be no file: a device must not become one. */
static void test_put(void)
{
    struct shared_error err;
    const struct shared_slice text = {"put", 3};
    char got[8];
    SCRATCH_NEED(mkfifo("pipe", 0600) == 0 && symlink("leads-to", "link") == 0);
    int fd = open("pipe", O_RDWR);
    SCRATCH_NEED(fd >= 0);
    CHECK_NUMBER(file_put("pipe", text, &err), 0);
    CHECK_NUMBER(read(fd, got, sizeof(got)), 3);
    close(fd);
    struct stat st;
    CHECK(lstat("pipe", &st) == 0 && S_ISFIFO(st.st_mode));
    CHECK_NUMBER(file_write("leads-to", shared_slice_of("old", 3), &err), 0);
    CHECK_NUMBER(file_put("link", text, &err), 0);
    CHECK(lstat("link", &st) == 0 && S_ISLNK(st.st_mode));
    check_content("leads-to", "put");
    CHECK_NUMBER(file_put("new", text, &err), 0);
    check_content("new", "put");
    CHECK_NUMBER(file_put("/dev/full", text, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "write to /dev/full: No space left");
    CHECK_NUMBER(file_put("/", text, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open /: Is a directory");
    unlink("pipe"), unlink("link"), unlink("leads-to"), unlink("new");
}

static void test_stage(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct file_staged staged;
    char *folder = scratch_enter();
    const struct shared_slice text = shared_slice_from_text("new");
    scratch_file("there", "old");
    scratch_folder("other");
    scratch_file("other/target", "old");
    SCRATCH_NEED(symlink("other/target", "link") == 0);

    CHECK_NUMBER(file_stage("there", text, &arena, &staged, &err), 0);
    check_content("there", "old");
    check_content(staged.temporary, "new");
    CHECK_NUMBER(file_place(&staged, &err), 0);
    check_content("there", "new");
    file_drop(&staged);
    check_content("there", "new");

    CHECK_NUMBER(file_stage("link", text, &arena, &staged, &err), 0);
    check_content("link", "old");
    CHECK_NUMBER(file_place(&staged, &err), 0);
    check_content("other/target", "new");

    CHECK_NUMBER(file_stage("dropped", text, &arena, &staged, &err), 0);
    file_drop(&staged);
    CHECK_NUMBER(file_place(&staged, &err), 0);
    CHECK(!file_exists("dropped"));

    CHECK_NUMBER(file_stage("away/new", text, &arena, &staged, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "write away/new: No such file");
    CHECK_NUMBER(file_place(&staged, &err), 0);

    CHECK_NUMBER(file_stage("taken", text, &arena, &staged, &err), 0);
    scratch_folder("taken");
    CHECK_NUMBER(file_place(&staged, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "to taken: Is a directory");
    CHECK_NUMBER(count_names(), 4); /* there, other, link, taken */
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

static void test_copy(void)
{
    struct shared_error err;
    struct stat before, after;
    char *folder = scratch_enter();
    scratch_file("from", "content");
    CHECK_NUMBER(file_copy("from", "to", NULL), 0);
    check_content("to", "content");
    SCRATCH_NEED(stat("to", &before) == 0);
    CHECK_NUMBER(file_copy("from", "to", NULL), 0);
    SCRATCH_NEED(stat("to", &after) == 0);
    CHECK_NUMBER(after.st_ino, before.st_ino);
    scratch_file("from", "changed");
    CHECK_NUMBER(file_copy("from", "to", NULL), 0);
    check_content("to", "changed");
    CHECK_NUMBER(file_copy("missing", "to", &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "missing: No such file");
    check_content("to", "changed");
    scratch_folder("folder");
    CHECK_NUMBER(file_copy("from", "folder", &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "to folder: Is a directory");
    CHECK_NUMBER(count_names(), 3);
    scratch_leave(folder);
}

static void test_folders(void)
{
    static const char *const paths[] = {"a", "a/b/c", "a/b/c", "d//e/", ".", "", "./f"};
    struct shared_error err;
    char *folder = scratch_enter();
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        CHECK_ROW(paths[i]);
        CHECK_NUMBER(file_make_folders(paths[i], NULL), 0);
        CHECK(!*paths[i] || file_exists(paths[i]));
    }
    CHECK_ROW(NULL);
    scratch_file("file", "");
    CHECK_NUMBER(file_make_folders("file", &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "make folder file: Not a directory");
    CHECK_NUMBER(file_make_folders("file/x", &err), SHARED_EIO);
    CHECK_NUMBER(file_sync_folder_of("a/b", NULL), 0);
    CHECK_NUMBER(file_sync_folder_of("missing/b", &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "missing/b");
    SCRATCH_NEED(symlink("nowhere", "dangling") == 0);
    CHECK(file_exists("dangling") && !file_exists("nowhere"));
    scratch_leave(folder);
}

/* XXH3-128 of nothing and of "a", as xxhsum -H128 prints them. */
static void test_hash(void)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash = hash_bytes(shared_slice_of(NULL, 0)), of_file;
    char *folder = scratch_enter();
    hash_to_text(&hash, text);
    CHECK_TEXT(text, "99aa06d3014798d86001c324468d497f");
    scratch_file("file", "a");
    CHECK_NUMBER(hash_file("file", &of_file, NULL), 0);
    hash_to_text(&of_file, text);
    CHECK_TEXT(text, "a96faf705af16834e6c632b61e964e1f");
    CHECK_NUMBER(hash_file("missing", &of_file, NULL), SHARED_EIO);
    CHECK_NUMBER(hash_file(".", &of_file, NULL), SHARED_EIO);
    SCRATCH_NEED(mkfifo("pipe", 0600) == 0);
    alarm(60); /* it would wait for somebody to write, or read without an end */
    CHECK_NUMBER(hash_file("pipe", &of_file, NULL), SHARED_EIO);
    CHECK_NUMBER(hash_file("/dev/zero", &of_file, NULL), SHARED_EIO);
    alarm(0);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_read);
    CHECK_RUN(test_take);
    CHECK_RUN(test_write);
    CHECK_RUN(test_put);
    CHECK_RUN(test_stage);
    CHECK_RUN(test_copy);
    CHECK_RUN(test_folders);
    CHECK_RUN(test_hash);
    return check_report();
}
