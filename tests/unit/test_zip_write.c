#include "check.h"
#include "zip_made.h"

#include "zip/zip_sha256.h"
#include "zip/zip_write.h"

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <xxhash.h>
#include <zip.h>

#define FILE_ENTRY(name, content)                                                        \
    {                                                                                    \
        .place = (name), .source = (name), .kind = PACKAGE_FILE, .size_bytes = (content) \
    }

static struct shared_arena arena;
static struct shared_error err;
static const struct zip_options silent;

static struct package package_of(struct package_entry *entries, size_t count)
{
    struct package package = {entries, count, 0};
    for (size_t i = 0; i < count; i++)
        package.unzipped_bytes += entries[i].size_bytes;
    return package;
}

static int write_made(const struct package *package, const char *path, const struct zip_options *options)
{
    struct zip_written written = {0};
    char sha256[LOCK_SHA256_BYTES];
    struct stat st;
    err = (struct shared_error){0};
    int status = zip_write(package, path, NULL, options, &arena, &written, &err);
    if (status < 0)
        return status;
    CHECK(stat(written.temporary, &st) == 0 && (uint64_t)st.st_size == written.zip.zip_bytes);
    CHECK_NUMBER(zip_sha256_file(written.temporary, sha256, &err), 0);
    CHECK_TEXT(written.zip.sha256, sha256);
    CHECK_NUMBER(written.zip.unzipped_bytes, package->unzipped_bytes);
    return zip_commit(written.temporary, path, &err);
}

static int write_zip(struct package *package, const char *path, int level)
{
    made_contents(package, level, &arena);
    return write_made(package, path, &silent);
}

static struct shared_slice content_of(const char *path)
{
    struct shared_slice content = {NULL, 0};
    SCRATCH_NEED(file_read(path, 1u << 30, &arena, &content, &err) == 0);
    return content;
}

