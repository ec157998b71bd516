/* Snapshots: what is read, word for word what a wrong one is told, and what is made of a graph. */
#include "check.h"
#include "scratch.h"

#include "snapshot/snapshot.h"

#include <stdlib.h>

static struct shared_arena arena;

#define HEAD "demine-sizes\t1\tsymbol\n"
#define F "function\tf\t7\t5\n"
#define LIBRARY "library\tf\town\t7\t5\n"
#define MEMBER "member\tf\town\ta.c\n"
#define ROWS "\t4\t1\tinit\n\t3\t2\tmain\n"
#define ZIP "zip\tf\town\t0 5\n"

static int parse_bytes(const char *text, size_t size_bytes, struct snapshot *snapshot,
                       struct shared_error *err)
{
    /* A copy of its exact size shows reads beyond the end to the address sanitizer. */
    char *copy = malloc(size_bytes ? size_bytes : 1);
    memcpy(copy, text, size_bytes);
    int status = snapshot_parse("s.txt", shared_slice_of(copy, size_bytes), &arena, snapshot, err);
    free(copy);
    return status;
}

static int parse(const char *text, struct snapshot *snapshot, struct shared_error *err)
{
    return parse_bytes(text, strlen(text), snapshot, err);
}

static void test_read(void)
{
    struct snapshot snapshot;
    if (!CHECK_NUMBER(
            parse(HEAD
                  "# a remark\n" F LIBRARY MEMBER ROWS
                  "function\tg-1\t9\t1\nlibrary\tg-1\tlinker\t0\t0\nmember\tg-1\tlinker\tlinker\n\t0\t1\tx\n"
                  "library\tg-1\town\t9\t1\nmember\tg-1\town\ta.c\n\t4\t1\tmain\nmember\tg-1\town\tb.c\n"
                  "\t5\t1\tmain\n#\n" ZIP "zip\tg-1\tlinker\t0\nzip\tg-1\town\t1 0\n",
                  &snapshot, NULL),
            0) ||
        !CHECK_NUMBER(snapshot.function_count, 2))
        return;
    CHECK_NUMBER(snapshot.depth, SNAPSHOT_SYMBOL);
    const struct snapshot_function *f = &snapshot.functions[0];
    CHECK_TEXT(f->name, "f");
    CHECK_NUMBER(f->sizes.bytes, 7);
    CHECK_NUMBER(f->sizes.zip_bytes, 5);
    CHECK_NUMBER(f->sizes.count, 3);
    CHECK_NUMBER(f->row_count, 2);
    CHECK_TEXT(f->rows[1].symbol, "main");
    CHECK_TEXT(f->rows[1].member, "a.c");
    CHECK_NUMBER(f->rows[1].sizes.bytes, 3);
    CHECK_NUMBER(f->rows[1].sizes.zip_bytes, 5);
    CHECK_NUMBER(f->rows[1].sizes.count, 2);
    const struct snapshot_function *g = snapshot_find_function(&snapshot, "g-1");
    CHECK(g == &snapshot.functions[1] && !snapshot_find_function(&snapshot, "g"));
    CHECK_NUMBER(g->library_count, 2);
    const struct snapshot_library *own = snapshot_find_library(g, "own");
    CHECK(own == &g->libraries[1] && !snapshot_find_library(g, "libc"));
    CHECK_NUMBER(own->row_start, 1);
    CHECK_NUMBER(own->row_count, 2);
    CHECK_NUMBER(own->sizes.count, 2);
    CHECK_NUMBER(g->rows[2].library, 1);
    CHECK_TEXT(g->rows[2].member, "b.c");
}

static void test_smallest(void)
{
    struct snapshot snapshot;
    CHECK_NUMBER(parse(HEAD, &snapshot, NULL), 0);
    CHECK_NUMBER(snapshot.function_count, 0);
    CHECK(!snapshot_find_function(&snapshot, "f"));
    CHECK_NUMBER(parse(HEAD "function\tf\t0\t0\n", &snapshot, NULL), 0);
    CHECK_NUMBER(snapshot.functions[0].library_count, 0);
}

