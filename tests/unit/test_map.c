#include "check.h"

#include "image/link_map.h"

#include <inttypes.h>
#include <stdlib.h>

/* What a map was read as, one line each: "section address size", " address size file member". */
static void describe(const struct link_map *map, char *text, size_t size_bytes)
{
    size_t used = 0, next = 0;
    text[0] = '\0';
    for (size_t i = 0; i < map->section_count; i++) {
        const struct link_section *section = &map->sections[i];
        used += (size_t)snprintf(text + used, size_bytes - used, "%.*s %" PRIx64 " %" PRIx64 "\n",
                                 (int)section->name.size_bytes, section->name.data, section->address,
                                 section->size_bytes);
        for (; next < map->piece_count && map->pieces[next].section == i; next++) {
            const struct link_piece *piece = &map->pieces[next];
            used +=
                (size_t)snprintf(text + used, size_bytes - used, " %" PRIx64 " %" PRIx64 " %.*s%s%.*s\n",
                                 piece->address, piece->size_bytes, (int)piece->file.size_bytes,
                                 piece->file.data ? piece->file.data : "", piece->member.data ? " | " : "",
                                 (int)piece->member.size_bytes, piece->member.data ? piece->member.data : "");
        }
    }
    CHECK_NUMBER(next, map->piece_count);
}

static void check_map(const char *text, const char *expected)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct link_map map;
    char found[4096];
    if (CHECK(link_map_parse("x.map", shared_slice_from_text(text), &arena, &map, &err) == 0)) {
        describe(&map, found, sizeof(found));
        CHECK_TEXT(found, expected);
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    shared_arena_clean_up(&arena);
}

#define BFD_HEAD                                                          \
    "Archive member included to satisfy reference by file (symbol)\n\n"   \
    "libx.a(one.o)                 main.o (one)\n\n"                      \
    "Discarded input sections\n\n"                                        \
    " .text.gone     0x0000000000000000       0x40 libx.a(one.o)\n\n"     \
    "Memory Configuration\n\n"                                            \
    "Name             Origin             Length             Attributes\n" \
    "*default*        0x0000000000000000 0xffffffffffffffff\n\n"          \
    "Linker script and memory map\n\n"                                    \
    "LOAD /usr/lib/crt1.o\nSTART GROUP\nLOAD libx.a\nEND GROUP\n"         \
    "                [!provide]                        PROVIDE (__executable_start = 0x400000)\n\n"

static void test_bfd(void)
{
    check_map(BFD_HEAD
              ".interp\n *(.interp)\n\n"
              ".note.gnu.build-id\n                0x0000000000400290       0x24\n"
              " *(.note.gnu.build-id)\n .note.gnu.build-id\n"
              "                0x0000000000400290       0x24 /usr/lib/crt1.o\n\n"
              ".text           0x0000000000401100      0x300 load address 0x0000000000001100\n"
              " *(.text.unlikely .text.*_unlikely .text.unlikely.*)\n"
              " .text.startup.main\n                0x0000000000401100       0x38 main.o\n"
              "                0x0000000000401100                main\n"
              " *fill*         0x0000000000401138        0x8 90909090\n"
              " .text          0x0000000000401140       0x40 a folder (1)/libx.a(one(1).o)\n"
              "                0x0000000000401150                0x12\n"
              " .text          0x0000000000401180        0x0 empty.o\n"
              " libx.a(.text)\n                0x0000000000401180                . = ALIGN (0x10)\n"
              " .text.stub     0x0000000000401180       0x10 linker stubs\n\n"
              ".rodata         0x0000000000402000       0x60\n"
              " .rodata.str1.1\n                0x0000000000402000       0x11 main.o\n"
              "                                         0x60 (size before relaxing)\n"
              " .rodata.alone\n\n                0x0000000000402011       0x11 after a blank line.o\n"
              " *fill*         0x0000000000402011        0x0 \n"
              "                0x0000000000402018        0x8 QUAD 0x0\n\n"
              "/DISCARD/\n *(.note.GNU-stack)\n"
              "OUTPUT(program elf64-x86-64)\n"
              " .late          0x0000000000402000       0x11 late.o\n",
              ".note.gnu.build-id 400290 24\n 400290 24 /usr/lib/crt1.o\n"
              ".text 401100 300\n 401100 38 main.o\n 401138 8 \n"
              " 401140 40 a folder (1)/libx.a | one(1).o\n 401180 10 \n"
              ".rodata 402000 60\n 402000 11 main.o\n");
}

static void test_gold(void)
{
    check_map("Archive member included because of file (symbol)\n\nDiscarded input sections\n\n"
              " .text.gone     0x0000000000000000       0x40 libx.a(one.o)\n\nMemory map\n\n"
              " ** file header\n                0x0000000000000000       0x40\n\n"
              ".dynstr         0x00000000000004c0      0x115\n"
              " ** string table\n                0x00000000000004c0      0x115\n\n"
              ".text           0x0000000000000930       0x44\n"
              " .text          0x0000000000000930       0x22 crt1.o\n"
              " ** fill        0x0000000000000952        0xe\n"
              " .text.one      0x0000000000000960       0x14 libx.a(one.o)\n"
              " ** merge strings\n                0x0000000000000974        0x4\n",
              ".dynstr 4c0 115\n 4c0 115 \n"
              ".text 930 44\n 930 22 crt1.o\n 952 e \n 960 14 libx.a | one.o\n 974 4 \n");
}

