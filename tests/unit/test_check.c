/* What the checks of the target find in real programs, and what they leave alone. */
#include "image_link.h"

#include "check/check_inner.h"
#include "image/glibc_version.h"

#define X86_LOADER "/lib64/ld-linux-x86-64.so.2"

static struct shared_arena arena;

static void test_versions(void)
{
    static const char *const ascending[] = {"0.1", "2", "2.0.1", "2.2.5", "2.3", "2.26", "2.34", "3", "10.1"};
    static const char *const none[] = {"",    ".",       "2.",      ".2",      "2..3",
                                       "2.x", "PRIVATE", "2.3.4.5", "2.65536", "0"};
    uint64_t before = 0, number;
    for (size_t i = 0; i < sizeof(ascending) / sizeof(ascending[0]); i++) {
        CHECK_ROW(ascending[i]);
        CHECK(glibc_version_number(shared_slice_from_text(ascending[i]), &number) && number > before);
        before = number;
    }
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        CHECK_ROW(none[i]);
        CHECK(!glibc_version_number(shared_slice_from_text(none[i]), &number));
    }
}

static const char policy_text[] =
    "// what the runtimes have\n"
    "{\"provided.al2023\": {\"libraries\": {\"libtop.so.1\": [\"TOP_1.2\", \"TOP_1.10\"],\n"
    "  \"libany.so.1\": [], \"libm.so.6\": []}},\n"
    " \"provided.al2\": {\"libraries\": {\"libc.so.6\": [\"GLIBC_2.28\"]}}}\n";

/* What the target has of a library, of which a version is asked for. */
static void test_target(void)
{
    static const struct {
        const char *runtime, *library, *version;
        bool listed, there, newer; /* with the policy, or without */
    } rows[] = {
        {"provided.al2023", "libc.so.6", "GLIBC_2.34", false, true, false},
        {"provided.al2023", "libc.so.6", "GLIBC_2.4", false, true, false},
        {"provided.al2023", "libpthread.so.0", "GLIBC_2.2.5", false, true, false},
        {"provided.al2023", "ld-linux-x86-64.so.2", "GLIBC_2.3", false, true, false},
        {"provided.al2023", "ld-linux-x/y.so.2", "GLIBC_2.3", false, false, false},
        {"provided.al2023", "libc.so.6", "GLIBC_2.34.1", false, true, true},
        {"provided.al2023", "libc.so.6", "GLIBC_3.0", false, true, true},
        {"provided.al2023", "libc.so.6", "GLIBC_2.100", false, true, true},
        {"provided.al2023", "libc.so.6", "GLIBC_PRIVATE", false, true, false},
        {"provided.al2023", "libm.so.6", "GLIBC_2.35", false, true, true},
        {"provided.al2023", "libm.so.6", "GLIBC_2.35", true, true, true},
        {"provided.al2", "libc.so.6", "GLIBC_2.27", false, true, true},
        {"provided.al2", "libc.so.6", "GLIBC_2.27", true, true, false},
        {"provided.al2", "libm.so.6", "GLIBC_2.28", true, true, false},
        {"provided.al2", "libm.so.6", "GLIBC_2.29", true, true, true},
        {"provided.al2023", "libc.so.66", "GLIBC_2.2", false, false, false},
        {"provided.al2023", "libgcc_s.so.1", "GCC_3.0", false, false, false},
        {"provided.al2023", "libtop.so.1", "TOP_1.2", false, false, false},
        {"provided.al2023", "libtop.so.1", "TOP_1.9", true, true, false},
        {"provided.al2023", "libtop.so.1", "TOP_1.11", true, true, true},
        {"provided.al2023", "libtop.so.1", "OTHER_9.9", true, true, false},
        {"provided.al2023", "libany.so.1", "ANY_9.9", true, true, false},
        {"provided.al2", "libtop.so.1", "TOP_1.2", true, false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct manifest manifest;
        struct check_plan plan = {.manifest = &manifest, .arena = &arena};
        struct manifest_texts versions = {0};
        struct shared_error err = {0};
        const char *has = NULL;
        CHECK_ROW(rows[i].version);
        image_parse_manifest(&manifest, rows[i].runtime, "x86_64", &arena);
        if (rows[i].listed)
            CHECK_NUMBER(policy_parse("policy.json", shared_slice_from_text(policy_text), manifest.runtime,
                                      &arena, &plan.policy, &err),
                         0);
        CHECK(check_target_has(&plan, rows[i].library, &versions) == rows[i].there);
        CHECK(check_is_newer(&versions, rows[i].version, &has) == rows[i].newer);
    }
}

static void test_policy_errors(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "policy.json:1: "},
        {"[]", "policy.json:1: is a list"},
        {"{\"provided.al2024\": {}}", "did you mean \"provided.al2023\"?"},
        {"{\"provided.al2\": {\"librarys\": {}}}", "did you mean \"libraries\"?"},
        {"{\n\"provided.al2\": {\"libraries\": {\n\"a\": 1}}}", "policy.json:3: "},
        {"{\"provided.al2\": {\"libraries\": {\"a\": [1]}}}", "[0]"},
        {"{\"provided.al2\": {\"libraries\": {\"a\": [], \"a\": []}}}", "\"a\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct policy policy;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(policy_parse("policy.json", shared_slice_from_text(rows[i].text), RUNTIME_AL2023, &arena,
                                  &policy, &err),
                     SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
    }
    struct shared_error err = {0};
    struct policy policy;
    CHECK_NUMBER(policy_read("/nonexistent/policy.json", RUNTIME_AL2, &arena, &policy, &err), SHARED_EIO);
}

