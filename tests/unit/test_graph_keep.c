/* A graph kept in a file, and its shares of a deflated stream. */
#include "exhaust.h"
#include "graph_link.h"

#include "base/file.h"
#include "content/content.h"
#include "content/content_stream.h"
#include "graph/graph_record.h"
#include "report/report_why.h"
#include "report/size_order.h"

#include <zlib.h>

static const struct hash key = {{1, 2, 3}};

static void read_program(struct graph_program *program)
{
    struct shared_error err = {0};
    if (!CHECK(graph_program_read(program, HOST_ARCHITECTURE, "strip", &err) == 0)) {
        fprintf(stderr, "    %s\n", err.text);
        exit(1);
    }
}

static bool same(const struct graph *a, const struct graph *b)
{
    return a->atom_count == b->atom_count && a->member_count == b->member_count &&
           a->library_count == b->library_count && a->file_bytes == b->file_bytes &&
           a->padding_bytes == b->padding_bytes && a->text_bytes == b->text_bytes &&
           memcmp(a->atoms, b->atoms, a->atom_count * sizeof(*a->atoms)) == 0 &&
           memcmp(a->edge_start, b->edge_start, (a->atom_count + 1) * sizeof(*a->edge_start)) == 0 &&
           memcmp(a->edge_to, b->edge_to, a->edge_start[a->atom_count] * sizeof(*a->edge_to)) == 0 &&
           memcmp(a->texts, b->texts, a->text_bytes) == 0;
}

/* The same program gives the same bytes, which come back; other keys and damaged bytes are as good as none. */
static void test_record(void)
{
    struct graph_program program, again;
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct shared_slice first, second;
    struct graph loaded;
    const struct hash other = {{3, 2, 1}};
    read_program(&program);
    read_program(&again);
    CHECK(same(&program.graph, &again.graph));
    CHECK(graph_record_load("none", &key, &arena, &loaded, &err) == 0);
    CHECK(graph_record_save("record", &key, &program.graph, &err) == 0);
    CHECK(graph_record_save("record2", &key, &again.graph, &err) == 0);
    CHECK(file_read("record", 1 << 24, &arena, &first, &err) == 0);
    CHECK(file_read("record2", 1 << 24, &arena, &second, &err) == 0);
    CHECK(shared_slice_equal(first, second));
    CHECK(graph_record_load("record", &other, &arena, &loaded, &err) == 0);
    if (CHECK(graph_record_load("record", &key, &arena, &loaded, &err) == 1))
        CHECK(same(&program.graph, &loaded));
    CHECK(graph_record_save("no/folder/record", &key, &program.graph, &err) == SHARED_EIO);
    graph_program_clean_up(&again);
    graph_program_clean_up(&program);
    shared_arena_clean_up(&arena);
}

static void check_none(const char *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct graph loaded;
    scratch_bytes("damaged", data, size);
    CHECK_NUMBER(graph_record_load("damaged", &key, &arena, &loaded, &err), 0);
    shared_arena_clean_up(&arena);
}

static void test_damaged_record(void)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct shared_slice whole;
    if (!CHECK(file_read("record", 1 << 24, &arena, &whole, &err) == 0))
        return;
    char *bytes = shared_arena_alloc(&arena, whole.size_bytes + 1);
    size_t step = whole.size_bytes / 3000 + 1;
    memcpy(bytes, whole.data, whole.size_bytes);
    for (size_t i = 0; i < whole.size_bytes; i += i < 256 ? 1 : step) {
        bytes[i] ^= 0x41;
        check_none(bytes, whole.size_bytes);
        bytes[i] ^= 0x41;
        check_none(bytes, i); /* cut short */
    }
    check_none(bytes, whole.size_bytes + 1);
    shared_arena_clean_up(&arena);
}