static void test_lld(void)
{
    check_map("             VMA              LMA     Size Align Out     In      Symbol\n"
              "          200238           200238       20     4 .note.ABI-tag\n"
              "          200238           200238       20     4         /usr/lib/crt1.o:(.note.ABI-tag)\n"
              "          200238           200238       20     1                 __abi_tag\n"
              "          200270           200270      270     8 .rela.dyn\n"
              "          200270           200270      270     8         <internal>:(.rela.dyn)\n"
              "          22a640           22a640    82fa1    64 .text\n"
              "          22a79d           22a79d       44     1         a:(b)/libx.a(one.o):(.text.one)\n"
              "          22a79d           22a79d       44     1                 main.o:(fake)\n"
              "          22a7e1           22a7e1        8     1         . = ALIGN ( 16 )\n"
              "               0                0       82    32 .gnu.warning.dlopen\n",
              ".note.ABI-tag 200238 20\n 200238 20 /usr/lib/crt1.o\n"
              ".rela.dyn 200270 270\n 200270 270 \n"
              ".text 22a640 82fa1\n 22a79d 44 a:(b)/libx.a | one.o\n"
              ".gnu.warning.dlopen 0 82\n");
}

static void test_mold(void)
{
    check_map("               VMA       Size Align Out     In      Symbol\n"
              "          0x200000         64     8 EHDR\n"
              "          0x20dc60        100    32 .rodata\n"
              "          0x20dc60         99    32         /usr/lib/libc.a(branred.o):(.rodata)\n"
              "          0x20dc60          0     0                 toverp\n"
              "                 0      41810     1 .strtab\n",
              "EHDR 200000 40\n.rodata 20dc60 64\n 20dc60 63 /usr/lib/libc.a | branred.o\n.strtab 0 a352\n");
}

#define LLD_HEAD "             VMA              LMA     Size Align Out     In      Symbol\n"
#define MOLD_HEAD "               VMA       Size Align Out     In      Symbol\n"

static void test_errors(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "x.map:0: ends without a memory map"},
        {"\n", "x.map:1: ends without a memory map"},
        {"{\"this\": 1}\nis something else\n", "x.map:2: ends without a memory map"},
        {"Memory Configuration\n\nName Origin\n", "x.map:3: ends without a memory map"},
        {BFD_HEAD, "ends without a section"},
        {BFD_HEAD ".text  0x1 0x2\n .text 0x1 0x2 a.o", "is cut off within this line"},
        {BFD_HEAD ".text  0x1 0xfffffffffffffffff\n", "ends without a section"},
        {LLD_HEAD, "x.map:1: ends without a section"},
        {LLD_HEAD "  200  200 20 4 .text\n  200  200 20 4         a.o:(.te", "x.map:3: is cut off"},
        {LLD_HEAD "  200  200 20 4 .text\n  200  200 20 four         a.o:(.text)\n", "x.map:3: is not a row"},
        {LLD_HEAD "  200  200 fffffffffffffffff 4 .text\n", "x.map:2: is not a row"},
        {LLD_HEAD "  20g  200 20 4 .text\n", "x.map:2: is not a row"},
        {MOLD_HEAD "  0x200  0x20 4 .text\n", "x.map:2: is not a row"},
        {MOLD_HEAD "  0x200  18446744073709551616 4 .text\n", "x.map:2: is not a row"},
        {MOLD_HEAD "  0x200  20 4\n", "x.map:2: is not a row"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].message);
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct link_map map;
        CHECK_NUMBER(link_map_parse("x.map", shared_slice_from_text(rows[i].text), &arena, &map, &err),
                     SHARED_EPROTO);
        CHECK_MESSAGE(&err, rows[i].message);
        shared_arena_clean_up(&arena);
    }
}

static void test_files(void)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct link_map map;
    CHECK_NUMBER(link_map_read("/nowhere/x.map", &arena, &map, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "/nowhere/x.map");
    CHECK_NUMBER(link_map_read("/", &arena, &map, &err), SHARED_EIO);
    shared_arena_clean_up(&arena);
}

/* Many pieces, sections and one endless line: the lists grow, and nothing takes a square of the size. */
static void test_large(void)
{
    enum { PIECES = 50000, PARENTHESES = 1 << 20 };
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct link_map map;
    size_t capacity = PIECES * 128 + PARENTHESES + 4096;
    char *text = shared_arena_alloc(&arena, capacity);
    if (!CHECK(text != NULL))
        return;
    size_t used = (size_t)snprintf(text, capacity, "%s", BFD_HEAD);
    for (size_t i = 0; i < PIECES; i++)
        used +=
            (size_t)snprintf(text + used, capacity - used,
                             ".s%zu  0x%zx 0x10\n .text  0x%zx 0x10 lib%zu.a(x.o)\n", i, i * 16, i * 16, i);
    used += (size_t)snprintf(text + used, capacity - used, " .text 0x1 0x1 ");
    memset(text + used, ')', PARENTHESES);
    used += PARENTHESES;
    text[used++] = '\n';
    CHECK_NUMBER(link_map_parse("x.map", shared_slice_of(text, used), &arena, &map, &err), 0);
    CHECK_NUMBER(map.section_count, PIECES);
    CHECK_NUMBER(map.piece_count, PIECES + 1);
    CHECK_NUMBER(map.pieces[PIECES - 1].section, PIECES - 1);
    CHECK_SLICE(map.pieces[PIECES - 1].file, "lib49999.a");
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_bfd);
    CHECK_RUN(test_gold);
    CHECK_RUN(test_lld);
    CHECK_RUN(test_mold);
    CHECK_RUN(test_errors);
    CHECK_RUN(test_files);
    CHECK_RUN(test_large);
    return check_report();
}
