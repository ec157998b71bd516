/* Shared libraries that a dynamic program needs: found by reading ELF, whatever the architecture. */
#include "image_link.h"

#include "base/file.h"
#include "check/checks.h"
#include "package/package_closure.h"
#include "package/package_origin.h"

static struct shared_arena arena;
static struct shared_error err;
static struct manifest manifest;
static struct check_plan target;
static struct package_closure closure;
static struct package package;

/* A manifest with one function; members are of the project, as JSON. */
static void set_up(const char *architecture, const char *project, const char *function)
{
    char text[2048];
    snprintf(
        text, sizeof(text),
        "{\"name\": \"test\", \"target\": {\"runtime\": \"provided.al2023\", \"architecture\": \"%s\"%s},\n"
        " %s\n \"functions\": {\"f\": {\"sources\": [\"own.c\"]%s}}}\n",
        architecture, file_exists("policy.json") ? ", \"policy\": \"policy.json\"" : "", project, function);
    if (manifest_parse("demine.json", text, strlen(text), &arena, &manifest, &err) < 0 ||
        check_plan_make(&manifest, &arena, &target, &err) < 0) {
        fprintf(stderr, "the test's manifest: %s\n", err.text);
        exit(2);
    }
    closure = (struct package_closure){.target = &target, .arena = &arena};
}

static int close_program(const char *program)
{
    err = (struct shared_error){0};
    package = (struct package){0};
    int status = package_collect(&manifest, manifest.functions, NULL, &arena, &package, &err);
    return status < 0 ? status : package_add_closure(&closure, manifest.functions, program, &package, &err);
}

static const char *summary(void)
{
    const char *all = "";
    for (size_t i = 0; i < package.count; i++)
        all = shared_arena_format(&arena, "%s%s%s", all, *all ? " " : "", package.entries[i].place);
    return all;
}

static const char host_library[] =
    "\"libraries\": {\"a\": {\"archives\": [\"lib/liba.a\"], \"shared\": \"lib/liba.so\"}},";
static const char uses_library[] = ", \"libraries\": [\"a\"], \"linkage\": \"dynamic\"";

/* Shared objects in folder/lib: a needs b, b needs c in lib/deep by its RUNPATH, c and d need each other. */
static void make_libraries(const char *compiler, const char *folder)
{
    SHELL_NEED("mkdir -p %s/lib/deep", folder);
    SHELL_NEED(
        "cd %s/lib && echo 'int a(void) { return 1; }' >a.c && "
        "cc() { name=$1; shift; %s -shared -fPIC -nostdlib -Wl,--no-as-needed -Wl,-soname,lib$name.so.1 a.c "
        "\"$@\"; } && "
        "cc d -o deep/libd.so.1 && cc c -o deep/libc.so.1 deep/libd.so.1 && "
        "cc d -o deep/libd.so.1 deep/libc.so.1 && "
        "cc b -o libb.so.1 deep/libc.so.1 -Wl,-rpath,'$ORIGIN/deep' && "
        "cc a -o liba.so.1.0 libb.so.1 -Wl,-rpath-link,deep && ln -sf liba.so.1.0 liba.so.1 && "
        "ln -sf liba.so.1 liba.so",
        folder, compiler);
    scratch_file("own.c", "int a(void); int main(void) { return a() - 1; }\n");
    SHELL_NEED("%s own.c -o %s/program -Wl,--no-as-needed -L%s/lib -la -Wl,-rpath-link,%s/lib/deep", compiler,
               folder, folder, folder);
}

static void test_chain(void)
{
    set_up(HOST_ARCHITECTURE, host_library, uses_library);
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_TEXT(summary(), "lib/liba.so.1 lib/libb.so.1 lib/libc.so.1 lib/libd.so.1");
    uint64_t bytes = 0;
    for (size_t i = 0; i < package.count; i++) {
        struct stat st;
        CHECK(lstat(package.entries[i].source, &st) == 0 && S_ISREG(st.st_mode));
        CHECK_NUMBER(package.entries[i].kind, PACKAGE_FILE);
        CHECK_NUMBER(package.entries[i].size_bytes, st.st_size);
        bytes += (uint64_t)st.st_size;
    }
    CHECK_NUMBER(package.unzipped_bytes, bytes);
    CHECK(package.count && strstr(package.entries[0].source, "/lib/liba.so.1.0") != NULL);
    /* Again, by what is known already. */
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_NUMBER(package.count, 4);
}

