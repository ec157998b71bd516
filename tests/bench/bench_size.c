#include "bench_size.h"
#include "bench_base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

long bench_size_file(const char *path)
{
    struct stat info;
    if (stat(path, &info) < 0)
        bench_die("%s: %s", path, strerror(errno));
    return (long)info.st_size;
}

/* APPNOTE.TXT 6.3.10: sections 4.3.7 (local file header), 4.3.12 (central directory) and 4.3.16 (its end). */
long bench_size_zip(const char *path)
{
    const size_t headers = (30 + 9) + (46 + 9) + 22;
    size_t size = (size_t)bench_size_file(path);
    FILE *file = fopen(path, "rb");
    Bytef *content = malloc(size + 1);
    z_stream stream = {0};
    if (!file || !content || fread(content, 1, size, file) != size ||
        deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        bench_die("read %s: %s", path, strerror(errno));
    uLong bound = deflateBound(&stream, (uLong)size);
    Bytef *packed = malloc(bound);
    stream.next_in = content;
    stream.avail_in = (uInt)size;
    stream.next_out = packed;
    stream.avail_out = (uInt)bound;
    if (!packed || deflate(&stream, Z_FINISH) != Z_STREAM_END)
        bench_die("deflate %s", path);
    long total = (long)(headers + stream.total_out);
    deflateEnd(&stream);
    fclose(file);
    free(content);
    free(packed);
    return total;
}
