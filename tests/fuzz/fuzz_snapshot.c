/* Any bytes as a snapshot: what is read adds up, is written as it was read but for remarks, and can be compared. */
#include "fuzz_target.h"

#include "snapshot/snapshot_compare.h"

#include <string.h>

static void check_sums(const struct snapshot *snapshot)
{
    uint64_t total = 0;
    for (size_t i = 0; i < snapshot->function_count; i++) {
        const struct snapshot_function *function = &snapshot->functions[i];
        struct snapshot_sizes sum = {0};
        for (size_t j = 0; j < function->row_count; j++) {
            const struct snapshot_row *row = &function->rows[j];
            sum.bytes += row->sizes.bytes;
            sum.zip_bytes += row->sizes.zip_bytes;
            sum.count += row->sizes.count;
            FUZZ_PROMISE(row->library < function->library_count && *row->member && *row->symbol);
        }
        FUZZ_PROMISE(memcmp(&sum, &function->sizes, sizeof(sum)) == 0);
        FUZZ_PROMISE(i == 0 || strcmp(function[-1].name, function->name) < 0);
        FUZZ_PROMISE(snapshot_find_function(snapshot, function->name) == function);
        total += sum.bytes + sum.zip_bytes;
    }
    FUZZ_PROMISE(total <= SNAPSHOT_LARGEST);
}

/* The text without its remarks. */
static size_t strip(const char *text, size_t size, char *stripped)
{
    size_t kept = 0;
    for (const char *end, *at = text; at < text + size; at = end) {
        end = (const char *)memchr(at, '\n', (size_t)(text + size - at)) + 1;
        if (*at == '#')
            continue;
        memcpy(stripped + kept, at, (size_t)(end - at));
        kept += (size_t)(end - at);
    }
    return kept;
}

static void check_text(const struct snapshot *snapshot, const char *data, size_t size,
                       struct shared_arena *arena)
{
    struct shared_slice text;
    FUZZ_PROMISE(snapshot_print(snapshot, arena, &text, NULL) == 0);
    char *left = shared_arena_alloc(arena, size), *right = shared_arena_alloc(arena, text.size_bytes);
    FUZZ_PROMISE(left && right);
    size_t left_size = strip(data, size, left), right_size = strip(text.data, text.size_bytes, right);
    FUZZ_PROMISE(left_size == right_size && memcmp(left, right, left_size) == 0);
}

static void check_comparison(struct snapshot *snapshot, struct shared_arena *arena)
{
    struct snapshot less = *snapshot, empty = {.depth = SNAPSHOT_SYMBOL};
    struct snapshot_comparison comparison;
    FUZZ_PROMISE(snapshot_compare(snapshot, snapshot, SNAPSHOT_ZIP, arena, &comparison, NULL) == 0);
    FUZZ_PROMISE(!comparison.differs && comparison.symbols.count == 0);
    FUZZ_PROMISE(snapshot_reduce(&less, SNAPSHOT_LIBRARY, arena, NULL) == 0);
    check_sums(&less);
    FUZZ_PROMISE(snapshot_compare(&less, snapshot, SNAPSHOT_FILE, arena, &comparison, NULL) == 0);
    FUZZ_PROMISE(!comparison.differs);
    FUZZ_PROMISE(snapshot_compare(&empty, snapshot, SNAPSHOT_FILE, arena, &comparison, NULL) == 0);
    FUZZ_PROMISE(comparison.before.bytes == 0 && comparison.functions.count == snapshot->function_count);
    uint64_t sum = 0;
    for (size_t i = 0; i < comparison.symbols.count; i++)
        sum += comparison.symbols.items[i].after.bytes;
    FUZZ_PROMISE(sum == comparison.after.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct snapshot snapshot;
    int status = snapshot_parse("x.txt", shared_slice_of(data, size), &arena, &snapshot, &err);
    if (status == 0) {
        check_sums(&snapshot);
        check_text(&snapshot, (const char *)data, size, &arena);
        check_comparison(&snapshot, &arena);
    } else {
        FUZZ_PROMISE(status == SHARED_EPROTO || status == SHARED_EUNSUPPORTED);
        FUZZ_PROMISE(strncmp(err.text, "x.txt:", 6) == 0 && strstr(err.text, ": byte "));
    }
    shared_arena_clean_up(&arena);
    return 0;
}
