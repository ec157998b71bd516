/* Any bytes as a link map: what is read lies within them, and each piece has its section. */
#include "fuzz_target.h"

#include "image/link_map.h"

#include <string.h>

static void check_within(struct shared_slice part, const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    FUZZ_PROMISE(part.size_bytes == 0 || (part.data >= text && part.data + part.size_bytes <= text + size));
    FUZZ_PROMISE(memchr(part.data ? part.data : "", '\n', part.size_bytes) == NULL);
}

static void check_map(const struct link_map *map, const uint8_t *data, size_t size)
{
    FUZZ_PROMISE(map->section_count > 0 && map->section_count <= size && map->piece_count <= size);
    for (size_t i = 0; i < map->section_count; i++)
        check_within(map->sections[i].name, data, size);
    for (size_t i = 0; i < map->piece_count; i++) {
        const struct link_piece *piece = &map->pieces[i];
        FUZZ_PROMISE(piece->section < map->section_count && piece->size_bytes > 0);
        FUZZ_PROMISE(i == 0 || piece[-1].section <= piece->section);
        FUZZ_PROMISE(piece->file.size_bytes > 0 || piece->member.size_bytes == 0);
        check_within(piece->file, data, size);
        check_within(piece->member, data, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct link_map map;
    int status = link_map_parse("x.map", shared_slice_of(data, size), &arena, &map, &err);
    if (status == 0)
        check_map(&map, data, size);
    else
        FUZZ_PROMISE(status == SHARED_EPROTO && strncmp(err.text, "x.map:", 6) == 0);
    shared_arena_clean_up(&arena);
    return 0;
}
