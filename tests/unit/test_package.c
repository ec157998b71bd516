#include "check.h"
#include "scratch.h"

#include "package/package.h"
#include "package/package_shown.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static struct shared_arena arena;
static struct shared_error err;
static struct package package;

struct asset {
    const char *place;
    const char *source;
};

static int collect_from(const char *folder, const struct asset *assets, size_t count)
{
    struct manifest manifest = {.path = "demine.json", .folder = folder};
    struct manifest_function function = {.name = "f", .json_path = "functions.f", .asset_count = count};
    function.assets = shared_arena_alloc(&arena, count * sizeof(*function.assets));
    for (size_t i = 0; i < count; i++) {
        function.assets[i] = (struct manifest_asset){assets[i].source, assets[i].place, NULL};
        function.assets[i].json_path = shared_arena_format(&arena, "functions.f.assets[%zu]", i);
    }
    err = (struct shared_error){0};
    package = (struct package){0};
    return package_collect(&manifest, &function, &arena, &package, &err);
}

#define COLLECT(...)                                       \
    collect_from(".", (const struct asset[]){__VA_ARGS__}, \
                 sizeof((const struct asset[]){__VA_ARGS__}) / sizeof(struct asset))

/* All entries in one line: "a:f:3 b/:d:0 l>target". */
static const char *summary(void)
{
    static const char kinds[] = "fxld";
    const char *all = "";
    for (size_t i = 0; i < package.count; i++) {
        const struct package_entry *entry = &package.entries[i];
        all = shared_arena_format(&arena, "%s%s%s:%c:%llu%s%s", all, *all ? " " : "", entry->place,
                                  kinds[entry->kind], (unsigned long long)entry->size_bytes,
                                  entry->target ? ">" : "", entry->target ? entry->target : "");
    }
    return all;
}

static void test_file_and_folder(void)
{
    scratch_file("one.txt", "one");
    scratch_folder("tree");
    scratch_folder("tree/deep");
    scratch_folder("tree/empty");
    scratch_file("tree/deep/b", "12345");
    scratch_file("tree/run", "#!");
    SCRATCH_NEED(chmod("tree/run", 0700) == 0);
    SCRATCH_NEED(symlink("deep/b", "tree/link") == 0);

    CHECK_NUMBER(COLLECT({"z.txt", "one.txt"}, {"share", "tree"}), 0);
    CHECK_TEXT(summary(), "share/deep/b:f:5 share/empty/:d:0 share/link:l:6>deep/b share/run:x:2 z.txt:f:3");
    CHECK_NUMBER(package.unzipped_bytes, 16);
    CHECK_TEXT(package.entries[0].source, "tree/deep/b");
    CHECK_NUMBER(COLLECT({".", "tree"}), 0);
    CHECK_TEXT(summary(), "deep/b:f:5 empty/:d:0 link:l:6>deep/b run:x:2");
    CHECK_NUMBER(COLLECT({"lib/", "tree/"}), 0);
    CHECK_TEXT(summary(), "lib/deep/b:f:5 lib/empty/:d:0 lib/link:l:6>deep/b lib/run:x:2");
    CHECK_NUMBER(COLLECT({"./", "tree/empty"}), 0);
    CHECK_NUMBER(package.count, 0);
    CHECK_NUMBER(COLLECT({"new", "tree/empty"}), 0);
    CHECK_TEXT(summary(), "new/:d:0");

    /* Relative to the manifest's folder, the sources too. */
    CHECK_NUMBER(collect_from("tree/deep", (const struct asset[]){{"a", "b"}, {"o", "../../one.txt"}}, 2), 0);
    CHECK_TEXT(package.entries[0].source, "tree/deep/b");
    CHECK_TEXT(summary(), "a:f:5 o:f:3");
    SCRATCH_NEED(chdir("tree") == 0);
    CHECK_NUMBER(COLLECT({"x", "."}), 0);
    CHECK_TEXT(summary(), "x/deep/b:f:5 x/empty/:d:0 x/link:l:6>deep/b x/run:x:2");
    CHECK_TEXT(package.entries[0].source, "deep/b");
    SCRATCH_NEED(chdir("..") == 0);
}

