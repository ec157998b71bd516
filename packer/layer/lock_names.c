#include "layer/lock_names.h"

#include "base/cleanup.h"
#include "layer/layer_name.h"

#include <string.h>

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to check the names of layers");
}

/* The project may have been renamed since, and had another name then: what it is made of is behind the last hyphen. */
static int check_layer(const struct lock_layer *layer, struct shared_arena *scratch, bool *good)
{
    const char *hyphen = strrchr(layer->name, '-');
    size_t digits = hyphen ? strlen(hyphen + 1) : 0;
    *good = false;
    if (digits < LAYER_NAME_DIGITS || digits >= HASH_TEXT_BYTES)
        return 0;
    size_t *numbers = shared_arena_alloc(scratch, layer->item_count * sizeof(*numbers));
    for (size_t i = 0; numbers && i < layer->item_count; i++)
        numbers[i] = i;
    const struct layer_set all = {numbers, layer->item_count};
    const char *name =
        numbers ? layer_name_long("", layer->items, &all, (unsigned)digits, scratch, scratch) : NULL;
    *good = name && strcmp(name, hyphen) == 0;
    return name ? 0 : SHARED_ENOMEM;
}

int lock_names_check(const struct lock_file *lock, const char *path, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    for (size_t i = 0; i < lock->layer_count; i++) {
        bool good;
        if (check_layer(&lock->layers[i], &scratch, &good) < 0)
            return no_memory(err);
        if (!good)
            return shared_fail(
                err, SHARED_EPROTO, 0,
                "%s: layers.%s: its items are not those of that name, as after a bad merge; take the "
                "lock as it was last committed, or plan afresh with demine pack --replan",
                path, lock->layers[i].name);
        shared_arena_reset(&scratch);
    }
    return 0;
}

static int keep_attached(const struct lock_file *kept, struct lock_function *function,
                         struct shared_arena *arena)
{
    const char **layers = shared_arena_alloc(arena, function->layer_count * sizeof(*layers));
    size_t count = 0;
    for (size_t i = 0; layers && i < function->layer_count; i++)
        if (lock_find_layer(kept, function->layers[i]))
            layers[count++] = function->layers[i];
    function->layers = layers;
    function->layer_count = count;
    return layers ? 0 : SHARED_ENOMEM;
}

int lock_names_keep(const struct lock_file *lock, struct shared_arena *arena, struct lock_file *kept,
                    struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct lock_file good_ones = *lock;
    good_ones.layer_count = 0;
    good_ones.layers = shared_arena_alloc(arena, lock->layer_count * sizeof(*lock->layers));
    good_ones.functions = shared_arena_alloc(arena, lock->function_count * sizeof(*lock->functions));
    if (!good_ones.layers || !good_ones.functions)
        return no_memory(err);
    for (size_t i = 0; i < lock->layer_count; i++) {
        bool good;
        if (check_layer(&lock->layers[i], &scratch, &good) < 0)
            return no_memory(err);
        if (good)
            good_ones.layers[good_ones.layer_count++] = lock->layers[i];
        shared_arena_reset(&scratch);
    }
    for (size_t i = 0; i < lock->function_count; i++) {
        good_ones.functions[i] = lock->functions[i];
        if (keep_attached(&good_ones, &good_ones.functions[i], arena) < 0)
            return no_memory(err);
    }
    *kept = good_ones;
    return 0;
}
