#include "image/link_map_reader.h"

/*
 * The list of archive members that bfd (ldelf.c, ldmain.c: add_archive_element) and gold begin a map with:
 *
 *     libz.a(inflate.o)             gunzip.o (inflateInit2_)         a name of up to 28 bytes, or
 *     /usr/lib/x86_64-linux-gnu/libz.a(inflate.o)
 *                                   gunzip.o (inflateInit2_)         a longer one
 *                                   (main)                           for the command line's sake
 */

#define REASON_COLUMN 30

static struct shared_slice trim_blanks(struct shared_slice text)
{
    link_map_take_blanks(&text);
    while (text.size_bytes > 0 && text.data[text.size_bytes - 1] == ' ')
        text.size_bytes--;
    return text;
}

static bool is_blank(struct shared_slice text)
{
    return trim_blanks(text).size_bytes == 0;
}

/* Takes " (SYMBOL)" off the end of a reason; what is left is who looked for it. */
static bool take_symbol(struct shared_slice *reason, struct shared_slice *symbol)
{
    *reason = trim_blanks(*reason);
    if (reason->size_bytes < 2 || reason->data[reason->size_bytes - 1] != ')')
        return false;
    size_t open = reason->size_bytes - 1;
    while (open > 0 && !(reason->data[open] == '(' && reason->data[open - 1] == ' '))
        open--;
    if (reason->data[open] != '(')
        return false;
    *symbol = shared_slice_of(reason->data + open + 1, reason->size_bytes - open - 2);
    *reason = trim_blanks(shared_slice_of(reason->data, open));
    return true;
}

static int add_extraction(struct link_map_reader *reader, struct shared_slice name,
                          struct shared_slice reason, struct shared_error *err)
{
    struct link_map *map = reader->map;
    struct link_extraction extraction = {.file = trim_blanks(name)};
    if (!take_symbol(&reason, &extraction.symbol))
        return 0;
    extraction.by_file = reason;
    link_map_split_member(&extraction.file, &extraction.member);
    link_map_split_member(&extraction.by_file, &extraction.by_member);
    struct link_extraction *items = link_map_grow(reader->arena, map->extractions, map->extraction_count,
                                                  &reader->extraction_capacity, sizeof(*items));
    if (!items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the members of %s", reader->path);
    map->extractions = items;
    items[map->extraction_count++] = extraction;
    return 0;
}

/* Whether a line holds a name and, from its column on, a reason. */
static bool split_line(struct shared_slice line, struct shared_slice *name, struct shared_slice *reason)
{
    *name = line;
    if (line.size_bytes <= REASON_COLUMN || line.data[REASON_COLUMN - 1] != ' ')
        return false;
    *name = trim_blanks(shared_slice_of(line.data, REASON_COLUMN));
    *reason = shared_slice_of(line.data + REASON_COLUMN, line.size_bytes - REASON_COLUMN);
    return name->size_bytes > 0 && name->data[name->size_bytes - 1] == ')';
}

int link_map_read_extractions(struct link_map_reader *reader, struct shared_error *err)
{
    struct shared_slice line, name = {0}, reason;
    bool any = false;
    while (link_map_line(reader, &line)) {
        if (is_blank(line)) {
            if (any)
                return 0;
            continue;
        }
        any = true;
        int status = 0;
        if (line.data[0] == ' ')
            status = add_extraction(reader, name, line, err);
        else if (split_line(line, &name, &reason))
            status = add_extraction(reader, name, reason, err);
        if (status < 0)
            return status;
    }
    return 0;
}
