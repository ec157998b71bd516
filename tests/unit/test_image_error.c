/* Programs and maps that are not what they should be: each a clear error, whatever the bytes. */
#include "image_link.h"

#include "base/file.h"
#include "image/elf_dynamic.h"

static struct shared_arena arena;
static struct manifest manifest;

static int read_paths(const char *shipped, const char *unstripped, const char *map, struct image *image,
                      struct shared_error *err)
{
    struct image_paths paths = {shipped, unstripped, map};
    *err = (struct shared_error){0};
    return image_read(&manifest, &manifest.functions[0], &paths, &arena, image, err);
}

static struct shared_slice content_of(const char *path)
{
    struct shared_slice content = {0};
    struct shared_error err;
    SCRATCH_NEED(file_read(path, 64u << 20, &arena, &content, &err) == 0);
    return content;
}

static void link_programs(void)
{
    image_compile("host", "gcc", "ar");
    SHELL_NEED("gcc -fuse-ld=bfd -pie -Wl,--gc-sections,-Map=program.map host/own.o host/lib/libsample.a "
               "host/libother.a -o program && strip -o shipped program");
    SHELL_NEED("gcc -fuse-ld=bfd -pie -Wl,--gc-sections,-Map=other.map host/own.o host/libother.a "
               "host/lib/libsample.a -Wl,-z,norelro -o other");
}

/* One place of an ELF file overwritten with a number of so many bytes. */
struct patch {
    const char *name;
    size_t offset, size_bytes;
    uint64_t value;
    enum shared_error_code code;
    const char *message;
};

#define IN_HEADER(member) offsetof(Elf64_Ehdr, member), sizeof(((Elf64_Ehdr *)0)->member)

static void check_patched(const struct patch *patch, struct shared_slice original)
{
    struct image image;
    struct shared_error err;
    CHECK_ROW(patch->name);
    char *copy = shared_arena_copy(&arena, original);
    SCRATCH_NEED(copy && patch->offset + patch->size_bytes <= original.size_bytes);
    memcpy(copy + patch->offset, &patch->value,
           patch->size_bytes); /* the host is little-endian, as ELF is here */
    scratch_bytes("patched", copy, original.size_bytes);
    CHECK_NUMBER(read_paths("patched", NULL, NULL, &image, &err), patch->code);
    CHECK_MESSAGE(&err, "patched");
    CHECK_MESSAGE(&err, patch->message);
}

static void test_header(void)
{
    static const struct patch patches[] = {
        {"magic", 0, 4, 0x464c457e, SHARED_EPROTO, "does not begin as ELF files do"},
        {"32-bit", EI_CLASS, 1, ELFCLASS32, SHARED_EINVAL, "is a 32-bit program"},
        {"big-endian", EI_DATA, 1, ELFDATA2MSB, SHARED_EINVAL, "is big-endian"},
        {"riscv", IN_HEADER(e_machine), EM_RISCV, SHARED_EINVAL,
         "is for riscv64; the target is " HOST_ARCHITECTURE},
        {"machine", IN_HEADER(e_machine), 9999, SHARED_EINVAL, "is for machine 9999; the target is"},
        {"object", IN_HEADER(e_type), ET_REL, SHARED_EINVAL, "is an object, not a program"},
        {"core", IN_HEADER(e_type), ET_CORE, SHARED_EINVAL, "its ELF type is 4"},
        {"library", IN_HEADER(e_entry), 0, SHARED_EINVAL, "is a library, not a program"},
        {"entry", IN_HEADER(e_entry), 1, SHARED_EPROTO, "0x1 is not in executable code"},
        {"far entry", IN_HEADER(e_entry), UINT64_MAX, SHARED_EPROTO, "is not in executable code"},
        {"no segments", IN_HEADER(e_phnum), 0, SHARED_EPROTO, "is not in executable code"},
        {"many segments", IN_HEADER(e_phnum), 65000, SHARED_EPROTO, "is cut off: program header"},
        {"far segments", IN_HEADER(e_phoff), UINT64_MAX - 8, SHARED_EPROTO, ""},
        {"odd segments", IN_HEADER(e_phentsize), 32, SHARED_EPROTO, ""},
        {"many sections", IN_HEADER(e_shnum), 65000, SHARED_EPROTO, "is cut off: section header"},
        {"far sections", IN_HEADER(e_shoff), UINT64_MAX - 8, SHARED_EPROTO, "is cut off: section header"},
        {"odd sections", IN_HEADER(e_shentsize), 32, SHARED_EPROTO, ""},
    };
    struct shared_slice original = content_of("shipped");
    for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++)
        check_patched(&patches[i], original);

    /* With more than 65,279 sections the first one's header has their number. */
    char *extended = shared_arena_copy(&arena, original);
    memset(extended + offsetof(Elf64_Ehdr, e_shnum), 0, sizeof(Elf64_Half));
    const struct patch cut = {"extended sections", IN_HEADER(e_shoff), original.size_bytes - 8, SHARED_EPROTO,
                              "is cut off: section header"};
    check_patched(&cut, shared_slice_of(extended, original.size_bytes));
}