static size_t names_in(const char *path)
{
    size_t count = 0;
    DIR *folder = opendir(path);
    SCRATCH_NEED(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

/* What does not get smaller. */
static const char *noise(size_t size)
{
    char *bytes = shared_arena_alloc(&arena, size);
    unsigned random = 1;
    SCRATCH_NEED(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)((random = random * 1103515245 + 12345) >> 16);
    return bytes;
}

/* A little of everything. */
static struct package make_sample(void)
{
    static struct package_entry entries[] = {
        {.place = "bootstrap", .source = "s/program", .kind = PACKAGE_EXECUTABLE, .size_bytes = 3000},
        {.place = "empty", .source = "s/empty", .kind = PACKAGE_FILE, .size_bytes = 0},
        {.place = "lib/libz.so",
         .source = "s/link",
         .target = "libz.so.1",
         .kind = PACKAGE_SYMLINK,
         .size_bytes = 9},
        {.place = "none/", .source = "s/none", .kind = PACKAGE_FOLDER, .size_bytes = 0},
        {.place = "share/text", .source = "s/text", .kind = PACKAGE_FILE, .size_bytes = 20000},
        {.place = "\xC3\xA9t\xC3\xA9", .source = "s/summer", .kind = PACKAGE_FILE, .size_bytes = 5},
    };
    char bytes[20000];
    scratch_folder("s");
    scratch_folder("s/none");
    scratch_bytes("s/program", noise(3000), 3000);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = "the quick brown fox "[i % 20];
    scratch_bytes("s/text", bytes, sizeof(bytes));
    scratch_bytes("s/empty", "", 0);
    scratch_file("s/summer", "chaud");
    return package_of(entries, sizeof(entries) / sizeof(*entries));
}

static unsigned number(const unsigned char *p, size_t size)
{
    unsigned value = 0;
    while (size-- > 0)
        value = value << 8 | p[size];
    return value;
}

/* APPNOTE 6.3.10, 4.3.16, 4.3.12 and 4.3.7, byte by byte. */
static void check_headers(struct shared_slice zip, const struct package *package)
{
    const unsigned char *start = (const unsigned char *)zip.data;
    const unsigned char *end = start + zip.size_bytes - 22;
    CHECK_NUMBER(number(end, 4), 0x06054b50);
    CHECK_NUMBER(number(end + 10, 2), package->count);
    CHECK_NUMBER(number(end + 20, 2), 0);
    const unsigned char *p = start + number(end + 16, 4);
    for (size_t i = 0; i < package->count; i++) {
        const struct package_entry *entry = &package->entries[i];
        bool ascii = (unsigned char)entry->place[0] < 0x80;
        static const unsigned modes[] = {0100644, 0100755, 0120777, 040755};
        CHECK_ROW(entry->place);
        CHECK_NUMBER(number(p, 4), 0x02014b50);
        CHECK_NUMBER(p[5], 3);                                   /* made by Unix */
        CHECK_NUMBER(number(p + 8, 2) & ~6u, ascii ? 0 : 0x800); /* flags, but for those of deflate's level */
        CHECK_NUMBER(number(p + 12, 4), 0x00210000);             /* time and date */
        CHECK_NUMBER(number(p + 28, 2), strlen(entry->place));
        CHECK_NUMBER(number(p + 30, 2), 0); /* extra field */
        CHECK_NUMBER(number(p + 32, 2), 0); /* comment */
        CHECK_NUMBER(number(p + 38, 4) >> 16, modes[entry->kind]);
        CHECK_NUMBER(number(p + 38, 2), entry->kind == PACKAGE_FOLDER ? 0x10 : 0);
        CHECK_BYTES(shared_slice_of(p + 46, strlen(entry->place)), shared_slice_from_text(entry->place));
        const unsigned char *local = start + number(p + 42, 4);
        CHECK_NUMBER(number(local, 4), 0x04034b50);
        CHECK_NUMBER(number(local + 6, 2) & ~6u, ascii ? 0 : 0x800);
        CHECK_NUMBER(number(local + 10, 4), 0x00210000);
        CHECK_NUMBER(number(local + 28, 2), 0);
        CHECK(memcmp(local + 14, p + 16, 12) == 0); /* CRC and both sizes: no data descriptor */
        if (entry->kind == PACKAGE_SYMLINK)
            CHECK_NUMBER(number(p + 10, 2), 0);
        p += 46 + strlen(entry->place);
    }
    CHECK(p == end);
}

static void test_headers(void)
{
    struct package package = make_sample();
    for (int level = 0; level <= 12; level++) {
        CHECK_NUMBER(write_zip(&package, "h.zip", level), 0);
        check_headers(content_of("h.zip"), &package);
    }
}

/* A stored zip's bytes hold for all versions of libzip and zlib. */
static void test_golden(void)
{
    struct package package = make_sample();
    CHECK_NUMBER(write_zip(&package, "golden.zip", 0), 0);
    struct shared_slice zip = content_of("golden.zip");
    CHECK_NUMBER(zip.size_bytes, 23582);
    if (!CHECK(XXH3_64bits(zip.data, zip.size_bytes) == 0x47a070392638c4e6))
        fprintf(stderr, "    the hash is 0x%016llx\n",
                (unsigned long long)XXH3_64bits(zip.data, zip.size_bytes));
}

static void test_deflates(void)
{
    struct package package = make_sample();
    CHECK_NUMBER(write_zip(&package, "d.zip", 9), 0);
    CHECK(content_of("d.zip").size_bytes < 5000);
    zip_t *zip = zip_open("d.zip", ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    zip_stat_t st;
    /* Noise does not get smaller, but hardly larger. */
    CHECK(zip_stat(zip, "bootstrap", 0, &st) == 0 && st.comp_size < st.size + 16);
    CHECK(zip_stat(zip, "share/text", 0, &st) == 0 && st.comp_method == ZIP_CM_DEFLATE && st.comp_size < 400);
    CHECK(zip_stat(zip, "empty", 0, &st) == 0 && st.comp_method == ZIP_CM_STORE && st.comp_size == 0);
    zip_discard(zip);
}

/* The tools that people have on their machines; tests/run installs both. */
static void test_other_readers(void)
{
    struct package package = make_sample();
    CHECK_NUMBER(write_zip(&package, "o.zip", 9), 0);
    CHECK_NUMBER(system("unzip -tqq o.zip"), 0);
    CHECK_NUMBER(
        system("python3 -c 'import zipfile; z = zipfile.ZipFile(\"o.zip\"); assert z.testzip() is None;"
               " assert [i.extra for i in z.infolist()] == [b\"\"] * 6;"
               " assert z.namelist()[5] == \"\\u00e9t\\u00e9\"'"),
        0);
    scratch_folder("out");
    CHECK_NUMBER(system("unzip -qq o.zip -d out"), 0);
    struct stat st;
    CHECK(lstat("out/bootstrap", &st) == 0 && (st.st_mode & 07777) == 0755);
    CHECK(lstat("out/share/text", &st) == 0 && (st.st_mode & 07777) == 0644);
    CHECK(lstat("out/none", &st) == 0 && S_ISDIR(st.st_mode));
    char target[32] = "";
    CHECK_NUMBER(readlink("out/lib/libz.so", target, sizeof(target)), 9);
    CHECK_TEXT(target, "libz.so.1");
    CHECK_NUMBER(system("cmp out/share/text s/text && cmp out/bootstrap s/program"), 0);
}

/* Makes the same tree in another order and at another time, and packs it from where it stands. */
static struct shared_slice pack_tree(const char *folder, bool backwards)
{
    static const char *const names[] = {"a", "b.txt", "c-d", "sub/x", "sub/y", "z"};
    enum { NAMES = sizeof(names) / sizeof(*names) };
    scratch_folder(folder);
    SCRATCH_NEED(chdir(folder) == 0);
    scratch_folder("sub");
    for (int i = 0; i < NAMES; i++) {
        const char *name = names[backwards ? NAMES - 1 - i : i];
        scratch_file(name, shared_arena_format(&arena, "%s %s %s", name, name, name));
        struct timespec times[2] = {{backwards ? 2000000000 : 1000, 0}, {backwards ? 2000000000 : 1000, 0}};
        SCRATCH_NEED(chmod(name, backwards ? 0600 : 0666) == 0 && utimensat(AT_FDCWD, name, times, 0) == 0);
    }
    SCRATCH_NEED(chdir("..") == 0);
    struct manifest manifest = {.path = "demine.json", .folder = backwards ? "." : folder};
    struct manifest_asset asset = {backwards ? folder : ".", ".", "assets[0]"};
    struct manifest_function function = {.json_path = "f", .assets = &asset, .asset_count = 1};
    struct package package;
    CHECK_NUMBER(package_collect(&manifest, &function, NULL, &arena, &package, &err), 0);
    const char *path = shared_arena_format(&arena, "%s.zip", folder);
    CHECK_NUMBER(write_zip(&package, path, 9), 0);
    return content_of(path);
}

static void test_same_bytes(void)
{
    setenv("TZ", "Asia/Kathmandu", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setlocale(LC_ALL, "");
    tzset();
    mode_t mask = umask(077);
    struct shared_slice first = pack_tree("tree", false);
    scratch_folder("elsewhere");
    SCRATCH_NEED(chdir("elsewhere") == 0);
    setenv("TZ", "America/Sao_Paulo", 1);
    unsetenv("LC_ALL");
    setlocale(LC_ALL, "C");
    tzset();
    umask(0);
    struct shared_slice second = pack_tree("other-tree", true);
    SCRATCH_NEED(chdir("..") == 0);
    umask(mask);
    CHECK(first.size_bytes > 300);
    CHECK(shared_slice_equal(first, second));
}

/* Makes an end at a share of the way. */
struct canceller {
    double at;
    bool done;
};

static bool cancel(void *user, double share)
{
    struct canceller *canceller = user;
    canceller->done |= share >= canceller->at;
    return !canceller->done;
}

static void test_cancelled(void)
{
    static const double places[] = {0, 0.2, 0.5, 0.7, 0.99};
    struct package package = make_sample();
    made_contents(&package, 0, &arena);
    scratch_folder("cancelled");
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        struct canceller canceller = {.at = places[i]};
        const struct zip_options options = {.progress = cancel, .user = &canceller};
        CHECK_NUMBER(write_made(&package, "cancelled/c.zip", &options), SHARED_EIO);
        CHECK_NUMBER(err.sys_errno, ECANCELED);
        CHECK_MESSAGE(&err, "write cancelled/c.zip: Operation canceled");
        CHECK(canceller.done);
        CHECK_NUMBER(names_in("cancelled"), 0);
    }
}

/* What goes wrong with streams: while they are written, and when they are compared with what was. */
static void test_streams_fail(void)
{
    struct package package = make_sample();
    made_contents(&package, 0, &arena);
    const uint64_t all = 3000 + 20000 + 5;
    scratch_folder("fails");
    for (uint64_t at = 1000; at < 2 * all; at += 4000) {
        made_mishap.done = 0;
        made_mishap.fails_at = at;
        CHECK_NUMBER(write_made(&package, "fails/f.zip", &silent), SHARED_EIO);
        CHECK_MESSAGE(&err, "\": read s/");
        CHECK_NUMBER(err.sys_errno, EIO);
        CHECK_NUMBER(names_in("fails"), 0);
    }
    made_mishap.fails_at = made_mishap.done = 0;
    made_mishap.changes_at = all + 5000;
    CHECK_NUMBER(write_made(&package, "fails/f.zip", &silent), SHARED_EIO);
    CHECK_MESSAGE(&err, "the stream differs from what was written: run again");
    made_mishap.changes_at = made_mishap.done = 0;
    CHECK_NUMBER(names_in("fails"), 0);
}

static const char *after_write;

int __wrap_sync_file_range(int fd, off_t offset, off_t size, unsigned flags);

/* What is called once the last of a small zip is written. */
int __wrap_sync_file_range(int fd, off_t offset, off_t size, unsigned flags)
{
    const char *action = after_write;
    (void)fd, (void)offset, (void)size, (void)flags;
    if (!action)
        return 0;
    after_write = NULL;
    CHECK_NUMBER(system(action), 0);
    return 0;
}

/* What a bad disk, or somebody else, did to the new zip before it was read back; offsets are those of the golden one. */
static void test_damaged_before_read_back(void)
{
    static const struct {
        const char *action, *message;
    } table[] = {
        {"printf x | dd of=$f bs=1 seek=100 conv=notrunc status=none", "the stream differs"},
        {"printf x | dd of=$f bs=1 seek=35 conv=notrunc status=none", "has another name in its header"},
        {"printf x | dd of=$f bs=1 seek=14 conv=notrunc status=none", "has other sizes or another CRC"},
        {"printf x | dd of=$f bs=1 seek=10 conv=notrunc status=none", "has another time"},
        {"truncate -s -1 $f", "there is no end of a directory"},
        {"printf x >> $f", "there is no end of a directory"},
        {": > $f", "the file ends too early to be a zip"},
    };
    struct package package = make_sample();
    made_contents(&package, 0, &arena);
    scratch_folder("hurt");
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].action);
        after_write = shared_arena_format(&arena, "f=$(echo hurt/.demine-*); %s", table[i].action);
        CHECK_NUMBER(write_made(&package, "hurt/h.zip", &silent), SHARED_EIO);
        CHECK_MESSAGE(&err, table[i].message);
        CHECK(!after_write);
        SCRATCH_NEED(system("rm -rf hurt/.demine-*") == 0);
    }
}

