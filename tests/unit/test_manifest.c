/* What a manifest that is right becomes. */
#include "check.h"

#include "manifest/manifest.h"
#include "manifest/manifest_default.h"

#include <stdlib.h>
#include <unistd.h>

static struct shared_arena arena;
static struct shared_error error;

static int parse(const char *path, const char *text, struct manifest *manifest)
{
    error.text[0] = '\0';
    int status = manifest_parse(path, text, strlen(text), &arena, manifest, &error);
    if (status < 0)
        fprintf(stderr, "    %s\n", error.text);
    return status;
}

static const char full[] =
    "// everything that a manifest can say\n"
    "{\n"
    "  \"$schema\": \"../packer/demine.schema.json\",\n"
    "  \"name\": \"video-api\", /* the\n"
    "  project */\n"
    "  \"target\": {\"runtime\": \"provided.al2\", \"architecture\": \"arm64\"},\n"
    "  \"toolchain\": {\"compiler\": \"/opt/x/bin/foo-gcc-12\", \"flags\": [\"-O2\", \"-g\", \"-O2\"],\n"
    "                \"link_flags\": [\"-lm\"], \"linker\": \"mold\", \"strip\": \"mystrip\"},\n"
    "  \"libraries\": {\"zlib\": {\"archives\": [\"libz.a\"]},\n"
    "    \"libpng1.6\": {\"archives\": [\"libpng.a\"], \"include\": [\"inc\"], \"needs\": [\"zlib\"]}},\n"
    "  \"functions\": {\n"
    "    \"z\": {\"binary\": \"out/z\", \"map\": \"out/z.map\"},\n"
    "    \"a\": {\"sources\": [\"a.c\", \"b.c\"], \"objects\": [\"c.o\"], \"libraries\": [\"libpng1.6\"],\n"
    "      \"flags\": [\"-DX=\\\"//\\\"\"], \"linkage\": \"dynamic\",\n"
    "      \"assets\": {\"share/t.json\": \"data/t.json\", \".\": \"www\"},\n"
    "      \"environment\": {\"TABLE\": \"t\\u00e9\", \"EMPTY\": \"\"},\n"
    "      \"memory_mb\": 256, \"timeout_s\": 1e1}},\n"
    "  \"limits\": {\"profile\": \"2016\", \"overrides\": {\"zip_bytes\": 1000, \"layers\": 0},\n"
    "             \"s3_bucket\": \"code.example\"}\n"
    "}\n";

static void test_project(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(parse("some/folder/demine.json", full, &manifest), 0))
        return;
    CHECK_TEXT(manifest.path, "some/folder/demine.json");
    CHECK_TEXT(manifest.folder, "some/folder");
    CHECK_TEXT(manifest.name, "video-api");
    CHECK_NUMBER(manifest.runtime, RUNTIME_AL2);
    CHECK_NUMBER(manifest.architecture, ARCHITECTURE_ARM64);
    CHECK_TEXT(manifest.toolchain.compiler, "/opt/x/bin/foo-gcc-12");
    CHECK_NUMBER(manifest.toolchain.flags.count, 3);
    CHECK_TEXT(manifest.toolchain.flags.items[1], "-g");
    CHECK_NUMBER(manifest.toolchain.link_flags.count, 1);
    CHECK_NUMBER(manifest.toolchain.linker, LINKER_MOLD);
    CHECK_TEXT(manifest.toolchain.strip, "mystrip");
    CHECK_NUMBER(manifest.profile, PROFILE_2016);
    CHECK_TEXT(manifest.s3_bucket, "code.example");
    CHECK_NUMBER(manifest.override_count, 2);
    CHECK_TEXT(manifest.overrides[0].name, "layers");
    CHECK_NUMBER(manifest.overrides[0].value, 0);
    CHECK_NUMBER(manifest.overrides[1].value, 1000);
    CHECK_TEXT(manifest.overrides[1].json_path, "limits.overrides.zip_bytes");
}

static void test_libraries(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(parse("demine.json", full, &manifest), 0))
        return;
    CHECK_TEXT(manifest.folder, ".");
    CHECK_NUMBER(manifest.library_count, 2);
    CHECK_TEXT(manifest.libraries[0].name, "libpng1.6");
    CHECK_TEXT(manifest.libraries[0].json_path, "libraries[\"libpng1.6\"]");
    CHECK_TEXT(manifest.libraries[0].include.items[0], "inc");
    CHECK_TEXT(manifest.libraries[0].needs.items[0], "zlib");
    CHECK(manifest_find_library(&manifest, "zlib") == &manifest.libraries[1]);
    CHECK(!manifest_find_library(&manifest, "zli"));
}

