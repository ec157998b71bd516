/* picture.h - PNG in, PNG out, and a smaller picture between the two. */
#ifndef VIDEO_PICTURE_H
#define VIDEO_PICTURE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdint.h>

/* Eight bits a channel, row by row without gaps; alpha, where there is one, comes last and is not
 * premultiplied. */
struct picture {
    uint32_t width;
    uint32_t height;
    uint32_t channels; /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA */
    unsigned char *pixels;
};

/*
 * Reads a PNG of any colour type, depth and interlacing into the arena. The size is checked before memory is
 * taken for it: more than pixel_limit pixels fail with SHARED_ETOOBIG. SHARED_EUNSUPPORTED for what is no
 * PNG, SHARED_EPROTO for one that is broken or cut off, SHARED_ENOMEM.
 */
int picture_read(struct shared_slice png, uint64_t pixel_limit, struct shared_arena *arena,
                 struct picture *picture, struct shared_error *err);

/* Writes a PNG into the arena. Fails with SHARED_ENOMEM, or SHARED_EPROTO where libpng refuses. */
int picture_write(const struct picture *picture, struct shared_arena *arena, struct shared_slice *png,
                  struct shared_error *err);

/* A size in pixels. */
struct picture_size {
    uint32_t width;
    uint32_t height;
};

/* The largest size of the picture's aspect that fits in a box, at least 1 by 1, never larger than the
 * picture. */
struct picture_size picture_fit(const struct picture *picture, struct picture_size box);

/*
 * Scales a picture down, or leaves it as large, to a size within its own by averaging over the area of each
 * new pixel; alpha weighs colours. The arena owns the new pixels. Fails with SHARED_EINVAL for a size of 0 or
 * larger than the picture, SHARED_ENOMEM.
 */
int picture_scale(const struct picture *picture, struct picture_size size, struct shared_arena *arena,
                  struct picture *scaled, struct shared_error *err);

#endif
