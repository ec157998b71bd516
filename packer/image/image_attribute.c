#include "image/image_attribute.h"

#include "base/cleanup.h"
#include "base/slice_part.h"
#include "image/printable.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#ifndef SHT_RELR
#define SHT_RELR 19
#endif

/* A section whose bytes are to be given to origins, by name and then by address in the list. */
struct target_section {
    const struct elf_section *section;
    bool in_map;
    bool is_frames; /* given by what its entries describe, whatever the map says */
};

struct attribution {
    const struct elf_file *file;
    struct target_section *targets;
    size_t count;
    uint64_t given; /* in all */
    struct image_origins *origins;
};

/* Filled by the linker, whatever its map says: bfd names crt1.o as the input of most of these. */
static bool is_made_by_linker(const struct elf_section *section)
{
    static const char *const prefixes[] = {".plt", ".got", ".iplt", ".igot", ".rel.", ".rela.", ".relr."};
    static const char *const names[] = {".interp",        ".eh_frame_hdr",      ".note.gnu.build-id",
                                        ".relro_padding", ".note.gnu.property", ".gnu_debuglink"};
    switch (section->header.sh_type) {
    case SHT_DYNAMIC:
    case SHT_DYNSYM:
    case SHT_STRTAB:
    case SHT_HASH:
    case SHT_GNU_HASH:
    case SHT_GNU_versym:
    case SHT_GNU_verneed:
    case SHT_GNU_verdef:
    case SHT_REL:
    case SHT_RELA:
    case SHT_RELR:
        return true;
    default:
        break;
    }
    struct shared_slice name = section->name;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (slice_begins(name, prefixes[i]))
            return true;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (shared_slice_equal(name, shared_slice_from_text(names[i])))
            return true;
    return false;
}

static int compare_places(struct shared_slice a, uint64_t a_address, struct shared_slice b,
                          uint64_t b_address)
{
    size_t shorter = a.size_bytes < b.size_bytes ? a.size_bytes : b.size_bytes;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order != 0)
        return order;
    if (a.size_bytes != b.size_bytes)
        return a.size_bytes < b.size_bytes ? -1 : 1;
    return (a_address > b_address) - (a_address < b_address);
}

static int by_place(const void *a, const void *b)
{
    const struct elf_section *x = ((const struct target_section *)a)->section;
    const struct elf_section *y = ((const struct target_section *)b)->section;
    return compare_places(x->name, x->header.sh_addr, y->name, y->header.sh_addr);
}

