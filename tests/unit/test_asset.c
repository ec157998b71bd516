#include "check.h"

#include <shared/asset.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_asset.XXXXXX", elsewhere[64];

static void put(const char *name, const char *content, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file || fwrite(content, 1, size, file) != size || fclose(file) != 0)
        abort();
}

/* Whether so many descriptors are open as before. */
static int lowest_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(fd);
    return fd;
}

static void test_content(void)
{
    struct shared_asset asset;
    struct shared_error err = {0};
    static char large[70000];
    memset(large, 'x', sizeof large);
    put("large", large, sizeof large);
    int before = lowest_descriptor();
    CHECK_NUMBER(shared_asset_open(&asset, "share/titles.json", &err), 0);
    CHECK_SLICE(asset.content, "[\"Metropolis\"]");
    shared_asset_close(&asset);
    CHECK(!asset.content.data && asset.content.size_bytes == 0);
    shared_asset_close(&asset);
    CHECK_NUMBER(shared_asset_open(&asset, "large", &err), 0);
    CHECK_BYTES(asset.content, shared_slice_of(large, sizeof large));
    shared_asset_close(&asset);
    CHECK_NUMBER(shared_asset_open(&asset, "empty", &err), 0);
    CHECK(asset.content.data && asset.content.size_bytes == 0);
    shared_asset_close(&asset);
    CHECK_NUMBER(shared_asset_open(&asset, "share//./a..b", &err), 0);
    shared_asset_close(&asset);
    CHECK_NUMBER(lowest_descriptor(), before);
}

static void test_refusals(void)
{
    static const struct {
        const char *path;
        enum shared_error_code code;
        const char *message;
    } rows[] = {
        {"", SHARED_EINVAL, "not a path in a package"},
        {"/etc/passwd", SHARED_EINVAL, "not a path in a package"},
        {"..", SHARED_EINVAL, "not a path in a package"},
        {"../secret", SHARED_EINVAL, "not a path in a package"},
        {"share/../../secret", SHARED_EINVAL, "not a path in a package"},
        {"share/..", SHARED_EINVAL, "not a path in a package"},
        {"nothing", SHARED_ENOTFOUND, "is not in /tmp/test_asset"},
        {"nothing", SHARED_ENOTFOUND, " or /opt; is it among"},
        {"share/titles.json/x", SHARED_ENOTFOUND, "titles.json/x"},
        {"share", SHARED_EIO, "is no regular file"},
        {"share/", SHARED_EIO, "is no regular file"},
        {"fifo", SHARED_EIO, "is no regular file"},
        {"loop", SHARED_EIO, "levels of symbolic links"},
    };
    int before = lowest_descriptor();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_asset asset;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].path);
        CHECK_NUMBER(shared_asset_open(&asset, rows[i].path, &err), rows[i].code);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK(!asset.content.data && asset.content.size_bytes == 0);
        CHECK_NUMBER(shared_asset_open(&asset, rows[i].path, NULL), rows[i].code);
        shared_asset_close(&asset);
    }
    static char long_path[5000];
    struct shared_asset asset;
    struct shared_error err = {0};
    memset(long_path, 'p', sizeof long_path - 1);
    CHECK_NUMBER(shared_asset_open(&asset, long_path, &err), SHARED_EIO);
    CHECK_NUMBER(err.sys_errno, ENAMETOOLONG);
    CHECK_NUMBER(lowest_descriptor(), before);
}

static void test_variables(void)
{
    struct shared_asset asset;
    struct shared_error err = {0};
    /* the folder of a developer counts where Lambda has none */
    setenv("DEMINE_ASSETS", elsewhere, 1);
    CHECK_NUMBER(shared_asset_open(&asset, "empty", &err), 0);
    shared_asset_close(&asset);
    CHECK_NUMBER(shared_asset_open(&asset, "titles.json", &err), SHARED_ENOTFOUND);
    unsetenv("LAMBDA_TASK_ROOT");
    CHECK_NUMBER(shared_asset_open(&asset, "titles.json", &err), 0);
    CHECK_SLICE(asset.content, "[\"Metropolis\"]");
    shared_asset_close(&asset);
    CHECK_NUMBER(shared_asset_open(&asset, "empty", &err), SHARED_ENOTFOUND);
    CHECK(strstr(err.text, "/opt") == NULL);
    setenv("LAMBDA_TASK_ROOT", "", 1);
    CHECK_NUMBER(shared_asset_open(&asset, "titles.json", &err), 0);
    shared_asset_close(&asset);
    unsetenv("DEMINE_ASSETS");
    CHECK_NUMBER(shared_asset_open(&asset, "titles.json", &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "set DEMINE_ASSETS");
    setenv("LAMBDA_TASK_ROOT", "/nonexistent/folder", 1);
    CHECK_NUMBER(shared_asset_open(&asset, "titles.json", &err), SHARED_ENOTFOUND);
    CHECK_MESSAGE(&err, "/nonexistent/folder or /opt");
    setenv("LAMBDA_TASK_ROOT", folder, 1);
}

/* What may not be read is said, not taken for absent: the layer could have another version. */
static void test_permission(void)
{
    struct shared_asset asset;
    struct shared_error err = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/large", folder);
    chmod(path, 0);
    int code = shared_asset_open(&asset, "large", &err);
    CHECK(geteuid() == 0 ? code == 0 : code == SHARED_EIO && err.sys_errno == EACCES);
    shared_asset_close(&asset);
}

int main(void)
{
    char path[128];
    if (!mkdtemp(folder))
        abort();
    setenv("LAMBDA_TASK_ROOT", folder, 1);
    snprintf(elsewhere, sizeof elsewhere, "%s/share", folder);
    mkdir(elsewhere, 0700);
    put("share/titles.json", "[\"Metropolis\"]", 14);
    put("share/a..b", "x", 1);
    put("empty", "", 0);
    snprintf(path, sizeof path, "%s/fifo", folder);
    CHECK(mkfifo(path, 0600) == 0);
    snprintf(path, sizeof path, "%s/loop", folder);
    CHECK(symlink("loop", path) == 0);
    CHECK_RUN(test_content);
    CHECK_RUN(test_refusals);
    CHECK_RUN(test_variables);
    CHECK_RUN(test_permission);
    static const char *const made[] = {
        "share/titles.json", "share/a..b", "empty", "large", "fifo", "loop", "share"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, made[i]);
        remove(path);
    }
    CHECK(rmdir(folder) == 0);
    return check_report();
}
