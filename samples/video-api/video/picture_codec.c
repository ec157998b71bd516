#include "picture_codec.h"

void picture_codec_fail(png_structp png, png_const_charp text)
{
    struct picture_codec *codec = png_get_error_ptr(png);
    enum shared_error_code code = codec->no_memory ? SHARED_ENOMEM : SHARED_EPROTO;
    codec->code = shared_fail(codec->err, code, 0, "PNG: %s", text);
    png_longjmp(png, 1);
}

void picture_codec_ignore(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

png_voidp picture_codec_take(png_structp png, png_alloc_size_t size_bytes)
{
    struct picture_codec *codec = png_get_mem_ptr(png);
    if (size_bytes > codec->block_limit)
        return NULL;
    void *memory = shared_arena_alloc(codec->arena, size_bytes);
    codec->no_memory = codec->no_memory || !memory;
    return memory;
}

void picture_codec_give_back(png_structp png, png_voidp memory)
{
    (void)png;
    (void)memory;
}

int picture_codec_no_memory(struct picture_codec *codec)
{
    return shared_fail(codec->err, SHARED_ENOMEM, 0, "PNG: no memory for libpng");
}
