/* link_map_reader.h - what the readers of each form of map share: lines, numbers, and lists that grow. */
#ifndef PACKER_LINK_MAP_READER_H
#define PACKER_LINK_MAP_READER_H

#include "image/link_map.h"

#include <stdbool.h>

struct link_map_reader {
    const char *path;
    struct shared_slice rest;
    size_t line; /* number of the line that was taken last; the first is 1 */
    struct shared_arena *arena;
    struct link_map *map;
    size_t section_capacity, piece_capacity, extraction_capacity;
};

/* Takes the next line, without its end. Returns false at the end of the text. */
bool link_map_line(struct link_map_reader *reader, struct shared_slice *line);

/* Fail where memory is exhausted or there are 2^32 sections. A piece belongs to the section added last. */
int link_map_add_section(struct link_map_reader *reader, struct shared_slice name, uint64_t address,
                         uint64_t size_bytes, struct shared_error *err);

/* A piece of no bytes, or before any section, is left out. file may be "archive(member)", which is split. */
int link_map_add_piece(struct link_map_reader *reader, struct shared_slice file, struct shared_slice name,
                       uint64_t address, uint64_t size_bytes, struct shared_error *err);

/* Splits "archive(member)". */
void link_map_split_member(struct shared_slice *file, struct shared_slice *member);

/* The list of extractions of bfd or gold, from the line after its heading to the next heading. */
int link_map_read_extractions(struct link_map_reader *reader, struct shared_error *err);

/* Room for one more item; the new address, or NULL where memory is exhausted. */
void *link_map_grow(struct shared_arena *arena, void *items, size_t count, size_t *capacity,
                    size_t item_bytes);

/* Takes blanks off the front and returns how many there were. */
size_t link_map_take_blanks(struct shared_slice *text);

/* Takes a number off the front, after blanks; returns false, with text as it was, where there is none. */
bool link_map_take_hex(struct shared_slice *text, uint64_t *value);
bool link_map_take_decimal(struct shared_slice *text, uint64_t *value);

bool link_map_has_prefix(struct shared_slice text, const char *prefix);

/* The map of bfd or gold, from the line after the heading of its memory map on. */
int link_map_read_bfd(struct link_map_reader *reader, struct shared_error *err);

/* The tables of lld (sizes hexadecimal, with a column LMA) and mold (sizes decimal), from the line after the
 * heading on. */
int link_map_read_table(struct link_map_reader *reader, bool has_lma, struct shared_error *err);

#endif