static void test_flags(void)
{
    set_up(HOST_ARCHITECTURE, "\"toolchain\": {\"link_flags\": [\"-L\", \"nowhere\", \"-Llib\"]},", "");
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_NUMBER(package.count, 4);
}

static void test_package_has_some(void)
{
    set_up(HOST_ARCHITECTURE, host_library,
           ", \"libraries\": [\"a\"], \"linkage\": \"dynamic\", \"assets\": {\"lib/libb.so.1\": "
           "\"lib/libb.so.1\", "
           "\"lib/deep\": \"lib/deep\"}");
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_TEXT(
        summary(),
        "lib/deep/libc.so.1 lib/deep/libd.so.1 lib/liba.so.1 lib/libb.so.1 lib/libc.so.1 lib/libd.so.1");

    /* One that is for another machine is left to the checks. */
    scratch_file("libb", "no ELF");
    set_up(HOST_ARCHITECTURE, host_library,
           ", \"libraries\": [\"a\"], \"linkage\": \"dynamic\", \"assets\": {\"lib/libb.so.1\": \"libb\"}");
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_TEXT(summary(), "lib/liba.so.1 lib/libb.so.1");
}

static void test_target_has(void)
{
    scratch_file("policy.json", "{\"provided.al2023\": {\"libraries\": {\"libb.so.1\": []}}}");
    set_up(HOST_ARCHITECTURE, host_library, uses_library);
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_TEXT(summary(), "lib/liba.so.1");
    SCRATCH_NEED(unlink("policy.json") == 0);
}

static void test_missing(void)
{
    SHELL_NEED("mv lib/deep/libd.so.1 kept");
    set_up(HOST_ARCHITECTURE, host_library, uses_library);
    CHECK_NUMBER(close_program("program"), SHARED_ENOTFOUND);
    CHECK_MESSAGE(&err, "function f: bootstrap needs liba.so.1, which needs libb.so.1");
    CHECK_MESSAGE(&err, "libc.so.1, which needs libd.so.1, which gcc does not find");
    CHECK_TEXT(summary(), "lib/liba.so.1 lib/libb.so.1 lib/libc.so.1");

    scratch_file("lib/deep/libd.so.1", "\177ELF, but cut off");
    set_up(HOST_ARCHITECTURE, host_library, uses_library);
    CHECK_NUMBER(close_program("program"), SHARED_ENOTFOUND);
    CHECK_MESSAGE(&err, "lib/deep/libd.so.1");

    set_up(HOST_ARCHITECTURE, host_library,
           ", \"libraries\": [\"a\"], \"linkage\": \"dynamic\", \"checks\": {\"needed-libraries\": {\"off\": "
           "\"a "
           "pinned layer has it\"}}");
    CHECK_NUMBER(close_program("program"), 0);
    CHECK_TEXT(summary(), "lib/liba.so.1 lib/libb.so.1 lib/libc.so.1");
    SHELL_NEED("mv kept lib/deep/libd.so.1");
}

static void test_clash(void)
{
    set_up(HOST_ARCHITECTURE, host_library,
           ", \"libraries\": [\"a\"], \"linkage\": \"dynamic\", \"assets\": {\"Lib/x\": \"own.c\"}");
    CHECK_NUMBER(close_program("program"), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "differ only in case");
}

static void test_no_program(void)
{
    set_up(HOST_ARCHITECTURE, host_library, uses_library);
    CHECK_NUMBER(close_program("nowhere"), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "function f: ");
    CHECK_NUMBER(close_program("own.c"), SHARED_EPROTO);
    SHELL_NEED("gcc -static -o static own.c lib/a.c");
    CHECK_NUMBER(close_program("static"), 0);
    CHECK_NUMBER(package.count, 0);
    SHELL_NEED("echo 'int main(void) { return 0; }' >plain.c && gcc -o plain plain.c");
    CHECK_NUMBER(close_program("plain"), 0);
    CHECK_NUMBER(package.count, 0);
}

