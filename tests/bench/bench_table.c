#include "bench_table.h"

#include <stdio.h>
#include <string.h>

void bench_table_add(struct bench_table *table, struct bench_row row)
{
    if (table->count < BENCH_ROWS)
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

void bench_table_print(const struct bench_table *table)
{
    char measured[32], baseline[32];
    printf("%-42s %12s %12s %7s  %-36s %s\n", "", "echo", "baseline", "ratio", "goal", "");
    for (size_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];
        if (row->missing) {
            printf("%-42s not measured: %s\n", row->name, row->missing);
            continue;
        }
        printf("%-38s %3s %12s %12s %7.2f  %-36s %s\n", row->name, row->unit,
               format_figure(row->measured, measured), format_figure(row->baseline, baseline),
               row->baseline > 0 ? row->measured / row->baseline : 0.0, row->goal,
               row->holds ? "holds" : "misses");
    }
}

/* No text of a row holds what JSON would have to escape. */
void bench_table_print_json(const struct bench_table *table)
{
    printf("{\"rows\":[");
    for (size_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];
        printf("%s\n{\"key\":\"%s\",\"name\":\"%s\",\"unit\":\"%s\",\"goal\":\"%s\",", i ? "," : "", row->key,
               row->name, row->unit, row->goal);
        if (row->missing)
            printf("\"missing\":\"%s\"}", row->missing);
        else
            printf("\"measured\":%.4f,\"baseline\":%.4f,\"ratio\":%.4f,\"holds\":%s}", row->measured,
                   row->baseline, row->baseline > 0 ? row->measured / row->baseline : 0.0,
                   row->holds ? "true" : "false");
    }
    printf("\n]}\n");
}