/* Shares of a stream, which may be stored, of fixed codes or of codes of its own: they add up to no more than it. */
static void check_shares(const char *name, struct graph_program *program, struct shared_slice stream)
{
    struct shared_error err = {0};
    struct graph *graph = &program->graph;
    uint64_t atoms = 0, members = 0, libraries = 0;
    CHECK_ROW(name);
    for (size_t i = 0; i < graph->member_count; i++)
        graph->members[i].deflated_bytes = 0;
    for (size_t i = 0; i < graph->library_count; i++)
        graph->libraries[i].deflated_bytes = 0;
    if (CHECK(graph_share_deflated(graph, "shipped", stream, &err) == 0)) {
        for (size_t i = 1; i < graph->atom_count; i++)
            atoms += graph->atoms[i].deflated_bytes;
        for (size_t i = 0; i < graph->member_count; i++)
            members += graph->members[i].deflated_bytes;
        for (size_t i = 0; i < graph->library_count; i++)
            libraries += graph->libraries[i].deflated_bytes;
        CHECK_NUMBER(graph->deflated_bytes, stream.size_bytes);
        CHECK_NUMBER(atoms, members);
        CHECK_NUMBER(members, libraries);
        CHECK(atoms > 0 && atoms <= stream.size_bytes);
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    CHECK_ROW(NULL);
}

static struct shared_slice deflate_with(struct shared_slice content, int level, int strategy,
                                        struct shared_arena *arena)
{
    z_stream z = {0};
    size_t room = content.size_bytes + content.size_bytes / 8 + 4096;
    unsigned char *out = shared_arena_alloc(arena, room);
    SCRATCH_NEED(out && deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy) == Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)content.data;
    z.avail_in = (uInt)content.size_bytes;
    z.next_out = out;
    z.avail_out = (uInt)room;
    SCRATCH_NEED(deflate(&z, Z_FINISH) == Z_STREAM_END);
    struct shared_slice stream = shared_slice_of(out, z.total_out);
    deflateEnd(&z);
    return stream;
}

static void test_deflated(void)
{
    struct graph_program program;
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct shared_slice content, stream;
    read_program(&program);
    if (!CHECK(file_read("shipped", 1 << 24, &arena, &content, &err) == 0))
        return;
    CHECK(content_stream_make(content, LEVEL_DEFAULT, true, &arena, &stream, &err) == 0);
    check_shares("as packages are", &program, stream);
    check_shares("zlib", &program, deflate_with(content, 9, Z_DEFAULT_STRATEGY, &arena));
    check_shares("fixed codes", &program, deflate_with(content, 6, Z_FIXED, &arena));
    check_shares("literals alone", &program, deflate_with(content, 6, Z_HUFFMAN_ONLY, &arena));
    struct shared_slice stored = deflate_with(content, 0, Z_DEFAULT_STRATEGY, &arena);
    check_shares("stored", &program, stored);
    /* Where nothing is made smaller a part's share is its size, but for what lies about the steps' ends. */
    uint32_t table = graph_find(&program.graph, "own_table");
    if (CHECK(table != GRAPH_NONE)) {
        uint32_t share = program.graph.atoms[table].deflated_bytes;
        CHECK(share + 16 >= OWN_BYTES && share <= OWN_BYTES + 16);
    }
    graph_program_clean_up(&program);
    shared_arena_clean_up(&arena);
}

