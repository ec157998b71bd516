#include "check.h"
#include "scratch.h"

#include "base/file.h"
#include "zip/zip_all.h"
#include "zip/zip_record.h"

#include <dirent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <zip.h>

#define COUNT 12

static struct package_entry entries[COUNT][2];
static struct package packages[COUNT];
static struct zip_task tasks[COUNT];
static char names[COUNT][5][32];
static double last_share;
static void (*before_zips)(void);

static atomic_int asked;

/* In libzip's place. The first call of zip_open_from_source asks for what it needs to read an archive, then, beginning
 * with this command, to write one, and keeps both without a lock: the nap is for other threads to come in between. */
zip_int64_t zip_source_make_command_bitmap(zip_source_cmd_t command, ...)
{
    const struct timespec nap = {.tv_nsec = 100 * 1000 * 1000};
    zip_int64_t bitmap = (zip_int64_t)1 << command;
    va_list rest;
    va_start(rest, command);
    for (int next; (next = va_arg(rest, int)) >= 0;)
        bitmap |= (zip_int64_t)1 << next;
    va_end(rest);
    if (command == ZIP_SOURCE_BEGIN_WRITE) {
        asked++;
        nanosleep(&nap, NULL);
    }
    return bitmap;
}

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
        snprintf(names[i][4], sizeof(names[i][4]), "function f%zu", i);
        content[0] = (char)('a' + i);
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
    const struct content_options content = {.state = ".", .cache = "", .level = LEVEL_FAST, .parallel = 1};
    struct content_set *contents = content_open(&content, err);
    SCRATCH_NEED(contents);
    last_share = 0;
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = (struct zip_task){
            .name = names[i][4], .package = &packages[i], .path = names[i][1], .record = names[i][2]};
    const struct zip_all_options options = {
        .contents = contents, .level = LEVEL_FAST, .parallel = parallel, .progress = on_progress};
    int status = content_read(contents, packages, COUNT, err);
    if (status == 0)
        status = content_deflate(contents, err);
    if (status == 0 && before_zips)
        before_zips();
    if (status == 0)
        status = zip_write_all(tasks, COUNT, &options, arena, err);
    content_close(contents);
    return status;
}

static void commit(void)
{
    CHECK_NUMBER(zip_commit_all(tasks, COUNT, NULL), 0);
    CHECK_NUMBER(zip_keep_records(tasks, COUNT, NULL), 0);
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
        commit();
        CHECK_NUMBER(files_that_begin(".demine-"), 0);
    }
    CHECK(asked > 0);
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
    commit();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        SCRATCH_NEED(system(rows[i].change) == 0);
        CHECK_NUMBER(write_all(4, &arena, NULL), 0);
        CHECK_NUMBER(written(), rows[i].written);
        commit();
    }
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* A folder has taken the place of what the eighth zip is to become beside. */
static void take_folder_away(void)
{
    SCRATCH_NEED(rmdir("away") == 0);
}