/* Runs all checks over a program of the scratch folder; files NULL-ended, as they lie there. */
static int look_at(const char *checks, const char *program, const char *unstripped, const char *map,
                   const char *const *files, struct check_report *report, struct shared_error *err)
{
    static struct manifest manifest;
    char text[1024];
    struct check_plan plan;
    struct check_file *package = shared_arena_alloc(&arena, 16 * sizeof(*package));
    size_t count = 0;
    snprintf(text, sizeof(text),
             "{\"name\": \"test\", \"target\": {\"architecture\": \"" HOST_ARCHITECTURE "\"},\n"
             " \"functions\": {\"f\": {\"sources\": [\"own.c\"]}}%s%s}\n",
             *checks ? ", \"checks\": " : "", checks);
    int status = manifest_parse("demine.json", text, strlen(text), &arena, &manifest, err);
    if (status == 0)
        status = check_plan_make(&manifest, &arena, &plan, err);
    for (; files && files[count]; count++)
        package[count] = (struct check_file){files[count], files[count]};
    const struct check_input input = {&manifest.functions[0], {program, unstripped, map}, package, count};
    return status < 0 ? status : check_function(&plan, &input, report, err);
}

static const struct check_finding *look_for(enum check_id id, const char *program, const char *const *files)
{
    static struct check_report report;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(look_at("", program, program, "map", files, &report, &err), 0))
        fprintf(stderr, "    %s\n", err.text);
    for (int i = 0; i < CHECK_COUNT; i++)
        if (i != (int)id && !CHECK(report.results[i].count == 0))
            fprintf(stderr, "    %s: %s\n", check_rules[i].name, report.results[i].findings[0].what);
    CHECK(report.results[id].count == 0 || report.results[id].outcome == CHECK_FOUND);
    CHECK_NUMBER(check_errors(&report) + check_warnings(&report), report.results[id].count);
    return report.results[id].count ? report.results[id].findings : NULL;
}

/* That a finding says a text, and its chain another. */
static void check_finding(const struct check_finding *finding, const char *what, const char *chain)
{
    if (!CHECK(finding != NULL))
        return;
    if (!CHECK(strstr(finding->what, what) != NULL))
        fprintf(stderr, "    it says: %s\n", finding->what);
    CHECK(finding->remedy != NULL && *finding->remedy);
    const char *text = check_chain_text(&finding->chain, &arena);
    if (!CHECK(strstr(text, chain) != NULL))
        fprintf(stderr, "    the chain is: %s%s\n", text, finding->no_chain ? finding->no_chain : "");
}