static void check_wrong(const char *name, struct graph_program *program, struct shared_slice stream)
{
    struct shared_error err = {0};
    CHECK_ROW(name);
    CHECK_NUMBER(graph_share_deflated(&program->graph, "shipped", stream, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "the deflated bytes given are not those of shipped");
    CHECK_ROW(NULL);
}

static void test_wrong_stream(void)
{
    struct graph_program program;
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct shared_slice content;
    read_program(&program);
    if (!CHECK(file_read("shipped", 1 << 24, &arena, &content, &err) == 0))
        return;
    struct shared_slice stream = deflate_with(content, 6, Z_DEFAULT_STRATEGY, &arena);
    check_wrong("empty", &program, shared_slice_of(NULL, 0));
    check_wrong("cut off", &program, shared_slice_of(stream.data, stream.size_bytes - 1));
    check_wrong("no stream", &program, shared_slice_of(content.data, content.size_bytes));
    check_wrong(
        "of another file", &program,
        deflate_with(shared_slice_of(content.data, content.size_bytes - 1), 6, Z_DEFAULT_STRATEGY, &arena));
    struct shared_slice shorter =
        deflate_with(shared_slice_of(content.data, 1), 6, Z_DEFAULT_STRATEGY, &arena);
    check_wrong("of less", &program, shorter);
    graph_program_clean_up(&program);
    shared_arena_clean_up(&arena);
}

/* Names that stand for something, for several, and for nothing. */
static void test_why_find(void)
{
    struct graph_program program;
    read_program(&program);
    const struct graph *graph = &program.graph;
    static const struct {
        const char *name, *kind;
        size_t count;
    } rows[] = {
        {"main", "symbol", 1},
        {"own.o:main", "symbol", 1},
        {"sample.o:main", "symbol", 0},
        {"own_table", "symbol", 1},
        {"own.o", "member", 1},
        {"libsample.a(sample.o)", "member", 1},
        {"lib/libsample.a(sample.o)", "member", 1},
        {"ample.a(sample.o)", "symbol", 0},
        {"sample.o)", "symbol", 0},
        {"libother.a(other.o)", "member", 1},
        {"sample", "library", 1},
        {"libother", "library", 1},
        {"libc", "library", 1},
        {"", "symbol", 0},
        {"nothing", "symbol", 0},
        {"(sample.o)", "symbol", 0},
        {"own.o:", "symbol", 0},
        {":main", "symbol", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct why_target target;
        struct shared_error err;
        CHECK_ROW(rows[i].name);
        CHECK(why_find(graph, rows[i].name, &program.arena, &target, &err) == 0);
        CHECK_TEXT(target.kind, rows[i].kind);
        CHECK_NUMBER(target.count, rows[i].count);
        for (size_t k = 0; k < target.count; k++)
            CHECK(target.atoms[k] > 0 && target.atoms[k] < graph->atom_count);
    }
    CHECK_ROW(NULL);
    graph_program_clean_up(&program);
}

/* Each part stands once, the largest first, and equal ones by name and address. */
static void test_size_order(void)
{
    static const enum size_key keys[] = {SIZE_DEFLATED, SIZE_BYTES, SIZE_RETAINED};
    struct graph_program program;
    struct shared_error err;
    read_program(&program);
    const struct graph *graph = &program.graph;
    for (size_t k = 0; k < 3; k++) {
        struct size_order order;
        size_t atoms = 0, members = 0, sized = 0;
        CHECK(size_order_make(graph, keys[k], &program.arena, &order, &err) == 0);
        for (size_t i = 0; i < graph->library_count; i++)
            members += order.member_start[i + 1] - order.member_start[i];
        for (size_t member = 0; member < graph->member_count; member++)
            for (size_t i = order.atom_start[member]; i < order.atom_start[member + 1]; i++, atoms++) {
                const struct graph_atom *atom = &graph->atoms[order.atoms[i]];
                CHECK_NUMBER(atom->member, member);
                if (i == order.atom_start[member] || keys[k] != SIZE_BYTES)
                    continue;
                const struct graph_atom *before = &graph->atoms[order.atoms[i - 1]];
                uint64_t a = graph_atom_bytes(before), b = graph_atom_bytes(atom);
                int names = strcmp(graph_text(graph, before->name), graph_text(graph, atom->name));
                CHECK(a > b || (a == b && (names < 0 || (names == 0 && before->address < atom->address))));
            }
        for (size_t i = 1; i < graph->atom_count; i++)
            sized += graph_atom_bytes(&graph->atoms[i]) > 0;
        CHECK_NUMBER(atoms, sized);
        CHECK(members > 0 && members <= graph->member_count);
    }
    graph_program_clean_up(&program);
}

/* Memory runs out at every place: a clear failure each time, nothing lost. */
static void test_memory(void)
{
    struct shared_arena manifest_arena = {0};
    struct manifest manifest;
    const struct image_paths paths = {"shipped", "program", "program.map"};
    long exhaustions = 0;
    bool reached = true;
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, &manifest_arena);
    for (long place = 0; reached; place++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct graph graph;
        struct size_order order;
        struct why_target target;
        left = place;
        int status = graph_read(&manifest, &manifest.functions[0], &paths, &arena, &graph, &err);
        if (status == 0)
            status = graph_record_save("record3", &key, &graph, &err);
        if (status == 0)
            status = graph_record_load("record3", &key, &arena, &graph, &err) == 1 ? 0 : (int)err.code;
        if (status == 0)
            status = size_order_make(&graph, SIZE_BYTES, &arena, &order, &err);
        if (status == 0)
            status = why_find(&graph, "libc", &arena, &target, &err);
        reached = left < 0;
        left = -1;
        CHECK(status == 0 ? !reached : status == SHARED_ENOMEM);
        if (status < 0)
            CHECK_MESSAGE(&err, "no memory");
        exhaustions += status < 0;
        shared_arena_clean_up(&arena);
    }
    CHECK(exhaustions > 20);
    shared_arena_clean_up(&manifest_arena);
}

int main(void)
{
    char *folder = scratch_enter();
    image_compile("host", "gcc", "ar");
    SHELL_NEED(
        "gcc -static -Wl,--gc-sections,-q,-Map=program.map host/own.o host/lib/libsample.a host/libother.a "
        "-o program");
    CHECK_RUN(test_record);
    CHECK_RUN(test_damaged_record);
    CHECK_RUN(test_deflated);
    CHECK_RUN(test_wrong_stream);
    CHECK_RUN(test_why_find);
    CHECK_RUN(test_size_order);
    CHECK_RUN(test_memory);
    scratch_leave(folder);
    return check_report();
}
