/* srt.h - reads SubRip subtitles as they are found, not as they should be. */
#ifndef VIDEO_SRT_H
#define VIDEO_SRT_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stddef.h>
#include <stdint.h>

/* One cue. */
struct srt_cue {
    uint32_t start_ms;
    uint32_t end_ms;
    size_t order; /* its place in the file, from 0 */
    struct shared_slice
        text; /* of one or more lines, tags and blank lines still in it; borrowed from the file */
};

struct srt {
    struct srt_cue *cues; /* by start, then by order; the arena owns them */
    size_t count;
};

/*
 * Reads a file in UTF-8. Lines may end in LF, CR LF or CR; numbers before a cue may be missing, so may the
 * blank line after it; blank lines within its text are no end; a full stop may stand for the comma in a
 * timing, and positions (X1:…) after it are ignored; cues may be in any order.
 *
 * Fails with SHARED_EPROTO and "line 12: …" where a timing is malformed or ends before it begins, where a
 * cue's number has no timing below it, and where text comes before the first timing; with "no cues" for a
 * file without any; with SHARED_ENOMEM.
 */
int srt_read(struct shared_slice file, struct shared_arena *arena, struct srt *srt, struct shared_error *err);

/* The next line, without its end, off a file whose lines end in LF, CR LF or CR. */
struct shared_slice srt_line(struct shared_slice *rest);

#endif
