/* test_build_id.c - room for a build id in programs of all kinds, and in what is none. */
#include "check.h"
#include "scratch.h"

#include "link/build_id.h"

#include <elf.h>
#include <stddef.h>

struct note {
    Elf64_Nhdr header;
    char name[4];
    unsigned char value[20];
};

/* A program with two segments of notes. */
struct program {
    Elf64_Ehdr header;
    Elf64_Phdr segments[2];
    struct note first, second;
};

static struct note make_note(uint32_t type, const char *name, uint32_t size)
{
    struct note note = {.header = {.n_namesz = 4, .n_descsz = size, .n_type = type}};
    memcpy(note.name, name, 4);
    return note;
}

static struct program make_program(void)
{
    struct program program = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_X86_64,
                   .e_version = EV_CURRENT,
                   .e_ehsize = sizeof(Elf64_Ehdr),
                   .e_phoff = offsetof(struct program, segments),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 2},
        .first = make_note(NT_GNU_ABI_TAG, "GNU", 20),
        .second = make_note(NT_GNU_BUILD_ID, "GNU", 16),
    };
    program.segments[0] = (Elf64_Phdr){.p_type = PT_NOTE,
                                       .p_offset = offsetof(struct program, first),
                                       .p_filesz = sizeof(struct note),
                                       .p_align = 8};
    program.segments[1] = (Elf64_Phdr){.p_type = PT_NOTE,
                                       .p_offset = offsetof(struct program, second),
                                       .p_filesz = sizeof(struct note) - 4,
                                       .p_align = 4};
    return program;
}

static void as_it_is(struct program *program)
{
    (void)program;
}

static void other_first(struct program *program)
{
    program->first = make_note(NT_GNU_BUILD_ID, "GNU", 20);
    program->first.value[19] = 1;
}

static void other_after(struct program *program)
{
    struct note zero = make_note(NT_GNU_BUILD_ID, "GNU", 16);
    program->first = make_note(NT_GNU_BUILD_ID, "GNU", 20);
    program->second = program->first;
    program->second.header.n_descsz = 16;
    program->second.value[0] = 1;
    program->first = zero;
    program->segments[0].p_filesz = sizeof(struct note) - 4;
}

static void room_of_20(struct program *program)
{
    program->second.header.n_descsz = 20;
    program->segments[1].p_filesz = sizeof(struct note);
}

static void other_name(struct program *program)
{
    memcpy(program->second.name, "Go\0", 4);
}

static void other_type(struct program *program)
{
    program->second.header.n_type = NT_GNU_GOLD_VERSION;
}

static void segment_outside(struct program *program)
{
    program->segments[1].p_offset = 1 << 20;
}

static void segment_overflows(struct program *program)
{
    program->segments[1].p_filesz = UINT64_MAX - 4;
}

static void note_overflows(struct program *program)
{
    program->second.header.n_descsz = UINT32_MAX - 2;
}

static void name_overflows(struct program *program)
{
    program->second.header.n_namesz = UINT32_MAX;
}

static void no_segments(struct program *program)
{
    program->header.e_phnum = 0;
}

static void table_outside(struct program *program)
{
    program->header.e_phoff = UINT64_MAX - 8;
}

static void no_elf(struct program *program)
{
    program->header.e_ident[0] = '#';
}

