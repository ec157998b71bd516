#include "report/report_diff.h"

#include "base/columns.h"
#include "report/diff_row.h"

#include <string.h>

/* What is being printed. */
struct printing {
    FILE *out;
    const struct report_diff *how;
    struct shared_arena *arena;
    struct shared_error *err;
};

/*
 * A name as code. Within a table a "|" ends the cell, in code as well (GitHub Flavored Markdown, 4.10), and
 * in code a backtick ends the code: a name with one of them is written in HTML, character by character where
 * it is not plain.
 */
static void print_name(FILE *out, const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if (!strpbrk(name, "`|\\")) {
        fprintf(out, "`%s`", name);
        return;
    }
    fputs("<code>", out);
    for (; *name; name++) {
        if ((unsigned char)*name >= 0x80 || strchr(plain, *name))
            putc(*name, out);
        else
            fprintf(out, "&#%d;", *name);
    }
    fputs("</code>", out);
}

typedef void print_label(FILE *out, const struct snapshot_delta *delta);

static void print_function(FILE *out, const struct snapshot_delta *delta)
{
    print_name(out, delta->function);
    if (!delta->was)
        return;
    fputs(" (was ", out);
    print_name(out, delta->was);
    putc(')', out);
}

static void print_library(FILE *out, const struct snapshot_delta *delta)
{
    print_name(out, delta->library);
}

static void print_member(FILE *out, const struct snapshot_delta *delta)
{
    print_name(out, delta->member);
    fputs(" of ", out);
    print_name(out, delta->library);
}

static void print_symbol(FILE *out, const struct snapshot_delta *delta)
{
    print_name(out, delta->symbol);
    fputs(" in ", out);
    print_member(out, delta);
}

static int no_memory(const struct printing *printing)
{
    return shared_fail(printing->err, SHARED_ENOMEM, 0, "no memory for a table");
}

static int print_numbers(const struct printing *printing, const struct snapshot_delta *delta)
{
    const struct diff_row row = diff_row(delta, printing->how->key, printing->arena);
    if (!row.before || !row.after || !row.delta || !row.other || !row.count)
        return no_memory(printing);
    fprintf(printing->out, " | %s | %s | %s | %s | %s |\n", row.before, row.after, row.delta, row.other,
            row.count);
    return 0;
}

static int print_sum(const struct printing *printing, const char *what, size_t count,
                     const struct snapshot_delta *sum)
{
    if (count == 0)
        return 0;
    fprintf(printing->out, "| *%zu %s*", count, what);
    return print_numbers(printing, sum);
}

static int print_rows(const struct printing *printing, const char *heading, const struct diff_parts *parts,
                      print_label *label)
{
    FILE *out = printing->out;
    fprintf(out,
            "| %s | Before | After | Delta | %s delta | Count |\n| :-- | --: | --: | --: | --: | --: |\n",
            heading, printing->how->key == SNAPSHOT_ZIP ? "File" : "Zip");
    int status = 0;
    for (size_t i = 0; status == 0 && i < parts->shown; i++) {
        fputs("| ", out);
        label(out, parts->rows[i]);
        status = print_numbers(printing, parts->rows[i]);
    }
    if (status == 0)
        status = print_sum(printing, "others", parts->other_count, &parts->others);
    if (status == 0)
        status =
            print_sum(printing, "whose share of the zip alone differs", parts->moved_count, &parts->moved);
    return status < 0 ? status : print_sum(printing, "unchanged", parts->same_count, &parts->same);
}

/* Folded, with what is in it in the line that stays. */
static int print_folded(const struct printing *printing, const char *heading, const char *plural,
                        const struct diff_parts *parts, print_label *label)
{
    size_t states[DIFF_RENAMED + 1] = {0};
    for (size_t i = 0; i < parts->row_count; i++)
        states[diff_state(parts->rows[i])]++;
    fprintf(printing->out, "\n<details>\n<summary>%s: %zu changed, %zu new, %zu gone</summary>\n\n", plural,
            parts->row_count - states[DIFF_NEW] - states[DIFF_GONE], states[DIFF_NEW], states[DIFF_GONE]);
    int status = print_rows(printing, heading, parts, label);
    fputs("\n</details>\n", printing->out);
    return status;
}

static int print_headline(const struct printing *printing, const struct snapshot_comparison *comparison)
{
    const struct snapshot_sizes *before = &comparison->before, *after = &comparison->after;
    const char *growth = diff_growth_text(before->bytes, after->bytes, printing->arena);
    const char *zip = diff_growth_text(before->zip_bytes, after->zip_bytes, printing->arena);
    if (!growth || !zip)
        return no_memory(printing);
    if (comparison->differs)
        fprintf(printing->out, "### Sizes: %s, in the zip %s\n\n", growth, zip);
    else
        fputs("### Sizes: no difference\n", printing->out);
    return 0;
}

int report_diff_markdown(FILE *out, const struct snapshot_comparison *comparison,
                         const struct report_diff *how, struct shared_arena *arena, struct shared_error *err)
{
    const struct printing printing = {out, how, arena, err};
    struct diff_parts functions, libraries, symbols;
    bool zip = how->key == SNAPSHOT_ZIP, members = comparison->depth == SNAPSHOT_MEMBER;
    int status = print_headline(&printing, comparison);
    const char *which, *missing = diff_missing(comparison, how, &which);
    if (status == 0 && missing) {
        fputs(comparison->differs ? "" : "\n", out);
        print_name(out, which);
        fprintf(out, " %s.\n%s", missing, comparison->differs ? "\n" : "");
    }
    if (status < 0 || !comparison->differs)
        return status;
    status = diff_part(&comparison->functions, true, how->top, arena, &functions, err);
    if (status == 0)
        status = diff_part(&comparison->libraries, true, how->top, arena, &libraries, err);
    if (status == 0)
        status = diff_part(&comparison->symbols, zip, how->top, arena, &symbols, err);
    if (status == 0)
        status = print_rows(&printing, "Function", &functions, print_function);
    if (status == 0)
        status = print_folded(&printing, "Library", "Libraries", &libraries, print_library);
    if (status < 0 || comparison->depth == SNAPSHOT_LIBRARY)
        return status;
    return print_folded(&printing, members ? "Member" : "Symbol", members ? "Members" : "Symbols", &symbols,
                        members ? print_member : print_symbol);
}
