/*
 * make_poster.c - writes the picture that the thumbnail events carry, as PNG to standard output: a title card
 * with a moon over hills, 640 by 360, the same bytes on every run of one libpng.
 *
 *     make_poster rgb | rgba | palette | grey16
 *
 * rgba fades out towards its edges; palette has 64 colours, one of them transparent; grey16 is interlaced.
 */
#include <png.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 640
#define HEIGHT 360

struct colour {
    double red, green, blue; /* 0 to 1 */
};

static struct colour blend(struct colour under, struct colour over, double share)
{
    share = fmin(fmax(share, 0), 1);
    return (struct colour){under.red + (over.red - under.red) * share,
                           under.green + (over.green - under.green) * share,
                           under.blue + (over.blue - under.blue) * share};
}

/* How much of a disc covers a pixel, with an edge one pixel soft. */
static double disc(double x, double y, double centre_x, double centre_y, double radius)
{
    return radius - hypot(x - centre_x, y - centre_y) + 0.5;
}

static double hill(double x, double base, double height, double length, double phase)
{
    return base - height * (0.6 * sin(x / length + phase) + 0.4 * sin(x / length * 2.3 + phase * 3));
}

static struct colour paint_moon(struct colour colour, double x, double y)
{
    static const double craters[][3] = {
        {430, 105, 14}, {472, 138, 20}, {428, 156, 9}, {486, 96, 7}, {455, 80, 5}};
    colour = blend(colour, (struct colour){0.96, 0.93, 0.80}, disc(x, y, 455, 120, 64));
    for (size_t i = 0; i < sizeof(craters) / sizeof(craters[0]); i++)
        colour = blend(colour, (struct colour){0.80, 0.76, 0.64},
                       disc(x, y, craters[i][0], craters[i][1], craters[i][2]));
    return colour;
}

static struct colour paint_stars(struct colour colour, double x, double y)
{
    uint32_t state = 1;
    for (int i = 0; i < 70; i++) {
        double place[2];
        for (int k = 0; k < 2; k++) {
            state = state * 1664525u + 1013904223u;
            place[k] = (state >> 8) / 16777216.0;
        }
        colour = blend(colour, (struct colour){1, 1, 0.9},
                       disc(x, y, place[0] * WIDTH, place[1] * 220, 0.4 + i % 3 * 0.4));
    }
    return colour;
}

static struct colour paint(double x, double y)
{
    struct colour sky =
        blend((struct colour){0.03, 0.04, 0.14}, (struct colour){0.34, 0.26, 0.42}, y / HEIGHT);
    struct colour colour = paint_moon(paint_stars(sky, x, y), x, y);
    colour = blend(colour, (struct colour){0.12, 0.11, 0.22}, y - hill(x, 270, 26, 70, 0.4) + 0.5);
    return blend(colour, (struct colour){0.05, 0.05, 0.10}, y - hill(x, 310, 22, 45, 2.0) + 0.5);
}

static uint16_t to_16(double value)
{
    return (uint16_t)lround(value * 65535);
}

static png_byte to_8(double value)
{
    return (png_byte)lround(value * 255);
}

/* Two bits a channel. */
static png_byte to_index(struct colour colour)
{
    return (png_byte)(lround(colour.red * 3) * 16 + lround(colour.green * 3) * 4 + lround(colour.blue * 3));
}

static void put_pixel(int type, png_bytep row, int x, int y)
{
    struct colour colour = paint(x + 0.5, y + 0.5);
    double edge = fmin(fmin(x + 0.5, WIDTH - x - 0.5), fmin(y + 0.5, HEIGHT - y - 0.5));
    uint16_t grey = to_16(0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue);
    png_byte rgba[] = {to_8(colour.red), to_8(colour.green), to_8(colour.blue), to_8(fmin(edge / 60, 1))};
    switch (type) {
    case PNG_COLOR_TYPE_GRAY:
        row[2 * x] = (png_byte)(grey >> 8);
        row[2 * x + 1] = (png_byte)grey;
        break;
    case PNG_COLOR_TYPE_PALETTE:
        row[x] = to_index(colour);
        break;
    default:
        memcpy(row + (type == PNG_COLOR_TYPE_RGB ? 3 : 4) * x, rgba, type == PNG_COLOR_TYPE_RGB ? 3 : 4);
    }
}

static void set_palette(png_structp png, png_infop info)
{
    png_color palette[64];
    for (int i = 0; i < 64; i++)
        palette[i] = (png_color){(png_byte)(i / 16 * 85), (png_byte)(i / 4 % 4 * 85), (png_byte)(i % 4 * 85)};
    png_set_PLTE(png, info, palette, 64);
    png_set_tRNS(png, info, (png_const_bytep) "", 1, NULL);
}

static void write_poster(png_structp png, png_infop info, int type)
{
    static png_byte rows[HEIGHT][WIDTH * 4];
    static png_bytep starts[HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
        starts[y] = rows[y];
        for (int x = 0; x < WIDTH; x++)
            put_pixel(type, rows[y], x, y);
    }
    png_init_io(png, stdout);
    png_set_compression_level(png, 9);
    png_set_IHDR(png, info, WIDTH, HEIGHT, type == PNG_COLOR_TYPE_GRAY ? 16 : 8, type,
                 type == PNG_COLOR_TYPE_GRAY ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (type == PNG_COLOR_TYPE_PALETTE)
        set_palette(png, info);
    png_set_rows(png, info, starts);
    png_write_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
}

static int type_of(const char *name)
{
    static const char *const names[] = {"rgb", "rgba", "palette", "grey16"};
    static const int types[] = {PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA, PNG_COLOR_TYPE_PALETTE,
                                PNG_COLOR_TYPE_GRAY};
    for (size_t i = 0; name && i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return types[i];
    return -1;
}

int main(int argc, char **argv)
{
    int type = type_of(argc == 2 ? argv[1] : NULL);
    if (type < 0) {
        fprintf(stderr, "usage: make_poster rgb | rgba | palette | grey16\n");
        return 2;
    }
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info)
        return 1;
    /* Without a setjmp of ours libpng aborts where it fails, which is all that is wanted here. */
    write_poster(png, info, type);
    png_destroy_write_struct(&png, &info);
    return fflush(stdout) == 0 ? 0 : 1;
}