#define LINKED "-Wl,-q -Wl,-Map=map -ffunction-sections -Wl,--gc-sections"

static void write_sources(void)
{
    scratch_file("plain.c", "int main(void) { return 0; }\n");
    scratch_file("new.c", "int from_the_future(void) { return 1; }\n");
    scratch_file("new.map", "GLIBC_2.99 { global: from_the_future; };\n");
    scratch_file("main.c",
                 "int from_the_future(void);\n"
                 "__attribute__((noinline)) static int ask(void) { return from_the_future() + 1; }\n"
                 "int main(void) { return ask(); }\n");
    scratch_file("deep.c", "int deep(void) { return 1; }\n");
    scratch_file("top.c", "int deep(void); int top(void) { return deep(); }\n");
    scratch_file("use.c", "int top(void); int main(void) { return top(); }\n");
    SHELL_NEED("mkdir -p lib own");
}

/* A library stands in for a glibc of the future, so that the host's own version does not matter. */
static void test_glibc(void)
{
    char *folder = scratch_enter();
    write_sources();
    SHELL_NEED("gcc plain.c " LINKED " -o program");
    CHECK(look_for(CHECK_GLIBC_CEILING, "program", NULL) == NULL);
    /* A libm.so.6 of one function stands in for that of a newer glibc. */
    SHELL_NEED(
        "mkdir -p fake && gcc -shared -fPIC -nostdlib -Wl,--version-script=new.map,-soname,libm.so.6 new.c "
        "-o fake/libm.so.6 && gcc main.c fake/libm.so.6 " LINKED " -o program");
    const struct check_finding *finding = look_for(CHECK_GLIBC_CEILING, "program", NULL);
    check_finding(finding, "from_the_future asks for GLIBC_2.99; provided.al2023 has 2.34", "> main (");
    check_finding(finding, "from_the_future asks", " > ask (");
    CHECK_TEXT(finding->chain.items[finding->chain.count - 1], "from_the_future");

    /* Without relocations there is no chain, and that is said. */
    struct check_report report;
    struct shared_error err = {0};
    SHELL_NEED("strip program -o stripped");
    CHECK_NUMBER(look_at("", "stripped", NULL, NULL, NULL, &report, &err), 0);
    CHECK_NUMBER(report.results[CHECK_GLIBC_CEILING].count, 1);
    CHECK(report.results[CHECK_GLIBC_CEILING].findings[0].no_chain != NULL);
    CHECK_NUMBER(report.results[CHECK_LINK_WARNINGS].outcome, CHECK_UNKNOWN);

    /* Turned off it is kept, but counts no more. */
    CHECK_NUMBER(
        look_at("{\"glibc-ceiling\": {\"off\": \"a test\"}}", "program", NULL, NULL, NULL, &report, &err), 0);
    CHECK_NUMBER(report.results[CHECK_GLIBC_CEILING].outcome, CHECK_OFF);
    CHECK_TEXT(report.results[CHECK_GLIBC_CEILING].note, "a test");
    CHECK_NUMBER(report.results[CHECK_GLIBC_CEILING].count, 1);
    CHECK_NUMBER(check_errors(&report), 0);
    scratch_leave(folder);
}

static void test_options(void)
{
    static const struct {
        const char *checks, *message;
    } rows[] = {
        {"{\"glibc-celing\": {\"off\": \"x\"}}", "is no check; did you mean \"glibc-ceiling\"?"},
        {"{\"weather\": {\"off\": \"x\"}}", "demine check lists them"},
        {"{\"architecture\": {\"off\": \"x\"}}", "cannot be turned off"},
        {"{\"elf-class\": {\"off\": \"x\"}}", "cannot be turned off"},
        {"{\"runpath\": {\"off\": \"\"}}", "is empty"},
        {"{\"runpath\": {}}", "has no \"off\"; add it"},
        {"{\"runpath\": \"off\"}", "is a text, must be an object"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct check_report report;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].checks);
        CHECK_NUMBER(look_at(rows[i].checks, "/proc/self/exe", NULL, NULL, NULL, &report, &err),
                     SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK_MESSAGE(&err, "demine.json:");
    }
}

