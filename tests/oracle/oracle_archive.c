#include "oracle_archive.h"

#include <ar.h>
#include <stdlib.h>
#include <string.h>

#define THIN_MAGIC "!<thin>\n"

struct archive_reader {
    const char *path;
    struct shared_slice content;
    struct shared_arena *arena;
    struct oracle_archive *archive;
    size_t capacity;
    struct shared_slice long_names; /* GNU's "//" */
    struct shared_slice table;      /* of symbols */
    uint64_t table_offset;
    enum { TABLE_NONE, TABLE_GNU, TABLE_GNU64, TABLE_BSD } form;
    struct shared_error *err;
};

static int fail_at(const struct archive_reader *reader, uint64_t offset, const char *what)
{
    return shared_fail(reader->err, SHARED_EPROTO, 0, "%s: byte %llu: %s: build the archive again",
                       reader->path, (unsigned long long)offset, what);
}

bool oracle_archive_is(struct shared_slice content)
{
    return content.size_bytes >= SARMAG &&
           (memcmp(content.data, ARMAG, SARMAG) == 0 || memcmp(content.data, THIN_MAGIC, SARMAG) == 0);
}

/* A decimal number that blanks follow; false where there is none. */
static bool read_decimal(const char *field, size_t width, uint64_t *value)
{
    size_t i = 0;
    *value = 0;
    for (; i < width && field[i] >= '0' && field[i] <= '9'; i++)
        *value = *value * 10 + (uint64_t)(field[i] - '0');
    size_t digits = i;
    while (i < width && field[i] == ' ')
        i++;
    return digits > 0 && i == width;
}

static bool begins(struct shared_slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size_bytes >= size && memcmp(text.data, prefix, size) == 0;
}

/* The text up to an end, a character or what there is. */
static struct shared_slice text_to(struct shared_slice text, char end)
{
    const char *found = text.size_bytes ? memchr(text.data, end, text.size_bytes) : NULL;
    return found ? shared_slice_of(text.data, (size_t)(found - text.data)) : text;
}

static struct shared_slice trim_end(struct shared_slice text, char blank)
{
    while (text.size_bytes > 0 && text.data[text.size_bytes - 1] == blank)
        text.size_bytes--;
    return text;
}

/* What a header says: its name as it stands there, and where the member's bytes are. */
struct header {
    struct shared_slice name;
    uint64_t offset, size_bytes;
    struct shared_slice content;
};

/* "/123": a name that stands at an offset of the long names, to "/\n". */
static int read_long_name(const struct archive_reader *reader, const struct header *header,
                          struct shared_slice *name)
{
    uint64_t at;
    if (!read_decimal(header->name.data + 1, header->name.size_bytes - 1, &at) ||
        at >= reader->long_names.size_bytes)
        return fail_at(reader, header->offset, "its name is not among the long names");
    *name = text_to(shared_slice_of(reader->long_names.data + at, reader->long_names.size_bytes - (size_t)at),
                    '\n');
    if (name->size_bytes > 0 && name->data[name->size_bytes - 1] == '/')
        name->size_bytes--;
    return 0;
}

/* "#1/20": the first 20 bytes of the content are the name, NULs after it. */
static int take_bsd_name(const struct archive_reader *reader, struct header *header,
                         struct shared_slice *name)
{
    uint64_t size;
    if (!read_decimal(header->name.data + 3, header->name.size_bytes - 3, &size) ||
        size > header->content.size_bytes)
        return fail_at(reader, header->offset, "its name is longer than the member");
    *name = trim_end(shared_slice_of(header->content.data, (size_t)size), '\0');
    header->content = shared_slice_of(header->content.data + size, header->content.size_bytes - (size_t)size);
    return 0;
}

static int read_name(const struct archive_reader *reader, struct header *header, struct shared_slice *name)
{
    if (begins(header->name, "#1/"))
        return take_bsd_name(reader, header, name);
    if (header->name.size_bytes > 1 && header->name.data[0] == '/' && header->name.data[1] >= '0' &&
        header->name.data[1] <= '9')
        return read_long_name(reader, header, name);
    *name = header->name;
    if (name->size_bytes > 1 && name->data[name->size_bytes - 1] == '/')
        name->size_bytes--;
    return 0;
}