static void test_functions(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(parse("demine.json", full, &manifest), 0))
        return;
    CHECK_NUMBER(manifest.function_count, 2);
    const struct manifest_function *a = &manifest.functions[0], *z = &manifest.functions[1];
    CHECK(manifest_find_function(&manifest, "z") == z);
    CHECK(!manifest_find_function(&manifest, "A"));
    CHECK_TEXT(a->name, "a");
    CHECK_TEXT(a->json_path, "functions.a");
    CHECK_NUMBER(a->sources.count, 2);
    CHECK_TEXT(a->sources.items[1], "b.c");
    CHECK_TEXT(a->objects.items[0], "c.o");
    CHECK(!a->binary && !a->map);
    CHECK_TEXT(a->flags.items[0], "-DX=\"//\"");
    CHECK_NUMBER(a->linkage, LINKAGE_DYNAMIC);
    CHECK_NUMBER(a->asset_count, 2);
    CHECK_TEXT(a->assets[0].place, ".");
    CHECK_TEXT(a->assets[1].place, "share/t.json");
    CHECK_TEXT(a->assets[1].source, "data/t.json");
    CHECK_TEXT(a->assets[1].json_path, "functions.a.assets[\"share/t.json\"]");
    CHECK_NUMBER(a->environment_count, 2);
    CHECK_TEXT(a->environment[0].name, "EMPTY");
    CHECK_TEXT(a->environment[0].value, "");
    CHECK_TEXT(a->environment[1].value, "t\xC3\xA9");
    CHECK_NUMBER(a->memory_mb, 256);
    CHECK_NUMBER(a->timeout_s, 10);
    CHECK_TEXT(z->binary, "out/z");
    CHECK_TEXT(z->map, "out/z.map");
    CHECK_NUMBER(z->linkage, LINKAGE_STATIC);
    CHECK_NUMBER(z->memory_mb, 128);
    CHECK_NUMBER(z->timeout_s, 3);
}

static void test_files(void)
{
    struct manifest manifest;
    static const char text[] =
        "{\"name\": \"p\", \"lock\": \"l.json\", \"zip\": {\"level\": \"smallest\"},\n"
        "\"layers\": {\"plan\": \"off\", \"allow_extra_bytes\": 7, \"replan_percent\": 25},\n"
        "\"functions\": {\"n\": {\"runtime\": \"nodejs22.x\", \"handler\": \"index.handler\",\n"
        "\"assets\": {\".\": \"src\"}, \"prewarm\": \"rate(5 minutes)\", \"requests_per_s\": 20, "
        "\"duration_ms\": 150},\n"
        "\"c\": {\"sources\": [\"c.c\"], \"linkage\": \"auto\", \"movable\": [\"share/*\"],\n"
        "\"layers\": {\"arn:aws:lambda:eu-west-1:123456789012:layer:tools:3\": 1048576}}}}";
    if (!CHECK_NUMBER(parse("demine.json", text, &manifest), 0))
        return;
    CHECK_TEXT(manifest.lock, "l.json");
    CHECK_NUMBER(manifest.level, LEVEL_SMALLEST);
    CHECK_NUMBER(manifest.layer_plan, LAYERS_OFF);
    CHECK_NUMBER(manifest.layer_extra_bytes, 7);
    CHECK_NUMBER(manifest.replan_percent, 25);
    const struct manifest_function *c = &manifest.functions[0], *n = &manifest.functions[1];
    CHECK(manifest_is_program(c) && !manifest_is_program(n));
    CHECK_TEXT(n->runtime, "nodejs22.x");
    CHECK_TEXT(n->handler, "index.handler");
    CHECK_TEXT(n->prewarm, "rate(5 minutes)");
    CHECK_NUMBER(n->requests_per_s, 20);
    CHECK_NUMBER(n->duration_ms, 150);
    CHECK_NUMBER(c->linkage, LINKAGE_AUTO);
    CHECK_TEXT(c->movable.items[0], "share/*");
    CHECK_NUMBER(c->layer_count, 1);
    CHECK_TEXT(c->layers[0].arn, "arn:aws:lambda:eu-west-1:123456789012:layer:tools:3");
    CHECK_NUMBER(c->layers[0].unzipped_bytes, 1048576);
}

