#include "image/link_map.h"

#include "base/file.h"
#include "image/link_map_reader.h"

#include <string.h>

#define MAP_LIMIT_BYTES ((size_t)1 << 30)

bool link_map_line(struct link_map_reader *reader, struct shared_slice *line)
{
    if (reader->rest.size_bytes == 0)
        return false;
    reader->line++;
    *line = shared_slice_split(&reader->rest, '\n');
    return true;
}

size_t link_map_take_blanks(struct shared_slice *text)
{
    size_t count = 0;
    while (count < text->size_bytes && text->data[count] == ' ')
        count++;
    *text = shared_slice_of(text->data + count, text->size_bytes - count);
    return count;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* A number ends at a blank or with the text: "0x12ab.o" is none. */
static bool take_number(struct shared_slice *text, unsigned base, uint64_t *value)
{
    struct shared_slice left = *text;
    link_map_take_blanks(&left);
    if (base == 16 && link_map_has_prefix(left, "0x"))
        left = shared_slice_of(left.data + 2, left.size_bytes - 2);
    uint64_t sum = 0;
    size_t i = 0;
    for (; i < left.size_bytes && left.data[i] != ' '; i++) {
        unsigned digit = (unsigned)digit_value(left.data[i]);
        if (digit >= base || sum > (UINT64_MAX - digit) / base)
            return false;
        sum = sum * base + digit;
    }
    if (i == 0)
        return false;
    *value = sum;
    *text = shared_slice_of(left.data + i, left.size_bytes - i);
    return true;
}

bool link_map_take_hex(struct shared_slice *text, uint64_t *value)
{
    return take_number(text, 16, value);
}

bool link_map_take_decimal(struct shared_slice *text, uint64_t *value)
{
    return take_number(text, 10, value);
}

bool link_map_has_prefix(struct shared_slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size_bytes >= size && memcmp(text.data, prefix, size) == 0;
}

void *link_map_grow(struct shared_arena *arena, void *items, size_t count, size_t *capacity,
                    size_t item_bytes)
{
    if (count < *capacity)
        return items;
    size_t larger = *capacity ? 2 * *capacity : 64;
    items = shared_arena_resize(arena, items, *capacity * item_bytes, larger * item_bytes);
    if (items)
        *capacity = larger;
    return items;
}

int link_map_add_section(struct link_map_reader *reader, struct shared_slice name, uint64_t address,
                         uint64_t size_bytes, struct shared_error *err)
{
    struct link_map *map = reader->map;
    struct link_section *sections = map->section_count >= UINT32_MAX
                                        ? NULL
                                        : link_map_grow(reader->arena, map->sections, map->section_count,
                                                        &reader->section_capacity, sizeof(*sections));
    if (!sections)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the sections of %s", reader->path);
    map->sections = sections;
    sections[map->section_count++] =
        (struct link_section){.name = name, .address = address, .size_bytes = size_bytes};
    return 0;
}

/* "libx.a(x(1).o)": the parenthesis that the last one closes. Returns its place, 0 where there is none. */
static size_t member_start(struct shared_slice file)
{
    if (file.size_bytes == 0 || file.data[file.size_bytes - 1] != ')')
        return 0;
    size_t open = 0;
    for (size_t i = file.size_bytes; i-- > 0;) {
        if (file.data[i] == ')')
            open++;
        else if (file.data[i] == '(' && --open == 0)
            return i;
    }
    return 0;
}

void link_map_split_member(struct shared_slice *file, struct shared_slice *member)
{
    size_t start = member_start(*file);
    *member = (struct shared_slice){0};
    if (start > 0) {
        *member = shared_slice_of(file->data + start + 1, file->size_bytes - start - 2);
        file->size_bytes = start;
    }
}

int link_map_add_piece(struct link_map_reader *reader, struct shared_slice file, struct shared_slice name,
                       uint64_t address, uint64_t size_bytes, struct shared_error *err)
{
    struct link_map *map = reader->map;
    if (size_bytes == 0 || map->section_count == 0)
        return 0;
    struct link_piece *pieces =
        link_map_grow(reader->arena, map->pieces, map->piece_count, &reader->piece_capacity, sizeof(*pieces));
    if (!pieces)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the pieces of %s", reader->path);
    map->pieces = pieces;
    struct link_piece *piece = &pieces[map->piece_count++];
    *piece = (struct link_piece){.section = (uint32_t)(map->section_count - 1),
                                 .address = address,
                                 .size_bytes = size_bytes,
                                 .file = file,
                                 .name = name};
    link_map_split_member(&piece->file, &piece->member);
    return 0;
}

/* Whether a line is a table's heading: its words, whatever the blanks between them. */
static bool is_heading(struct shared_slice line, const char *const *words)
{
    for (; *words; words++) {
        if (link_map_take_blanks(&line) == 0 || !link_map_has_prefix(line, *words))
            return false;
        size_t size = strlen(*words);
        line = shared_slice_of(line.data + size, line.size_bytes - size);
    }
    return line.size_bytes == 0;
}

static int read_map(struct link_map_reader *reader, struct shared_error *err)
{
    static const char *const lld[] = {"VMA", "LMA", "Size", "Align", "Out", "In", "Symbol", NULL};
    static const char *const mold[] = {"VMA", "Size", "Align", "Out", "In", "Symbol", NULL};
    struct shared_slice line;
    while (link_map_line(reader, &line)) {
        if (reader->line == 1 && (is_heading(line, lld) || is_heading(line, mold)))
            return link_map_read_table(reader, is_heading(line, lld), err);
        if (shared_slice_equal(line, shared_slice_from_text("Linker script and memory map")) ||
            shared_slice_equal(line, shared_slice_from_text("Memory map")))
            return link_map_read_bfd(reader, err);
        if (link_map_has_prefix(line, "Archive member included ")) {
            int status = link_map_read_extractions(reader, err);
            if (status < 0)
                return status;
        }
    }
    return shared_fail(err, SHARED_EPROTO, 0,
                       "%s:%zu: ends without a memory map; a map of GNU ld, gold, lld or mold, written with "
                       "LC_ALL=C, is needed",
                       reader->path, reader->line);
}

int link_map_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                   struct link_map *map, struct shared_error *err)
{
    *map = (struct link_map){0};
    struct link_map_reader reader = {.path = path, .rest = text, .arena = arena, .map = map};
    int status = read_map(&reader, err);
    if (status < 0)
        return status;
    if (text.data[text.size_bytes - 1] != '\n')
        return shared_fail(err, SHARED_EPROTO, 0, "%s:%zu: is cut off within this line: link again", path,
                           reader.line);
    if (map->section_count == 0)
        return shared_fail(err, SHARED_EPROTO, 0, "%s:%zu: ends without a section: link again", path,
                           reader.line);
    return 0;
}

int link_map_read(const char *path, struct shared_arena *arena, struct link_map *map,
                  struct shared_error *err)
{
    struct shared_slice text;
    int status = file_read(path, MAP_LIMIT_BYTES, arena, &text, err);
    return status < 0 ? status : link_map_parse(path, text, arena, map, err);
}
