/* Whether the target has what a program asks for; and programs that really ask for too much. */
#include "image_link.h"

#include "image/glibc_version.h"

static const char *const places[] = {"bootstrap", "lib/libpng16.so.16", "libtop.so.1", "share/libdata.so.1",
                                     "lib/sub/libdeep.so.1"};

#define X86_LOADER "/lib64/ld-linux-x86-64.so.2"
#define ARM_LOADER "/lib/ld-linux-aarch64.so.1"

static void test_rows(void)
{
    static const struct {
        const char *runtime, *architecture, *interpreter, *needed, *glibc, *symbol, *message;
    } rows[] = {
        {"provided.al2023", "x86_64", NULL, NULL, NULL, NULL, NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.6", "2.34", "strlen", NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "libm.so.6", "2.4", "strlen", NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "libpthread.so.0", "2.2.5", NULL, NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "ld-linux-x86-64.so.2", NULL, NULL, NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "libpng16.so.16", "2.9", NULL, NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "libtop.so.1", "2.34", NULL, NULL},
        {"provided.al2023", "arm64", ARM_LOADER, "libc.so.6", "2.34", "strlen", NULL},
        {"provided.al2", "x86_64", X86_LOADER, "libc.so.6", "2.26", "strlen", NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.6", "2.36", "memfd_create",
         "function thumbnail: memfd_create asks for GLIBC_2.36; provided.al2023 has 2.34: link it "
         "statically, "
         "or build against an older glibc"},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.6", "2.34.1", NULL, "it asks for GLIBC_2.34.1"},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.6", "3.0", "x", "x asks for GLIBC_3.0"},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.6", "2.100", "x", "x asks for GLIBC_2.100"},
        {"provided.al2", "x86_64", X86_LOADER, "libc.so.6", "2.27", "glob",
         "glob asks for GLIBC_2.27; provided.al2 has 2.26"},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.6", "2.36", "GLIBC_ABI_DT_RELR",
         "link it without -z pack-relative-relocs"},
        {"provided.al2023", "x86_64", X86_LOADER, "libpng12.so.0", NULL, NULL,
         "function thumbnail: needs libpng12.so.0, which provided.al2023 does not have: add it under lib/ as "
         "an asset or link it statically"},
        {"provided.al2023", "x86_64", X86_LOADER, "libdata.so.1", NULL, NULL, "needs libdata.so.1"},
        {"provided.al2023", "x86_64", X86_LOADER, "libdeep.so.1", NULL, NULL, "needs libdeep.so.1"},
        {"provided.al2023", "x86_64", X86_LOADER, "lib/libpng16.so.16", NULL, NULL, NULL},
        {"provided.al2023", "x86_64", X86_LOADER, "sub/libdeep.so.1", NULL, NULL, "needs sub/libdeep.so.1"},
        {"provided.al2023", "x86_64", X86_LOADER, "libgcc_s.so.1", NULL, NULL, "needs libgcc_s.so.1"},
        {"provided.al2023", "x86_64", X86_LOADER, "libc.so.66", NULL, NULL, "needs libc.so.66"},
        {"provided.al2023", "x86_64", X86_LOADER, "ld-linux-x/y.so.2", NULL, NULL, "needs ld-linux-x/y"},
        {"provided.al2023", "x86_64", "/lib/ld-musl-x86_64.so.1", "libc.so.6", NULL, NULL,
         "is loaded by /lib/ld-musl-x86_64.so.1; provided.al2023 has " X86_LOADER},
        {"provided.al2023", "arm64", X86_LOADER, "libc.so.6", NULL, NULL, "provided.al2023 has " ARM_LOADER},
        {"provided.al2023", "x86_64", NULL, "libc.so.6", NULL, NULL, "names no dynamic loader"},
    };
    struct shared_arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct manifest manifest;
        struct shared_error err = {0};
        const char *needed = rows[i].needed;
        struct image image = {.needed = {&needed, needed ? 1 : 0},
                              .interpreter = rows[i].interpreter,
                              .glibc = rows[i].glibc,
                              .glibc_symbol = rows[i].symbol};
        CHECK_ROW(rows[i].message ? rows[i].message : needed);
        image_parse_manifest(&manifest, rows[i].runtime, rows[i].architecture, &arena);
        int status = image_check_target(&manifest, "thumbnail", &image, places,
                                        sizeof(places) / sizeof(places[0]), &err);
        CHECK_NUMBER(status, rows[i].message ? SHARED_EUNSUPPORTED : 0);
        if (rows[i].message)
            CHECK_MESSAGE(&err, rows[i].message);
    }
    shared_arena_clean_up(&arena);
}

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

static int check_program(const char *path, struct shared_arena *arena, struct image *image,
                         struct shared_error *err)
{
    struct manifest manifest;
    struct image_paths paths = {path, NULL, NULL};
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, arena);
    if (!CHECK(image_read(&manifest, &manifest.functions[0], &paths, arena, image, err) == 0))
        fprintf(stderr, "    %s\n", err->text);
    return image_check_target(&manifest, "f", image, places, sizeof(places) / sizeof(places[0]), err);
}

static void check_packed(struct shared_arena *arena, const char *linker, const char *option)
{
    struct shared_error err = {0};
    struct image image;
    if (!shell("gcc -fuse-ld=%s -pie plain.c -Wl,%s -o packed && readelf -d packed | grep -w RELR", linker,
               option)) {
        printf("SKIP: packed relocations: there is no ld.%s with %s\n", linker, option);
        return;
    }
    CHECK_ROW(option);
    CHECK_NUMBER(check_program("packed", arena, &image, &err), SHARED_EUNSUPPORTED);
    CHECK_TEXT(image.glibc_symbol, "GLIBC_ABI_DT_RELR");
    CHECK_MESSAGE(&err, "link it without -z pack-relative-relocs");
}

/* A library stands in for a glibc of the future, so that the host's own version does not matter. */
static void test_real_programs(void)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct image image;
    char *folder = scratch_enter();
    scratch_file("new.c", "int from_the_future(void) { return 1; }\n");
    scratch_file("new.map", "GLIBC_2.99 { global: from_the_future; };\n");
    scratch_file("main.c", "int from_the_future(void);\nint main(void) { return from_the_future(); }\n");
    scratch_file("plain.c", "int main(void) { return 0; }\n");
    SHELL_NEED("gcc -shared -fPIC -Wl,--version-script=new.map,-soname,libtop.so.1 new.c -o libnew.so");

    SHELL_NEED("gcc main.c libnew.so -o program && strip program");
    CHECK_NUMBER(check_program("program", &arena, &image, &err), SHARED_EUNSUPPORTED);
    CHECK_MESSAGE(&err, "function f: from_the_future asks for GLIBC_2.99; provided.al2023 has 2.34");
    CHECK_NUMBER(image.needed.count, 2);
    CHECK_TEXT(image.needed.items[0], "libtop.so.1");
    CHECK_TEXT(image.needed.items[1], "libc.so.6");

    SHELL_NEED("gcc -static plain.c -o program");
    CHECK_NUMBER(check_program("program", &arena, &image, &err), 0);

    /* bfd asks for a version of its own, lld 14 for none. */
    check_packed(&arena, "bfd", "-z,pack-relative-relocs");
    check_packed(&arena, "lld", "--pack-dyn-relocs=relr");
    scratch_leave(folder);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_rows);
    CHECK_RUN(test_versions);
    CHECK_RUN(test_real_programs);
    return check_report();
}
