#include "content/content_inner.h"

#include "base/path.h"

#include <stdlib.h>
#include <string.h>

#define CACHE_BYTES (2ull << 30)
#define SLOTS 1024

/* The XDG base directory specification: a relative path in its variables is to be ignored. */
static const char *cache_folder(const struct content_options *options, struct shared_arena *arena)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (options->cache)
        return *options->cache ? options->cache : NULL;
    if (xdg && *xdg == '/')
        return path_join(arena, xdg, "demine");
    return home && *home == '/' ? path_join(arena, home, ".cache/demine") : NULL;
}

static int open_caches(struct content_set *set, struct shared_error *err)
{
    const struct content_options *options = &set->options;
    const struct blob_cache_options cache = {
        .folder = cache_folder(options, &set->arena),
        .scratch = options->state,
        .limit_bytes = options->cache_bytes ? options->cache_bytes : CACHE_BYTES,
        .warn = options->warn,
        .warn_user = options->warn_user,
    };
    set->blobs = blob_cache_open(&cache, err);
    return set->blobs ? 0 : SHARED_EIO;
}

struct content_set *content_open(const struct content_options *options, struct shared_error *err)
{
    struct content_set *set = calloc(1, sizeof(*set));
    if (set) {
        set->options = *options;
        set->end = &set->first;
        set->slot_count = SLOTS;
        set->slots = calloc(SLOTS, sizeof(*set->slots));
        pthread_mutex_init(&set->mend, NULL);
    }
    if (!set || !set->slots)
        shared_fail(err, SHARED_ENOMEM, 0, "no memory for a set of contents");
    else if (open_caches(set, err) == 0)
        return set;
    content_close(set);
    return NULL;
}

void content_close(struct content_set *set)
{
    if (!set)
        return;
    if (set->blobs)
        blob_cache_close(set->blobs);
    pthread_mutex_destroy(&set->mend);
    shared_arena_clean_up(&set->arena);
    free(set->slots);
    free(set);
}

struct content_counts content_counts(const struct content_set *set)
{
    struct content_counts counts = set->counts;
    for (const struct content_item *item = set->first; item; item = item->next) {
        counts.contents++;
        counts.content_bytes += item->content.size_bytes;
        counts.stream_bytes += item->content.deflated_bytes;
    }
    return counts;
}

struct blob_key content_key(const struct content_set *set, const struct content *content)
{
    return blob_key(&content->hash, content->size_bytes, content_codec(set->options.level, content->program));
}

int content_fail_on_change(const char *source, struct shared_error *err)
{
    return shared_fail(err, SHARED_EIO, 0, "%s changed while it was being packed: run again", source);
}