static void check_packed(const char *linker, const char *option)
{
    if (!shell("gcc -fuse-ld=%s -pie plain.c " LINKED " -Wl,%s -o packed && readelf -d packed | grep -w RELR",
               linker, option)) {
        printf("SKIP: packed relocations: there is no ld.%s with %s\n", linker, option);
        return;
    }
    CHECK_ROW(option);
    check_finding(look_for(CHECK_DT_RELR, "packed", NULL),
                  "glibc reads from 2.36 on; provided.al2023 has 2.34", "");
}

/* bfd asks for a version of its own, lld 14 for none; a static-pie program needs nobody. */
static void test_relr(void)
{
    char *folder = scratch_enter();
    write_sources();
    check_packed("bfd", "-z,pack-relative-relocs");
    check_packed("lld", "--pack-dyn-relocs=relr");
    if (shell("gcc -static-pie plain.c " LINKED " -Wl,-z,pack-relative-relocs -o packed"))
        CHECK(look_for(CHECK_DT_RELR, "packed", NULL) == NULL);
    scratch_leave(folder);
}

static void test_libraries(void)
{
    static const char *const both[] = {"lib/libdeep.so.1", "lib/libtop.so.1", NULL};
    static const char *const top_alone[] = {"lib/libtop.so.1", NULL};
    static const char *const hidden[] = {"own/libdeep.so.1", "own/libtop.so.1", NULL};
    static const char *const top_level[] = {"libdeep.so.1", "libtop.so.1", NULL};
    char *folder = scratch_enter();
    write_sources();
    SHELL_NEED("gcc -shared -fPIC deep.c -Wl,-soname,libdeep.so.1 -o lib/libdeep.so.1 && "
               "gcc -shared -fPIC top.c lib/libdeep.so.1 -Wl,-soname,libtop.so.1 -o lib/libtop.so.1 && "
               "cp lib/* own && cp lib/* .");
    SHELL_NEED("gcc use.c lib/libtop.so.1 -Wl,-rpath-link,lib " LINKED " -o program");
    CHECK(look_for(CHECK_NEEDED_LIBRARIES, "program", both) == NULL);
    CHECK(look_for(CHECK_NEEDED_LIBRARIES, "program", top_level) == NULL);
    check_finding(look_for(CHECK_NEEDED_LIBRARIES, "program", NULL),
                  "needs libtop.so.1, which provided.al2023 does not have", " > main (");
    check_finding(look_for(CHECK_NEEDED_LIBRARIES, "program", top_alone),
                  "lib/libtop.so.1 of the package needs libdeep.so.1, which", "");
    check_finding(look_for(CHECK_NEEDED_LIBRARIES, "program", hidden), "needs libtop.so.1", "");

    /* RPATH goes before LD_LIBRARY_PATH and down to what libraries need, RUNPATH does neither. */
    SHELL_NEED(
        "gcc use.c lib/libtop.so.1 -Wl,-rpath,'$ORIGIN/own',--disable-new-dtags -Wl,-rpath-link,lib " LINKED
        " -o program");
    CHECK(look_for(CHECK_RUNPATH, "program", both) == NULL);
    SHELL_NEED(
        "gcc use.c lib/libtop.so.1 -Wl,-rpath,'$ORIGIN/lib',--enable-new-dtags -Wl,-rpath-link,lib " LINKED
        " -o program");
    check_finding(look_for(CHECK_RUNPATH, "program", both),
                  "RUNPATH $ORIGIN/lib of the program is searched after LD_LIBRARY_PATH: a libtop.so.1", "");

    scratch_file("lib/libdeep.so.1", "not ELF\n");
    SHELL_NEED("gcc use.c lib/libtop.so.1 -Wl,--allow-shlib-undefined " LINKED
               " -o program -Wl,-rpath-link,own");
    check_finding(look_for(CHECK_NEEDED_LIBRARIES, "program", both),
                  "lib/libdeep.so.1 of the package cannot be loaded", "");
    scratch_leave(folder);
}

