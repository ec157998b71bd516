#include "base/columns.h"

#include "base/terminal.h"
#include "base/text_width.h"

#include <string.h>

#define GAP "  "

void columns_add(struct columns *columns, const char *cell)
{
    if (columns->cell_count == columns->capacity && !columns->failed) {
        size_t capacity = columns->capacity ? columns->capacity * 2 : 64, size = sizeof(*columns->cells);
        const char **cells = shared_arena_alloc(columns->arena, capacity * size);
        if (cells && columns->cell_count)
            memcpy(cells, columns->cells, columns->cell_count * size);
        columns->failed = !cells;
        columns->cells = cells;
        columns->capacity = capacity;
    }
    columns->failed |= !cell;
    if (!columns->failed)
        columns->cells[columns->cell_count++] = cell;
}

char *columns_number_text(struct shared_arena *arena, uint64_t number)
{
    char digits[24], text[32];
    int count = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    size_t size = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            text[size++] = ',';
        text[size++] = digits[i];
    }
    return shared_arena_copy(arena, shared_slice_of(text, size));
}

void columns_add_number(struct columns *columns, uint64_t number)
{
    columns_add(columns, columns_number_text(columns->arena, number));
}

char *columns_share_text(struct shared_arena *arena, uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return shared_arena_copy(arena, shared_slice_from_text("-"));
    double share = 100.0 * (double)part / (double)whole;
    int digits = share < 1 ? 2 : share < 100 ? 1 : 0;
    return shared_arena_format(arena, "%.*f %%", digits, share);
}

void columns_add_share(struct columns *columns, uint64_t part, uint64_t whole)
{
    columns_add(columns, columns_share_text(columns->arena, part, whole));
}

static bool is_left(const struct columns *columns, size_t column)
{
    return column == 0 || (column < 32 && (columns->names >> column & 1) != 0);
}

/* Names beyond these are cut: a symbol of 2,000 characters would push all numbers off a screen. */
#define NAME_COLUMNS 72
#define NAME_COLUMNS_LEAST 24 /* however narrow the terminal is */
#define ELLIPSIS "\xE2\x80\xA6"

static void measure(const struct columns *columns, size_t *widths)
{
    size_t count = columns->column_count;
    memset(widths, 0, count * sizeof(*widths));
    for (size_t i = 0; i < columns->cell_count; i++) {
        size_t width = text_width(columns->cells[i]);
        if (width > widths[i % count])
            widths[i % count] = width;
    }
}

/* The names that stretch a table most; NULL where all are short enough. */
static size_t *widest_names(const struct columns *columns, size_t *widths, size_t least)
{
    size_t *widest = NULL;
    for (size_t i = 0; i < columns->column_count; i++)
        if (is_left(columns, i) && widths[i] > least && (!widest || widths[i] > *widest))
            widest = &widths[i];
    return widest;
}

static size_t total_of(const struct columns *columns, const size_t *widths)
{
    size_t total = (columns->column_count - 1) * strlen(GAP);
    for (size_t i = 0; i < columns->column_count; i++)
        total += widths[i];
    return total;
}

bool columns_fit(const struct columns *columns, FILE *out)
{
    size_t *widths = shared_arena_alloc(columns->arena, columns->column_count * sizeof(*widths));
    if (columns->failed || !widths || !terminal_is(out))
        return true;
    measure(columns, widths);
    return total_of(columns, widths) <= terminal_width(out);
}

/* Narrows the columns of names to what the terminal has; where there is none, to what is the same everywhere. */
static void narrow(const struct columns *columns, FILE *out, size_t *widths)
{
    size_t *widest;
    if (!terminal_is(out)) {
        while ((widest = widest_names(columns, widths, NAME_COLUMNS)))
            *widest = NAME_COLUMNS;
        return;
    }
    size_t total = total_of(columns, widths), most = terminal_width(out);
    for (; total > most && (widest = widest_names(columns, widths, NAME_COLUMNS_LEAST)); total--)
        --*widest;
}

/* A text that is too wide without its middle: names differ at both ends. */
static void print_cell(const char *text, size_t columns, FILE *out)
{
    size_t width = text_width(text);
    if (width <= columns) {
        fputs(text, out);
        return;
    }
    size_t end = (columns - 1) / 2, start = columns - 1 - end;
    fwrite(text, 1, text_fit(text, start), out);
    fprintf(out, ELLIPSIS "%s", text + text_fit(text, width - end));
}

/* Blanks are owed until something follows them. */
static void print_row(const struct columns *columns, const char *const *row, const size_t *widths, FILE *out)
{
    size_t owed = 0;
    for (size_t i = 0; i < columns->column_count; i++) {
        size_t width = text_width(row[i]), pad = width < widths[i] ? widths[i] - width : 0;
        bool left = is_left(columns, i);
        owed += (i ? strlen(GAP) : 0) + (left ? 0 : pad);
        if (row[i][0] != '\0') {
            fprintf(out, "%*s", (int)owed, "");
            print_cell(row[i], widths[i], out);
            owed = 0;
        }
        owed += left ? pad : 0;
    }
}

int columns_print(const struct columns *columns, FILE *out, bool colour, struct shared_error *err)
{
    size_t count = columns->column_count;
    size_t *widths = shared_arena_alloc(columns->arena, count * sizeof(*widths));
    if (columns->failed || !widths)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a table");
    measure(columns, widths);
    narrow(columns, out, widths);
    for (size_t i = 0; i + count <= columns->cell_count; i += count) {
        bool bold = colour && i == 0;
        fputs(bold ? "\033[1m" : "", out);
        print_row(columns, columns->cells + i, widths, out);
        fputs(bold ? "\033[0m\n" : "\n", out);
    }
    return 0;
}
