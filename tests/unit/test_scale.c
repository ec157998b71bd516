/* test_scale.c - the sample's pictures: every kind of PNG in, scaled, out; and PNGs that are none. */
#include "check.h"
#include "picture.h"

#include <png.h>
#include <stdlib.h>

static struct shared_arena arena;

struct kind {
    const char *name;
    int type, depth, interlace;
    bool transparent; /* with a tRNS chunk: palette entry 0, or the grey or colour 0, is transparent */
    uint32_t channels;
};

/* Random bytes as rows of any kind, written by libpng to a file in memory. */
static struct shared_slice make_png(const struct kind *kind, uint32_t width, uint32_t height)
{
    char *data = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&data, &size);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file);
    png_set_IHDR(png, info, width, height, kind->depth, kind->type, kind->interlace, 0, 0);
    png_color palette[256];
    for (int i = 0; i < 256; i++)
        palette[i] = (png_color){(png_byte)i, (png_byte)(255 - i), (png_byte)(i * 7)};
    if (kind->type == PNG_COLOR_TYPE_PALETTE)
        png_set_PLTE(png, info, palette, 1 << kind->depth);
    png_color_16 none = {0};
    if (kind->transparent)
        png_set_tRNS(png, info, (png_const_bytep) "", kind->type == PNG_COLOR_TYPE_PALETTE, &none);
    png_write_info(png, info);
    size_t row_bytes = png_get_rowbytes(png, info);
    png_bytep row = calloc(1, row_bytes);
    for (int passes = png_set_interlace_handling(png); passes > 0; passes--)
        for (uint32_t y = 0, state = 7; y < height; y++) {
            for (size_t i = 0; i < row_bytes; i++)
                row[i] = (png_byte)((state = state * 1103515245 + 12345) >> 16);
            png_write_row(png, row);
        }
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    free(row);
    fclose(file);
    return shared_slice_of(data, size);
}

static const struct kind kinds[] = {
    {"grey 1", PNG_COLOR_TYPE_GRAY, 1, 0, false, 1},
    {"grey 4, transparent", PNG_COLOR_TYPE_GRAY, 4, 0, true, 2},
    {"grey 8", PNG_COLOR_TYPE_GRAY, 8, 1, false, 1},
    {"grey 16", PNG_COLOR_TYPE_GRAY, 16, 1, false, 1},
    {"grey and alpha 16", PNG_COLOR_TYPE_GRAY_ALPHA, 16, 0, false, 2},
    {"palette 2", PNG_COLOR_TYPE_PALETTE, 2, 1, false, 3},
    {"palette 8, transparent", PNG_COLOR_TYPE_PALETTE, 8, 0, true, 4},
    {"RGB 8", PNG_COLOR_TYPE_RGB, 8, 0, false, 3},
    {"RGB 16, transparent", PNG_COLOR_TYPE_RGB, 16, 1, true, 4},
    {"RGBA 8, interlaced", PNG_COLOR_TYPE_RGB_ALPHA, 8, 1, false, 4},
    {"RGBA 16", PNG_COLOR_TYPE_RGB_ALPHA, 16, 0, false, 4},
};

static void test_kinds(void)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct shared_slice png = make_png(&kinds[i], 33, 17), again = {0};
        struct picture picture, scaled, copy;
        struct shared_error err = {0};
        CHECK_ROW(kinds[i].name);
        if (CHECK_NUMBER(picture_read(png, 33 * 17, &arena, &picture, &err), 0)) {
            CHECK_NUMBER(picture.width, 33);
            CHECK_NUMBER(picture.height, 17);
            CHECK_NUMBER(picture.channels, kinds[i].channels);
            struct picture_size same = {33, 17}, less = {10, 5};
            CHECK_NUMBER(picture_scale(&picture, less, &arena, &scaled, &err), 0);
            CHECK_NUMBER(picture_write(&scaled, &arena, &again, &err), 0);
            CHECK_NUMBER(picture_read(again, 50, &arena, &copy, &err), 0);
            size_t size = (size_t)50 * kinds[i].channels;
            CHECK_BYTES(shared_slice_of(copy.pixels, size), shared_slice_of(scaled.pixels, size));
            CHECK_NUMBER(picture_scale(&picture, same, &arena, &scaled, &err), 0);
            if (kinds[i].channels % 2) /* with alpha, what is invisible loses its colour */
                CHECK(memcmp(picture.pixels, scaled.pixels, (size_t)33 * 17 * picture.channels) == 0);
        }
        CHECK_TEXT(err.text, "");
        free((void *)png.data);
        shared_arena_reset(&arena);
    }
}

