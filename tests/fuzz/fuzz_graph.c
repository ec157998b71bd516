/*
 * Any bytes as a program with relocations and symbols, under a map that is made up to fit its sections: the graph of it
 * is whole, or there is a clear failure. The seeds are programs that the build links: elf_seeds.cmake.
 */
#include "fuzz_target.h"

#include "graph/graph_inner.h"
#include "graph/graph_record.h"
#include "image/link_map_reader.h"

#include <string.h>

static const char manifest_text[] =
    "{\"name\": \"f\", \"libraries\": {\"sample\": {\"archives\": [\"lib/libsample.a\"]}},\n"
    " \"functions\": {\"f\": {\"sources\": [\"f.c\"], \"libraries\": [\"sample\"]}}}\n";

#define PIECES 4 /* of each section */

/* Pieces of several inputs, of none, and of names that mean something. What is odd in the sections decides. */
static int make_map(const struct elf_file *file, unsigned linker, struct shared_arena *arena,
                    struct link_map *map)
{
    static const char *const files[] = {"f.o", "lib/libsample.a", "", "/usr/lib/libc.a",
                                        "/tmp/x.ltrans0.ltrans.o"};
    static const char *const names[] = {NULL, ".rodata.str1.1", "__sets", NULL, ".rodata.cst8", "*fill*"};
    *map = (struct link_map){.linker = linker % 3, .section_count = file->section_count};
    map->sections = shared_arena_alloc(arena, file->section_count * sizeof(*map->sections));
    map->pieces = shared_arena_alloc(arena, PIECES * file->section_count * sizeof(*map->pieces));
    if (!map->sections || !map->pieces)
        return -1;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        map->sections[i] = (struct link_section){file->sections[i].name, header->sh_addr, header->sh_size};
        for (uint64_t k = 0; k < PIECES; k++) {
            const char *name = names[(i + k + linker) % (sizeof(names) / sizeof(names[0]))];
            struct link_piece *piece = &map->pieces[map->piece_count++];
            *piece = (struct link_piece){
                .section = (uint32_t)i,
                .address = header->sh_addr + k * (header->sh_size / PIECES),
                .size_bytes = 1 + header->sh_size / (1 + k),
                .file = shared_slice_from_text(files[(i + k) % (sizeof(files) / sizeof(files[0]))]),
                .name = name ? shared_slice_from_text(name) : file->sections[i].name,
            };
            link_map_split_member(&piece->file, &piece->member);
        }
    }
    return 0;
}

static void check_graph(const struct graph *graph, struct shared_arena *arena)
{
    struct shared_error err;
    bool sound;
    uint64_t sum = graph->header_bytes + graph->table_bytes + graph->padding_bytes;
    FUZZ_PROMISE(graph_check(graph, graph->edge_start[graph->atom_count], &sound, &err) == 0 && sound);
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        sum += graph_atom_bytes(atom);
        FUZZ_PROMISE(atom->size_bytes > 0 && atom->dominator != GRAPH_NONE);
        FUZZ_PROMISE(atom->retained_bytes >= graph_atom_bytes(atom));
        FUZZ_PROMISE(i == 1 || atom[-1].address + atom[-1].size_bytes <= atom->address);
    }
    FUZZ_PROMISE(sum == graph->file_bytes);
    uint32_t *chain;
    size_t length;
    uint32_t last = (uint32_t)graph->atom_count - 1;
    FUZZ_PROMISE(graph_chain(graph, last, arena, &chain, &length, &err) == 0);
    FUZZ_PROMISE(chain[0] == GRAPH_ROOT && chain[length - 1] == last);
}

static int make_layout(const struct manifest *manifest, struct shared_slice content, unsigned linker,
                       struct shared_arena *arena, struct image_layout *layout)
{
    struct shared_error err;
    *layout = (struct image_layout){0};
    int status = elf_file_parse("program", content, arena, &layout->unstripped, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO || status == SHARED_EINVAL);
    layout->shipped = layout->unstripped;
    if (status == 0)
        status = make_map(&layout->unstripped, linker, arena, &layout->map);
    if (status == 0)
        status = image_origins_init(&layout->origins, manifest, &manifest->functions[0], arena, arena, &err);
    if (status == 0)
        status = image_attribute(&layout->unstripped, "x.map", &layout->map, content.size_bytes, arena,
                                 &layout->origins, &layout->runs, &err);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0}, scratch = {0};
    struct shared_error err;
    struct manifest manifest;
    struct image_layout layout;
    struct graph graph;
    FUZZ_PROMISE(manifest_parse("demine.json", manifest_text, sizeof(manifest_text) - 1, &arena, &manifest,
                                &err) == 0);
    /* A byte of the identification that means nothing says what linker there was. */
    unsigned linker = size >= EI_NIDENT ? data[EI_NIDENT - 1] : 0;
    if (make_layout(&manifest, shared_slice_of(data, size), linker, &scratch, &layout) == 0) {
        int status = graph_read_layout(&layout, &scratch, &arena, &graph, &err);
        FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO || status == SHARED_EUNSUPPORTED);
        if (status == 0)
            FUZZ_PROMISE(graph_weigh(&graph, "program", &err) == 0);
        if (status == 0)
            check_graph(&graph, &arena);
    }
    shared_arena_clean_up(&scratch);
    shared_arena_clean_up(&arena);
    return 0;
}
