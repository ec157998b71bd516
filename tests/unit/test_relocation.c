/* Where relocations lead to, by the bytes of real instructions. */
#include "image_link.h"

#include "graph/relocation.h"
#include "image/elf_file.h"

#define SYMBOL 0x404000u

struct row {
    const char *name;
    const char *before; /* the instruction up to its place */
    size_t size;
    uint32_t type;
    int64_t addend;
    bool section_symbol, in_code;
    enum relocation_form form;
    uint64_t target;
};

static void check_rows(const struct row *rows, size_t count,
                       enum relocation_form (*read)(const struct relocation *, uint64_t *))
{
    for (size_t i = 0; i < count; i++) {
        const struct relocation relocation = {
            .place = 0x401000,
            .type = rows[i].type,
            .addend = rows[i].addend,
            .value = SYMBOL,
            .section_symbol = rows[i].section_symbol,
            .in_code = rows[i].in_code,
            .before = {rows[i].before, rows[i].size},
        };
        uint64_t target = 0;
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(read(&relocation, &target), rows[i].form);
        if (rows[i].form != RELOCATION_NONE)
            CHECK_NUMBER(target, rows[i].target);
    }
}

#define BYTES(text) text, sizeof(text) - 1
#define PC(name, text, addend)                                                                 \
    {                                                                                          \
        name, BYTES(text), R_X86_64_PC32, addend, true, true, RELOCATION_TARGET, SYMBOL + 0x20 \
    }