struct shares {
    double last;
    unsigned calls;
    bool falls, over;
};

static bool watch(void *user, double share)
{
    struct shares *shares = user;
    shares->falls |= share < shares->last;
    shares->over |= share < 0 || share > 1;
    shares->last = share;
    shares->calls++;
    return true;
}

static void test_progress(void)
{
    struct package package = make_sample();
    struct shares shares = {0};
    const struct zip_options options = {.progress = watch, .user = &shares};
    made_contents(&package, 9, &arena);
    CHECK_NUMBER(write_made(&package, "p.zip", &options), 0);
    CHECK(shares.calls > 3 && !shares.falls && !shares.over && shares.last > 0.99);

    static struct package_entry entries[2000];
    char name[32];
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof(name), "%05d", i);
        entries[i] = (struct package_entry){.place = shared_arena_copy(&arena, shared_slice_from_text(name)),
                                            .source = "s/summer",
                                            .kind = PACKAGE_FILE,
                                            .size_bytes = 5};
    }
    package = package_of(entries, 2000);
    shares = (struct shares){0};
    made_contents(&package, 9, &arena);
    CHECK_NUMBER(write_made(&package, "p.zip", &options), 0);
    CHECK(shares.calls > 200 && shares.calls < 300);
    CHECK(!shares.falls && !shares.over && shares.last > 0.99);
}

