/* rendition.h - which file of a title a player should get. */
#ifndef VIDEO_RENDITION_H
#define VIDEO_RENDITION_H

#include "titles.h"

/* What a request says about its player; each may be NULL. */
struct rendition_wish {
    const char *quality;    /* parameter "quality": "720p" */
    const char *accept;     /* header Accept */
    const char *user_agent; /* header User-Agent */
};

/*
 * The file's name in the arena: "720p.mp4", or "master.m3u8" for players of HTTP Live Streaming, which choose
 * by themselves. A quality that a title does not have becomes the next lower one, or its lowest. Fails with
 * SHARED_EINVAL where the quality is not one, SHARED_ENOMEM.
 */
int rendition_choose(const struct title *title, const struct rendition_wish *wish, struct shared_arena *arena,
                     const char **file, struct shared_error *err);

#endif
