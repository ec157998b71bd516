/* Made-up programs and maps: which byte goes to whom where pieces leave gaps, overlap, or lie. */
#include "check.h"

#include "image/image_attribute.h"

#include <inttypes.h>

static const char manifest_text[] =
    "{\"name\": \"p\", \"libraries\": {\n"
    "  \"json\": {\"archives\": [\"../deps/libcjson.a\"]},\n"
    "  \"pixels\": {\"archives\": [\"libpng16.a\", \"/opt/gcc/libatomic.a\", \"blob.o\"]}},\n"
    " \"functions\": {\"f\": {\"sources\": [\"f.c\"], \"libraries\": [\"json\"]}}}\n";

#define HEAD "Memory map\n\n"

/* A program of one page: code, constants, thread-local data that overlays, a table of the linker's. */
static struct elf_section sections[] = {
    {{NULL, 0}, {.sh_type = SHT_NULL}},
    {SHARED_SLICE_LITERAL(".text"),
     {.sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC, .sh_addr = 0x1000, .sh_size = 0x100}},
    {SHARED_SLICE_LITERAL(".tbss"),
     {.sh_type = SHT_NOBITS, .sh_flags = SHF_ALLOC, .sh_addr = 0x1100, .sh_size = 0x80}},
    {SHARED_SLICE_LITERAL(".data"),
     {.sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC, .sh_addr = 0x1100, .sh_size = 0x100}},
    {SHARED_SLICE_LITERAL(".got"),
     {.sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC, .sh_addr = 0x1200, .sh_size = 0x40}},
    {SHARED_SLICE_LITERAL(".dynsym"),
     {.sh_type = SHT_DYNSYM, .sh_flags = SHF_ALLOC, .sh_addr = 0x1240, .sh_size = 0x40}},
    {SHARED_SLICE_LITERAL(".debug_info"), {.sh_type = SHT_PROGBITS, .sh_size = 0x100}},
};

#define FILE_BYTES 0x1000
#define DATA_SECTION ".data  0x1100 0x100\n .data  0x1100 0x100 f.o\n"

static const struct elf_file program = {
    .path = "program", .sections = sections, .section_count = sizeof(sections) / sizeof(sections[0])};

static int attribute(const char *map_text, struct shared_arena *arena, struct manifest *manifest,
                     struct image_origins *origins, struct shared_error *err)
{
    struct link_map map;
    struct image_runs runs;
    int status = manifest_parse("demine.json", manifest_text, strlen(manifest_text), arena, manifest, err);
    if (status == 0)
        status = image_origins_init(origins, manifest, &manifest->functions[0], arena, arena, err);
    if (status == 0)
        status = link_map_parse("x.map", shared_slice_from_text(map_text), arena, &map, err);
    if (status == 0)
        status = image_attribute(&program, "x.map", &map, FILE_BYTES, arena, origins, &runs, err);
    return status;
}

/* expected: "name bytes" in hexadecimal, one after the other, without what the linker has. */
static void check_attributed(const char *map_text, const char *expected)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct manifest manifest;
    struct image_origins origins;
    char found[512] = "";
    size_t used = 0;
    uint64_t sum = 0;
    if (CHECK(attribute(map_text, &arena, &manifest, &origins, &err) == 0)) {
        image_origins_sort(&origins);
        for (size_t i = 0; i < origins.count; i++) {
            sum += origins.items[i].bytes;
            if (strcmp(origins.items[i].name, "linker") != 0)
                used += (size_t)snprintf(found + used, sizeof(found) - used, "%s%s %" PRIx64,
                                         used ? ", " : "", origins.items[i].name, origins.items[i].bytes);
        }
        CHECK_TEXT(found, expected);
        CHECK_NUMBER(sum, FILE_BYTES);
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    shared_arena_clean_up(&arena);
}