static void test_wrong_use(void)
{
    struct package empty = {0}, package = make_sample();
    CHECK_NUMBER(write_zip(&empty, "e.zip", 9), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "the package is empty");
    package.entries[0].content = NULL;
    CHECK_NUMBER(write_made(&package, "e.zip", &silent), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "\"bootstrap\" has not been read");
    CHECK_NUMBER(write_zip(&package, "no/such/folder/e.zip", 9), SHARED_EIO);
    CHECK_MESSAGE(&err, "write no/such/folder/e.zip: No such file");
    scratch_folder("is-a-folder");
    scratch_file("is-a-folder/x", "");
    CHECK_NUMBER(write_zip(&package, "is-a-folder", 9), SHARED_EIO);
    CHECK_MESSAGE(&err, "to is-a-folder: Is a directory");
    CHECK_NUMBER(zip_write(&package, "no/e.zip", NULL, &silent, &arena, &(struct zip_written){0}, NULL),
                 SHARED_EIO);
    CHECK_NUMBER(zip_sweep(".", &err), 0);
}

/* More than fits; whatever it is that fills up. */
static void check_no_room(const char *path, int sys_errno)
{
    struct package_entry entry = FILE_ENTRY("huge", 300000);
    struct package package = package_of(&entry, 1);
    scratch_bytes("huge", noise(300000), 300000);
    for (int level = 0; level <= 9; level += 9) {
        CHECK_NUMBER(write_zip(&package, path, level), SHARED_EIO);
        CHECK_NUMBER(err.sys_errno, sys_errno);
        CHECK_MESSAGE(&err, "make room there, or choose another output folder): ");
        CHECK_MESSAGE(&err, strerror(sys_errno));
        CHECK_MESSAGE(&err, path);
    }
}