/* What objdump shows of each is its name; +0x20 is what it refers to. */
static const struct row x86_64_rows[] = {
    PC("call f", "\xe8", 0x1c),
    PC("jmp f", "\xe9", 0x1c),
    PC("je f", "\x0f\x84", 0x1c),
    PC("lea 0x0(%rip),%rax", "\x48\x8d\x05", 0x1c),
    PC("mov 0x0(%rip),%eax", "\x8b\x05", 0x1c),
    PC("mov %eax,0x0(%rip)", "\x89\x05", 0x1c),
    PC("cmpb $0x5,0x0(%rip)", "\x80\x3d", 0x1b),
    PC("cmpl $0x5,0x0(%rip)", "\x83\x3d", 0x1b),
    PC("cmpl $0x12345,0x0(%rip)", "\x81\x3d", 0x18),
    PC("cmpw $0x1234,0x0(%rip)", "\x66\x81\x3d", 0x1a),
    PC("cmpq $0x12345,0x0(%rip)", "\x48\x81\x3d", 0x18),
    PC("movb $0x1,0x0(%rip)", "\xc6\x05", 0x1b),
    PC("movl $0x1,0x0(%rip)", "\xc7\x05", 0x18),
    PC("movw $0x1,0x0(%rip)", "\x66\xc7\x05", 0x1a),
    PC("movq $0x1,0x0(%rip)", "\x48\xc7\x05", 0x18),
    PC("testb $0x1,0x0(%rip)", "\xf6\x05", 0x1b),
    PC("testl $0x1,0x0(%rip)", "\xf7\x05", 0x18),
    PC("testw $0x1,0x0(%rip)", "\x66\xf7\x05", 0x1a),
    PC("notl 0x0(%rip)", "\xf7\x15", 0x1c),
    PC("divl 0x0(%rip)", "\xf7\x35", 0x1c),
    PC("imul $0x7,0x0(%rip),%eax", "\x6b\x05", 0x1b),
    PC("imul $0x777,0x0(%rip),%eax", "\x69\x05", 0x18),
    PC("shll $0x3,0x0(%rip)", "\xc1\x25", 0x1b),
    PC("shlb $0x3,0x0(%rip)", "\xc0\x25", 0x1b),
    PC("shll 0x0(%rip)", "\xd1\x25", 0x1c),
    PC("movzbl 0x0(%rip),%eax", "\x0f\xb6\x05", 0x1c),
    PC("imul 0x0(%rip),%eax", "\x0f\xaf\x05", 0x1c),
    PC("btl $0x3,0x0(%rip)", "\x0f\xba\x25", 0x1b),
    PC("movaps 0x0(%rip),%xmm0", "\x0f\x28\x05", 0x1c),
    PC("shufps $0x1,0x0(%rip),%xmm0", "\x0f\xc6\x05", 0x1b),
    PC("pshufd $0x1,0x0(%rip),%xmm0", "\x66\x0f\x70\x05", 0x1b),
    PC("cmpltsd 0x0(%rip),%xmm0", "\xf2\x0f\xc2\x05", 0x1b),
    PC("at a section's start", "", 0x1c),
    {"mov 0x0,%edi", BYTES("\xbf"), R_X86_64_32, 0x20, true, true, RELOCATION_TARGET, SYMBOL + 0x20},
    {"mov 0x0(,%rax,8),%rax", BYTES("\x48\x8b\x04\xc5"), R_X86_64_32S, 0x20, true, true, RELOCATION_TARGET,
     SYMBOL + 0x20},
    {"address", "", 0, R_X86_64_64, 8, false, false, RELOCATION_TARGET, SYMBOL + 8},
    {"call f@PLT", BYTES("\xe8"), R_X86_64_PLT32, -4, false, true, RELOCATION_TARGET, SYMBOL},
    {"mov f@GOTPCREL(%rip),%rax", BYTES("\x48\x8b\x05"), R_X86_64_REX_GOTPCRELX, -4, false, true,
     RELOCATION_TARGET, SYMBOL},
    {"cmpq $0x0,f@GOTPCREL(%rip)", BYTES("\x48\x83\x3d"), R_X86_64_GOTPCREL, -5, false, true,
     RELOCATION_TARGET, SYMBOL},
    {"call *f@GOTPCREL(%rip)", BYTES("\xff\x15"), R_X86_64_GOTPCRELX, -4, false, true, RELOCATION_TARGET,
     SYMBOL},
    {"mov %fs:x@tpoff,%eax", BYTES("\x64\x8b\x04\x25"), R_X86_64_TPOFF32, 4, false, true, RELOCATION_TARGET,
     SYMBOL + 4},
    {"mov x@gottpoff(%rip),%rax", BYTES("\x48\x8b\x05"), R_X86_64_GOTTPOFF, -4, false, true,
     RELOCATION_TARGET, SYMBOL},
    {"lea x@tlsgd(%rip),%rdi", BYTES("\x66\x48\x8d\x3d"), R_X86_64_TLSGD, -4, false, true, RELOCATION_TARGET,
     SYMBOL},
    {"jump table", "", 0, R_X86_64_PC32, 0x30, true, false, RELOCATION_DISTANCE, SYMBOL + 0x30},
    {"distance of 64 bits", "", 0, R_X86_64_PC64, 0x30, true, false, RELOCATION_DISTANCE, SYMBOL + 0x30},
    {"none", "", 0, R_X86_64_NONE, 0, false, true, RELOCATION_NONE, 0},
    {"size", "", 0, R_X86_64_SIZE64, 0, false, false, RELOCATION_NONE, 0},
    {"unheard of", "", 0, 0xfffffff0, 0, false, true, RELOCATION_NONE, 0},
};

#define ARM64(name, type, form, plus)                               \
    {                                                               \
        name, "", 0, type, 0x10, false, true, form, SYMBOL + (plus) \
    }