static void test_defaults(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(parse("/x/demine.json",
                            "\xEF\xBB\xBF{\"name\": \"p\", \"functions\": {\"f\": {\"sources\": [\"f.c\"]}}}",
                            &manifest),
                      0))
        return;
    CHECK_TEXT(manifest.folder, "/x");
    CHECK_NUMBER(manifest.runtime, RUNTIME_AL2023);
    CHECK_NUMBER(manifest.architecture, ARCHITECTURE_X86_64);
    CHECK_TEXT(manifest.toolchain.compiler, default_compiler(ARCHITECTURE_X86_64));
    CHECK_NUMBER(manifest.toolchain.flags.count, 1);
    CHECK_TEXT(manifest.toolchain.flags.items[0], "-Os");
    CHECK_NUMBER(manifest.toolchain.linker, LINKER_BFD);
    CHECK_NUMBER(manifest.library_count, 0);
    CHECK_NUMBER(manifest.profile, PROFILE_TODAY);
    CHECK_NUMBER(manifest.override_count, 0);
    CHECK(!manifest.s3_bucket);
    CHECK_TEXT(manifest.lock, "demine.lock.json");
    CHECK_NUMBER(manifest.layer_plan, LAYERS_AUTO);
    CHECK_NUMBER(manifest.layer_extra_bytes, 0);
    CHECK_NUMBER(manifest.replan_percent, 10);
    CHECK_NUMBER(manifest.level, LEVEL_DEFAULT);
    CHECK(!manifest_find_library(&manifest, "f"));
}

static void test_no_flags_is_not_the_default(void)
{
    struct manifest manifest;
    CHECK_NUMBER(
        parse(
            "demine.json",
            "{\"name\": \"p\", \"toolchain\": {\"flags\": []}, \"functions\": {\"f\": {\"binary\": \"f\"}}}",
            &manifest),
        0);
    CHECK_NUMBER(manifest.toolchain.flags.count, 0);
}

static void test_compilers(void)
{
#if defined(__aarch64__)
    CHECK_TEXT(default_compiler(ARCHITECTURE_ARM64), "gcc");
    CHECK_TEXT(default_compiler(ARCHITECTURE_X86_64), "x86_64-linux-gnu-gcc");
    enum manifest_architecture native = ARCHITECTURE_ARM64, foreign = ARCHITECTURE_X86_64;
    const char *foreign_strip = "x86_64-linux-gnu-strip";
#else
    CHECK_TEXT(default_compiler(ARCHITECTURE_X86_64), "gcc");
    CHECK_TEXT(default_compiler(ARCHITECTURE_ARM64), "aarch64-linux-gnu-gcc");
    enum manifest_architecture native = ARCHITECTURE_X86_64, foreign = ARCHITECTURE_ARM64;
    const char *foreign_strip = "aarch64-linux-gnu-strip";
#endif
    static const struct {
        const char *compiler, *strip;
    } rows[] = {
        {"gcc", "strip"},
        {"gcc-12", "strip"},
        {"cc", "strip"},
        {"clang", "strip"},
        {"/usr/bin/clang-14", "strip"},
        {"/usr/bin/gcc-12", "/usr/bin/strip"},
        {"aarch64-linux-gnu-gcc", "aarch64-linux-gnu-strip"},
        {"/opt/gcc/bin/aarch64-linux-gnu-gcc", "/opt/gcc/bin/aarch64-linux-gnu-strip"},
        {"/opt/x/bin/foo-gcc-12", "/opt/x/bin/foo-strip"},
        {"musl-gcc", "strip"},
        {"/usr/bin/musl-gcc", "strip"},
        {"x86_64-linux-musl-gcc", "x86_64-linux-musl-strip"},
        {"egcc", "strip"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].compiler);
        CHECK_TEXT(default_strip(rows[i].compiler, native, &arena), rows[i].strip);
    }
    CHECK_ROW(NULL);
    CHECK_TEXT(default_strip("clang", foreign, &arena), foreign_strip);
    CHECK_TEXT(default_strip("gcc", foreign, &arena), foreign_strip);
    CHECK_TEXT(default_strip("foo-gcc", foreign, &arena), "foo-strip");
}