static void test_one_fails(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    char *folder = scratch_enter();
    for (unsigned parallel = 1; parallel <= 8; parallel++) {
        set_up();
        scratch_folder("away");
        snprintf(names[7][1], sizeof(names[7][1]), "away/f7.zip");
        before_zips = take_folder_away;
        CHECK_NUMBER(write_all(parallel, &arena, &err), SHARED_EIO);
        before_zips = NULL;
        CHECK_MESSAGE(&err, "function f7: write away/f7.zip: No such file");
        CHECK_NUMBER(written(), 0);
        CHECK_NUMBER(files_that_begin(".demine-"), 0);
    }
    CHECK(!file_exists("f0.zip"));
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

static struct lock_zip zip_of(size_t i)
{
    struct lock_zip zip = {0};
    struct hash input = tasks[i].input;
    CHECK(zip_record_is_current(tasks[i].record, &input, tasks[i].path, &zip));
    return zip;
}

/* What a record keeps is what writing gave; reading it needs no look into the zip. */
static void test_record(void)
{
    struct shared_arena arena = {0};
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(2, &arena, NULL), 0);
    struct lock_zip first = tasks[3].zip;
    commit();
    SCRATCH_NEED(chmod("f3.zip", 0) == 0);
    struct lock_zip kept = zip_of(3);
    CHECK_NUMBER(kept.zip_bytes, first.zip_bytes);
    CHECK_NUMBER(kept.unzipped_bytes, packages[3].unzipped_bytes);
    CHECK_TEXT(kept.sha256, first.sha256);
    CHECK(memcmp(&kept.content, &first.content, sizeof(kept.content)) == 0);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* The level, another package, any byte of the record. */
static void test_record_of_another(void)
{
    struct shared_arena arena = {0};
    struct shared_slice record;
    struct lock_zip zip;
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(2, &arena, NULL), 0);
    commit();
    struct hash other = zip_record_input(&tasks[0].zip.content, LEVEL_SMALLEST);
    CHECK(!zip_record_is_current("f0.record", &other, "f0.zip", &zip));
    CHECK(!zip_record_is_current("f0.record", &tasks[1].input, "f0.zip", &zip));
    CHECK(zip_record_is_current("f0.record", &tasks[0].input, "f0.zip", &zip));
    SCRATCH_NEED(file_read("f0.record", 1000, &arena, &record, NULL) == 0);
    for (size_t i = 0; i < record.size_bytes; i++) {
        char *bytes = shared_arena_copy(&arena, record);
        bytes[i] ^= 0x40;
        scratch_bytes("damaged", bytes, record.size_bytes);
        CHECK(!zip_record_is_current("damaged", &tasks[0].input, "f0.zip", &zip));
    }
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* A change in the tick of the record's writing leaves size and times as they are: such a zip is hashed. */
static void test_racy(void)
{
    struct shared_arena arena = {0};
    struct lock_zip zip;
    struct stat st;
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(2, &arena, NULL), 0);
    commit();
    /* For kernels whose files have the time of the clock's last tick. */
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    SCRATCH_NEED(system("printf x | dd of=f0.zip bs=1 seek=50 conv=notrunc status=none") == 0);
    /* The record as it would be, had the damage been done before it was written. */
    CHECK_NUMBER(zip_record_write("f0.record", &tasks[0].input, "f0.zip", &tasks[0].zip, NULL), 0);
    SCRATCH_NEED(stat("f0.zip", &st) == 0);
    const struct timespec times[2] = {st.st_ctim, st.st_ctim};
    SCRATCH_NEED(utimensat(AT_FDCWD, "f0.record", times, 0) == 0);
    CHECK(!zip_record_is_current("f0.record", &tasks[0].input, "f0.zip", &zip));
    /* An undamaged one is current, and the record no longer racy. */
    SCRATCH_NEED(stat("f1.zip", &st) == 0);
    const struct timespec own[2] = {st.st_ctim, st.st_ctim};
    SCRATCH_NEED(utimensat(AT_FDCWD, "f1.record", own, 0) == 0);
    CHECK(zip_record_is_current("f1.record", &tasks[1].input, "f1.zip", &zip));
    SCRATCH_NEED(stat("f1.record", &st) == 0);
    CHECK(st.st_mtim.tv_sec > own[0].tv_sec || st.st_mtim.tv_nsec > own[0].tv_nsec);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* All are in place, or none. */
static void test_commit_fails(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(4, &arena, NULL), 0);
    scratch_folder("f2.zip");
    CHECK_NUMBER(zip_commit_all(tasks, COUNT, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "f2.zip: Is a directory");
    CHECK_NUMBER(files_that_begin(".demine-"), 0);
    CHECK(!file_exists("f0.zip") && !file_exists("f3.zip"));
    CHECK_NUMBER(zip_keep_records(tasks, COUNT, &err), 0);
    CHECK(!file_exists("f0.record"));
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* Zips whose records cannot be kept are in place; of several failures the first is told. */
static void test_records_fail(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    char *folder = scratch_enter();
    set_up();
    snprintf(names[4][2], sizeof(names[4][2]), "new/folder/f4.record");
    snprintf(names[5][2], sizeof(names[5][2]), "f0.zip/f5.record");
    snprintf(names[6][2], sizeof(names[6][2]), "new");
    CHECK_NUMBER(write_all(4, &arena, NULL), 0);
    CHECK_NUMBER(zip_commit_all(tasks, COUNT, NULL), 0);
    CHECK_NUMBER(zip_keep_records(tasks, COUNT, &err), 2);
    CHECK_MESSAGE(&err, "make folder f0.zip: Not a directory");
    CHECK_NUMBER(zip_keep_records(tasks, COUNT, &err), 0);
    CHECK_NUMBER(write_all(4, &arena, NULL), 0);
    CHECK_NUMBER(written(), 2);
    CHECK(!tasks[4].temporary && tasks[5].temporary && tasks[6].temporary);
    zip_abandon_all(tasks, COUNT);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* The disk is full: what could not be written in full is gone, not half a record. */
static void test_record_is_cut(void)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct rlimit whole, none;
    char *folder = scratch_enter();
    set_up();
    CHECK_NUMBER(write_all(2, &arena, NULL), 0);
    commit();
    SCRATCH_NEED(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && getrlimit(RLIMIT_FSIZE, &whole) == 0);
    for (rlim_t bytes = 0; bytes < 144; bytes += 48) {
        none = (struct rlimit){bytes, whole.rlim_max};
        SCRATCH_NEED(setrlimit(RLIMIT_FSIZE, &none) == 0);
        CHECK_NUMBER(zip_record_write("f0.record", &tasks[0].input, "f0.zip", &tasks[0].zip, &err),
                     SHARED_EIO);
        SCRATCH_NEED(setrlimit(RLIMIT_FSIZE, &whole) == 0);
        CHECK_MESSAGE(&err, "write f0.record");
        CHECK(!file_exists("f0.record"));
    }
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

int main(void)
{
    setenv("TZ", "UTC", 1); /* libzip asks for local time, and tsan does not see glibc's lock on its zone */
    CHECK_RUN(test_written_once); /* first: its threads are the first that call libzip */
    CHECK_RUN(test_what_is_written_again);
    CHECK_RUN(test_one_fails);
    CHECK_RUN(test_record);
    CHECK_RUN(test_record_of_another);
    CHECK_RUN(test_racy);
    CHECK_RUN(test_commit_fails);
    CHECK_RUN(test_records_fail);
    CHECK_RUN(test_record_is_cut);
    return check_report();
}
