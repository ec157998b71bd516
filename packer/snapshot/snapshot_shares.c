#include "snapshot/snapshot_shares.h"

#include "base/text_width.h"

/* One number for each row, separated by single spaces. */
static int read_shares(const struct snapshot_line *line, const struct snapshot_library *library,
                       struct snapshot_row *rows)
{
    struct shared_slice rest = line->fields[3];
    const char *start = rest.data, *end = rest.data + rest.size_bytes;
    int shown = (int)text_fit(library->name, LINE_SHOWN);
    uint64_t left = library->sizes.zip_bytes;
    size_t count = 0;
    for (; rest.data; count++) {
        struct shared_slice number = shared_slice_split(&rest, ' ');
        if (count == library->row_count)
            return line_fail(line, number.data, "more shares than library %.*s has symbols: %zu", shown,
                             library->name, count);
        uint64_t *share = &rows[count].sizes.zip_bytes;
        int status = line_number(line, number, share);
        if (status < 0)
            return status;
        if (*share > left)
            return line_fail(line, number.data, "the shares are more than library %.*s has: %llu", shown,
                             library->name, (unsigned long long)library->sizes.zip_bytes);
        left -= *share;
    }
    if (count < library->row_count)
        return line_fail(line, end, "shares of %zu symbols, library %.*s has %zu", count, shown,
                         library->name, library->row_count);
    if (left > 0)
        return line_fail(line, start,
                         "the shares are %llu bytes in all, library %.*s has %llu; write the snapshot anew",
                         (unsigned long long)(library->sizes.zip_bytes - left), shown, library->name,
                         (unsigned long long)library->sizes.zip_bytes);
    return 0;
}

static int read_library(struct snapshot_line *line, const struct snapshot_function *function,
                        const struct snapshot_library *library)
{
    const char *at = line->fields[0].data;
    int status = line_expect_fields(line, 4);
    if (status < 0)
        return status;
    if (!line_field_is(line, 0, "zip") || !line_field_is(line, 1, function->name) ||
        !line_field_is(line, 2, library->name))
        return line_fail(line, at, "the shares of function %.*s, library %.*s have to stand here",
                         (int)text_fit(function->name, LINE_SHOWN), function->name,
                         (int)text_fit(library->name, LINE_SHOWN), library->name);
    return read_shares(line, library, function->rows + library->row_start);
}

int snapshot_shares_read(struct snapshot_line *line, bool begun, struct snapshot *snapshot)
{
    int status = begun ? 1 : 0;
    for (size_t i = 0; i < snapshot->function_count; i++) {
        const struct snapshot_function *function = &snapshot->functions[i];
        for (size_t j = 0; j < function->library_count; j++) {
            if (!begun)
                status = line_next(line);
            begun = false;
            if (status == 0)
                return line_fail(
                    line, line->rest.data,
                    "the shares of function %.*s, library %.*s are missing: the file was cut short",
                    (int)text_fit(function->name, LINE_SHOWN), function->name,
                    (int)text_fit(function->libraries[j].name, LINE_SHOWN), function->libraries[j].name);
            if (status > 0)
                status = read_library(line, function, &function->libraries[j]);
            if (status < 0)
                return status;
        }
    }
    status = begun ? 1 : line_next(line);
    return status == 1 ? line_fail(line, line->fields[0].data, "all symbols have their shares above")
                       : status;
}
