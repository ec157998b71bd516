/*
 * A kept graph whose bytes were changed by someone who then set its hash right: it is refused, or all that reports do
 * with a graph can be done with it. The input is pairs of a place and a byte.
 */
#include "fuzz_target.h"

#include "base/file.h"
#include "graph/graph_record.h"
#include "report/report_why.h"
#include "report/size_order.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#define HASH_AT 24 /* in the header: magic, key, then the hash of what follows it */

/* A root, a function that it calls, and a table of that. */
static const struct graph *make_graph(void)
{
    static struct graph_library libraries[] = {{.name = 1, .bytes = 30}, {.name = 8, .bytes = 70}};
    static struct graph_member members[] = {
        {.name = 1, .library = 0, .extracted_by = GRAPH_NONE},
        {.name = 12, .archive = 16, .library = 1, .extracted_by = 0, .extracted_for = 20}};
    static struct graph_atom atoms[] = {
        {.name = 1, .run = GRAPH_NONE, .parent = GRAPH_NONE, .dominator = GRAPH_NONE, .named = true},
        {.name = 20,
         .member = 1,
         .section = 1,
         .address = 100,
         .size_bytes = 40,
         .named = true,
         .code = true},
        {.name = 1,
         .member = 1,
         .section = 1,
         .address = 140,
         .size_bytes = 30,
         .parent = 1,
         .dominator = 1,
         .kept = GRAPH_SECTION},
    };
    static uint32_t edge_start[] = {0, 1, 2, 2}, edge_to[] = {1, 2};
    static char texts[] = "\0linker\0own\0x.o\0x.a\0main";
    static const struct graph graph = {
        .libraries = libraries,
        .library_count = 2,
        .members = members,
        .member_count = 2,
        .atoms = atoms,
        .atom_count = 3,
        .edge_start = edge_start,
        .edge_to = edge_to,
        .texts = texts,
        .text_bytes = sizeof(texts),
        .file_bytes = 100,
    };
    return &graph;
}

static void use(const struct graph *graph, struct shared_arena *arena)
{
    static const char *const names[] = {"main", "x.o", "x.a(x.o)", "own", "linker", "none"};
    struct shared_error err;
    struct size_order order;
    struct why_target target;
    uint32_t *chain;
    size_t length;
    FUZZ_PROMISE(size_order_make(graph, SIZE_BYTES, arena, &order, &err) == 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        FUZZ_PROMISE(why_find(graph, names[i], arena, &target, &err) == 0);
    for (uint32_t i = 0; i < graph->atom_count; i++) {
        FUZZ_PROMISE(graph_chain(graph, i, arena, &chain, &length, &err) == 0);
        FUZZ_PROMISE(report_atom_name(graph, i, arena) != NULL);
    }
}

static void change(unsigned char *bytes, size_t size_bytes, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 3 <= size; i += 3)
        bytes[(data[i] | (size_t)data[i + 1] << 8) % size_bytes] = data[i + 2];
    uint64_t hash;
    size_t hashed = HASH_AT + sizeof(hash);
    hash = XXH3_64bits(bytes + hashed, size_bytes - hashed);
    memcpy(bytes + HASH_AT, &hash, sizeof(hash));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct hash key = {{1, 2, 3}};
    static const char path[] = "/proc/self/fd/%d";
    static int fd = -1;
    static struct shared_slice whole;
    static struct shared_arena kept;
    struct shared_arena arena = {0};
    struct shared_error err;
    struct graph graph;
    char name[32];
    if (fd < 0) {
        char saved[] = "/tmp/fuzz-graph-record-XXXXXX";
        int there = mkstemp(saved);
        FUZZ_PROMISE(there >= 0 && graph_record_save(saved, &key, make_graph(), &err) == 0);
        FUZZ_PROMISE(file_read(saved, 1 << 20, &kept, &whole, &err) == 0 && unlink(saved) == 0);
        close(there);
        fd = memfd_create("record", MFD_CLOEXEC);
    }
    unsigned char bytes[4096];
    FUZZ_PROMISE(fd >= 0 && whole.size_bytes > HASH_AT + 8 && whole.size_bytes <= sizeof(bytes));
    memcpy(bytes, whole.data, whole.size_bytes);
    change(bytes, whole.size_bytes, data, size);
    FUZZ_PROMISE(pwrite(fd, bytes, whole.size_bytes, 0) == (ssize_t)whole.size_bytes);
    snprintf(name, sizeof(name), path, fd);
    int status = graph_record_load(name, &key, &arena, &graph, &err);
    FUZZ_PROMISE(status == 0 || status == 1);
    FUZZ_PROMISE(size >= 3 || status == 1);
    if (status == 1)
        use(&graph, &arena);
    shared_arena_clean_up(&arena);
    return 0;
}