static const struct row arm64_rows[] = {
    ARM64("address", R_AARCH64_ABS64, RELOCATION_TARGET, 0x10),
    ARM64("bl f", R_AARCH64_CALL26, RELOCATION_TARGET, 0x10),
    ARM64("b f", R_AARCH64_JUMP26, RELOCATION_TARGET, 0x10),
    ARM64("b.ne f", R_AARCH64_CONDBR19, RELOCATION_TARGET, 0x10),
    ARM64("tbz w0, #3, f", R_AARCH64_TSTBR14, RELOCATION_TARGET, 0x10),
    ARM64("adrp x0, f", R_AARCH64_ADR_PREL_PG_HI21, RELOCATION_TARGET, 0x10),
    ARM64("adr x0, f", R_AARCH64_ADR_PREL_LO21, RELOCATION_TARGET, 0x10),
    ARM64("add x0, x0, :lo12:f", R_AARCH64_ADD_ABS_LO12_NC, RELOCATION_TARGET, 0x10),
    ARM64("ldr x0, [x0, :lo12:f]", R_AARCH64_LDST64_ABS_LO12_NC, RELOCATION_TARGET, 0x10),
    ARM64("ldr q0, [x0, :lo12:f]", R_AARCH64_LDST128_ABS_LO12_NC, RELOCATION_TARGET, 0x10),
    ARM64("adrp x0, :got:f", R_AARCH64_ADR_GOT_PAGE, RELOCATION_TARGET, 0),
    ARM64("ldr x0, [x0, :got_lo12:f]", R_AARCH64_LD64_GOT_LO12_NC, RELOCATION_TARGET, 0),
    ARM64("add x0, x0, :tprel_lo12:x", R_AARCH64_TLSLE_ADD_TPREL_LO12, RELOCATION_TARGET, 0x10),
    ARM64("adrp x0, :gottprel:x", R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21, RELOCATION_TARGET, 0x10),
    ARM64("movz x0, :abs_g0:f", R_AARCH64_MOVW_UABS_G0, RELOCATION_TARGET, 0x10),
    ARM64("distance in code", R_AARCH64_PREL32, RELOCATION_TARGET, 0x10),
    {"distance in data", "", 0, R_AARCH64_PREL32, 0x10, true, false, RELOCATION_DISTANCE, SYMBOL + 0x10},
    ARM64("none", R_AARCH64_NONE, RELOCATION_NONE, 0),
    ARM64("relative", R_AARCH64_RELATIVE, RELOCATION_NONE, 0),
};

static void test_x86_64(void)
{
    check_rows(x86_64_rows, sizeof(x86_64_rows) / sizeof(x86_64_rows[0]), relocation_x86_64);
}

/* Each refers to the symbol "it", by a displacement from RIP. */
static const char assembled[] =
    "call it\n jmp it\n jne it\n lea it(%rip), %rax\n lea it(%rip), %r15\n mov it(%rip), %eax\n mov %ax, "
    "it(%rip)\n"
    "mov it(%rip), %r11b\n movl $1, it(%rip)\n movw $1, it(%rip)\n movb $1, it(%rip)\n movq $-1, it(%rip)\n"
    "cmpl $1, it(%rip)\n cmpl $1000, it(%rip)\n cmpw $1000, it(%rip)\n cmpb $1, it(%rip)\n cmpq $1000, "
    "it(%rip)\n"
    "addl $1000, it(%rip)\n orw $1000, it(%rip)\n andq $1, it(%rip)\n testl $7, it(%rip)\n testw $7, "
    "it(%rip)\n"
    "testb $7, it(%rip)\n testq $7, it(%rip)\n notq it(%rip)\n idivl it(%rip)\n mulw it(%rip)\n incl "
    "it(%rip)\n"
    "imul $3, it(%rip), %eax\n imul $3000, it(%rip), %rax\n imul $3000, it(%rip), %ax\n imul it(%rip), %eax\n"
    "shll $3, it(%rip)\n sarb $3, it(%rip)\n rolw %cl, it(%rip)\n shrq it(%rip)\n btl $3, it(%rip)\n btsq "
    "$3, it(%rip)\n"
    "shld $3, %eax, it(%rip)\n shrd %cl, %eax, it(%rip)\n movzbl it(%rip), %eax\n movsxd it(%rip), %rax\n"
    "sete it(%rip)\n cmovne it(%rip), %eax\n lock cmpxchg %ecx, it(%rip)\n xchg %eax, it(%rip)\n push "
    "it(%rip)\n"
    "movaps it(%rip), %xmm0\n movdqu it(%rip), %xmm9\n pshufd $1, it(%rip), %xmm0\n pshufb it(%rip), %xmm0\n"
    "shufps $1, it(%rip), %xmm0\n cmpltsd it(%rip), %xmm0\n pinsrw $1, it(%rip), %xmm0\n palignr $1, "
    "it(%rip), %xmm0\n"
    "pcmpistri $1, it(%rip), %xmm0\n roundsd $1, it(%rip), %xmm0\n pblendw $1, it(%rip), %xmm0\n"
    "aeskeygenassist $1, it(%rip), %xmm0\n pclmulqdq $1, it(%rip), %xmm0\n aesenc it(%rip), %xmm0\n"
    "cvtsi2sdl it(%rip), %xmm0\n addsd it(%rip), %xmm0\n crc32l it(%rip), %eax\n movbe it(%rip), %eax\n"
    "vmovdqa it(%rip), %ymm0\n vpaddd it(%rip), %ymm1, %ymm8\n vpshufb it(%rip), %ymm1, %ymm0\n"
    "vpshufd $1, it(%rip), %ymm0\n vshufps $1, it(%rip), %ymm1, %ymm0\n vpalignr $1, it(%rip), %ymm1, "
    "%ymm10\n"
    "vinserti128 $1, it(%rip), %ymm1, %ymm0\n vperm2i128 $1, it(%rip), %ymm1, %ymm0\n vpermq $1, it(%rip), "
    "%ymm0\n"
    "vcmpltsd it(%rip), %xmm1, %xmm0\n vfmadd231sd it(%rip), %xmm1, %xmm0\n rorx $1, it(%rip), %eax\n"
    "mulx it(%rip), %rax, %rcx\n vmovdqu64 it(%rip), %zmm0\n vpternlogd $1, it(%rip), %zmm1, %zmm0\n"
    "vpsrld $1, it(%rip), %zmm0\n vpcmpub $1, it(%rip), %zmm1, %k1\n vpaddq it(%rip), %zmm1, %zmm17\n"
    "vpermb it(%rip), %zmm1, %zmm0\n vshufi64x2 $1, it(%rip), %zmm1, %zmm0\n fldl it(%rip)\n fstpt it(%rip)\n"
    "ldmxcsr it(%rip)\n prefetcht0 it(%rip)\n vpackssdw it(%rip), %ymm1, %ymm0\n vpsadbw it(%rip), %xmm1, "
    "%xmm0\n"
    "vpunpckhwd it(%rip), %ymm1, %ymm0\n add $0x10, %ebp\n movl $1, it(%rip)\n mov %eax, %ebp\n movq $1, "
    "it(%rip)\n jmp *it(%rip)\n call *it(%rip)\n";

