/*
 * check_picture.c - whether a thumbnail is the picture of its event, scaled.
 *
 *     check_picture EVENT ANSWER EXPECTED
 *
 * EVENT and ANSWER are JSON with a PNG in "body", in base64; EXPECTED says "WIDTH HEIGHT CHANNELS". Pixels
 * may differ by rounding, not more; the average is computed in double, by other means than the function's.
 */
#include <cjson/cJSON.h>
#include <png.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1

struct image {
    unsigned width, height;
    unsigned channels;     /* in the file, a palette expanded */
    unsigned char *pixels; /* RGBA */
};

static int fail(const char *what, const char *where)
{
    fprintf(stderr, "check_picture: %s: %s\n", where, what);
    exit(1);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 8 << 20);
    if (!file || !text || !fread(text, 1, (8 << 20) - 1, file))
        fail("cannot read it", path);
    fclose(file);
    return text;
}

static size_t decode_base64(const char *text, unsigned char *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned long bits = 0;
    size_t count = 0, size = 0;
    for (const char *letter; *text && *text != '=' && (letter = strchr(letters, *text)); text++) {
        bits = (bits << 6 | (unsigned long)(letter - letters)) & 0xFFFFFF;
        if (++count % 4 != 1)
            out[size++] = (unsigned char)(bits >> (8 - count % 4 * 2) % 8);
    }
    return size;
}

static void read_rows(png_structp png, png_infop info, struct image *image)
{
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    image->pixels = png_malloc(png, (size_t)image->width * image->height * 4);
    for (int pass = 0; pass < passes; pass++)
        for (unsigned y = 0; y < image->height; y++)
            png_read_row(png, image->pixels + (size_t)y * image->width * 4, NULL);
    png_read_end(png, NULL);
}

/* Without a setjmp of ours libpng says what is wrong and aborts. */
static struct image decode(void *data, size_t size, const char *path)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    FILE *file = size ? fmemopen(data, size, "rb") : NULL;
    if (!info || !file)
        fail("no picture", path);
    png_init_io(png, file);
    png_read_info(png, info);
    struct image image = {.width = png_get_image_width(png, info), .height = png_get_image_height(png, info)};
    png_byte type = png_get_color_type(png, info);
    bool alpha = type & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS);
    image.channels = (type & PNG_COLOR_MASK_COLOR ? 3 : 1) + alpha;
    read_rows(png, info, &image);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(file);
    return image;
}

static struct image read_picture(const char *path)
{
    char *text = read_file(path);
    cJSON *root = cJSON_Parse(text);
    const char *body = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "body"));
    if (!body || !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "isBase64Encoded")))
        fail("no body in base64", path);
    size_t size = decode_base64(body, (unsigned char *)text);
    struct image image = decode(text, size, path);
    cJSON_Delete(root);
    free(text);
    return image;
}

/* Adds what one old pixel contributes to the mean of the colours, premultiplied by alpha, and of alpha. */
static void add(double mean[4], const unsigned char *pixel, double share)
{
    for (int i = 0; i < 3; i++)
        mean[i] += share * pixel[i] * pixel[3] / 255;
    mean[3] += share * pixel[3];
}

static void expected_pixel(const struct image *from, double left, double top, double width, double height,
                           double mean[4])
{
    memset(mean, 0, 4 * sizeof(*mean));
    for (unsigned y = (unsigned)top; y < from->height && y < top + height - 1e-9; y++) {
        double tall = fmin(y + 1, top + height) - fmax(y, top);
        for (unsigned x = (unsigned)left; x < from->width && x < left + width - 1e-9; x++) {
            double wide = fmin(x + 1, left + width) - fmax(x, left);
            add(mean, from->pixels + 4 * ((size_t)y * from->width + x), wide * tall / (width * height));
        }
    }
    for (int i = 0; i < 3; i++)
        mean[i] = mean[3] > 0 ? mean[i] * 255 / mean[3] : 0;
}

static void compare(const struct image *from, const struct image *to, const char *path)
{
    double width = (double)from->width / to->width, height = (double)from->height / to->height;
    for (unsigned y = 0; y < to->height; y++)
        for (unsigned x = 0; x < to->width; x++) {
            const unsigned char *pixel = to->pixels + 4 * ((size_t)y * to->width + x);
            double mean[4];
            expected_pixel(from, x * width, y * height, width, height, mean);
            for (int i = 0; i < 4; i++)
                if (fabs(pixel[i] - mean[i]) > TOLERANCE) {
                    fprintf(stderr, "(%u, %u) channel %d is %u, expected %.2f\n", x, y, i, pixel[i], mean[i]);
                    fail("not the event's picture", path);
                }
        }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: check_picture EVENT ANSWER EXPECTED\n");
        return 2;
    }
    unsigned width, height, channels;
    char *text = read_file(argv[3]);
    if (sscanf(text, "%u %u %u", &width, &height, &channels) != 3)
        fail("expected WIDTH HEIGHT CHANNELS", argv[3]);
    free(text);
    struct image from = read_picture(argv[1]), to = read_picture(argv[2]);
    if (to.width != width || to.height != height || to.channels != channels) {
        fprintf(stderr, "is %u by %u with %u channels\n", to.width, to.height, to.channels);
        fail("not of the size and channels expected", argv[2]);
    }
    compare(&from, &to, argv[2]);
    free(from.pixels);
    free(to.pixels);
    return 0;
}
