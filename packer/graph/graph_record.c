#include "graph/graph_record.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <stddef.h>
#include <string.h>
#include <xxhash.h>

#define MAGIC \
    0x3568706172676d64u /* "dmgraph5": the last digit changes with the structs, or what is in them */
#define RECORD_LIMIT_BYTES ((size_t)1 << 30)

/* The file: this, then libraries, members, atoms, edge_start, edge_to and texts, each padded to 8 bytes. */
struct record_header {
    uint64_t magic;
    struct hash key;
    uint64_t content_hash; /* XXH3 of all that follows it */
    uint64_t sizes[4];     /* sizeof of the structs, for a compiler that lays them out otherwise */
    uint64_t library_count, member_count, atom_count, edge_count, text_bytes;
    uint64_t file_bytes, header_bytes, table_bytes, padding_bytes, frames_address, frames_bytes,
        deflated_bytes;
};

enum { PART_COUNT = 6 };

static size_t padded(size_t size_bytes)
{
    return (size_bytes + 7) & ~(size_t)7;
}

static void list_sizes(const struct record_header *header, size_t *sizes)
{
    sizes[0] = header->library_count * sizeof(struct graph_library);
    sizes[1] = header->member_count * sizeof(struct graph_member);
    sizes[2] = header->atom_count * sizeof(struct graph_atom);
    sizes[3] = (header->atom_count + 1) * sizeof(uint32_t);
    sizes[4] = header->edge_count * sizeof(uint32_t);
    sizes[5] = header->text_bytes;
}

static struct record_header describe(const struct hash *key, const struct graph *graph)
{
    return (struct record_header){
        .magic = MAGIC,
        .key = *key,
        .sizes = {sizeof(struct graph_library), sizeof(struct graph_member), sizeof(struct graph_atom),
                  sizeof(struct record_header)},
        .library_count = graph->library_count,
        .member_count = graph->member_count,
        .atom_count = graph->atom_count,
        .edge_count = graph->edge_start[graph->atom_count],
        .text_bytes = graph->text_bytes,
        .file_bytes = graph->file_bytes,
        .header_bytes = graph->header_bytes,
        .table_bytes = graph->table_bytes,
        .padding_bytes = graph->padding_bytes,
        .frames_address = graph->frames_address,
        .frames_bytes = graph->frames_bytes,
        .deflated_bytes = graph->deflated_bytes,
    };
}

/* Every number of the file is a place in it; each is below what the file has, or the file is damaged. */
static bool counts_fit(const struct record_header *header, size_t file_bytes)
{
    return header->library_count < file_bytes && header->member_count < file_bytes &&
           header->atom_count < file_bytes && header->edge_count < file_bytes &&
           header->text_bytes < file_bytes && header->library_count > 0 && header->member_count > 0 &&
           header->atom_count > 0 && header->text_bytes > 0;
}

static uint64_t hash_of(const char *file, size_t size_bytes)
{
    size_t skip = offsetof(struct record_header, content_hash) + sizeof(uint64_t);
    return XXH3_64bits(file + skip, size_bytes - skip);
}

static bool is_usable(struct shared_slice file, const struct hash *key, struct record_header *header)
{
    size_t sizes[PART_COUNT], total = sizeof(*header);
    if (file.size_bytes < sizeof(*header))
        return false;
    memcpy(header, file.data, sizeof(*header));
    struct record_header wanted = {.sizes = {sizeof(struct graph_library), sizeof(struct graph_member),
                                             sizeof(struct graph_atom), sizeof(struct record_header)}};
    if (header->magic != MAGIC || memcmp(&header->key, key, sizeof(*key)) != 0 ||
        memcmp(header->sizes, wanted.sizes, sizeof(wanted.sizes)) != 0 ||
        !counts_fit(header, file.size_bytes))
        return false;
    list_sizes(header, sizes);
    for (int i = 0; i < PART_COUNT; i++)
        total += padded(sizes[i]);
    return total == file.size_bytes && header->content_hash == hash_of(file.data, file.size_bytes);
}

int graph_record_load(const char *path, const struct hash *key, struct shared_arena *arena,
                      struct graph *graph, struct shared_error *err)
{
    struct shared_slice file;
    struct record_header header;
    size_t sizes[PART_COUNT];
    int status = file_exists(path) ? file_read(path, RECORD_LIMIT_BYTES, arena, &file, NULL) : SHARED_EIO;
    if (status == SHARED_ENOMEM)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
    if (status < 0 || !is_usable(file, key, &header))
        return 0;
    list_sizes(&header, sizes);
    char *parts[PART_COUNT], *at = (char *)(uintptr_t)file.data + sizeof(header);
    for (int i = 0; i < PART_COUNT; i++) {
        parts[i] = at;
        at += padded(sizes[i]);
    }
    *graph = (struct graph){
        .libraries = (void *)parts[0],
        .library_count = header.library_count,
        .members = (void *)parts[1],
        .member_count = header.member_count,
        .atoms = (void *)parts[2],
        .atom_count = header.atom_count,
        .edge_start = (void *)parts[3],
        .edge_to = (void *)parts[4],
        .texts = parts[5],
        .text_bytes = header.text_bytes,
        .file_bytes = header.file_bytes,
        .header_bytes = header.header_bytes,
        .table_bytes = header.table_bytes,
        .padding_bytes = header.padding_bytes,
        .frames_address = header.frames_address,
        .frames_bytes = header.frames_bytes,
        .deflated_bytes = header.deflated_bytes,
    };
    bool sound;
    status = graph_check(graph, header.edge_count, &sound, err);
    return status < 0 ? status : sound;
}

int graph_record_save(const char *path, const struct hash *key, const struct graph *graph,
                      struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct record_header header = describe(key, graph);
    const void *parts[PART_COUNT] = {graph->libraries,  graph->members, graph->atoms,
                                     graph->edge_start, graph->edge_to, graph->texts};
    size_t sizes[PART_COUNT], total = sizeof(header);
    list_sizes(&header, sizes);
    for (int i = 0; i < PART_COUNT; i++)
        total += padded(sizes[i]);
    char *file = shared_arena_alloc(&scratch, total);
    if (!file)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", path);
    memset(file, 0, total);
    char *at = file + sizeof(header);
    for (int i = 0; i < PART_COUNT; i++) {
        if (sizes[i] > 0)
            memcpy(at, parts[i], sizes[i]);
        at += padded(sizes[i]);
    }
    memcpy(file, &header, sizeof(header));
    header.content_hash = hash_of(file, total);
    memcpy(file, &header, sizeof(header));
    return file_write(path, shared_slice_of(file, total), err);
}
