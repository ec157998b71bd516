#include "picture.h"

#include "picture_codec.h"

#include <setjmp.h>
#include <string.h>

/* Chunks beside the picture (profiles, texts) are inflated too; none that we need is near this. */
#define CHUNK_LIMIT_BYTES (1 << 20)

static void read_bytes(png_structp png, png_bytep data, size_t size_bytes)
{
    struct picture_codec *codec = png_get_io_ptr(png);
    if (size_bytes > codec->in.size_bytes)
        png_error(png, "the data is cut off");
    memcpy(data, codec->in.data, size_bytes);
    codec->in = shared_slice_of(codec->in.data + size_bytes, codec->in.size_bytes - size_bytes);
}

/* Whatever the colour type and depth, 1 to 4 channels of 8 bits come out. */
static int set_transforms(struct picture_codec *codec)
{
    png_set_expand(codec->png);
    png_set_scale_16(codec->png);
    int passes = png_set_interlace_handling(codec->png);
    png_read_update_info(codec->png, codec->info);
    return passes;
}

static void read_rows(struct picture_codec *codec, struct picture *picture)
{
    int passes = set_transforms(codec);
    picture->channels = png_get_channels(codec->png, codec->info);
    size_t row_bytes = (size_t)picture->width * picture->channels;
    if (png_get_rowbytes(codec->png, codec->info) != row_bytes)
        png_error(codec->png, "rows of an unexpected size");
    picture->pixels = png_malloc(codec->png, row_bytes * picture->height);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < picture->height; y++)
            png_read_row(codec->png, picture->pixels + y * row_bytes, NULL);
    png_read_end(codec->png, NULL);
}

static int decode(struct picture_codec *codec, uint64_t pixel_limit, struct picture *picture)
{
    if (setjmp(png_jmpbuf(codec->png)))
        return codec->code;
    png_set_read_fn(codec->png, codec, read_bytes);
    png_set_user_limits(codec->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(codec->png, CHUNK_LIMIT_BYTES);
    png_read_info(codec->png, codec->info);
    picture->width = png_get_image_width(codec->png, codec->info);
    picture->height = png_get_image_height(codec->png, codec->info);
    if ((uint64_t)picture->width * picture->height > pixel_limit)
        return shared_fail(codec->err, SHARED_ETOOBIG, 0, "PNG: %u by %u pixels; at most %llu are read",
                           picture->width, picture->height, (unsigned long long)pixel_limit);
    read_rows(codec, picture);
    return 0;
}

int picture_read(struct shared_slice png, uint64_t pixel_limit, struct shared_arena *arena,
                 struct picture *picture, struct shared_error *err)
{
    /* The longest row has eight bytes a pixel. */
    size_t block_limit = (size_t)pixel_limit * 8 + CHUNK_LIMIT_BYTES;
    struct picture_codec codec = {.arena = arena, .block_limit = block_limit, .in = png, .err = err};
    if (png.size_bytes < 8 || png_sig_cmp((png_const_bytep)png.data, 0, 8) != 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "not a PNG");
    codec.png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &codec, picture_codec_fail, picture_codec_ignore,
                                 &codec, picture_codec_take, picture_codec_give_back);
    codec.info = codec.png ? png_create_info_struct(codec.png) : NULL;
    if (!codec.info)
        return picture_codec_no_memory(&codec);
    *picture = (struct picture){0};
    int code = decode(&codec, pixel_limit, picture);
    png_destroy_read_struct(&codec.png, &codec.info, NULL);
    return code;
}