/* What the assembler makes of each leads to the symbol itself. */
static void test_assembled(void)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct elf_file file;
    const struct elf_section *code = NULL, *table = NULL;
    char *folder = scratch_enter();
    scratch_file("it.s", assembled);
    SHELL_NEED("gcc -c it.s -o it.o");
    if (CHECK(elf_file_read("it.o", &arena, &file, &err) == 0))
        for (size_t i = 0; i < file.section_count; i++) {
            if (shared_slice_equal(file.sections[i].name, shared_slice_from_text(".text")))
                code = &file.sections[i];
            if (shared_slice_equal(file.sections[i].name, shared_slice_from_text(".rela.text")))
                table = &file.sections[i];
        }
    if (CHECK(code && table)) {
        struct shared_slice bytes = elf_file_bytes(&file, code->header.sh_offset, code->header.sh_size);
        size_t count = table->header.sh_size / sizeof(Elf64_Rela), lines = 0;
        for (const char *c = assembled; (c = strstr(c, "it")) != NULL; c++)
            lines++;
        CHECK_NUMBER(count, lines);
        for (size_t i = 0; i < count; i++) {
            Elf64_Rela rela;
            uint64_t target;
            memcpy(&rela, file.content.data + table->header.sh_offset + i * sizeof(rela), sizeof(rela));
            struct relocation relocation = {.place = rela.r_offset,
                                            .type = (uint32_t)ELF64_R_TYPE(rela.r_info),
                                            .addend = rela.r_addend,
                                            .value = SYMBOL,
                                            .in_code = true,
                                            .before = {bytes.data, rela.r_offset}};
            CHECK_NUMBER(relocation_x86_64(&relocation, &target), RELOCATION_TARGET);
            if (!CHECK_NUMBER(target, SYMBOL))
                fprintf(stderr, "    instruction %zu, at 0x%zx\n", i + 1, (size_t)rela.r_offset);
        }
    }
    scratch_leave(folder);
    shared_arena_clean_up(&arena);
}

static void test_arm64(void)
{
    check_rows(arm64_rows, sizeof(arm64_rows) / sizeof(arm64_rows[0]), relocation_arm64);
}

int main(void)
{
    CHECK_RUN(test_x86_64);
#if defined(__x86_64__)
    CHECK_RUN(test_assembled);
#endif
    CHECK_RUN(test_arm64);
    return check_report();
}
