#include "image/link_map_reader.h"

#include <string.h>

/*
 * lld's table (ELF/MapFile.cpp) and mold's (mapfile.cc). After the numbers stands one blank, then an output
 * section, or eight blanks and a piece, or sixteen and a symbol.
 *
 *              VMA              LMA     Size Align Out     In      Symbol
 *           22a79d           22a79d       44     1         libcjson.a(cJSON.c.o):(.text.parse_hex4)
 *           200270           200270      270     8         <internal>:(.rela.dyn)
 *
 *                VMA       Size Align Out     In      Symbol
 *           0x22c4dd         68     1         libcjson.a(cJSON.c.o):(.text.parse_hex4)
 */

#define PIECE_BLANKS 9

struct row {
    uint64_t address, size_bytes;
    size_t blanks;
    struct shared_slice text;
};

static bool read_row(struct shared_slice line, bool has_lma, struct row *row)
{
    uint64_t unused;
    bool is_row = link_map_take_hex(&line, &row->address);
    if (has_lma)
        is_row = is_row && link_map_take_hex(&line, &unused) && link_map_take_hex(&line, &row->size_bytes);
    else
        is_row = is_row && link_map_take_decimal(&line, &row->size_bytes);
    if (!is_row || !link_map_take_decimal(&line, &unused))
        return false;
    row->blanks = link_map_take_blanks(&line);
    row->text = line;
    return row->blanks > 0;
}

/* "FILE:(SECTION)" taken apart; false for an assignment of the script. */
static bool take_file(struct shared_slice *text, struct shared_slice *name)
{
    for (size_t i = text->size_bytes; i-- > 1;)
        if (text->data[i] == '(' && text->data[i - 1] == ':') {
            size_t end = text->data[text->size_bytes - 1] == ')' ? text->size_bytes - 1 : text->size_bytes;
            *name = shared_slice_of(text->data + i + 1, end - i - 1);
            *text = shared_slice_of(text->data, i - 1);
            return true;
        }
    return false;
}

static int add_row(struct link_map_reader *reader, const struct row *row, struct shared_error *err)
{
    if (row->blanks == 1)
        return link_map_add_section(reader, row->text, row->address, row->size_bytes, err);
    struct shared_slice file = row->text, name;
    if (row->blanks != PIECE_BLANKS || !take_file(&file, &name))
        return 0;
    if (shared_slice_equal(file, shared_slice_from_text("<internal>")))
        file = (struct shared_slice){0};
    return link_map_add_piece(reader, file, name, row->address, row->size_bytes, err);
}

int link_map_read_table(struct link_map_reader *reader, bool has_lma, struct shared_error *err)
{
    struct shared_slice line;
    reader->map->linker = has_lma ? LINK_MAP_LLD : LINK_MAP_MOLD;
    while (link_map_line(reader, &line)) {
        if (line.size_bytes == 0)
            continue;
        if (link_map_has_prefix(line, "Cross Reference Table"))
            break;
        struct row row;
        if (!read_row(line, has_lma, &row))
            return shared_fail(err, SHARED_EPROTO, 0,
                               "%s:%zu: is not a row of a link map, such as \"%s        TEXT\"", reader->path,
                               reader->line, has_lma ? "VMA LMA SIZE ALIGN" : "VMA SIZE ALIGN");
        int status = add_row(reader, &row, err);
        if (status < 0)
            return status;
    }
    return 0;
}