/* Offset in the file of the first dynamic entry with a tag. */
static size_t dynamic_entry(const struct elf_file *file, Elf64_Sxword tag)
{
    const GElf_Phdr *segment = elf_file_segment(file, PT_DYNAMIC);
    SCRATCH_NEED(segment);
    for (size_t at = segment->p_offset;; at += sizeof(Elf64_Dyn)) {
        Elf64_Dyn entry;
        memcpy(&entry, file->content.data + at, sizeof(entry));
        if (entry.d_tag == tag)
            return at;
        SCRATCH_NEED(entry.d_tag != DT_NULL);
    }
}

static size_t segment_header(const struct elf_file *file, GElf_Word type)
{
    const GElf_Phdr *segment = elf_file_segment(file, type);
    SCRATCH_NEED(segment);
    return file->header.e_phoff + (size_t)(segment - file->segments) * sizeof(Elf64_Phdr);
}

static void test_tables(void)
{
    struct elf_file file;
    struct shared_error err;
    SCRATCH_NEED(elf_file_read("shipped", &arena, &file, &err) == 0);
    const size_t value = offsetof(Elf64_Dyn, d_un), filesz = offsetof(Elf64_Phdr, p_filesz);
    const GElf_Phdr *interpreter = elf_file_segment(&file, PT_INTERP);
    const struct patch patches[] = {
        {"needed", dynamic_entry(&file, DT_NEEDED) + value, 8, 1u << 30, SHARED_EPROTO,
         "DT_NEEDED of its dynamic section leads to nothing"},
        {"texts", dynamic_entry(&file, DT_STRTAB) + value, 8, 1u << 30, SHARED_EPROTO,
         "DT_STRTAB of its dynamic section leads to nothing"},
        {"texts' size", dynamic_entry(&file, DT_STRSZ) + value, 8, 0, SHARED_EPROTO, "DT_NEEDED"},
        {"symbols", dynamic_entry(&file, DT_SYMTAB) + value, 8, UINT64_MAX, SHARED_EPROTO, "DT_SYMTAB"},
        {"versions", dynamic_entry(&file, DT_VERNEED) + value, 8, UINT64_MAX, SHARED_EPROTO, "DT_VERNEED"},
        {"interpreter", interpreter->p_offset + interpreter->p_filesz - 1, 1, 'x', SHARED_EPROTO,
         "PT_INTERP holds no path"},
        {"no interpreter", interpreter->p_offset, 1, 0, SHARED_EPROTO, "PT_INTERP holds no path"},
        {"long interpreter", segment_header(&file, PT_INTERP) + filesz, 8, UINT64_MAX, SHARED_EPROTO,
         "is cut off: segment"},
        {"long dynamic", segment_header(&file, PT_DYNAMIC) + filesz, 8, 1u << 30, SHARED_EPROTO,
         "is cut off: segment"},
        {"long load", segment_header(&file, PT_LOAD) + filesz, 8, 1u << 30, SHARED_EPROTO,
         "is cut off: segment"},
    };
    for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++)
        check_patched(&patches[i], file.content);
}

static void test_cut_off(void)
{
    struct shared_slice original = content_of("shipped");
    struct image image;
    struct shared_error err;
    for (size_t cut = 0; cut < original.size_bytes; cut += 1 + cut / 24) {
        scratch_bytes("cut", original.data, cut);
        CHECK_NUMBER(read_paths("cut", NULL, NULL, &image, &err), SHARED_EPROTO);
        CHECK_MESSAGE(&err, cut < EI_NIDENT ? "does not begin as ELF files do" : "cut is cut off: ");
        CHECK(read_paths("shipped", "cut", "program.map", &image, &err) == SHARED_EPROTO);
    }
}