static void test_average(void)
{
    unsigned char grey[] = {0, 30, 60, 90, 120, 150}, out[8];
    struct picture picture = {3, 2, 1, grey}, scaled;
    CHECK_NUMBER(picture_scale(&picture, (struct picture_size){1, 1}, &arena, &scaled, NULL), 0);
    CHECK_NUMBER(scaled.pixels[0], 75);
    /* Three columns become two: each takes a whole one and half of the middle one. */
    CHECK_NUMBER(picture_scale(&picture, (struct picture_size){2, 2}, &arena, &scaled, NULL), 0);
    memcpy(out, scaled.pixels, 4);
    CHECK_NUMBER(out[0], 10);
    CHECK_NUMBER(out[1], 50);
    CHECK_NUMBER(out[2], 100);
    CHECK_NUMBER(out[3], 140);
    /* Red that is seen and green that is not: the colour is red, half of it there. */
    unsigned char rgba[] = {200, 0, 0, 255, 0, 200, 0, 0};
    picture = (struct picture){2, 1, 4, rgba};
    CHECK_NUMBER(picture_scale(&picture, (struct picture_size){1, 1}, &arena, &scaled, NULL), 0);
    CHECK_BYTES(shared_slice_of(scaled.pixels, 4), shared_slice_of("\xC8\0\0\x80", 4));
    unsigned char white[64 * 3];
    memset(white, 255, sizeof(white));
    picture = (struct picture){8, 8, 3, white};
    CHECK_NUMBER(picture_scale(&picture, (struct picture_size){3, 5}, &arena, &scaled, NULL), 0);
    CHECK(memcmp(scaled.pixels, white, 45) == 0);
    CHECK_NUMBER(picture_scale(&picture, (struct picture_size){9, 1}, &arena, &scaled, NULL), SHARED_EINVAL);
    CHECK_NUMBER(picture_scale(&picture, (struct picture_size){1, 0}, &arena, &scaled, NULL), SHARED_EINVAL);
    shared_arena_reset(&arena);
}

static void test_fit(void)
{
    static const struct {
        const char *name;
        uint32_t width, height, box_width, box_height, fit_width, fit_height;
    } rows[] = {
        {"by width", 640, 360, 320, 1024, 320, 180},     {"by height", 640, 360, 1024, 90, 160, 90},
        {"exact", 640, 360, 640, 360, 640, 360},         {"never larger", 64, 36, 640, 360, 64, 36},
        {"rounded", 640, 360, 333, 1024, 333, 187},      {"a line", 1000000, 1, 100, 100, 100, 1},
        {"a column", 1, 1000000, 100, 100, 1, 100},      {"a point", 640, 360, 1, 1, 1, 1},
        {"largest", 2147483647, 1, 1024, 1024, 1024, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct picture picture = {rows[i].width, rows[i].height, 3, NULL};
        struct picture_size size =
            picture_fit(&picture, (struct picture_size){rows[i].box_width, rows[i].box_height});
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(size.width, rows[i].fit_width);
        CHECK_NUMBER(size.height, rows[i].fit_height);
    }
}

/* Reads a copy of exactly the size given, so that reading past its end is seen. */
static int read_exact(const void *data, size_t size_bytes, uint64_t pixel_limit, struct shared_error *err)
{
    struct picture picture;
    char *copy = malloc(size_bytes ? size_bytes : 1);
    memcpy(copy, data, size_bytes);
    int code = picture_read(shared_slice_of(copy, size_bytes), pixel_limit, &arena, &picture, err);
    free(copy);
    shared_arena_reset(&arena);
    return code;
}

static void test_broken(void)
{
    struct shared_slice png = make_png(&kinds[9], 33, 17);
    struct shared_error err = {0};
    for (size_t cut = 0; cut < png.size_bytes; cut++)
        CHECK_NUMBER(read_exact(png.data, cut, 1000, &err), cut < 8 ? SHARED_EUNSUPPORTED : SHARED_EPROTO);
    CHECK_MESSAGE(&err, "the data is cut off");
    CHECK_NUMBER(read_exact(png.data, png.size_bytes, 33 * 17 - 1, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "33 by 17 pixels; at most 560");
    CHECK_NUMBER(read_exact("GIF89a..........", 16, 1000, &err), SHARED_EUNSUPPORTED);
    /* A text chunk that says that it has 2 GB. */
    char *changed = malloc(png.size_bytes + 64);
    memcpy(changed, png.data, png.size_bytes);
    memcpy(changed + 33, "\x7D\0\0\x1FzTXt", 8);
    CHECK_NUMBER(read_exact(changed, png.size_bytes, 1000, &err), SHARED_EPROTO);
    /* A byte changed anywhere is read or refused, and nothing worse. */
    size_t refused = 0;
    for (size_t i = 8; i < png.size_bytes; i++) {
        memcpy(changed, png.data, png.size_bytes);
        changed[i] ^= 0x55;
        refused += read_exact(changed, png.size_bytes, 1000, NULL) < 0;
    }
    CHECK(refused > png.size_bytes / 2);
    free(changed);
    free((void *)png.data);
}

int main(void)
{
    CHECK_RUN(test_kinds);
    CHECK_RUN(test_average);
    CHECK_RUN(test_fit);
    CHECK_RUN(test_broken);
    shared_arena_clean_up(&arena);
    return check_report();
}
