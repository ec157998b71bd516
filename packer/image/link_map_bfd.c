#include "image/link_map_reader.h"

/*
 * GNU ld's map (ldlang.c, print_output_section_statement and print_input_section) and gold's (mapfile.cc).
 *
 *     .text           0x0000000000401100    0x82fcf          an output section, at the line's begin
 *      *(.text.unlikely .text.*_unlikely)                    a pattern of the script
 *      .text          0x0000000000401530       0x31 crt1.o   a piece: one blank before it
 *      .text.parse_hex4                                      one whose name is too long for its column:
 *                     0x0000000000401655       0x44 libcjson.a(cJSON.c.o)
 *                                              0x60 (size before relaxing)
 *      *fill*         0x0000000000401528        0x8          padding (gold: " ** fill", " ** dynsym", …)
 *                     0x0000000000402010                cJSON_Parse
 */

enum waiting { WAITING_NOTHING, WAITING_SECTION, WAITING_PIECE, WAITING_FILL };

struct name_line {
    enum waiting kind;
    struct shared_slice name;
};

static bool is_filler(struct shared_slice line)
{
    return link_map_has_prefix(line, "*fill*") || link_map_has_prefix(line, "** ");
}

/* Takes a name that ends before blanks; that of a filler may hold some, so it ends before its address. */
static struct shared_slice take_name(struct shared_slice *line, bool filler)
{
    size_t size = 0;
    if (filler)
        for (; size < line->size_bytes; size++) {
            struct shared_slice rest = shared_slice_of(line->data + size, line->size_bytes - size);
            if (link_map_has_prefix(rest, " 0x"))
                break;
        }
    else
        while (size < line->size_bytes && line->data[size] != ' ')
            size++;
    struct shared_slice name = shared_slice_of(line->data, size);
    *line = shared_slice_of(line->data + size, line->size_bytes - size);
    return name;
}

static bool take_address(struct shared_slice *line, uint64_t *value)
{
    struct shared_slice start = *line;
    link_map_take_blanks(&start);
    return link_map_has_prefix(start, "0x") && link_map_take_hex(line, value);
}

/* Takes what follows a name: "0xADDRESS 0xSIZE [FILE]". Returns 0 also for lines that say something else. */
static int take_place(struct link_map_reader *reader, struct name_line what, struct shared_slice rest,
                      struct shared_error *err)
{
    uint64_t address, size_bytes;
    if (!take_address(&rest, &address) || !take_address(&rest, &size_bytes))
        return 0;
    link_map_take_blanks(&rest);
    if (what.kind == WAITING_SECTION)
        return link_map_add_section(reader, what.name, address, size_bytes, err);
    struct shared_slice file = {0};
    if (what.kind == WAITING_PIECE) {
        file = rest;
        if (file.size_bytes == 0)
            return 0;
    }
    if (shared_slice_equal(file, shared_slice_from_text("linker stubs")))
        file = (struct shared_slice){0};
    return link_map_add_piece(reader, file, what.name, address, size_bytes, err);
}

/* What a line that does not begin with an address names, and what follows on the same line. */
static struct name_line read_name(struct shared_slice line, struct shared_slice *rest)
{
    struct name_line what = {.kind = WAITING_SECTION};
    *rest = line;
    size_t blanks = link_map_take_blanks(rest);
    if (blanks > 1 || rest->size_bytes == 0)
        return (struct name_line){.kind = WAITING_NOTHING};
    if (blanks == 1)
        what.kind = is_filler(*rest) ? WAITING_FILL : WAITING_PIECE;
    what.name = take_name(rest, what.kind == WAITING_FILL);
    return what;
}

static bool is_end(struct shared_slice line)
{
    return link_map_has_prefix(line, "Cross Reference Table") || link_map_has_prefix(line, "OUTPUT(");
}

int link_map_read_bfd(struct link_map_reader *reader, struct shared_error *err)
{
    struct name_line before = {.kind = WAITING_NOTHING};
    struct shared_slice line;
    while (link_map_line(reader, &line) && !is_end(line)) {
        struct shared_slice rest;
        if (line.size_bytes == 0)
            before.kind = WAITING_NOTHING;
        struct name_line what = read_name(line, &rest);
        if (what.kind == WAITING_NOTHING)
            what = before; /* its name stood alone on the line above */
        before.kind = rest.size_bytes == 0 ? what.kind : WAITING_NOTHING;
        before.name = what.name;
        if (what.kind == WAITING_NOTHING || rest.size_bytes == 0)
            continue;
        int status = take_place(reader, what, rest, err);
        if (status < 0)
            return status;
    }
    return 0;
}
