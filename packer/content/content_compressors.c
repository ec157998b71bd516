#include "content/content_compressors.h"

#include <stdbool.h>

/* Of libdeflate 1.14: 668,295 bytes up to level 9, 9,009,543 from 10 on, of which each touches most. */
static size_t bytes_of(int level)
{
    return level < 10 ? (size_t)700 << 10 : (size_t)9 << 20;
}

void content_compressors_init(struct content_compressors *compressors, size_t limit_bytes)
{
    *compressors = (struct content_compressors){.limit_bytes = limit_bytes};
    pthread_mutex_init(&compressors->lock, NULL);
    pthread_cond_init(&compressors->given_back, NULL);
}

/* One that nobody has; NULL: there is none. */
static struct libdeflate_compressor *take_idle(struct content_compressors *compressors, int level)
{
    unsigned *count = &compressors->idle_count[level];
    return *count > 0 ? compressors->idle[level][--*count] : NULL;
}

/* Gives up one that nobody has, of whatever level; false: all are lent. */
static bool free_idle(struct content_compressors *compressors)
{
    for (int level = CONTENT_LEVELS - 1; level >= 0; level--) {
        struct libdeflate_compressor *idle = take_idle(compressors, level);
        if (idle) {
            libdeflate_free_compressor(idle);
            compressors->bytes -= bytes_of(level);
            return true;
        }
    }
    return false;
}

void content_compressors_clean_up(struct content_compressors *compressors)
{
    while (free_idle(compressors))
        ;
    pthread_cond_destroy(&compressors->given_back);
    pthread_mutex_destroy(&compressors->lock);
}

struct libdeflate_compressor *content_compressors_take(struct content_compressors *compressors, int level)
{
    pthread_mutex_lock(&compressors->lock);
    struct libdeflate_compressor *taken;
    while (!(taken = take_idle(compressors, level)) && compressors->bytes > 0 &&
           compressors->bytes + bytes_of(level) > compressors->limit_bytes) {
        if (!free_idle(compressors))
            pthread_cond_wait(&compressors->given_back, &compressors->lock);
    }
    if (!taken && (taken = libdeflate_alloc_compressor(level)))
        compressors->bytes += bytes_of(level);
    pthread_mutex_unlock(&compressors->lock);
    return taken;
}

void content_compressors_give(struct content_compressors *compressors, int level,
                              struct libdeflate_compressor *compressor)
{
    pthread_mutex_lock(&compressors->lock);
    compressors->idle[level][compressors->idle_count[level]++] = compressor;
    /* All: those that wait may want another level. */
    pthread_cond_broadcast(&compressors->given_back);
    pthread_mutex_unlock(&compressors->lock);
}
