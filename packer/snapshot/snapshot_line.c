#include "snapshot/snapshot_line.h"

#include "base/text_width.h"
#include "snapshot/snapshot_inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int line_fail(const struct snapshot_line *line, const char *at, const char *format, ...)
{
    char what[SHARED_ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    return shared_fail(line->err, SHARED_EPROTO, 0, "%s:%zu: byte %zu: %s", line->path, line->number,
                       (size_t)(at - line->text.data), what);
}

int line_no_memory(const struct snapshot_line *line)
{
    return shared_fail(line->err, SHARED_ENOMEM, 0, "no memory to read %s", line->path);
}

static int split(struct snapshot_line *line, struct shared_slice rest)
{
    line->field_count = 0;
    while (rest.data) {
        if (line->field_count == LINE_FIELDS)
            return line_fail(line, rest.data, "more fields than any line has");
        line->fields[line->field_count++] = shared_slice_split(&rest, '\t');
    }
    return 1;
}

int line_next(struct snapshot_line *line)
{
    while (line->rest.size_bytes > 0) {
        const char *start = line->rest.data;
        const char *end = memchr(start, '\n', line->rest.size_bytes);
        line->number++;
        if (!end)
            return line_fail(line, start, "the line does not end: the file was cut short");
        size_t size = (size_t)(end - start);
        line->rest = shared_slice_of(end + 1, line->rest.size_bytes - size - 1);
        if (size > 0 && end[-1] == '\r')
            return line_fail(line, end - 1,
                             "the line ends in CR LF; demine ends lines in LF alone "
                             "(git: set \"-text\" for it in .gitattributes)");
        if (size == 0 || *start != '#')
            return split(line, shared_slice_of(start, size));
    }
    return 0;
}

int line_expect_fields(const struct snapshot_line *line, size_t count)
{
    if (line->field_count == count)
        return 0;
    return line_fail(line, line->fields[0].data, "%zu fields, must be %zu, separated by tabs",
                     line->field_count, count);
}

bool line_field_is(const struct snapshot_line *line, size_t field, const char *text)
{
    return shared_slice_equal(line->fields[field], shared_slice_from_text(text));
}

int line_number(const struct snapshot_line *line, struct shared_slice slice, uint64_t *number)
{
    unsigned long long value;
    if (!shared_slice_to_number(slice, SNAPSHOT_LARGEST, &value) ||
        (slice.size_bytes > 1 && slice.data[0] == '0'))
        return line_fail(line, slice.data, "expected a number, 0 to %llu, without leading zeros",
                         (unsigned long long)SNAPSHOT_LARGEST);
    *number = value;
    return 0;
}

/* Whether text begins with \xHH of a byte that has to be written so. */
static bool is_code(const char *text, size_t size_bytes)
{
    static const char digits[] = "0123456789abcdef";
    return size_bytes >= 4 && text[0] == '\\' && text[1] == 'x' && memchr(digits, text[2], 16) &&
           memchr(digits, text[3], 16) && memcmp(text + 2, "00", 2) != 0;
}

int line_name(const struct snapshot_line *line, size_t field, const char *before, const char **name)
{
    struct shared_slice slice = line->fields[field];
    if (slice.size_bytes == 0)
        return line_fail(line, slice.data, "a name is missing");
    for (size_t i = 0, step; i < slice.size_bytes; i += step) {
        step = snapshot_plain_bytes(slice.data + i, slice.size_bytes - i);
        if (step == 0 && !is_code(slice.data + i, slice.size_bytes - i))
            return line_fail(line, slice.data + i, "a byte of a name that has to be written as \\xHH");
        step = step ? step : 4;
    }
    *name = shared_arena_copy(line->arena, slice);
    if (!*name)
        return line_no_memory(line);
    int order = before ? strcmp(before, *name) : -1;
    if (order < 0)
        return 0;
    return line_fail(line, slice.data, "%.*s stands %s; write the snapshot anew",
                     (int)text_fit(*name, LINE_SHOWN), *name,
                     order == 0 ? "here twice" : "behind names that come after it");
}

int line_expect_same(const struct snapshot_line *line, size_t field, const char *what, const char *name)
{
    const char *at = line->fields[field].data;
    if (!name)
        return line_fail(line, at, "there is no %s above that this could belong to", what);
    if (line_field_is(line, field, name))
        return 0;
    return line_fail(line, at, "does not belong to the %s above, %.*s", what, (int)text_fit(name, LINE_SHOWN),
                     name);
}
