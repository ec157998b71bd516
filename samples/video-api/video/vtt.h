/* vtt.h - writes cues as WebVTT (https://www.w3.org/TR/webvtt1/, 2019). */
#ifndef VIDEO_VTT_H
#define VIDEO_VTT_H

#include "srt.h"

/*
 * Writes cues into the arena. Of the tags in their text <i>, <b> and <u> stay; others (<font …>) and the
 * overrides of SSA ({\an8}) are dropped, and so are control characters, blank lines, and cues of which
 * nothing is left or that last no time. Everything else is escaped. Fails with SHARED_ENOMEM.
 */
int vtt_write(const struct srt *srt, struct shared_arena *arena, struct shared_slice *vtt,
              struct shared_error *err);

#endif
