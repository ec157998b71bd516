#include "picture.h"

#include <stdbool.h>

/*
 * Along one axis, n old pixels become m new ones. In units of 1/(n m) of the whole, an old pixel is m wide
 * and a new one n: then every overlap is a whole number and nothing is rounded before the end.
 */
struct span {
    uint64_t start; /* of the new pixel, in these units */
    uint64_t end;
    uint64_t old_size; /* m */
};

static struct span span_of(uint32_t index, uint32_t old_count, uint32_t new_count)
{
    return (struct span){(uint64_t)index * old_count, ((uint64_t)index + 1) * old_count, new_count};
}

static uint64_t overlap(const struct span *span, uint64_t old_index)
{
    uint64_t start = old_index * span->old_size, end = start + span->old_size;
    return (end < span->end ? end : span->end) - (start > span->start ? start : span->start);
}

/* Sums fit: the weights add up to the picture's pixels, under 2^46, times 255 for colour and 255 for alpha.
 */
struct sums {
    uint64_t colours[3];
    uint64_t alpha;
    uint64_t weight;
};

static void add_pixel(struct sums *sums, const unsigned char *pixel, uint32_t colours, bool has_alpha,
                      uint64_t weight)
{
    uint64_t alpha = weight * (has_alpha ? pixel[colours] : 1);
    for (uint32_t i = 0; i < colours; i++)
        sums->colours[i] += alpha * pixel[i];
    sums->alpha += alpha;
    sums->weight += weight;
}

static void average(const struct picture *picture, struct span x, struct span y, unsigned char *out)
{
    bool has_alpha = picture->channels % 2 == 0;
    uint32_t colours = picture->channels - has_alpha;
    struct sums sums = {0};
    for (uint64_t row = y.start / y.old_size; row * y.old_size < y.end; row++) {
        const unsigned char *pixels = picture->pixels + row * picture->width * picture->channels;
        uint64_t height = overlap(&y, row);
        for (uint64_t column = x.start / x.old_size; column * x.old_size < x.end; column++)
            add_pixel(&sums, pixels + column * picture->channels, colours, has_alpha,
                      height * overlap(&x, column));
    }
    for (uint32_t i = 0; i < colours; i++)
        out[i] = sums.alpha ? (unsigned char)((sums.colours[i] + sums.alpha / 2) / sums.alpha) : 0;
    if (has_alpha)
        out[colours] = (unsigned char)((sums.alpha + sums.weight / 2) / sums.weight);
}

struct picture_size picture_fit(const struct picture *picture, struct picture_size box)
{
    uint64_t width = picture->width, height = picture->height;
    if (width <= box.width && height <= box.height)
        return (struct picture_size){picture->width, picture->height};
    struct picture_size size = box;
    if (width * box.height > height * box.width)
        size.height = (uint32_t)((height * box.width + width / 2) / width);
    else
        size.width = (uint32_t)((width * box.height + height / 2) / height);
    return (struct picture_size){size.width ? size.width : 1, size.height ? size.height : 1};
}

int picture_scale(const struct picture *picture, struct picture_size size, struct shared_arena *arena,
                  struct picture *scaled, struct shared_error *err)
{
    if (!size.width || !size.height || size.width > picture->width || size.height > picture->height)
        return shared_fail(err, SHARED_EINVAL, 0, "scale %u by %u to %u by %u", picture->width,
                           picture->height, size.width, size.height);
    unsigned char *out = shared_arena_alloc(arena, (size_t)size.width * size.height * picture->channels);
    if (!out)
        return shared_fail(err, SHARED_ENOMEM, 0, "scale to %u by %u", size.width, size.height);
    *scaled = (struct picture){size.width, size.height, picture->channels, out};
    for (uint32_t y = 0; y < size.height; y++) {
        struct span rows = span_of(y, picture->height, size.height);
        for (uint32_t x = 0; x < size.width; x++, out += picture->channels)
            average(picture, span_of(x, picture->width, size.width), rows, out);
    }
    return 0;
}
