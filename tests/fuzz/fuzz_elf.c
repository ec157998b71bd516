/*
 * Any bytes as a program: its headers, what it asks of the loader, and its bytes by origin, under a map that
 * is made up to fit its sections. The seeds are programs that the build links: elf_seeds.cmake.
 */
#include "fuzz_target.h"

#include "image/elf_dynamic.h"
#include "image/image_attribute.h"

#include <string.h>

static const char manifest_text[] =
    "{\"name\": \"f\", \"libraries\": {\"sample\": {\"archives\": [\"lib/libsample.a\"]}},\n"
    " \"functions\": {\"f\": {\"sources\": [\"f.c\"], \"libraries\": [\"sample\"]}}}\n";

static void check_dynamic(const struct elf_file *file, struct shared_arena *arena)
{
    struct shared_error err;
    struct elf_dynamic dynamic;
    int status = elf_dynamic_read(file, arena, &dynamic, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO);
    if (status < 0)
        return;
    FUZZ_PROMISE(dynamic.glibc || !dynamic.glibc_symbol);
    for (size_t i = 0; i < dynamic.needed.count; i++)
        FUZZ_PROMISE(strlen(dynamic.needed.items[i]) > 0);
}

/* Pieces that leave gaps, overlap, reach beyond their section, and leave .eh_frame to its own entries. */
static int make_map(const struct elf_file *file, struct shared_arena *arena, struct link_map *map)
{
    static const char *const files[] = {"f.o", "lib/libsample.a", "libother.a", "/usr/lib/libc.a", "crt1.o"};
    *map = (struct link_map){.section_count = file->section_count};
    map->sections = shared_arena_alloc(arena, file->section_count * sizeof(*map->sections));
    map->pieces = shared_arena_alloc(arena, 3 * file->section_count * sizeof(*map->pieces));
    if (!map->sections || !map->pieces)
        return -1;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        map->sections[i] = (struct link_section){file->sections[i].name, header->sh_addr, header->sh_size};
        if (shared_slice_equal(file->sections[i].name, shared_slice_from_text(".eh_frame")))
            continue;
        for (uint64_t k = 0; k < 3; k++)
            map->pieces[map->piece_count++] = (struct link_piece){
                .section = (uint32_t)i,
                .address = header->sh_addr + k * header->sh_size / 4,
                .size_bytes = 1 + header->sh_size / (2 + k),
                .file = shared_slice_from_text(files[(i + k) % (sizeof(files) / sizeof(files[0]))]),
                .member = k ? shared_slice_from_text("x.o") : shared_slice_of(NULL, 0),
            };
    }
    return 0;
}

static void check_origins(const struct manifest *manifest, const struct elf_file *file,
                          const struct link_map *map, struct shared_arena *arena)
{
    struct shared_error err;
    struct image_origins origins;
    struct image_runs runs;
    uint64_t sum = 0, file_bytes = file->content.size_bytes;
    if (image_origins_init(&origins, manifest, &manifest->functions[0], arena, arena, &err) < 0)
        return;
    int status = image_attribute(file, "x.map", map, file_bytes, arena, &origins, &runs, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO);
    if (status < 0)
        return;
    image_origins_sort(&origins);
    for (size_t i = 0; i < origins.count; i++)
        sum += origins.items[i].bytes;
    FUZZ_PROMISE(sum == file_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct manifest manifest;
    struct elf_file file;
    struct link_map map;
    FUZZ_PROMISE(manifest_parse("demine.json", manifest_text, sizeof(manifest_text) - 1, &arena, &manifest,
                                &err) == 0);
    int status = elf_file_parse("program", shared_slice_of(data, size), &arena, &file, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO || status == SHARED_EINVAL);
    if (status == 0) {
        check_dynamic(&file, &arena);
        check_origins(&manifest, &file, NULL, &arena);
        if (make_map(&file, &arena, &map) == 0)
            check_origins(&manifest, &file, &map, &arena);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
