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

/* What only some benchmarks have gets a column where a row has it. */
static void print_row(const struct bench_row *row, bool ranges, bool besides)
{
    char measured[32], baseline[32], range[72];
    if (row->missing) {
        printf("%-42s not measured: %s\n", row->name, row->missing);
        return;
    }
    printf("%-38s %3s %12s", row->name, row->unit, format_figure(row->measured, measured));
    if (ranges)
        printf("  %-20s", format_range(row, range));
    if (besides)
        printf("  %-24s", row->beside ? row->beside : "-");
    printf(" %12s %7.2f", row->baseline > 0 ? format_figure(row->baseline, baseline) : "-",
           row->baseline > 0 ? row->measured / row->baseline : 0.0);
    if (row->goal)
        printf("  %-36s %s", row->goal, row->holds ? "holds" : "misses");
    putchar('\n');
}

void bench_table_print(const struct bench_table *table)
{
    bool ranges = false, besides = false;
    for (size_t i = 0; i < table->count; i++) {
        ranges = ranges || table->rows[i].high > 0;
        besides = besides || table->rows[i].beside;
    }
    printf("%-42s %12s", "", table->heading ? table->heading : "echo");
    if (ranges)
        printf("  %-20s", "8 of 10 rounds");
    if (besides)
        printf("  %-24s", "beside");
    printf(" %12s %7s  %s\n", "baseline", "ratio", "goal");
    for (size_t i = 0; i < table->count; i++)
        print_row(&table->rows[i], ranges, besides);
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