static int add_member(struct archive_reader *reader, const struct header *header, struct shared_slice name)
{
    struct oracle_archive *archive = reader->archive;
    if (archive->member_count == reader->capacity) {
        size_t larger = reader->capacity ? 2 * reader->capacity : 64;
        struct oracle_member *members = shared_arena_resize(
            reader->arena, archive->members, reader->capacity * sizeof(*members), larger * sizeof(*members));
        if (!members)
            return shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory for the members of %s",
                               reader->path);
        archive->members = members;
        reader->capacity = larger;
    }
    archive->members[archive->member_count++] = (struct oracle_member){name, header->content, header->offset};
    return 0;
}

/* Whether a member is a table of the archive's own: those lie in it even where it is thin. */
static bool is_own_table(struct shared_slice name)
{
    return shared_slice_equal(name, shared_slice_from_text("/")) ||
           shared_slice_equal(name, shared_slice_from_text("//")) ||
           shared_slice_equal(name, shared_slice_from_text("/SYM64/"));
}

static int read_header(const struct archive_reader *reader, uint64_t offset, struct header *header)
{
    struct ar_hdr raw;
    uint64_t left = reader->content.size_bytes - offset;
    if (left < sizeof(raw))
        return fail_at(reader, offset, "it is cut off within a member's header");
    memcpy(&raw, reader->content.data + offset, sizeof(raw));
    if (memcmp(raw.ar_fmag, ARFMAG, sizeof(raw.ar_fmag)) != 0 ||
        !read_decimal(raw.ar_size, sizeof(raw.ar_size), &header->size_bytes))
        return fail_at(reader, offset, "there is no member's header");
    header->offset = offset;
    header->name = trim_end(shared_slice_of(reader->content.data + offset, sizeof(raw.ar_name)), ' ');
    bool inside = !reader->archive->thin || is_own_table(header->name);
    if (!inside)
        header->size_bytes = 0;
    if (header->size_bytes > left - sizeof(raw))
        return fail_at(reader, offset, "its member is cut off");
    header->content =
        shared_slice_of(reader->content.data + offset + sizeof(raw), (size_t)header->size_bytes);
    return 0;
}

static int take_member(struct archive_reader *reader, struct header *header)
{
    struct shared_slice name = header->name;
    if (shared_slice_equal(name, shared_slice_from_text("//"))) {
        reader->long_names = header->content;
        return 0;
    }
    bool gnu = shared_slice_equal(name, shared_slice_from_text("/"));
    bool gnu64 = shared_slice_equal(name, shared_slice_from_text("/SYM64/"));
    int status = gnu || gnu64 ? 0 : read_name(reader, header, &name);
    if (status < 0)
        return status;
    bool bsd = shared_slice_equal(name, shared_slice_from_text("__.SYMDEF")) ||
               shared_slice_equal(name, shared_slice_from_text("__.SYMDEF SORTED"));
    if (!gnu && !gnu64 && !bsd)
        return add_member(reader, header, name);
    reader->table = header->content;
    reader->table_offset = header->offset;
    reader->form = gnu ? TABLE_GNU : gnu64 ? TABLE_GNU64 : TABLE_BSD;
    return 0;
}

static int find_member(const struct archive_reader *reader, uint64_t offset, uint32_t *member)
{
    const struct oracle_archive *archive = reader->archive;
    size_t low = 0, high = archive->member_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (archive->members[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == archive->member_count || archive->members[low].offset != offset)
        return fail_at(reader, reader->table_offset, "its symbol table names a member that is not there");
    *member = (uint32_t)low;
    return 0;
}

static uint64_t read_big_endian(const char *data, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)data[i];
    return value;
}