static struct target_section *find_target(const struct attribution *all, const struct link_section *section)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct elf_section *candidate = all->targets[middle].section;
        int order =
            compare_places(candidate->name, candidate->header.sh_addr, section->name, section->address);
        if (order == 0)
            return &all->targets[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Of thread-local variables there is a copy for each thread and none at an address of the program's. */
static bool is_zero_memory(const struct elf_section *section)
{
    return section->header.sh_type == SHT_NOBITS &&
           (section->header.sh_flags & (SHF_ALLOC | SHF_TLS)) == SHF_ALLOC && section->header.sh_size > 0;
}

/* The sum is checked as it grows: sections of a hostile file may overlap. */
static int list_targets(struct attribution *all, uint64_t file_bytes, struct shared_arena *scratch,
                        struct shared_error *err)
{
    const struct elf_file *file = all->file;
    uint64_t sum = 0;
    all->targets = shared_arena_alloc(scratch, file->section_count * sizeof(*all->targets));
    if (!all->targets)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the sections of %s", file->path);
    for (size_t i = 0; i < file->section_count; i++) {
        const struct elf_section *section = &file->sections[i];
        if (is_zero_memory(section))
            all->targets[all->count++] = (struct target_section){.section = section, .in_map = true};
        if (!elf_section_is_loaded(section))
            continue;
        sum += section->header.sh_size;
        if (sum > file_bytes)
            return shared_fail(err, SHARED_EPROTO, 0,
                               "%s: its sections have more bytes than the program that ships, %" PRIu64,
                               file->path, file_bytes);
        if (!is_made_by_linker(section))
            all->targets[all->count++] = (struct target_section){
                .section = section,
                .is_frames = shared_slice_equal(section->name, shared_slice_from_text(".eh_frame"))};
    }
    qsort(all->targets, all->count, sizeof(*all->targets), by_place);
    return 0;
}

static void give(struct attribution *all, const struct target_section *target, uint32_t origin,
                 uint64_t bytes)
{
    if (target->section->header.sh_type == SHT_NOBITS)
        return;
    all->origins->items[origin].bytes += bytes;
    all->given += bytes;
}

/* A piece of the map within its section, which says what it begins; the next one in the order ends it. */
struct placed_piece {
    struct target_section *target;
    uint64_t address, end;
    size_t index; /* in the map */
};

static int by_address(const void *a, const void *b)
{
    const struct placed_piece *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Maps are sorted but for a section or two that overlays others. */
static void sort_pieces(struct placed_piece *pieces, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (pieces[i - 1].address > pieces[i].address) {
            qsort(pieces, count, sizeof(*pieces), by_address);
            return;
        }
}

/* Lists what lies in a section of the program; pieces that reach beyond its end are clipped there. */
static size_t place_pieces(const struct attribution *all, const struct link_map *map,
                           struct placed_piece *placed)
{
    size_t count = 0;
    uint32_t last = UINT32_MAX;
    struct target_section *target = NULL;
    for (size_t i = 0; i < map->piece_count; i++) {
        const struct link_piece *piece = &map->pieces[i];
        if (piece->section != last) {
            last = piece->section;
            target = find_target(all, &map->sections[last]);
        }
        if (!target || target->is_frames)
            continue;
        uint64_t start = target->section->header.sh_addr;
        uint64_t size_bytes = target->section->header.sh_size;
        uint64_t skip = piece->address - start;
        if (piece->address < start || skip >= size_bytes)
            continue;
        uint64_t left = size_bytes - skip;
        uint64_t end = piece->address + (piece->size_bytes < left ? piece->size_bytes : left);
        placed[count++] = (struct placed_piece){target, piece->address, end, i};
    }
    sort_pieces(placed, count);
    return count;
}

/* Gives each piece what lies between its start and the next one's, and lists that as runs. */
static int give_pieces(struct attribution *all, const struct link_map *map, struct shared_arena *scratch,
                       struct image_runs *runs, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena brief = {0};
    struct placed_piece *placed = shared_arena_alloc(&brief, map->piece_count * sizeof(*placed));
    runs->items = shared_arena_alloc(scratch, map->piece_count * sizeof(*runs->items));
    if (!placed || !runs->items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the pieces of %s", all->file->path);
    size_t count = place_pieces(all, map, placed);
    for (size_t i = 0; i < count; i++) {
        uint64_t end = placed[i].end;
        if (i + 1 < count && placed[i + 1].address < end)
            end = placed[i + 1].address;
        if (end <= placed[i].address)
            continue;
        const struct link_piece *piece = &map->pieces[placed[i].index];
        uint32_t origin;
        int status = image_origin_of(all->origins, piece->file, piece->member.data != NULL, &origin, err);
        if (status < 0)
            return status;
        give(all, placed[i].target, origin, end - placed[i].address);
        runs->items[runs->count++] =
            (struct image_run){placed[i].address, end, origin, (uint32_t)placed[i].index};
    }
    return 0;
}

static int fail_map(const struct elf_file *file, const char *map_path, const struct elf_section *section,
                    struct shared_error *err)
{
    char name[33] = "";
    size_t size = section->name.size_bytes < sizeof(name) ? section->name.size_bytes : sizeof(name) - 1;
    if (size > 0)
        memcpy(name, section->name.data, size);
    printable_clean(name, size);
    return shared_fail(err, SHARED_EPROTO, 0,
                       "%s is not the map of %s, or is cut off: it has no section %s of %" PRIu64
                       " bytes at 0x%" PRIx64 ": link again",
                       map_path, file->path, name, section->header.sh_size, section->header.sh_addr);
}

/* A map that was written for another link, or that is cut off, would give wrong figures that look right. */
static int check_map(const struct attribution *all, const char *map_path, const struct link_map *map,
                     struct shared_error *err)
{
    for (size_t i = 0; i < map->section_count; i++) {
        struct target_section *target = find_target(all, &map->sections[i]);
        if (target && target->section->header.sh_size == map->sections[i].size_bytes)
            target->in_map = true;
    }
    for (size_t i = 0; i < all->count; i++) {
        if (!all->targets[i].in_map)
            return fail_map(all->file, map_path, all->targets[i].section, err);
    }
    return 0;
}

static int give_by_map(struct attribution *all, const char *map_path, const struct link_map *map,
                       struct shared_arena *scratch, struct image_runs *runs, struct shared_error *err)
{
    int status = check_map(all, map_path, map, err);
    if (status == 0)
        status = give_pieces(all, map, scratch, runs, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < all->count; i++) {
        if (all->targets[i].is_frames)
            all->given += image_frames_attribute(all->file, all->targets[i].section, runs, all->origins);
    }
    return 0;
}

struct span {
    uint64_t start, end;
};

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

/* Of a program without sections: what its segments load, but for the ELF header and the program headers. */
static int loaded_bytes(const struct elf_file *file, struct shared_arena *scratch, uint64_t *bytes,
                        struct shared_error *err)
{
    struct span *spans = shared_arena_alloc(scratch, file->segment_count * sizeof(*spans));
    if (!spans)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the segments of %s", file->path);
    size_t count = 0;
    for (size_t i = 0; i < file->segment_count; i++) {
        const GElf_Phdr *segment = &file->segments[i];
        if (segment->p_type == PT_LOAD)
            spans[count++] = (struct span){segment->p_offset, segment->p_offset + segment->p_filesz};
    }
    qsort(spans, count, sizeof(*spans), by_start);
    uint64_t reached = file->header.e_phoff + file->segment_count * sizeof(Elf64_Phdr);
    if (file->header.e_phoff != sizeof(Elf64_Ehdr))
        reached = sizeof(Elf64_Ehdr);
    *bytes = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t start = spans[i].start > reached ? spans[i].start : reached;
        if (spans[i].end > start) {
            *bytes += spans[i].end - start;
            reached = spans[i].end;
        }
    }
    return 0;
}

int image_attribute(const struct elf_file *file, const char *map_path, const struct link_map *map,
                    uint64_t file_bytes, struct shared_arena *scratch, struct image_origins *origins,
                    struct image_runs *runs, struct shared_error *err)
{
    *runs = (struct image_runs){0};
    struct attribution all = {.file = file, .origins = origins};
    if (map && file->section_count == 0)
        return shared_fail(err, SHARED_EPROTO, 0,
                           "%s has no section headers, so that %s says nothing of it: give the program as it "
                           "was linked, or no map",
                           file->path, map_path);
    int status = list_targets(&all, file_bytes, scratch, err);
    if (status == 0 && map) {
        status = give_by_map(&all, map_path, map, scratch, runs, err);
    } else if (status == 0) {
        for (size_t i = 0; i < all.count; i++)
            give(&all, &all.targets[i], ORIGIN_OWN, all.targets[i].section->header.sh_size);
        if (file->section_count == 0) {
            status = loaded_bytes(file, scratch, &all.given, err);
            origins->items[ORIGIN_OWN].bytes += all.given;
        }
    }
    if (status < 0)
        return status;
    if (all.given > file_bytes)
        return shared_fail(err, SHARED_EPROTO, 0,
                           "%s: it loads more bytes than the program that ships has, %" PRIu64, file->path,
                           file_bytes);
    origins->items[ORIGIN_LINKER].bytes += file_bytes - all.given;
    return 0;
}