static void test_later_stages_fail_in_the_same_words(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(parse("demine.json", full, &manifest), 0))
        return;
    const struct manifest_function *a = &manifest.functions[0];
    CHECK_NUMBER(manifest_fail(&manifest, a->json_path, "memory_mb", &error, "is %d, must be more", 256),
                 SHARED_EINVAL);
    CHECK_TEXT(error.text, "demine.json:17: functions.a.memory_mb: is 256, must be more");
    manifest_fail(&manifest, a->assets[1].json_path, NULL, &error, "is gone");
    CHECK_TEXT(error.text, "demine.json:15: functions.a.assets[\"share/t.json\"]: is gone");
    manifest_fail(&manifest, manifest.functions[1].json_path, "memory_mb", &error, "is low");
    CHECK_TEXT(error.text, "demine.json:12: functions.z.memory_mb: is low");
    manifest_fail(&manifest, manifest.overrides[0].json_path, NULL, &error, "is no limit");
    CHECK_TEXT(error.text, "demine.json:18: limits.overrides.layers: is no limit");
    manifest_fail(&manifest, "functions.a.sources[1]", NULL, &error, "is gone");
    CHECK_TEXT(error.text, "demine.json:13: functions.a.sources[1]: is gone");
    CHECK_NUMBER(manifest_fail(&manifest, "nowhere", "x", NULL, "unheard"), SHARED_EINVAL);
}

/* "a,b,c" of a function's link order. */
static const char *order_of(const struct manifest *manifest, const char *name)
{
    const struct manifest_library **order;
    size_t count;
    const char *all = "";
    const struct manifest_function *function = manifest_find_function(manifest, name);
    if (manifest_link_order(manifest, function, &arena, &order, &count, &error) < 0)
        return error.text;
    for (size_t i = 0; i < count; i++)
        all = shared_arena_format(&arena, "%s%s%s", all, i ? "," : "", order[i]->name);
    return all;
}

static void test_link_order(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(
            parse("demine.json",
                  "{\"name\": \"p\", \"libraries\": {"
                  "\"a\": {\"needs\": [\"m\", \"z\"]}, \"b\": {\"needs\": [\"z\"]}, \"m\": {},"
                  "\"png\": {\"needs\": [\"z\", \"m\"]}, \"z\": {}, \"q\": {\"needs\": [\"a\", \"png\"]}},"
                  "\"functions\": {"
                  "\"none\": {\"sources\": [\"x\"]},"
                  "\"listed\": {\"sources\": [\"x\"], \"libraries\": [\"z\", \"m\"]},"
                  "\"shared\": {\"sources\": [\"x\"], \"libraries\": [\"a\", \"b\"]},"
                  "\"turned\": {\"sources\": [\"x\"], \"libraries\": [\"z\", \"b\"]},"
                  "\"deep\": {\"sources\": [\"x\"], \"libraries\": [\"b\", \"q\"]}}}",
                  &manifest),
            0))
        return;
    CHECK_TEXT(order_of(&manifest, "none"), "");
    CHECK_TEXT(order_of(&manifest, "listed"), "z,m");
    CHECK_TEXT(order_of(&manifest, "shared"), "a,m,b,z");
    CHECK_TEXT(order_of(&manifest, "turned"), "b,z");
    CHECK_TEXT(order_of(&manifest, "deep"), "b,q,a,png,z,m");
}

/* As deep as a manifest can name them: the walk may not use the program's stack. */
static void test_long_chain(void)
{
    enum { LENGTH = 100000 };
    size_t room = 64 * LENGTH + 256;
    char *text = malloc(room), *p = text;
    p += sprintf(p, "{\"name\": \"p\", \"libraries\": {\"l0\": {}");
    for (int i = 1; i < LENGTH; i++)
        p += sprintf(p, ",\n\"l%d\": {\"needs\": [\"l%d\"]}", i, i - 1);
    sprintf(p, "}, \"functions\": {\"f\": {\"sources\": [\"x\"], \"libraries\": [\"l%d\"]}}}", LENGTH - 1);
    struct manifest manifest;
    const struct manifest_library **order;
    size_t count;
    if (CHECK_NUMBER(parse("demine.json", text, &manifest), 0) &&
        CHECK_NUMBER(manifest_link_order(&manifest, manifest.functions, &arena, &order, &count, &error), 0)) {
        CHECK_NUMBER(count, LENGTH);
        CHECK_TEXT(order[0]->name, "l99999");
        CHECK_TEXT(order[LENGTH - 1]->name, "l0");
    }
    free(text);
}