/* A count, as many offsets, as many names; big-endian, of 4 or 8 bytes. */
static int read_gnu_table(struct archive_reader *reader)
{
    struct oracle_archive *archive = reader->archive;
    size_t width = reader->form == TABLE_GNU64 ? 8 : 4, size = reader->table.size_bytes;
    uint64_t count = size >= width ? read_big_endian(reader->table.data, width) : UINT64_MAX;
    if (count > size / (width + 1) || (count + 1) * width > size)
        return fail_at(reader, reader->table_offset, "its symbol table is cut off");
    archive->symbols = shared_arena_alloc(reader->arena, (size_t)count * sizeof(*archive->symbols));
    if (!archive->symbols)
        return shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory for the symbols of %s", reader->path);
    const char *offsets = reader->table.data + width;
    struct shared_slice names =
        shared_slice_of(offsets + count * width, size - width - (size_t)count * width);
    for (uint64_t i = 0; i < count; i++) {
        struct shared_slice name = text_to(names, '\0');
        if (name.size_bytes == names.size_bytes)
            return fail_at(reader, reader->table_offset, "its symbol table is cut off within a name");
        names = shared_slice_of(names.data + name.size_bytes + 1, names.size_bytes - name.size_bytes - 1);
        struct oracle_archive_symbol *symbol = &archive->symbols[archive->symbol_count++];
        symbol->name = name;
        int status = find_member(reader, read_big_endian(offsets + i * width, width), &symbol->member);
        if (status < 0)
            return status;
    }
    return 0;
}

static uint32_t read_u32(const char *data)
{
    uint32_t value;
    memcpy(&value, data, sizeof(value));
    return value;
}

/* Bytes of pairs, pairs of a name's offset and a member's, bytes of names, names; of the machine's byte order. */
static int read_bsd_table(struct archive_reader *reader)
{
    struct oracle_archive *archive = reader->archive;
    size_t size = reader->table.size_bytes, pairs = size >= 8 ? read_u32(reader->table.data) : SIZE_MAX;
    if (pairs > size - 8 || pairs % 8 != 0)
        return fail_at(reader, reader->table_offset, "its symbol table is cut off");
    struct shared_slice names = shared_slice_of(reader->table.data + 8 + pairs, size - 8 - pairs);
    if (read_u32(reader->table.data + 4 + pairs) > names.size_bytes)
        return fail_at(reader, reader->table_offset, "its symbol table is cut off within the names");
    archive->symbols = shared_arena_alloc(reader->arena, pairs / 8 * sizeof(*archive->symbols));
    if (!archive->symbols)
        return shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory for the symbols of %s", reader->path);
    size_t left = names.size_bytes; /* no name stands in another, which keeps this linear */
    for (size_t i = 0; i < pairs / 8; i++) {
        const char *pair = reader->table.data + 4 + i * 8;
        size_t at = read_u32(pair);
        size_t room = at < names.size_bytes && names.size_bytes - at < left ? names.size_bytes - at : left;
        const char *end = at < names.size_bytes && room ? memchr(names.data + at, '\0', room) : NULL;
        if (!end)
            return fail_at(reader, reader->table_offset, "its symbol table names no text");
        struct oracle_archive_symbol *symbol = &archive->symbols[archive->symbol_count++];
        symbol->name = shared_slice_of(names.data + at, (size_t)(end - names.data) - at);
        left -= symbol->name.size_bytes + 1;
        int status = find_member(reader, read_u32(pair + 4), &symbol->member);
        if (status < 0)
            return status;
    }
    return 0;
}

int oracle_archive_parse(const char *path, struct shared_slice content, struct shared_arena *arena,
                         struct oracle_archive *archive, struct shared_error *err)
{
    struct archive_reader reader = {
        .path = path, .content = content, .arena = arena, .archive = archive, .err = err};
    *archive = (struct oracle_archive){0};
    if (!oracle_archive_is(content))
        return fail_at(&reader, 0, "it does not begin as archives do");
    archive->thin = content.data[2] == 't';
    uint64_t next;
    for (uint64_t offset = SARMAG; offset < content.size_bytes; offset = next) {
        struct header header = {0}; /* gcc does not see that it is read after success alone */
        int status = read_header(&reader, offset, &header);
        next = offset + sizeof(struct ar_hdr) + (status < 0 ? 0 : header.size_bytes);
        if (status == 0)
            status = take_member(&reader, &header);
        if (status < 0)
            return status;
        next += next & 1; /* members begin at even offsets */
    }
    switch (reader.form) {
    case TABLE_GNU:
    case TABLE_GNU64:
        return read_gnu_table(&reader);
    case TABLE_BSD:
        return read_bsd_table(&reader);
    default:
        return 0;
    }
}