static void test_disk_full(void)
{
    scratch_folder("small");
    if (mount("demine-test", "small", "tmpfs", 0, "size=64k") < 0) {
        fprintf(stderr, "no small tmpfs here (%s): only the limit of a file's size stands for a full disk\n",
                strerror(errno));
        return;
    }
    check_no_room("small/full.zip", ENOSPC);
    CHECK_NUMBER(names_in("small"), 0);
    SCRATCH_NEED(umount("small") == 0);
}

static void test_file_size_limit(void)
{
    struct rlimit kept, small;
    scratch_folder("limited");
    scratch_bytes("huge", "", 0);
    fflush(NULL);
    pid_t child = fork();
    SCRATCH_NEED(child >= 0);
    if (child == 0) {
        struct package_entry entry = FILE_ENTRY("huge", 300000);
        struct package package = package_of(&entry, 1);
        SCRATCH_NEED(truncate("huge", 300000) == 0 && getrlimit(RLIMIT_FSIZE, &kept) == 0);
        signal(SIGXFSZ, SIG_IGN);
        small = (struct rlimit){65536, kept.rlim_max};
        SCRATCH_NEED(setrlimit(RLIMIT_FSIZE, &small) == 0);
        check_failures = 0;
        CHECK_NUMBER(write_zip(&package, "limited/l.zip", 0), SHARED_EIO);
        CHECK_NUMBER(err.sys_errno, EFBIG);
        CHECK_MESSAGE(&err, "make room there");
        _exit(check_failures ? 1 : 0);
    }
    int status;
    SCRATCH_NEED(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_NUMBER(names_in("limited"), 0);
}

/* Ten thousand files, with room for a few open ones. */
static void test_few_descriptors(void)
{
    enum { FILES = 10000 };
    struct package_entry *entries = shared_arena_alloc(&arena, FILES * sizeof(*entries));
    char name[32];
    scratch_folder("many");
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "many/%05d", i);
        scratch_file(name, name);
        const char *kept = shared_arena_copy(&arena, shared_slice_from_text(name));
        entries[i] =
            (struct package_entry){.place = kept, .source = kept, .kind = PACKAGE_FILE, .size_bytes = 10};
    }
    struct package package = package_of(entries, FILES);
    struct rlimit kept;
    SCRATCH_NEED(getrlimit(RLIMIT_NOFILE, &kept) == 0);
    made_contents(&package, 9, &arena);
    struct rlimit few = {8, kept.rlim_max};
    SCRATCH_NEED(setrlimit(RLIMIT_NOFILE, &few) == 0);
    CHECK_NUMBER(write_made(&package, "many.zip", &silent), 0);
    struct manifest manifest = {.path = "demine.json", .folder = "."};
    struct manifest_asset asset = {"many", "many", "assets[0]"};
    struct manifest_function function = {.json_path = "f", .assets = &asset, .asset_count = 1};
    CHECK_NUMBER(package_collect(&manifest, &function, NULL, &arena, &package, &err), 0);
    CHECK_NUMBER(package.count, FILES);
    SCRATCH_NEED(setrlimit(RLIMIT_NOFILE, &kept) == 0);
    zip_t *zip = zip_open("many.zip", ZIP_RDONLY, NULL);
    CHECK_TEXT(zip_get_name(zip, FILES - 1, 0), "many/09999");
    zip_discard(zip);
}

