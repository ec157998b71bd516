#include "blob_try.h"
#include "check.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NOBODY 65534

/* All works, in scratch, and once something is told that names the folder. */
static void works_without(struct try *try, const char *folder)
{
    struct blob_cache_options options = try_options(try);
    struct shared_error err = {0};
    options.folder = folder;
    try->warned = 0;
    struct blob_cache *cache = blob_cache_open(&options, &err);
    if (!CHECK(cache))
        return;
    for (unsigned i = 0; i < 20; i++)
        try_add(cache, i);
    for (unsigned i = 0; i < 20; i++)
        CHECK(try_has(cache, i));
    blob_cache_close(cache);
    CHECK_NUMBER(try->warned, 1);
    CHECK(strstr(try->last, folder));
}

static void test_no_folder(void)
{
    struct try try = try_begin();
    char path[100], link[100], deep[200];
    snprintf(path, sizeof(path), "%s/file", try.folder);
    snprintf(link, sizeof(link), "%s/link", try.folder);
    snprintf(deep, sizeof(deep), "%s/file/below", try.folder);
    close(open(path, O_CREAT | O_WRONLY, 0666));
    works_without(&try, path);
    works_without(&try, deep);
    works_without(&try, "/proc/nothing/here");
    CHECK(symlink("nowhere", link) == 0);
    works_without(&try, link);
    unlink(path);
    CHECK(symlink("file", path) == 0); /* to itself */
    works_without(&try, path);
    try_end(&try);
}

/* A folder of no rights; root has them all, and so stops being it. */
static void test_rights(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    for (unsigned i = 0; i < 10; i++)
        try_add(cache, i);
    blob_cache_close(cache);
    uid_t user = geteuid();
    CHECK(user != 0 || (chown(try.folder, NOBODY, NOBODY) == 0 && seteuid(NOBODY) == 0));

    CHECK(chmod(try.folder, 0555) == 0); /* can be read: what is there is found */
    try.limit_bytes = 1;
    cache = try_open(&try);
    CHECK_NUMBER(try.warned, 1);
    for (unsigned i = 0; i < 10; i++)
        CHECK(try_has(cache, i));
    try_add(cache, 11);
    CHECK(try_has(cache, 11));
    blob_cache_close(cache);
    CHECK_NUMBER(try.warned, 1);
    CHECK_NUMBER(try_files(&try, ""), 1);

    CHECK(chmod(try.folder, 0) == 0);
    works_without(&try, try.folder);
    CHECK(chmod(try.folder, 0333) == 0);
    works_without(&try, try.folder);
    CHECK(chmod(try.folder, 0777) == 0);
    CHECK(user != 0 || seteuid(0) == 0);
    try_end(&try);
}

static void test_symlink(void)
{
    struct try try = try_begin(), other = try_begin();
    char link[100];
    snprintf(link, sizeof(link), "%s/link", other.folder);
    CHECK(symlink(try.folder, link) == 0);
    struct blob_cache_options options = try_options(&try);
    options.folder = link;
    struct blob_cache *cache = blob_cache_open(&options, NULL);
    try_add(cache, 1);
    blob_cache_close(cache);
    cache = try_open(&try);
    CHECK(try_has(cache, 1));
    blob_cache_close(cache);
    CHECK_NUMBER(try.warned, 0);
    try_end(&try);
    try_end(&other);
}

static void test_deleted_while_open(void)
{
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    for (unsigned i = 0; i < 10; i++)
        try_add(cache, i);
    blob_cache_close(cache);
    for (int early = 0; early < 2; early++) {
        try.warned = 0;
        cache = try_open(&try);
        if (early)
            try_add(cache, 11);
        try_end(&try);
        for (unsigned i = 0; i < 10; i++)
            CHECK(early || try_has(cache, i)); /* still readable */
        for (unsigned i = 10; i < 20; i++)
            try_add(cache, i);
        for (unsigned i = 10; i < 20; i++)
            CHECK(try_has(cache, i));
        blob_cache_close(cache);
        CHECK_NUMBER(try.warned, 1);
        CHECK(!early || strstr(try.last, "could not be kept"));
        CHECK(mkdir(try.folder, 0777) == 0);
    }
    try_end(&try);
}

/* A write that the folder takes no more, by pieces: what was written goes on in scratch. */
static void write_pieces(struct blob_cache *cache, unsigned number, size_t size_bytes, int expected)
{
    struct blob_key key = try_key(number);
    struct blob blob = try_blob(number, size_bytes);
    struct blob_writer *writer = blob_cache_begin(cache, &key, NULL);
    struct shared_error err = {0};
    int status = 0;
    for (size_t i = 0; status == 0 && i < size_bytes; i++) {
        char byte = try_byte(number, i);
        status = blob_writer_add(writer, shared_slice_of(&byte, 1), &err);
    }
    if (status == 0)
        status = blob_writer_end(writer, &blob, &err);
    else
        blob_writer_abandon(writer);
    CHECK_NUMBER(status, expected);
}

