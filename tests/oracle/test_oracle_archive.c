/* Archives of several makers, whole, cut short and damaged. */
#include "../unit/image_link.h"

#include "base/file.h"
#include "oracle_archive.h"

static const char long_name[] = "a_name_that_is_longer_than_sixteen_bytes.o";

static int read_archive(const char *path, struct shared_arena *arena, struct oracle_archive *archive,
                        struct shared_error *err)
{
    struct shared_slice content;
    int status = file_read(path, 1 << 24, arena, &content, err);
    return status < 0 ? status : oracle_archive_parse(path, content, arena, archive, err);
}

static uint32_t member_of(const struct oracle_archive *archive, const char *symbol)
{
    for (size_t i = 0; i < archive->symbol_count; i++)
        if (shared_slice_equal(archive->symbols[i].name, shared_slice_from_text(symbol)))
            return archive->symbols[i].member;
    return UINT32_MAX;
}

/* Two members with a symbol each, which are the files they were made of. */
static void check_archive(const char *path, bool thin)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct oracle_archive archive;
    struct shared_slice first, second;
    CHECK_ROW(path);
    CHECK(file_read("x.o", 1 << 20, &arena, &first, &err) == 0);
    CHECK(file_read(long_name, 1 << 20, &arena, &second, &err) == 0);
    if (CHECK(read_archive(path, &arena, &archive, &err) == 0) && CHECK_NUMBER(archive.member_count, 2)) {
        CHECK(archive.thin == thin);
        CHECK_SLICE(archive.members[0].name, "x.o");
        CHECK_SLICE(archive.members[1].name, long_name);
        CHECK_BYTES(archive.members[0].content, thin ? shared_slice_of(NULL, 0) : first);
        CHECK_BYTES(archive.members[1].content, thin ? shared_slice_of(NULL, 0) : second);
        CHECK_NUMBER(archive.symbol_count, 3);
        CHECK_NUMBER(member_of(&archive, "in_x"), 0);
        CHECK_NUMBER(member_of(&archive, "in_long"), 1);
        CHECK_NUMBER(member_of(&archive, "also_in_long"), 1);
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    CHECK_ROW(NULL);
    shared_arena_clean_up(&arena);
}

static void test_makers(void)
{
    check_archive("gnu.a", false);
    check_archive("thin.a", true);
    if (shell("llvm-ar-14 --version || llvm-ar --version")) {
        SHELL_NEED(
            "rm -f bsd.a; $(command -v llvm-ar || command -v llvm-ar-14) --format=bsd rcs bsd.a x.o %s",
            long_name);
        check_archive("bsd.a", false);
    } else {
        printf("llvm-ar is not installed: no archive of BSD's form is made, the fuzz corpus has one\n");
    }
}

/* Whatever the bytes: a clear failure, or members that lie in them. */
static void check_any(const char *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct oracle_archive archive;
    char *copy = shared_arena_alloc(&arena, size + 1); /* of just that size, for the sanitizer */
    memcpy(copy, data, size);
    int status = oracle_archive_parse("x.a", shared_slice_of(copy, size), &arena, &archive, &err);
    CHECK(status == 0 || status == SHARED_EPROTO);
    if (status < 0)
        CHECK_MESSAGE(&err, "x.a: byte ");
    for (size_t i = 0; status == 0 && i < archive.symbol_count; i++)
        CHECK(archive.symbols[i].member < archive.member_count);
    shared_arena_clean_up(&arena);
}

static void test_cut_short(void)
{
    static const char *const names[] = {"gnu.a", "thin.a"};
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct shared_slice whole;
        CHECK(file_read(names[n], 1 << 20, &arena, &whole, &err) == 0);
        for (size_t size = 0; size <= whole.size_bytes; size++)
            check_any(whole.data, size);
        char *bytes = shared_arena_alloc(&arena, whole.size_bytes);
        memcpy(bytes, whole.data, whole.size_bytes);
        for (size_t i = 0; i < whole.size_bytes && i < 600; i++) {
            bytes[i] = (char)(bytes[i] ^ 0x13);
            check_any(bytes, whole.size_bytes);
            bytes[i] = whole.data[i];
        }
        shared_arena_clean_up(&arena);
    }
}

static void test_messages(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "byte 0: it does not begin as archives do"},
        {"!<arch>", "byte 0: it does not begin"},
        {"!<arch>\nx", "byte 8: it is cut off within a member's header"},
        {"!<arch>\nx.o/            0           0     0     644     5         `\nab",
         "byte 8: its member is cut off"},
        {"!<arch>\nx.o/            0           0     0     644     x         `\nab",
         "byte 8: there is no member's header"},
        {"!<arch>\nx.o/            0           0     0     644     2         ..ab",
         "byte 8: there is no member's header"},
        {"!<arch>\n/7              0           0     0     644     2         `\nab",
         "its name is not among the long names"},
        {"!<arch>\n#1/9            0           0     0     644     2         `\nab",
         "its name is longer than the member"},
        {"!<arch>\n/               0           0     0     644     2         `\nab",
         "its symbol table is cut off"},
        {"!<arch>\n/               0           0     0     644     8         `\n\0\0\0\1\0\0\0\7",
         "its symbol table is cut off"},
        {"!<arch>\n__.SYMDEF       0           0     0     644     4         `\nabcd",
         "its symbol table is cut off"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct oracle_archive archive;
        size_t size = strlen(rows[i].text) + (strstr(rows[i].text, "644     8") ? 8 : 0);
        CHECK_ROW(rows[i].message);
        CHECK_NUMBER(oracle_archive_parse("x.a", shared_slice_of(rows[i].text, size), &arena, &archive, &err),
                     SHARED_EPROTO);
        CHECK_MESSAGE(&err, rows[i].message);
        shared_arena_clean_up(&arena);
    }
}

int main(void)
{
    char *folder = scratch_enter();
    scratch_file("x.c", "int in_x(void); int in_x(void) { return 1; }\n");
    scratch_file("long.c", "int in_long(void); int in_long(void) { return 2; } int also_in_long = 3;\n");
    SHELL_NEED("gcc -c x.c && gcc -c long.c -o %s && ar rcs gnu.a x.o %s && ar rcsT thin.a x.o %s", long_name,
               long_name, long_name);
    CHECK_RUN(test_makers);
    CHECK_RUN(test_cut_short);
    CHECK_RUN(test_messages);
    scratch_leave(folder);
    return check_report();
}
