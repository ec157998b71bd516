#include "crash/crash_inner.h"

#include <elf.h>
#include <string.h>

/*
 * Room for a build id, which "demine pack" fills in. It is a note like the one that linkers make
 * (NT_GNU_BUILD_ID of "GNU"), so that debuggers find it too; its section has another name because linkers
 * drop what comes under theirs. The assembler alone can say that it is a note.
 */
__asm__(".pushsection .note.demine.build-id,\"a\",%note\n"
        ".balign 4\n"
        ".globl shared_crash_note\n"
        ".hidden shared_crash_note\n"
        ".type shared_crash_note,%object\n"
        "shared_crash_note:\n"
        ".long 4, 16, 3\n"
        ".asciz \"GNU\"\n"
        ".zero 16\n"
        ".size shared_crash_note, . - shared_crash_note\n"
        ".popsection\n");

extern const char shared_crash_note[] __attribute__((visibility("hidden")));

/* Linkers put it where the ELF header is loaded to. */
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

static bool is_filled(const char *id, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++) {
        if (id[i])
            return true;
    }
    return false;
}

/* Fields of a note are aligned to 4 bytes (gABI, "Note Section"); of those aligned to 8 that stand
 * between, none has an odd number of words. */
static struct shared_slice build_id_in(const char *notes, size_t size_bytes)
{
    Elf64_Nhdr note;
    size_t at = 0;
    while (size_bytes - at >= sizeof(note)) {
        memcpy(&note, notes + at, sizeof(note));
        const char *name = notes + at + sizeof(note);
        size_t name_bytes = ((size_t)note.n_namesz + 3) & ~(size_t)3;
        size_t value_bytes = ((size_t)note.n_descsz + 3) & ~(size_t)3;
        size_t left = size_bytes - at - sizeof(note);
        if (name_bytes > left || value_bytes > left - name_bytes)
            break;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(name, "GNU", 4) == 0 &&
            is_filled(name + name_bytes, note.n_descsz))
            return shared_slice_of(name + name_bytes, note.n_descsz);
        at += sizeof(note) + name_bytes + value_bytes;
    }
    return shared_slice_of(NULL, 0);
}

static struct shared_slice build_id(const Elf64_Phdr *segments, size_t count, uintptr_t base)
{
    struct shared_slice id = build_id_in(shared_crash_note, sizeof(Elf64_Nhdr) + 4 + 16);
    for (size_t i = 0; i < count && !id.data; i++) {
        if (segments[i].p_type == PT_NOTE)
            id = build_id_in((const char *)(base + segments[i].p_vaddr), segments[i].p_filesz);
    }
    return id;
}

struct shared_crash_program shared_crash_program(void)
{
    struct shared_crash_program program = {0};
    uintptr_t start = (uintptr_t)&__ehdr_start;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(start + __ehdr_start.e_phoff);
    size_t count = __ehdr_start.e_phnum;
    for (size_t i = 0; i < count; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset == 0)
            program.base = start - segments[i].p_vaddr;
    }
    for (size_t i = 0; i < count; i++) {
        if (segments[i].p_type == PT_LOAD && (segments[i].p_flags & PF_X)) {
            program.code_start = program.base + segments[i].p_vaddr;
            program.code_end = program.code_start + segments[i].p_memsz;
        }
    }
    program.build_id = build_id(segments, count, program.base);
    return program;
}
