#include "check.h"
#include "scratch.h"

#include "base/file.h"
#include "link/toolchain.h"

/* A compiler that starts another one, as ccache does, and knows one archive. */
#define COMPILER                                         \
    "#!/bin/sh\n"                                        \
    "echo \"$@\" >> log\n"                               \
    "case $1 in\n"                                       \
    "--version) cat version ;;\n"                        \
    "-print-file-name=libz.a) echo /usr/lib/libz.a ;;\n" \
    "-print-file-name=*) echo ${1#*=} ;;\n"              \
    "*) exit 1 ;;\n"                                     \
    "esac\n"

static void scratch_program(const char *path, const char *text)
{
    scratch_file(path, text);
    SCRATCH_NEED(chmod(path, 0755) == 0);
}

/* What one run finds; everything lives in its arena. */
struct run {
    struct shared_arena arena;
    struct hash_cache cache;
    struct manifest manifest;
    struct toolchain toolchain;
    struct shared_error err;
};

static int begin(struct run *run, const char *compiler)
{
    *run = (struct run){0};
    run->cache.arena = &run->arena;
    char *text =
        shared_arena_format(&run->arena,
                            "{\"name\": \"p\", \"toolchain\": {\"compiler\": \"%s\", \"strip\": \"strip\"},"
                            " \"functions\": {\"f\": {\"sources\": [\"f.c\"]}}}",
                            compiler);
    SCRATCH_NEED(text && manifest_parse("demine.json", text, strlen(text), &run->arena, &run->manifest,
                                        &run->err) == 0);
    return toolchain_find(&run->manifest, &run->cache, &run->toolchain, &run->err);
}

static void end(struct run *run)
{
    shared_arena_clean_up(&run->arena);
}

static void key_after(const char *change, char key[1024])
{
    struct run run;
    SCRATCH_NEED(system(change) == 0);
    if (CHECK_NUMBER(begin(&run, "./cc"), 0))
        snprintf(key, 1024, "%s", run.toolchain.key);
    end(&run);
}

static void test_key(void)
{
    static const struct {
        const char *change;
        bool other;
    } rows[] = {
        {":", false},
        {"touch cc", false},
        {"echo 2 > version", true},
        {"echo '#' >> cc", true},
        {"echo x > f", false},
        {"echo 1 > version", true},
    };
    char before[1024] = "", after[1024] = "";
    char *folder = scratch_enter();
    scratch_program("cc", COMPILER);
    scratch_file("version", "1\n");
    key_after(":", before);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].change);
        key_after(rows[i].change, after);
        CHECK((strcmp(before, after) != 0) == rows[i].other);
        strcpy(before, after);
    }
    setenv("CPATH", "/elsewhere", 1);
    key_after(":", after);
    CHECK(strcmp(before, after) != 0);
    unsetenv("CPATH");
    scratch_leave(folder);
}

/* Tools run in the manifest's folder, whatever PATH is relative to. */
static void test_relative_path(void)
{
    struct run run;
    char *folder = scratch_enter(), *path = strdup(getenv("PATH")), *longer = NULL;
    SCRATCH_NEED(path && asprintf(&longer, "bin::%s", path) > 0);
    scratch_folder("bin");
    scratch_program("bin/my-cc", COMPILER);
    scratch_file("version", "1\n");
    setenv("PATH", longer, 1);
    CHECK_NUMBER(begin(&run, "my-cc"), 0);
    CHECK(run.toolchain.compiler && run.toolchain.compiler[0] == '/');
    end(&run);
    setenv("PATH", path, 1);
    free(path);
    free(longer);
    scratch_leave(folder);
}

static void test_missing(void)
{
    static const char *const names[] = {"no-such-compiler", "./missing", "folder", "text"};
    char *folder = scratch_enter();
    scratch_folder("folder");
    scratch_file("text", "not executable");
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct run run;
        CHECK_ROW(names[i]);
        CHECK_NUMBER(begin(&run, names[i]), SHARED_ENOTFOUND);
        CHECK_MESSAGE(&run.err, "toolchain.compiler");
        CHECK_MESSAGE(&run.err, names[i]);
        end(&run);
    }
    scratch_leave(folder);
}

static void test_archives(void)
{
    struct run run;
    struct manifest_library library = {.name = "z"};
    const char *path = NULL;
    char *folder = scratch_enter();
    scratch_program("cc", COMPILER);
    scratch_file("version", "1\n");
    scratch_file("libmine.a", "");
    CHECK_NUMBER(begin(&run, "./cc"), 0);
    SCRATCH_NEED(unlink("log") == 0);
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(toolchain_find_archive(&run.toolchain, &library, "libz.a", &run.arena, &path, NULL), 0);
        CHECK_TEXT(path, "/usr/lib/libz.a");
        CHECK_NUMBER(toolchain_find_archive(&run.toolchain, &library, "libno.a", &run.arena, &path, &run.err),
                     SHARED_ENOTFOUND);
        CHECK_MESSAGE(&run.err, "library z: libno.a is neither beside the manifest nor known to cc");
        CHECK_NUMBER(toolchain_find_archive(&run.toolchain, &library, "libmine.a", &run.arena, &path, NULL),
                     0);
        CHECK(path[0] == '/');
    }
    CHECK_NUMBER(toolchain_find_archive(&run.toolchain, &library, "x/libz.a", &run.arena, &path, &run.err),
                 SHARED_ENOTFOUND);
    struct shared_slice log;
    CHECK_NUMBER(file_read("log", 1000, &run.arena, &log, NULL), 0);
    CHECK_SLICE(log, "-print-file-name=libz.a\n-print-file-name=libno.a\n");
    end(&run);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_key);
    CHECK_RUN(test_relative_path);
    CHECK_RUN(test_missing);
    CHECK_RUN(test_archives);
    return check_report();
}
