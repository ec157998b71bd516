#include "snapshot/snapshot_inner.h"
#include "snapshot/snapshot_line.h"
#include "snapshot/snapshot_shares.h"

#include "base/file.h"
#include "base/text_width.h"

#include <string.h>

/* What a text is read into; what stands in lines is held against its parts when they are read. */
struct reader {
    struct snapshot_line line;
    struct snapshot *snapshot;
    struct snapshot_library *libraries; /* room for all of the text */
    struct snapshot_row *rows;
    struct snapshot_function *function; /* being read; NULL: none yet */
    struct snapshot_library *library;   /* likewise */
    const char *member;                 /* likewise */
    size_t member_start;                /* its first row */
    struct snapshot_sizes function_said;
    uint64_t library_said_bytes;
    uint64_t total; /* of all functions and both sizes, against overflow */
};

/* Adds numbers that a hostile text may have chosen. */
static int add(const struct reader *reader, const char *at, uint64_t *sum, uint64_t number)
{
    if (number > SNAPSHOT_LARGEST - *sum)
        return line_fail(&reader->line, at, "the sizes are more than %llu in all",
                         (unsigned long long)SNAPSHOT_LARGEST);
    *sum += number;
    return 0;
}

static int finish_member(const struct reader *reader, const char *at)
{
    if (!reader->member || reader->function->row_count > reader->member_start)
        return 0;
    return line_fail(&reader->line, at, "member %.*s above has no symbols",
                     (int)text_fit(reader->member, LINE_SHOWN), reader->member);
}

static int finish_library(struct reader *reader, const char *at)
{
    const struct snapshot_library *library = reader->library;
    int status = finish_member(reader, at);
    if (status < 0 || !library)
        return status;
    int shown = (int)text_fit(library->name, LINE_SHOWN);
    if (!reader->member)
        return line_fail(&reader->line, at, "library %.*s above has no members", shown, library->name);
    if (library->sizes.bytes != reader->library_said_bytes)
        return line_fail(&reader->line, at,
                         "library %.*s above is said to have %llu bytes, its symbols have %llu; write the "
                         "snapshot anew",
                         shown, library->name, (unsigned long long)reader->library_said_bytes,
                         (unsigned long long)library->sizes.bytes);
    reader->library = NULL;
    reader->member = NULL;
    return 0;
}

static int finish_function(struct reader *reader, const char *at)
{
    const struct snapshot_function *function = reader->function;
    int status = finish_library(reader, at);
    if (status < 0 || !function)
        return status;
    const struct snapshot_sizes *said = &reader->function_said, *is = &function->sizes;
    if (is->bytes == said->bytes && is->zip_bytes == said->zip_bytes)
        return 0;
    return line_fail(&reader->line, at,
                     "function %.*s above is said to have %llu and %llu bytes, its libraries have %llu and "
                     "%llu; write the "
                     "snapshot anew",
                     (int)text_fit(function->name, LINE_SHOWN), function->name,
                     (unsigned long long)said->bytes, (unsigned long long)said->zip_bytes,
                     (unsigned long long)is->bytes, (unsigned long long)is->zip_bytes);
}

static int read_function(struct reader *reader)
{
    struct snapshot *snapshot = reader->snapshot;
    const struct snapshot_line *line = &reader->line;
    const struct shared_slice *fields = line->fields;
    struct snapshot_sizes *said = &reader->function_said;
    struct snapshot_function next = {.libraries = reader->libraries, .rows = reader->rows};
    int status = finish_function(reader, fields[0].data);
    if (status == 0)
        status = line_expect_fields(line, 4);
    if (status == 0)
        status = line_name(line, 1, reader->function ? reader->function->name : NULL, &next.name);
    if (status == 0)
        status = line_number(line, fields[2], &said->bytes);
    if (status == 0)
        status = line_number(line, fields[3], &said->zip_bytes);
    if (status == 0)
        status = add(reader, fields[2].data, &reader->total, said->bytes);
    if (status == 0)
        status = add(reader, fields[3].data, &reader->total, said->zip_bytes);
    if (status < 0)
        return status;
    reader->function = &snapshot->functions[snapshot->function_count++];
    *reader->function = next;
    return 0;
}

