#include "report/diff_row.h"

#include "base/columns.h"

#include <string.h>

enum diff_state diff_state(const struct snapshot_delta *delta)
{
    if (delta->was)
        return DIFF_RENAMED;
    if (delta->before.count == 0 || delta->after.count == 0)
        return delta->before.count == delta->after.count ? DIFF_SAME
               : delta->before.count == 0                ? DIFF_NEW
                                                         : DIFF_GONE;
    if (!snapshot_only_moved(delta))
        return DIFF_CHANGED;
    return delta->before.zip_bytes == delta->after.zip_bytes ? DIFF_SAME : DIFF_MOVED;
}

const char *diff_state_name(enum diff_state state)
{
    static const char *const names[] = {"same", "moved", "changed", "new", "gone", "renamed"};
    return names[state];
}

const char *diff_signed_text(uint64_t before, uint64_t after, struct shared_arena *arena)
{
    if (before == after)
        return "0";
    const char *number = columns_number_text(arena, before < after ? after - before : before - after);
    return number ? shared_arena_format(arena, "%c%s", before < after ? '+' : '-', number) : NULL;
}

const char *diff_growth_text(uint64_t before, uint64_t after, struct shared_arena *arena)
{
    const char *change = diff_signed_text(before, after, arena);
    if (!change)
        return NULL;
    if (before == 0 || before == after)
        return shared_arena_format(arena, "%s B", change);
    const char *share = columns_share_text(arena, before < after ? after - before : before - after, before);
    return share ? shared_arena_format(arena, "%s B (%c%s)", change, *change, share) : NULL;
}

struct diff_row diff_row(const struct snapshot_delta *delta, enum snapshot_key key,
                         struct shared_arena *arena)
{
    const struct snapshot_sizes *before = &delta->before, *after = &delta->after;
    bool zip = key == SNAPSHOT_ZIP;
    const char *file = diff_signed_text(before->bytes, after->bytes, arena);
    const char *deflated = diff_signed_text(before->zip_bytes, after->zip_bytes, arena);
    struct diff_row row = {
        .before = before->count ? columns_number_text(arena, zip ? before->zip_bytes : before->bytes) : "new",
        .after = after->count ? columns_number_text(arena, zip ? after->zip_bytes : after->bytes) : "gone",
        .delta = zip ? deflated : file,
        .other = zip ? file : deflated,
        .count = columns_number_text(arena, after->count ? after->count : before->count),
    };
    if (before->count && after->count && before->count != after->count && row.count) {
        const char *was = columns_number_text(arena, before->count);
        row.count = was ? shared_arena_format(arena, "%s → %s", was, row.count) : NULL;
    }
    return row;
}

static void add(struct snapshot_sizes *sum, const struct snapshot_sizes *sizes)
{
    sum->bytes += sizes->bytes;
    sum->zip_bytes += sizes->zip_bytes;
    sum->count += sizes->count;
}

const char *diff_missing(const struct snapshot_comparison *comparison, const struct report_diff *how,
                         const char **which)
{
    bool old = comparison->before_depth < comparison->after_depth;
    enum snapshot_depth deeper = old ? comparison->after_depth : comparison->before_depth;
    *which = old ? how->before : how->after;
    if (deeper == comparison->depth)
        return NULL;
    if (comparison->depth == SNAPSHOT_MEMBER)
        return "was written with --depth member: symbols are not compared";
    return deeper == SNAPSHOT_MEMBER
               ? "was written with --depth library: members are not compared"
               : "was written with --depth library: members and symbols are not compared";
}

static void add_up(struct snapshot_delta *sum, const struct snapshot_delta *delta, size_t *count)
{
    add(&sum->before, &delta->before);
    add(&sum->after, &delta->after);
    ++*count;
}

int diff_part(const struct snapshot_deltas *deltas, bool moved_too, size_t top, struct shared_arena *arena,
              struct diff_parts *parts, struct shared_error *err)
{
    memset(parts, 0, sizeof(*parts));
    parts->rows = shared_arena_alloc(arena, deltas->count * sizeof(*parts->rows));
    if (!parts->rows)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a table");
    for (size_t i = 0; i < deltas->count; i++) {
        const struct snapshot_delta *delta = &deltas->items[i];
        enum diff_state state = diff_state(delta);
        if (state == DIFF_SAME)
            add_up(&parts->same, delta, &parts->same_count);
        else if (state == DIFF_MOVED && !moved_too)
            add_up(&parts->moved, delta, &parts->moved_count);
        else
            parts->rows[parts->row_count++] = delta;
    }
    /* Leaving out one row would save none. */
    parts->shown = top == 0 || parts->row_count <= top + 1 ? parts->row_count : top;
    for (size_t i = parts->shown; i < parts->row_count; i++)
        add_up(&parts->others, parts->rows[i], &parts->other_count);
    return 0;
}
