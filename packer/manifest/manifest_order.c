#include "manifest/manifest_order.h"

#include "manifest/json_locate.h"

#include <string.h>

enum state { UNSEEN, OPEN, DONE };

/* A library whose needs are being followed, from the last to the first, so that the order as listed is kept.
 */
struct step {
    const struct manifest_library *library; /* NULL: the list that was asked for */
    const struct manifest_texts *needs;
    size_t left;
};

/* Depth first, with a stack of its own: a chain of needs may be as long as the manifest. */
struct walk {
    const struct manifest *manifest;
    unsigned char *states; /* of each library */
    struct step *steps;
    size_t depth;
    const struct manifest_library **order; /* filled from its end */
    size_t first;
};

static int start(struct walk *walk, const struct manifest *manifest, struct shared_arena *arena,
                 struct shared_error *err)
{
    size_t count = manifest->library_count;
    *walk = (struct walk){
        .manifest = manifest,
        .states = shared_arena_alloc(arena, count),
        .steps = shared_arena_alloc(arena, (count + 1) * sizeof(*walk->steps)),
        .order = shared_arena_alloc(arena, count * sizeof(*walk->order)),
        .first = count,
    };
    if (!walk->states || !walk->steps || !walk->order)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to order %zu libraries", count);
    memset(walk->states, UNSEEN, count);
    return 0;
}

/* "a → b → a": the libraries that are open, from the one that is needed again. */
static int fail_cycle(const struct walk *walk, const struct manifest_library *again, size_t need,
                      struct shared_arena *arena, struct shared_error *err)
{
    size_t from = 0;
    while (walk->steps[from].library != again)
        from++;
    const char *chain = "";
    for (size_t i = from; i < walk->depth && chain && strlen(chain) < SHARED_ERROR_TEXT_BYTES; i++)
        chain = shared_arena_format(arena, "%s%s → ", chain, walk->steps[i].library->name);
    const char *path = json_path_member(arena, walk->steps[walk->depth - 1].library->json_path, "needs");
    path = path ? json_path_element(arena, path, need) : NULL;
    if (!chain || !path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a message on %s", walk->manifest->path);
    return manifest_fail(walk->manifest, path, NULL, err, "closes a circle; remove one need of %s%s", chain,
                         again->name);
}

static void finish(struct walk *walk)
{
    const struct manifest_library *library = walk->steps[--walk->depth].library;
    if (!library)
        return;
    walk->states[library - walk->manifest->libraries] = DONE;
    walk->order[--walk->first] = library;
}

static int follow(struct walk *walk, struct shared_arena *arena, struct shared_error *err)
{
    struct step *step = &walk->steps[walk->depth - 1];
    const char *name = step->needs->items[--step->left];
    const struct manifest_library *library = manifest_find_library(walk->manifest, name);
    if (!library)
        return shared_fail(err, SHARED_ENOTFOUND, 0, "%s: library \"%s\" is not in \"libraries\"",
                           walk->manifest->path, name);
    unsigned char *state = &walk->states[library - walk->manifest->libraries];
    if (*state == OPEN)
        return fail_cycle(walk, library, step->left, arena, err);
    if (*state == DONE)
        return 0;
    *state = OPEN;
    walk->steps[walk->depth++] = (struct step){library, &library->needs, library->needs.count};
    return 0;
}

int manifest_order(const struct manifest *manifest, const struct manifest_texts *names,
                   struct shared_arena *arena, const struct manifest_library ***order, size_t *count,
                   struct shared_error *err)
{
    struct walk walk;
    int status = start(&walk, manifest, arena, err);
    if (status < 0)
        return status;
    walk.steps[walk.depth++] = (struct step){NULL, names, names->count};
    while (walk.depth > 0 && status == 0) {
        if (walk.steps[walk.depth - 1].left > 0)
            status = follow(&walk, arena, err);
        else
            finish(&walk);
    }
    *order = walk.order + walk.first;
    *count = manifest->library_count - walk.first;
    return status;
}

int manifest_link_order(const struct manifest *manifest, const struct manifest_function *function,
                        struct shared_arena *arena, const struct manifest_library ***order, size_t *count,
                        struct shared_error *err)
{
    return manifest_order(manifest, &function->libraries, arena, order, count, err);
}
