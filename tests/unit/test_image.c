/* Programs of every linker and linkage: what image_read says of them, beside what their symbols say. */
#include "image_link.h"

#include "image/elf_file.h"

#include <sys/stat.h>

enum linkage { STATIC, STATIC_PIE, DYNAMIC };

static const struct variant {
    const char *name, *linker, *flags;
    enum linkage linkage;
} variants[] = {
    {"bfd static, relocations kept", "bfd", "-static -no-pie -Wl,-q", STATIC},
    {"bfd static", "bfd", "-static -no-pie", STATIC},
    {"bfd static-pie, relocations kept", "bfd", "-static-pie -Wl,-q", STATIC_PIE},
    {"bfd dynamic, relocations kept", "bfd", "-pie -Wl,-q", DYNAMIC},
    {"bfd dynamic, fixed address", "bfd", "-no-pie -Wl,--cref", DYNAMIC},
    {"lld static, relocations kept", "lld", "-static -no-pie -Wl,-q", STATIC},
    {"lld static-pie", "lld", "-static-pie", STATIC_PIE},
    {"lld dynamic, relocations kept", "lld", "-pie -Wl,-q", DYNAMIC},
    {"mold static", "mold", "-static -no-pie", STATIC},
    {"mold dynamic", "mold", "-pie", DYNAMIC},
    {"gold static", "gold", "-static -no-pie", STATIC},
    {"gold dynamic", "gold", "-pie", DYNAMIC},
};

static struct shared_arena arena;

/* Bytes of loaded symbols whose names begin with prefix: an account that knows nothing of the map. */
static uint64_t symbol_bytes(const struct elf_file *file, const char *prefix)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *table = &file->sections[i].header;
        if (table->sh_type != SHT_SYMTAB || table->sh_link >= file->section_count)
            continue;
        const GElf_Shdr *names = &file->sections[table->sh_link].header;
        struct shared_slice texts = elf_file_bytes(file, names->sh_offset, names->sh_size);
        for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= table->sh_size; at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            memcpy(&symbol, file->content.data + table->sh_offset + at, sizeof(symbol));
            struct shared_slice name = elf_text(texts, symbol.st_name);
            if (symbol.st_shndx < file->section_count &&
                elf_section_is_loaded(&file->sections[symbol.st_shndx]) && name.size_bytes > strlen(prefix) &&
                memcmp(name.data, prefix, strlen(prefix)) == 0)
                sum += symbol.st_size;
        }
    }
    return sum;
}

/* An origin has its symbols, and beside them strings, constants and exception frames, a few hundred bytes. */
static void check_origin(const struct image *image, const char *origin, uint64_t symbols,
                         uint64_t table_bytes)
{
    uint64_t bytes = origin_bytes(image, origin);
    CHECK(symbols >= table_bytes);
    if (!CHECK(bytes >= symbols && bytes <= symbols + 400))
        fprintf(stderr, "    %s has %ju bytes, its symbols %ju\n", origin, (uintmax_t)bytes,
                (uintmax_t)symbols);
}

static void check_origins(const struct image *image, enum linkage linkage)
{
    struct elf_file file;
    struct shared_error err = {0};
    check_sum(image);
    if (!CHECK(elf_file_read("program", &arena, &file, &err) == 0))
        return;
    /* main is the one symbol of own.o that is not called own_…: some 60 bytes. */
    check_origin(image, "own", symbol_bytes(&file, "own_"), OWN_BYTES);
    check_origin(image, "sample", symbol_bytes(&file, "sample_"), SAMPLE_BYTES);
    check_origin(image, "libother", symbol_bytes(&file, "other_"), OTHER_BYTES);
    uint64_t libc = origin_bytes(image, "libc");
    CHECK(linkage == DYNAMIC ? libc > 20 && libc < 4096 : libc > 300000);
    uint64_t linker = origin_bytes(image, "linker");
    CHECK(linkage == DYNAMIC ? linker > 1000 : linker * 5 < image->file_bytes);
    CHECK_NUMBER(image->origin_count, 5);
}

