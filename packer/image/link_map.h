/*
 * link_map.h - what a linker says it put where: the file that -Map names.
 *
 * One form for all linkers: output sections, and the pieces of input files that they are made of, both in the
 * map's order. The texts point into the map's text.
 */
#ifndef PACKER_LINK_MAP_H
#define PACKER_LINK_MAP_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stddef.h>
#include <stdint.h>

struct link_section {
    struct shared_slice name;
    uint64_t address;
    uint64_t size_bytes;
};

/*
 * A piece's size is what the map says, which may be more than it has: where strings or constants were merged
 * into those of other pieces, bfd shows the size of before. What ends a piece is the start of the next.
 */
struct link_piece {
    uint32_t section; /* index into sections */
    uint64_t address;
    uint64_t size_bytes;        /* over 0 */
    struct shared_slice file;   /* an object, or the archive; empty: made by the linker, padding included */
    struct shared_slice member; /* of the archive; empty: none */
    struct shared_slice name;   /* of the input section, ".text.parse_hex4" */
};

/* Why a member of an archive was linked, as bfd and gold say. */
struct link_extraction {
    struct shared_slice file, member;       /* what was extracted */
    struct shared_slice by_file, by_member; /* for whom; empty: the command line */
    struct shared_slice symbol;             /* that was looked for */
};

/* gold's map has bfd's form. */
enum link_map_linker { LINK_MAP_GNU, LINK_MAP_LLD, LINK_MAP_MOLD };

struct link_map {
    enum link_map_linker linker;
    struct link_section *sections;
    size_t section_count;
    struct link_piece *pieces;
    size_t piece_count;
    struct link_extraction *extractions; /* none in the maps of lld and mold */
    size_t extraction_count;
};

/*
 * Reads a map of GNU ld (bfd), gold, lld or mold, told apart by their headings. Linear in the map's size.
 * SHARED_EPROTO names file and line: not a map of these, cut off. SHARED_EIO, SHARED_ENOMEM,
 * SHARED_ETOOBIG.
 */
int link_map_read(const char *path, struct shared_arena *arena, struct link_map *map,
                  struct shared_error *err);

/* The same for a text in memory, which must live as long as the map; path is for messages. */
int link_map_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                   struct link_map *map, struct shared_error *err);

#endif