/* The target's own libc stands before a packaged one. */
static void test_shadowed(void)
{
    static const char *const package[] = {"lib/libm.so.6", NULL};
    char *folder = scratch_enter();
    write_sources();
    scratch_file("math.c", "#include <math.h>\nint main(int c, char **v) { (void)v; return (int)cos(c); }\n");
    SHELL_NEED("gcc -shared -fPIC deep.c -o lib/libm.so.6 && gcc math.c -lm " LINKED " -o program");
    check_finding(look_for(CHECK_RUNPATH, "program", package),
                  "lib/libm.so.6 of the package is not what the program loads: provided.al2023 has libm.so.6",
                  "");
    scratch_leave(folder);
}

static void test_loader(void)
{
    char *folder = scratch_enter();
    write_sources();
    SHELL_NEED("gcc plain.c " LINKED " -Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1 -o program");
    check_finding(look_for(CHECK_LOADER, "program", NULL),
                  "is loaded by /lib/ld-musl-x86_64.so.1; provided.al2023 has ", "");
    SHELL_NEED("gcc plain.c " LINKED " -Wl,--no-dynamic-linker -o program");
    check_finding(look_for(CHECK_LOADER, "program", NULL), "needs libc.so.6, but names no dynamic loader",
                  "");
    scratch_leave(folder);
}

static void test_segments(void)
{
    struct check_report report;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    write_sources();
    scratch_file("bare.s", ".globl bare\n.text\nbare: ret\n");
    scratch_file("start.c", "void _start(void); void _start(void) { for (;;); }\n");
    scratch_file("call.c", "void bare(void); int main(void) { bare(); return 0; }\n");
    SHELL_NEED("gcc -c call.c bare.s && ar rcs libbare.a bare.o && gcc call.o libbare.a " LINKED
               " -o program");
    check_finding(look_for(CHECK_EXECUTABLE_STACK, "program", NULL),
                  "the program asks for an executable stack, for libbare.a(bare.o)", "");
    SHELL_NEED("gcc plain.c " LINKED " -Wl,-z,execstack -o program");
    check_finding(look_for(CHECK_EXECUTABLE_STACK, "program", NULL),
                  "the program asks for an executable stack", "");
    SHELL_NEED("gcc -static -nostdlib start.c " LINKED " -Wl,-N -o program");
    CHECK_NUMBER(look_at("", "program", "program", "map", NULL, &report, &err), 0);
    check_finding(report.results[CHECK_WRITABLE_CODE].findings, "is writable and executable", "");
    scratch_leave(folder);
}

static const char resolve_source[] =
    "#define _GNU_SOURCE\n#include <netdb.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
    "__attribute__((noinline)) static int look_up(const char *name)\n"
    "{ struct addrinfo *a; return getaddrinfo(name, NULL, NULL, &a) + 1; }\n"
    "int unused(const char *name); int unused(const char *name) { return gethostbyname(name) != NULL; }\n"
    "int main(int c, char **v) { return c > 1 ? look_up(v[1]) : 0; }\n";

/* With linkers that warn and with those that do not. */
static void test_link_warnings(void)
{
    static const char *const linkers[] = {"bfd", "lld", "mold"};
    char *folder = scratch_enter();
    scratch_file("resolve.c", resolve_source);
    for (size_t i = 0; i < 3; i++) {
        if (!shell("gcc -Os -fuse-ld=%s -static resolve.c " LINKED " -o program", linkers[i])) {
            printf("SKIP: link warnings: there is no ld.%s that links it\n", linkers[i]);
            continue;
        }
        CHECK_ROW(linkers[i]);
        const struct check_finding *finding = look_for(CHECK_LINK_WARNINGS, "program", NULL);
        check_finding(finding, "reaches getaddrinfo: Using 'getaddrinfo' in statically linked applications",
                      ".o) > getaddrinfo (getaddrinfo.o)");
        check_finding(finding, "getaddrinfo", " > look_up (");
    }
    /* Of a dynamic program libc.a is no input. */
    CHECK_ROW(NULL);
    SHELL_NEED("gcc -Os resolve.c " LINKED " -o program");
    CHECK(look_for(CHECK_LINK_WARNINGS, "program", NULL) == NULL);
    scratch_leave(folder);
}

