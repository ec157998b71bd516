#include "bench_table.h"
#include "bench_base.h"

#include <stdio.h>
#include <string.h>

void bench_table_add(struct bench_table *table, struct bench_row row)
{
    if (table->count == BENCH_ROWS)
        bench_die("%s: the table is full", row.key);
    table->rows[table->count++] = row;
}

/* 1234567.8 as "1,234,568", small figures with their fractions. */
static const char *format_figure(double figure, char text[32])
{
    char plain[32];
    size_t size =
        (size_t)snprintf(plain, sizeof(plain), "%.*f", figure < 1000 ? (figure < 100 ? 2 : 1) : 0, figure);
    char *point = strchr(plain, '.'), *at = text;
    size_t whole = point ? (size_t)(point - plain) : size;
    for (size_t i = 0; i < size; i++) {
        if (i && i < whole && (whole - i) % 3 == 0)
            *at++ = ',';
        *at++ = plain[i];
    }
    *at = '\0';
    if (point && strcmp(point, ".00") == 0)
        at[-3] = '\0';
    return text;
}

static const char *format_range(const struct bench_row *row, char text[72])
{
    char low[32], high[32];
    if (row->high > 0)
        snprintf(text, 72, "%s to %s", format_figure(row->low, low), format_figure(row->high, high));
    else
        snprintf(text, 72, "-");
    return text;
}

/* Of the columns that hold texts; 0: no row has one. */
struct widths {
    int name, beside, goal;
    bool ranges;
};

static void widen(int *width, const char *text)
{
    if (text && (int)strlen(text) > *width)
        *width = (int)strlen(text);
}

static struct widths measure_texts(const struct bench_table *table)
{
    struct widths widths = {38, 0, 4, false};
    for (size_t i = 0; i < table->count; i++) {
        widen(&widths.name, table->rows[i].name);
        widen(&widths.beside, table->rows[i].beside);
        widen(&widths.goal, table->rows[i].goal);
        widths.ranges = widths.ranges || table->rows[i].high > 0;
    }
    return widths;
}

static void print_row(const struct bench_row *row, const struct widths *widths)
{
    char measured[32], baseline[32], range[72];
    if (row->missing) {
        printf("%-*s not measured: %s\n", widths->name + 4, row->name, row->missing);
        return;
    }
    printf("%-*s %3s %12s", widths->name, row->name, row->unit, format_figure(row->measured, measured));
    if (widths->ranges)
        printf("  %-16s", format_range(row, range));
    if (widths->beside)
        printf("  %-*s", widths->beside, row->beside ? row->beside : "-");
    printf(" %12s %7.2f", row->baseline > 0 ? format_figure(row->baseline, baseline) : "-",
           row->baseline > 0 ? row->measured / row->baseline : 0.0);
    if (row->goal)
        printf("  %-*s %s", widths->goal, row->goal, row->holds ? "holds" : "misses");
    putchar('\n');
}

void bench_table_print(const struct bench_table *table)
{
    struct widths widths = measure_texts(table);
    printf("%-*s %12s", widths.name + 4, "", table->heading ? table->heading : "echo");
    if (widths.ranges)
        printf("  %-16s", "8 of 10 rounds");
    if (widths.beside)
        printf("  %-*s", widths.beside, "beside");
    printf(" %12s %7s  %s\n", "baseline", "ratio", "goal");
    for (size_t i = 0; i < table->count; i++)
        print_row(&table->rows[i], &widths);
}

static void print_text_json(const char *key, const char *text)
{
    if (text)
        printf("\"%s\":\"%s\",", key, text);
}

/* No text of a row holds what JSON would have to escape. */
void bench_table_print_json(const struct bench_table *table)
{
    printf("{\"rows\":[");
    for (size_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];
        printf("%s\n{\"key\":\"%s\",\"name\":\"%s\",\"unit\":\"%s\",", i ? "," : "", row->key, row->name,
               row->unit);
        print_text_json("goal", row->goal);
        print_text_json("beside", row->beside);
        if (row->high > 0)
            printf("\"low\":%.4f,\"high\":%.4f,", row->low, row->high);
        if (row->missing)
            printf("\"missing\":\"%s\"}", row->missing);
        else
            printf("\"measured\":%.4f,\"baseline\":%.4f,\"ratio\":%.4f,\"holds\":%s}", row->measured,
                   row->baseline, row->baseline > 0 ? row->measured / row->baseline : 0.0,
                   row->holds ? "true" : "false");
    }
    printf("\n]}\n");
}
