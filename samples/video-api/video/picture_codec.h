/* picture_codec.h - libpng with an arena for its memory and struct shared_error for its errors. */
#ifndef VIDEO_PICTURE_CODEC_H
#define VIDEO_PICTURE_CODEC_H

#include "text_out.h"

#include <shared/error.h>

#include <png.h>

#include <stdbool.h>

/*
 * What libpng's callbacks need. libpng leaves by longjmp; as all memory is the arena's, nothing is lost on
 * the way. A function that calls setjmp changes no local variable afterwards: its state is in here, its
 * caller's.
 */
struct picture_codec {
    png_structp png;
    png_infop info;
    struct shared_arena *arena;
    size_t block_limit; /* bytes libpng may have at once: a chunk says how long it is before it is there */
    struct shared_slice in; /* what is left to read */
    struct text_out out;    /* what was written */
    bool no_memory;
    int code; /* the failure, once there was one */
    struct shared_error *err;
};

/* Callbacks for png_create_read_struct_2 and png_create_write_struct_2, whose pointers are the codec. */
void picture_codec_fail(png_structp png, png_const_charp text);
void picture_codec_ignore(png_structp png, png_const_charp text);
png_voidp picture_codec_take(png_structp png, png_alloc_size_t size_bytes);
void picture_codec_give_back(png_structp png, png_voidp memory);

/* The failure for when the structures of libpng could not be made. */
int picture_codec_no_memory(struct picture_codec *codec);

#endif
