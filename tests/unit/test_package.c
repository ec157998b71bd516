#include "check.h"
#include "scratch.h"

#include "package/package.h"
#include "package/package_own.h"
#include "package/package_shown.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static struct shared_arena arena;
static struct shared_error err;
static struct package package;
static const struct package_own *own;
static const char *runtime; /* NULL: the function is a program */

struct asset {
    const char *place;
    const char *source;
};

static int collect_from(const char *folder, const struct asset *assets, size_t count)
{
    struct manifest manifest = {.path = "demine.json", .folder = folder};
    struct manifest_function function = {
        .name = "f", .json_path = "functions.f", .runtime = runtime, .asset_count = count};
    function.assets = shared_arena_alloc(&arena, count * sizeof(*function.assets));
    for (size_t i = 0; i < count; i++) {
        function.assets[i] = (struct manifest_asset){assets[i].source, assets[i].place, NULL};
        function.assets[i].json_path = shared_arena_format(&arena, "functions.f.assets[%zu]", i);
    }
    err = (struct shared_error){0};
    package = (struct package){0};
    return package_collect(&manifest, &function, own, &arena, &package, &err);
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
    /* Names that are the end of a source's, too. */
    CHECK_NUMBER(COLLECT({"ee", "tree"}, {"tree", "./tree"}, {"deep", "tree/deep/"}), 0);
    CHECK_TEXT(summary(),
               "deep/b:f:5 ee/deep/b:f:5 ee/empty/:d:0 ee/link:l:6>deep/b ee/run:x:2 tree/deep/b:f:5 "
               "tree/empty/:d:0 tree/link:l:6>deep/b tree/run:x:2");
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
    unlink("x");
    scratch_file("x", "");
    CHECK_NUMBER(COLLECT({"a", "cl"}, {"a/deep/b", "c2"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "which is a file (from cl)");
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
    CHECK_ROW("a function of files has no program");
    runtime = "nodejs22.x";
    CHECK_NUMBER(COLLECT({".", "top"}, {"Bootstrap/x", "b"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "lies below");
    CHECK_NUMBER(COLLECT({".", "top"}, {"bootstraps", "top"}), 0);
    CHECK_TEXT(summary(), "bootstrap:f:0 bootstraps/bootstrap:f:0");
    runtime = NULL;
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
    scratch_folder("syms");
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].target);
        const char *folder = strrchr(table[i].place, '/');
        unlink("syms/link");
        SCRATCH_NEED(symlink(table[i].target, "syms/link") == 0);
        folder = folder ? shared_arena_format(&arena, "%.*s", (int)(folder - table[i].place), table[i].place)
                        : ".";
        CHECK_NUMBER(COLLECT({folder, "syms"}), table[i].message ? SHARED_EINVAL : 0);
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
}

/* What a manifest names is meant, not the link. */
static void test_symlink_as_asset(void)
{
    scratch_folder("named");
    scratch_folder("named/real");
    scratch_file("named/real/a", "12");
    SCRATCH_NEED(symlink("a", "named/real/b") == 0);
    SCRATCH_NEED(symlink("real", "named/folder") == 0 && symlink("real/b", "named/file") == 0);
    SCRATCH_NEED(symlink("nowhere", "named/nothing") == 0 && symlink("round", "named/round") == 0);
    for (int slash = 0; slash < 2; slash++) {
        CHECK_NUMBER(COLLECT({"x", slash ? "named/folder/" : "named/folder"}), 0);
        CHECK_TEXT(summary(), "x/a:f:2 x/b:l:1>a");
    }
    CHECK_NUMBER(COLLECT({"x", "named/file"}), 0);
    CHECK_TEXT(summary(), "x:f:2");
    CHECK_NUMBER(COLLECT({"x", "named/nothing"}), SHARED_EIO);
    CHECK_MESSAGE(&err, "\"x\": follow the symlink named/nothing: No such file");
    CHECK_NUMBER(COLLECT({"x", "named/round"}), SHARED_EIO);
    CHECK_MESSAGE(&err, "follow the symlink named/round: Too many levels");

    /* What lies in a symlink's place, which may lead out of the package then. */
    scratch_folder("modules");
    scratch_folder("modules/scope");
    SCRATCH_NEED(symlink("../../named/real", "modules/scope/it") == 0);
    CHECK_NUMBER(COLLECT({".", "modules"}), SHARED_EINVAL);
    CHECK_NUMBER(COLLECT({".", "modules"}, {"scope/it/", "named/real"}), 0);
    CHECK_TEXT(summary(), "scope/it/a:f:2 scope/it/b:l:1>a");
    CHECK_NUMBER(COLLECT({".", "modules"}, {"scope/it", "modules/scope/it"}), 0);
    CHECK_TEXT(summary(), "scope/it/a:f:2 scope/it/b:l:1>a");
    CHECK_NUMBER(COLLECT({"m", "modules"}, {"m/scope/it/a", "named/file"}), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "which is a symlink");
}

static const char *dangling(void)
{
    const struct package_entry **links;
    size_t count;
    const char *all = "";
    CHECK_NUMBER(package_dangling(&package, &arena, &links, &count, &err), 0);
    for (size_t i = 0; i < count; i++)
        all = shared_arena_format(&arena, "%s%s%s", all, *all ? " " : "", links[i]->place);
    return all;
}

static void test_dangling(void)
{
    static const struct {
        const char *name, *target;
    } table[] = {
        {"file", "d/f"},       {"folder", "d"},         {"empty", "d/e"},       {"slash", "d/"},
        {"top", "."},          {"by-link", "folder/f"}, {"no-file", "d/g"},     {"no-below", "d/f/g"},
        {"no-prefix", "d/ff"}, {"no-way", "gone/../d"}, {"no-link", "no-file"}, {"no-letter", "c"},
    };
    scratch_folder("dangle");
    scratch_folder("dangle/d");
    scratch_folder("dangle/d/e");
    scratch_folder("dangle/d-");
    scratch_file("dangle/d/f", "");
    scratch_file("dangle/d/fff", "");
    scratch_file("dangle/d-/f", "");
    scratch_file("dangle/d.f", "");
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        SCRATCH_NEED(symlink(table[i].target, shared_arena_format(&arena, "dangle/%s", table[i].name)) == 0);
    CHECK_NUMBER(COLLECT({".", "dangle"}), 0);
    CHECK_TEXT(dangling(), "no-below no-file no-letter no-link no-prefix no-way");
    CHECK_NUMBER(COLLECT({".", "dangle/d"}), 0);
    CHECK_TEXT(dangling(), "");
}

static void make_own_folders(void)
{
    static const char *const folders[] = {"own",         "own/out",    "own/out/layers", "own/out/layers/sub",
                                          "own/src",     "own/src/st", "own/cache",      "own/only",
                                          "own/only/out"};
    static const char *const files[] = {
        "own/out/f.zip",     "own/out/f.debug",        "own/out/built.js",    "own/out/layers/p-1.zip",
        "own/out/layers/js", "own/out/layers/sub/zip", "own/src/st/record",   "own/src/a.js",
        "own/src/f.zip",     "own/cache/blob",         "own/.demine-f.1.tmp", "own/lock",
        "own/manifest",      "own/only/out/f.zip",
    };
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
        scratch_folder(folders[i]);
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        scratch_file(files[i], "");
    SCRATCH_NEED(symlink("src/st", "own/to-state") == 0 && symlink("src/real-lock", "own/to-lock") == 0);
    scratch_file("own/src/real-lock", "");
}

static void test_own(void)
{
    struct package_own left = {0};
    make_own_folders();
    /* By whatever path; what is not there adds nothing. */
    CHECK_NUMBER(package_own_folder(&left, "own/out/../to-state", "a state", &arena, &err), 0);
    CHECK_NUMBER(package_own_folder(&left, "own/none", "nothing", &arena, &err), 0);
    CHECK_NUMBER(package_own_folder(&left, "own/cache/", "a cache", &arena, &err), 0);
    CHECK_NUMBER(package_own_zips(&left, "./own/out", &arena, &err), 0);
    CHECK_NUMBER(package_own_zips(&left, "own/only/out", &arena, &err), 0);
    CHECK_NUMBER(package_own_file(&left, "own/src/../lock", "a lock", &arena, &err), 0);
    CHECK_NUMBER(package_own_file(&left, "own/to-lock", "a lock", &arena, &err), 0);
    CHECK_NUMBER(package_own_file(&left, "own/manifest", NULL, &arena, &err), 0);
    own = &left;
    CHECK_NUMBER(COLLECT({".", "own"}), 0);
    CHECK_TEXT(summary(),
               "out/built.js:f:0 out/layers/js:f:0 out/layers/sub/zip:f:0 src/a.js:f:0 src/f.zip:f:0");
    CHECK_NUMBER(COLLECT({"x", "own/out"}), 0);
    CHECK_TEXT(summary(), "x/built.js:f:0 x/layers/js:f:0 x/layers/sub/zip:f:0");
    CHECK_NUMBER(COLLECT({"x", "own/only/out"}), 0);
    CHECK_NUMBER(package.count, 0);
    /* A lock that is replaced while others look is another file of that name. */
    SCRATCH_NEED(rename("own/lock", "own/old") == 0);
    scratch_file("own/lock", "new");
    SCRATCH_NEED(unlink("own/old") == 0);
    CHECK_NUMBER(COLLECT({".", "own"}), 0);
    CHECK_NUMBER(package.count, 5);

    static const struct {
        const char *source, *message; /* NULL: taken */
    } named[] = {
        {"own/src/st", "own/src/st, for \"x\", is a state"},
        {"own/to-state", "is a state"},
        {"own/cache", "is a cache"},
        {"own/lock", "is a lock"},
        {"own/to-lock", "is a lock"},
        {"own/out/layers/p-1.zip", "a zip that demine pack writes"},
        {"own/src/st/record", NULL},
        {"own/manifest", NULL},
        {"own/out/built.js", NULL},
        {"own/src/f.zip", NULL},
        {"own/out/f.zip", NULL}, /* the manifest has no function f */
    };
    for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
        CHECK_ROW(named[i].source);
        CHECK_NUMBER(COLLECT({"x", named[i].source}), named[i].message ? SHARED_EINVAL : 0);
        if (named[i].message)
            CHECK_MESSAGE(&err, named[i].message);
    }
    own = NULL;
    CHECK_NUMBER(COLLECT({".", "own/cache"}), 0);
    CHECK_NUMBER(package.count, 1);
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

static void make_branch(const char *folder, int depth)
{
    scratch_folder(folder);
    for (int i = 0; i < 6; i++)
        scratch_file(shared_arena_format(&arena, "%s/file-%d", folder, i), "");
    for (int i = 0; i < 4 && depth > 0; i++)
        make_branch(shared_arena_format(&arena, "%s/%d", folder, i), depth - 1);
}

/* Two functions on so many threads, of which each lists its folders on some: returns what the first holds, or the
 * failure. */
static const char *collected_by(unsigned threads, struct manifest *manifest, struct shared_arena *arenas)
{
    struct package packages[2] = {{0}, {0}};
    err = (struct shared_error){0};
    if (package_collect_all(manifest, own, threads, arenas, packages, &err) < 0)
        return shared_arena_format(&arena, "%s", err.text);
    CHECK_NUMBER(packages[0].count, packages[1].count);
    const char *all = "";
    for (size_t i = 0; i < packages[0].count; i++) {
        CHECK_TEXT(packages[0].entries[i].place, packages[1].entries[i].place);
        if (i % 97 == 0)
            all = shared_arena_format(&arena, "%s %s=%s", all, packages[0].entries[i].place,
                                      packages[0].entries[i].source);
    }
    return shared_arena_format(&arena, "%zu%s", packages[0].count, all);
}

static void test_threads(void)
{
    static const char *const places[] = {".", "branch", "ranch", "elsewhere"};
    static const unsigned threads[] = {2, 3, 8, 30};
    struct manifest_asset asset = {"branch", NULL, "functions.f.assets[0]"};
    struct manifest_function functions[] = {
        {.name = "f", .json_path = "functions.f", .assets = &asset, .asset_count = 1},
        {.name = "g", .json_path = "functions.g", .assets = &asset, .asset_count = 1}};
    struct manifest manifest = {
        .path = "demine.json", .folder = ".", .functions = functions, .function_count = 2};
    struct shared_arena arenas[2] = {{0}, {0}};
    make_branch("branch", 4);
    for (size_t i = 0; i < 8; i++) {
        bool failing = i >= 4;
        asset.place = places[i % 4];
        if (i == 4)
            SCRATCH_NEED(mkfifo("branch/3/2/1/0/p", 0666) == 0 && mkfifo("branch/0/1/p", 0666) == 0);
        const char *alone = collected_by(1, &manifest, arenas);
        CHECK(strncmp(alone, failing ? "demine.json:1: functions.f.assets[0]: " : "2046 ", 5) == 0);
        CHECK(!failing || strstr(alone, "branch/0/1/p"));
        for (size_t k = 0; k < sizeof(threads) / sizeof(*threads); k++) {
            CHECK_ROW(shared_arena_format(&arena, "%s, %u threads, %d", asset.place, threads[k], failing));
            CHECK_TEXT(collected_by(threads[k], &manifest, arenas), alone);
        }
    }
    for (int i = 0; i < 2; i++)
        shared_arena_clean_up(&arenas[i]);
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
    CHECK_RUN(test_symlink_as_asset);
    CHECK_RUN(test_dangling);
    CHECK_RUN(test_own);
    CHECK_RUN(test_unreadable);
    CHECK_RUN(test_deep);
    CHECK_RUN(test_wide);
    CHECK_RUN(test_threads);
    CHECK_RUN(test_bootstrap);
    CHECK_RUN(test_long_names_in_messages);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
    CHECK_RUN(test_shown);
    return check_report();
}
