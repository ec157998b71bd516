#include "image/image_layout.h"

#include "base/cleanup.h"

#include <inttypes.h>
#include <string.h>

static bool is_entry_segment(const struct elf_file *file, const GElf_Phdr *segment)
{
    return segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 &&
           file->header.e_entry >= segment->p_vaddr &&
           file->header.e_entry - segment->p_vaddr < segment->p_filesz;
}

static int check_entry(const struct elf_file *file, struct shared_error *err)
{
    if (file->header.e_entry == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "%s is a library, not a program: it has no entry point",
                           file->path);
    for (size_t i = 0; i < file->segment_count; i++)
        if (is_entry_segment(file, &file->segments[i]))
            return 0;
    return shared_fail(err, SHARED_EPROTO, 0, "%s: its entry point 0x%" PRIx64 " is not in executable code",
                       file->path, file->header.e_entry);
}

/* The kernel's own conditions (fs/binfmt_elf.c), and the target's architecture. */
static int check_program(const struct manifest *manifest, const struct elf_file *file,
                         struct shared_arena *arena, struct shared_error *err)
{
    GElf_Half wanted = manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    GElf_Half machine = file->header.e_machine;
    if (machine != wanted) {
        const char *name = elf_machine_name(machine, arena);
        return shared_fail(err, SHARED_EINVAL, 0, "%s is for %s; the target is %s", file->path,
                           name ? name : "another machine",
                           manifest_architecture_name(manifest->architecture));
    }
    switch (file->header.e_type) {
    case ET_EXEC:
    case ET_DYN:
        return check_entry(file, err);
    case ET_REL:
        return shared_fail(err, SHARED_EINVAL, 0, "%s is an object, not a program: link it", file->path);
    default:
        return shared_fail(err, SHARED_EINVAL, 0, "%s is no program: its ELF type is %u", file->path,
                           file->header.e_type);
    }
}

static int check_same(const struct elf_file *shipped, const struct elf_file *unstripped,
                      struct shared_error *err)
{
    const GElf_Ehdr *a = &shipped->header, *b = &unstripped->header;
    if (a->e_type == b->e_type && a->e_machine == b->e_machine && a->e_entry == b->e_entry)
        return 0;
    return shared_fail(err, SHARED_EPROTO, 0, "%s is not the stripped copy of %s: strip it again",
                       shipped->path, unstripped->path);
}

/* Large programs would stand in memory twice: of what ships most have seen enough. */
static void forget(struct elf_file *file, struct shared_arena *arena)
{
    file->content.data = NULL;
    file->segments = NULL;
    file->sections = NULL;
    file->section_count = 0;
    shared_arena_clean_up(arena);
}

static int read_files(const struct manifest *manifest, const struct image_paths *paths, bool shipped_too,
                      struct shared_arena *arena, struct elf_file *shipped, struct elf_file *unstripped,
                      struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena brief = {0};
    bool kept = shipped_too || !paths->unstripped;
    int status = elf_file_read(paths->shipped, kept ? arena : &brief, shipped, err);
    if (status == 0)
        status = check_program(manifest, shipped, arena, err);
    if (!kept)
        forget(shipped, &brief);
    *unstripped = *shipped;
    if (status < 0 || !paths->unstripped)
        return status;
    status = elf_file_read(paths->unstripped, arena, unstripped, err);
    return status < 0 ? status : check_same(shipped, unstripped, err);
}

/* mold says nothing of what it merged strings and constants from: their sections are one piece each, without a file. */
static int complete_map(struct link_map *map, struct shared_arena *arena, struct shared_error *err)
{
    size_t missing = 0;
    bool *has_pieces = shared_arena_alloc(arena, map->section_count * sizeof(*has_pieces));
    struct link_piece *pieces =
        shared_arena_alloc(arena, (map->piece_count + map->section_count) * sizeof(*pieces));
    if (!has_pieces || !pieces)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the pieces of a link map");
    memset(has_pieces, 0, map->section_count * sizeof(*has_pieces));
    for (size_t i = 0; i < map->piece_count; i++)
        has_pieces[map->pieces[i].section] = true;
    for (size_t i = 0; i < map->section_count; i++)
        if (!has_pieces[i] && map->sections[i].size_bytes > 0)
            pieces[map->piece_count + missing++] = (struct link_piece){
                .section = (uint32_t)i,
                .address = map->sections[i].address,
                .size_bytes = map->sections[i].size_bytes,
                .name = map->sections[i].name,
            };
    if (map->piece_count > 0)
        memcpy(pieces, map->pieces, map->piece_count * sizeof(*pieces));
    map->pieces = pieces;
    map->piece_count += missing;
    return 0;
}

int image_layout_read(const struct manifest *manifest, const struct manifest_function *function,
                      const struct image_paths *paths, bool shipped_too, struct shared_arena *arena,
                      struct shared_arena *names, struct image_layout *layout, struct shared_error *err)
{
    *layout = (struct image_layout){0};
    int status = read_files(manifest, paths, shipped_too, arena, &layout->shipped, &layout->unstripped, err);
    if (status == 0)
        status = image_origins_init(&layout->origins, manifest, function, arena, names, err);
    if (status == 0 && paths->map)
        status = link_map_read(paths->map, arena, &layout->map, err);
    if (status == 0 && layout->map.linker == LINK_MAP_MOLD)
        status = complete_map(&layout->map, arena, err);
    if (status < 0)
        return status;
    return image_attribute(&layout->unstripped, paths->map, paths->map ? &layout->map : NULL,
                           layout->shipped.content.size_bytes, arena, &layout->origins, &layout->runs, err);
}
