#include "layer/lock_ledger.h"

#include "base/nearest.h"
#include "layer/lock_value.h"

#include <string.h>

static bool is_named(const struct lock_publish *publish, const char *name)
{
    for (size_t i = 0; i < publish->name_count; i++)
        if (strcmp(publish->names[i], name) == 0)
            return true;
    return publish->name_count == 0;
}

static int unknown_name(const struct lock_file *lock, const char *name, struct shared_arena *arena,
                        struct shared_error *err)
{
    size_t count = 0;
    const char **names =
        shared_arena_alloc(arena, (lock->function_count + lock->layer_count) * sizeof(*names));
    for (size_t i = 0; names && i < lock->function_count; i++)
        names[count++] = lock->functions[i].name;
    for (size_t i = 0; names && i < lock->layer_count; i++)
        names[count++] = lock->layers[i].name;
    const char *nearest = nearest_name(name, names, count);
    return shared_fail(err, SHARED_EINVAL, 0, "the lock has no function and no layer \"%s\"%s%s%s", name,
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static int check_publish(const struct lock_file *lock, const struct lock_publish *publish,
                         struct shared_arena *arena, struct shared_error *err)
{
    const char *last = lock->ledger_count ? lock->ledger[lock->ledger_count - 1].date : "";
    if (!lock_date_is_valid(shared_slice_from_text(publish->date)))
        return shared_fail(err, SHARED_EINVAL, 0, "\"%s\" is no date; write it as 2026-11-23", publish->date);
    if (strcmp(publish->date, last) < 0)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "%s is before %s, the last date in the ledger: what is published comes after it",
                           publish->date, last);
    for (size_t i = 0; i < publish->name_count; i++)
        if (!lock_find_function(lock, publish->names[i]) && !lock_find_layer(lock, publish->names[i]))
            return unknown_name(lock, publish->names[i], arena, err);
    return 0;
}

/* What is added to a ledger. */
struct adding {
    const struct lock_publish *publish;
    struct lock_published known;
    struct lock_publication *end;
};

static void add(struct adding *adding, enum lock_kind kind, const char *name, const struct lock_zip *zip,
                const struct lock_attached *attached)
{
    const struct lock_publish *publish = adding->publish;
    if (!is_named(publish, name) ||
        (!publish->again && lock_is_published(&adding->known, kind, name, zip->sha256, attached)))
        return;
    struct lock_publication *publication = adding->end++;
    *publication = (struct lock_publication){
        .kind = kind, .name = name, .zip_bytes = zip->zip_bytes, .attached = *attached};
    memcpy(publication->date, publish->date, sizeof(publication->date));
    memcpy(publication->sha256, zip->sha256, sizeof(publication->sha256));
}

static void add_all(struct adding *adding, const struct lock_file *lock)
{
    static const struct lock_attached none = {0};
    for (size_t i = 0; i < lock->function_count; i++) {
        const struct lock_function *function = &lock->functions[i];
        const struct lock_attached attached = lock_attached_make(function->layers, function->layer_count);
        add(adding, LOCK_FUNCTION, function->name, &function->zip, &attached);
    }
    for (size_t i = 0; i < lock->layer_count; i++)
        add(adding, LOCK_LAYER, lock->layers[i].name, &lock->layers[i].zip, &none);
}

int lock_ledger_add(struct lock_file *lock, const struct lock_publish *publish, struct shared_arena *arena,
                    struct lock_publication **added, size_t *added_count, struct shared_error *err)
{
    int status = check_publish(lock, publish, arena, err);
    if (status < 0)
        return status;
    size_t old = lock->ledger_count, most = old + lock->function_count + lock->layer_count;
    struct lock_publication *ledger = shared_arena_alloc(arena, most * sizeof(*ledger));
    struct lock_publication *copy = shared_arena_alloc(arena, (most - old) * sizeof(*copy));
    struct adding adding = {.publish = publish, .end = ledger + old};
    if (!ledger || !copy || !lock_published_make(lock, arena, &adding.known))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the ledger");
    if (old)
        memcpy(ledger, lock->ledger, old * sizeof(*ledger));
    add_all(&adding, lock);
    *added_count = (size_t)(adding.end - ledger) - old;
    memcpy(copy, ledger + old, *added_count * sizeof(*copy));
    *added = copy;
    if (!lock_ledger_sort(ledger, old + *added_count, arena))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the ledger");
    lock->ledger = ledger;
    lock->ledger_count = old + *added_count;
    return 0;
}