/* Files of at most 100,000 bytes: the folder's is full, then that of scratch. */
static void files_are_limited(void)
{
    struct try try = try_begin();
    struct rlimit limit = {100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    struct blob_cache *cache = try_open(&try);
    unsigned added = 0;
    struct shared_error err = {0};
    while (added < 1000 && try_add_status(cache, added, 3000, &err) == 0)
        added++;
    CHECK_NUMBER(added, 66);
    CHECK_NUMBER(err.code, SHARED_EIO);
    CHECK_NUMBER(err.sys_errno, EFBIG);
    CHECK_MESSAGE(&err, "/tmp");
    CHECK_NUMBER(try.warned, 1);
    CHECK(strstr(try.last, try.folder));
    for (unsigned i = 0; i < added; i++)
        CHECK(try_has_bytes(cache, i, 3000));
    blob_cache_close(cache);

    try.warned = 0;
    cache = try_open(&try); /* whether the index had room is chance; what is found is right */
    for (unsigned i = 0; i < added; i++)
        try_has_bytes(cache, i, 3000);
    write_pieces(cache, 2000, 60000, 0);
    write_pieces(cache, 2001, 60000, 0);
    CHECK_NUMBER(try.warned, 1);
    write_pieces(cache, 2002, 60000, SHARED_EIO);
    write_pieces(cache, 2003, 30000, 0);
    for (unsigned i = 2000; i < 2004; i++)
        CHECK(try_has_bytes(cache, i, i == 2003 ? 30000 : 60000) == (i != 2002));
    blob_cache_close(cache);
    cache = try_open(&try);
    CHECK(try_has_bytes(cache, 2000, 60000));
    blob_cache_close(cache);
    CHECK_NUMBER(try_files(&try, ".part"), 0);
    try_end(&try);
}

/* A disk of 300 KB that is full, at each of many moments: also while segments are gathered. */
static void disk_is_full(const char *disk)
{
    struct try try = {.today = 20000};
    snprintf(try.folder, sizeof(try.folder), "%s", disk);
    for (unsigned run = 0; run < 60; run++) {
        struct blob_cache *cache = try_open(&try);
        for (unsigned i = 0; i < 12; i++)
            try_add_bytes(cache, 100 * run + i, 1000);
        write_pieces(cache, 100 * run + 50, 1000, 0);
        for (unsigned i = 0; i < 100 * run + 60; i++)
            if (try_find(cache, i, 1000) == TRY_WRONG)
                CHECK(!"wrong");
        for (unsigned i = 0; i < 12; i++)
            CHECK(try_has_bytes(cache, 100 * run + i, 1000));
        CHECK(try_has_bytes(cache, 100 * run + 50, 1000));
        blob_cache_close(cache);
    }
    CHECK(try.warned > 10);
    CHECK_NUMBER(try_files(&try, ".part"), 0);
    try.limit_bytes = 100000; /* a full disk can be made room on */
    struct blob_cache *cache = try_open(&try);
    blob_cache_close(cache);
    try.warned = 0;
    cache = try_open(&try);
    try_add_bytes(cache, 99999, 1000);
    blob_cache_close(cache);
    CHECK_NUMBER(try.warned, 0);
}

static void small_disk(void)
{
    char disk[] = "/tmp/test_blob.XXXXXX";
    CHECK(mkdtemp(disk));
    if (CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 || errno == EINVAL) &&
        CHECK(mount("none", disk, "tmpfs", 0, "size=300k") == 0)) {
        disk_is_full(disk);
        umount(disk);
    }
    rmdir(disk);
}

/* In a child, whose limits and mounts are its own. */
static void in_child(void (*test)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        check_failures = 0;
        test();
        _exit(check_failures ? 1 : 0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_NUMBER(status, 0);
}

static void test_file_limit(void)
{
    in_child(files_are_limited);
}

static void test_full_disk(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0 ? 0 : 1);
    int status = -1;
    waitpid(child, &status, 0);
    if (status != 0) {
        printf("a full disk is not tried: this machine gives nobody a mount namespace\n");
        return;
    }
    CHECK(status == 0);
    fflush(NULL);
    child = fork();
    if (child == 0) {
        check_failures = 0;
        if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0)
            small_disk();
        _exit(check_failures ? 1 : 0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(void)
{
    CHECK_RUN(test_no_folder);
    CHECK_RUN(test_rights);
    CHECK_RUN(test_symlink);
    CHECK_RUN(test_deleted_while_open);
    CHECK_RUN(test_file_limit);
    CHECK_RUN(test_full_disk);
    return check_report();
}