static void check_loader(const struct image *image, const char *readelf, const char *loader,
                         enum linkage linkage)
{
    if (linkage != DYNAMIC) {
        CHECK(image->interpreter == NULL);
        CHECK_NUMBER(image->needed.count, 0);
        CHECK(image->glibc == NULL && image->glibc_symbol == NULL);
        return;
    }
    CHECK_TEXT(image->interpreter, loader);
    CHECK_NUMBER(image->needed.count, 1);
    CHECK_TEXT(image->needed.count ? image->needed.items[0] : NULL, "libc.so.6");
    if (!CHECK(image->glibc && image->glibc_symbol))
        return;
    /* binutils' word for both: the symbol has this version, and none has a newer one. */
    CHECK(shell("%s -W --dyn-syms shipped | grep -qE ' %s@+GLIBC_%s( |$)'", readelf, image->glibc_symbol,
                image->glibc));
    CHECK(shell("test \"$(%s -W -V shipped | grep -oE 'GLIBC_[0-9.]+' | sort -V | tail -1)\" = GLIBC_%s",
                readelf, image->glibc));
}

static void read_variant(const struct manifest *manifest, const char *readelf, const char *loader,
                         enum linkage linkage)
{
    struct image_paths paths = {"shipped", "program", "program.map"};
    struct shared_error err = {0};
    struct image image;
    struct stat st;
    if (!CHECK(image_read(manifest, &manifest->functions[0], &paths, &arena, &image, &err) == 0)) {
        fprintf(stderr, "    %s\n", err.text);
        return;
    }
    CHECK(stat("shipped", &st) == 0 && (uint64_t)st.st_size == image.file_bytes);
    check_origins(&image, linkage);
    check_loader(&image, readelf, loader, linkage);
}

static void test_variants(void)
{
    struct manifest manifest;
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, &arena);
    image_compile("host", "gcc", "ar");
    for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
        const struct variant *variant = &variants[i];
        char linker[32];
        CHECK_ROW(variant->name);
        snprintf(linker, sizeof(linker), "ld.%s", variant->linker);
        if (!has_tool(linker)) {
            printf("SKIP: %s: there is no %s\n", variant->name, linker);
            continue;
        }
        SHELL_NEED("rm -f program shipped && gcc -fuse-ld=%s %s -Wl,--gc-sections,-Map=program.map "
                   "host/own.o host/lib/libsample.a host/libother.a -o program && strip -o shipped program",
                   variant->linker, variant->flags);
        read_variant(&manifest, "readelf", HOST_LOADER, variant->linkage);
    }
}

static void test_arm64(void)
{
    struct manifest manifest;
    if (!has_tool("aarch64-linux-gnu-gcc")) {
        printf("SKIP: arm64: there is no aarch64-linux-gnu-gcc\n");
        return;
    }
    image_parse_manifest(&manifest, "provided.al2023", "arm64", &arena);
    image_compile("arm64", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-ar");
    /* A cross compiler looks for linkers in folders of its own. */
    SHELL_NEED("mkdir tools && { ! command -v ld.lld || ln -s \"$(command -v ld.lld)\" tools/ld.lld; }");
    static const struct variant rows[] = {
        {"arm64 static", "bfd", "-static -no-pie -Wl,-q", STATIC},
        {"arm64 dynamic", "bfd", "-pie -Wl,-q", DYNAMIC},
        {"arm64 dynamic, lld", "lld", "-pie", DYNAMIC},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].name);
        if (strcmp(rows[i].linker, "lld") == 0 && !has_tool("ld.lld")) {
            printf("SKIP: %s: there is no ld.lld\n", rows[i].name);
            continue;
        }
        SHELL_NEED("rm -f program shipped && aarch64-linux-gnu-gcc -Btools -fuse-ld=%s %s "
                   "-Wl,--gc-sections,-Map=program.map arm64/own.o arm64/lib/libsample.a arm64/libother.a "
                   "-o program && aarch64-linux-gnu-strip -o shipped program",
                   rows[i].linker, rows[i].flags);
        read_variant(&manifest, "aarch64-linux-gnu-readelf", "/lib/ld-linux-aarch64.so.1", rows[i].linkage);
    }
}