static void test_folders_meet(void)
{
    scratch_folder("m1");
    scratch_folder("m1/sub");
    scratch_folder("m2");
    scratch_folder("m2/sub");
    scratch_file("m1/a", "");
    scratch_file("m2/b", "");
    scratch_file("m2/sub/c", "");
    CHECK_NUMBER(COLLECT({"m", "m1"}, {"m", "m2"}), 0);
    CHECK_TEXT(summary(), "m/a:f:0 m/b:f:0 m/sub/c:f:0"); /* sub is empty in one of them only */
    CHECK_NUMBER(COLLECT({"m", "m1/sub"}, {"m/", "m1/sub"}), 0);
    CHECK_TEXT(summary(), "m/:d:0");
}

static void test_order_is_bytewise(void)
{
    scratch_file("e", "");
    CHECK_NUMBER(COLLECT({"a/b", "e"}, {"a-b", "e"}, {"B", "e"}, {"\xC3\xA9", "e"}, {"z", "e"}, {"a0", "e"}),
                 0);
    CHECK_TEXT(summary(), "B:f:0 a-b:f:0 a/b:f:0 a0:f:0 z:f:0 \xC3\xA9:f:0");
}

static void test_clashes(void)
{
    scratch_file("c1", "1");
    scratch_file("c2", "2");
    scratch_folder("cd");
    scratch_file("cd/x", "");
    SCRATCH_NEED(symlink("x", "cl") == 0);

    CHECK_NUMBER(COLLECT({"a", "c1"}, {"a", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "demine.json:1: functions.f.assets: c1 and c2 both go to \"a\"");
    CHECK_NUMBER(COLLECT({"a/x", "c1"}, {"a", "cd"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "both go to \"a/x\"");
    CHECK_NUMBER(COLLECT({"dir/File", "c1"}, {"dir/a", "c1"}, {"dir/file", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "\"dir/File\" (from c1) and \"dir/file\" (from c2) differ only in case");
    CHECK_NUMBER(COLLECT({"Dir/a", "c1"}, {"dir/b", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "differ only in case");
    CHECK_NUMBER(COLLECT({"a", "c1"}, {"a-b", "c1"}, {"a.b", "c1"}, {"a/b", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "\"a/b\" (from c2) lies below \"a\", which is a file (from c1)");
    CHECK_NUMBER(COLLECT({"A", "c1"}, {"a/b", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "lies below");
    CHECK_NUMBER(COLLECT({"a", "cl"}, {"a/deep/b", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "which is a symlink (from cl)");
    scratch_folder("ce");
    CHECK_NUMBER(COLLECT({"a", "c1"}, {"a", "ce"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "lies below");
    CHECK_NUMBER(COLLECT({"a", "c1"}, {"ab", "c1"}, {"a b", "c2"}), 0);
}

static void test_bad_places(void)
{
    static const struct asset table[] = {
        {"/etc/x", "is absolute"},
        {"../x", "has a part"},
        {"a/../x", "has a part"},
        {"a//b", "has an empty part"},
        {"a\\b", "has a backslash"},
        {"", "is empty"},
        {"a\nb", "control"},
        {"\xFF", "is not UTF-8"},
        {"bootstrap", "the function itself"},
        {"BootStrap", "the function itself"},
        {"bootstrap/x", "the function itself"},
    };
    scratch_file("b", "");
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].place);
        CHECK_NUMBER(COLLECT({table[i].place, "b"}), SHARED_EINVAL);
        CHECK_MESSAGE(&err, table[i].source);
        CHECK_MESSAGE(&err, "functions.f.assets[0]");
    }
    CHECK_ROW("a file at a folder's place");
    CHECK_NUMBER(COLLECT({"dir/", "b"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "write \"dir/b\"");
    CHECK_NUMBER(COLLECT({".", "b"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "write \"b\"");
    CHECK_ROW("within a folder");
    scratch_folder("bad");
    scratch_file("bad/back\\slash", "");
    CHECK_NUMBER(COLLECT({"x", "bad"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "has a backslash");
    scratch_folder("top");
    scratch_file("top/bootstrap", "");
    CHECK_NUMBER(COLLECT({".", "top"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "top/bootstrap");
    CHECK_NUMBER(COLLECT({"top", "top"}), 0);
}

static void make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SCRATCH_NEED(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    close(fd);
}

static void test_what_is_no_file(void)
{
    scratch_folder("odd");
    make_socket("odd/socket");
    CHECK_NUMBER(COLLECT({"x", "odd"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "demine.json:1: functions.f.assets[0]: odd/socket, for \"x/socket\", is a socket");
    SCRATCH_NEED(unlink("odd/socket") == 0 && mkfifo("odd/fifo", 0666) == 0);
    CHECK_NUMBER(COLLECT({"x", "odd"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "is a FIFO");
    CHECK_NUMBER(COLLECT({"x", "odd/fifo"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "is a FIFO");
    CHECK_NUMBER(COLLECT({"null", "/dev/null"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "/dev/null, for \"null\", is a character device");
    CHECK_NUMBER(COLLECT({"x", "not/there"}), SHARED_EIO);
    CHECK_NUMBER(err.sys_errno, ENOENT);
    CHECK_MESSAGE(&err, "\"x\": look at not/there: No such file");
}

static void test_symlinks(void)
{
    static const struct {
        const char *place, *target, *message; /* NULL: kept */
    } table[] = {
        {"a/link", "b", NULL},
        {"a/link", "../b/../c", NULL},
        {"a/link", ".", NULL},
        {"a/link", "..", NULL},
        {"link", "nowhere//at/./all", NULL},
        {"link", "/etc/passwd", "leads out"},
        {"link", "..", "leads out"},
        {"a/b/link", "../../../etc", "leads out"},
        {"a/link", "x/../../../y", "leads out"},
        {"link", "link", "circle"},
        {"a/link", "../a/link/x", "circle"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].target);
        unlink("sym");
        SCRATCH_NEED(symlink(table[i].target, "sym") == 0);
        CHECK_NUMBER(COLLECT({table[i].place, "sym"}), table[i].message ? SHARED_EINVAL : 0);
        if (table[i].message)
            CHECK_MESSAGE(&err, table[i].message);
        else
            CHECK_TEXT(package.entries[0].target, table[i].target);
    }
    CHECK_ROW("by way of another");
    scratch_folder("way");
    scratch_folder("way/a");
    scratch_folder("way/a/b");
    SCRATCH_NEED(symlink("../..", "way/a/b/up") == 0);
    SCRATCH_NEED(symlink("up/../x", "way/a/b/out") == 0);
    CHECK_NUMBER(COLLECT({".", "way"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "\"a/b/out\": the symlink way/a/b/out to up/../x leads out");
    CHECK_NUMBER(COLLECT({"down", "way"}), 0); /* one deeper it stays within */
    CHECK_ROW("a circle of two");
    unlink("way/a/b/out");
    SCRATCH_NEED(symlink("two", "way/one") == 0 && symlink("one", "way/two") == 0);
    CHECK_NUMBER(COLLECT({".", "way"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "round in a circle");
    CHECK_ROW("an asset that is a symlink to a folder");
    SCRATCH_NEED(symlink("way/a", "sym2") == 0);
    CHECK_NUMBER(COLLECT({"x", "sym2"}), 0);
    CHECK_TEXT(summary(), "x:l:5>way/a");
    CHECK_NUMBER(COLLECT({"x", "sym2/"}), 0);
    CHECK_TEXT(summary(), "x/b/up:l:5>../..");
}

/* Root may read anything, so a child that is nobody tries. */
static int as_nobody(int (*test)(void))
{
    fflush(NULL);
    pid_t child = fork();
    SCRATCH_NEED(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) < 0)
            _exit(77);
        check_failures = 0;
        test();
        _exit(check_failures ? 1 : 0);
    }
    int status;
    SCRATCH_NEED(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int try_unreadable(void)
{
    CHECK_NUMBER(COLLECT({"x", "closed/file"}), SHARED_EIO);
    CHECK_NUMBER(err.sys_errno, EACCES);
    CHECK_MESSAGE(&err, "functions.f.assets[0]: \"x\": read closed/file: Permission denied");
    CHECK_NUMBER(COLLECT({"y", "closed"}), SHARED_EIO);
    CHECK_MESSAGE(&err, "Permission denied");
    CHECK_NUMBER(COLLECT({"z", "closed/folder"}), SHARED_EIO);
    CHECK_MESSAGE(&err, "\"z\": list the folder closed/folder: Permission denied");
    return 0;
}

static void test_unreadable(void)
{
    SCRATCH_NEED(chmod(".", 0755) == 0);
    scratch_folder("closed");
    scratch_folder("closed/folder");
    scratch_file("closed/file", "");
    SCRATCH_NEED(chmod("closed/file", 0) == 0 && chmod("closed/folder", 0) == 0);
    CHECK_NUMBER(as_nobody(try_unreadable), 0);
    SCRATCH_NEED(chmod("closed/folder", 0700) == 0);
}

/* A place may have 4,096 bytes, which is 2,000 folders of one letter. */
static void test_deep(void)
{
    char place[8192] = "deep";
    scratch_folder("deep");
    int at = open("deep", O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 2000; i++) {
        SCRATCH_NEED(mkdirat(at, "d", 0777) == 0);
        int fd = openat(at, "f", O_WRONLY | O_CREAT, 0644);
        close(fd);
        fd = openat(at, "d", O_RDONLY | O_DIRECTORY);
        SCRATCH_NEED(fd >= 0);
        close(at);
        at = fd;
        strcat(place, "/d");
    }
    CHECK_NUMBER(COLLECT({"deep", "deep"}), 0);
    CHECK_NUMBER(package.count, 2001);
    CHECK_TEXT(package.entries[0].place, shared_arena_format(&arena, "%s/", place));

    for (int i = 0; i < 60; i++) {
        SCRATCH_NEED(mkdirat(at, "d", 0777) == 0);
        int fd = openat(at, "d", O_RDONLY | O_DIRECTORY);
        close(at);
        at = fd;
    }
    close(at);
    CHECK_NUMBER(COLLECT({"deep", "deep"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "is longer than 4,096 bytes");
    SCRATCH_NEED(system("rm -rf deep") == 0);
}

static void test_wide(void)
{
    enum { FILES = 100000 };
    char name[32];
    scratch_folder("wide");
    int folder = open("wide", O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "%d", i);
        int fd = openat(folder, name, O_WRONLY | O_CREAT, 0644);
        SCRATCH_NEED(fd >= 0);
        close(fd);
    }
    close(folder);
    CHECK_NUMBER(COLLECT({".", "wide"}), 0);
    CHECK_NUMBER(package.count, FILES);
    CHECK_TEXT(package.entries[0].place, "0");
    CHECK_TEXT(package.entries[FILES - 1].place, "99999");
}

static void test_bootstrap(void)
{
    scratch_file("program", "ELF");
    scratch_file("other", "12");
    CHECK_NUMBER(COLLECT({"a", "other"}, {"c", "other"}), 0);
    CHECK_NUMBER(package_add_bootstrap(&package, "program", &arena, &err), 0);
    CHECK_TEXT(summary(), "a:f:2 bootstrap:x:3 c:f:2");
    CHECK_NUMBER(package.unzipped_bytes, 7);
    CHECK_NUMBER(package_add_bootstrap(&package, "program", &arena, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "has one already");

    package = (struct package){0};
    CHECK_NUMBER(package_add_bootstrap(&package, "program", &arena, &err), 0);
    CHECK_TEXT(summary(), "bootstrap:x:3");
    CHECK_NUMBER(package_add_bootstrap(&package, "not-there", &arena, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "No such file");
    CHECK_NUMBER(package_add_bootstrap(&package, ".", &arena, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "is a folder, not a file");
}

static void test_long_names_in_messages(void)
{
    scratch_file("b", "");
    char *place = shared_arena_alloc(&arena, 5001);
    memset(place, 'x', 5000);
    place[5000] = '\0';
    CHECK_NUMBER(COLLECT({place, "b"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "is longer than 4,096 bytes");
    CHECK_NUMBER(COLLECT({"\x1B[31mred", "b"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "\"?[31mred\"");
}

/* Names of a hostile zip must not steer a terminal. */
static void test_shown(void)
{
    CHECK_TEXT(package_shown("a\xC2\x85"
                             "b\xFF\x1B\n\xC3\xA9")
                   .text,
               "a?b???\xC3\xA9");
}

int main(void)
{
    const char *folder = scratch_enter();
    shared_arena_init(&arena);
    CHECK_RUN(test_file_and_folder);
    CHECK_RUN(test_folders_meet);
    CHECK_RUN(test_order_is_bytewise);
    CHECK_RUN(test_clashes);
    CHECK_RUN(test_bad_places);
    CHECK_RUN(test_what_is_no_file);
    CHECK_RUN(test_symlinks);
    CHECK_RUN(test_unreadable);
    CHECK_RUN(test_deep);
    CHECK_RUN(test_wide);
    CHECK_RUN(test_bootstrap);
    CHECK_RUN(test_long_names_in_messages);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
    CHECK_RUN(test_shown);
    return check_report();
}
