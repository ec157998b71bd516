#include "picture.h"

#include "picture_codec.h"

#include <setjmp.h>

static void write_bytes(png_structp png, png_bytep data, size_t size_bytes)
{
    struct picture_codec *codec = png_get_io_ptr(png);
    text_out_append(&codec->out, data, size_bytes);
    if (codec->out.failed) {
        codec->no_memory = true;
        png_error(png, "no memory to write");
    }
}

static void flush(png_structp png)
{
    (void)png;
}

static int encode(struct picture_codec *codec, const struct picture *picture)
{
    static const int types[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                PNG_COLOR_TYPE_RGB_ALPHA};
    if (setjmp(png_jmpbuf(codec->png)))
        return codec->code;
    png_set_write_fn(codec->png, codec, write_bytes, flush);
    png_set_IHDR(codec->png, codec->info, picture->width, picture->height, 8, types[picture->channels],
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(codec->png, codec->info);
    size_t row_bytes = (size_t)picture->width * picture->channels;
    for (uint32_t y = 0; y < picture->height; y++)
        png_write_row(codec->png, picture->pixels + y * row_bytes);
    png_write_end(codec->png, NULL);
    return 0;
}

int picture_write(const struct picture *picture, struct shared_arena *arena, struct shared_slice *png,
                  struct shared_error *err)
{
    struct picture_codec codec = {
        .arena = arena, .block_limit = SIZE_MAX, .out = {.arena = arena}, .err = err};
    codec.png =
        png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &codec, picture_codec_fail, picture_codec_ignore,
                                  &codec, picture_codec_take, picture_codec_give_back);
    codec.info = codec.png ? png_create_info_struct(codec.png) : NULL;
    if (!codec.info)
        return picture_codec_no_memory(&codec);
    int code = encode(&codec, picture);
    png_destroy_write_struct(&codec.png, &codec.info);
    *png = text_out_slice(&codec.out);
    return code;
}