static void test_names(void)
{
    CHECK_TEXT(manifest_runtime_name(RUNTIME_AL2023), "provided.al2023");
    CHECK_TEXT(manifest_runtime_name(RUNTIME_AL2), "provided.al2");
    CHECK_TEXT(manifest_architecture_name(ARCHITECTURE_X86_64), "x86_64");
    CHECK_TEXT(manifest_architecture_name(ARCHITECTURE_ARM64), "arm64");
    CHECK_TEXT(manifest_profile_name(PROFILE_TODAY), "today");
    CHECK_TEXT(manifest_profile_name(PROFILE_2016), "2016");
}

static void test_read_from_file(void)
{
    char folder[] = "/tmp/test_manifest.XXXXXX";
    struct manifest manifest;
    if (!CHECK(mkdtemp(folder) != NULL))
        return;
    CHECK_NUMBER(manifest_read(folder, &arena, &manifest, &error), SHARED_EIO);
    CHECK_MESSAGE(&error, "is a folder, not a file");

    const char *path = shared_arena_format(&arena, "%s/demine.json", folder);
    CHECK_NUMBER(manifest_read(path, &arena, &manifest, &error), SHARED_EIO);
    CHECK_MESSAGE(&error, "No such file or directory");

    FILE *file = fopen(path, "w");
    if (CHECK(file != NULL)) {
        fputs(full, file);
        fclose(file);
        CHECK_NUMBER(manifest_read(path, &arena, &manifest, &error), 0);
        CHECK_TEXT(manifest.folder, folder);
        CHECK_NUMBER(truncate(path, MANIFEST_LIMIT_BYTES + 1), 0);
        CHECK_NUMBER(manifest_read(path, &arena, &manifest, &error), SHARED_EINVAL);
        CHECK_MESSAGE(&error, "is too large; a manifest has at most 16777216 bytes");
    }
    unlink(path);
    rmdir(folder);
}

/* Schedules that EventBridge takes, and layers that go together. */
static void test_schedules(void)
{
    static const char *const good[] = {
        "rate(1 minute)",
        "rate(5 minutes)",
        "rate(2  hours)",
        "rate(1 day)",
        "cron(0/5 8-18 ? * MON-FRI *)",
        "cron(0 10 * * ? *)",
        "cron(15,45 */2 L JAN,6-8 ? 2026-2030)",
        "cron(0 10 LW * ? *)",
        "cron(0 10 3W * ? *)",
        "cron(0 10 ? * 6L *)",
        "cron(0 10 ? * L 2199)",
        "cron(0 10 ? * 6#3 *)",
        "cron( 0 10 ? * sun,TUE-THU/2 1970/4 )",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        struct manifest manifest;
        struct shared_error err = {0};
        const char *text = shared_arena_format(
            &arena,
            "{\"name\": \"p\", \"functions\": {\"f\": {\"binary\": \"b\", \"prewarm\": \"%s\", \"layers\": {"
            "\"arn:aws:lambda:eu-west-1:123456789012:layer:t:1\": 1, "
            "\"arn:aws:lambda:eu-west-1:123456789012:layer:t2:1\": 1, "
            "\"arn:aws:lambda:eu-west-1:210987654321:layer:t:1\": 1}}}}",
            good[i]);
        CHECK_ROW(good[i]);
        CHECK_NUMBER(manifest_parse("demine.json", text, strlen(text), &arena, &manifest, &err), 0);
        CHECK_TEXT(err.text, "");
    }
}

int main(void)
{
    CHECK_RUN(test_project);
    CHECK_RUN(test_libraries);
    CHECK_RUN(test_functions);
    CHECK_RUN(test_files);
    CHECK_RUN(test_schedules);
    CHECK_RUN(test_defaults);
    CHECK_RUN(test_no_flags_is_not_the_default);
    CHECK_RUN(test_compilers);
    CHECK_RUN(test_later_stages_fail_in_the_same_words);
    CHECK_RUN(test_link_order);
    CHECK_RUN(test_long_chain);
    CHECK_RUN(test_names);
    CHECK_RUN(test_read_from_file);
    shared_arena_clean_up(&arena);
    return check_report();
}