static const struct {
    const char *name;
    void (*change)(struct program *program);
    bool filled;
} rows[] = {
    {"room", as_it_is, true},
    {"an id of the linker's before it", other_first, false},
    {"an id of the linker's behind it", other_after, false},
    {"room of another size", room_of_20, false},
    {"a note of somebody else's", other_name, false},
    {"a note of another type", other_type, false},
    {"segment outside", segment_outside, false},
    {"segment that overflows", segment_overflows, false},
    {"note that overflows", note_overflows, false},
    {"name that overflows", name_overflows, false},
    {"no segments", no_segments, false},
    {"segments' table outside", table_outside, false},
    {"no ELF file", no_elf, false},
};

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct program program = make_program(), before;
        struct build_id id = {.size_bytes = 99};
        CHECK_ROW(rows[i].name);
        rows[i].change(&program);
        before = program;
        struct hash hash = hash_bytes(shared_slice_of(&before, sizeof(before)));
        build_id_fill(shared_slice_of(&program, sizeof(program)), &id);
        CHECK_NUMBER(id.size_bytes, rows[i].filled ? sizeof(hash) : 0);
        CHECK(memcmp(id.bytes, &hash, id.size_bytes) == 0);
        memcpy(before.second.value, id.bytes, id.size_bytes);
        CHECK(memcmp(&before, &program, sizeof(program)) == 0);
    }
}

/* Filled in twice is filled in once. */
static void test_again(void)
{
    struct program program = make_program(), once;
    struct build_id id;
    build_id_fill(shared_slice_of(&program, sizeof(program)), &id);
    once = program;
    build_id_fill(shared_slice_of(&program, sizeof(program)), &id);
    CHECK_NUMBER(id.size_bytes, 0);
    CHECK(memcmp(&once, &program, sizeof(program)) == 0);
}

static void test_cut_off(void)
{
    for (size_t size = 0; size < sizeof(struct program); size++) {
        struct program program = make_program();
        struct build_id id;
        void *copy = malloc(size ? size : 1);
        SCRATCH_NEED(copy);
        memcpy(copy, &program, size);
        build_id_fill(shared_slice_of(copy, size), &id);
        CHECK(id.size_bytes == 0 || size >= offsetof(struct program, second.value) + 16);
        free(copy);
    }
}

static void test_files(void)
{
    char *folder = scratch_enter();
    struct program program = make_program();
    struct build_id id = {.bytes = {0xab, 0xcd}, .size_bytes = 16}, none = {0}, read;
    struct shared_error err;
    struct stat before, after;
    scratch_bytes("in", &program, sizeof(program));
    CHECK_NUMBER(build_id_read("in", &read, &err), 0);
    CHECK_NUMBER(read.size_bytes, 0);
    CHECK_NUMBER(build_id_copy("in", "out", &id, &err), 0);
    CHECK_NUMBER(build_id_read("out", &read, &err), 0);
    CHECK(read.size_bytes == 16 && memcmp(read.bytes, id.bytes, 16) == 0);
    SCRATCH_NEED(stat("out", &before) == 0);
    CHECK_NUMBER(build_id_copy("in", "out", &id, &err), 0);
    SCRATCH_NEED(stat("out", &after) == 0);
    CHECK_NUMBER(before.st_ino, after.st_ino);
    CHECK_NUMBER(build_id_copy("in", "out", &none, &err), 0);
    CHECK_NUMBER(build_id_read("out", &read, &err), 0);
    CHECK_NUMBER(read.size_bytes, 0);
    scratch_leave(folder);
}

static void test_failures(void)
{
    char *folder = scratch_enter();
    struct build_id id = {.size_bytes = 16};
    struct shared_error err;
    CHECK_NUMBER(build_id_read("missing", &id, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open missing: No such file");
    scratch_file("text", "#!/bin/sh\n");
    CHECK_NUMBER(build_id_read("text", &id, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "text is not a program");
    CHECK_NUMBER(build_id_read(".", &id, &err), SHARED_EPROTO);
    scratch_file("empty", "");
    CHECK_NUMBER(build_id_read("empty", &id, &err), SHARED_EPROTO);
    CHECK_NUMBER(build_id_copy("missing", "out", &id, &err), SHARED_EIO);
    CHECK_NUMBER(build_id_copy("text", "missing/out", &id, &err), SHARED_EIO);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_rows);
    CHECK_RUN(test_again);
    CHECK_RUN(test_cut_off);
    CHECK_RUN(test_files);
    CHECK_RUN(test_failures);
    return check_report();
}