/* Debian's own: the compiler says where. */
static void test_system(void)
{
    SHELL_NEED("echo 'int main(void) { return 0; }' >plain.c && gcc -o png plain.c -Wl,--no-as-needed -lpng");
    set_up(HOST_ARCHITECTURE, "", "");
    CHECK_NUMBER(close_program("png"), 0);
    CHECK_TEXT(summary(), "lib/libpng16.so.16 lib/libz.so.1");
}

static void test_arm64(void)
{
    make_libraries("aarch64-linux-gnu-gcc", "arm");
    set_up("arm64", "\"toolchain\": {\"link_flags\": [\"-Llib\", \"-Larm/lib\"]},", "");
    CHECK_NUMBER(close_program("arm/program"), 0);
    CHECK_TEXT(summary(), "lib/liba.so.1 lib/libb.so.1 lib/libc.so.1 lib/libd.so.1");
    CHECK(package.count && strstr(package.entries[0].source, "/arm/lib/") != NULL);

    set_up("arm64", "\"toolchain\": {\"link_flags\": [\"-Llib\"]},", "");
    CHECK_NUMBER(close_program("arm/program"), SHARED_ENOTFOUND);
    CHECK_MESSAGE(&err, "lib/liba.so.1 is for x86_64; install it for arm64");

    SHELL_NEED("aarch64-linux-gnu-gcc -o gcc_s plain.c -Wl,--no-as-needed -lgcc_s");
    set_up("arm64", "", "");
    CHECK_NUMBER(close_program("gcc_s"), 0);
    CHECK_TEXT(summary(), "lib/libgcc_s.so.1");
    CHECK(package.count && strstr(package.entries[0].source, "aarch64") != NULL);
}

/* Many that need each other in every way: each is added once. */
static void test_many(void)
{
    SHELL_NEED(
        "mkdir -p many && cd many && echo 'int a(void) { return 1; }' >a.c && all= && "
        "for i in $(seq 60); do "
        "gcc -shared -fPIC -nostdlib -Wl,--no-as-needed -Wl,-soname,libm$i.so.1 -o libm$i.so.1 a.c $all && "
        "all=\"$all libm$i.so.1\"; done && "
        "gcc -o many ../own.c -Wl,--no-as-needed $all");
    set_up(HOST_ARCHITECTURE, "\"toolchain\": {\"link_flags\": [\"-Lmany\"]},", "");
    CHECK_NUMBER(close_program("many/many"), 0);
    CHECK_NUMBER(package.count, 60);
}

static void test_run_folder(void)
{
    static const struct {
        const char *place, *folder, *expected;
    } rows[] = {
        {"lib/x.so", "$ORIGIN", "lib/"},
        {"lib/x.so", "${ORIGIN}/", "lib/"},
        {"lib/x.so", "$ORIGIN/../share//./y", "share/y/"},
        {"x.so", "$ORIGIN", ""},
        {"x.so", "$ORIGIN/lib", "lib/"},
        {"a/b/c/x.so", "$ORIGIN/../../d", "a/d/"},
        {"lib/x.so", "$ORIGIN/..", ""},
        {"lib/x.so", "$ORIGIN/../..", NULL},
        {"lib/x.so", "$ORIGINAL", NULL},
        {"lib/x.so", "/var/task/lib", "lib/"},
        {"lib/x.so", "/var/tasks", NULL},
        {"lib/x.so", "/usr/lib", NULL},
        {"lib/x.so", "lib", NULL},
        {"lib/x.so", "", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].folder);
        CHECK_TEXT(package_run_folder(rows[i].place, shared_slice_from_text(rows[i].folder), &arena),
                   rows[i].expected);
    }
}

int main(void)
{
    char *scratch = scratch_enter();
    make_libraries("gcc", ".");
    CHECK_RUN(test_chain);
    CHECK_RUN(test_flags);
    CHECK_RUN(test_package_has_some);
    CHECK_RUN(test_target_has);
    CHECK_RUN(test_missing);
    CHECK_RUN(test_clash);
    CHECK_RUN(test_no_program);
    CHECK_RUN(test_system);
    if (has_tool("aarch64-linux-gnu-gcc"))
        CHECK_RUN(test_arm64);
    else
        fprintf(stderr, "arm64 is left out: there is no aarch64-linux-gnu-gcc\n");
    CHECK_RUN(test_many);
    CHECK_RUN(test_run_folder);
    shared_arena_clean_up(&arena);
    scratch_leave(scratch);
    return check_report();
}