static int read_library(struct reader *reader)
{
    const struct snapshot_line *line = &reader->line;
    const struct shared_slice *fields = line->fields;
    struct snapshot_function *function = reader->function;
    struct snapshot_library next = {.row_start = function ? function->row_count : 0};
    const struct snapshot_library *last =
        function && function->library_count ? &function->libraries[function->library_count - 1] : NULL;
    int status = finish_library(reader, fields[0].data);
    if (status == 0)
        status = line_expect_fields(line, 5);
    if (status == 0)
        status = line_expect_same(line, 1, "function", function ? function->name : NULL);
    if (status == 0)
        status = line_name(line, 2, last ? last->name : NULL, &next.name);
    if (status == 0)
        status = line_number(line, fields[3], &reader->library_said_bytes);
    if (status == 0)
        status = line_number(line, fields[4], &next.sizes.zip_bytes);
    if (status == 0)
        status = add(reader, fields[4].data, &function->sizes.zip_bytes, next.sizes.zip_bytes);
    if (status < 0)
        return status;
    reader->library = reader->libraries++;
    *reader->library = next;
    function->library_count++;
    return 0;
}

static int read_member(struct reader *reader)
{
    const struct snapshot_line *line = &reader->line;
    const struct snapshot_library *library = reader->library;
    int status = finish_member(reader, line->fields[0].data);
    if (status == 0)
        status = line_expect_fields(line, 4);
    if (status == 0)
        status = line_expect_same(line, 1, "function", reader->function ? reader->function->name : NULL);
    if (status == 0)
        status = line_expect_same(line, 2, "library", library ? library->name : NULL);
    if (status == 0)
        status = line_name(line, 3, reader->member, &reader->member);
    if (status == 0)
        reader->member_start = reader->function->row_count;
    return status;
}

static int read_row(struct reader *reader)
{
    const struct snapshot_line *line = &reader->line;
    const struct shared_slice *fields = line->fields;
    struct snapshot_function *function = reader->function;
    int status = line_expect_fields(line, 4);
    if (status == 0 && !reader->member)
        status = line_fail(line, fields[0].data, "there is no member above that this could belong to");
    if (status < 0)
        return status;
    bool first = function->row_count == reader->member_start;
    struct snapshot_row *row = reader->rows;
    *row = (struct snapshot_row){.member = reader->member,
                                 .library = (uint32_t)(reader->library - function->libraries)};
    struct snapshot_sizes *sizes = &row->sizes;
    status = line_number(line, fields[1], &sizes->bytes);
    if (status == 0)
        status = line_number(line, fields[2], &sizes->count);
    if (status == 0 && sizes->count == 0)
        status = line_fail(line, fields[2].data, "a symbol has one piece at least");
    if (status == 0)
        status = line_name(line, 3, first ? NULL : row[-1].symbol, &row->symbol);
    if (status == 0)
        status = add(reader, fields[1].data, &function->sizes.bytes, sizes->bytes);
    if (status == 0)
        status = add(reader, fields[2].data, &function->sizes.count, sizes->count);
    if (status < 0)
        return status;
    reader->library->sizes.bytes += sizes->bytes;
    reader->library->sizes.count += sizes->count;
    reader->library->row_count++;
    function->row_count++;
    reader->rows++;
    return 0;
}