/*
 * Archives of one's own, thin ones too, warn in the same way; a static function of the same name is meant
 * by none.
 */
static void test_own_warnings(void)
{
    struct check_report report;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    scratch_file("old.c",
                 "int old_way(void) { return 1; }\n"
                 "static const char text[] __attribute__((used, section(\".gnu.warning.old_way\")))\n"
                 "  = \"old_way is old\\n\";\n");
    scratch_file("use.c", "int old_way(void); int main(void) { return old_way(); }\n");
    scratch_file("other.c", "__attribute__((noinline)) static int old_way(void) { return 2; }\n"
                            "int other(void); int other(void) { return old_way(); }\n");
    scratch_file("main.c", "int other(void); int main(void) { return other(); }\n");
    SHELL_NEED("gcc -c old.c other.c && mkdir -p sub && ar rcsT sub/libold.a old.o && ar rcs libboth.a old.o "
               "other.o");
    SHELL_NEED("gcc use.c sub/libold.a " LINKED " -o program");
    check_finding(look_for(CHECK_LINK_WARNINGS, "program", NULL), "reaches old_way: old_way is old",
                  "> main (");
    SHELL_NEED("gcc main.c libboth.a " LINKED " -o program");
    CHECK(look_for(CHECK_LINK_WARNINGS, "program", NULL) == NULL);

    SHELL_NEED("gcc use.c libboth.a " LINKED " -o program && truncate -s 100 libboth.a");
    CHECK_NUMBER(look_at("", "program", "program", "map", NULL, &report, &err), 0);
    CHECK_NUMBER(report.results[CHECK_LINK_WARNINGS].outcome, CHECK_UNKNOWN);
    CHECK(strstr(report.results[CHECK_LINK_WARNINGS].note, "libboth.a") != NULL);
    scratch_leave(folder);
}

static void test_locale(void)
{
    char *folder = scratch_enter();
    scratch_file("locale.c", "#include <locale.h>\n#include <iconv.h>\n"
                             "void unused(void); void unused(void) { iconv_open(\"a\", \"b\"); }\n"
                             "int main(void) { return setlocale(LC_ALL, \"\") == 0; }\n");
    SHELL_NEED("gcc -Os -static locale.c " LINKED " -o program");
    check_finding(look_for(CHECK_STATIC_LOCALE, "program", NULL), "reaches setlocale",
                  "> setlocale (setlocale.o)");
    SHELL_NEED("gcc -Os locale.c " LINKED " -o program");
    CHECK(look_for(CHECK_STATIC_LOCALE, "program", NULL) == NULL);
    scratch_leave(folder);
}

/* A program that is no program is an error, not a finding. */
static void test_hostile(void)
{
    struct check_report report;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    write_sources();
    SHELL_NEED(
        "gcc plain.c -o program && head -c 3000 program >cut && printf '\\1' | dd of=program bs=1 seek=4 "
        "conv=notrunc");
    CHECK_NUMBER(look_at("", "cut", NULL, NULL, NULL, &report, &err), SHARED_EPROTO);
    CHECK_NUMBER(look_at("", "program", NULL, NULL, NULL, &report, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "32-bit");
    CHECK_NUMBER(look_at("", "absent", NULL, NULL, NULL, &report, &err), SHARED_EIO);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_versions);
    CHECK_RUN(test_target);
    CHECK_RUN(test_policy_errors);
    CHECK_RUN(test_options);
    CHECK_RUN(test_glibc);
    CHECK_RUN(test_relr);
    CHECK_RUN(test_libraries);
    CHECK_RUN(test_shadowed);
    CHECK_RUN(test_loader);
    CHECK_RUN(test_segments);
    CHECK_RUN(test_link_warnings);
    CHECK_RUN(test_own_warnings);
    CHECK_RUN(test_locale);
    CHECK_RUN(test_hostile);
    shared_arena_clean_up(&arena);
    return check_report();
}
