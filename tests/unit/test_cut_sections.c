#include "check.h"
#include "scratch.h"

#include "link/cut_sections.h"

#include <elf.h>
#include <stddef.h>

/* A program of one segment, 16 bytes of content, and something behind it that strip would leave. */
struct program {
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    char content[16], behind[64];
};

#define KEPT offsetof(struct program, behind)

static struct program make_program(void)
{
    struct program program = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB},
                   .e_phoff = offsetof(struct program, segment),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1,
                   .e_shoff = KEPT,
                   .e_shnum = 1,
                   .e_shentsize = sizeof(Elf64_Shdr),
                   .e_shstrndx = 1},
        .segment = {.p_type = PT_LOAD, .p_filesz = KEPT},
    };
    memset(program.content, 'c', sizeof(program.content));
    memset(program.behind, 'b', sizeof(program.behind));
    return program;
}

/* Cuts what is in "in"; gives the size of "out", which is executable. */
static size_t cut(void)
{
    struct shared_arena arena = {0};
    struct build_id id;
    struct stat st;
    CHECK_NUMBER(cut_sections("in", "out", &arena, &id, NULL), 0);
    shared_arena_clean_up(&arena);
    SCRATCH_NEED(stat("out", &st) == 0);
    CHECK_NUMBER(st.st_mode & 0777, 0755);
    return (size_t)st.st_size;
}

static void no_change(struct program *program)
{
    (void)program;
}

static void big_endian(struct program *program)
{
    program->header.e_ident[EI_DATA] = ELFDATA2MSB;
}

static void of_32_bits(struct program *program)
{
    program->header.e_ident[EI_CLASS] = ELFCLASS32;
}

static void table_outside(struct program *program)
{
    program->header.e_phoff = UINT64_MAX - 8;
}

static void too_many_segments(struct program *program)
{
    program->header.e_phnum = 4;
}

static void segment_outside(struct program *program)
{
    program->segment.p_offset = UINT64_MAX;
}

static void segment_overflows(struct program *program)
{
    program->segment.p_offset = 8;
    program->segment.p_filesz = UINT64_MAX;
}

static void only_bss(struct program *program)
{
    program->segment.p_filesz = 0;
}

static const struct {
    const char *name;
    void (*change)(struct program *program);
    size_t kept;
} rows[] = {
    {"sections behind the last segment", no_change, KEPT},
    {"big-endian", big_endian, sizeof(struct program)},
    {"32 bits", of_32_bits, sizeof(struct program)},
    {"segments' table outside", table_outside, sizeof(struct program)},
    {"more segments than there is room", too_many_segments, sizeof(struct program)},
    {"segment outside", segment_outside, sizeof(struct program)},
    {"segment that overflows", segment_overflows, sizeof(struct program)},
    {"no content", only_bss, offsetof(struct program, content)},
};

static void test_rows(void)
{
    char *folder = scratch_enter();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct program program = make_program();
        CHECK_ROW(rows[i].name);
        rows[i].change(&program);
        scratch_bytes("in", &program, sizeof(program));
        CHECK_NUMBER(cut(), rows[i].kept);
    }
    scratch_leave(folder);
}

/* Every beginning of a program is some file; none may be read beyond its end. */
static void test_cut_off(void)
{
    char *folder = scratch_enter();
    struct program program = make_program();
    for (size_t size = 0; size < KEPT; size++) {
        scratch_bytes("in", &program, size);
        CHECK_NUMBER(cut(), size);
    }
    scratch_leave(folder);
}

/* A run killed before chmod left what was there already, but no program. */
static void test_mode_is_mended(void)
{
    char *folder = scratch_enter();
    struct program program = make_program();
    struct stat before, after;
    scratch_bytes("in", &program, sizeof(program));
    cut();
    SCRATCH_NEED(stat("out", &before) == 0 && chmod("out", 0600) == 0);
    cut();
    SCRATCH_NEED(stat("out", &after) == 0);
    CHECK_NUMBER(after.st_ino, before.st_ino);
    scratch_leave(folder);
}

static void test_failures(void)
{
    char *folder = scratch_enter();
    struct shared_arena arena = {0};
    struct build_id id;
    struct shared_error err;
    CHECK_NUMBER(cut_sections("missing", "out", &arena, &id, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open missing: No such file");
    scratch_file("in", "text");
    CHECK_NUMBER(cut_sections("in", "missing/out", &arena, &id, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "missing/");
    CHECK_NUMBER(cut_sections(".", "out", &arena, &id, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, ". is a folder, not a file");
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_rows);
    CHECK_RUN(test_cut_off);
    CHECK_RUN(test_mode_is_mended);
    CHECK_RUN(test_failures);
    return check_report();
}