static void test_wrong(void)
{
    static const struct {
        const char *name, *text, *message;
    } rows[] = {
        {"empty", "", "s.txt:1: byte 0: this is no snapshot of sizes; demine snapshot writes one"},
        {"something else", "{\"name\": 1}\n",
         "s.txt:1: byte 0: this is no snapshot of sizes; demine snapshot writes one"},
        {"head cut short", "demine-sizes\t1",
         "s.txt:1: byte 0: the line does not end: the file was cut short"},
        {"version is no number", "demine-sizes\tone\tsymbol\n",
         "s.txt:1: byte 13: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"no depth", "demine-sizes\t1\n", "s.txt:1: byte 0: 2 fields, must be 3, separated by tabs"},
        {"depth", "demine-sizes\t1\tatom\n",
         "s.txt:1: byte 15: the depth is none of library, member and symbol"},
        {"line ends of Windows", "demine-sizes\t1\tsymbol\r\n",
         "s.txt:1: byte 21: the line ends in CR LF; demine ends lines in LF alone (git: set \"-text\" for it "
         "in "
         ".gitattributes)"},
        {"unknown line", HEAD "section\tx\n",
         "s.txt:2: byte 22: the line is none of function, library, member, zip or a symbol's"},
        {"blank line", HEAD F LIBRARY MEMBER ROWS "\n" ZIP,
         "s.txt:7: byte 92: 1 fields, must be 4, separated by tabs"},
        {"many fields", HEAD "function\tf\t7\t5\t6\t7\n", "s.txt:2: byte 39: more fields than any line has"},
        {"few fields", HEAD "function\tf\t7\n", "s.txt:2: byte 22: 3 fields, must be 4, separated by tabs"},
        {"no name", HEAD "function\t\t7\t5\n", "s.txt:2: byte 31: a name is missing"},
        {"leading zero", HEAD "function\tf\t07\t5\n",
         "s.txt:2: byte 33: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"negative", HEAD "function\tf\t-7\t5\n",
         "s.txt:2: byte 33: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"no number", HEAD "function\tf\t\t5\n",
         "s.txt:2: byte 33: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"2^53", HEAD "function\tf\t9007199254740992\t5\n",
         "s.txt:2: byte 33: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"2^64 and more", HEAD "function\tf\t99999999999999999999999\t5\n",
         "s.txt:2: byte 33: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"too much in all", HEAD "function\tf\t9007199254740991\t5\n",
         "s.txt:2: byte 50: the sizes are more than 9007199254740991 in all"},
        {"library without function", HEAD LIBRARY,
         "s.txt:2: byte 30: there is no function above that this could belong to"},
        {"member without function", HEAD MEMBER,
         "s.txt:2: byte 29: there is no function above that this could belong to"},
        {"member without library", HEAD F MEMBER,
         "s.txt:3: byte 46: there is no library above that this could belong to"},
        {"symbol without function", HEAD "\t4\t1\tinit\n",
         "s.txt:2: byte 22: there is no member above that this could belong to"},
        {"symbol without member", HEAD F LIBRARY ROWS,
         "s.txt:4: byte 55: there is no member above that this could belong to"},
        {"library of another function", HEAD F "library\tg\town\t7\t5\n",
         "s.txt:3: byte 45: does not belong to the function above, f"},
        {"member of another library", HEAD F LIBRARY "member\tf\tlibc\ta.c\n",
         "s.txt:4: byte 64: does not belong to the library above, own"},
        {"functions not sorted", HEAD "function\tg\t0\t0\nfunction\tf\t0\t0\n",
         "s.txt:3: byte 46: f stands behind names that come after it; write the snapshot anew"},
        {"function twice", HEAD "function\tf\t0\t0\nfunction\tf\t0\t0\n",
         "s.txt:3: byte 46: f stands here twice; write the snapshot anew"},
        {"symbols not sorted", HEAD F LIBRARY MEMBER "\t3\t2\tmain\n\t4\t1\tinit\n",
         "s.txt:6: byte 87: init stands behind names that come after it; write the snapshot anew"},
        {"member twice", HEAD F LIBRARY MEMBER ROWS MEMBER "\t1\t1\tx\n",
         "s.txt:7: byte 105: a.c stands here twice; write the snapshot anew"},
        {"no piece", HEAD F LIBRARY MEMBER "\t7\t0\tinit\n",
         "s.txt:5: byte 75: a symbol has one piece at least"},
        {"library without members", HEAD F LIBRARY ZIP, "s.txt:4: byte 55: library own above has no members"},
        {"member without symbols", HEAD F LIBRARY MEMBER MEMBER,
         "s.txt:5: byte 72: member a.c above has no symbols"},
        {"library's sum", HEAD F LIBRARY MEMBER "\t4\t1\tinit\n" ZIP,
         "s.txt:6: byte 82: library own above is said to have 7 bytes, its symbols have 4; write the "
         "snapshot anew"},
        {"function's sum", HEAD "function\tf\t8\t5\n" LIBRARY MEMBER ROWS ZIP,
         "s.txt:7: byte 92: function f above is said to have 8 and 5 bytes, its libraries have 7 and 5; "
         "write the "
         "snapshot anew"},
        {"no shares", HEAD F LIBRARY MEMBER ROWS,
         "s.txt:6: byte 92: the shares of function f, library own are missing: the file was cut short"},
        {"shares cut short", HEAD F LIBRARY MEMBER ROWS "zip\tf\town\t0",
         "s.txt:7: byte 92: the line does not end: the file was cut short"},
        {"shares of another library", HEAD F LIBRARY MEMBER ROWS "zip\tf\tlibc\t0 5\n",
         "s.txt:7: byte 92: the shares of function f, library own have to stand here"},
        {"few shares", HEAD F LIBRARY MEMBER ROWS "zip\tf\town\t5\n",
         "s.txt:7: byte 103: shares of 1 symbols, library own has 2"},
        {"many shares", HEAD F LIBRARY MEMBER ROWS "zip\tf\town\t0 5 0\n",
         "s.txt:7: byte 106: more shares than library own has symbols: 2"},
        {"shares apart", HEAD F LIBRARY MEMBER ROWS "zip\tf\town\t0  5\n",
         "s.txt:7: byte 104: expected a number, 0 to 9007199254740991, without leading zeros"},
        {"shares are less", HEAD F LIBRARY MEMBER ROWS "zip\tf\town\t0 4\n",
         "s.txt:7: byte 102: the shares are 4 bytes in all, library own has 5; write the snapshot anew"},
        {"shares are more", HEAD F LIBRARY MEMBER ROWS "zip\tf\town\t3 3\n",
         "s.txt:7: byte 104: the shares are more than library own has: 5"},
        {"shares twice", HEAD F LIBRARY MEMBER ROWS ZIP ZIP,
         "s.txt:8: byte 106: all symbols have their shares above"},
        {"sizes behind shares", HEAD F LIBRARY MEMBER ROWS ZIP F,
         "s.txt:8: byte 106: all symbols have their shares above"},
        {"shares of nothing", HEAD ZIP, "s.txt:2: byte 22: all symbols have their shares above"},
        {"control character", HEAD "function\ta\033[31m\t0\t0\n",
         "s.txt:2: byte 32: a byte of a name that has to be written as \\xHH"},
        {"control character of two bytes", HEAD "function\t\xc2\x9b\t0\t0\n",
         "s.txt:2: byte 31: a byte of a name that has to be written as \\xHH"},
        {"not UTF-8", HEAD "function\ta\xff\t0\t0\n",
         "s.txt:2: byte 32: a byte of a name that has to be written as \\xHH"},
        {"backslash", HEAD "function\ta\\n\t0\t0\n",
         "s.txt:2: byte 32: a byte of a name that has to be written as \\xHH"},
        {"NUL that is written", HEAD "function\ta\\x00\t0\t0\n",
         "s.txt:2: byte 32: a byte of a name that has to be written as \\xHH"},
        {"code cut short", HEAD "function\ta\\x4\t0\t0\n",
         "s.txt:2: byte 32: a byte of a name that has to be written as \\xHH"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct snapshot snapshot;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(parse(rows[i].text, &snapshot, &err), SHARED_EPROTO);
        CHECK_TEXT(err.text, rows[i].message);
        CHECK_NUMBER(parse(rows[i].text, &snapshot, NULL), SHARED_EPROTO);
    }
}

static void test_nul(void)
{
    static const char text[] = HEAD "function\ta\0b\t0\t0\n";
    struct snapshot snapshot;
    struct shared_error err = {0};
    CHECK_NUMBER(parse_bytes(text, sizeof(text) - 1, &snapshot, &err), SHARED_EPROTO);
    CHECK_TEXT(err.text, "s.txt:2: byte 32: a byte of a name that has to be written as \\xHH");
}

static void test_version(void)
{
    struct snapshot snapshot;
    struct shared_error err = {0};
    CHECK_NUMBER(parse("demine-sizes\t2\tsymbol\tand more\nof another kind\n", &snapshot, &err),
                 SHARED_EUNSUPPORTED);
    CHECK_TEXT(err.text,
               "s.txt:1: byte 13: a snapshot of version 2, this demine reads version 1; write it anew with "
               "demine snapshot");
    CHECK_NUMBER(parse("demine-sizes\t0\tsymbol\n", &snapshot, &err), SHARED_EUNSUPPORTED);
}

/* Every cut is told of, at a place within the text. */
static void test_cuts(void)
{
    static const char text[] = HEAD F LIBRARY MEMBER ROWS ZIP;
    size_t right = 0;
    for (size_t size = 0; size < sizeof(text) - 1; size++) {
        struct snapshot snapshot;
        struct shared_error err = {0};
        int status = parse_bytes(text, size, &snapshot, &err);
        right += status == 0;
        CHECK(status == 0 || (status == SHARED_EPROTO && strncmp(err.text, "s.txt:", 6) == 0));
    }
    CHECK_NUMBER(right, 1); /* the head alone is a snapshot of no functions */
}

static void test_files(void)
{
    char *folder = scratch_enter();
    struct snapshot snapshot;
    struct shared_error err = {0};
    CHECK_NUMBER(snapshot_read("none.txt", &arena, &snapshot, &err), SHARED_EIO);
    CHECK_TEXT(err.text, "open none.txt: No such file or directory");
    CHECK_NUMBER(snapshot_read(".", &arena, &snapshot, &err), SHARED_EIO);
    scratch_file("s.txt", HEAD F LIBRARY MEMBER ROWS ZIP);
    CHECK_NUMBER(snapshot_read("s.txt", &arena, &snapshot, &err), 0);
    CHECK_NUMBER(snapshot.functions[0].row_count, 2);
    SCRATCH_NEED(truncate("s.txt", (off_t)SNAPSHOT_LIMIT_BYTES + 1) == 0);
    CHECK_NUMBER(snapshot_read("s.txt", &arena, &snapshot, &err), SHARED_ETOOBIG);
    scratch_leave(folder);
}

/* Texts of a graph that is made by hand. */
static char texts[512];
static size_t text_bytes = 1;

static uint32_t text(const char *name)
{
    size_t at = text_bytes;
    text_bytes += strlen(name) + 1;
    SCRATCH_NEED(text_bytes <= sizeof(texts));
    strcpy(texts + at, name);
    return (uint32_t)at;
}

static struct graph_atom atom(const char *name, uint32_t member, uint64_t size, uint32_t deflated, bool named)
{
    return (struct graph_atom){
        .name = text(name), .member = member, .size_bytes = size, .deflated_bytes = deflated, .named = named};
}

static void make_graph(struct graph *graph)
{
    static struct graph_library libraries[3];
    static struct graph_member members[5];
    static struct graph_atom atoms[10];
    text_bytes = 1;
    libraries[0].name = text("linker");
    libraries[1].name = text("own");
    libraries[2].name = text("libc");
    members[0] = (struct graph_member){.name = text("linker"), .library = 0};
    members[1] = (struct graph_member){.name = text("a.c"), .library = 1};
    members[2] = (struct graph_member){.name = text("x.o"), .archive = text("libc.a"), .library = 2};
    members[3] = (struct graph_member){.name = text("b.o"), .library = 1};
    members[4] = (struct graph_member){.name = text("a.c"), .library = 1};
    atoms[0] = (struct graph_atom){0};
    atoms[1] = atom("main", 1, 10, 5, true);
    atoms[2] = atom("local", 4, 4, 3, true);
    atoms[3] = atom("local", 1, 6, 2, true);
    atoms[4] = atom(".rodata.str1.1", 1, 3, 1, false);
    atoms[5] = atom(".rodata.str1.1", 1, 5, 4, false);
    atoms[6] = atom("tab\there\\", 2, 7, 6, true);
    atoms[7] = atom("nothing", 2, 0, 0, true);
    atoms[8] = atom("bss", 2, 100, 0, true);
    atoms[8].zero = true;
    atoms[9] = atom("framed", 3, 20, 9, true);
    atoms[9].frame_bytes = 8;
    *graph = (struct graph){.libraries = libraries,
                            .library_count = 3,
                            .members = members,
                            .member_count = 5,
                            .atoms = atoms,
                            .atom_count = 10,
                            .texts = texts,
                            .text_bytes = text_bytes,
                            .header_bytes = 512,
                            .table_bytes = 100,
                            .padding_bytes = 37,
                            .file_bytes = 10 + 4 + 6 + 3 + 5 + 7 + 28 + 512 + 100 + 37,
                            .deflated_bytes = 100};
}

static const char of_graph[] =
    "demine-sizes\t1\tsymbol\n"
    "# Sizes of a project's programs, written by demine snapshot; demine diff tells what has changed.\n"
    "# function, library: bytes, bytes deflated. Below a member: bytes, pieces, symbol.\n"
    "function\tf\t712\t100\n"
    "library\tf\tlibc\t7\t6\n"
    "member\tf\tlibc\tx.o\n"
    "\t7\t1\ttab\\x09here\\x5c\n"
    "library\tf\tlinker\t649\t70\n"
    "member\tf\tlinker\tlinker\n"
    "\t649\t1\t[headers, tables, padding]\n"
    "library\tf\town\t56\t24\n"
    "member\tf\town\ta.c\n"
    "\t8\t2\t[.rodata.str1.1]\n"
    "\t10\t2\tlocal\n"
    "\t10\t1\tmain\n"
    "member\tf\town\tb.o\n"
    "\t28\t1\tframed\n"
    "# Bytes deflated of each symbol above, in its order: any change moves many of them a little.\n"
    "zip\tf\tlibc\t6\n"
    "zip\tf\tlinker\t70\n"
    "zip\tf\town\t5 5 5 9\n";

static void test_of_graph(void)
{
    struct graph graph;
    struct snapshot_function function;
    struct shared_slice text_of;
    make_graph(&graph);
    if (!CHECK_NUMBER(snapshot_of_graph(&graph, "f", &arena, &function, NULL), 0))
        return;
    CHECK_NUMBER(function.sizes.bytes, graph.file_bytes);
    CHECK_NUMBER(function.sizes.zip_bytes, graph.deflated_bytes);
    struct snapshot snapshot = {SNAPSHOT_SYMBOL, &function, 1}, again;
    CHECK_NUMBER(snapshot_print(&snapshot, &arena, &text_of, NULL), 0);
    CHECK_SLICE(text_of, of_graph);

    struct shared_error err = {0};
    if (!CHECK_NUMBER(snapshot_parse("s.txt", text_of, &arena, &again, &err), 0))
        fprintf(stderr, "    %s\n", err.text);
    struct shared_slice text_again;
    CHECK_NUMBER(snapshot_print(&again, &arena, &text_again, NULL), 0);
    CHECK_BYTES(text_again, text_of);
}

/* Shares may be more than the whole by what was rounded. */
static void test_shares_beyond(void)
{
    struct graph graph;
    struct snapshot_function function;
    make_graph(&graph);
    graph.deflated_bytes = 20;
    CHECK_NUMBER(snapshot_of_graph(&graph, "f", &arena, &function, NULL), 0);
    CHECK_NUMBER(function.sizes.zip_bytes, 30);
    const struct snapshot_library *linker = snapshot_find_library(&function, "linker");
    CHECK(linker && linker->sizes.zip_bytes == 0);
}

static void test_reduce(void)
{
    struct snapshot whole, snapshot;
    struct shared_slice print;
    parse(of_graph, &whole, NULL);
    snapshot = whole;
    CHECK_NUMBER(snapshot_reduce(&snapshot, SNAPSHOT_SYMBOL, &arena, NULL), 0);
    CHECK(snapshot.functions == whole.functions);
    CHECK_NUMBER(snapshot_reduce(&snapshot, SNAPSHOT_MEMBER, &arena, NULL), 0);
    CHECK_NUMBER(snapshot_print(&snapshot, &arena, &print, NULL), 0);
    CHECK(strstr(print.data, "demine-sizes\t1\tmember\n"));
    CHECK(strstr(print.data, "member\tf\town\ta.c\n\t28\t5\t*\nmember\tf\town\tb.o\n\t28\t1\t*\n"));
    CHECK(strstr(print.data, "zip\tf\town\t15 9\n"));
    CHECK_NUMBER(snapshot_reduce(&snapshot, SNAPSHOT_LIBRARY, &arena, NULL), 0);
    CHECK_NUMBER(snapshot_print(&snapshot, &arena, &print, NULL), 0);
    CHECK(strstr(print.data, "library\tf\town\t56\t24\nmember\tf\town\t*\n\t56\t6\t*\n"));
    struct snapshot at_once = whole;
    struct shared_slice other;
    CHECK_NUMBER(snapshot_reduce(&at_once, SNAPSHOT_LIBRARY, &arena, NULL), 0);
    CHECK_NUMBER(snapshot_print(&at_once, &arena, &other, NULL), 0);
    CHECK_BYTES(other, print);
    CHECK_NUMBER(snapshot_reduce(&at_once, SNAPSHOT_SYMBOL, &arena, NULL), 0);
    CHECK_NUMBER(at_once.depth, SNAPSHOT_LIBRARY);
    CHECK_NUMBER(snapshot_parse("s.txt", print, &arena, &snapshot, NULL), 0);
    CHECK_NUMBER(snapshot.depth, SNAPSHOT_LIBRARY);
}

int main(void)
{
    CHECK_RUN(test_read);
    CHECK_RUN(test_smallest);
    CHECK_RUN(test_wrong);
    CHECK_RUN(test_nul);
    CHECK_RUN(test_version);
    CHECK_RUN(test_cuts);
    CHECK_RUN(test_files);
    CHECK_RUN(test_of_graph);
    CHECK_RUN(test_shares_beyond);
    CHECK_RUN(test_reduce);
    shared_arena_clean_up(&arena);
    return check_report();
}
