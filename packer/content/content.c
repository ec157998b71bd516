#include "content/content_inner.h"

#include "base/path.h"
#include "base/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CACHE_BYTES (2ull << 30)
#define FIRST_SLOTS 4096

/* The XDG base directory specification: a relative path in its variables is to be ignored. */
const char *content_cache_folder(const char *cache, struct shared_arena *arena)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache)
        return *cache ? cache : NULL;
    if (xdg && *xdg == '/')
        return path_join(arena, xdg, "demine");
    return home && *home == '/' ? path_join(arena, home, ".cache/demine") : NULL;
}

static int open_caches(struct content_set *set, struct shared_error *err)
{
    const struct content_options *options = &set->options;
    const struct blob_cache_options cache = {
        .folder = content_cache_folder(options->cache, &set->arena),
        .scratch = options->state,
        .limit_bytes = options->cache_bytes ? options->cache_bytes : CACHE_BYTES,
        .today = (uint32_t)(time(NULL) / (24 * 60 * 60)),
        .warn = content_warn,
        .warn_user = set,
    };
    const char *stats = path_join(&set->arena, options->state, "stat.cache");
    if (!stats)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a set of contents");
    set->stats = stat_cache_open(stats, content_codecs(), err);
    set->blobs = set->stats ? blob_cache_open(&cache, err) : NULL;
    return set->blobs ? content_remote_open(set, err) : SHARED_EIO;
}

struct content_set *content_open(const struct content_options *options, struct shared_error *err)
{
    struct content_set *set = calloc(1, sizeof(*set));
    if (!set) {
        shared_fail(err, SHARED_ENOMEM, 0, "no memory for a set of contents");
        return NULL;
    }
    set->options = *options;
    set->threads = pool_threads(options->parallel);
    set->end = &set->first;
    pthread_mutex_init(&set->mend, NULL);
    pthread_mutex_init(&set->warn_lock, NULL);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(set->apart, sizeof(set->apart), " of %ld at %lld.%09ld", (long)getpid(), (long long)now.tv_sec,
             now.tv_nsec);
    if (open_caches(set, err) == 0)
        return set;
    content_close(set);
    return NULL;
}

void content_keep(struct content_set *set)
{
    struct shared_error err;
    if (!set || !set->stats || stat_cache_save(set->stats, content_codecs(), &err) == 0)
        return;
    set->stats->changed = false; /* once told is enough */
    content_warn(set, err.text);
}

void content_close(struct content_set *set)
{
    if (!set)
        return;
    content_keep(set);
    stat_cache_close(set->stats);
    blob_remote_close(set->remote);
    if (set->blobs)
        blob_cache_close(set->blobs);
    content_warn_all(set);
    pthread_mutex_destroy(&set->warn_lock);
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
        counts.stream_bytes += item->known ? item->content.deflated_bytes : 0;
    }
    return counts;
}