/* What sstrip does: no section headers and nothing after the last segment. It runs all the same. */
static void test_without_sections(void)
{
    struct elf_file file;
    struct shared_error err;
    struct image bare, full;
    SCRATCH_NEED(elf_file_read("shipped", &arena, &file, &err) == 0);
    size_t end = 0;
    for (size_t i = 0; i < file.segment_count; i++)
        if (file.segments[i].p_type == PT_LOAD)
            end = file.segments[i].p_offset + file.segments[i].p_filesz;
    char *copy = shared_arena_copy(&arena, file.content);
    Elf64_Ehdr header;
    memcpy(&header, copy, sizeof(header));
    header.e_shoff = 0;
    header.e_shnum = header.e_shstrndx = 0;
    memcpy(copy, &header, sizeof(header));
    scratch_bytes("bare", copy, end);

    CHECK_NUMBER(read_paths("shipped", "program", "program.map", &full, &err), 0);
    CHECK_NUMBER(read_paths("bare", "program", "program.map", &bare, &err), 0);
    check_sum(&bare);
    CHECK_NUMBER(bare.file_bytes, end);
    CHECK_NUMBER(origin_bytes(&bare, "own"), origin_bytes(&full, "own"));
    CHECK_NUMBER(origin_bytes(&full, "linker") - origin_bytes(&bare, "linker"), full.file_bytes - end);
    CHECK_TEXT(bare.interpreter, HOST_LOADER);
    CHECK_TEXT(bare.glibc, full.glibc);
    CHECK_TEXT(bare.glibc_symbol, full.glibc_symbol);
    CHECK_NUMBER(bare.needed.count, 1);

    CHECK_NUMBER(read_paths("bare", NULL, NULL, &bare, &err), 0);
    check_sum(&bare);
    CHECK(origin_bytes(&bare, "linker") >= sizeof(Elf64_Ehdr) + file.segment_count * sizeof(Elf64_Phdr));
    CHECK(origin_bytes(&bare, "own") > OWN_BYTES + SAMPLE_BYTES + OTHER_BYTES);
    CHECK_NUMBER(read_paths("bare", NULL, "program.map", &bare, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "bare has no section headers");
}

static void test_not_together(void)
{
    struct image image;
    struct shared_error err;
    CHECK_NUMBER(read_paths("shipped", "program", "other.map", &image, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "other.map is not the map of program");
    CHECK_NUMBER(read_paths("shipped", "program", "host/own.c", &image, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "ends without a memory map");
    SHELL_NEED("gcc -static host/own.o host/libother.a host/lib/libsample.a -o static");
    CHECK_NUMBER(read_paths("shipped", "static", NULL, &image, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "shipped is not the stripped copy of static");
    struct shared_slice original = content_of("shipped");
    char *moved = shared_arena_copy(&arena, original);
    moved[offsetof(Elf64_Ehdr, e_entry)] ^= 4;
    scratch_bytes("moved", moved, original.size_bytes);
    CHECK_NUMBER(read_paths("moved", NULL, NULL, &image, &err), 0);
    CHECK_NUMBER(read_paths("moved", "program", NULL, &image, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "moved is not the stripped copy of program");
    CHECK_NUMBER(read_paths("host/own.o", NULL, NULL, &image, &err), SHARED_EINVAL);
    CHECK_NUMBER(read_paths("nothing", NULL, NULL, &image, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "nothing");
    CHECK_NUMBER(read_paths("shipped", "nothing", NULL, &image, &err), SHARED_EIO);
    CHECK_NUMBER(read_paths("shipped", "program", "nothing", &image, &err), SHARED_EIO);
    CHECK_NUMBER(read_paths("host", NULL, NULL, &image, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "host is a folder");
    scratch_bytes("empty", "", 0);
    CHECK_NUMBER(read_paths("empty", NULL, NULL, &image, &err), SHARED_EPROTO);
    CHECK_NUMBER(read_paths("shipped", "program", "empty", &image, &err), SHARED_EPROTO);
}

/* A map that was cut at a line's end reads well; what it lacks is noticed, or is nothing that is loaded. */
static void test_cut_map(void)
{
    struct shared_slice map = content_of("program.map");
    struct image image;
    struct shared_error err;
    size_t refused = 0, taken = 0;
    for (size_t i = 1; i < 64; i++) {
        size_t cut = map.size_bytes * i / 64;
        while (map.data[cut - 1] != '\n')
            cut++;
        scratch_bytes("cut.map", map.data, cut);
        int status = read_paths("shipped", "program", "cut.map", &image, &err);
        CHECK(status == 0 || status == SHARED_EPROTO);
        if (status < 0) {
            refused++;
            CHECK_MESSAGE(&err, "cut.map");
            continue;
        }
        taken++;
        check_sum(&image);
        CHECK(origin_bytes(&image, "own") >= OWN_BYTES);
    }
    CHECK(refused > 32 && taken > 0);
}

int main(void)
{
    char *folder = scratch_enter();
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, &arena);
    link_programs();
    CHECK_RUN(test_header);
    CHECK_RUN(test_tables);
    CHECK_RUN(test_cut_off);
    CHECK_RUN(test_without_sections);
    CHECK_RUN(test_not_together);
    CHECK_RUN(test_cut_map);
    scratch_leave(folder);
    shared_arena_clean_up(&arena);
    return check_report();
}
