#include "check.h"
#include "scratch.h"

#include "base/file.h"
#include "zip/zip_all.h"

#include <dirent.h>

#define COUNT 12

static struct package_entry entries[COUNT][2];
static struct package packages[COUNT];
static struct zip_task tasks[COUNT];
static char names[COUNT][4][32];
static double last_share;

/* Each function has a file of its own and one that all share. */
static void set_up(void)
{
    static char content[300000];
    for (size_t i = 0; i < sizeof(content); i++)
        content[i] = (char)(i * i >> 7);
    scratch_bytes("common", content, sizeof(content));
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(names[i][0], sizeof(names[i][0]), "f%zu", i);
        snprintf(names[i][1], sizeof(names[i][1]), "f%zu.zip", i);
        snprintf(names[i][2], sizeof(names[i][2]), "f%zu.record", i);
        snprintf(names[i][3], sizeof(names[i][3]), "f%zu.src", i);
        scratch_bytes(names[i][3], content, 1000 * i + 10);
        entries[i][0] = (struct package_entry){
            .place = "common", .source = "common", .kind = PACKAGE_FILE, .size_bytes = sizeof(content)};
        entries[i][1] = (struct package_entry){
            .place = "own", .source = names[i][3], .kind = PACKAGE_EXECUTABLE, .size_bytes = 1000 * i + 10};
        packages[i] = (struct package){entries[i], 2, sizeof(content) + 1000 * i + 10};
    }
}

static void on_progress(void *user, double share)
{
    (void)user;
    CHECK(share >= last_share - 1e-9 && share <= 1 + 1e-9);
    last_share = share;
}

static int write_all(unsigned parallel, struct shared_arena *arena, struct shared_error *err)
{
    const struct zip_all_options options = {.level = 6, .parallel = parallel, .progress = on_progress};
    last_share = 0;
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = (struct zip_task){
            .name = names[i][0], .package = &packages[i], .path = names[i][1], .record = names[i][2]};
    return zip_write_all(tasks, COUNT, &options, arena, err);
}

static size_t written(void)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT; i++)
        count += tasks[i].temporary != NULL;
    return count;
}

static size_t files_that_begin(const char *start)
{
    size_t count = 0;
    DIR *folder = opendir(".");
    SCRATCH_NEED(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        count += strncmp(entry->d_name, start, strlen(start)) == 0;
    closedir(folder);
    return count;
}

static void test_written_once(void)
{
    struct shared_arena arena = {0};
    char *folder = scratch_enter();
    set_up();
    const unsigned parallel[] = {8, 1, 0, 100};
    for (size_t i = 0; i < 4; i++) {
        CHECK_NUMBER(write_all(parallel[i], &arena, NULL), 0);
        CHECK_NUMBER(written(), i == 0 ? COUNT : 0);
        CHECK(last_share > 0.999);
        CHECK_NUMBER(zip_commit_all(tasks, COUNT, NULL), 0);
        CHECK_NUMBER(files_that_begin(".demine-"), 0);
    }
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* What makes a zip to be written again. */
static const struct {
    const char *name, *change;
    size_t written;
} rows[] = {
    {"nothing", ":", 0},
    {"touched", "touch common f3.src f3.zip", 0},
    {"one file", "printf 'abcdefghij' > f0.src", 1},
    {"a file of all", "printf x | dd of=common bs=1 conv=notrunc 2> dd", COUNT},
    {"zip gone", "rm f5.zip", 1},
    {"zip damaged", "printf x | dd of=f5.zip bs=1 seek=50 conv=notrunc 2> dd", 1},
    {"zip cut off", ": > f5.zip", 1},
    {"zip of another", "cp f4.zip f5.zip", 1},
    {"record gone", "rm f5.record", 1},
    {"record cut off", ": > f5.record", 1},
    {"record longer", "echo >> f5.record", 1},
    {"record of another", "cp f4.record f5.record", 1},
};

static void test_what_is_written_again(void)
{
    struct shared_arena arena = {0};
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(4, &arena, NULL), 0);
    CHECK_NUMBER(zip_commit_all(tasks, COUNT, NULL), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        SCRATCH_NEED(system(rows[i].change) == 0);
        CHECK_NUMBER(write_all(4, &arena, NULL), 0);
        CHECK_NUMBER(written(), rows[i].written);
        CHECK_NUMBER(zip_commit_all(tasks, COUNT, NULL), 0);
    }
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

static void test_one_fails(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    char *folder = scratch_enter();
    for (unsigned parallel = 1; parallel <= 8; parallel++) {
        set_up();
        SCRATCH_NEED(unlink("f7.src") == 0);
        CHECK_NUMBER(write_all(parallel, &arena, &err), SHARED_EIO);
        CHECK_MESSAGE(&err, "function f7: ");
        CHECK_MESSAGE(&err, "f7.src");
        CHECK_NUMBER(written(), 0);
        CHECK_NUMBER(files_that_begin(".demine-"), 0);
    }
    CHECK(!file_exists("f0.zip"));
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* A file of the same size, written anew after it was hashed and before it was packed. */
static void change_source(void *user, double share)
{
    bool *done = user;
    (void)share;
    if (!*done)
        scratch_file("late", "after\n");
    *done = true;
}

static void test_changed_meanwhile(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    bool done = false;
    char *folder = scratch_enter();
    set_up();
    scratch_file("late", "before");
    entries[0][1] = (struct package_entry){
        .place = "own", .source = "late", .kind = PACKAGE_FILE, .size_bytes = strlen("before")};
    struct zip_task task = {.name = "f0", .package = &packages[0], .path = "f0.zip", .record = "f0.record"};
    const struct zip_all_options options = {
        .level = 6, .parallel = 1, .progress = change_source, .user = &done};
    CHECK_NUMBER(zip_write_all(&task, 1, &options, &arena, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "function f0: ");
    CHECK_MESSAGE(&err, "run again");
    CHECK(done && !task.temporary);
    CHECK_NUMBER(files_that_begin(".demine-"), 0);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

static void test_commit_fails(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(4, &arena, NULL), 0);
    scratch_folder("f2.zip");
    CHECK_NUMBER(zip_commit_all(tasks, COUNT, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "f2.zip");
    CHECK_NUMBER(files_that_begin(".demine-"), 0);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

int main(void)
{
    setenv("TZ", "UTC", 1); /* libzip asks for local time, and tsan does not see glibc's lock on its zone */
    CHECK_RUN(test_written_once);
    CHECK_RUN(test_what_is_written_again);
    CHECK_RUN(test_one_fails);
    CHECK_RUN(test_changed_meanwhile);
    CHECK_RUN(test_commit_fails);
    return check_report();
}