struct thread {
    pthread_t thread;
    const struct package *package;
    const char *path;
    int status;
};

static void *write_in_thread(void *argument)
{
    struct thread *thread = argument;
    struct shared_arena own;
    struct shared_error failure;
    struct zip_written written;
    shared_arena_init(&own);
    for (int i = 0; i < 10 && thread->status == 0; i++) {
        thread->status = zip_write(thread->package, thread->path, NULL, &silent, &own, &written, &failure);
        if (thread->status == 0)
            thread->status = zip_commit(written.temporary, thread->path, &failure);
    }
    shared_arena_clean_up(&own);
    return NULL;
}

static void test_threads(void)
{
    struct package package = make_sample();
    struct thread threads[8];
    made_contents(&package, 9, &arena);
    scratch_folder("threads");
    for (size_t i = 0; i < 8; i++) {
        /* Two of them write the same one. */
        threads[i] = (struct thread){.package = &package};
        threads[i].path = shared_arena_format(&arena, "threads/%zu.zip", i / 2);
        SCRATCH_NEED(pthread_create(&threads[i].thread, NULL, write_in_thread, &threads[i]) == 0);
    }
    for (size_t i = 0; i < 8; i++) {
        SCRATCH_NEED(pthread_join(threads[i].thread, NULL) == 0);
        CHECK_NUMBER(threads[i].status, 0);
    }
    CHECK_NUMBER(names_in("threads"), 4);
    CHECK(shared_slice_equal(content_of("threads/0.zip"), content_of("threads/3.zip")));
}

static void test_sweep(void)
{
    scratch_folder("sweep");
    scratch_folder("sweep/.demine-folder.tmp");
    scratch_file("sweep/.demine-x.zip.123-0.tmp", "");
    scratch_file("sweep/.demine-x.zip.123-0.tmp.a1b2c3", "");
    scratch_file("sweep/x.zip", "");
    scratch_file("sweep/.demine-other", "");
    scratch_file("sweep/demine-x.tmp", "");
    CHECK_NUMBER(zip_sweep("sweep", &err), 0);
    CHECK_NUMBER(names_in("sweep"), 4);
    CHECK(!file_exists("sweep/.demine-x.zip.123-0.tmp.a1b2c3"));
    CHECK_NUMBER(zip_sweep("no-such-folder", &err), 0);
    CHECK_NUMBER(zip_sweep("sweep/x.zip", &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "Not a directory");
}

static bool die_half_way(void *user, double share)
{
    (void)user;
    if (share > 0.3)
        raise(SIGKILL);
    return true;
}

static void test_killed(void)
{
    struct package_entry entry = FILE_ENTRY("long", 20000000);
    struct package package = package_of(&entry, 1);
    const struct zip_options deadly = {.progress = die_half_way};
    scratch_bytes("long", noise(20000000), 20000000);
    scratch_folder("killed");
    scratch_file("killed/k.zip", "the old one");
    made_contents(&package, 0, &arena);
    fflush(NULL);
    pid_t child = fork();
    SCRATCH_NEED(child >= 0);
    if (child == 0)
        _exit(write_made(&package, "killed/k.zip", &deadly) == 0);
    int status;
    SCRATCH_NEED(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    CHECK_NUMBER(names_in("killed"), 2);
    CHECK_SLICE(content_of("killed/k.zip"), "the old one");
    CHECK_NUMBER(zip_sweep("killed", &err), 0);
    CHECK_NUMBER(names_in("killed"), 1);
    CHECK_NUMBER(write_zip(&package, "killed/k.zip", 0), 0);
    CHECK_NUMBER(names_in("killed"), 1);
}

int main(void)
{
    const char *folder = scratch_enter();
    shared_arena_init(&arena);
    CHECK_RUN(test_headers);
    CHECK_RUN(test_golden);
    CHECK_RUN(test_deflates);
    CHECK_RUN(test_other_readers);
    CHECK_RUN(test_same_bytes);
    CHECK_RUN(test_cancelled);
    CHECK_RUN(test_streams_fail);
    CHECK_RUN(test_damaged_before_read_back);
    CHECK_RUN(test_progress);
    CHECK_RUN(test_wrong_use);
    CHECK_RUN(test_disk_full);
    CHECK_RUN(test_file_size_limit);
    CHECK_RUN(test_few_descriptors);
    CHECK_RUN(test_threads);
    CHECK_RUN(test_sweep);
    CHECK_RUN(test_killed);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
    return check_report();
}