/* mold's maps say nothing of .eh_frame. Without these lines of bfd's the entries must tell the same. */
static void test_frames(void)
{
    static const char *const names[] = {"own", "sample", "libother", "libc"};
    struct manifest manifest;
    struct shared_error err = {0};
    struct image full, bare;
    struct image_paths paths = {"shipped", "program", "program.map"};
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, &arena);
    SHELL_NEED("gcc -fuse-ld=bfd -static -Wl,--gc-sections,-Map=program.map host/own.o host/lib/libsample.a "
               "host/libother.a -o program && strip -o shipped program && "
               "grep -v '^ [.]eh_frame  ' program.map > bare.map");
    CHECK_NUMBER(image_read(&manifest, &manifest.functions[0], &paths, &arena, &full, &err), 0);
    paths.map = "bare.map";
    CHECK_NUMBER(image_read(&manifest, &manifest.functions[0], &paths, &arena, &bare, &err), 0);
    check_sum(&bare);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CHECK_ROW(names[i]);
        /* What is shared by entries, some 24 bytes for a dozen of files, stays with the linker. */
        uint64_t with = origin_bytes(&full, names[i]), without = origin_bytes(&bare, names[i]);
        CHECK(without <= with && with - without <= (i < 3 ? 64 : 1024));
    }
}

/* The archives of two libraries have one base name: the folder above tells which is which. */
static void test_same_base_name(void)
{
    static const char text[] =
        "{\"name\": \"test\", \"target\": {\"architecture\": \"" HOST_ARCHITECTURE "\"},\n"
        " \"libraries\": {\"a-first\": {\"archives\": [\"elsewhere/libsample.a\"]},\n"
        "  \"by-folder\": {\"archives\": [\"../x/host/lib/libsample.a\"]},\n"
        "  \"z-own\": {\"archives\": [\"libother.a\"]}, \"b-not-linked\": {\"archives\": "
        "[\"libother.a\"]}},\n"
        " \"functions\": {\"f\": {\"sources\": [\"own.c\"], \"libraries\": [\"z-own\"]}}}\n";
    struct manifest manifest;
    struct shared_error err = {0};
    struct image image;
    struct image_paths paths = {"shipped", "program", "program.map"};
    if (!CHECK(manifest_parse("demine.json", text, strlen(text), &arena, &manifest, &err) == 0))
        return;
    SHELL_NEED("gcc -Wl,--gc-sections,-Map=program.map host/own.o host/lib/libsample.a host/libother.a "
               "-o program && strip -o shipped program");
    CHECK_NUMBER(image_read(&manifest, &manifest.functions[0], &paths, &arena, &image, &err), 0);
    check_sum(&image);
    CHECK(origin_bytes(&image, "by-folder") >= SAMPLE_BYTES);
    CHECK_NUMBER(origin_bytes(&image, "a-first"), 0);
    CHECK(origin_bytes(&image, "z-own") >= OTHER_BYTES);
    CHECK_NUMBER(origin_bytes(&image, "b-not-linked"), 0);
}

static void test_without_map(void)
{
    struct manifest manifest;
    struct shared_error err = {0};
    struct image with, without, alone;
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, &arena);
    struct image_paths all = {"shipped", "program", "program.map"}, two = {"shipped", "program", NULL},
                       one = {"shipped", NULL, NULL};
    CHECK_NUMBER(image_read(&manifest, &manifest.functions[0], &all, &arena, &with, &err), 0);
    CHECK_NUMBER(image_read(&manifest, &manifest.functions[0], &two, &arena, &without, &err), 0);
    CHECK_NUMBER(image_read(&manifest, &manifest.functions[0], &one, &arena, &alone, &err), 0);
    check_sum(&without);
    check_sum(&alone);
    CHECK_NUMBER(without.origin_count, 2);
    CHECK_NUMBER(origin_bytes(&without, "own"), origin_bytes(&alone, "own"));
    /* Padding between pieces is the linker's only where a map tells what a piece is. */
    uint64_t pieces = with.file_bytes - origin_bytes(&with, "linker"), own = origin_bytes(&without, "own");
    CHECK(own >= pieces && own < pieces + 512);
    CHECK_NUMBER(with.needed.count, alone.needed.count);
}

int main(void)
{
    char *folder = scratch_enter();
    CHECK_RUN(test_variants);
    CHECK_RUN(test_frames);
    CHECK_RUN(test_same_base_name);
    CHECK_RUN(test_without_map);
    CHECK_RUN(test_arm64);
    scratch_leave(folder);
    shared_arena_clean_up(&arena);
    return check_report();
}
