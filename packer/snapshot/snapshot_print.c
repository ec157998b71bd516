#include "snapshot/snapshot_inner.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_sizes(FILE *out, const struct snapshot_function *function)
{
    fprintf(out, "function\t%s\t%" PRIu64 "\t%" PRIu64 "\n", function->name, function->sizes.bytes,
            function->sizes.zip_bytes);
    for (size_t i = 0; i < function->library_count; i++) {
        const struct snapshot_library *library = &function->libraries[i];
        const struct snapshot_row *row = function->rows + library->row_start, *end = row + library->row_count;
        fprintf(out, "library\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\n", function->name, library->name,
                library->sizes.bytes, library->sizes.zip_bytes);
        for (const char *member = NULL; row < end; member = row->member, row++) {
            if (!member || strcmp(member, row->member) != 0)
                fprintf(out, "member\t%s\t%s\t%s\n", function->name, library->name, row->member);
            fprintf(out, "\t%" PRIu64 "\t%" PRIu64 "\t%s\n", row->sizes.bytes, row->sizes.count, row->symbol);
        }
    }
}

static void print_shares(FILE *out, const struct snapshot_function *function)
{
    for (size_t i = 0; i < function->library_count; i++) {
        const struct snapshot_library *library = &function->libraries[i];
        fprintf(out, "zip\t%s\t%s", function->name, library->name);
        for (size_t row = 0; row < library->row_count; row++)
            fprintf(out, "%c%" PRIu64, row ? ' ' : '\t',
                    function->rows[library->row_start + row].sizes.zip_bytes);
        putc('\n', out);
    }
}

static void print(FILE *out, const struct snapshot *snapshot)
{
    fprintf(out, SNAPSHOT_MAGIC "\t%u\t%s\n", SNAPSHOT_VERSION, snapshot_depth_name(snapshot->depth));
    fputs("# Sizes of a project's programs, written by demine snapshot; demine diff tells what has changed.\n"
          "# function, library: bytes, bytes deflated. Below a member: bytes, pieces, symbol.\n",
          out);
    for (size_t i = 0; i < snapshot->function_count; i++)
        print_sizes(out, &snapshot->functions[i]);
    fputs("# Bytes deflated of each symbol above, in its order: any change moves many of them a little.\n",
          out);
    for (size_t i = 0; i < snapshot->function_count; i++)
        print_shares(out, &snapshot->functions[i]);
}

int snapshot_print(const struct snapshot *snapshot, struct shared_arena *arena, struct shared_slice *text,
                   struct shared_error *err)
{
    char *content = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&content, &size);
    if (out)
        print(out, snapshot);
    bool failed = !out || ferror(out);
    failed |= out && fclose(out) != 0;
    char *copy = failed ? NULL : shared_arena_copy(arena, shared_slice_of(content, size));
    free(content);
    if (!copy)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write a snapshot");
    *text = shared_slice_of(copy, size);
    return 0;
}