static void test_pieces(void)
{
    static const struct {
        const char *name, *text, *expected;
    } rows[] = {
        {"whole", " .text  0x1000 0x100 f.o\n", "own 200"},
        {"gap", " .text  0x1000 0x80 f.o\n .text  0x1090 0x70 libx.a(x.o)\n", "own 180, libx 70"},
        {"padding", " .text  0x1000 0x80 f.o\n *fill*  0x1080 0x10\n .text  0x1090 0x70 f.o\n", "own 1f0"},
        {"size of before merging", " .text  0x1000 0x90 libx.a(x.o)\n .text  0x1010 0xf0 liby.a(y.o)\n",
         "own 100, liby f0, libx 10"},
        {"merged into others",
         " .text  0x1000 0x80 libx.a(x.o)\n .text  0x1000 0x90 libx.a(y.o)\n"
         " .text  0x1000 0x100 liby.a(y.o)\n",
         "liby 100, own 100"},
        {"merged away before padding",
         " .text  0x1000 0x20 f.o\n .text  0x1020 0x10 libx.a(x.o)\n"
         " *fill*  0x1020 0x10\n .text  0x1030 0xd0 f.o\n",
         "own 1f0"},
        {"beyond the end", " .text  0x1080 0x1000 libx.a(x.o)\n", "own 100, libx 80"},
        {"beyond the address space", " .text  0x1080 0xffffffffffffffff libx.a(x.o)\n", "own 100, libx 80"},
        {"outside", " .text  0xf00 0x100 f.o\n .text  0x1100 0x100 f.o\n .text  0x0 0x2000 f.o\n", "own 100"},
        {"out of order", " .text  0x1080 0x80 liby.a(y.o)\n .text  0x1000 0x100 libx.a(x.o)\n",
         "own 100, libx 80, liby 80"},
        {"nothing", "", "own 100"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char map[1024];
        CHECK_ROW(rows[i].name);
        snprintf(map, sizeof(map), HEAD ".text  0x1000 0x100\n%s" DATA_SECTION, rows[i].text);
        check_attributed(map, rows[i].expected);
    }
}

/* Sections that take no bytes, that the linker fills, or that are not loaded: nobody's, whatever the map says. */
static void test_sections(void)
{
    check_attributed(HEAD ".text  0x1000 0x100\n .text  0x1000 0x100 f.o\n"
                          ".tbss  0x1100 0x80\n .tbss  0x1100 0x80 libx.a(x.o)\n" DATA_SECTION
                          ".got  0x1200 0x40\n .got  0x1200 0x40 crt1.o\n"
                          ".dynsym  0x1240 0x40\n .dynsym  0x1240 0x40 crt1.o\n"
                          ".debug_info  0x0 0x100\n .debug_info  0x0 0x100 f.o\n",
                     "own 200");
}

static void test_names(void)
{
    static const struct {
        const char *file, *expected;
    } rows[] = {
        {"f.o", "own 200"},
        {"build/main.c.o", "own 200"},
        {"/tmp/cc1234.ltrans0.ltrans.o", "lto 100, own 100"},
        {"lto.tmp", "lto 100, own 100"},
        {"/tmp/lto-llvm-1ec14d.o", "lto 100, own 100"},
        {"out/program.lto.o", "lto 100, own 100"},
        {"crt1.com.o", "own 200"},
        {"build/libc.o", "own 200"},
        {"/usr/lib/crt1.o", "libc 100, own 100"},
        {"/usr/lib/Scrt1.o", "libc 100, own 100"},
        {"rcrt1.o", "libc 100, own 100"},
        {"gcrt1.o", "libc 100, own 100"},
        {"crti.o", "libc 100, own 100"},
        {"/x/crtn.o", "libc 100, own 100"},
        {"/usr/lib/gcc/x/12/crtbeginT.o", "libc 100, own 100"},
        {"crtendS.o", "libc 100, own 100"},
        {"/lib64/ld-linux-x86-64.so.2", "libc 100, own 100"},
        {"/usr/lib/gcc/../x/libc.a(printf.o)", "libc 100, own 100"},
        {"/usr/lib/libm-2.36.a(s_sin.o)", "libc 100, own 100"},
        {"libm.a(s_sin.o)", "libc 100, own 100"},
        {"libpthread.a(x.o)", "libc 100, own 100"},
        {"libgcc.a(x.o)", "libc 100, own 100"},
        {"libgcc_eh.a(unwind-dw2.o)", "libc 100, own 100"},
        {"libc_nonshared.a(atexit.oS)", "libc 100, own 100"},
        {"libmagic.a(x.o)", "libmagic 100, own 100"},
        {"libcrypt.a(x.o)", "libcrypt 100, own 100"},
        {"/deps/libcjson.a(cJSON.o)", "json 100, own 100"},
        {"deps/libcjson.a(cJSON.o)", "json 100, own 100"},
        {"/elsewhere/libcjson.a(cJSON.o)", "json 100, own 100"},
        {"/usr/lib/libpng16.a(png.o)", "own 100, pixels 100"},
        {"/usr/lib/libatomic.a(x.o)", "own 100, pixels 100"},
        {"blob.o", "own 100, pixels 100"},
        {"own.a(x.o)", "own 100, own.a 100"},
        {"linker.a(x.o)", "linker.a 100, own 100"},
        {"libc.a.bak(x.o)", "libc.a.bak 100, own 100"},
        {"odd/.a(x.o)", ".a 100, own 100"},
        {"bad\x1b[31m\xff.a(x.o)", "bad?[31m? 100, own 100"},
        {"linker stubs", "own 100"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char map[512];
        CHECK_ROW(rows[i].file);
        snprintf(map, sizeof(map), HEAD ".text  0x1000 0x100\n .text  0x1000 0x100 %s\n" DATA_SECTION,
                 rows[i].file);
        check_attributed(map, rows[i].expected);
    }
}

static void test_other_map(void)
{
    static const char *const rows[] = {
        HEAD DATA_SECTION,
        HEAD ".text  0x1000 0xff\n" DATA_SECTION,
        HEAD ".text  0x1001 0x100\n" DATA_SECTION,
        HEAD ".test  0x1000 0x100\n" DATA_SECTION,
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct manifest manifest;
        struct image_origins origins;
        CHECK_ROW(rows[i]);
        CHECK_NUMBER(attribute(rows[i], &arena, &manifest, &origins, &err), SHARED_EPROTO);
        CHECK_MESSAGE(&err, "x.map is not the map of program, or is cut off: it has no section .text of 256 "
                            "bytes at 0x1000: link again");
        shared_arena_clean_up(&arena);
    }
}

/* What ships cannot have fewer bytes than what it loads. */
static void test_small_file(void)
{
    static const uint64_t sizes[] = {0, 0x27f, 0x280};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct manifest manifest;
        struct image_origins origins;
        CHECK_NUMBER(
            manifest_parse("demine.json", manifest_text, strlen(manifest_text), &arena, &manifest, &err), 0);
        CHECK_NUMBER(image_origins_init(&origins, &manifest, &manifest.functions[0], &arena, &arena, &err),
                     0);
        struct image_runs runs;
        int status = image_attribute(&program, NULL, NULL, sizes[i], &arena, &origins, &runs, &err);
        CHECK_NUMBER(status, sizes[i] < 0x280 ? SHARED_EPROTO : 0);
        if (status < 0)
            CHECK_MESSAGE(&err, "its sections have more bytes than the program that ships");
        shared_arena_clean_up(&arena);
    }
}

/* Thousands of inputs: each has its origin, none twice. */
static void test_many(void)
{
    enum { FILES = 0x100 };
    static char map[FILES * 64 + 256];
    size_t used = (size_t)snprintf(map, sizeof(map), HEAD ".text  0x1000 0x100\n");
    for (size_t i = 0; i < FILES; i++)
        used += (size_t)snprintf(map + used, sizeof(map) - used,
                                 " .text  0x%zx 0x1 folder%zu/lib%zu.a(x.o)\n", 0x1000 + i, i, i % 128);
    snprintf(map + used, sizeof(map) - used, DATA_SECTION);
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct manifest manifest;
    struct image_origins origins;
    CHECK_NUMBER(attribute(map, &arena, &manifest, &origins, &err), 0);
    image_origins_sort(&origins);
    CHECK_NUMBER(origins.count, 128 + 2);
    for (size_t i = 2; i < origins.count; i++)
        CHECK_NUMBER(origins.items[i].bytes, 2);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_pieces);
    CHECK_RUN(test_sections);
    CHECK_RUN(test_names);
    CHECK_RUN(test_other_map);
    CHECK_RUN(test_small_file);
    CHECK_RUN(test_many);
    return check_report();
}