/* All sizes; stops at the first share of the zip (1), or at the end (0). */
static int read_sizes(struct reader *reader)
{
    struct snapshot_line *line = &reader->line;
    int status;
    while ((status = line_next(line)) == 1) {
        if (line_field_is(line, 0, "zip"))
            break;
        if (line_field_is(line, 0, ""))
            status = read_row(reader);
        else if (line_field_is(line, 0, "member"))
            status = read_member(reader);
        else if (line_field_is(line, 0, "library"))
            status = read_library(reader);
        else if (line_field_is(line, 0, "function"))
            status = read_function(reader);
        else
            status = line_fail(line, line->fields[0].data,
                               "the line is none of function, library, member, zip or a symbol's");
        if (status < 0)
            return status;
    }
    if (status < 0)
        return status;
    int finished = finish_function(reader, status ? line->fields[0].data : line->rest.data);
    return finished < 0 ? finished : status;
}

static int read_head(struct reader *reader)
{
    struct snapshot_line *line = &reader->line;
    const char *start = line->text.data;
    static const char magic[] = SNAPSHOT_MAGIC "\t";
    size_t size = sizeof(magic) - 1;
    line->number = 1;
    if (line->text.size_bytes < size || memcmp(start, magic, size) != 0)
        return line_fail(line, start, "this is no snapshot of sizes; demine snapshot writes one");
    line->number = 0;
    uint64_t version;
    int status = line_next(line);
    if (status > 0)
        status = line_number(line, line->fields[1], &version);
    if (status == 0 && version != SNAPSHOT_VERSION)
        return shared_fail(
            line->err, SHARED_EUNSUPPORTED, 0,
            "%s:%zu: byte %zu: a snapshot of version %llu, this demine reads version %u; write it "
            "anew with demine snapshot",
            line->path, line->number, (size_t)(line->fields[1].data - start), (unsigned long long)version,
            SNAPSHOT_VERSION);
    if (status == 0)
        status = line_expect_fields(line, 3);
    if (status < 0)
        return status;
    for (int depth = SNAPSHOT_LIBRARY; depth <= SNAPSHOT_SYMBOL; depth++) {
        reader->snapshot->depth = (enum snapshot_depth)depth;
        if (line_field_is(line, 2, snapshot_depth_name(reader->snapshot->depth)))
            return 0;
    }
    return line_fail(line, line->fields[2].data, "the depth is none of library, member and symbol");
}

/* Room for as much as there are lines of each kind: what is read needs no more than that. */
static int make_room(struct reader *reader)
{
    struct shared_slice rest = reader->line.text;
    size_t functions = 0, libraries = 0, rows = 0;
    while (rest.size_bytes > 0) {
        functions += *rest.data == 'f';
        libraries += *rest.data == 'l';
        rows += *rest.data == '\t';
        shared_slice_split(&rest, '\n');
    }
    struct shared_arena *arena = reader->line.arena;
    reader->snapshot->functions = shared_arena_alloc(arena, functions * sizeof(struct snapshot_function));
    reader->libraries = shared_arena_alloc(arena, libraries * sizeof(*reader->libraries));
    reader->rows = shared_arena_alloc(arena, rows * sizeof(*reader->rows));
    return reader->snapshot->functions && reader->libraries && reader->rows ? 0
                                                                            : line_no_memory(&reader->line);
}

int snapshot_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                   struct snapshot *snapshot, struct shared_error *err)
{
    *snapshot = (struct snapshot){0};
    struct reader reader = {
        .line = {.path = path, .text = text, .rest = text, .arena = arena, .err = err},
        .snapshot = snapshot,
    };
    int status = read_head(&reader);
    if (status == 0)
        status = make_room(&reader);
    if (status == 0)
        status = read_sizes(&reader);
    return status < 0 ? status : snapshot_shares_read(&reader.line, status == 1, snapshot);
}

int snapshot_read(const char *path, struct shared_arena *arena, struct snapshot *snapshot,
                  struct shared_error *err)
{
    struct shared_slice text;
    int status = file_take(path, SNAPSHOT_LIMIT_BYTES, arena, &text, err);
    return status < 0 ? status : snapshot_parse(path, text, arena, snapshot, err);
}
